//! The only place that prints. stdout gets the result, stderr everything else.

mod answer;
mod diagnosis;
mod explain;
mod ingresses;
mod json;
mod picture;
mod progress;
mod prompt;
mod residue;
mod text;
mod usage;
mod vip;

use std::io::{IsTerminal, Write};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use console::Term;

use crate::checks::{Category, Diagnosis};
use crate::cli::Format;
use crate::failure::Failure;
use crate::plan::observed::Account;
use crate::plan::policy::Policy;
use crate::plan::{Note, Plan};
use crate::report::{Report, Target};

pub use answer::Answer;
pub use progress::Step;
pub use prompt::is_open as question_is_open;

/// Where a command talks to its user.
#[derive(Debug)]
pub struct Console {
    format: Format,
    quiet: bool,
    /// Somebody sits at a terminal and can be asked.
    interactive: bool,
    progress: progress::Progress,
    /// What `--quiet` has kept back: nobody is asked about what they haven't seen.
    unseen: Mutex<String>,
}

impl Console {
    pub fn new(format: Format, quiet: bool) -> Self {
        let terminal = Term::stderr();
        let attended = terminal.is_term();
        Self {
            format,
            quiet,
            interactive: attended && std::io::stdin().is_terminal(),
            progress: progress::Progress::new(attended && !quiet, quiet),
            unseen: Mutex::default(),
        }
    }

    pub fn target(&self, target: &Target) {
        self.say(&text::target(target));
    }

    /// For a command that works on no cluster.
    pub fn account(&self, account: &Account) {
        self.say(&text::account(account));
    }

    /// The plan before it is applied. A dry run prints it as its result instead.
    pub fn plan(&self, plan: &Plan) {
        self.say(&text::plan(plan, text::Paint::stderr()));
    }

    /// What a plan without changes has to say.
    pub fn notes(&self, notes: &[Note]) {
        self.say(&text::notes(notes, text::Paint::stderr()));
    }

    /// Something that takes time starts.
    pub fn step(&self, what: impl Into<String>) -> Step {
        self.progress.step(what.into())
    }

    /// # Errors
    /// Refused without a terminal, or when the answer is no.
    pub async fn confirm(&self, question: &str, without_terminal: &str) -> Result<(), Failure> {
        self.show_unseen();
        prompt::confirm(self.interactive, question, without_terminal).await
    }

    /// A question whose answer may be no. Without a terminal it is refused, as [`Self::confirm`] is.
    ///
    /// # Errors
    /// Without a terminal, or interrupted.
    pub async fn ask(&self, question: &str, without_terminal: &str) -> Result<bool, Failure> {
        self.show_unseen();
        prompt::ask(self.interactive, question, without_terminal).await
    }

    /// Whether the user typed exactly `expected`.
    ///
    /// # Errors
    /// As [`Self::ask`].
    pub async fn typed(&self, question: &str, expected: &str, without_terminal: &str) -> Result<bool, Failure> {
        self.show_unseen();
        prompt::typed(self.interactive, question, expected, without_terminal).await
    }

    /// What a repair starts from.
    pub fn diagnosis(&self, diagnosis: &Diagnosis) {
        self.say(&(diagnosis::text(diagnosis, text::Paint::stderr()) + "\n"));
    }

    /// What a repair has done, before it is looked at again.
    pub fn repaired(&self, report: &Report) {
        self.say(&(text::report(report, text::Paint::stderr()) + "\n"));
    }

    /// The last word of a command.
    pub fn finish(&self, answer: &impl Answer) {
        let text = if self.format.is_json() { answer.json() } else { answer.text(text::Paint::stdout()) };
        if let Some(unwritten) = unwritten(put(&mut std::io::stdout().lock(), &text)) {
            failure(&unwritten.next("what was done stays done: `k8sport status` shows it"));
        }
        if let Some(error) = answer.error() {
            failure(error);
        }
    }

    fn say(&self, text: &str) {
        if !self.quiet {
            self.progress.suspend(|| to_stderr(text));
        } else if let Ok(mut unseen) = self.unseen.lock() {
            unseen.push_str(text);
        }
    }

    /// Where there is somebody to be asked.
    fn show_unseen(&self) {
        if let (true, Ok(mut unseen)) = (self.interactive, self.unseen.lock()) {
            to_stderr(&std::mem::take(&mut *unseen));
        }
    }
}

/// Panic reports that say what to do, without colours off a terminal and without an environment section.
///
/// # Errors
/// When something has installed such a hook before.
pub fn prepare() -> Result<(), Failure> {
    let mut hook = color_eyre::config::HookBuilder::default()
        .display_env_section(false)
        .panic_section("This is a mistake in k8sport. What was done is in your account and on your node, not lost: run the command again.");
    if !console::colors_enabled_stderr() {
        hook = hook.theme(color_eyre::config::Theme::new());
    }
    hook.install().map_err(|error| Failure::failed("the panic hook can't be installed").because(error))
}

/// Logs on stderr: -v for our own, -vv for the AWS SDK's and the SSH session's as well.
pub fn log(verbosity: u8) {
    if verbosity > 0 {
        log_by(filter(verbosity));
    }
}

/// The same for what runs for long, which tells of what happens to it without being asked.
pub fn log_of_server(verbosity: u8) {
    log_by(if verbosity == 0 { "k8sport=info" } else { filter(verbosity) });
}

fn filter(verbosity: u8) -> &'static str {
    match verbosity {
        1 => "k8sport=debug",
        _ => "k8sport=trace,aws_smithy_runtime=debug,aws_config=debug,openssh=debug",
    }
}

fn log_by(filter: &str) {
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(console::colors_enabled_stderr())
        // It would say so on the same stream, and panic when nobody reads that any more (`2>&1 | head`).
        .log_internal_errors(false)
        .try_init();
}

/// For text that is a result by itself, such as a completion script.
pub fn stdout(text: &str) {
    if let Some(unwritten) = unwritten(put(&mut std::io::stdout().lock(), text)) {
        failure(&unwritten);
    }
}

/// Help and version go to stdout, what is wrong with the command line to stderr.
pub fn of_the_command_line(answer: &clap::Error) -> ExitCode {
    let written = answer.print().and_then(|()| std::io::stdout().flush());
    match unwritten(written).filter(|_| !answer.use_stderr()) {
        Some(unwritten) => {
            failure(&unwritten);
            ExitCode::FAILURE
        }
        None => u8::try_from(answer.exit_code()).map_or(ExitCode::FAILURE, ExitCode::from),
    }
}

fn unwritten(written: std::io::Result<()>) -> Option<Failure> {
    // A reader that went away (`| head`) has what it wants.
    let error = written.err().filter(|error| error.kind() != std::io::ErrorKind::BrokenPipe)?;
    UNWRITTEN.store(true, Ordering::Relaxed);
    Some(Failure::failed("the result can't be written to standard output").because(error))
}

/// A policy as IAM takes it.
pub fn policy(policy: &Policy) {
    // Strings and maps with string keys always serialize.
    stdout(&serde_json::to_string_pretty(policy).map(|text| text + "\n").unwrap_or_default());
}

/// Actions, each with when it is needed.
pub fn actions(actions: &[(&str, String)]) {
    let width = actions.iter().map(|(action, _)| action.len()).max().unwrap_or_default();
    stdout(&actions.iter().map(|(action, when)| format!("{action:<width$}  {when}\n")).collect::<String>());
}

/// What a check is about, or the list of all.
///
/// # Errors
/// A usage failure when there is no such check.
pub fn explain<J>(categories: &'static [Category<J>], command: &str, id: Option<&str>) -> Result<(), Failure> {
    explain::explain(categories, command, id, text::Paint::stdout()).map(|text| stdout(&text))
}

/// An error before a [`Console`] could be made.
pub fn failure(error: &Failure) {
    to_stderr(&text::failure(error, text::Paint::stderr()));
}

/// A result that was not written. No exit code may say then that all went well.
static UNWRITTEN: AtomicBool = AtomicBool::new(false);

pub fn is_unwritten() -> bool {
    UNWRITTEN.load(Ordering::Relaxed)
}

/// Where nobody can read it, nobody can be told so either.
fn to_stderr(text: &str) {
    let _ = put(&mut std::io::stderr().lock(), text);
}

fn put(stream: &mut impl Write, text: &str) -> std::io::Result<()> {
    stream.write_all(text.as_bytes()).and_then(|()| stream.flush())
}

//! Programs of the operator's machine that we run. Arguments go over as they are, without a shell; standard input is text
//! of ours or closed, so nothing can ask; what they say is kept for the failure; every run has a deadline.

use std::io::ErrorKind;
use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, Command};

use crate::failure::{Failure, Result};

/// Lines of standard error that a failure quotes: the last ones say why.
const QUOTED: usize = 6;

/// One run of a program. Dropped before its end (a deadline, Ctrl-C), the program is killed.
#[derive(Debug, Clone)]
pub struct Subprocess {
    program: &'static str,
    arguments: Vec<String>,
    environment: Vec<(&'static str, String)>,
    input: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finished {
    /// None when a signal ended it.
    pub code: Option<i32>,
    pub output: String,
    pub errors: String,
}

impl Subprocess {
    pub fn new<T: Into<String>>(program: &'static str, arguments: impl IntoIterator<Item = T>) -> Self {
        Self { program, arguments: arguments.into_iter().map(Into::into).collect(), environment: Vec::new(), input: None }
    }

    /// On top of our own environment.
    pub fn environment(mut self, variables: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        self.environment.extend(variables);
        self
    }

    pub fn input(mut self, text: impl Into<String>) -> Self {
        self.input = Some(text.into());
        self
    }

    /// Whether the program is on the PATH, without running it.
    pub fn is_installed(program: &str) -> bool {
        std::env::var_os("PATH").is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(program).is_file()))
    }

    /// As one would type it.
    pub fn shown(&self) -> String {
        std::iter::once(self.program.to_owned()).chain(self.arguments.iter().cloned()).collect::<Vec<_>>().join(" ")
    }

    /// Runs it to its end, whatever its exit code.
    ///
    /// # Errors
    /// It isn't there, can't be started or doesn't end within `deadline`.
    pub async fn run(&self, deadline: Duration, on_line: impl FnMut(&str)) -> Result<Finished> {
        let since = Instant::now();
        tracing::debug!("{}", self.shown());
        let child = self.start()?;
        let ended = tokio::time::timeout(deadline, self.exchange(child, on_line)).await;
        let failed = || Failure::failed(format!("`{}` did not end as it should", self.shown()));
        match ended {
            Ok(Ok(finished)) => Ok(finished),
            Ok(Err(error)) => Err(failed().because(error).after(since.elapsed())),
            Err(_) => Err(Failure::failed(format!("`{}` did not end in time and was stopped", self.shown())).after(since.elapsed())),
        }
    }

    /// Runs it and wants exit code 0.
    ///
    /// # Errors
    /// As [`Self::run`]; and any other exit code, with the last lines of what it said.
    pub async fn succeed(&self, deadline: Duration, on_line: impl FnMut(&str)) -> Result<Finished> {
        let finished = self.run(deadline, on_line).await?;
        if finished.code == Some(0) { Ok(finished) } else { Err(self.failure(&finished)) }
    }

    pub fn failure(&self, finished: &Finished) -> Failure {
        let code = finished.code.map_or_else(|| "a signal".to_owned(), |code| format!("exit code {code}"));
        let said = finished.said();
        let cause = if said.is_empty() { "it said nothing on standard error" } else { &said };
        Failure::failed(format!("`{}` ended with {code}", self.shown())).because(cause)
    }

    fn start(&self) -> Result<Child> {
        let mut command = Command::new(self.program);
        command.args(&self.arguments).envs(self.environment.iter().map(|(name, value)| (name, value)));
        command.stdin(if self.input.is_some() { Stdio::piped() } else { Stdio::null() });
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        command.spawn().map_err(|error| match error.kind() {
            ErrorKind::NotFound => Failure::failed(format!("{} is not installed, or not on the PATH", self.program)),
            _ => Failure::failed(format!("{} can't be started", self.program)).because(error),
        })
    }

    async fn exchange(&self, mut child: Child, mut on_line: impl FnMut(&str)) -> std::io::Result<Finished> {
        let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let write = async {
            if let (Some(mut stdin), Some(text)) = (stdin, &self.input) {
                // A program that ends without reading says why in its own words.
                let _ = stdin.write_all(text.as_bytes()).await;
            }
        };
        let output = async {
            let mut bytes = Vec::new();
            if let Some(mut stdout) = stdout {
                stdout.read_to_end(&mut bytes).await?;
            }
            Ok::<_, std::io::Error>(String::from_utf8_lossy(&bytes).into_owned())
        };
        let errors = async {
            let mut errors = String::new();
            if let Some(stderr) = stderr {
                let mut lines = BufReader::new(stderr).split(b'\n');
                while let Some(line) = lines.next_segment().await? {
                    let line = String::from_utf8_lossy(&line);
                    on_line(line.trim_end());
                    errors.push_str(&line);
                    errors.push('\n');
                }
            }
            Ok::<_, std::io::Error>(errors)
        };
        let ((), output, errors) = tokio::join!(write, output, errors);
        let status: ExitStatus = child.wait().await?;
        Ok(Finished { code: status.code(), output: output?, errors: errors? })
    }
}

impl Finished {
    /// The last lines of standard error.
    pub fn said(&self) -> String {
        let lines: Vec<_> = self.errors.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect();
        lines[lines.len().saturating_sub(QUOTED)..].join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(program: &'static str, arguments: &[&str], deadline: Duration) -> Result<Finished> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("runtime");
        runtime.block_on(Subprocess::new(program, arguments.iter().copied()).input("in").succeed(deadline, |_| ()))
    }

    const LONG: Duration = Duration::from_secs(60);

    #[test]
    fn input_goes_in_and_output_comes_out() {
        assert_eq!(run("cat", &[], LONG).expect("ended").output, "in");
    }

    #[test]
    fn a_failure_tells_the_command_the_code_and_the_last_lines() {
        let failure = run("sh", &["-c", "seq 20 >&2; exit 3"], LONG).expect_err("exit code 3");
        assert!(failure.what.contains("`sh -c seq 20 >&2; exit 3` ended with exit code 3"), "{failure}");
        assert_eq!(failure.cause.as_deref(), Some("15\n16\n17\n18\n19\n20"));
    }

    #[test]
    fn a_missing_program_is_no_riddle() {
        let failure = run("k8sport-no-such-program", &[], LONG).expect_err("not there");
        assert!(failure.what.contains("is not installed"), "{failure}");
    }

    #[test]
    fn what_does_not_end_is_stopped_and_gone() {
        let since = Instant::now();
        let failure = run("sleep", &["61.25"], Duration::from_millis(300)).expect_err("too long");
        assert!(failure.what.contains("did not end in time and was stopped"), "{failure}");
        assert!(since.elapsed() < Duration::from_secs(30), "{:?}", since.elapsed());
    }
}

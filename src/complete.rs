//! Completion that asks: the scripts for bash, zsh and fish make the shell ask k8sport itself.
//! So it also knows names: of clusters, contexts, namespaces, Ingresses, applications, checks and topics. What can't be read is not
//! offered; nothing is said about it.

mod names;

use clap::{Arg, Command};
use clap_complete::engine::ArgValueCandidates;
use clap_complete::env::{Bash, EnvCompleter, Fish, Zsh};
use clap_complete::{CompleteEnv, Shell};
use rustix::stdio::{dup2_stderr, dup2_stdin};

use crate::cli;

/// Of our own name: others use COMPLETE, too.
const VARIABLE: &str = "_K8SPORT_COMPLETE";
const NAME: &str = "k8sport";

/// zsh loads a file of its `fpath` at the first use, which has to be answered, too.
const FIRST_USE: &str = "
if [[ $funcstack[1] == _k8sport ]]; then
    _clap_dynamic_completer_k8sport \"$@\"
fi
";

/// Answers a shell that asks, and ends the process then.
pub fn answer() {
    if std::env::var_os(VARIABLE).is_some_and(|shell| !shell.is_empty()) && std::env::args_os().len() > 1 {
        leave_the_terminal_alone();
    }
    CompleteEnv::with_factory(|| with_names(cli::command(), "")).var(VARIABLE).complete();
}

/// A plugin of the kubeconfig that is asked for a login may neither write into the line nor read from it.
fn leave_the_terminal_alone() {
    if let Ok(nothing) = std::fs::File::options().read(true).write(true).open("/dev/null") {
        let _ = dup2_stdin(&nothing);
        let _ = dup2_stderr(&nothing);
    }
}

/// What a shell reads once. Those that can't ask, or can't ask without evaluating the line, get all commands and options.
///
/// # Errors
/// Never for a buffer in memory.
pub fn script(shell: Shell) -> std::io::Result<Vec<u8>> {
    let mut text = Vec::new();
    let asking: &dyn EnvCompleter = match shell {
        Shell::Bash => &Bash,
        Shell::Zsh => &Zsh,
        Shell::Fish => &Fish,
        _ => {
            clap_complete::generate(shell, &mut cli::command(), NAME, &mut text);
            return Ok(text);
        }
    };
    asking.write_registration(VARIABLE, NAME, NAME, NAME, &mut text)?;
    if shell == Shell::Zsh {
        text.extend(FIRST_USE.as_bytes());
    }
    Ok(text)
}

fn with_names(command: Command, above: &str) -> Command {
    let path = format!("{above} {}", command.get_name());
    command.mut_args(|argument| with_name(&path, argument)).mut_subcommands(|below| with_names(below, &path))
}

fn with_name(command: &str, argument: Arg) -> Arg {
    let candidates = match (command, argument.get_id().as_str()) {
        // Hosted clusters have no context here.
        (_, "cluster") if !command.starts_with(" k8sport k0smotron") => names::clusters,
        (_, "context") => names::contexts,
        (_, "namespace") => names::namespaces,
        (" k8sport toggle-https-redirect", "names") => names::ingresses,
        (" k8sport configure-apps", "names") | (" k8sport deploy-app", "name") => names::applications,
        (" k8sport diagnose", "explain") => names::checks,
        (" k8sport k0smotron diagnose", "explain") => names::checks_of_workers,
        (" k8sport vip diagnose", "explain") => names::checks_of_a_vip,
        (" k8sport help", "about") => names::topics_and_commands,
        _ => return argument,
    };
    argument.add(ArgValueCandidates::new(candidates))
}

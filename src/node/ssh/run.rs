//! Runs a script as root over a connection: over standard input, under a deadline here and on the node.

use std::time::Duration;

use openssh::Stdio;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};

use super::Connection;
use crate::failure::{Failure, Result};

/// Seconds that the answer may take longer than the node's own deadline.
pub const TRANSFER: u64 = 15;

/// Bytes of output that a node may print. The largest real ones, whole files of a node, stay far below.
pub(super) const LIMIT: u64 = 8 << 20;

/// How a script ended. Its exit code is one of our own: never 127 or 255, which `ssh` gives meanings of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finished {
    pub code: i32,
    /// All of standard output.
    pub output: String,
    pub errors: String,
}

impl Finished {
    /// What it has read. If that can't be understood the reason stands among the errors: an account that may not do anything, a shell
    /// that isn't there.
    pub fn read<T>(&self, parse: impl FnOnce(&str) -> Result<T>) -> Result<T> {
        let said = self.errors.trim();
        parse(&self.output).map_err(|failure| if said.is_empty() { failure } else { failure.because(said) })
    }
}

/// `timeout` ends what it started, and its own exit code for that is 124.
const TIMED_OUT: i32 = 124;

fn too_much() -> openssh::Error {
    openssh::Error::ChildIo(std::io::Error::other(format!("it printed more than {} MiB", LIMIT >> 20)))
}

pub(super) fn as_root(command: &str) -> String {
    format!(
        "if [ \"$(id -u)\" = 0 ]; then exec {command}; fi; \
         command -v sudo >/dev/null || {{ echo 'sudo: not found' >&2; exit 3; }}; \
         exec sudo -n {command}"
    )
}

impl Connection {
    /// Runs `script` and hands over each line of its standard output as it comes.
    pub async fn run(&self, script: &str, deadline: Duration, on_line: impl FnMut(&str)) -> Result<Finished> {
        let all = deadline + Duration::from_secs(TRANSFER);
        let finished = tokio::time::timeout(all, self.exchange(script, deadline, on_line)).await;
        let finished = finished.map_err(|_| self.failed().because("no answer").after(all))?.map_err(|error| {
            self.failed()
                .because(std::error::Error::source(&error).map_or_else(|| error.to_string(), |source| format!("{error}: {source}")))
                .next("run the command again: it goes on where this one ended")
        })?;
        self.check_sudo(&finished)?;
        if finished.code == TIMED_OUT {
            return Err(self.failed().because("the script was ended there").after(deadline));
        }
        Ok(finished)
    }

    async fn exchange(&self, script: &str, deadline: Duration, mut on_line: impl FnMut(&str)) -> Result<Finished, openssh::Error> {
        let seconds = deadline.as_secs();
        let command = as_root(&format!("timeout -k 5 {seconds} sh -s"));
        let mut child =
            self.session.raw_command(command).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().await?;
        let (stdin, stdout, stderr) = (child.stdin().take(), child.stdout().take(), child.stderr().take());
        let write = async {
            if let Some(mut stdin) = stdin {
                // A node that refuses sudo closes its end early; its own words say why.
                let _ = stdin.write_all(script.as_bytes()).await;
                let _ = stdin.shutdown().await;
            }
            Ok(())
        };
        let read = async {
            let mut output = String::new();
            if let Some(stdout) = stdout {
                // The limit is one for all lines, so that a line without an end is within it, too.
                let mut lines = BufReader::new(stdout.take(LIMIT + 1)).split(b'\n');
                let mut bytes = 0;
                while let Some(line) = lines.next_segment().await.map_err(openssh::Error::ChildIo)? {
                    bytes += line.len() as u64 + 1;
                    if bytes > LIMIT {
                        return Err(too_much());
                    }
                    let line = String::from_utf8_lossy(&line);
                    on_line(&line);
                    output.push_str(&line);
                    output.push('\n');
                }
            }
            Ok::<_, openssh::Error>(output)
        };
        let read_errors = async {
            let mut bytes = Vec::new();
            if let Some(stderr) = stderr {
                let _ = stderr.take(LIMIT + 1).read_to_end(&mut bytes).await;
            }
            if bytes.len() as u64 > LIMIT { Err(too_much()) } else { Ok(String::from_utf8_lossy(&bytes).into_owned()) }
        };
        let ((), output, errors) = tokio::try_join!(write, read, read_errors)?;
        let status = child.wait().await?;
        Ok(Finished { code: status.code().unwrap_or(-1), output, errors })
    }

    pub(super) fn failed(&self) -> Failure {
        Failure::failed(format!("a script on {} did not end", self.target.host))
    }

    pub fn check_sudo(&self, finished: &Finished) -> Result<()> {
        let said = finished.errors.lines().find(|line| {
            [
                "sudo: a password is required",
                "sudo: a terminal is required",
                "sudo: not found",
                "is not in the sudoers",
                "is not allowed to execute",
            ]
            .iter()
            .any(|text| line.contains(text))
        });
        match said {
            Some(said) if finished.code != 0 => {
                let user = self.target.user.as_ref().map_or("the login user", |user| user.as_str());
                Err(Failure::failed(format!("{user} may not become root on {}", self.target.host))
                    .because(said.trim())
                    .state("nothing was changed on the node")
                    .next(format!(
                        "allow it on the node: echo '{} ALL=(ALL) NOPASSWD:ALL' | sudo tee /etc/sudoers.d/k8sport",
                        self.target.user.as_ref().map_or("NAME", |user| user.as_str())
                    ))
                    .next("or name another login user with `--ssh-user`"))
            }
            _ => Ok(()),
        }
    }
}

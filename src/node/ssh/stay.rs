//! Runs a script as root that stays until its standard input ends, which it does with us.

use std::sync::Arc;
use std::time::Duration;

use openssh::{Child, ChildStdin, ChildStdout, Session, Stdio};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader, Split, Take};

use super::Connection;
use super::run::{Finished, LIMIT, as_root};
use crate::failure::Result;

/// How long a script may take to notice that its input has ended.
const NOTICE: Duration = Duration::from_secs(2);

/// Dropping it ends the script. What it says beyond the limit of any output counts as its end.
pub struct Staying {
    child: Child<Arc<Session>>,
    /// Open as long as the script shall stay.
    stdin: Option<ChildStdin>,
    lines: Option<Split<BufReader<Take<ChildStdout>>>>,
}

impl Connection {
    /// The script must have been read to its end before it reads its input for the first time.
    pub async fn stay(&self, script: &str) -> Result<Staying> {
        let failed = |error: openssh::Error| self.failed().because(error);
        let mut command = Arc::clone(&self.session).arc_raw_command(as_root("sh -s"));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().await.map_err(failed)?;
        let mut stdin = child.stdin().take();
        if let Some(stdin) = &mut stdin {
            // A node that refuses sudo closes its end early; its own words say why.
            let _ = stdin.write_all(script.as_bytes()).await;
        }
        let lines = child.stdout().take().map(|stdout| BufReader::new(stdout.take(LIMIT)).split(b'\n'));
        Ok(Staying { child, stdin, lines })
    }
}

impl Staying {
    /// What the script says next; None once it is over.
    pub async fn next_line(&mut self) -> Option<String> {
        let line = self.lines.as_mut()?.next_segment().await.ok().flatten()?;
        Some(String::from_utf8_lossy(&line).into_owned())
    }

    /// Why it is over, after it has ended by itself.
    pub async fn explained(mut self) -> Finished {
        let mut errors = String::new();
        if let Some(stderr) = self.child.stderr().take() {
            let _ = tokio::time::timeout(NOTICE, stderr.take(4096).read_to_string(&mut errors)).await;
        }
        let status = tokio::time::timeout(NOTICE, self.child.wait()).await;
        let code = status.ok().and_then(std::result::Result::ok).and_then(|status| status.code());
        Finished { code: code.unwrap_or(-1), output: String::new(), errors }
    }

    /// Ends it and waits until it is over.
    pub async fn end(mut self) {
        drop(self.stdin.take());
        let over = async { while self.next_line().await.is_some() {} };
        // Nothing depends on it: it ends in any case.
        let _ = tokio::time::timeout(NOTICE, over).await;
    }
}

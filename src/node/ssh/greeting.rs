//! Whether new connections reach `sshd`: it greets whoever connects (RFC 4253 §4.2), two round trips after they began. A login needs
//! about eleven.

use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::process::Command;

use super::Target;

/// Bytes that a server may say before the line that counts, and with it.
const LIMIT: u64 = 16 << 10;

/// False also where `ssh` takes another way than straight to the node, and only a login can tell.
pub async fn is_given(target: &Target, deadline: Duration) -> bool {
    let greeted = async {
        let (host, port) = destination(&configuration(target).await?)?;
        let connected = TcpStream::connect((host, port)).await.ok()?;
        let mut lines = BufReader::new(connected.take(LIMIT)).split(b'\n');
        while let Some(line) = lines.next_segment().await.ok()? {
            if line.starts_with(b"SSH-") {
                return Some(());
            }
        }
        None
    };
    matches!(tokio::time::timeout(deadline, greeted).await, Ok(Some(())))
}

/// What `ssh` would do, with the user's own configuration.
async fn configuration(target: &Target) -> Option<String> {
    let mut ssh = Command::new("ssh");
    ssh.arg("-G").stdin(Stdio::null()).kill_on_drop(true);
    if let Some(port) = target.port {
        ssh.args(["-p", &port.to_string()]);
    }
    if let Some(user) = &target.user {
        ssh.args(["-l", user.as_str()]);
    }
    let output = ssh.args(["--", target.host.as_str()]).output().await.ok()?;
    String::from_utf8(output.stdout).ok()
}

/// Host and port, if `ssh` connects to them from here and by itself.
fn destination(configuration: &str) -> Option<(String, u16)> {
    let value =
        |key: &str| configuration.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(' ')).filter(|value| *value != "none");
    let elsewhere = ["proxyjump", "proxycommand", "bindaddress", "bindinterface"].iter().any(|key| value(key).is_some());
    if elsewhere { None } else { Some((value("hostname")?.to_owned(), value("port")?.parse().ok()?)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_straight_way_has_a_destination() {
        let plain = "user ubuntu\nhostname 192.0.2.1\nport 2222\nproxyusefdpass no\nproxyjump none\n";
        assert_eq!(destination(plain), Some(("192.0.2.1".to_owned(), 2222)));
        for other in ["proxyjump bastion", "proxycommand nc %h %p", "bindaddress 10.0.0.1", "bindinterface wg0"] {
            assert_eq!(destination(&format!("hostname 192.0.2.1\nport 22\n{other}\n")), None, "{other}");
        }
        assert_eq!(destination(""), None);
    }
}

//! What `ssh` says when it can't connect, in the operator's words.

use std::path::Path;
use std::time::Duration;

use super::Target;
use crate::failure::Failure;

/// A failed connection. `said` is what `ssh` wrote; `pinned` the file with the keys that we believe.
pub fn explain(said: &str, target: &Target, pinned: Option<&Path>, waited: Duration) -> Failure {
    let host = &target.host;
    let has = |text: &str| said.contains(text);
    let what = format!("no SSH connection to {target}");
    let failed = Failure::failed(what.clone()).state("nothing was changed on the node");
    let cause = last_line(said);
    // The folder of the control socket, which the crate makes.
    if has("/.ssh-connection") {
        return Failure::failed("there is no place for the socket of `ssh` on this machine")
            .because(cause)
            .state("nothing was sent to the node")
            .next("let TMPDIR name a folder that can be written and whose path is short: a socket's may have some 100 characters");
    }
    // The check is strict and something is pinned, so a key that doesn't fit is another key, of whatever type.
    if has("REMOTE HOST IDENTIFICATION HAS CHANGED") || has("Host key verification failed") || has("host key is known for") {
        let (Some(pinned), Some(instance)) = (pinned, &target.instance) else {
            return Failure::refused(format!("the SSH host key of {host} is not the one in known_hosts, or there is none"))
                .because(cause)
                .state("nothing was sent to it")
                .next(format!("log in once by hand, and compare the fingerprint that it shows: ssh {}", target.login()))
                .next("or trust what the first connection shows, with `--accept-new-host-key`; a changed key is refused even then");
        };
        return Failure::refused(format!("{host} shows another SSH host key than the one known for {instance}"))
            .because(format!("the known keys are in {}", pinned.display()))
            .state("nothing was sent to it")
            .next(console(target))
            .next("if the new key is right, give it with `--host-key-fingerprint SHA256:…`; it replaces the old one");
    }
    if has("stdio forwarding failed") || has("UNKNOWN port 65535") {
        return failed
            .because(said.trim())
            .next("the jump host or proxy of your ssh configuration failed: try `ssh` by hand with the same address");
    }
    if has("Permission denied (") || has("Too many authentication failures") {
        let with =
            target.key.as_ref().map_or_else(|| "the agent's and ssh's default keys".to_owned(), |key| format!("the key {}", key.display()));
        return failed
            .because(format!("{} was refused with {with}: {cause}", target.user.as_ref().map_or("the user", |user| user.as_str())))
            .next("name the key of the login user, with `--ssh-key`; kOps: the one that the cluster was created with")
            .next("name the image's login user with `--ssh-user`: ubuntu, admin (Debian), ec2-user or rocky");
    }
    if has("Connection refused") {
        return failed
            .unreachable()
            .because("connection refused: the instance answers, but no SSH server listens")
            .next("if it has just been started, wait a minute and try again");
    }
    if has("timed out") || has("No route to host") || has("Network is unreachable") {
        return failed.unreachable().because(cause).after(waited).next(reachable(target));
    }
    if has("Could not resolve hostname") && target.instance.is_none() {
        return failed.because(cause).next("check the name; an alias has to be in your ssh configuration");
    }
    if has("Could not resolve hostname") {
        return failed.because(cause).next("a jump host or proxy in your ssh configuration has a name that doesn't resolve");
    }
    failed.because(if cause.is_empty() { "ssh said nothing" } else { cause }).next(format!(
        "try by hand: ssh {}{}",
        target.port.map(|port| format!("-p {port} ")).unwrap_or_default(),
        target.login()
    ))
}

/// No answer within our own deadline, which is longer than that of `ssh`.
pub fn silent(target: &Target, waited: Duration) -> Failure {
    Failure::failed(format!("no SSH connection to {target}"))
        .unreachable()
        .because("no answer")
        .after(waited)
        .state("nothing was changed on the node")
        .next(reachable(target))
}

/// What to look at where nobody answers.
pub fn reachable(target: &Target) -> String {
    let port = target.port.map_or_else(|| "its SSH port".to_owned(), |port| format!("port {port}"));
    match target.instance {
        Some(_) => format!("check that the instance runs and that its security group lets your address in on {port}"),
        None => format!("check that it runs, and that a firewall lets your address in on {port}"),
    }
}

/// Where the right key can be seen.
pub fn console(target: &Target) -> String {
    let instance = target.instance.as_ref().map_or("…", |instance| instance.as_str());
    format!(
        "compare with the keys in the instance's console, which it prints when it first boots: \
         `aws ec2 get-console-output --latest --output text --instance-id {instance}`"
    )
}

/// The line that says it; the ones before are banners.
fn last_line(said: &str) -> &str {
    said.lines().map(str::trim).rfind(|line| !line.is_empty()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::HostKeyTrust;
    use super::*;
    use crate::failure::Kind;

    #[test]
    fn every_known_text_has_a_cause_and_a_next_step() {
        let target = Target {
            host: "192.0.2.1".parse().expect("address"),
            port: Some(2222),
            user: Some("ubuntu".parse().expect("user")),
            key: Some("/home/me/.ssh/kops-key".into()),
            instance: Some("i-0123456789abcdef0".parse().expect("id")),
            trust: HostKeyTrust::Console,
        };
        let cases = [
            ("connect to host 192.0.2.1 port 2222: Connection timed out", Kind::Failed, "lets your address in on port 2222"),
            ("Connection timed out during banner exchange", Kind::Failed, "security group"),
            ("connect to host 192.0.2.1 port 2222: Connection refused", Kind::Failed, "wait a minute"),
            (
                "@@@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @@@\nHost key verification failed.",
                Kind::Refused,
                "--instance-id i-0123456789abcdef0",
            ),
            (
                "No ED25519 host key is known for 192.0.2.1 and you have requested strict checking.\nHost key verification failed.",
                Kind::Refused,
                "replaces the old one",
            ),
            ("ubuntu@192.0.2.1: Permission denied (publickey).", Kind::Failed, "--ssh-key"),
            (
                "kex_exchange_identification: Connection closed by remote host\nConnection closed by UNKNOWN port 65535",
                Kind::Failed,
                "jump host",
            ),
            ("something new", Kind::Failed, "try by hand"),
            ("", Kind::Failed, "try by hand"),
        ];
        for (said, kind, step) in cases {
            let failure = explain(said, &target, Some(Path::new("/state/i-0")), Duration::from_secs(10));
            assert_eq!(failure.kind, kind, "{said}");
            assert_eq!(failure.unreachable, said.contains("timed out") || said.contains("refused"), "{said}");
            assert!(failure.cause.is_some() && failure.next.iter().any(|next| next.contains(step)), "{said}: {failure:?}");
        }
    }
}

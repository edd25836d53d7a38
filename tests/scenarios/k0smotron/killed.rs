//! A run that ends in the middle leaves whole files, and the next one finishes.

use std::time::{Duration, Instant};

use super::{FOLDER, PRIMARY_PUBLIC, access, certificate, files, login, prepare, serves_the_new_one};
use crate::support::Lab;

/// Before the new file takes the place of the old one: `dies` kills the script, `waits` gives time to kill who started it.
fn at_the_rename(lab: &Lab, does: &str) {
    lab.node(&format!(
        "cat >/usr/local/sbin/mv <<'END'
#!/bin/sh
case \"$*\" in *server.pem) if [ -e /run/once ]; then rm /run/once; {does}; fi ;; esac
exec /bin/mv \"$@\"
END
chmod 755 /usr/local/sbin/mv; touch /run/once"
    ));
}

pub fn the_next_run_finishes(lab: &Lab) {
    prepare(lab, &["--yes"]).expect(0);
    let old = files(lab);

    // The script on the worker dies.
    certificate(lab, "good");
    at_the_rename(lab, "kill -9 $(ps -o ppid= -p $PPID) $PPID; exit 1");
    prepare(lab, &["--yes"]).expect(1);
    let left = files(lab);
    assert!(old.lines().filter(|line| line.contains("server.pem")).all(|line| left.contains(line)), "{old}\n{left}");
    assert!(access(lab).lines().any(|line| line.starts_with("server.pem.new.") && line.ends_with(" 0400 99:99")), "{left}");
    prepare(lab, &["--yes"]).expect(0);
    assert!(serves_the_new_one(lab));
    assert_eq!(lab.node(&format!("ls {FOLDER}")), "ca.crt\nserver.pem\n");

    // k8sport itself dies. What it had begun on the worker ends by itself.
    certificate(lab, "good");
    at_the_rename(lab, "touch /run/reached; sleep 2");
    let environment = login(lab);
    let binary = env!("CARGO_BIN_EXE_k8sport");
    let named = ["k0smotron", "prepare-workers", "--cluster", "my-cluster", "-n", "team", "--worker", PRIMARY_PUBLIC, "--yes"];
    let command: Vec<&str> = ["env"].into_iter().chain(environment.iter().map(String::as_str)).chain([binary]).chain(named).collect();
    let mut run = lab.start(&command);
    let since = Instant::now();
    while lab.node("ls /run/reached 2>/dev/null || true").is_empty() {
        assert!(since.elapsed() < Duration::from_secs(60), "it never came so far");
        std::thread::sleep(Duration::from_millis(100));
    }
    run.kill().expect("killed");
    run.wait().expect("gone");
    assert!(!serves_the_new_one(lab));
    prepare(lab, &["--yes"]).expect(0);
    assert!(serves_the_new_one(lab));
    assert_eq!(lab.node(&format!("ls {FOLDER}")), "ca.crt\nserver.pem\n");
}

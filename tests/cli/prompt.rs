//! A question that nobody answers. The command asks neither AWS nor a cluster, so it needs no lab.

use std::process::Command;

use rexpect::session::{PtySession, spawn_command};

const QUESTION: &str = "Write these files?";

/// In a shell, which afterwards shows exit code, terminal and folder.
fn asked(folder: &std::path::Path, options: &str) -> PtySession {
    asked_after(folder, options).0
}

/// And what was said before the question.
fn asked_after(folder: &std::path::Path, options: &str) -> (PtySession, String) {
    let mut shell = Command::new("sh");
    shell.env_clear().env("HOME", folder).env("PATH", std::env::var_os("PATH").expect("a PATH")).env("TERM", "xterm").current_dir(folder);
    shell.env("K8SPORT", env!("CARGO_BIN_EXE_k8sport"));
    let ask = format!("$K8SPORT configure-apps shop --image shop:v1 --host shop.example.com {options} & echo $! >pid; fg");
    shell.args(["-mc", &format!("{ask}; echo code $?; stty -a; echo files: * .")]);
    let mut terminal = spawn_command(shell, Some(20_000)).expect("a terminal");
    let before = terminal.exp_string(QUESTION).expect("the question");
    (terminal, before)
}

fn assert_ends(mut terminal: PtySession, says: &str, code: i32) {
    let said = terminal.exp_string("files: pid .").expect("the end, and no file written");
    for expected in [says, "nothing was changed", &format!("code {code}"), " icanon"] {
        assert!(said.contains(expected), "{expected:?} is missing: {said}");
    }
}

#[test]
fn it_has_a_limit_after_which_nothing_is_changed_and_the_terminal_is_as_it_was() {
    let folder = tempfile::tempdir().expect("a folder");
    assert_ends(asked(folder.path(), "--timeout 1s"), "the question was not answered within the command's limit", 4);
}

#[test]
fn a_signal_ends_it_and_the_terminal_is_as_it_was() {
    for signal in ["TERM", "INT"] {
        let folder = tempfile::tempdir().expect("a folder");
        let terminal = asked(folder.path(), "");
        let pid = std::fs::read_to_string(folder.path().join("pid")).expect("its id");
        assert!(Command::new("kill").args(["-s", signal, pid.trim()]).status().expect("kill").success());
        assert_ends(terminal, "was stopped by", 130);
    }
}

#[test]
fn ctrl_c_ends_it_and_an_answer_counts() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut terminal = asked(folder.path(), "");
    terminal.send("\x03").expect("Ctrl-C");
    terminal.flush().expect("Ctrl-C");
    assert_ends(terminal, "was stopped by Ctrl-C", 130);
    let mut terminal = asked(folder.path(), "");
    terminal.send("y").expect("an answer");
    terminal.flush().expect("an answer");
    terminal.exp_string("files: k8s pid .").expect("the files");
}

#[test]
fn nobody_is_asked_about_a_plan_that_quiet_has_kept_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let (terminal, before) = asked_after(folder.path(), "--quiet --timeout 1s");
    assert!(before.contains("k8s/shop/deployment.yaml"), "{before}");
    assert_ends(terminal, "not confirmed", 4);
}

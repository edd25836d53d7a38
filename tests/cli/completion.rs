//! The completion scripts, by the shells that they are for.

use std::path::Path;
use std::process::Command;

use super::text;

/// A home with a kubeconfig of two clusters. Who is asked for a login is loud and has no answer.
fn home() -> tempfile::TempDir {
    let home = tempfile::tempdir().expect("a folder");
    let plugin = r#"{exec: {apiVersion: client.authentication.k8s.io/v1, command: sh, args: [-c, "echo noise >&2; read line"]}}"#;
    let context = |name: &str| format!("{{name: \"{name}\", context: {{cluster: one, user: plugin}}}}");
    let contexts = ["c02.example.com", "arn:aws:eks:eu-central-1:1:cluster/c.d", "minikube"].map(context).join(", ");
    let kubeconfig = format!(
        "{{apiVersion: v1, kind: Config, current-context: minikube, contexts: [{contexts}], users: [{{name: plugin, user: {plugin}}}], \
         clusters: [{{name: one, cluster: {{server: \"https://127.0.0.1:9\"}}}}]}}"
    );
    std::fs::write(home.path().join("kubeconfig"), kubeconfig).expect("a kubeconfig");
    std::fs::write(home.path().join("k8sport.toml"), "[apps.shop]\n[apps.blog]\n").expect("a settings file");
    home
}

fn shell(name: &str, home: &Path) -> Command {
    let k8sport = Path::new(env!("CARGO_BIN_EXE_k8sport")).parent().expect("a folder").display().to_string();
    let mut command = Command::new(name);
    command.current_dir(home).env_clear().env("HOME", home).env("KUBECONFIG", home.join("kubeconfig"));
    command.env("PATH", format!("{k8sport}:/usr/bin:/bin")).env("TERM", "xterm").env("PS1", "ready> ");
    command
}

/// What bash is given for a line that ends with its last word.
fn in_bash(words: &[&str]) -> Vec<String> {
    let script = r#"source <(k8sport completions bash); COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_TYPE=9
        _clap_complete_k8sport k8sport "${!#}"; printf '%s\n' "${COMPREPLY[@]}""#;
    let output = shell("bash", home().path()).args(["--norc", "-c", script, "bash", "k8sport"]).args(words).output().expect("bash");
    assert_eq!(text(&output.stderr), "", "nothing is written between the user's words");
    text(&output.stdout).lines().filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

#[test]
fn bash_gets_commands_and_names() {
    assert_eq!(in_bash(&["boot"]), ["bootstrap"]);
    assert_eq!(in_bash(&["bootstrap", "--cluster", ""]), ["c02.example.com"]);
    assert_eq!(in_bash(&["bootstrap", "--context", "m"]), ["minikube"]);
    assert_eq!(in_bash(&["k0smotron", "diagnose", "--cluster", "c"]), Vec::<String>::new());
    assert_eq!(in_bash(&["help", "t"]), ["teardown", "toggle-https-redirect", "troubleshooting"]);
    assert_eq!(in_bash(&["help", "ecr", "p"]), ["prune"]);
    assert_eq!(in_bash(&["diagnose", "--explain", "dns.w"]), ["dns.wildcard"]);
    assert_eq!(in_bash(&["vip", "diagnose", "--explain", "vip.h"]), ["vip.holder"]);
    assert_eq!(in_bash(&["deploy-app", "s"]), ["shop"]);
    assert_eq!(in_bash(&["deploy-app", "--config", "/nowhere.toml", "s"]), Vec::<String>::new());
    assert_eq!(in_bash(&["toggle-https-redirect", "--namespace", ""]), Vec::<String>::new());
}

#[test]
fn fish_gets_the_same() {
    let script = "k8sport completions fish | source; complete -C 'k8sport boot'; complete -C 'k8sport bootstrap --cluster '";
    let output = shell("fish", home().path()).args(["--no-config", "-c", script]).output().expect("fish");
    let words: Vec<_> = text(&output.stdout).lines().filter_map(|line| line.split('\t').next().map(str::to_owned)).collect();
    assert_eq!(words, ["bootstrap", "c02.example.com"], "{output:?}");
}

/// From a folder of its `fpath`, as packages have it: the first TAB loads the file and is answered.
#[test]
fn zsh_gets_the_same() {
    let home = home();
    let made = shell("k8sport", home.path()).args(["completions", "zsh"]).output().expect("k8sport runs");
    std::fs::write(home.path().join("_k8sport"), made.stdout).expect("a script");
    let mut zsh = shell("zsh", home.path());
    zsh.arg("-f").env("FPATH", format!("{}:/usr/share/zsh/functions/Completion", home.path().display()));
    let mut zsh = rexpect::session::spawn_command(zsh, Some(30_000)).expect("a terminal");
    let mut types = |line: &str, shown: &str| {
        zsh.send(line).and_then(|_| zsh.flush()).expect("it is typed");
        zsh.exp_string(shown).unwrap_or_else(|error| panic!("{line:?}: {error}"));
    };
    types("fpath=($HOME /usr/share/zsh/functions/**/*(/N)); autoload -U compinit; compinit -u -D; print rea''dy\r", "ready\r\n");
    types("k8sport boot\t", "k8sport bootstrap");
    types("--cluster \t", "c02.example.com");
    // A shell at a terminal doesn't heed SIGTERM.
    zsh.send("\x15exit\r").and_then(|_| zsh.flush()).and_then(|()| zsh.exp_eof()).expect("it ends");
}

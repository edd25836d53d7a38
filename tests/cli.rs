//! The command line without any world behind it: help, completions, man pages, bad input. Nothing here needs the lab,
//! and nothing here reaches an account: the environment is empty and the endpoint leads nowhere.

use std::path::Path;
use std::process::{Command, Output};

#[path = "cli/completion.rs"]
mod completion;
#[path = "cli/input.rs"]
mod input;
#[path = "cli/prompt.rs"]
mod prompt;

fn k8sport(arguments: &[&str]) -> Output {
    k8sport_with(&[], arguments)
}

fn k8sport_with(environment: &[(&str, &str)], arguments: &[&str]) -> Output {
    let home = tempfile::tempdir().expect("a folder");
    Command::new(env!("CARGO_BIN_EXE_k8sport"))
        .args(arguments)
        .env_clear()
        .env("HOME", home.path())
        .env("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .envs(environment.iter().copied())
        .current_dir(home.path())
        .output()
        .expect("k8sport runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

const COMMANDS: [&str; 21] = [
    "quick-start",
    "bootstrap",
    "setup-secondary-ip",
    "setup-haproxy",
    "setup-service",
    "update-dns",
    "unlock",
    "cleanup",
    "teardown",
    "ecr",
    "toggle-https-redirect",
    "configure-apps",
    "deploy-app",
    "quota",
    "iam-policy",
    "diagnose",
    "status",
    "api-proxy",
    "k0smotron",
    "vip",
    "completions",
];

#[test]
fn help() {
    insta::assert_snapshot!("help", text(&k8sport(&["--help"]).stdout));
    for command in COMMANDS {
        let output = k8sport(&[command, "--help"]);
        assert!(output.status.success() && output.stderr.is_empty());
        insta::assert_snapshot!(format!("help-{command}"), text(&output.stdout));
    }
}

/// `k8sport --help` lists what is tested here, and the README has a row for each.
#[test]
fn no_command_is_left_out() {
    let help = text(&k8sport(&["-h"]).stdout);
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let listed = listed.filter_map(|line| line.strip_prefix("  ")?.split_whitespace().next().filter(|_| !line.starts_with("   ")));
    let mut listed: Vec<_> = listed.filter(|command| *command != "help").collect();
    let mut tested = COMMANDS;
    listed.sort_unstable();
    tested.sort_unstable();
    assert_eq!(listed, tested);
    let readme = include_str!("../README.md");
    let rows: Vec<_> = readme.lines().skip_while(|line| *line != "## Commands").take_while(|line| !line.starts_with("## What")).collect();
    for command in COMMANDS {
        let is_there = rows
            .iter()
            .filter_map(|row| row.split('|').nth(1))
            .any(|names| names.split('`').any(|name| name.split(' ').next() == Some(command)));
        assert!(is_there, "the README's table lacks {command}");
    }
}

#[test]
fn the_long_version_names_commit_and_target() {
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(text(&k8sport(&["-V"]).stdout), format!("k8sport {version}\n"));
    let long = text(&k8sport(&["--version"]).stdout);
    let [first, commit, target] = long.lines().collect::<Vec<_>>()[..] else { panic!("{long}") };
    assert_eq!(first, format!("k8sport {version}"));
    assert!(commit.starts_with("commit ") && target.contains("target ") && target.contains(std::env::consts::ARCH), "{long}");
}

#[test]
fn topics_have_their_text_and_commands_their_help() {
    for topic in ["environment", "exit-codes", "ownership", "migration", "troubleshooting"] {
        insta::assert_snapshot!(format!("topic-{topic}"), text(&k8sport(&["help", topic]).stdout));
    }
    assert_eq!(k8sport(&["help"]).stdout, k8sport(&["--help"]).stdout);
    assert_eq!(k8sport(&["help", "ecr", "prune"]).stdout, k8sport(&["ecr", "prune", "--help"]).stdout);
    let unknown = k8sport(&["help", "nonsense"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(text(&unknown.stderr).contains("exit-codes"), "{unknown:?}");
}

#[test]
fn a_result_that_cannot_be_written_is_no_success_and_a_reader_that_leaves_is_no_failure() {
    for arguments in [
        &["help", "environment"][..],
        &["help"],
        &["--help"],
        &["-h"],
        &["bootstrap", "--help"],
        &["--version"],
        &["-V"],
        &["completions", "zsh"],
    ] {
        let to = |stdout: std::process::Stdio| {
            Command::new(env!("CARGO_BIN_EXE_k8sport")).args(arguments).stdout(stdout).output().expect("k8sport runs")
        };
        let full = to(std::fs::File::options().write(true).open("/dev/full").expect("a device").into());
        assert_eq!(full.status.code(), Some(1), "{full:?}");
        assert!(text(&full.stderr).contains("No space left on device"), "{full:?}");
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let left = to(writer.into());
        assert_eq!((left.status.code(), text(&left.stderr).as_str()), (Some(0), ""), "{left:?}");
    }
}

/// `UPDATE=1 cargo test` writes the files anew.
fn same_as_committed(committed: &Path, made: &str) {
    if std::env::var_os("UPDATE").is_some() {
        std::fs::create_dir_all(committed.parent().expect("a folder")).expect("the folder can be made");
        return std::fs::write(committed, made).expect("the file can be written");
    }
    let there = std::fs::read_to_string(committed).unwrap_or_default();
    assert_eq!(there, made, "{} is out of date: UPDATE=1 cargo test --test cli", committed.display());
}

#[test]
fn completions_are_those_of_the_command_line() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (shell, file) in
        [("bash", "k8sport.bash"), ("zsh", "_k8sport"), ("fish", "k8sport.fish"), ("powershell", "_k8sport.ps1"), ("elvish", "k8sport.elv")]
    {
        same_as_committed(&root.join("completions").join(file), &text(&k8sport(&["completions", shell]).stdout));
    }
}

#[test]
fn man_pages_are_those_of_the_command_line() {
    let folder = tempfile::tempdir().expect("a folder");
    assert!(k8sport(&["man", folder.path().to_str().expect("a UTF-8 path")]).status.success());
    let pages: Vec<_> = std::fs::read_dir(folder.path()).expect("pages").map(|entry| entry.expect("a page").file_name()).collect();
    assert!(pages.len() >= COMMANDS.len(), "{pages:?}");
    for page in pages {
        let made = std::fs::read_to_string(folder.path().join(&page)).expect("a page");
        same_as_committed(&Path::new(env!("CARGO_MANIFEST_DIR")).join("man").join(&page), &made);
    }
}

#[test]
fn without_certificate_authorities_it_says_so_instead_of_panicking() {
    let keys = [("SSL_CERT_FILE", "/dev/null"), ("AWS_ACCESS_KEY_ID", "x"), ("AWS_SECRET_ACCESS_KEY", "x"), ("AWS_REGION", "eu-central-1")];
    let output = k8sport_with(&keys, &["update-dns", "--cluster", "c02.example.com"]);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("ca-certificates"));
}

#[test]
fn wrong_settings_are_a_document_too() {
    let output = k8sport(&["bootstrap", "--output", "json"]);
    assert_eq!(output.status.code(), Some(2));
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).expect("one JSON document");
    assert_eq!((&document["command"], &document["outcome"]), (&"bootstrap".into(), &"usage".into()));
}

#[test]
fn without_credentials_it_says_so_at_once() {
    let since = std::time::Instant::now();
    let output = k8sport(&["bootstrap", "--cluster", "c02.example.com", "--region", "eu-central-1", "--output", "json"]);
    assert_eq!(output.status.code(), Some(1));
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).expect("one JSON document");
    assert_eq!(document["outcome"], "failed");
    assert!(document["error"]["what"].as_str().is_some_and(|what| what.contains("credentials")), "{document}");
    assert!(text(&output.stderr).contains("credentials"));
    // Far from the metadata service's delays of many seconds; not a measurement.
    assert!(since.elapsed().as_secs() < 10);
}

/// With everything said, or with placeholders, AWS isn't asked: the endpoint leads nowhere.
#[test]
fn a_policy_needs_no_credentials() {
    let said = ["--cluster", "c02.example.com", "--zone", "example.com", "--zone-id", "Z1", "--account", "123456789012"];
    for arguments in [[&["iam-policy", "--region", "eu-central-1"], &said[..]].concat(), vec!["iam-policy", "--placeholders"]] {
        let output = k8sport(&arguments);
        assert!(output.status.success() && output.stderr.is_empty(), "{arguments:?}: {}", text(&output.stderr));
        let policy: serde_json::Value = serde_json::from_slice(&output.stdout).expect("one JSON document");
        assert_eq!(policy["Version"], "2012-10-17");
        assert_eq!(text(&output.stdout).contains("ZONE_ID"), arguments.contains(&"--placeholders"));
    }
    let output = k8sport(&["iam-policy", "bootstrap", "--cluster", "c02.example.com", "--region", "eu-central-1"]);
    assert_eq!(output.status.code(), Some(1));
    let stderr = text(&output.stderr);
    assert!(["--account", "--zone-id", "--placeholders"].iter().all(|word| stderr.contains(word)), "{stderr}");
}

#[test]
fn checks_are_explained_without_any_world() {
    let all = text(&k8sport(&["diagnose", "--explain"]).stdout);
    let count = all.lines().filter(|line| line.starts_with("  ")).count();
    assert!(count > 70 && all.contains("dns.caa"), "{all}");
    assert!(include_str!("../README.md").contains(&format!("[{count} checks]")), "the README has another number than {count}");
    let one = k8sport(&["diagnose", "--explain", "network.redirect"]);
    assert!(one.status.success() && text(&one.stdout).contains("the API server answers there"), "{one:?}");
}

/// A line for each crate that Cargo.toml names, and a use.
#[test]
fn every_dependency_says_why_it_is_there() {
    let (manifest, reasons) = (include_str!("../Cargo.toml"), include_str!("../docs/dependencies.md"));
    let tables = manifest.split("\n[").filter(|table| table.starts_with("dependencies]") || table.starts_with("dev-dependencies]"));
    let names: Vec<_> = tables.flat_map(str::lines).filter_map(|line| line.split_once(" = ")).map(|(name, _)| name).collect();
    assert!(names.len() > 30, "{names:?}");
    let missing: Vec<_> = names.iter().filter(|name| !reasons.contains(&format!("`{name}`"))).collect();
    assert!(missing.is_empty(), "docs/dependencies.md has no reason for {missing:?}");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let sources: String = ["src", "tests"].iter().map(|folder| rust_in(&root.join(folder))).collect();
    let is_used = |name: &str| [name.replace('-', "_"), name.replace('-', "")].iter().any(|name| sources.contains(&format!("{name}::")));
    let idle: Vec<_> = names.iter().filter(|name| !is_used(name)).collect();
    assert!(idle.is_empty(), "nothing uses {idle:?}");
}

/// All Rust of a folder.
fn rust_in(folder: &Path) -> String {
    let paths = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let texts = paths.map(|path| match path.extension() {
        _ if path.is_dir() => rust_in(&path),
        Some(extension) if extension == "rs" => std::fs::read_to_string(&path).expect("Rust"),
        _ => String::new(),
    });
    texts.collect()
}

//! Packages of this build, used as their users use them. What is checked is in `packaging/check`.

use std::path::Path;
use std::process::{Command, Output};

#[test]
fn every_package_is_the_same_twice_and_works() {
    let check = concat!(env!("CARGO_MANIFEST_DIR"), "/packaging/check");
    let ended = Command::new(check).arg(env!("CARGO_BIN_EXE_k8sport")).env("COMPRESSION", "1").output().expect("the script");
    let said = format!("{}{}", String::from_utf8_lossy(&ended.stdout), String::from_utf8_lossy(&ended.stderr));
    assert!(ended.status.success(), "{said}");
    assert_eq!(said.lines().count(), 5, "{said}");
}

fn run(command: &mut Command) -> String {
    let Output { status, stdout, stderr } = command.output().expect("a program that is there");
    assert!(status.success(), "{command:?}: {}", String::from_utf8_lossy(&stderr));
    String::from_utf8_lossy(&stdout).into_owned()
}

/// Where the sources end up that `cargo install` fetches: without a repository of theirs, maybe below somebody else's.
#[test]
fn a_source_package_knows_its_commit_and_sources_without_a_repository_know_none() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let commit = run(Command::new("git").args(["rev-parse", "--short=12", "HEAD"]).current_dir(root));
    let home = tempfile::tempdir().expect("a folder");
    let cargo = ["package", "--no-verify", "--allow-dirty", "--offline", "--target-dir"];
    run(Command::new(env!("CARGO")).args(cargo).arg(home.path()).current_dir(root));
    let sources = format!("k8sport-{}", env!("CARGO_PKG_VERSION"));
    run(Command::new("tar").args(["-xf", &format!("package/{sources}.crate")]).current_dir(home.path()));
    run(Command::new("git").args(["init", "--quiet"]).current_dir(home.path()));
    let someone = ["-c", "user.name=somebody", "-c", "user.email=somebody@example.com"];
    run(Command::new("git").args(someone).args(["commit", "--quiet", "--allow-empty", "-m", "theirs"]).current_dir(home.path()));

    let folder = home.path().join(sources);
    let script = home.path().join("build-script");
    run(Command::new("rustc").args(["--edition", "2024", "-o"]).arg(&script).arg(folder.join("build.rs")));
    let told = || run(Command::new(&script).current_dir(&folder).env_remove("K8SPORT_COMMIT").env("TARGET", "a-target"));
    let says = |commit: &str| format!("cargo::rustc-env=K8SPORT_COMMIT={commit}\n");
    assert!(told().contains(&says(commit.trim())), "{}", told());
    std::fs::remove_file(folder.join(".cargo_vcs_info.json")).expect("the commit's note");
    assert!(told().contains(&says("unknown")), "{}", told());
}

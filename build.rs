//! Tells the binary which commit and target it is made from, for `--version`.

use std::process::Command;

fn main() {
    let target = std::env::var("TARGET").unwrap_or_default();
    println!("cargo::rustc-env=K8SPORT_TARGET={target}");
    // Builders without the repository can say it.
    println!("cargo::rerun-if-env-changed=K8SPORT_COMMIT");
    let commit = std::env::var("K8SPORT_COMMIT").ok().or_else(packaged).or_else(|| git(&["rev-parse", "--short=12", "HEAD"]));
    println!("cargo::rustc-env=K8SPORT_COMMIT={}", commit.unwrap_or_else(|| "unknown".to_owned()));
    for path in ["HEAD", "logs/HEAD"] {
        if let Some(path) = git(&["rev-parse", "--git-path", path]) {
            println!("cargo::rerun-if-changed={path}");
        }
    }
}

/// What `cargo package` has noted in a source package.
fn packaged() -> Option<String> {
    let noted = std::fs::read_to_string(".cargo_vcs_info.json").ok()?;
    let (_, commit) = noted.split_once("\"sha1\": \"")?;
    commit.get(..12).map(ToOwned::to_owned)
}

/// None where this folder isn't the repository: one further up, such as that of somebody's home, is another project's.
fn git(arguments: &[&str]) -> Option<String> {
    let above = std::env::current_dir().ok()?.parent()?.to_owned();
    let mut command = Command::new("git");
    command.args(arguments).env("GIT_CEILING_DIRECTORIES", above);
    let output = command.output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

//! Tells the binary which commit and target it is made from, for `--version`.

use std::process::Command;

fn main() {
    let target = std::env::var("TARGET").unwrap_or_default();
    println!("cargo::rustc-env=K8SPORT_TARGET={target}");
    // Builders without the repository can say it.
    println!("cargo::rerun-if-env-changed=K8SPORT_COMMIT");
    let commit = std::env::var("K8SPORT_COMMIT").ok().or_else(|| git(&["rev-parse", "--short=12", "HEAD"]));
    println!("cargo::rustc-env=K8SPORT_COMMIT={}", commit.unwrap_or_else(|| "unknown".to_owned()));
    for path in ["HEAD", "logs/HEAD"] {
        if let Some(path) = git(&["rev-parse", "--git-path", path]) {
            println!("cargo::rerun-if-changed={path}");
        }
    }
}

/// None outside of a repository, such as in a source package.
fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

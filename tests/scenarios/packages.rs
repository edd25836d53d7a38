//! Packages of this build, used as their users use them. What is checked is in `packaging/check`.

use std::process::Command;

#[test]
fn every_package_is_the_same_twice_and_works() {
    let check = concat!(env!("CARGO_MANIFEST_DIR"), "/packaging/check");
    let ended = Command::new(check).arg(env!("CARGO_BIN_EXE_k8sport")).env("COMPRESSION", "1").output().expect("the script");
    let said = format!("{}{}", String::from_utf8_lossy(&ended.stdout), String::from_utf8_lossy(&ended.stderr));
    assert!(ended.status.success(), "{said}");
    assert_eq!(said.lines().count(), 5, "{said}");
}

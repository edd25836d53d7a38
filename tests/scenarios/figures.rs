//! What a scenario counted, for the table of `tests/reliability`.

use std::io::Write as _;

/// Adds `passed of all` to the file that `K8SPORT_FIGURES` names, if any. Fails unless all passed.
#[track_caller]
pub fn record(what: &str, passed: usize, all: usize) {
    write(what, passed, all);
    assert!(passed == all && all > 0, "{what}: {passed} of {all}");
}

/// The same; fails with what went wrong in each case that did.
#[track_caller]
pub fn record_cases(what: &str, failures: &[String], all: usize) {
    write(what, all - failures.len(), all);
    assert!(failures.is_empty() && all > 0, "{what}: {} of {all} failed:\n{}", failures.len(), failures.join("\n"));
}

fn write(what: &str, passed: usize, all: usize) {
    if let Some(file) = std::env::var_os("K8SPORT_FIGURES") {
        let mut file = std::fs::File::options().append(true).create(true).open(file).expect("the file of figures");
        writeln!(file, "{}", serde_json::json!({ "what": what, "passed": passed, "of": all })).expect("the file of figures");
    }
}

//! The README's commands, run as they stand there: each console block on a fresh lab.

use crate::support::Lab;

/// What stands behind `$ ` in each of the README's console blocks.
fn blocks() -> Vec<Vec<&'static str>> {
    let text = include_str!("../../README.md");
    let blocks = text.split("```console\n").skip(1).filter_map(|rest| rest.split("```").next());
    blocks.map(|block| block.lines().filter_map(|line| line.strip_prefix("$ ")).collect()).collect()
}

#[test]
fn every_command_of_the_readme_works() {
    let blocks = blocks();
    assert!(blocks.iter().flatten().count() > 5, "{blocks:?}");
    for block in blocks {
        let lab = Lab::default();
        for command in block {
            let Some(arguments) = command.strip_prefix("k8sport ") else {
                // Installing is what building this test has shown.
                assert_eq!(command, "cargo install --path .");
                continue;
            };
            let code = if arguments.contains("--exit-code") { 5 } else { 0 };
            lab.k8sport(&arguments.split(' ').collect::<Vec<_>>()).expect(code);
        }
    }
}

//! The commands of the README, of the guides and of the help, run as they stand there.

use std::path::Path;

use crate::support::{CLUSTER, Lab};

const PAGES: &[&str] = &[
    include_str!("../../README.md"),
    include_str!("../../docs/guide/applications.md"),
    include_str!("../../docs/guide/creating.md"),
    include_str!("../../docs/guide/iam.md"),
    include_str!("../../docs/guide/k0smotron.md"),
    include_str!("../../docs/guide/locks.md"),
    include_str!("../../docs/guide/teardown.md"),
];

/// What stands behind `$ ` in each console block of a page; each has a fresh lab.
fn blocks() -> Vec<Vec<&'static str>> {
    let blocks = PAGES.iter().flat_map(|page| page.split("```console\n").skip(1).filter_map(|rest| rest.split("```").next()));
    blocks.map(|block| block.lines().filter_map(|line| line.strip_prefix("$ ")).collect()).collect()
}

/// For these the node has to be a worker of k0smotron's, and the login that of the lab.
fn is_about_k0smotron(block: &[&str]) -> bool {
    block.iter().any(|command| command.contains(" k0smotron "))
}

/// For these a real API server has to be there.
fn asks_kubernetes(block: &[&str]) -> bool {
    block.iter().any(|command| command.contains(" deploy-app "))
}

/// What a reader has done before.
fn is_about_what_is_there(block: &[&str]) -> bool {
    block.iter().any(|command| ["cleanup", "diagnose", "status"].iter().any(|name| command.starts_with(&format!("k8sport {name} "))))
}

fn run(lab: &Lab, block: &[&str]) {
    if is_about_what_is_there(block) {
        lab.k8sport(&["bootstrap", "--cluster", CLUSTER, "--yes"]).expect(0);
    }
    for command in block {
        let Some(arguments) = command.strip_prefix("k8sport ") else {
            // Installing is what building this test has shown.
            assert_eq!(*command, "cargo install --locked --path .");
            continue;
        };
        let code = if arguments.contains("--exit-code") { 5 } else { 0 };
        lab.k8sport(&arguments.split(' ').collect::<Vec<_>>()).expect(code);
    }
}

#[test]
fn every_command_of_the_readme_works() {
    let blocks: Vec<_> = blocks().into_iter().filter(|block| !asks_kubernetes(block) && !is_about_k0smotron(block)).collect();
    assert!(blocks.iter().flatten().count() > 5, "{blocks:?}");
    blocks.iter().for_each(|block| run(&Lab::default(), block));
}

#[test]
fn those_that_ask_the_api_server_work_too() {
    let blocks: Vec<_> = blocks().into_iter().filter(|block| asks_kubernetes(block)).collect();
    assert!(!blocks.is_empty());
    blocks.iter().for_each(|block| run(&Lab::with_api(), block));
}

/// Links within the project, and the tests that the promises name.
#[test]
fn what_the_pages_point_to_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let guides = std::fs::read_dir(root.join("docs/guide")).expect("the guides").map(|entry| entry.expect("a guide").path());
    let others = ["README.md", "CONTRIBUTING.md", "SECURITY.md", "docs/ARCHITECTURE.md", "tests/bench/README.md", "packaging/README.md"];
    for page in guides.chain(others.map(|other| root.join(other))) {
        let text = std::fs::read_to_string(&page).expect("a page");
        let links = text.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next());
        for link in links.filter(|link| !link.is_empty() && !link.contains("://")) {
            assert!(page.with_file_name(link).exists(), "{}: {link}", page.display());
        }
        let promises = text.lines().skip_while(|line| !line.starts_with("| promise |")).take_while(|line| line.starts_with('|')).skip(2);
        for test in promises.filter_map(|row| row.rsplit('|').nth(1)).flat_map(|tests| tests.split('`').skip(1).step_by(2)) {
            assert!(root.join("tests/scenarios").join(test).exists(), "{}: {test}", page.display());
        }
    }
}

/// Those about k0smotron, by the test that has the lab for it.
pub fn k0smotron(lab: &Lab) {
    let of_readme = blocks().into_iter().filter(|block| is_about_k0smotron(block)).flatten().map(str::to_owned);
    let of_help = [["help", "k0smotron", "prepare-workers"], ["help", "k0smotron", "diagnose"]].into_iter().flat_map(|help| {
        let shown = lab.k8sport(&help).expect(0).stdout.replace("\\\n", "");
        shown.lines().filter_map(|line| Some(line.strip_prefix("  $ ")?.to_owned())).collect::<Vec<_>>()
    });
    let all: Vec<_> = of_readme.chain(of_help).collect();
    assert!(all.len() > 4, "{all:?}");
    let environment = crate::k0smotron::login(lab);
    let environment: Vec<_> = environment.iter().map(String::as_str).collect();
    for command in all {
        lab.k8sport_with(&environment, &command.split_whitespace().skip(1).collect::<Vec<_>>()).expect(0);
    }
}

/// As `k8sport help COMMAND` shows them, on a cluster that is set up, and at the end is not any more.
#[test]
fn every_example_of_the_help_works() {
    let lab = Lab::with_api();
    let authority = format!("SSL_CERT_FILE={}", lab.home().join("ca.pem").display());
    lab.k8sport(&["bootstrap", "--cluster", CLUSTER, "--yes"]).expect(0);
    // Where an example takes what another command has written.
    let manifests = lab.home().join("k8s").display().to_string();
    let shop = ["configure-apps", "shop", "--image", "registry.example.com/shop:v1", "--host", "shop.example.com"];
    lab.k8sport(&[&shop[..], &["--out", &manifests, "--yes"]].concat()).expect(0);
    for command in [
        &["bootstrap"][..],
        &["quick-start"],
        &["setup-secondary-ip"],
        &["setup-haproxy"],
        &["update-dns"],
        &["diagnose"],
        &["status"],
        &["toggle-https-redirect"],
        &["configure-apps"],
        &["deploy-app"],
        &["api-proxy", "manifest"],
        &["unlock"],
        &["quota"],
        &["iam-policy"],
        &["completions"],
        &["help"],
        &["ecr"],
        &["teardown"],
        &["cleanup"],
    ] {
        let help = lab.k8sport(&[&["help"], command].concat()).expect(0).stdout.replace("\\\n", "");
        let examples: Vec<_> = help.lines().filter_map(|line| line.strip_prefix("  $ k8sport ")).collect();
        assert!(!examples.is_empty(), "{command:?}: {help}");
        for example in examples {
            let example = example.replace(" k8s/", &format!(" {manifests}/"));
            lab.k8sport_with(&[&authority], &example.split_whitespace().collect::<Vec<_>>()).expect(0);
        }
    }
}

/// The pictures are of real runs, but of some day: what a run says in the end now stands in them, but for the time it took and the name
/// that the probe has made up.
#[test]
fn the_pictures_show_what_is_said() {
    fn squeezed(text: &str) -> String {
        text.split_whitespace().collect()
    }
    fn shown(picture: &str) -> String {
        let texts = picture.split("<text ").skip(1).filter_map(|rest| rest.split_once('>')?.1.split_once("</text>"));
        let all: String = texts.map(|(text, _)| text).collect();
        let entities = [("&#160;", " "), ("&#x27;", "'"), ("&quot;", "\""), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")];
        squeezed(&entities.iter().fold(all, |text, (entity, character)| text.replace(entity, character)))
    }
    fn holds(picture: &str, said: &str) {
        let picture = shown(picture);
        let lines = said.lines().filter(|line| !line.contains("k8sport-probe-"));
        let lasting: Vec<_> =
            lines.map(|line| line.rsplit_once(" (").filter(|(_, time)| time.ends_with(" s)")).map_or(line, |(all, _)| all)).collect();
        assert!(lasting.len() > 10, "{said}");
        for line in lasting {
            assert!(picture.contains(&squeezed(line)), "docs/pictures/record draws the pictures again; not there: {line}");
        }
    }
    let lab = Lab::default();
    let done = lab.k8sport(&["bootstrap", "--cluster", CLUSTER, "--yes"]).expect(0);
    holds(include_str!("../../docs/pictures/bootstrap.svg"), &done.stdout);
    lab.node("systemctl stop k8sport-net.timer && nft flush ruleset");
    let found = lab.k8sport(&["diagnose", "--cluster", CLUSTER]).expect(3);
    holds(include_str!("../../docs/pictures/diagnose.svg"), &found.stdout);
}

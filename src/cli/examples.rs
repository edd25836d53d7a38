//! Examples at the end of each command's long help and man page. A test runs all of them.

use clap::Command;
use textwrap::{Options, WordSeparator, WordSplitter};

/// What for, and the command line.
type Example = (&'static str, &'static str);

/// By the command's words.
const EXAMPLES: &[(&str, &[Example])] = &[
    (
        "bootstrap",
        &[
            ("what would be done", "k8sport bootstrap --cluster c02.example.com --dry-run"),
            ("do it, without questions", "k8sport bootstrap --cluster c02.example.com --yes"),
            (
                "in a pipeline: has anything drifted? (exit code 5)",
                "k8sport bootstrap --cluster c02.example.com --dry-run --exit-code --output json",
            ),
        ],
    ),
    (
        "quick-start",
        &[
            ("what would be made", "k8sport quick-start --cluster c02.example.com --dry-run"),
            ("all of it, without questions", "k8sport quick-start --cluster c02.example.com --yes"),
        ],
    ),
    (
        "setup-secondary-ip",
        &[
            ("with an address of its own", "k8sport setup-secondary-ip --cluster c02.example.com --yes"),
            (
                "rather use a free one that is there than fail at the quota",
                "k8sport setup-secondary-ip --cluster c02.example.com --reuse-eip at-limit --yes",
            ),
        ],
    ),
    (
        "setup-haproxy",
        &[
            ("after setup-secondary-ip", "k8sport setup-haproxy --cluster c02.example.com --yes"),
            ("the second address serves the API's own name, too", "k8sport setup-haproxy --cluster c02.example.com --route-api --dry-run"),
        ],
    ),
    (
        "setup-service",
        &[
            ("after setup-secondary-ip: what would be done", "k8sport setup-service --cluster c02.example.com --dry-run"),
            (
                "for two networks alone",
                "k8sport setup-service --cluster c02.example.com --source-range 203.0.113.0/24,172.20.0.0/16 --dry-run",
            ),
        ],
    ),
    (
        "k0smotron prepare-workers",
        &[
            (
                "what would be done",
                "k8sport k0smotron prepare-workers --cluster my-cluster -n team --worker worker-1.example.com --dry-run",
            ),
            (
                "put the certificates there, also new ones later, and see that they are served",
                "k8sport k0smotron prepare-workers --cluster my-cluster -n team --worker worker-1.example.com --yes",
            ),
        ],
    ),
    (
        "k0smotron diagnose",
        &[
            (
                "from the secrets to what a pod gets",
                "k8sport k0smotron diagnose --cluster my-cluster -n team --worker worker-1.example.com",
            ),
            ("what a check is about", "k8sport k0smotron diagnose --explain worker.access"),
        ],
    ),
    (
        "update-dns",
        &[
            ("the wildcard of the zone", "k8sport update-dns --cluster c02.example.com --yes"),
            ("these names alone", "k8sport update-dns --cluster c02.example.com --host shop.example.com,blog.example.com --dry-run"),
        ],
    ),
    (
        "diagnose",
        &[
            ("findings and remedies", "k8sport diagnose --cluster c02.example.com"),
            ("one line for a chat; warnings count as failures", "k8sport diagnose --cluster c02.example.com --short --strict"),
            ("carry the repair out", "k8sport diagnose --cluster c02.example.com --fix --yes"),
            ("what a check is about", "k8sport diagnose --explain haproxy.configuration"),
        ],
    ),
    (
        "status",
        &[
            ("one screen", "k8sport status --cluster c02.example.com"),
            ("for scripts", "k8sport status --cluster c02.example.com --output json"),
        ],
    ),
    (
        "toggle-https-redirect",
        &[
            (
                "HTTP for two hours, for all hosts, at our HAProxy",
                "k8sport toggle-https-redirect --at edge --disable-https --for 2h --cluster c02.example.com --yes",
            ),
            ("and back", "k8sport toggle-https-redirect --at edge --enable-https --cluster c02.example.com --yes"),
            ("the Ingresses of all namespaces: what would change", "k8sport toggle-https-redirect --disable-https -A --dry-run"),
        ],
    ),
    (
        "configure-apps",
        &[("look at the manifests", "k8sport configure-apps shop --image registry.example.com/shop:v1 --host shop.example.com --dry-run")],
    ),
    (
        "deploy-app",
        &[("what would be applied", "k8sport deploy-app store --image registry.example.com/store:v1 --host store.example.com --dry-run")],
    ),
    (
        "iam-policy",
        &[
            ("of all commands", "k8sport iam-policy --cluster c02.example.com"),
            ("of one command, with what each action is for", "k8sport iam-policy bootstrap --cluster c02.example.com --explain"),
            (
                "without asking AWS for anything",
                "k8sport iam-policy --cluster c02.example.com --zone example.com --zone-id Z0123456789ABCDEFGHIJ --account 123456789012 --region eu-central-1",
            ),
        ],
    ),
    (
        "api-proxy",
        &[(
            "for kubectl on this machine, where only SSH reaches the node",
            "k8sport api-proxy --via-ssh --cluster c02.example.com --write-kubeconfig proxy.kubeconfig",
        )],
    ),
    (
        "api-proxy manifest",
        &[(
            "the proxy beside an application's containers",
            "k8sport api-proxy manifest k8s/shop/deployment.yaml --image registry.example.com/k8sport:v1",
        )],
    ),
    (
        "unlock",
        &[
            ("who has the node?", "k8sport unlock --cluster c02.example.com --dry-run"),
            ("take it away from that run", "k8sport unlock --cluster c02.example.com --yes"),
        ],
    ),
    (
        "vip diagnose",
        &[
            (
                "three control planes, and what they share",
                "k8sport vip diagnose --vip 10.255.254.100 --node 10.255.254.10,10.255.254.11,10.255.254.12",
            ),
            ("what a check is about", "k8sport vip diagnose --explain vip.holder"),
        ],
    ),
    (
        "vip setup",
        &[
            (
                "what would be done",
                "k8sport vip setup --vip 10.255.254.100 --node 10.255.254.10,10.255.254.11,10.255.254.12 --take-over --dry-run",
            ),
            (
                "with HAProxy on port 8443 of every node",
                "k8sport vip setup --vip 10.255.254.100 --node 10.255.254.10,10.255.254.11,10.255.254.12 --load-balance --yes",
            ),
        ],
    ),
    (
        "vip cleanup",
        &[(
            "what would go and what comes back",
            "k8sport vip cleanup --vip 10.255.254.100 --node 10.255.254.10,10.255.254.11,10.255.254.12 --dry-run",
        )],
    ),
    (
        "quota",
        &[("whose are the region's addresses?", "k8sport quota"), ("ask AWS for more of them, once", "k8sport quota --request 10 --yes")],
    ),
    (
        "ecr prune",
        &[
            ("what would go, what stays", "k8sport ecr prune --prefix shop/ --keep 10 --dry-run"),
            ("and keep it so", "k8sport ecr prune --repositories shop/api,shop/web --keep 10 --lifecycle-policy --yes"),
        ],
    ),
    (
        "cleanup",
        &[
            ("what would go", "k8sport cleanup --cluster c02.example.com --dry-run"),
            ("with the packages that k8sport installed", "k8sport cleanup --cluster c02.example.com --purge-packages --yes"),
        ],
    ),
    (
        "teardown",
        &[(
            "what would go, and what it has cost",
            "k8sport teardown --cluster c02.example.com --state-store s3://example-com-kops-state --dry-run",
        )],
    ),
    ("completions", &[("for bash", "k8sport completions bash"), ("for fish", "k8sport completions fish")]),
    ("help", &[("of a command", "k8sport help ecr prune"), ("of a topic", "k8sport help exit-codes")]),
];

/// The first example of each of these is what k8sport's own man page shows. Its help ends with the exit codes.
const FIRST: [&str; 3] = ["bootstrap", "diagnose", "cleanup"];

/// The command line with its examples.
pub fn with_examples(k8sport: Command) -> Command {
    k8sport.mut_subcommands(|command| add(command, "k8sport"))
}

fn add(mut command: Command, above: &str) -> Command {
    let page = format!("{above}-{}", command.get_name());
    let lines: Vec<_> = of(&page).iter().map(|(what, line)| format!("  # {what}\n  $ {}\n", wrapped(line, 74))).collect();
    if !lines.is_empty() {
        command = command.after_long_help(format!("Examples:\n{}", lines.join("\n")).trim_end().to_owned());
    }
    command.mut_subcommands(|below| add(below, &page))
}

/// As a shell takes it.
fn wrapped(line: &str, width: usize) -> String {
    let options = Options::new(width).subsequent_indent("      ").break_words(false).word_splitter(WordSplitter::NoHyphenation);
    textwrap::wrap(line, options.word_separator(WordSeparator::AsciiSpace)).join(" \\\n")
}

/// Those of a command, by its man page's name such as `k8sport-ecr-prune`, and of the commands below it.
fn of(page: &str) -> Vec<Example> {
    if page == "k8sport" {
        return FIRST.iter().filter_map(|words| of(&page_of(words)).first().copied()).collect();
    }
    let below = format!("{page}-");
    EXAMPLES
        .iter()
        .filter(|(words, _)| format!("{}-", page_of(words)).starts_with(&below))
        .flat_map(|(_, examples)| *examples)
        .copied()
        .collect()
}

fn page_of(words: &str) -> String {
    format!("k8sport-{}", words.replace(' ', "-"))
}

/// The section of a man page, in roff.
pub fn section(page: &str) -> String {
    let shown: String = of(page)
        .iter()
        .map(|(what, line)| {
            format!(".PP\n# {what}\n.PP\n.RS 4\n.nf\n{}\n.fi\n.RE\n", wrapped(line, 66).replace('\\', "\\e").replace('-', "\\-"))
        })
        .collect();
    if shown.is_empty() { shown } else { format!(".SH EXAMPLES\n{shown}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_example_is_a_command_line_of_its_command() {
        for (words, examples) in EXAMPLES {
            for (_, line) in *examples {
                assert!(line.starts_with(&format!("k8sport {words} ")) || *line == format!("k8sport {words}"), "{line}");
                let parsed = crate::cli::command().try_get_matches_from(line.split(' '));
                assert!(parsed.is_ok(), "{line}: {parsed:?}");
            }
        }
    }

    #[test]
    fn every_command_has_examples_in_its_help_and_its_man_page() {
        fn look(command: &Command, page: &str) {
            assert!(section(page).starts_with(".SH EXAMPLES\n"), "{page}");
            for below in command.get_subcommands().filter(|below| !below.is_hide_set()) {
                let help = below.get_after_long_help().map(ToString::to_string).unwrap_or_default();
                assert!(help.starts_with("Examples:\n"), "{page} {}", below.get_name());
                look(below, &format!("{page}-{}", below.get_name()));
            }
        }
        look(&crate::cli::command(), "k8sport");
    }
}

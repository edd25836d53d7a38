//! Examples at the end of each command's long help and man page. A test runs all of them.

use clap::Command;
use textwrap::{Options, WordSeparator, WordSplitter};

/// A command's words, and what to show: what for, and the command line.
type Examples = (&'static str, &'static [(&'static str, &'static str)]);

const EXAMPLES: &[Examples] = &[
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
];

/// The command line with its examples.
pub fn with_examples(k8sport: Command) -> Command {
    add(k8sport, "")
}

fn add(mut command: Command, words: &str) -> Command {
    let lines: Vec<_> = of(words).iter().map(|(what, line)| format!("  # {what}\n  $ {}\n", wrapped(line))).collect();
    if !lines.is_empty() {
        command = command.after_long_help(format!("Examples:\n{}", lines.join("\n")).trim_end().to_owned());
    }
    command.mut_subcommands(|below| {
        let words = format!("{words} {}", below.get_name());
        add(below, words.trim_start())
    })
}

/// For 80 columns, as a shell takes it.
fn wrapped(line: &str) -> String {
    let options = Options::new(74).subsequent_indent("      ").break_words(false).word_splitter(WordSplitter::NoHyphenation);
    textwrap::wrap(line, options.word_separator(WordSeparator::AsciiSpace)).join(" \\\n")
}

fn of(words: &str) -> &'static [(&'static str, &'static str)] {
    EXAMPLES.iter().find(|(of, _)| *of == words).map_or(&[], |(_, examples)| examples)
}

/// The section of a man page, in roff. `page` is the command's name there, such as `k8sport-ecr-prune`.
pub fn section(page: &str) -> String {
    let words = EXAMPLES.iter().map(|(words, _)| *words).find(|words| page == format!("k8sport-{}", words.replace(' ', "-")));
    let examples = words.map_or(&[][..], of);
    let shown: String = examples
        .iter()
        .map(|(what, line)| {
            format!(".PP\n# {what}\n.PP\n.RS 4\n.nf\n{}\n.fi\n.RE\n", wrapped(line).replace('\\', "\\e").replace('-', "\\-"))
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
    fn every_command_that_works_on_something_has_examples() {
        let without = ["completions", "help", "man", "iam-policy"];
        for command in crate::cli::command().get_subcommands().filter(|command| !without.contains(&command.get_name())) {
            let shown = EXAMPLES.iter().any(|(words, _)| words.split(' ').next() == Some(command.get_name()));
            assert!(shown, "{}", command.get_name());
        }
    }
}

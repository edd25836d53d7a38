//! What the command line has said about the cluster, for the commands that messages name.

use std::sync::LazyLock;

use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Command};

use super::parse::matches;
use crate::names::{Given, Said};

/// What says which cluster is meant, how it is reached and how it is to be.
const SAME: [&str; 18] = [
    "cluster",
    "zone",
    "instance_id",
    "account",
    "profile",
    "region",
    "config",
    "ssh_user",
    "ssh_key",
    "ssh_host",
    "ssh_port",
    "host_key_fingerprint",
    "kubeconfig",
    "context",
    "no_secondary_ip",
    "route_api",
    "private_source",
    "state_store",
];

/// Of this process.
pub fn said() -> Said {
    static SAID: LazyLock<Said> = LazyLock::new(|| matches().map(among).unwrap_or_default());
    SAID.clone()
}

fn among(matches: &ArgMatches) -> Said {
    let mut k8sport = super::command();
    k8sport.build();
    let (mut command, mut matches) = (&k8sport, matches);
    while let Some((name, below)) = matches.subcommand() {
        let Some(found) = command.find_subcommand(name) else { return Said::default() };
        (command, matches) = (found, below);
    }
    let all = named(&k8sport, "");
    let said = command.get_arguments().filter(|argument| SAME.contains(&id(argument)) && is_said(argument, matches));
    let given = said.flat_map(|argument| {
        let having = all.iter().filter(|(_, other)| other.get_arguments().any(|one| one.get_id() == argument.get_id()));
        let commands: Vec<_> = having.map(|(name, _)| name.clone()).collect();
        let option = argument.get_long().unwrap_or_default().to_owned();
        values(argument, matches).into_iter().map(move |value| Given { option: option.clone(), value, commands: commands.clone() })
    });
    Said(given.collect())
}

/// Every command with its words, such as `vip setup`.
fn named<'a>(command: &'a Command, before: &str) -> Vec<(String, &'a Command)> {
    let below = command.get_subcommands().flat_map(|below| {
        let name = format!("{before}{}", below.get_name());
        let further = named(below, &format!("{name} "));
        [(name, below)].into_iter().chain(further)
    });
    below.collect()
}

fn id(argument: &Arg) -> &str {
    argument.get_id().as_str()
}

fn is_said(argument: &Arg, matches: &ArgMatches) -> bool {
    matches.value_source(id(argument)) == Some(ValueSource::CommandLine)
}

/// One for each time that the option is to be said.
fn values(argument: &Arg, matches: &ArgMatches) -> Vec<Option<String>> {
    if !argument.get_action().takes_values() {
        return vec![None];
    }
    matches.get_raw(id(argument)).into_iter().flatten().map(|value| Some(value.to_string_lossy().into_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::Again;

    fn said_in(line: &str) -> Said {
        among(&crate::cli::command().get_matches_from(line.split(' ')))
    }

    fn again(line: &str) -> Again {
        Again::new("c02.example.com".parse().expect("a name"), said_in(line))
    }

    #[test]
    fn what_was_said_is_said_again_where_it_is_known() {
        let said = again(
            "k8sport diagnose --cluster c02.example.com --no-secondary-ip --profile prod --region eu-west-1 --ssh-port 2222 \
             --private-source 10.0.0.0/8,172.16.0.0/12 --fix --yes --output json --host app.example.com --timeout 9m",
        );
        let common = "--cluster c02.example.com --profile prod --region eu-west-1 --ssh-port 2222";
        assert_eq!(said.command("cleanup"), format!("k8sport cleanup {common}"));
        assert_eq!(said.place(), " --profile prod --region eu-west-1");
        for command in ["bootstrap", "diagnose", "setup-haproxy"] {
            let named = said.command(command);
            for option in [" --no-secondary-ip", " --private-source 10.0.0.0/8 --private-source 172.16.0.0/12", " --profile prod"] {
                assert!(named.contains(option), "{named} lacks {option}");
            }
            assert!(!["--fix", "--yes", "--output", "--host", "--timeout"].iter().any(|option| named.contains(option)), "{named}");
            // It is a command line of ours.
            crate::cli::command().try_get_matches_from(named.split(' ')).expect("to be understood");
        }
        assert_eq!(again("k8sport status --cluster c02.example.com").command("status"), "k8sport status --cluster c02.example.com");
        let whole = said_in("k8sport cleanup --cluster c02.example.com --region eu-west-1");
        assert_eq!(whole.to("iam-policy cleanup"), " --cluster c02.example.com --region eu-west-1");
        let vip = said_in("k8sport vip diagnose --vip 10.0.0.9 --node 10.0.0.1 --ssh-user root --strict");
        assert_eq!((vip.to("vip setup --vip 10.0.0.9").as_str(), vip.to("vip").as_str()), (" --ssh-user root", ""));
    }

    #[test]
    fn each_is_an_option_of_some_command() {
        let k8sport = crate::cli::command();
        for name in SAME {
            assert!(k8sport.get_subcommands().any(|command| command.get_arguments().any(|argument| argument.get_id() == name)), "{name}");
        }
    }
}

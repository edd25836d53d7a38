//! The commands that messages name, to be copied: they must mean the same cluster as the run that names them.

use super::DnsName;

/// How a cluster is named on the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Again {
    cluster: DnsName,
    said: Said,
    /// `profile` and `region` of the settings file.
    file: Vec<Given>,
}

/// What was said on the command line. What the environment and the settings file say holds for the next command, too.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said(pub Vec<Given>);

/// One option.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    pub option: String,
    pub value: Option<String>,
    /// Those that have this option.
    pub commands: Vec<String>,
}

impl Again {
    pub fn new(cluster: DnsName, said: Said) -> Self {
        // It is named also where the environment says it.
        Self { cluster, said: said.without("cluster"), file: Vec::new() }
    }

    /// What the settings file says of it: k8sport reads that again, and `aws` doesn't.
    #[must_use]
    pub fn in_file(mut self, option: &str, value: Option<&String>) -> Self {
        self.file.extend(value.map(|value| Given { option: option.to_owned(), value: Some(value.clone()), commands: Vec::new() }));
        self
    }

    /// The options that lead a command of `aws` to the same account and region, each with a blank before.
    pub fn place(&self) -> String {
        let said = self.said.0.iter().chain(&self.file);
        said.filter(|given| ["profile", "region"].contains(&given.option.as_str())).map(Given::text).collect()
    }

    /// `words` begin with the command's name.
    pub fn command(&self, words: &str) -> String {
        format!("k8sport {words} --cluster {}{}", self.cluster, self.said.to(words))
    }
}

impl Said {
    #[must_use]
    pub fn without(mut self, option: &str) -> Self {
        self.0.retain(|given| given.option != option);
        self
    }

    /// What of it the command has, each with a blank before; `words` begin with the command's name.
    pub fn to(&self, words: &str) -> String {
        let begins = |command: &String| words.strip_prefix(command.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
        self.0.iter().filter(|given| given.commands.iter().any(begins)).map(Given::text).collect()
    }
}

impl Given {
    fn text(&self) -> String {
        let value = self.value.as_deref().map(|value| format!(" {}", quoted(value))).unwrap_or_default();
        format!(" --{}{value}", self.option)
    }
}

/// As a shell takes it for one word.
fn quoted(text: &str) -> String {
    let plain = |char: char| char.is_ascii_alphanumeric() || "-_./:,=+@%~".contains(char);
    if !text.is_empty() && text.chars().all(plain) { text.to_owned() } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_has_the_options_that_it_knows_and_a_shell_reads_them_back() {
        let given = |option: &str, value: Option<&str>, commands: [&str; 2]| Given {
            option: option.to_owned(),
            value: value.map(str::to_owned),
            commands: commands.map(str::to_owned).into(),
        };
        let again = Again::new(
            "c02.example.com".parse().expect("a name"),
            Said(vec![
                given("ssh-key", Some("/home/it's me/key"), ["bootstrap", "status"]),
                given("no-secondary-ip", None, ["bootstrap", "diagnose"]),
            ]),
        );
        assert_eq!(
            again.command("bootstrap"),
            r"k8sport bootstrap --cluster c02.example.com --ssh-key '/home/it'\''s me/key' --no-secondary-ip"
        );
        assert_eq!(again.command("diagnose --fix"), "k8sport diagnose --fix --cluster c02.example.com --no-secondary-ip");
        assert_eq!(again.command("update-dns"), "k8sport update-dns --cluster c02.example.com");
        assert_eq!(again.place(), "");
        let elsewhere = again.in_file("profile", Some(&"prod".to_owned())).in_file("region", None);
        assert_eq!(elsewhere.place(), " --profile prod");
        assert_eq!(elsewhere.command("update-dns"), "k8sport update-dns --cluster c02.example.com");
        assert_eq!(quoted(""), "''");
    }
}

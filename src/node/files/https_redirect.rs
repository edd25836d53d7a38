//! The redirect from HTTP to HTTPS in our HAProxy, for all hosts at once. It is in the configuration as a rule, or as a
//! comment that remembers that it is off: the node itself is what says how it should be.

use std::str::FromStr;
use std::time::{Duration, SystemTime};

use serde::Serialize;

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "state")]
pub enum HttpsRedirect {
    /// Whether HTTP is redirected is left to the ingress.
    #[default]
    Absent,
    On,
    /// For a while.
    Off {
        until: Option<Until>,
    },
}

/// When it is meant to be on again, in RFC 3339 with whole seconds. Nothing else gets into a configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Until(SystemTime);

/// 307 and not 301 or 308: browsers would keep those, and turning it off wouldn't bring HTTP back. HTTP-01 challenges of
/// ACME have to be answered where they are asked for: a host may have no certificate yet. A port in `Host` is that of HTTP.
const RULE: &str =
    "    http-request redirect prefix https://%[req.hdr(host),field(1,:)] code 307 unless { path_beg /.well-known/acme-challenge/ }\n";
const OFF: &str = "    # The redirect to HTTPS is off";
const UNTIL: &str = ", until ";

impl HttpsRedirect {
    /// For the frontend of port 80.
    pub(super) fn render(&self) -> String {
        match self {
            Self::Absent => String::new(),
            Self::On => RULE.to_owned(),
            Self::Off { until: None } => format!("{OFF}.\n"),
            Self::Off { until: Some(until) } => format!("{OFF}{UNTIL}{until}\n"),
        }
    }

    /// What a configuration of ours says.
    pub fn configured(config: &str) -> Self {
        if config.lines().any(|line| line == RULE.trim_end()) {
            return Self::On;
        }
        match config.lines().find_map(|line| line.strip_prefix(OFF)) {
            None => Self::Absent,
            Some(rest) => Self::Off { until: rest.strip_prefix(UNTIL).and_then(|until| until.parse().ok()) },
        }
    }
}

impl Until {
    /// None for a time that has no year of four digits.
    pub fn new(time: SystemTime) -> Option<Self> {
        let latest = SystemTime::UNIX_EPOCH + Duration::from_secs(253_402_300_799);
        (SystemTime::UNIX_EPOCH..=latest).contains(&time).then_some(Self(time))
    }

    pub fn time(self) -> SystemTime {
        self.0
    }
}

impl FromStr for Until {
    type Err = humantime::TimestampError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        humantime::parse_rfc3339(text).map(Self)
    }
}

impl std::fmt::Display for Until {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        humantime::format_rfc3339_seconds(self.0).fmt(f)
    }
}

impl Serialize for Until {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

//! What HAProxy serves by its haproxy.cfg: each frontend, and where it sends to.

use super::config::{Bind, binds};

/// A `frontend` or `listen`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Frontend {
    pub name: String,
    /// As they stand there, sockets and IPv6 addresses among them.
    pub places: Vec<String>,
    pub binds: Vec<Bind>,
    /// `ADDRESS:PORT` of the servers that it sends to; others' words where that can't be known.
    pub servers: Vec<String>,
    /// It sends nowhere: HAProxy's own page or figures.
    pub statistics: bool,
}

#[derive(Default)]
struct Section {
    frontend: bool,
    name: String,
    places: Vec<String>,
    servers: Vec<String>,
    backends: Vec<String>,
    statistics: bool,
}

const SECTIONS: [&str; 16] = [
    "global",
    "defaults",
    "frontend",
    "backend",
    "listen",
    "peers",
    "resolvers",
    "userlist",
    "mailers",
    "cache",
    "program",
    "ring",
    "log-forward",
    "http-errors",
    "fcgi-app",
    "crt-store",
];

pub fn frontends(text: &str) -> Vec<Frontend> {
    let mut sections: Vec<Section> = Vec::new();
    for line in text.lines() {
        let words: Vec<&str> = line.split('#').next().unwrap_or_default().split_whitespace().collect();
        if let Some(kind) = words.first().filter(|word| SECTIONS.contains(word)) {
            let name = words.get(1).copied().unwrap_or_default().to_owned();
            sections.push(Section { frontend: ["frontend", "listen"].contains(kind), name, ..Section::default() });
        } else if let Some(section) = sections.last_mut() {
            section.line(&words);
        }
    }
    let of_backend = |name: &String| match sections.iter().find(|section| !section.frontend && section.name == *name) {
        Some(backend) => backend.servers.clone(),
        None => vec![name.clone()],
    };
    let frontend = |section: &Section| {
        let servers: Vec<String> = section.servers.iter().cloned().chain(section.backends.iter().flat_map(of_backend)).collect();
        let binds = section.places.iter().flat_map(|place| binds(&format!("bind {place}"))).collect();
        let statistics = section.statistics && section.servers.is_empty() && section.backends.is_empty();
        Frontend { name: section.name.clone(), places: section.places.clone(), binds, servers, statistics }
    };
    sections.iter().filter(|section| section.frontend && !section.places.is_empty()).map(frontend).collect()
}

impl Section {
    fn line(&mut self, words: &[&str]) {
        let own = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        match words {
            ["bind", places, ..] => self.places.extend(places.split(',').map(str::to_owned)),
            ["server", _, at, ..] => self.servers.extend(own(&[at])),
            // Where they lead isn't said here.
            ["server-template" | "dispatch" | "redirect" | "use-fcgi-app", ..] => self.servers.extend(own(&words[..1])),
            ["http-request", "redirect" | "return" | "auth" | "set-dst", ..] => self.servers.extend(own(&words[..2])),
            ["default_backend" | "use_backend", backend, ..] => self.backends.extend(own(&[backend])),
            ["stats", ..] | ["http-request", "use-service", "prometheus-exporter", ..] => self.statistics = true,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frontends_with_their_servers() {
        let found = frontends(
            "defaults\n mode tcp\nfrontend api\n bind 10.0.0.100:6443,:7443\n default_backend masters\n\
             backend masters\n server a 10.0.0.10:6443 check\n server b 10.0.0.11:6443\n\
             listen stats # the page\n bind *:8404\n stats enable\n\
             listen web\n bind *:80\n server x 10.0.0.50:8080\n\
             frontend lost\n bind /run/x.sock\n use_backend %[req.hdr(host)] if x\n",
        );
        let shown: Vec<_> = found.iter().map(|one| (one.name.as_str(), one.binds.len(), one.servers.join(" "), one.statistics)).collect();
        assert_eq!(
            shown,
            [
                ("api", 2, "10.0.0.10:6443 10.0.0.11:6443".to_owned(), false),
                ("stats", 1, String::new(), true),
                ("web", 1, "10.0.0.50:8080".to_owned(), false),
                ("lost", 0, "%[req.hdr(host)]".to_owned(), false),
            ]
        );
        assert_eq!(found[3].places, ["/run/x.sock"]);
    }

    proptest::proptest! {
        #[test]
        fn whatever_stands_there_is_read(text in "(frontend|listen|backend|bind|server|stats|[a-z:0-9#, \n]){0,60}") {
            let _ = frontends(&text);
        }
    }
}

//! Tells whose configuration the distribution's HAProxy instance runs with.

/// Whose `/etc/haproxy/haproxy.cfg` this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// The scripts': binds on all addresses, NodePorts of the ingress behind them.
    Scripts,
    /// As the package brings it: no listener at all.
    Stock,
    /// Somebody's own.
    Administrator,
}

/// Judges by what the configuration listens on and forwards to, since the scripts had several versions of the text.
pub fn owner(config: &str) -> Owner {
    let mut binds = Vec::new();
    let mut servers = Vec::new();
    for line in config.lines() {
        let words: Vec<&str> = line.split('#').next().unwrap_or_default().split_whitespace().collect();
        match words.as_slice() {
            ["bind", address, ..] => binds.push(*address),
            ["server", _, address, ..] => servers.push(*address),
            ["server-template" | "use-server" | "dispatch", ..] => return Owner::Administrator,
            _ => {}
        }
    }
    if binds.is_empty() && servers.is_empty() {
        return Owner::Stock;
    }
    let listens_like_scripts = binds.contains(&"*:80") && binds.iter().all(|bind| matches!(*bind, "*:80" | "*:8443" | "*:8404"));
    let forwards_like_scripts = servers.contains(&"127.0.0.1:30080")
        && servers.iter().all(|server| matches!(*server, "127.0.0.1:443" | "127.0.0.1:30443" | "127.0.0.1:30080"));
    if listens_like_scripts && forwards_like_scripts { Owner::Scripts } else { Owner::Administrator }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCRIPTS: &str = "
global
    daemon
frontend https_front
    bind *:8443
    default_backend ingress_https
frontend http_front
    bind *:80
backend api_backend
    server api-server 127.0.0.1:443 check
backend ingress_https
    server ingress 127.0.0.1:30443 check
backend ingress_http
    server ingress 127.0.0.1:30080 check
";

    #[test]
    fn the_scripts_in_their_versions() {
        assert_eq!(owner(SCRIPTS), Owner::Scripts);
        assert_eq!(owner(&format!("{SCRIPTS}listen stats\n    bind *:8404\n    stats enable\n")), Owner::Scripts);
        assert_eq!(owner("frontend f\n  bind *:80\nbackend b\n  server i 127.0.0.1:30080 check\n"), Owner::Scripts);
    }

    #[test]
    fn the_package_and_the_administrator() {
        assert_eq!(owner("global\n\tlog /dev/log local0\ndefaults\n\tmode http\n"), Owner::Stock);
        for own in [
            format!("{SCRIPTS}frontend mine\n    bind *:5432\n"),
            format!("{SCRIPTS}backend mine\n    server db 10.0.0.5:5432\n"),
            SCRIPTS.replace("bind *:8443", "bind *:443"),
            "frontend f\n  bind *:80\nbackend b\n  server-template i 3 x.example.com:80\n".to_owned(),
        ] {
            assert_eq!(owner(&own), Owner::Administrator, "{own}");
        }
    }
}

//! Who answered for the application? The certificate says it, without a look into the node.

use super::tls::Certificate;
use crate::names::DnsName;

/// Who answered on the application's address.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "answered", rename_all = "kebab-case")]
pub enum Verdict {
    /// Something else than the API server.
    Application,
    /// The API server, and by what that was seen.
    ApiServer { because: String },
}

/// Compares the certificate that answered for the application (through the Elastic IP) with the API server's (through the
/// primary address, if it could be asked).
///
/// | the application's certificate | verdict |
/// |---|---|
/// | has the API server's key | API server |
/// | is for `kubernetes`, `kubernetes.default…`, `api.<cluster>` or `api.internal.<cluster>` | API server |
/// | is from the issuer of the API server's, and that is the cluster's own CA | API server |
/// | anything else: also self-signed, expired or an ingress' default | application |
///
/// That both have the same issuer says nothing when the API server's certificate comes from a public CA.
pub fn judge(application: &Certificate, api: Option<&Certificate>, cluster: &DnsName) -> Verdict {
    let because = if api.is_some_and(|api| api.public_key == application.public_key) {
        Some("it has the same key as the API server's".to_owned())
    } else if let Some(name) = application.sans.iter().find(|name| is_api_name(name, cluster)) {
        Some(format!("it is for {name}"))
    } else {
        let own_ca = api.is_some_and(|api| api.issuer == application.issuer && api.sans.iter().any(|name| is_kubernetes(name)));
        own_ca.then(|| format!("it is from the cluster's own CA ({})", application.issuer))
    };
    because.map_or(Verdict::Application, |because| Verdict::ApiServer { because })
}

fn is_api_name(name: &str, cluster: &DnsName) -> bool {
    let name = name.to_ascii_lowercase();
    is_kubernetes(&name) || name == format!("api.{cluster}") || name == format!("api.internal.{cluster}")
}

/// Names that only a cluster's own CA gives, and only to the API server.
fn is_kubernetes(name: &str) -> bool {
    name == "kubernetes" || name == "kubernetes.default" || name.starts_with("kubernetes.default.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn certificate(key: u8, issuer: &str, sans: &[&str]) -> Certificate {
        Certificate {
            subject: "CN=test".into(),
            issuer: issuer.into(),
            sans: sans.iter().map(|name| (*name).to_owned()).collect(),
            not_after: 0,
            not_after_date: "1970-01-01".into(),
            public_key: vec![key],
        }
    }

    #[test]
    fn the_table() {
        let cluster: DnsName = "c02.example.com".parse().expect("name");
        let kops = certificate(1, "CN=kubernetes-ca", &["kubernetes", "kubernetes.default.svc", "api.c02.example.com", "127.0.0.1"]);
        let public = certificate(1, "O=Let's Encrypt", &["api.c02.example.com"]);
        for (what, application, api, is_api) in [
            ("an application's", certificate(2, "O=Let's Encrypt", &["app.example.com"]), Some(&kops), false),
            ("an ingress' default", certificate(2, "CN=Fake", &["ingress.local"]), Some(&kops), false),
            ("without names", certificate(2, "CN=x", &[]), Some(&kops), false),
            ("the API unreachable", certificate(2, "O=Let's Encrypt", &["app.example.com"]), None, false),
            ("both from a public CA", certificate(2, "O=Let's Encrypt", &["app.example.com"]), Some(&public), false),
            ("a wildcard above the API's name", certificate(2, "CN=x", &["*.c02.example.com", "*.example.com"]), Some(&kops), false),
            (
                "a name that only begins alike",
                certificate(2, "CN=x", &["kubernetes.example.com", "api.c02.example.com.evil.net"]),
                Some(&kops),
                false,
            ),
            ("the same certificate", kops.clone(), Some(&kops), true),
            ("the same key, other names", certificate(1, "CN=x", &["app.example.com"]), Some(&kops), true),
            ("another replica of the API server", certificate(3, "CN=kubernetes-ca", &["kubernetes.default"]), None, true),
            ("the API's public name", certificate(3, "CN=x", &["API.c02.example.com"]), None, true),
            ("the API's internal name", certificate(3, "CN=x", &["api.internal.c02.example.com"]), None, true),
            ("the cluster's CA", certificate(3, "CN=kubernetes-ca", &["kubelet"]), Some(&kops), true),
        ] {
            let verdict = judge(&application, api, &cluster);
            assert_eq!(matches!(verdict, Verdict::ApiServer { .. }), is_api, "{what}: {verdict:?}");
        }
    }
}

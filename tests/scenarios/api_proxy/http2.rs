//! What HTTP/2 has and HTTP/1.1 hasn't: many streams on a connection, each with an end of its own.

use std::io::{BufRead as _, BufReader, Write as _};

use super::running::{Running, clients_python};
use crate::support::Lab;

const SCRIPT: &str = include_str!("http2.py");

/// As many as the API server itself allows on one connection by default.
const STREAMS: &str = "100";

#[test]
fn a_connection_full_of_watches_and_the_cancellation_of_each() {
    let lab = Lab::with_api();
    let proxy = Running::start(&lab, &[]);
    let (token, authority) = proxy.credentials();
    let gauge = r#"mca_requests_in_flight{kind="long-running"}"#;
    let upstream = "curl -s -A test --cacert /srv/kubernetes/ca.crt --cert /srv/kubernetes/admin.crt --key /srv/kubernetes/admin.key https://127.0.0.1/metrics | grep '^apiserver_longrunning_gauge.*resource=\"configmaps\".*verb=\"WATCH\"'";
    let before = lab.node(upstream);
    let mut client = lab.start_asked(&[&clients_python(), "-B", "-c", SCRIPT, "watches", &authority, &token]);
    let (mut asked, mut said) = (client.stdin.take().expect("a pipe"), BufReader::new(client.stdout.take().expect("a pipe")).lines());
    let mut next = || said.next().map(|line| line.expect("a line")).unwrap_or_default();
    assert_eq!(next(), STREAMS);
    assert_eq!((proxy.metric(gauge).to_string().as_str(), proxy.metric("mca_connections")), (STREAMS, 1.0));
    proxy.kubectl(&["create", "configmap", "news"]).expect(0);
    asked.write_all(b"\n").expect("written");
    assert_eq!(next(), "cancelled");
    proxy.until("the end of the watches", |proxy| proxy.metric(gauge) == 0.0);
    proxy.until("the API server's end of the watches", |_| lab.node(upstream) == before);
    assert_eq!(proxy.metric("mca_connections"), 1.0, "the connection itself stays");
    drop(asked);
    assert!(client.wait().expect("an end").success());
    drop(proxy);

    // The API server has no trailers of its own.
    let (certificates, home) = (lab.state().join("certificates"), lab.home());
    let path = |name: &str| certificates.join(name).display().to_string();
    let mut upstream =
        lab.start_asked(&[&clients_python(), "-B", "-c", SCRIPT, "upstream", &path("apiserver.crt"), &path("apiserver.key")]);
    let mut line = String::new();
    BufReader::new(upstream.stdout.take().expect("a pipe")).read_line(&mut line).expect("a line");
    assert_eq!(line, "listening\n");
    let config = std::fs::read_to_string(home.join(".kube/config")).expect("a kubeconfig");
    let elsewhere = home.join(".kube/http2").display().to_string();
    std::fs::write(&elsewhere, config.replace("https://api.c02.example.com", "https://127.0.0.1:16445")).expect("written");
    let proxy = Running::start(&lab, &["--kubeconfig", &elsewhere]);
    let (token, authority) = proxy.credentials();
    let ended = proxy.client(SCRIPT, &["ends", &authority, &token]);
    let _ = upstream.kill();
    let _ = upstream.wait();
    assert_eq!(ended.stdout, "ok\n", "{}", ended.stderr);
}

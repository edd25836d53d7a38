//! Tests over a real HTTP exchange: a server that answers as told, and the client as it is.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::Cluster;
use crate::plan::https_redirect::Edit;
use crate::plan::ingress::Ingress;

/// A cluster whose API server asks `reply` for each request: method and path give a status and a document.
async fn serve(reply: impl Fn(&str, &str) -> (u16, Value) + Send + Sync + 'static) -> Cluster {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let server = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let _ = answer(stream, &reply).await;
        }
    });
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let config = kube::Config::new(server.parse().expect("a URL"));
    Cluster { client: config.try_into().expect("a client"), server, context: "test".to_owned() }
}

async fn answer(mut stream: TcpStream, reply: &impl Fn(&str, &str) -> (u16, Value)) -> std::io::Result<()> {
    let (mut text, mut part) = (String::new(), [0; 4096]);
    // What is left unread would cut the answer off.
    while text.split_once("\r\n\r\n").is_none_or(|(head, body)| body.len() < announced(head)) {
        let length = stream.read(&mut part).await?;
        if length == 0 {
            return Ok(());
        }
        text.push_str(&String::from_utf8_lossy(&part[..length]));
    }
    let mut words = text.split([' ', '?']);
    let (status, body) = reply(words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let body = body.to_string();
    let head =
        format!("HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    stream.write_all((head + &body).as_bytes()).await
}

fn announced(head: &str) -> usize {
    head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length:")?.trim().parse().ok()).unwrap_or(0)
}

fn list(items: Value) -> (u16, Value) {
    (200, json!({ "kind": "List", "apiVersion": "v1", "metadata": {}, "items": items }))
}

fn status(code: u16) -> (u16, Value) {
    let body =
        json!({ "kind": "Status", "apiVersion": "v1", "status": "Failure", "message": "told so", "reason": "NotFound", "code": code });
    (code, body)
}

fn namespace(message: Option<&str>) -> Value {
    let condition = message.map(|message| {
        json!({ "type": "NamespaceContentRemaining", "status": "True", "message": message, "reason": "SomeResourcesRemain", "lastTransitionTime": "2026-11-24T10:00:00Z" })
    });
    json!({ "kind": "Namespace", "apiVersion": "v1", "metadata": { "name": "shop" }, "status": { "phase": "Terminating", "conditions": condition.into_iter().collect::<Vec<_>>() } })
}

#[tokio::test]
async fn control_planes_are_those_with_the_role() {
    let node = |name: &str, label: &str, ip: &str| {
        let addresses = json!([{ "type": "Hostname", "address": name }, { "type": "InternalIP", "address": ip }]);
        json!({ "metadata": { "name": name, "labels": { label: "" } }, "status": { "addresses": addresses } })
    };
    let nodes = json!([
        node("cp1", "node-role.kubernetes.io/control-plane", "10.0.0.10"),
        node("worker", "node-role.kubernetes.io/worker", "10.0.0.20"),
        node("cp2", "node-role.kubernetes.io/master", "10.0.0.11"),
        node("v6", "node-role.kubernetes.io/control-plane", "fd00::1"),
    ]);
    let cluster = serve(move |_, _| list(nodes.clone())).await;
    let found = cluster.control_planes().await.expect("control planes");
    assert_eq!(found.iter().map(ToString::to_string).collect::<Vec<_>>(), ["10.0.0.10", "10.0.0.11"]);
}

#[tokio::test]
async fn namespaces_come_with_what_costs_money_outside() {
    let cluster = serve(|_, path| match path {
        "/api/v1/namespaces" => list(json!([{ "metadata": { "name": "shop" } }, { "metadata": { "name": "kube-system" } }])),
        "/api/v1/services" => list(json!([
            { "metadata": { "name": "a", "namespace": "shop" }, "spec": { "type": "LoadBalancer" } },
            { "metadata": { "name": "b", "namespace": "shop" }, "spec": { "type": "ClusterIP" } },
        ])),
        _ => list(json!([{ "metadata": { "name": "c", "namespace": "shop" } }, { "metadata": { "name": "d", "namespace": "shop" } }])),
    })
    .await;
    let found = cluster.namespaces().await.expect("namespaces");
    let found: Vec<_> = found.iter().map(|found| (found.name.as_str(), found.load_balancers, found.volume_claims)).collect();
    assert_eq!(found, [("kube-system", 0, 0), ("shop", 1, 2)]);
}

#[tokio::test]
async fn a_namespace_is_waited_for_until_it_is_gone() {
    let looks = AtomicUsize::new(0);
    let cluster = serve(move |method, _| match (method, looks.fetch_add(1, Ordering::SeqCst)) {
        ("DELETE", _) => (200, namespace(None)),
        (_, 0..3) => (200, namespace(Some("services. has 1 resource instances"))),
        _ => status(404),
    })
    .await;
    let said = std::cell::RefCell::new(Vec::new());
    let on_wait = |why: &str| said.borrow_mut().push(why.to_owned());
    cluster.writer().delete_namespace("shop", Duration::from_secs(60), on_wait).await.expect("gone");
    assert_eq!(said.borrow().first().map(String::as_str), Some("services. has 1 resource instances"));
}

#[tokio::test]
async fn one_that_does_not_go_is_named_with_what_holds_it_and_one_that_is_gone_is_no_failure() {
    let cluster =
        serve(|_, path| if path.ends_with("/gone") { status(404) } else { (200, namespace(Some("persistentvolumeclaims. has 1"))) }).await;
    let writer = cluster.writer();
    writer.delete_namespace("gone", Duration::ZERO, |_| ()).await.expect("gone already");
    let failure = writer.delete_namespace("shop", Duration::ZERO, |_| ()).await.expect_err("it stays");
    assert_eq!(failure.what, "namespace shop is not gone");
    assert!(failure.cause.as_deref().is_some_and(|cause| cause.contains("persistentvolumeclaims")), "{failure:?}");
    assert!(failure.next.iter().any(|next| next.contains("--skip-applications")), "{failure:?}");
}

#[tokio::test]
async fn images_are_those_of_pods_and_of_what_makes_pods() {
    let spec = |image: &str| json!({ "containers": [{ "name": "c", "image": image }] });
    let template =
        move |image: &str| json!([{ "metadata": {}, "spec": { "selector": {}, "serviceName": "s", "template": { "spec": spec(image) } } }]);
    let cluster = serve(move |_, path| match path {
        "/api/v1/pods" => list(json!([{
            "metadata": {},
            "spec": { "initContainers": [{ "name": "i", "image": "r/init:1" }], "containers": [{ "name": "c", "image": "r/app:3" }] },
            "status": { "containerStatuses": [{ "name": "c", "image": "r/app:3", "imageID": "docker-pullable://r/app@sha256:3", "ready": true, "restartCount": 0 }] },
        }])),
        "/apis/apps/v1/replicasets" => list(template("r/app:2")),
        "/apis/apps/v1/statefulsets" => list(template("r/db:1")),
        "/apis/batch/v1/cronjobs" => {
            let job = json!({ "template": { "spec": spec("r/job:1") } });
            list(json!([{ "metadata": {}, "spec": { "schedule": "@daily", "jobTemplate": { "spec": job } } }]))
        }
        _ => list(json!([])),
    })
    .await;
    let expected = ["r/app:2", "r/app:3", "r/app@sha256:3", "r/db:1", "r/init:1", "r/job:1"].map(str::to_owned);
    assert_eq!(cluster.images().await.expect("images"), BTreeSet::from(expected));
}

fn ingress(version: usize) -> (u16, Value) {
    let metadata = json!({ "name": "app", "namespace": "apps", "resourceVersion": version.to_string() });
    (200, json!({ "kind": "Ingress", "apiVersion": "networking.k8s.io/v1", "metadata": metadata, "spec": {} }))
}

fn edit() -> Edit {
    Edit {
        namespace: "apps".to_owned(),
        name: "app".to_owned(),
        hosts: Vec::new(),
        tls: true,
        before: [("a".to_owned(), Some("1".to_owned()))].into(),
        after: [("a".to_owned(), None)].into(),
        resource_version: "0".to_owned(),
    }
}

fn conflict() -> (u16, Value) {
    let body = json!({ "kind": "Status", "apiVersion": "v1", "status": "Failure", "message": "the object has been modified", "reason": "Conflict", "code": 409 });
    (409, body)
}

#[tokio::test]
async fn a_write_that_meets_another_one_looks_again_and_is_tried_again() {
    let writes = AtomicUsize::new(0);
    let cluster = serve(move |method, _| match method {
        "PATCH" if writes.fetch_add(1, Ordering::SeqCst) < 2 => conflict(),
        _ => ingress(writes.load(Ordering::SeqCst)),
    })
    .await;
    let seen = std::cell::RefCell::new(Vec::new());
    let still = |now: &Ingress| {
        seen.borrow_mut().push(now.resource_version.clone());
        true
    };
    cluster.writer().annotate(&edit(), still).await.expect("written");
    assert_eq!(*seen.borrow(), ["1", "2"]);
}

#[tokio::test]
async fn what_others_change_all_the_time_or_otherwise_than_planned_is_left() {
    let writes = std::sync::Arc::new(AtomicUsize::new(0));
    let counted = std::sync::Arc::clone(&writes);
    let cluster = serve(move |method, _| match method {
        "PATCH" => {
            counted.fetch_add(1, Ordering::SeqCst);
            conflict()
        }
        _ => ingress(1),
    })
    .await;
    let failure = cluster.writer().annotate(&edit(), |_| true).await.expect_err("never written");
    assert!(failure.what.contains("all the time") && writes.load(Ordering::SeqCst) == 5, "{failure:?}");
    let failure = cluster.writer().annotate(&edit(), |_| false).await.expect_err("another plan");
    assert!(failure.kind == crate::failure::Kind::Refused && writes.load(Ordering::SeqCst) == 6, "{failure:?}");
}

#[tokio::test]
async fn a_cluster_issuer_is_tried_until_cert_manager_takes_it() {
    let tries = AtomicUsize::new(0);
    let cluster = serve(move |method, path| match (method, path) {
        ("GET", "/apis") => (200, json!({ "kind": "APIGroupList", "apiVersion": "v1", "groups": [] })),
        ("PATCH", "/apis/cert-manager.io/v1/clusterissuers/letsencrypt-prod") => match tries.fetch_add(1, Ordering::Relaxed) {
            0 => status(404),
            1 => status(500),
            _ => (201, json!({ "apiVersion": "cert-manager.io/v1", "kind": "ClusterIssuer", "metadata": { "name": "letsencrypt-prod" } })),
        },
        other => panic!("{other:?}"),
    })
    .await;
    assert!(!cluster.cluster_issuer("letsencrypt-prod").await.expect("groups").cert_manager);
    let waits = AtomicUsize::new(0);
    let spec = json!({});
    let count = |_: &str| {
        waits.fetch_add(1, Ordering::Relaxed);
    };
    cluster.writer().apply_cluster_issuer("letsencrypt-prod", &spec, Duration::from_secs(60), count).await.expect("taken");
    assert_eq!(waits.load(Ordering::Relaxed), 2);
}

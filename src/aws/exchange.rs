//! Tests over a real HTTP exchange: a server that answers as told, and the clients as they are but with short deadlines.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region};
use aws_credential_types::Credentials;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::{Aws, deadlines};
use crate::failure::Failure;
use crate::plan::ownership::OPERATION;

/// What the server does with a request.
pub(super) enum Reply {
    Answer(u16, String),
    /// Reads the request and closes the connection.
    Lost,
    /// Never answers.
    Silence,
}

pub(super) type Log = Arc<Mutex<Vec<String>>>;

/// A server that asks `reply` for each request, by its action and the number of earlier requests for that.
pub(super) async fn serve(reply: impl Fn(&str, usize) -> Reply + Send + Sync + 'static) -> (Aws, Log) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let aws = client(&format!("http://{}", listener.local_addr().expect("an address"))).await;
    let log = Log::default();
    let (seen, reply) = (log.clone(), Arc::new(reply));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(answer(stream, seen.clone(), reply.clone()));
        }
    });
    (aws, log)
}

async fn answer(mut stream: TcpStream, seen: Log, reply: Arc<impl Fn(&str, usize) -> Reply>) -> std::io::Result<()> {
    let action = action(&read(&mut stream).await?);
    let earlier = {
        let mut seen = seen.lock().expect("log");
        seen.push(action.clone());
        seen.iter().filter(|other| **other == action).count() - 1
    };
    match reply(&action, earlier) {
        Reply::Lost => Ok(()),
        Reply::Silence => std::future::pending().await,
        Reply::Answer(status, body) => {
            let head = format!(
                "HTTP/1.1 {status} X\r\nContent-Type: text/xml\r\nx-amzn-RequestId: req-1\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                body.len()
            );
            stream.write_all((head + &body).as_bytes()).await
        }
    }
}

/// A request with its body, as text.
async fn read(stream: &mut TcpStream) -> std::io::Result<String> {
    let (mut text, mut part) = (String::new(), [0; 4096]);
    loop {
        let length = stream.read(&mut part).await?;
        text.push_str(&String::from_utf8_lossy(&part[..length]));
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let wanted = head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
        if body.len() >= wanted.unwrap_or(0) || length == 0 {
            return Ok(text);
        }
    }
}

/// What the request names in its body (EC2, STS) or in its target (Service Quotas), or its path (Route 53).
fn action(request: &str) -> String {
    let target =
        request.lines().find_map(|line| line.to_ascii_lowercase().starts_with("x-amz-target: ").then(|| line.split('.').next_back()));
    let path = request.split(['?', ' ']).nth(1);
    match request.split_once("Action=") {
        Some((_, rest)) => rest.split('&').next(),
        None => target.flatten().or(path),
    }
    .unwrap_or_default()
    .to_owned()
}

/// The clients as [`Aws::connect`] makes them, with keys of their own and deadlines for people in a hurry.
async fn client(endpoint: &str) -> Aws {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(1))
        .operation_attempt_timeout(Duration::from_millis(300))
        .operation_timeout(Duration::from_millis(800));
    let config = aws_config::defaults(BehaviorVersion::latest())
        .region(Region::new("eu-central-1"))
        .credentials_provider(Credentials::new("test", "test", None, None, "test"))
        .endpoint_url(endpoint)
        .timeout_config(timeouts.build())
        .retry_config(deadlines::retries().with_initial_backoff(Duration::from_millis(1)))
        .load()
        .await;
    Aws::new(&config, "eu-central-1".into())
}

fn error(status: u16, code: &str, message: &str) -> Reply {
    let error = format!("<Error><Code>{code}</Code><Message>{message}</Message></Error>");
    Reply::Answer(status, format!("<Response><Errors>{error}</Errors></Response>"))
}

fn allocated() -> Reply {
    let body = "<AllocateAddressResponse><publicIp>198.51.100.7</publicIp><allocationId>eipalloc-12345678</allocationId></AllocateAddressResponse>";
    Reply::Answer(200, body.to_owned())
}

/// `DescribeAddresses` with one address, or with none.
fn addresses(any: bool) -> Reply {
    let tag = format!("<tagSet><item><key>{OPERATION}</key><value>op-1</value></item></tagSet>");
    let item = format!("<item><publicIp>198.51.100.7</publicIp><allocationId>eipalloc-12345678</allocationId>{tag}</item>");
    let set = if any { item } else { String::new() };
    Reply::Answer(200, format!("<DescribeAddressesResponse><addressesSet>{set}</addressesSet></DescribeAddressesResponse>"))
}

fn count(log: &Log, action: &str) -> usize {
    log.lock().expect("log").iter().filter(|seen| *seen == action).count()
}

async fn failure(aws: &Aws) -> Failure {
    aws.elastic_ips().await.expect_err("a failure")
}

#[tokio::test]
async fn a_silent_server_is_left_at_the_deadline() {
    let (aws, log) = serve(|_, _| Reply::Silence).await;
    let started = Instant::now();
    let failure = failure(&aws).await;
    assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
    assert_eq!(failure.what, "ec2:DescribeAddresses for the Elastic IPs in eu-central-1 got no answer that can be used");
    assert!(failure.cause.as_deref().is_some_and(|cause| cause.contains("timeout") && !cause.contains("dispatch failure")), "{failure:?}");
    assert!(count(&log, "DescribeAddresses") <= 3);
}

#[tokio::test]
async fn reads_are_repeated_after_5xx_answers() {
    let (aws, log) = serve(|_, earlier| if earlier < 2 { Reply::Answer(503, String::new()) } else { addresses(true) }).await;
    assert_eq!(aws.elastic_ips().await.expect("an address").len(), 1);
    assert_eq!(count(&log, "DescribeAddresses"), 3);
}

#[tokio::test]
async fn a_refused_connection_is_named() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    drop(listener);
    let failure = failure(&client(&format!("http://{address}")).await).await;
    assert!(failure.cause.as_deref().is_some_and(|cause| cause.contains("Connection refused")), "{failure:?}");
    assert_eq!(failure.next, ["check the network of this machine, its DNS and whether the region exists"]);
}

#[tokio::test]
async fn answers_become_words() {
    for (status, code, message, next) in [
        (403, "UnauthorizedOperation", "You may not.", "allow ec2:DescribeAddresses for this identity"),
        (403, "UnauthorizedOperation", "x is not authorized to perform: ec2:CreateTags on y", "allow ec2:CreateTags for this identity"),
        (400, "RequestExpired", "x", "get fresh credentials"),
        (401, "AuthFailure", "AWS was not able to validate the provided access credentials", "check the credentials"),
        (503, "RequestLimitExceeded", "x", "wait a minute"),
        (400, "InvalidAllocationID.NotFound", "x", "run the same command again"),
        (500, "InternalError", "x", "run the same command again"),
    ] {
        let (aws, _) = serve(move |_, _| error(status, code, message)).await;
        let failure = failure(&aws).await;
        assert_eq!(failure.cause, Some(format!("{code}: {message} (request id req-1)")));
        assert!(failure.next.first().is_some_and(|step| step.starts_with(next)), "{failure:?}");
    }
}

#[tokio::test]
async fn an_allocation_whose_answer_is_lost_is_found_and_not_repeated() {
    let (aws, log) = serve(|action, _| if action == "AllocateAddress" { Reply::Lost } else { addresses(true) }).await;
    let address = aws.writer("op-1".into()).allocate_elastic_ip(&Default::default()).await.expect("an address");
    assert_eq!((address.allocation_id.as_str(), count(&log, "AllocateAddress")), ("eipalloc-12345678", 1));
}

#[tokio::test]
async fn an_unclear_allocation_is_sent_again_only_after_a_look() {
    let (aws, log) = serve(|action, earlier| match action {
        "AllocateAddress" if earlier == 0 => Reply::Silence,
        "AllocateAddress" => allocated(),
        _ => addresses(false),
    })
    .await;
    aws.writer("op-1".into()).allocate_elastic_ip(&Default::default()).await.expect("an address");
    let log = log.lock().expect("log");
    assert_eq!((log.first().map(String::as_str), log.last().map(String::as_str)), (Some("AllocateAddress"), Some("AllocateAddress")));
    assert!(log.len() >= 4 && log[1..log.len() - 1].iter().all(|action| action == "DescribeAddresses"), "{log:?}");
}

#[tokio::test]
async fn an_allocation_that_cannot_be_looked_for_is_not_repeated() {
    let (aws, log) =
        serve(|action, _| if action == "AllocateAddress" { Reply::Lost } else { error(403, "UnauthorizedOperation", "x") }).await;
    let failure = aws.writer("op-1".into()).allocate_elastic_ip(&Default::default()).await.expect_err("a failure");
    assert_eq!(count(&log, "AllocateAddress"), 1);
    assert_eq!(failure.state.as_deref(), Some("an Elastic IP with the tag k8sport:op=op-1 may have been allocated; it is not in use"));
}

#[tokio::test]
async fn a_used_up_quota_is_not_tried_twice() {
    let (aws, log) = serve(|_, _| error(400, "AddressLimitExceeded", "x")).await;
    let failure = aws.writer("op-1".into()).allocate_elastic_ip(&Default::default()).await.expect_err("a failure");
    assert_eq!((failure.state.as_deref(), count(&log, "AllocateAddress")), (Some("no Elastic IP was allocated"), 1));
}

#[tokio::test]
async fn a_new_address_that_is_not_known_everywhere_is_waited_for() {
    let (aws, log) = serve(|_, earlier| match earlier {
        0 => error(400, "InvalidAllocationID.NotFound", "x"),
        _ => Reply::Answer(200, "<AssociateAddressResponse><associationId>eipassoc-1</associationId></AssociateAddressResponse>".into()),
    })
    .await;
    let (id, eni) = ("eipalloc-12345678".parse().expect("id"), "eni-12345678".parse().expect("id"));
    aws.writer("op-1".into()).associate_elastic_ip(&id, &eni, std::net::Ipv4Addr::new(10, 0, 0, 20)).await.expect("an association");
    assert_eq!(count(&log, "AssociateAddress"), 2);
}

#[tokio::test]
async fn an_assignment_whose_answer_is_lost_is_seen_on_the_interface() {
    let address = "<privateIpAddressesSet><item><privateIpAddress>10.0.0.20</privateIpAddress></item></privateIpAddressesSet>";
    let item = format!("<item><networkInterfaceId>eni-12345678</networkInterfaceId>{address}</item>");
    let found =
        format!("<DescribeNetworkInterfacesResponse><networkInterfaceSet>{item}</networkInterfaceSet></DescribeNetworkInterfacesResponse>");
    let (aws, _) =
        serve(move |action, _| if action == "AssignPrivateIpAddresses" { Reply::Lost } else { Reply::Answer(200, found.clone()) }).await;
    let (writer, eni) = (aws.writer("op-1".into()), "eni-12345678".parse().expect("id"));
    writer.assign_private_ip(&eni, std::net::Ipv4Addr::new(10, 0, 0, 20)).await.expect("an address");
    let failure = writer.assign_private_ip(&eni, std::net::Ipv4Addr::new(10, 0, 0, 21)).await.expect_err("not there");
    assert_eq!(failure.state.as_deref(), Some("it is not known whether AWS made this change"));
}

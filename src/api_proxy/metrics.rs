//! What can be scraped.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use prometheus::{CounterVec, Encoder as _, Gauge, GaugeVec, HistogramOpts, HistogramVec, Opts, Registry, TextEncoder};

use super::request_info::RequestInfo;

/// Distinct resources that are counted by their names; a client can make up more.
const RESOURCES: usize = 300;
/// Seconds.
const BUCKETS: [f64; 12] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0];

pub struct Metrics {
    registry: Registry,
    requests: CounterVec,
    answers: CounterVec,
    durations: HistogramVec,
    in_flight: GaugeVec,
    errors: CounterVec,
    connections: Gauge,
    port: String,
    cluster: String,
    resources: Mutex<BTreeSet<String>>,
}

impl Metrics {
    pub fn new(port: u16, cluster: &str) -> Result<Self, prometheus::Error> {
        let requests = CounterVec::new(Opts::new("mca_requests_total", "Requests by resource"), &["port", "cluster", "resource"])?;
        let answers = CounterVec::new(Opts::new("mca_responses_total", "Answers by their code, the proxy's own among them"), &["code"])?;
        let durations =
            HistogramOpts::new("mca_request_duration_seconds", "From a request's head to its answer's end, without long-running ones");
        let durations = HistogramVec::new(durations.buckets(BUCKETS.to_vec()), &["verb"])?;
        let in_flight = GaugeVec::new(Opts::new("mca_requests_in_flight", "Requests whose answer has not ended"), &["kind"])?;
        let errors = CounterVec::new(Opts::new("mca_upstream_errors_total", "What went wrong on the way to the API server"), &["reason"])?;
        let connections = Gauge::new("mca_connections", "Open connections of clients")?;
        let registry = Registry::new();
        registry.register(Box::new(requests.clone()))?;
        registry.register(Box::new(answers.clone()))?;
        registry.register(Box::new(durations.clone()))?;
        registry.register(Box::new(in_flight.clone()))?;
        registry.register(Box::new(errors.clone()))?;
        registry.register(Box::new(connections.clone()))?;
        let (port, cluster) = (port.to_string(), cluster.to_owned());
        Ok(Self { registry, requests, answers, durations, in_flight, errors, connections, port, cluster, resources: Mutex::default() })
    }

    pub fn begun(&self, info: &RequestInfo) {
        let resource = self.bounded(&info.resource);
        self.requests.with_label_values(&[self.port.as_str(), &self.cluster, &resource]).inc();
        self.in_flight.with_label_values(&[kind(info)]).inc();
    }

    pub fn answered(&self, code: u16) {
        self.answers.with_label_values(&[code.to_string()]).inc();
    }

    pub fn ended(&self, info: &RequestInfo, after: Duration) {
        self.in_flight.with_label_values(&[kind(info)]).dec();
        if !info.long_running {
            self.durations.with_label_values(&[info.verb]).observe(after.as_secs_f64());
        }
    }

    pub fn upstream_error(&self, reason: &str) {
        self.errors.with_label_values(&[reason]).inc();
    }

    pub fn connected(&self) {
        self.connections.inc();
    }

    pub fn disconnected(&self) {
        self.connections.dec();
    }

    pub fn text(&self) -> Vec<u8> {
        let mut text = Vec::new();
        // Into memory, and of labels that are UTF-8.
        let _ = TextEncoder::new().encode(&self.registry.gather(), &mut text);
        text
    }

    fn bounded(&self, resource: &str) -> String {
        if resource.is_empty() {
            return "none".to_owned();
        }
        let mut known = self.resources.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() < RESOURCES && resource.len() <= 128 {
            known.insert(resource.to_owned());
        }
        if known.contains(resource) { resource.to_owned() } else { "other".to_owned() }
    }
}

fn kind(info: &RequestInfo) -> &'static str {
    if info.long_running { "long-running" } else { "short" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn info(resource: &str) -> RequestInfo {
        RequestInfo { verb: "list", resource: resource.to_owned(), long_running: false }
    }

    #[test]
    fn requests_are_counted_by_port_cluster_and_resource() {
        let metrics = Metrics::new(6443, "current").expect("metrics");
        metrics.begun(&info("pods"));
        metrics.ended(&info("pods"), Duration::from_millis(7));
        let text = String::from_utf8(metrics.text()).expect("UTF-8");
        assert!(text.contains(r#"mca_requests_total{cluster="current",port="6443",resource="pods"} 1"#), "{text}");
        assert!(text.contains(r#"mca_request_duration_seconds_bucket{verb="list",le="0.01"} 1"#), "{text}");
        assert!(text.contains(r#"mca_requests_in_flight{kind="short"} 0"#), "{text}");
    }

    #[test]
    fn names_that_a_client_makes_up_are_bounded() {
        let metrics = Metrics::new(6443, "current").expect("metrics");
        (0..1000).for_each(|n| metrics.begun(&info(&format!("made-up-{n}"))));
        metrics.begun(&info("made-up-1"));
        let text = String::from_utf8(metrics.text()).expect("UTF-8");
        assert_eq!(text.lines().filter(|line| line.starts_with("mca_requests_total{")).count(), RESOURCES + 1);
        assert!(text.contains(r#"resource="other"} 700"#) && text.contains(r#"resource="made-up-1"} 2"#), "{text}");
    }
}

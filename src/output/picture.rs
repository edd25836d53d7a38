//! The picture of `status` as text and as JSON.

use console::Style;
use serde::Serialize;

use super::diagnosis::place;
use super::json::VERSION;
use super::text::Paint;
use crate::picture::Picture;

pub fn text(picture: &Picture, paint: Paint) -> String {
    if picture.error.is_some() {
        return String::new();
    }
    let mut out = place(&picture.target);
    let mut table = |title: &str, rows: Vec<String>| {
        if !rows.is_empty() {
            out.push_str(&format!("{}\n", paint.style(Style::new().bold(), title)));
            rows.iter().for_each(|row| out.push_str(&paint.hang("  ", row.trim_end())));
        }
    };
    let ip = |ip: Option<std::net::Ipv4Addr>| ip.map_or("-".to_owned(), |ip| ip.to_string());
    table(
        "Addresses",
        picture
            .addresses
            .iter()
            .map(|address| format!("{:<15} -> {:<15} {:<16} {}", ip(address.public), ip(address.private), address.purpose, address.state))
            .collect(),
    );
    table("Data path", picture.data_path.iter().cloned().collect());
    table(
        "Ports",
        picture
            .ports
            .iter()
            .map(|port| {
                format!(
                    "{:<15} {:<6} {} {}",
                    port.address,
                    port.port,
                    port.process,
                    port.unit.as_deref().map(|unit| format!("({unit})")).unwrap_or_default()
                )
            })
            .collect(),
    );
    table(
        "HAProxy",
        picture
            .backends
            .iter()
            .map(|server| {
                format!("{:<24} {:<5} {} {} sessions", server.backend, if server.up { "up" } else { "DOWN" }, server.check, server.sessions)
            })
            .collect(),
    );
    table("DNS", picture.records.iter().map(|name| format!("{:<32} {:<16} {}", name.name, name.value, name.leads_to)).collect());
    table(
        "URLs",
        picture
            .urls
            .iter()
            .map(|url| {
                let sign = if url.works { paint.style(Style::new().green(), "✓") } else { paint.style(Style::new().red(), "✗") };
                format!("{sign} {:<38} {}", url.url, url.detail)
            })
            .collect(),
    );
    table("Not for ever", picture.reminders.clone());
    table("Not known", picture.unknown.clone());
    out.push_str(&format!("\npublic addresses: about ${:.2} a month\n", picture.monthly_cost_usd));
    out
}

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    command: &'static str,
    #[serde(flatten)]
    picture: &'a Picture,
}

pub fn json(picture: &Picture) -> String {
    let document = Document { version: VERSION, command: "status", picture };
    serde_json::to_string_pretty(&document).map(|text| text + "\n").unwrap_or_default()
}

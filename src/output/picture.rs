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
    let lines = |title: &str, rows: Vec<String>| table(title, rows.into_iter().map(|row| (String::new(), row)).collect(), paint);
    let ip = |ip: Option<std::net::Ipv4Addr>| ip.map_or("-".to_owned(), |ip| ip.to_string());
    out.push_str(&lines(
        "Addresses",
        picture
            .addresses
            .iter()
            .map(|address| format!("{:<15} -> {:<15} {:<16} {}", ip(address.public), ip(address.private), address.purpose, address.state))
            .collect(),
    ));
    out.push_str(&lines("Data path", picture.data_path.iter().cloned().collect()));
    out.push_str(&lines(
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
    ));
    out.push_str(&lines(
        "HAProxy",
        picture
            .backends
            .iter()
            .map(|server| {
                format!("{:<24} {:<5} {} {} sessions", server.backend, if server.up { "up" } else { "DOWN" }, server.check, server.sessions)
            })
            .collect(),
    ));
    out.push_str(&lines(
        "DNS",
        picture.records.iter().map(|name| format!("{:<32} {:<16} {}", name.name, name.value, name.leads_to)).collect(),
    ));
    out.push_str(&table(
        "URLs",
        picture
            .urls
            .iter()
            .map(|url| {
                let sign = if url.works { paint.style(Style::new().green(), "✓") } else { paint.style(Style::new().red(), "✗") };
                (format!("{sign} {:<38} ", url.url), url.detail.clone())
            })
            .collect(),
        paint,
    ));
    out.push_str(&lines("Not for ever", picture.reminders.clone()));
    out.push_str(&lines("Not known", picture.unknown.clone()));
    if let Some(cost) = picture.monthly_cost_usd {
        out.push_str(&format!("\npublic addresses: about ${cost:.2} a month\n"));
    }
    out
}

/// Each row in two parts: what is broken at the end of the line stands below the second.
fn table(title: &str, rows: Vec<(String, String)>, paint: Paint) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let rows = rows.iter().map(|(first, rest)| paint.hang(&format!("  {first}"), rest.trim_end()));
    format!("{}\n{}", paint.style(Style::new().bold(), title), rows.collect::<String>())
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

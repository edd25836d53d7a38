//! The picture of `status` as text and as JSON.

use console::Style;
use serde::Serialize;

use super::diagnosis::place;
use super::json::VERSION;
use super::text::Paint;
use crate::picture::{Picture, Url};

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
    out.push_str(&table("URLs", urls(&picture.urls, paint), paint));
    out.push_str(&lines("Not for ever", picture.reminders.clone()));
    out.push_str(&lines("Not known", picture.unknown.clone()));
    if let Some(cost) = picture.monthly_cost_usd {
        out.push_str(&format!("\npublic addresses: about ${cost:.2} a month\n"));
    }
    out
}

/// Of so many that all would hide the rest, what is broken comes first.
const URLS: usize = 24;

fn urls(all: &[Url], paint: Paint) -> Vec<(String, String)> {
    let mut shown: Vec<_> = all.iter().collect();
    if all.len() > URLS {
        shown.sort_by_key(|url| url.works);
    }
    let left_out = shown.split_off(URLS.min(all.len()));
    let row = |url: &Url| {
        let sign = if url.works { paint.style(Style::new().green(), "✓") } else { paint.style(Style::new().red(), "✗") };
        (format!("{sign} {:<38} ", url.url), url.detail.clone())
    };
    let works = left_out.iter().filter(|url| url.works).count();
    let more = format!("and {} more, of which {works} work; `--output json` has all", left_out.len());
    shown.into_iter().map(row).chain((!left_out.is_empty()).then_some((more, String::new()))).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_many_urls_the_broken_ones_are_shown_first_and_the_others_counted() {
        let url = |number: usize| Url { url: format!("https://app-{number}.example.com/"), works: number != 199, detail: String::new() };
        let paint = Paint::plain(None);
        let few: Vec<_> = (190..200).map(url).collect();
        assert!(urls(&few, paint).iter().zip(&few).all(|((row, _), url)| row.contains(&url.url)), "as they are");
        let rows = urls(&(0..200).map(url).collect::<Vec<_>>(), paint);
        assert_eq!(rows.len(), URLS + 1);
        assert!(rows[0].0.contains("https://app-199.example.com/"), "{rows:?}");
        assert_eq!(rows[URLS].0, "and 176 more, of which 176 work; `--output json` has all");
    }
}

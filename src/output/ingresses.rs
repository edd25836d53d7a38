//! What becomes of the redirect of Ingresses, as a table.

use std::collections::BTreeMap;

use super::text::Paint;
use crate::plan::change::Change;
use crate::plan::https_redirect::{BEFORE, Edit, State};

const HEADS: [&str; 5] = ["Ingress", "host", "TLS", "now", "then"];
/// What a row has besides its two names: `  ~ `, `TLS  now  then`, and the blanks between them.
const REST: usize = 22;

/// A row for each Ingress; then what is written, once for all that get the same. Empty where no Ingress changes.
pub fn table(changes: &[Change], paint: Paint) -> String {
    let edits: Vec<&Edit> =
        changes.iter().filter_map(|change| if let Change::EditIngress(edit) = change { Some(edit) } else { None }).collect();
    if edits.is_empty() {
        return String::new();
    }
    let rows: Vec<[String; 5]> = edits.iter().map(|edit| row(edit)).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default().max(HEADS[column].len());
    let (mut name, mut host) = (width(0), width(1));
    if let Some(room) = paint.width().map(|width| width.saturating_sub(REST)) {
        // The longer one gives way.
        host = host.min(room.saturating_sub(name.min(room / 2)));
        name = name.min(room.saturating_sub(host));
    }
    let line = |[ingress, hosts, tls, now, then]: &[String; 5], sign: char| {
        let text = format!("  {sign} {:<name$}  {:<host$}  {tls:<3}  {now:<3}  {then}", cut(ingress, name), cut(hosts, host));
        format!("{}\n", text.trim_end())
    };
    let mut out = line(&HEADS.map(str::to_owned), ' ');
    rows.iter().for_each(|row| out.push_str(&line(row, '~')));
    for (text, count) in written(&edits) {
        let which = if count == edits.len() { String::new() } else { format!(" ({count} of them)") };
        out.push_str(&paint.hang("  annotation: ", &format!("{text}{which}")));
    }
    out
}

fn row(edit: &Edit) -> [String; 5] {
    let host = match edit.hosts.as_slice() {
        [] => "any".to_owned(),
        [host] => host.clone(),
        [host, more @ ..] => format!("{host} +{}", more.len()),
    };
    let tls = if edit.tls { "yes" } else { "no" };
    let (now, then) = edit.redirect();
    [format!("{}/{}", edit.namespace, edit.name), host, tls.to_owned(), state(now), state(then)]
}

fn state(state: State) -> String {
    match state {
        State::On => "on",
        State::Off => "off",
        // Somebody has decided since.
        State::Theirs => "set",
    }
    .to_owned()
}

/// `…` in place of what there is no room for.
fn cut(text: &str, width: usize) -> String {
    if text.chars().count() <= width { text.to_owned() } else { text.chars().take(width.saturating_sub(1)).chain(['…']).collect() }
}

/// Annotation, old and new value, with how often.
fn written(edits: &[&Edit]) -> BTreeMap<String, usize> {
    let mut all = BTreeMap::new();
    let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "absent".to_owned());
    for edit in edits {
        // Its value says how each of them was.
        for (key, then) in edit.after.iter().filter(|(key, _)| key.as_str() != BEFORE) {
            let now = edit.before.get(key).unwrap_or(&None);
            *all.entry(format!("{key}: {} -> {}", value(now), value(then))).or_default() += 1;
        }
        let what = if edit.after.get(BEFORE).is_some_and(Option::is_some) { "remembers what was there" } else { "goes" };
        *all.entry(format!("{BEFORE} {what}")).or_default() += 1;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    const NGINX: &str = "nginx.ingress.kubernetes.io/ssl-redirect";

    fn edit(name: &str, hosts: &[&str], now: Option<&str>, until: Option<&str>) -> Change {
        let text = |text: &str| Some(text.to_owned());
        let mut after = BTreeMap::from([(NGINX.to_owned(), text("false")), (BEFORE.to_owned(), text("{}"))]);
        after.extend(until.map(|until| ("k8sport.io/https-redirect-off-until".to_owned(), text(until))));
        let before = after.keys().map(|key| (key.clone(), now.filter(|_| key == NGINX).map(str::to_owned))).collect();
        let hosts = hosts.iter().map(|host| (*host).to_owned()).collect();
        Change::EditIngress(Edit {
            namespace: "apps".to_owned(),
            name: name.to_owned(),
            hosts,
            tls: true,
            before,
            after,
            resource_version: String::new(),
        })
    }

    #[test]
    fn at_80_columns_and_in_a_pipe() {
        let changes = [
            edit("shop", &["shop.example.com"], None, None),
            edit(
                "a-name-that-is-as-long-as-names-of-releases-are",
                &["a-host-name-of-its-own.staging.example.com", "b"],
                Some("true"),
                None,
            ),
            edit("catch-all", &[], None, Some("2026-11-24T22:00:00Z")),
        ];
        let narrow = table(&changes, Paint::plain(Some(80)));
        assert!(narrow.lines().all(|line| console::measure_text_width(line) <= 80), "{narrow}");
        insta::assert_snapshot!(format!("{narrow}\n{}", table(&changes, Paint::plain(None))));
    }

    #[test]
    fn without_ingresses_there_is_none() {
        assert_eq!(table(&[], Paint::plain(None)), "");
    }
}

//! What the checks are about: at the terminal, and as the page docs/checks.md.

use super::text::Paint;
use crate::checks::{Category, Check, Repair, Severity};
use crate::failure::{Failure, Result};

/// One check, or the list of all.
///
/// # Errors
/// A usage failure when there is no such check.
pub fn explain<J>(categories: &'static [Category<J>], command: &str, id: Option<&str>, paint: Paint) -> Result<String> {
    let Some(id) = id else { return Ok(list(categories, paint)) };
    let all = || categories.iter().flat_map(|category| category.checks);
    let check = all().find(|check| check.id == id).ok_or_else(|| unknown(all().map(|check| check.id), command, id))?;
    let mut out = format!("{}: {}\n\n", check.id, check.title);
    out.push_str(&paint.hang("  ", check.explanation));
    out.push('\n');
    for fact in facts(check) {
        out.push_str(&paint.hang("  ", &fact));
    }
    Ok(out)
}

fn unknown(all: impl Iterator<Item = &'static str>, command: &str, id: &str) -> Failure {
    let word = id.rsplit('.').next().unwrap_or(id);
    let like: Vec<&str> = all.filter(|known| known.contains(word) || id.contains(known)).collect();
    let failure = Failure::usage(format!("there is no check {id:?}"));
    let failure = if like.is_empty() { failure } else { failure.next(format!("did you mean {}?", like.join(", "))) };
    failure.next(format!("`k8sport {command} --explain` lists all"))
}

fn list<J>(categories: &'static [Category<J>], paint: Paint) -> String {
    let mut out = String::new();
    for category in categories {
        out.push_str(&format!("{}\n", category.title));
        for check in category.checks {
            out.push_str(&paint.hang(&format!("  {:<24} ", check.id), check.title));
        }
    }
    out
}

fn facts<J>(check: &Check<J>) -> Vec<String> {
    let counts = match check.severity {
        Severity::Failure => "Counts as a failure.",
        Severity::Warning => "Counts as a warning.",
    };
    let repair = check.repair.map(|repair| {
        let command = match repair {
            Repair::SecondaryIp => "setup-secondary-ip",
            Repair::Haproxy => "setup-haproxy",
            Repair::Service => "setup-service",
            Repair::Dns => "update-dns",
        };
        format!("Repaired by `k8sport {command}`, and by `k8sport diagnose --fix`.")
    });
    let after = (!check.after.is_empty()).then(|| format!("Not judged while {} fails.", check.after.join(" or ")));
    [Some(counts.to_owned()), repair, after].into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::checks::{CATEGORIES, k0smotron, vip};

    fn page() -> String {
        let mut out = "# What `k8sport diagnose` checks\n\n\
            The text of `k8sport diagnose --explain CHECK`. Made from it by the tests (`UPDATE=1 cargo test --bin k8sport explain`).\n\n\
            A check is *skipped*, with the reason, when what it needs couldn't be observed or a check that it follows from failed.\n"
            .to_owned();
        sections(&CATEGORIES, &mut out);
        out.push_str("\n# What `k8sport k0smotron diagnose` checks\n");
        sections(&k0smotron::CATEGORIES, &mut out);
        out.push_str("\n# What `k8sport vip diagnose` checks\n");
        sections(&vip::CATEGORIES, &mut out);
        out
    }

    fn sections<J>(categories: &'static [Category<J>], out: &mut String) {
        for category in categories {
            out.push_str(&format!("\n## {}\n", category.title));
            for check in category.checks {
                out.push_str(&format!(
                    "\n### {}\n\n**{}.** {}\n\n{}\n",
                    check.id,
                    capital(check.title),
                    check.explanation,
                    facts(check).join(" ")
                ));
            }
        }
    }

    fn capital(text: &str) -> String {
        let mut letters = text.chars();
        letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    }

    #[test]
    fn the_page_is_the_text_of_the_program() {
        let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/checks.md");
        if std::env::var_os("UPDATE").is_some() {
            std::fs::create_dir_all(committed.parent().expect("a folder")).expect("the folder can be made");
            std::fs::write(&committed, page()).expect("the page can be written");
        }
        let there = std::fs::read_to_string(&committed).unwrap_or_default();
        assert!(there == page(), "docs/checks.md is out of date: UPDATE=1 cargo test --bin k8sport explain");
    }

    #[test]
    fn one_all_and_none() {
        let paint = Paint::plain(Some(80));
        assert!(explain(&CATEGORIES, "diagnose", Some("dns.caa"), paint).expect("a check").contains("letsencrypt.org"));
        assert!(explain(&CATEGORIES, "diagnose", None, paint).expect("a list").lines().all(|line| line.chars().count() <= 110));
        let failure = explain(&CATEGORIES, "diagnose", Some("caa"), paint).expect_err("no such check");
        assert!(failure.next[0].contains("dns.caa"), "{failure:?}");
    }
}

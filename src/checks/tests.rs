//! The table of checks itself.

use std::collections::BTreeSet;

use super::*;

#[test]
fn ids_are_unique_and_needs_come_first() {
    let mut seen = BTreeSet::new();
    for check in all() {
        for earlier in check.after {
            assert!(seen.contains(earlier), "{} comes after {earlier}, which isn't there yet", check.id);
        }
        assert!(seen.insert(check.id), "{} is there twice", check.id);
        let (category, subject) = check.id.split_once('.').expect(check.id);
        assert!(!category.is_empty() && !subject.is_empty() && subject.len() < 20, "{}", check.id);
    }
}

#[test]
fn every_check_is_explained() {
    for check in all() {
        assert!(check.explanation.len() > 80 && check.explanation.ends_with('.'), "{}: {}", check.id, check.explanation);
        assert!(!check.explanation.contains("  "), "{}", check.id);
        assert!(!check.title.ends_with('.') && check.title.chars().count() < 80, "{}: {}", check.id, check.title);
    }
}

//! `ecr prune`: of each repository the newest images stay, and those that are in use.
//!
//! The newest are counted as ECR's own lifecycle rules count them (`imageCountMoreThan`, any tag): by push time, whether
//! tagged or not. A multi-platform image counts as one; its parts stay as long as any image that stays consists of them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::change::{Gone, ImagesChange};
use super::{Image, Repository};
use crate::plan::change::Change;
use crate::plan::{Note, Plan};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prune {
    /// How many images of each repository stay at least.
    pub keep: u32,
    /// Give each repository a lifecycle policy that keeps as many, unless it has one.
    pub lifecycle: bool,
    /// Also in place of somebody's own policy.
    pub force: bool,
    /// Images as workloads name them (`…/shop/api:v1`, `…/shop/api@sha256:…`).
    pub in_use: BTreeSet<String>,
}

pub fn prune(repositories: &[Repository], wanted: &Prune) -> Plan {
    let mut plan = Plan::default();
    for repository in repositories {
        let (kept, gone) = split(repository, wanted);
        plan.notes.push(Note::info(kept_note(repository, &kept)));
        if !gone.is_empty() {
            let gone = with_parts(repository, &kept, &gone);
            plan.changes.push(Change::Images(ImagesChange::DeleteImages { repository: repository.name.clone(), gone }));
        }
        if wanted.lifecycle {
            lifecycle(repository, wanted, &mut plan);
        }
    }
    plan
}

fn split<'a>(repository: &'a Repository, wanted: &Prune) -> (Vec<&'a Image>, Vec<&'a Image>) {
    let newest = usize::try_from(wanted.keep).unwrap_or(usize::MAX);
    let all = by_digest(repository);
    let used = |image: &Image| {
        let digests = std::iter::once(&image.digest).chain(reachable(&all, [image])).map(|digest| format!("{}@{digest}", repository.uri));
        let tags = image.tags.iter().map(|tag| format!("{}:{tag}", repository.uri));
        digests.chain(tags).any(|name| wanted.in_use.contains(&name))
    };
    let (kept, gone): (Vec<_>, Vec<_>) =
        repository.whole().into_iter().enumerate().partition(|(place, image)| *place < newest || used(image));
    let images = |placed: Vec<(usize, &'a Image)>| placed.into_iter().map(|(_, image)| image).collect();
    (images(kept), images(gone))
}

fn kept_note(repository: &Repository, kept: &[&Image]) -> String {
    let lines: String = kept.iter().map(|image| format!("\n{}", image.label())).collect();
    format!("{}; {} stay{}{lines}", repository.sentence(), kept.len(), if kept.len() == 1 { "s" } else { "" })
}

/// Each part goes with one image, and only if no image that stays has it.
fn with_parts<'a>(repository: &'a Repository, kept: &[&'a Image], gone: &[&'a Image]) -> Vec<Gone> {
    let by_digest = by_digest(repository);
    let mut taken: BTreeSet<&String> = reachable(&by_digest, kept.iter().copied());
    let mut whole_with_parts = |image: &'a Image| {
        let free: Vec<String> = reachable(&by_digest, [image])
            .into_iter()
            .filter(|part| by_digest.contains_key(part.as_str()) && taken.insert(part))
            .cloned()
            .collect();
        let parts: u64 = free.iter().filter_map(|part| by_digest.get(part.as_str())).map(|part| part.bytes).sum();
        Gone { total_bytes: image.bytes + parts, image: Image { parts: free, ..image.clone() } }
    };
    gone.iter().map(|image| whole_with_parts(image)).collect()
}

fn by_digest(repository: &Repository) -> BTreeMap<&str, &Image> {
    repository.images.iter().map(|image| (image.digest.as_str(), image)).collect()
}

/// The parts of images and of their parts.
fn reachable<'i>(all: &BTreeMap<&str, &'i Image>, from: impl IntoIterator<Item = &'i Image>) -> BTreeSet<&'i String> {
    let mut found = BTreeSet::new();
    let mut open: Vec<&'i Image> = from.into_iter().collect();
    while let Some(image) = open.pop() {
        for part in &image.parts {
            if found.insert(part) {
                open.extend(all.get(part.as_str()).copied());
            }
        }
    }
    found
}

fn lifecycle(repository: &Repository, wanted: &Prune, plan: &mut Plan) {
    let policy = lifecycle_policy(wanted.keep);
    let same = |there: &String| serde_json::from_str::<serde_json::Value>(there).is_ok_and(|there| there == policy);
    match &repository.policy {
        Some(there) if same(there) => {}
        Some(_) if !wanted.force => {
            plan.notes
                .push(Note::info(format!("{} has a lifecycle policy of its own, which stays (--force replaces it)", repository.name)));
        }
        previous => plan.changes.push(Change::Images(ImagesChange::PutLifecyclePolicy {
            repository: repository.name.clone(),
            keep: wanted.keep,
            policy: policy.to_string(),
            previous: previous.clone(),
        })),
    }
}

/// <https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html>
pub fn lifecycle_policy(keep: u32) -> serde_json::Value {
    json!({ "rules": [{
        "rulePriority": 1,
        "description": format!("k8sport: keep the newest {keep} images"),
        "selection": { "tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": keep },
        "action": { "type": "expire" },
    }] })
}

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;
use crate::plan::change::Change;

const URI: &str = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop/api";

fn digest(number: u32) -> String {
    format!("sha256:{number:064x}")
}

fn image(number: u32, tags: &[&str], parts: &[u32]) -> Image {
    Image {
        digest: digest(number),
        tags: tags.iter().map(ToString::to_string).collect(),
        pushed: 1_790_000_000 + i64::from(number) * 86_400,
        bytes: 10_000_000,
        parts: parts.iter().copied().map(digest).collect(),
    }
}

fn repository(images: Vec<Image>, policy: Option<&str>) -> Repository {
    Repository { name: "shop/api".parse().expect("a name"), uri: URI.to_owned(), images, policy: policy.map(str::to_owned) }
}

fn wanted(keep: u32) -> Prune {
    Prune { keep, lifecycle: false, force: false, in_use: BTreeSet::new() }
}

/// The digests that a plan deletes, parts included.
fn deleted(plan: &crate::plan::Plan) -> BTreeSet<String> {
    let gone = plan.changes.iter().filter_map(|change| match change {
        Change::Images(ImagesChange::DeleteImages { gone, .. }) => Some(gone),
        _ => None,
    });
    gone.flatten().flat_map(|gone| std::iter::once(gone.image.digest.clone()).chain(gone.image.parts.clone())).collect()
}

fn policies(plan: &crate::plan::Plan) -> usize {
    plan.changes.iter().filter(|change| matches!(change, Change::Images(ImagesChange::PutLifecyclePolicy { .. }))).count()
}

#[test]
fn the_newest_stay_by_push_time_and_not_by_tag() {
    let images = vec![image(3, &[], &[]), image(1, &["v9"], &[]), image(2, &["v1"], &[])];
    assert_eq!(deleted(&prune(&[repository(images, None)], &wanted(2))), BTreeSet::from([digest(1)]));
}

#[test]
fn what_a_workload_names_stays_by_tag_and_by_digest() {
    let images = vec![image(1, &["v1"], &[]), image(2, &["v2"], &[5]), image(3, &["v3"], &[]), image(4, &["v4"], &[]), image(5, &[], &[])];
    let in_use = BTreeSet::from([format!("{URI}:v1"), format!("{URI}@{}", digest(5)), "elsewhere/shop/api:v3".to_owned()]);
    let plan = prune(&[repository(images, None)], &Prune { in_use, ..wanted(1) });
    assert_eq!(deleted(&plan), BTreeSet::from([digest(3)]), "the platform's image that runs keeps its multi-platform image");
}

#[test]
fn a_multi_platform_image_counts_once_and_shares_its_parts() {
    let images =
        vec![image(1, &["v1"], &[11, 12]), image(2, &["v2"], &[12, 13]), image(11, &[], &[]), image(12, &[], &[]), image(13, &[], &[])];
    let plan = prune(&[repository(images, None)], &wanted(1));
    assert_eq!(deleted(&plan), BTreeSet::from([digest(1), digest(11)]));
    let Some(Change::Images(change)) = plan.changes.first() else { panic!("{plan:?}") };
    assert_eq!(change.bytes(), 20_000_000);
}

#[test]
fn a_policy_is_set_where_there_is_none_and_replaced_by_force_only() {
    let with = |policy: Option<&str>, force| prune(&[repository(vec![], policy)], &Prune { lifecycle: true, force, ..wanted(10) });
    let set = with(None, false);
    assert_eq!(policies(&set), 1);
    let Some(Change::Images(ImagesChange::PutLifecyclePolicy { policy, .. })) = set.changes.first() else { panic!("{set:?}") };
    assert_eq!(policies(&with(Some(policy), true)), 0, "ours is there");
    let kept = with(Some(r#"{"rules":[]}"#), false);
    assert!(policies(&kept) == 0 && kept.notes.iter().any(|note| note.text.contains("--force")), "{kept:?}");
    assert_eq!(policies(&with(Some(r#"{"rules":[]}"#), true)), 1);
}

#[test]
fn sizes_and_prices_are_in_decimal_units() {
    assert_eq!([size(1), size(120_000_000), size(1_340_000_000)], ["1 kB", "120 MB", "1.3 GB"]);
    assert_eq!((per_month(1_000_000_000), per_month(0)), (0.10, 0.0));
    assert_eq!(image(0, &[], &[]).label(), "sha256:000000000000 (2026-09-21, 10 MB)");
}

proptest! {
    #[test]
    fn what_stays_is_complete_and_enough_and_a_second_run_has_nothing_to_do(
        pushes in prop::collection::vec((0_i64..50, prop::collection::vec(0_usize..12, 0..3)), 0..12), keep in 1_u32..6, used in 0_u32..12,
    ) {
        // Parts come before what consists of them, so there are no circles.
        let images: Vec<_> = (0_u32..).zip(&pushes).map(|(number, (pushed, parts))| Image {
            pushed: *pushed,
            parts: parts.iter().filter(|part| **part < number as usize).map(|part| digest(u32::try_from(*part).expect("small"))).collect(),
            ..image(number, &[], &[])
        }).collect();
        let before = repository(images.clone(), None);
        let wanted = Prune { in_use: BTreeSet::from([format!("{URI}@{}", digest(used))]), ..wanted(keep) };
        let gone = deleted(&prune(std::slice::from_ref(&before), &wanted));
        let after = repository(images.into_iter().filter(|image| !gone.contains(&image.digest)).collect(), None);
        let left: BTreeMap<_, _> = after.images.iter().map(|image| (&image.digest, image)).collect();
        let there: BTreeSet<_> = before.images.iter().map(|image| &image.digest).collect();
        for image in &after.images {
            prop_assert!(image.parts.iter().filter(|part| there.contains(part)).all(|part| left.contains_key(part)), "{:?} lost a part", image);
        }
        let enough = before.whole().len().min(keep as usize);
        prop_assert!(before.whole().iter().take(enough).all(|image| left.contains_key(&image.digest)));
        prop_assert!(!there.contains(&digest(used)) || left.contains_key(&digest(used)));
        prop_assert_eq!(deleted(&prune(&[after], &wanted)), BTreeSet::new());
    }
}

//! `status`: the one-screen picture.

use super::flow;
use super::look::{DryRuns, look};
use crate::checks::Facts;
use crate::failure::Failure;
use crate::output::Console;
use crate::picture::Picture;
use crate::settings::Settings;

pub async fn run(settings: &Settings, console: &Console) -> Picture {
    match flow::limited("status", &settings.run, look(settings, DryRuns::Omit, console)).await {
        Ok(facts) => match facts.no_account().cloned().or_else(|| nothing(&facts)) {
            None => Picture::of(&facts),
            Some(failure) => Picture::failed(settings.context.cluster.clone(), failure),
        },
        Err(failure) => Picture::failed(settings.context.cluster.clone(), failure),
    }
}

/// A name that nothing has is rather a mistake than a cluster that is gone.
fn nothing(facts: &Facts) -> Option<Failure> {
    let (instances, addresses) = (facts.instances.ok()?, facts.elastic_ips.ok()?);
    if !instances.is_empty() || addresses.iter().any(|address| address.is_for(&facts.cluster)) {
        return None;
    }
    let region = facts.region.ok()?;
    let nothing = Failure::failed(format!("there is nothing of cluster {} in {region}", facts.cluster));
    Some(nothing.because("no control-plane node and no Elastic IP has its tag").next("check `--cluster`, `--region` and `--profile`"))
}

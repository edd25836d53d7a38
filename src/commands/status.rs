//! `status`: the one-screen picture.

use super::flow;
use super::look::{DryRuns, look};
use crate::output::Console;
use crate::picture::Picture;
use crate::settings::Settings;

pub async fn run(settings: &Settings, console: &Console) -> Picture {
    match flow::limited("status", &settings.run, look(settings, DryRuns::Omit, console)).await {
        Ok(facts) => match facts.no_account() {
            None => Picture::of(&facts),
            Some(failure) => Picture::failed(settings.context.cluster.clone(), failure.clone()),
        },
        Err(failure) => Picture::failed(settings.context.cluster.clone(), failure),
    }
}

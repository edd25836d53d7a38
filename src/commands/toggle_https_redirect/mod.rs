//! `toggle-https-redirect`: whether HTTP is sent to HTTPS, by the Ingresses' controllers or by our HAProxy.

mod edge;
mod ingresses;

use super::flow;
use crate::output::Console;
use crate::report::Report;
use crate::settings::{RedirectAt, ToggleSettings};

pub async fn run(settings: &ToggleSettings, console: &Console) -> Report {
    let report = Report::new("toggle-https-redirect", settings.run.dry_run);
    let steps = async |report: &mut Report| match &settings.at {
        RedirectAt::Ingresses(at) => ingresses::steps(settings, at, console, report).await,
        RedirectAt::Edge(at) => edge::steps(settings, at, console, report).await,
    };
    flow::within(&settings.run, report, steps).await
}

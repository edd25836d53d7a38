//! What a cluster needs inside, through its own API: observe → plan → show → confirm → apply.

mod look;
mod perform;

use std::time::Duration;

use crate::cluster::Cluster;
use crate::cluster::helm::Helm;
use crate::commands::apply::Applier;
use crate::commands::flow::Confirmed;
use crate::commands::observe::Seen;
use crate::commands::own_cluster;
use crate::failure::Result;
use crate::output::Console;
use crate::plan::addons::issuer::{Dns01, IssuerWanted};
use crate::plan::addons::{self, IngressController, Made, Observed, Wanted};
use crate::plan::change::Deferred;
use crate::plan::lane::Lane;
use crate::plan::{Note, Plan};
use crate::report::Report;
use crate::settings::Settings;
use perform::Performer;

pub struct Addons<'a> {
    pub settings: &'a Settings,
    pub seen: &'a Seen,
    pub console: &'a Console,
}

/// How long pods of ours may take to become ready, images included.
const READY: Duration = Duration::from_secs(5 * 60);

impl Addons<'_> {
    /// Whether there is anything to look for: the cluster is one that we have made, so that what is in it is ours to
    /// complete, or something was asked for by name.
    pub fn are_wanted(&self) -> bool {
        let wanted = self.wanted();
        wanted.ours || wanted.ingress != IngressController::Nothing || wanted.issuer.is_some()
    }

    fn wanted(&self) -> Wanted {
        let creation = self.settings.creation.as_ref();
        let made = self.seen.instance.addons.as_deref().map(Made::parse);
        let by_file = creation.is_some_and(|creation| creation.from_spec.is_some());
        let named = creation.and_then(|creation| creation.ingress_controller);
        let ours = made.map(|made| made.ingress).or_else(|| by_file.then(IngressController::default));
        Wanted {
            ours: ours.is_some(),
            ingress: named.or(ours).unwrap_or(IngressController::Nothing),
            ingress_is_named: named.is_some(),
            issuer: self.issuer(made.is_some_and(|made| made.cert_manager)),
        }
    }

    /// `expected` when our specification has told kOps to bring cert-manager, with a role for the zone.
    fn issuer(&self, expected: bool) -> Option<IssuerWanted> {
        let creation = self.settings.creation.as_ref();
        let email = creation.and_then(|creation| creation.acme_email.clone());
        let skipped = creation.is_some_and(|creation| !creation.cert_manager);
        let dns01 = self.seen.zone().filter(|_| expected).map(|zone| Dns01 {
            zone: zone.name.clone(),
            zone_id: zone.id.clone(),
            region: self.seen.region().to_owned(),
        });
        (!skipped && (expected || email.is_some())).then_some(IssuerWanted { email, dns01, expected })
    }

    /// Afterwards the user has said yes, if there was something to ask.
    ///
    /// # Errors
    /// Not confirmed, or a change failed; the report says how far it came.
    pub async fn set_up(&self, confirmed: Confirmed, report: &mut Report) -> Result<Confirmed> {
        let step = self.console.step("look at the cluster from inside");
        let wanted = self.wanted();
        match self.look(&wanted).await {
            Ok((cluster, helm, observed)) => {
                step.done();
                let performer = Performer { writer: cluster.writer(), helm, limit: self.limit() };
                self.apply(&performer, addons::plan(&observed, &wanted), confirmed, report).await
            }
            Err(failure) => {
                step.failed();
                let why = Note::warning(format!("the cluster could not be looked at from inside: {failure}"));
                self.note(vec![why], report);
                Ok(confirmed)
            }
        }
    }

    async fn look(&self, wanted: &Wanted) -> Result<(Cluster, Option<Helm>, Observed)> {
        let cluster = self.connect().await?;
        let helm = Helm::of(&cluster, &self.settings.kubernetes, self.limit());
        let observed = look::observe(&cluster, helm.as_ref(), wanted).await?;
        Ok((cluster, helm, observed))
    }

    pub async fn connect(&self) -> Result<Cluster> {
        own_cluster::connect(&self.settings.kubernetes, &self.settings.context.cluster, &self.seen.instance).await
    }

    fn limit(&self) -> Duration {
        self.settings.creation.as_ref().map_or(READY, |creation| creation.wait.min(READY))
    }

    /// A dry run's result has them anyway.
    fn note(&self, notes: Vec<Note>, report: &mut Report) {
        if !self.settings.run.dry_run {
            self.console.notes(&notes);
        }
        report.extend_plan(Plan { changes: Vec::new(), notes });
    }

    async fn apply(&self, performer: &Performer, plan: Plan, confirmed: Confirmed, report: &mut Report) -> Result<Confirmed> {
        if plan.changes.is_empty() {
            self.note(plan.notes, report);
            return Ok(confirmed);
        }
        report.extend_plan(plan.clone());
        if self.settings.run.dry_run {
            return Ok(confirmed);
        }
        self.console.plan(&plan);
        if confirmed == Confirmed::NotYet && !self.settings.run.yes {
            let cluster = &self.settings.context.cluster;
            let question = format!("Change this inside cluster {cluster}, and set up what follows?");
            self.console.confirm(&question, "confirm with `--yes`, or look at the plan with `--dry-run`").await?;
        }
        let applier = Applier::new(&self.seen.aws, None, self.console, Deferred::AfterApply);
        applier.each(report, Lane::Addons, async |change, step| performer.perform(change, step).await).await?;
        Ok(Confirmed::Before)
    }
}

//! Makes a cluster, up to the instance's start: preflight, specification, plan, confirmation, and then change by change.

use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::begun::begun;
use super::preflight::{self, Preflight};
use crate::aws::AwsWriter;
use crate::cluster::helm::Helm;
use crate::cluster::kops::Kops;
use crate::commands::observe::NoNode;
use crate::failure::{Failure, Result};
use crate::names::AvailabilityZone;
use crate::output::{Console, Step};
use crate::plan::addons::IngressController;
use crate::plan::addons::ingress::NO_HELM;
use crate::plan::change::Change;
use crate::plan::creation::specification::{Shape, public_half};
use crate::plan::creation::{self, ClusterChange, Specification, Wanted, estimate};
use crate::plan::{Note, ownership};
use crate::report::{Report, Status};
use crate::settings::{self, Creation, Settings};
use crate::subprocess::Subprocess;

/// False when nothing was to be made: a dry run.
///
/// # Errors
/// Something is missing, not confirmed, or a change failed; the report says how far it came.
pub async fn cluster(
    nothing: &NoNode,
    settings: &Settings,
    creation: &Creation,
    kops: &Kops,
    console: &Console,
    report: &mut Report,
) -> Result<bool> {
    let (key, kind) = (ssh_key(settings), preflight::instance_type(creation));
    let step = console.step("look for what a new cluster needs");
    let (begun, offered) = tokio::join!(begun(&nothing.aws, kops, &key), nothing.aws.zones_with(&kind));
    if creation.prerequisites {
        Preflight { nothing, settings, creation }.check(&begun, &offered).await?;
    }
    let (begun, offered) = (begun?, offered.unwrap_or_default());
    step.done();
    let specification = specification(nothing, settings, creation, kops, kind.clone(), offered)?;
    let wanted = Wanted {
        cluster: settings.context.cluster.clone(),
        region: nothing.account.region.clone(),
        state_store: kops.state_store().clone(),
        ssh_key: key,
        specification,
    };
    let mut plan = creation::plan(&begun, &wanted);
    plan.notes.push(Note::info(INSIDE));
    plan.notes.extend(settings.haproxy.then(|| Note::info(ON_THE_NODE)));
    let ingress = creation.ingress_controller.unwrap_or_default();
    plan.notes.extend((ingress != IngressController::Nothing && !Helm::is_installed()).then(|| Note::warning(NO_HELM)));
    plan.notes.extend(creation.from_spec.is_none().then(|| Note::info(estimate::sentence(&kind, settings.secondary_ip))));
    if let Some(file) = &creation.save_spec {
        save(file, &wanted.specification.whole())?;
        plan.notes.push(Note::info(format!("the specification is in {}", file.display())));
    }
    report.extend_plan(plan);
    if settings.run.dry_run {
        return Ok(false);
    }
    console.account(&nothing.account);
    console.plan(&report.plan);
    if !settings.run.yes {
        console
            .confirm(
                &format!("Create cluster {}, and set up what follows?", wanted.cluster),
                "confirm with `--yes`, or look at the plan with `--dry-run`",
            )
            .await?;
    }
    Creator { writer: nothing.aws.writer(ownership::operation_id()), kops, console }.apply(report).await?;
    Ok(true)
}

const INSIDE: &str = "then inside: the control plane's taint goes, so that applications run on the only node, and an ingress controller and a ClusterIssuer come";
const ON_THE_NODE: &str = "and on the node: secondary IP, security group, NAT, HAProxy and DNS, as `bootstrap` on a cluster that exists; their plan is shown once it is there";

/// Where the key is, or will be.
pub fn ssh_key(settings: &Settings) -> PathBuf {
    settings.ssh.key.clone().unwrap_or_else(settings::default_ssh_key)
}

fn specification(
    nothing: &NoNode,
    settings: &Settings,
    creation: &Creation,
    kops: &Kops,
    instance_type: String,
    offered: Vec<String>,
) -> Result<Specification> {
    let cluster = &settings.context.cluster;
    if let Some(file) = &creation.from_spec {
        let text = std::fs::read_to_string(file)
            .map_err(|error| Failure::usage(format!("the specification {} can't be read", file.display())).because(error))?;
        return Specification::parse(&text, cluster);
    }
    let zone = creation.availability_zone.as_ref().map(AvailabilityZone::as_str).or(offered.first().map(String::as_str));
    let zone = zone.ok_or_else(|| Failure::usage("which availability zone?").next("name it with `--availability-zone`"))?;
    let public_zone = nothing.dns.as_ref().filter(|_| creation.cert_manager).map(|dns| dns.zone.id.parse());
    Ok(Specification::render(&Shape {
        cluster: cluster.clone(),
        state_store: kops.state_store().clone(),
        availability_zone: zone.to_owned(),
        instance_type,
        kubernetes_version: creation.kubernetes_version.as_ref().map(ToString::to_string),
        networking: creation.networking,
        image: creation.image.as_ref().map(ToString::to_string),
        api_access: creation.api_access.clone(),
        certificates_zone: public_zone.transpose().map_err(Failure::failed)?,
        ingress: creation.ingress_controller.unwrap_or_default(),
    }))
}

/// Never over something else.
fn save(file: &Path, text: &str) -> Result<()> {
    let failed = |error| Failure::usage(format!("the specification can't be written to {}", file.display())).because(error);
    match std::fs::read_to_string(file) {
        Ok(there) if there == text => Ok(()),
        Ok(_) => Err(Failure::usage(format!("{} is there already, with something else in it", file.display()))
            .state("nothing was changed")
            .next("name another file with `--save-spec`, or use it with `--from-spec`")),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => std::fs::write(file, text).map_err(failed),
        Err(error) => Err(failed(error)),
    }
}

struct Creator<'a> {
    writer: AwsWriter,
    kops: &'a Kops,
    console: &'a Console,
}

impl Creator<'_> {
    async fn apply(&self, report: &Report) -> Result<()> {
        for (index, change) in report.plan.changes.iter().enumerate() {
            let Change::Cluster(cluster_change) = change else { continue };
            report.set_status(index, Status::Running);
            let step = self.console.step(change.summary().sentence());
            match self.perform(cluster_change, &step).await {
                Ok(()) => {
                    report.set_status(index, Status::Done);
                    step.done();
                }
                Err(failure) => {
                    report.set_status(index, Status::Failed);
                    step.failed();
                    return Err(failure);
                }
            }
        }
        Ok(())
    }

    async fn perform(&self, change: &ClusterChange, step: &Step) -> Result<()> {
        match change {
            ClusterChange::CreateStateStore { state_store, region, exists } => {
                if !exists {
                    self.writer.create_bucket(state_store.bucket(), region).await?;
                }
                self.writer.protect_bucket(state_store.bucket()).await
            }
            ClusterChange::CreateSshKey { file } => make_key(file).await,
            ClusterChange::RegisterCluster { specification, .. } | ClusterChange::RegisterInstanceGroups { specification, .. } => {
                self.kops.create(specification).await
            }
            ClusterChange::RegisterSshKey { file, .. } => {
                derive_public_half(file).await?;
                self.kops.create_ssh_public_key(file).await
            }
            ClusterChange::UpdateCluster { .. } => self.kops.update(|line| step.update(&brief(line))).await,
        }
    }
}

/// kOps' progress without the prefix of its log.
fn brief(line: &str) -> String {
    line.split_once("] ").map_or(line, |(_, text)| text).chars().take(80).collect()
}

const KEYGEN: Duration = Duration::from_secs(30);

/// `ssh-keygen` asks before it overwrites, and nothing answers.
async fn make_key(file: &Path) -> Result<()> {
    if let Some(folder) = file.parent() {
        let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder);
        made.map_err(|error| Failure::failed(format!("the folder {} can't be made", folder.display())).because(error))?;
    }
    let path = file.display().to_string();
    Subprocess::new("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "k8sport", "-f", &path]).succeed(KEYGEN, |_| ()).await.map(drop)
}

/// Of a key that came without it.
async fn derive_public_half(public: &Path) -> Result<()> {
    if public.is_file() {
        return Ok(());
    }
    let private = public.with_extension("").display().to_string();
    let derived = Subprocess::new("ssh-keygen", ["-y", "-P", "", "-f", &private]).succeed(KEYGEN, |_| ()).await?;
    debug_assert_eq!(public_half(Path::new(&private)), public);
    std::fs::write(public, derived.output).map_err(|error| Failure::failed(format!("{} can't be written", public.display())).because(error))
}

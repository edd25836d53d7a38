//! `configure-apps`: the manifests of applications, as files on this machine. Asks neither AWS nor the cluster.

use std::io::{ErrorKind, Write as _};
use std::path::Path;

use super::flow;
use crate::failure::{Failure, Result};
use crate::output::Console;
use crate::plan::applications::{ApplicationChange, Existing, Wanted, plan};
use crate::plan::change::Change;
use crate::report::{Report, Status};
use crate::settings::ConfigureSettings;

pub async fn run(settings: &ConfigureSettings, console: &Console) -> Report {
    let report = Report::new("configure-apps", settings.run.dry_run);
    flow::within(&settings.run, report, async |report| steps(settings, console, report).await).await
}

async fn steps(settings: &ConfigureSettings, console: &Console, report: &mut Report) -> Result<()> {
    report.set_plan(plan(&settings.wanted, &existing(&settings.wanted)?));
    if settings.run.dry_run {
        return Ok(());
    }
    if !report.plan.changes.is_empty() || !report.plan.notes.is_empty() {
        console.plan(&report.plan);
    }
    if report.plan.changes.is_empty() {
        return Ok(());
    }
    if !settings.run.yes {
        console.confirm("Write these files?", "confirm with `--yes`, or look at the plan with `--dry-run`").await?;
    }
    for (index, change) in report.plan.changes.iter().enumerate() {
        let Change::Application(ApplicationChange::WriteFile { path, contents, .. }) = change else { continue };
        report.set_status(index, Status::Running);
        let written = write(path, contents);
        report.set_status(index, if written.is_ok() { Status::Done } else { Status::Failed });
        written?;
    }
    Ok(())
}

fn existing(wanted: &Wanted) -> Result<Existing> {
    let mut existing = Existing::new();
    for (path, _) in wanted.files() {
        match std::fs::read_to_string(&path) {
            Ok(text) => drop(existing.insert(path, text)),
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => {
                return Err(Failure::usage(format!("the file {} can't be read", path.display()))
                    .because(error)
                    .state("nothing was touched")
                    .next("name another folder with `--out`"));
            }
        }
    }
    Ok(existing)
}

/// As a whole or not at all: who reads it at the same time sees the old file or the new one.
fn write(path: &Path, contents: &str) -> Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let written = std::fs::create_dir_all(folder).and_then(|()| {
        let mut file = tempfile::Builder::new().permissions(mode(path)).tempfile_in(folder)?;
        file.write_all(contents.as_bytes())?;
        file.as_file().sync_all()?;
        file.persist(path).map_err(|error| error.error)
    });
    let failed = |error| Failure::failed(format!("the file {} can't be written", path.display())).because(error);
    written.map(drop).map_err(failed)
}

/// That of the file that is replaced; a new one is for everybody to read, but for the umask.
fn mode(path: &Path) -> std::fs::Permissions {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).map_or_else(|_| std::fs::Permissions::from_mode(0o666), |there| there.permissions())
}

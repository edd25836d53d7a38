//! Manifests against the files that are there: new ones are written, changed ones only when that was said.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use similar::TextDiff;

use super::{Application, ApplicationChange, manifests};
use crate::plan::change::Change;
use crate::plan::{Note, Plan};

/// The files that are there, of those that are wanted, with their texts.
pub type Existing = BTreeMap<PathBuf, String>;

#[derive(Debug, Clone)]
pub struct Wanted {
    pub applications: Vec<Application>,
    pub out: PathBuf,
    /// Take ours in place of what is there.
    pub overwrite: bool,
}

impl Wanted {
    /// `k8s/shop/deployment.yaml` and so on, each with what is to be in it.
    pub fn files(&self) -> Vec<(PathBuf, String)> {
        let of = |app: &Application| {
            let folder = self.out.join(app.name.as_str());
            manifests(app).into_iter().map(move |manifest| (folder.join(manifest.file), manifest.contents)).collect::<Vec<_>>()
        };
        self.applications.iter().flat_map(of).collect()
    }
}

pub fn plan(wanted: &Wanted, existing: &Existing) -> Plan {
    let mut plan = Plan::default();
    for (path, contents) in wanted.files() {
        match existing.get(&path) {
            Some(there) if *there == contents => {}
            Some(there) if !wanted.overwrite => plan.notes.push(Note::warning(format!(
                "{} is there and differs; it is left as it is (--overwrite takes the new one)\n{}",
                path.display(),
                diff(&path, there, &contents)
            ))),
            there => plan.changes.push(Change::Application(ApplicationChange::WriteFile {
                diff: there.map(|there| diff(&path, there, &contents)),
                path,
                contents,
            })),
        }
    }
    plan
}

/// From what is there to what would be, as `diff -u` shows it.
fn diff(path: &Path, there: &str, wanted: &str) -> String {
    let path = path.display().to_string();
    TextDiff::from_lines(there, wanted).unified_diff().context_radius(1).header(&path, &path).to_string().trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(overwrite: bool) -> Wanted {
        let application = Application {
            name: "shop".parse().expect("a name"),
            namespace: "apps".parse().expect("a namespace"),
            image: "shop:v1".parse().expect("an image"),
            port: 8080,
            hosts: vec!["shop.example.com".parse().expect("a host")],
            health_path: "/".parse().expect("a path"),
            env_from: Vec::new(),
            ingress_class: None,
            cluster_issuer: None,
        };
        Wanted { applications: vec![application], out: "k8s".into(), overwrite }
    }

    #[test]
    fn what_is_missing_is_written_and_what_is_right_is_left() {
        let wanted = wanted(false);
        let mut existing: Existing = wanted.files().into_iter().collect();
        assert_eq!(plan(&wanted, &existing), Plan::default());
        existing.remove(Path::new("k8s/shop/service.yaml"));
        let plan = plan(&wanted, &existing);
        assert_eq!((plan.changes.len(), plan.notes.len()), (1, 0));
        assert_eq!(plan.changes[0].summary().sentence(), "file k8s/shop/service.yaml");
    }

    #[test]
    fn what_somebody_has_changed_is_shown_and_only_overwritten_when_told() {
        let mut existing: Existing = wanted(false).files().into_iter().collect();
        let file = existing.get_mut(Path::new("k8s/shop/deployment.yaml")).expect("it is there");
        *file = file.replace("replicas: 1", "replicas: 3");
        let left = plan(&wanted(false), &existing);
        assert!(left.changes.is_empty() && left.notes[0].text.contains("-  replicas: 3\n+  replicas: 1"), "{left:?}");
        let taken = plan(&wanted(true), &existing);
        assert_eq!((taken.changes.len(), taken.notes.len()), (1, 0));
        assert!(taken.changes[0].summary().detail.contains("-  replicas: 3\n+  replicas: 1"), "{taken:?}");
    }
}

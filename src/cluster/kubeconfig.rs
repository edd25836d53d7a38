//! The kubeconfig's files as text: which of them are in force, and what one of them has of a cluster that is to be
//! forgotten. Everything else in a file stays as it is, byte for byte.

use std::collections::BTreeSet;
use std::env;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::os::unix::fs::{MetadataExt as _, fchown};
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::plan::teardown::Entry;

/// The files that are said (one, or several as KUBECONFIG has them), else kubectl's own; also those that aren't there.
pub fn named(said: Option<&Path>) -> Vec<PathBuf> {
    match said.filter(|path| !path.as_os_str().is_empty()) {
        Some(path) if path.is_file() => vec![path.to_owned()],
        Some(list) => env::split_paths(list).filter(|path| !path.as_os_str().is_empty()).collect(),
        None => env::home_dir().map(|home| home.join(".kube/config")).into_iter().collect(),
    }
}

/// What can be taken out of each of these files for a cluster of this name. Clusters and users that another context needs, of
/// whichever file, aren't in it. A file that can't be read as a kubeconfig has nothing.
pub fn entries(files: &[PathBuf], name: &str) -> Vec<(PathBuf, Vec<Entry>)> {
    let read: Vec<_> = files.iter().filter_map(|file| Some((file, parse(&fs::read_to_string(file).ok()?)?))).collect();
    let needed: BTreeSet<Entry> = read.iter().flat_map(|(_, content)| needed_by_others(content, name)).collect();
    let found = read.iter().map(|(file, content)| {
        let there = Entry::ALL.into_iter().filter(|entry| !needed.contains(entry) && has(content, *entry, name));
        ((*file).clone(), there.collect::<Vec<_>>())
    });
    found.filter(|(_, there)| !there.is_empty()).collect()
}

/// Takes the entries out of the file, which is written whole or not at all and keeps its mode and owner. What is gone
/// already is no error.
///
/// # Errors
/// The file can't be read or written, or is written in a way (JSON, for example) that doesn't let the rest stay as it is.
pub fn forget(file: &Path, name: &str, entries: &[Entry]) -> io::Result<()> {
    let text = match fs::read_to_string(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        text => text?,
    };
    let after = without(&text, name, entries).ok_or_else(|| io::Error::other("it isn't written as kubectl and kOps write it"))?;
    if after == text { Ok(()) } else { replace(file, &after) }
}

/// A link stays a link.
fn replace(file: &Path, text: &str) -> io::Result<()> {
    let file = fs::canonicalize(file)?;
    let before = fs::metadata(&file)?;
    let mut new = tempfile::NamedTempFile::new_in(file.parent().unwrap_or(Path::new("/")))?;
    new.write_all(text.as_bytes())?;
    let opened: &File = new.as_file();
    if fs::metadata(new.path())?.uid() != before.uid() {
        fchown(opened, Some(before.uid()), Some(before.gid()))?;
    }
    opened.set_permissions(before.permissions())?;
    opened.sync_all()?;
    new.persist(&file).map(drop).map_err(|error| error.error)
}

fn parse(text: &str) -> Option<Value> {
    serde_saphyr::from_str(text).ok()
}

impl Entry {
    /// The key of its list. The current context isn't in one.
    fn list(self) -> Option<&'static str> {
        match self {
            Self::Cluster => Some("clusters"),
            Self::Context => Some("contexts"),
            Self::User => Some("users"),
            Self::CurrentContext => None,
        }
    }
}

const CURRENT: &str = "current-context";

fn has(content: &Value, entry: Entry, name: &str) -> bool {
    match entry.list() {
        Some(list) => items(content, list).any(|item| item["name"] == name),
        None => content[CURRENT] == name,
    }
}

fn items<'a>(content: &'a Value, list: &str) -> impl Iterator<Item = &'a Value> {
    content[list].as_array().into_iter().flatten()
}

/// The clusters and users of this name that contexts of other names lead to.
fn needed_by_others(content: &Value, name: &str) -> Vec<Entry> {
    let others = items(content, "contexts").filter(|context| context["name"] != name);
    let used = others.flat_map(|context| {
        let uses = |key: &str| context["context"][key] == name;
        [uses("cluster").then_some(Entry::Cluster), uses("user").then_some(Entry::User)]
    });
    used.flatten().collect()
}

/// The text without these entries; None where they can't be taken out without a change of something else.
fn without(text: &str, name: &str, entries: &[Entry]) -> Option<String> {
    let before = parse(text)?;
    let mut wanted = before.clone();
    let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
    let unset = format!("{CURRENT}: \"\"\n");
    for entry in entries.iter().filter(|entry| has(&before, **entry, name)) {
        match entry.list() {
            Some(list) => {
                let gone: Vec<_> = items(&before, list).map(|item| item["name"] == name).collect();
                cut(&mut lines, list, &gone);
                wanted.get_mut(list)?.as_array_mut()?.retain(|item| item["name"] != name);
            }
            None => {
                lines.iter_mut().filter(|line| line.starts_with(CURRENT)).for_each(|line| *line = &unset);
                wanted[CURRENT] = "".into();
            }
        }
    }
    let after = lines.concat();
    // The lines are counted and not understood, so this is what decides.
    (filled(parse(&after)?) == filled(wanted)).then_some(after)
}

/// Takes items out of a list at the top level, written in lines of their own.
fn cut(lines: &mut Vec<&str>, list: &str, gone: &[bool]) {
    let key = format!("{list}:");
    let mut gone = gone.iter();
    // Where the list's dashes are, once it has begun.
    let (mut inside, mut dashes, mut dropping) = (false, None, false);
    lines.retain(|line| {
        let content = line.trim_start();
        let indent = line.len() - content.len();
        if !inside {
            inside = line.trim_end() == key;
            return true;
        }
        let is_item = content == "-\n" || content.starts_with("- ");
        if is_item && *dashes.get_or_insert(indent) == indent {
            dropping = gone.next() == Some(&true);
        } else if !content.is_empty() && dashes.is_some_and(|dashes| indent <= dashes) {
            dropping = false;
            inside = content.starts_with('#');
        }
        !dropping
    });
}

/// A list without items may be written as nothing.
fn filled(mut content: Value) -> Value {
    for list in Entry::ALL.into_iter().filter_map(Entry::list) {
        if content[list].is_null() {
            content[list] = Value::Array(Vec::new());
        }
    }
    content
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    const NAME: &str = "c02.example.com";

    /// As kubectl writes it, with somebody's comment.
    const FILE: &str = "apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: QUJD
    server: https://api.c02.example.com
  name: c02.example.com
# the old one
- cluster:
    server: https://other.example.org
  name: other.example.org
contexts:
- context:
    cluster: c02.example.com
    user: c02.example.com
  name: c02.example.com
- context:
    cluster: other.example.org
    user: me
  name: other
current-context: c02.example.com
kind: Config
preferences: {}
users:
- name: me
  user:
    token: |
      - not an item
      users:
- name: c02.example.com
  user:
    client-certificate-data: QUJD
    client-key-data: QUJD
";

    #[test]
    fn what_is_the_cluster_s_goes_and_every_other_byte_stays() {
        let after = without(FILE, NAME, &Entry::ALL).expect("lines");
        let gone = similar::TextDiff::from_lines(FILE, &after);
        let changes: String =
            gone.iter_all_changes().filter(|change| change.tag() != similar::ChangeTag::Equal).map(|c| format!("{}{c}", c.tag())).collect();
        insta::assert_snapshot!(changes);
        assert_eq!(without(&after, NAME, &Entry::ALL), Some(after.clone()), "a second time");
        assert_eq!(without(FILE, "c02", &Entry::ALL).as_deref(), Some(FILE), "a part of a name is none");
    }

    #[test]
    fn an_empty_list_is_still_one_and_indented_items_are_items() {
        let indented = "clusters:\n\n  # mine\n  - name: c02.example.com\n    cluster: {server: 'https://x'}\nusers: []\nkind: Config\n";
        let after = without(indented, NAME, &Entry::ALL).expect("lines");
        assert_eq!(after, "clusters:\n\n  # mine\nusers: []\nkind: Config\n");
    }

    #[test]
    fn what_is_not_in_lines_of_its_own_is_left() {
        for text in [
            r#"{"clusters": [{"name": "c02.example.com", "cluster": {}}], "kind": "Config"}"#,
            "clusters: [{name: c02.example.com, cluster: {}}]\n",
            "clusters: # mine\n- name: c02.example.com\n",
            "{",
        ] {
            assert_eq!(without(text, NAME, &Entry::ALL), None, "{text}");
        }
    }

    #[test]
    fn what_another_context_needs_stays() {
        let folder = tempfile::tempdir().expect("a folder");
        let (first, second) = (folder.path().join("one"), folder.path().join("two"));
        fs::write(&first, FILE).expect("a file");
        let context = "contexts:\n- name: mine\n  context: {cluster: other.example.org, user: c02.example.com}\n";
        fs::write(&second, context).expect("a file");
        let files = [first.clone(), second.clone(), folder.path().join("three")];
        let expected = vec![Entry::Cluster, Entry::Context, Entry::CurrentContext];
        assert_eq!(entries(&files, NAME), [(first.clone(), expected)]);
        assert_eq!(entries(&files[..1], NAME), [(first, Entry::ALL.to_vec())]);
    }

    #[test]
    fn the_file_keeps_its_mode_and_a_link_stays_one() {
        let folder = tempfile::tempdir().expect("a folder");
        let (file, link) = (folder.path().join("config"), folder.path().join("link"));
        fs::write(&file, FILE).expect("a file");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).expect("a mode");
        std::os::unix::fs::symlink(&file, &link).expect("a link");
        forget(&link, NAME, &Entry::ALL).expect("forgotten");
        assert!(link.is_symlink() && !fs::read_to_string(&file).expect("a file").contains(NAME));
        assert_eq!(fs::metadata(&file).expect("a file").permissions().mode() & 0o777, 0o640);
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 2, "nothing else is left");
        forget(&folder.path().join("gone"), NAME, &Entry::ALL).expect("gone already");
    }
}

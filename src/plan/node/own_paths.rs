//! Which files on the node are ours: by name, so that what somebody else put beside them is left alone.

use std::collections::BTreeSet;

pub const ETC: &str = "/etc/k8sport";
pub const LIB: &str = "/usr/local/lib/k8sport";
/// What runs of ours need while they run, on the node.
pub const RUN: &str = "/run/k8sport";
/// These go with all that is in them.
pub const RUNTIME: [&str; 2] = ["/run/k8sport-haproxy", RUN];
/// Copies of what a takeover removed.
pub const TAKEN_OVER: &str = "/etc/k8sport/taken-over";
const UNITS: &str = "/etc/systemd/system";
/// The packages that we installed, one a line.
const RECORD: &str = "packages";

const UNIT_NAMES: [&str; 4] = ["k8sport-haproxy.service", "k8sport-net-check.service", "k8sport-net.service", "k8sport-net.timer"];
const ETC_NAMES: [&str; 7] =
    ["haproxy.cfg", "haproxy.cfg.candidate", "haproxy.cfg.previous", "k8sport.iptables", "k8sport.nft", "net.conf", RECORD];

/// The unit files of ours, and units whose enablement alone is left, by name.
pub fn units(paths: &BTreeSet<String>) -> Vec<String> {
    let names: BTreeSet<_> = paths.iter().filter_map(|path| unit(path)).collect();
    names.into_iter().map(str::to_owned).collect()
}

/// The names of our files in `directory`, None when there is nothing to remove. An empty list stands for a directory
/// that has nothing in it any more.
pub fn files(paths: &BTreeSet<String>, directory: &str, record_stays: bool) -> Option<Vec<String>> {
    let mut ours = Vec::new();
    let mut stays = !taken_over(paths).is_empty() && directory == ETC;
    for name in paths.iter().filter_map(|path| child(path, directory)).filter(|name| format!("{directory}/{name}") != TAKEN_OVER) {
        if is_file(directory, name) && !(record_stays && name == RECORD) {
            ours.push(name.to_owned());
        } else {
            stays = true;
        }
    }
    (!ours.is_empty() || paths.contains(directory) && !stays).then_some(ours)
}

/// The names of the copies in [`TAKEN_OVER`].
pub fn taken_over(paths: &BTreeSet<String>) -> Vec<&str> {
    paths.iter().filter_map(|path| child(path, TAKEN_OVER)).collect()
}

/// What is among our files without being one.
pub fn foreign(paths: &BTreeSet<String>) -> impl Iterator<Item = &String> {
    paths.iter().filter(|path| {
        let in_ours = [ETC, LIB].into_iter().find_map(|directory| Some((directory, child(path, directory)?)));
        match in_ours {
            Some((directory, name)) => *path != TAKEN_OVER && !is_file(directory, name),
            None => path.starts_with(UNITS) && unit(path).is_none() && !is_inside_foreign(path),
        }
    })
}

fn is_file(directory: &str, name: &str) -> bool {
    let name = without_suffix(name);
    if directory == LIB { name == "net" } else { ETC_NAMES.contains(&name) }
}

/// `/etc/systemd/system/<unit>` or `/etc/systemd/system/<target>.wants/<unit>`.
fn unit(path: &str) -> Option<&str> {
    let rest = child(path, UNITS).or_else(|| {
        let (target, name) = path.strip_prefix(UNITS)?.strip_prefix('/')?.split_once('/')?;
        target.ends_with(".wants").then_some(name)
    })?;
    UNIT_NAMES.contains(&without_suffix(rest)).then_some(rest)
}

/// A drop-in directory of somebody's is named once, without its files.
fn is_inside_foreign(path: &str) -> bool {
    path.strip_prefix(UNITS).and_then(|rest| rest.strip_prefix('/')).is_some_and(|rest| rest.starts_with("k8sport") && rest.contains('/'))
}

/// A file is written under another name first, which an interrupted run leaves: `net.conf.new.a1B2c3`.
fn without_suffix(name: &str) -> &str {
    match name.rsplit_once(".new.") {
        Some((name, random)) if random.len() == 6 && random.chars().all(|c| c.is_ascii_alphanumeric()) => name,
        _ => name,
    }
}

fn child<'a>(path: &'a str, directory: &str) -> Option<&'a str> {
    path.strip_prefix(directory)?.strip_prefix('/').filter(|name| !name.is_empty() && !name.contains('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(all: &[&str]) -> BTreeSet<String> {
        all.iter().map(|&path| path.to_owned()).collect()
    }

    #[test]
    fn units_and_their_enablement() {
        let all = paths(&[
            "/etc/systemd/system/k8sport-net.service",
            "/etc/systemd/system/k8sport-net.service.new.a1B2c3",
            "/etc/systemd/system/multi-user.target.wants/k8sport-net.service",
            "/etc/systemd/system/timers.target.wants/k8sport-net.timer",
            "/etc/systemd/system/k8sport-haproxy.service.d",
            "/etc/systemd/system/k8sport-haproxy.service.d/k8sport-limits.conf",
            "/etc/systemd/system/k8sport-metrics.service",
        ]);
        assert_eq!(units(&all), ["k8sport-net.service", "k8sport-net.service.new.a1B2c3", "k8sport-net.timer"]);
        let foreign: Vec<_> = foreign(&all).collect();
        assert_eq!(foreign, ["/etc/systemd/system/k8sport-haproxy.service.d", "/etc/systemd/system/k8sport-metrics.service"]);
    }

    #[test]
    fn files_of_ours_and_of_others() {
        let all = paths(&["/etc/k8sport", "/etc/k8sport/net.conf", "/etc/k8sport/packages", "/etc/k8sport/notes; rm -r x"]);
        assert_eq!(files(&all, ETC, false), Some(vec!["net.conf".to_owned(), "packages".to_owned()]));
        assert_eq!(files(&all, ETC, true), Some(vec!["net.conf".to_owned()]));
        assert_eq!(foreign(&all).collect::<Vec<_>>(), ["/etc/k8sport/notes; rm -r x"]);
        assert_eq!(files(&all, LIB, false), None);
    }

    #[test]
    fn what_stays_plans_nothing() {
        let copies = paths(&["/etc/k8sport", TAKEN_OVER, "/etc/k8sport/taken-over/rules.v4.0123"]);
        assert_eq!(files(&copies, ETC, false), None);
        assert_eq!(taken_over(&copies), ["rules.v4.0123"]);
        assert_eq!(foreign(&copies).count(), 0);
        assert_eq!(files(&paths(&["/etc/k8sport", TAKEN_OVER]), ETC, false), Some(Vec::new()));
        assert_eq!(files(&paths(&["/etc/k8sport", "/etc/k8sport/packages"]), ETC, true), None);
        assert_eq!(files(&paths(&["/usr/local/lib/k8sport", "/usr/local/lib/k8sport/net"]), LIB, true), Some(vec!["net".to_owned()]));
    }
}

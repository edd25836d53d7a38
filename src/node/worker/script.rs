//! The changes on a worker as a script. The key is in it and goes over standard input alone.

use super::super::apply::{Fragment, RemoteStep, here_document, unwatched};
use crate::plan::k0smotron::{AUTHORITY, FOLDER, FOLDER_IS, K0smotronChange, Material, Owned};

/// Seconds that any of them may take.
const SECONDS: u64 = 20;

/// One script for changes of one worker.
pub fn script(changes: &[K0smotronChange], material: &Material) -> RemoteStep {
    unwatched(&changes.iter().map(|change| Fragment::new(SECONDS, fragment(change, material))).collect::<Vec<_>>())
}

fn fragment(change: &K0smotronChange, material: &Material) -> String {
    match change {
        K0smotronChange::Folder { .. } => {
            let Owned { mode, uid, gid } = FOLDER_IS;
            format!("mkdir -p {FOLDER}\nchown {uid}:{gid} {FOLDER}\nchmod {mode:o} {FOLDER}\n")
        }
        K0smotronChange::Write { path, how: Owned { mode, uid, gid }, sha256, was, .. } => {
            let content = if *path == AUTHORITY { &material.authority } else { &material.server };
            let put = here_document(&format!("put {path} {mode:04o} {uid}:{gid}"), content);
            // What a run that was cut off has begun may have come to its end since.
            match was {
                Some(was) => format!("[ \"$(sha {path})\" = {sha256} ] || unchanged {path} {was}\n{put}"),
                None => format!("[ ! -e {path} ] || unchanged {path} {sha256}\n{put}"),
            }
        }
        K0smotronChange::Protect { path, how: Owned { mode, uid, gid }, .. } => {
            // Less first: at no moment has somebody more than before.
            format!("chmod go= {path}\nchown {uid}:{gid} {path}\nchmod {mode:04o} {path}\n")
        }
        // Through the hosted cluster's API.
        K0smotronChange::Restart { .. } => String::new(),
    }
}

//! Folders of control sockets that killed runs have left on this machine.

use std::os::unix::net::UnixStream;
use std::path::Path;

const PREFIX: &str = ".ssh-connection";
/// Says that the folder is of a run of ours, since other programs have folders of that name, too.
const MARK: &str = "k8sport";
const SOCKET: &str = "master";

/// `socket` is one of ours.
pub(super) fn mark(socket: &Path) {
    if let Some(folder) = socket.parent() {
        // A folder that isn't marked is only left where it is.
        let _ = std::fs::write(folder.join(MARK), "");
    }
}

/// Removes the marked folders in `place` whose `ssh` is gone.
pub(super) fn sweep(place: &Path) {
    let entries = std::fs::read_dir(place).into_iter().flatten().flatten().map(|entry| entry.path());
    let ours = entries.filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(PREFIX)));
    for folder in ours.filter(|folder| folder.join(MARK).is_file()) {
        if UnixStream::connect(folder.join(SOCKET)).is_err() {
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixListener;

    use super::*;

    #[test]
    fn only_marked_folders_without_a_listener_go() {
        let place = tempfile::tempdir().expect("a folder");
        let folder = |name: &str| {
            let folder = place.path().join(format!("{PREFIX}{name}"));
            std::fs::create_dir(&folder).expect("a folder");
            folder
        };
        let (gone, closed, open, foreign) = (folder("gone"), folder("closed"), folder("open"), folder("foreign"));
        drop(UnixListener::bind(closed.join(SOCKET)).expect("a socket"));
        let _listener = UnixListener::bind(open.join(SOCKET)).expect("a socket");
        for folder in [&gone, &closed, &open] {
            mark(&folder.join(SOCKET));
        }
        sweep(place.path());
        assert_eq!([gone, closed, open, foreign].map(|folder| folder.exists()), [false, false, true, true]);
    }
}

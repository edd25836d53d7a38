//! Looks at the key file before `ssh` does: its own words for these mistakes are "permission denied".

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use crate::failure::{Failure, Result};

pub fn check(path: &Path) -> Result<()> {
    let shown = path.display();
    let metadata = std::fs::metadata(path).map_err(|error| {
        Failure::usage(format!("the SSH key {shown} can't be read")).because(error).next("name the key of the node with `--ssh-key`")
    })?;
    if !metadata.is_file() {
        return Err(Failure::usage(format!("the SSH key {shown} is not a file")).next("name the key of the node with `--ssh-key`"));
    }
    let mode = metadata.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(Failure::usage(format!("the SSH key {shown} may be read by others"))
            .because(format!("its permissions are {mode:o}, and ssh ignores such keys"))
            .next(format!("chmod 600 {shown}")));
    }
    std::fs::File::open(path).map(drop).map_err(|error| Failure::usage(format!("the SSH key {shown} can't be read")).because(error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_open_and_right() {
        let directory = tempfile::tempdir().expect("directory");
        let path = directory.path().join("key");
        assert!(check(&path).is_err_and(|failure| failure.what.contains("can't be read")));
        assert!(check(directory.path()).is_err_and(|failure| failure.what.contains("is not a file")));
        std::fs::write(&path, "key").expect("written");
        let mode = |mode| std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).expect("mode");
        mode(0o644);
        assert!(check(&path).is_err_and(|failure| failure.what.contains("by others")));
        mode(0o600);
        assert!(check(&path).is_ok());
    }
}

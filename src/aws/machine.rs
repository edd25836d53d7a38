//! Whether this program runs on an EC2 instance.

use std::path::Path;

/// Whether a metadata service can be expected here. Elsewhere asking for it costs seconds and gives nothing, so the chains
/// of credentials and region leave it out.
pub(super) fn has_metadata() -> bool {
    if std::env::var("AWS_EC2_METADATA_DISABLED").is_ok_and(|value| value.eq_ignore_ascii_case("true")) {
        return false;
    }
    std::env::var_os("AWS_EC2_METADATA_SERVICE_ENDPOINT").is_some() || is_ec2(Path::new("/sys"))
}

/// EC2 writes its name into the DMI table (Nitro) or starts the hypervisor's UUID with it (Xen).
fn is_ec2(sys: &Path) -> bool {
    let starts = |file: &str, with: &str| std::fs::read_to_string(sys.join(file)).is_ok_and(|text| text.starts_with(with));
    starts("devices/virtual/dmi/id/sys_vendor", "Amazon EC2") || starts("hypervisor/uuid", "ec2")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vendor_or_the_uuid_tells() {
        let sys = tempfile::tempdir().expect("directory");
        assert!(!is_ec2(sys.path()));
        let dmi = sys.path().join("devices/virtual/dmi/id");
        std::fs::create_dir_all(&dmi).expect("directory");
        std::fs::write(dmi.join("sys_vendor"), "QEMU\n").expect("file");
        assert!(!is_ec2(sys.path()));
        std::fs::write(dmi.join("sys_vendor"), "Amazon EC2\n").expect("file");
        assert!(is_ec2(sys.path()));
    }
}

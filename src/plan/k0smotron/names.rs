//! What k0smotron calls its objects in the management cluster. Its secrets are `NAME-…` as Cluster API has it, and never shortened.

use md5::{Digest as _, Md5};

use crate::names::ObjectName;

/// Longer names are cut, and get the beginning of their digest (`shortName` of its API's types).
const LIMIT: usize = 63;
const DIGITS: usize = 5;

#[derive(Debug, Clone)]
pub struct Objects {
    /// StatefulSet and Ingress.
    pub control_plane: String,
    /// Its Service, which has a name for each type. There is one of them, unless the type was changed.
    pub services: [String; 3],
    /// The ConfigMap with what the workers run.
    pub bundle: String,
    /// The ConfigMap with k0s' configuration.
    pub config: String,
}

/// One of its Services, as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    pub name: String,
    /// Name and number of each port.
    pub ports: Vec<(String, String)>,
}

impl Objects {
    pub fn of(cluster: &ObjectName) -> Self {
        let named = |suffix: &str| short(format!("kmc-{cluster}{suffix}"));
        Self {
            control_plane: named(""),
            services: ["", "-nodeport", "-lb"].map(named),
            bundle: named("-ingress"),
            config: named("-config"),
        }
    }
}

/// Of ASCII alone, as names of objects are.
fn short(name: String) -> String {
    if name.len() <= LIMIT {
        return name;
    }
    let digest: String = Md5::digest(&name).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{}-{}", &name[..LIMIT - DIGITS - 1], &digest[..DIGITS])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first three are k0smotron's own examples; the digests were made with md5sum.
    #[test]
    fn long_names_are_shortened_as_k0smotron_does() {
        for (name, expected) in [
            (
                "kmc-prometheus-dk-enc-nodes-basic-sep17-v5-lg5hz-njttw-config",
                "kmc-prometheus-dk-enc-nodes-basic-sep17-v5-lg5hz-njttw-config",
            ),
            (
                "kmc-prometheus-dk-enc-nodes-basic-sep17-v5-lg5hz-njttw-config-nginx",
                "kmc-prometheus-dk-enc-nodes-basic-sep17-v5-lg5hz-njttw-co-c79c4",
            ),
            (
                "kmc-prometheus-dk-enc-nodes-basic-sep17-v5-lg5hz-njttw-config-nginx2",
                "kmc-prometheus-dk-enc-nodes-basic-sep17-v5-lg5hz-njttw-co-a85e8",
            ),
        ] {
            assert_eq!(short(name.to_owned()), expected);
        }
    }

    #[test]
    fn each_object_is_shortened_by_itself() {
        let name = "a-cluster-with-a-name-that-is-longer-than-most-are-56789";
        let objects = Objects::of(&name.parse().expect("a name"));
        assert_eq!(objects.control_plane, format!("kmc-{name}"));
        assert_eq!(objects.services[2], format!("kmc-{name}-lb"));
        assert_eq!(objects.services[1], "kmc-a-cluster-with-a-name-that-is-longer-than-most-are-56-1cd9f");
        assert_eq!(objects.bundle, "kmc-a-cluster-with-a-name-that-is-longer-than-most-are-56-6d4f2");
    }
}

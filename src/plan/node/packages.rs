//! Packages that came with us, and who else uses them by now.

use super::state::{RecordedPackages, UnitState};

impl RecordedPackages {
    /// What would break for somebody else, units of theirs among it. One use keeps all packages, since they need each other.
    fn uses(&self, unit: impl Fn(&str) -> UnitState, units: &[&str]) -> Vec<String> {
        let used = |name: &&&str| {
            let state = unit(name);
            name.strip_suffix(".service").is_some_and(|package| self.present.contains(package)) && (state.enabled || state.active)
        };
        let units = units.iter().filter(used).map(|name| format!("{name} is in use"));
        self.uses.iter().cloned().chain(units).collect()
    }

    /// Those that go when it is wished, which is all or none.
    pub(in crate::plan) fn purged(&self, wished: bool, unit: impl Fn(&str) -> UnitState, units: &[&str]) -> Vec<String> {
        if wished && self.uses(unit, units).is_empty() { self.present.iter().cloned().collect() } else { Vec::new() }
    }

    /// Why some stay.
    pub(in crate::plan) fn note(&self, wished: bool, unit: impl Fn(&str) -> UnitState, units: &[&str]) -> Option<String> {
        let packages = self.present.iter().cloned().collect::<Vec<_>>().join(", ");
        let uses = self.uses(unit, units);
        match (packages.is_empty(), wished) {
            (true, _) => None,
            (false, false) => Some(format!(
                "packages that k8sport installed stay, with the list of them in /etc/k8sport: {packages}; `--purge-packages` removes them"
            )),
            (false, true) if uses.is_empty() => None,
            (false, true) => Some(format!("packages that k8sport installed stay, since others use them: {packages} ({})", uses.join("; "))),
        }
    }
}

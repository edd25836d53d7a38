use super::*;
use proptest::prelude::*;

fn classes() -> Vec<IngressClass> {
    [
        ("nginx", "k8s.io/ingress-nginx", true),
        ("haproxy", "haproxy.org/ingress-controller/haproxy", false),
        ("contour", "projectcontour.io/contour", false),
        ("cilium", "cilium.io/ingress-controller", false),
        ("f5", "nginx.org/ingress-controller", false),
        ("traefik", "traefik.io/ingress-controller", false),
    ]
    .map(|(name, controller, default)| IngressClass { name: name.to_owned(), controller: controller.to_owned(), default })
    .to_vec()
}

fn ingress(class: Option<&str>, tls: bool, annotations: &[(&str, &str)]) -> Ingress {
    Ingress {
        namespace: "apps".to_owned(),
        name: "app".to_owned(),
        class: class.map(str::to_owned),
        tls,
        annotations: annotations.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect(),
        ..Ingress::default()
    }
}

fn applied(ingress: &Ingress, edit: &Edit) -> Ingress {
    let mut changed = ingress.clone();
    for (key, value) in &edit.after {
        match value {
            Some(value) => drop(changed.annotations.insert(key.clone(), value.clone())),
            None => drop(changed.annotations.remove(key)),
        }
    }
    changed
}

#[test]
fn what_turns_each_controller_off() {
    const NGINX: &str = "nginx.ingress.kubernetes.io/ssl-redirect";
    const FORCE: &str = "nginx.ingress.kubernetes.io/force-ssl-redirect";
    let cases: &[(Ingress, &[&str])] = &[
        (ingress(None, true, &[]), &[NGINX]),
        (ingress(Some("nginx"), true, &[(NGINX, "true"), (FORCE, "true")]), &[NGINX, FORCE]),
        (ingress(Some("nginx"), false, &[]), &[]),
        (ingress(Some("nginx"), true, &[(NGINX, "false")]), &[]),
        (ingress(Some("haproxy"), true, &[]), &["haproxy.org/ssl-redirect"]),
        (ingress(Some("contour"), true, &[]), &[]),
        (
            ingress(Some("contour"), true, &[("ingress.kubernetes.io/force-ssl-redirect", "true")]),
            &["ingress.kubernetes.io/force-ssl-redirect"],
        ),
        (ingress(Some("cilium"), true, &[]), &["ingress.cilium.io/force-https"]),
        (ingress(Some("f5"), true, &[]), &["ingress.kubernetes.io/ssl-redirect"]),
        (ingress(Some("f5"), false, &[]), &[]),
        (
            ingress(Some("f5"), false, &[("nginx.org/redirect-to-https", "True")]),
            &["ingress.kubernetes.io/ssl-redirect", "nginx.org/redirect-to-https"],
        ),
        (
            ingress(Some("f5"), true, &[("ingress.kubernetes.io/ssl-redirect", "false"), ("nginx.org/ssl-redirect", "true")]),
            &["nginx.org/ssl-redirect"],
        ),
    ];
    for (ingress, expected) in cases {
        let switched: Vec<_> = match decide(ingress, &classes(), Wanted::Off, None) {
            Decision::Edit(edit) => edit.after.into_keys().filter(|key| key != BEFORE).collect(),
            Decision::AsWanted => Vec::new(),
            Decision::Skipped(why) => panic!("{ingress:?}: {why}"),
        };
        let mut expected: Vec<_> = expected.iter().map(|key| (*key).to_owned()).collect();
        expected.sort();
        assert_eq!(switched, expected, "{ingress:?}");
    }
    for class in ["traefik", "unknown"] {
        assert!(matches!(decide(&ingress(Some(class), true, &[]), &classes(), Wanted::Off, None), Decision::Skipped(_)), "{class}");
    }
}

#[test]
fn what_somebody_has_changed_since_stays() {
    const NGINX: &str = "nginx.ingress.kubernetes.io/ssl-redirect";
    let ingress = ingress(None, true, &[(NGINX, "true"), (BEFORE, &format!("{{\"{NGINX}\":null}}"))]);
    let Decision::Edit(edit) = decide(&ingress, &classes(), Wanted::On, None) else { panic!("no edit") };
    assert_eq!(edit.after, BTreeMap::from([(BEFORE.to_owned(), None)]));
}

proptest! {
    /// Off and on again is what it was, off twice is off once, and nothing without our memory is turned on.
    #[test]
    fn off_and_on_again_is_what_it_was(
        class in prop::option::of(prop::sample::select(vec!["nginx", "f5", "haproxy", "contour", "cilium", "traefik", "none"])),
        tls in any::<bool>(),
        values in prop::collection::vec(prop::option::of(prop::sample::select(vec!["true", "false", "enabled", "disabled", "True", "", "x"])), 9),
    ) {
        let keys = drivers::DRIVERS.iter().flat_map(|driver| driver.switches).map(|switch| switch.annotation);
        let annotations: Vec<_> = keys.zip(&values).filter_map(|(key, value)| value.map(|value| (key, value))).collect();
        let before = ingress(class, tls, &annotations);
        prop_assert_eq!(decide(&before, &classes(), Wanted::On, None), Decision::AsWanted);
        if let Decision::Edit(edit) = decide(&before, &classes(), Wanted::Off, Some("2026-01-01T00:00:00Z")) {
            let off = applied(&before, &edit);
            prop_assert_eq!(decide(&off, &classes(), Wanted::Off, None), Decision::AsWanted);
            let Decision::Edit(back) = decide(&off, &classes(), Wanted::On, None) else { panic!("it isn't put back") };
            prop_assert_eq!(applied(&off, &back), before);
        }
    }
}

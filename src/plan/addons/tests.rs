use super::ingress::{Helm, Release};
use super::issuer::{Dns01, Issuer};
use super::*;

fn node(taints: &[(&str, &str)]) -> NodeState {
    let taints = taints.iter().map(|(key, effect)| Taint { key: (*key).to_owned(), effect: (*effect).to_owned() });
    NodeState { name: "i-0000000000000000a".to_owned(), ready: true, why: String::new(), taints: taints.collect() }
}

const OURS: Wanted = Wanted { ours: true, ingress: IngressController::Traefik, ingress_is_named: false, issuer: None };
const TRAEFIK: &str = "ingress traefik on the NodePorts 30080 and 30443 (chart 41.5.0)";

fn lines(observed: &Observed, wanted: &Wanted) -> Vec<String> {
    plan(observed, wanted).changes.iter().map(|change| change.summary().sentence()).collect()
}

fn notes(observed: &Observed, wanted: &Wanted) -> String {
    plan(observed, wanted).notes.iter().map(|note| note.text.as_str()).collect()
}

#[test]
fn only_the_control_plane_s_own_taint_goes_and_only_on_a_cluster_of_ours() {
    let without_ingress = Wanted { ingress: IngressController::Nothing, ..OURS };
    let others = [
        ("node.cloudprovider.kubernetes.io/uninitialized", "NoSchedule"),
        ("node.kubernetes.io/not-ready", "NoExecute"),
        ("node-role.kubernetes.io/control-plane", "NoExecute"),
        ("dedicated", "NoSchedule"),
    ];
    let observed = |nodes| Observed { nodes, ..Observed::default() };
    assert_eq!(lines(&observed(vec![node(&others), node(&[])]), &without_ingress), Vec::<String>::new());
    let tainted = [&others[..], &[("node-role.kubernetes.io/control-plane", "NoSchedule")]].concat();
    let expected = "node i-0000000000000000a runs applications: without node-role.kubernetes.io/control-plane:NoSchedule";
    assert_eq!(lines(&observed(vec![node(&tainted)]), &without_ingress), [expected]);
    assert_eq!(lines(&observed(vec![node(&tainted)]), &Wanted { ours: false, ..without_ingress.clone() }), Vec::<String>::new());
}

/// A row of the table in [`ingress`] each.
#[test]
fn an_ingress_controller_is_installed_where_there_is_none() {
    let service = Some("ingress-nginx/controller".to_owned());
    let state = |service: &Option<String>, classes: &[&str], helm| Observed {
        ingress: IngressState {
            service: service.clone(),
            classes: classes.iter().map(|&class| class.to_owned()).collect(),
            helm,
            default_class: None,
        },
        ..Observed::default()
    };
    let again = format!("{TRAEFIK}, in the place of an installation that was cut off");
    let release = |release| Helm::There(Some(release));
    let rows: [(Observed, &[&str]); 8] = [
        (state(&None, &[], release(Release::Unfinished)), &[&again]),
        (state(&service, &["nginx"], release(Release::Unfinished)), &[&again]),
        (state(&service, &["nginx"], release(Release::Failed)), &[TRAEFIK]),
        (state(&service, &["nginx"], release(Release::Installed)), &[]),
        (state(&service, &[], Helm::There(None)), &[]),
        (state(&None, &["alb"], Helm::There(None)), &[]),
        (state(&None, &[], Helm::Missing), &[]),
        (state(&None, &[], Helm::There(None)), &[TRAEFIK]),
    ];
    for (observed, expected) in &rows {
        assert_eq!(lines(observed, &OURS), *expected, "{observed:?}");
        assert_eq!(lines(observed, &Wanted { ingress: IngressController::Nothing, ..OURS }), Vec::<String>::new());
    }
    assert!(notes(&rows[6].0, &OURS).contains("helm is not on the PATH"));
    // Who has asked for one by name hears why there is none of it.
    let named = Wanted { ingress_is_named: true, ..OURS };
    assert_eq!(notes(&rows[4].0, &OURS), "");
    assert!(notes(&rows[4].0, &named).contains("(the Service ingress-nginx/controller); it stays as it is"));
    assert!(notes(&rows[5].0, &named).contains("the IngressClass alb"));
}

#[test]
fn the_issuer_proves_names_of_our_zone_by_dns_and_others_through_the_ingress() {
    let name = |text: &str| text.parse().expect("a name");
    let dns01 = Dns01 { zone: name("example.com"), zone_id: "Z02PUBLICEXAMPLECOM".to_owned(), region: "eu-central-1".to_owned() };
    let ours = IssuerWanted { email: None, dns01: Some(dns01), expected: true };
    let theirs = IssuerWanted { email: Some("ops@example.com".parse().expect("an address")), dns01: None, expected: false };
    let there = IssuerState { cert_manager: true, there: None };
    let with = |ours, email: &str| {
        let spec = serde_json::json!({ "acme": { "email": email, "solvers": ["as it is"] } });
        IssuerState { there: Some(Issuer { spec, ours }), ..there.clone() }
    };
    let moved = "ClusterIssuer letsencrypt-prod: the account's old@example.com -> ops@example.com";
    let both = "ClusterIssuer letsencrypt-prod: DNS-01 for example.com with the node's role, else HTTP-01 through the IngressClass nginx";
    let http = "ClusterIssuer letsencrypt-prod: HTTP-01 through the IngressClass web";
    type Row<'a> = (&'a IssuerWanted, IssuerState, IngressController, Option<&'a str>, &'a [&'a str], &'a str);
    let rows: [Row; 9] = [
        (&ours, IssuerState::default(), IngressController::Traefik, None, &[TRAEFIK, both], ""),
        (&ours, there.clone(), IngressController::Nothing, None, &[both.split_once(", else").expect("both").0], ""),
        (&ours, with(true, "old@example.com"), IngressController::Nothing, None, &[], ""),
        (&theirs, with(true, "ops@example.com"), IngressController::Nothing, None, &[], ""),
        (&theirs, with(true, "old@example.com"), IngressController::Nothing, None, &[moved], ""),
        (&theirs, with(false, "old@example.com"), IngressController::Nothing, None, &[], "wasn't made by k8sport"),
        (&theirs, IssuerState::default(), IngressController::Nothing, Some("web"), &[], "there is no cert-manager"),
        (&theirs, there.clone(), IngressController::Nothing, Some("web"), &[http], ""),
        (&theirs, there.clone(), IngressController::Nothing, None, &[], "no IngressClass is the default one"),
    ];
    for (issuer, state, ingress, class, expected, note) in rows {
        let ingress_state = IngressState { default_class: class.map(str::to_owned), helm: Helm::There(None), ..IngressState::default() };
        let observed = Observed { issuer: state, ingress: ingress_state, ..Observed::default() };
        let wanted = Wanted { ingress, issuer: Some(issuer.clone()), ..OURS };
        assert_eq!(lines(&observed, &wanted), *expected);
        assert!(notes(&observed, &wanted).contains(note), "{note}");
    }
    let (change, _) = issuer::plan(&there, &IssuerWanted { email: theirs.email.clone(), ..ours }, Some("nginx"));
    insta::assert_snapshot!("issuer", serde_json::to_string_pretty(&change).expect("JSON"));
}

#[test]
fn the_values_of_the_charts() {
    for controller in [IngressController::Traefik, IngressController::Haproxy, IngressController::Nginx] {
        let chart = Chart::of(controller).expect("a chart");
        insta::assert_snapshot!(controller.name(), serde_json::to_string_pretty(&chart).expect("JSON"));
    }
}

#[test]
fn what_the_tag_says_is_read_back() {
    for ingress in [IngressController::Traefik, IngressController::Haproxy, IngressController::Nginx, IngressController::Nothing] {
        for cert_manager in [true, false] {
            let made = Made { ingress, cert_manager };
            assert_eq!(Made::parse(&made.to_string()), made, "{made}");
        }
    }
    let made = Made { ingress: IngressController::Traefik, cert_manager: true };
    assert_eq!(made.to_string(), "traefik+cert-manager");
    assert_eq!(Made::parse("something-new+traefik+cert-manager"), made);
    assert_eq!(Made::parse("").to_string(), "none");
}

use super::*;
use crate::api_proxy::Identity;

const DEPLOYMENT: &str = "\
# Ours
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop   # the shop
spec:
  template:
    metadata:
      labels: {app: shop}
    spec:
      containers:
        - name: shop
          image: registry.example.com/shop:v1
          env:
            - name: COLOUR
              value: red
            # the last one
          command: [\"shop\", \"--serve\"]
        - image: registry.example.com/log:v1
          name: log
      volumes:
        - name: data
          emptyDir: {}

---
apiVersion: v1
kind: Service
metadata: {name: shop}
spec: {ports: [{port: 80}]}
";

fn sidecar() -> Sidecar {
    Sidecar {
        image: "registry.example.com/k8sport:v1".to_owned(),
        port: 6443,
        port_chosen: false,
        metrics_port: 6444,
        identity: Identity::Caller,
    }
}

fn patched(text: &str) -> Result<String> {
    patch("shop.yaml", text, &sidecar())
}

#[test]
fn the_proxy_is_put_in_and_every_line_that_was_there_stays() {
    let text = patched(DEPLOYMENT).expect("a manifest");
    insta::assert_snapshot!(text);
    let mut rest = text.lines();
    assert!(DEPLOYMENT.lines().all(|line| rest.any(|other| other == line)), "{text}");
    assert!(patched(&text).expect_err("twice").what.contains("has the proxy already"));
}

#[test]
fn pods_of_every_kind_and_every_style_of_indentation() {
    let pod = "kind: Pod\nmetadata:\n  name: a\nspec:\n  containers:\n  - image: x\n    name: a\n";
    let init = "kind: Pod\nmetadata:\n  name: a\nspec:\n  initContainers:\n  - name: i\n    image: x\n    volumeMounts:\n    - {name: v, mountPath: /v}\n  containers:\n  -   name: a\n      image: x\n  hostNetwork: false";
    let cron = "kind: CronJob\nmetadata:\n  name: a\nspec:\n  jobTemplate:\n    spec:\n      template:\n        spec:\n          containers:\n          - name: a\n            args:\n            - |\n              a:\n                b\n          restartPolicy: Never\n";
    for (text, path) in [(pod, "/spec"), (init, "/spec"), (cron, "/spec/jobTemplate/spec/template/spec")] {
        let text = patched(text).unwrap_or_else(|failure| panic!("{failure}: {text}"));
        let value: Value = serde_saphyr::from_str(&text).expect("YAML");
        let spec = value.pointer(path).expect("a spec");
        assert_eq!(spec["initContainers"][0]["name"], NAME);
        for container in containers(spec).skip(1) {
            assert_eq!(container["env"].as_array().map(Vec::len), Some(4), "{container}");
            assert!(container["volumeMounts"].to_string().contains(SERVICE_ACCOUNT), "{container}");
        }
        assert!(!spec["initContainers"][0]["env"].to_string().contains("KUBERNETES_"), "the proxy would connect to itself");
    }
}

#[test]
fn a_pod_without_a_token_gets_the_cluster_s_authorities_for_the_proxy() {
    let text = "kind: Pod\nspec:\n  automountServiceAccountToken: false\n  containers:\n  - name: a\n";
    let text = patched(text).expect("a manifest");
    assert!(text.contains("kube-root-ca.crt"), "{text}");
}

#[test]
fn what_would_not_work_is_said() {
    let pod = |rest: &str| format!("kind: Pod\nmetadata:\n  name: a\nspec:\n{rest}  containers:\n  - name: a\n");
    for (text, said) in [
        (pod("  hostNetwork: true\n"), "hostNetwork"),
        (pod("") + "    env:\n    - name: KUBERNETES_PORT\n      value: x\n", "sets KUBERNETES_PORT itself"),
        (pod("") + "    volumeMounts:\n    - name: t\n      mountPath: /var/run/secrets/kubernetes.io/serviceaccount/\n", "mounts"),
        (pod("") + "    ports:\n    - containerPort: 6443\n", "port 6443"),
        (pod("") + "    env: []\n", "can't be added to"),
        ("kind: Pod\nspec: {containers: [{name: a}]}\n".to_owned(), "can't be added to"),
        ("kind: Pod\n".to_owned(), "has no spec"),
        ("kind: Service\n".to_owned(), "has no workload"),
        ("a: [b".to_owned(), "is no YAML"),
    ] {
        let failure = patched(&text).expect_err(said);
        assert!(failure.to_string().contains(said), "{failure}");
    }
    let chosen = Sidecar { port: 16443, port_chosen: true, ..sidecar() };
    assert!(patch("a.yaml", &pod("  hostNetwork: true\n"), &chosen).is_ok());
}

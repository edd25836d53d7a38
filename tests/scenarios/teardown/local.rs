//! What is on the operator's machine, and in the account beside the cluster.

use super::{TEARDOWN, prepared, teardown};

const KUBECONFIG_OF_OTHERS: &str = "# mine
users:
- {name: me, user: {token: abc}}
contexts:
- name: mine
  context: {cluster: other.example.org, user: me}
clusters:
- name: other.example.org
  cluster: {server: 'https://other.example.org'}
";

const KUBECONFIG_OF_THE_CLUSTER: &str = "- name: c02.example.com
  cluster:
    server: https://api.c02.example.com
";

#[test]
fn repositories_state_and_local_files_go_only_when_named_and_asked_for() {
    let lab = prepared();
    let account = lab.account();
    // A home of its own: with a key as bootstrap makes it, and the host key that the lab's operator has pinned.
    let home = tempfile::tempdir().expect("a folder");
    let (ssh, pinned) = (home.path().join(".ssh"), home.path().join(".local/state/k8sport/known_hosts"));
    [&ssh, &pinned].into_iter().for_each(|folder| std::fs::create_dir_all(folder).expect("a folder"));
    for (file, text) in [("kops-key", "private"), ("kops-key.pub", "ssh-ed25519 AAAA k8sport\n"), ("other-key", "private")] {
        std::fs::write(ssh.join(file), text).expect("a file");
    }
    for entry in std::fs::read_dir(lab.home().join(".local/state/k8sport/known_hosts")).expect("pinned keys") {
        let entry = entry.expect("a file");
        std::fs::copy(entry.path(), pinned.join(entry.file_name())).expect("a copy");
    }
    let files = |folder: &std::path::Path| std::fs::read_dir(folder).expect("a folder").count();
    let pins = files(&pinned);
    // kOps looks into the first kubeconfig alone.
    let (first, second) = (home.path().join("first"), home.path().join("second"));
    std::fs::write(&first, "clusters: []\ncontexts: []\ncurrent-context: mine\nusers: []\n").expect("a file");
    std::fs::write(&second, format!("{KUBECONFIG_OF_OTHERS}{KUBECONFIG_OF_THE_CLUSTER}")).expect("a file");
    let kubeconfigs = format!("KUBECONFIG={}:{}:/nonexistent", first.display(), second.display());
    let home = format!("HOME={}", home.path().display());
    let teardown_at_home =
        |more: &[&str]| lab.k8sport_with(&[&home, &kubeconfigs], &[&TEARDOWN[..], &["--skip-applications"], more].concat());
    let more = ["--ecr-repositories", "shop/web", "--delete-state-store", "--delete-local-config"];
    let ended = teardown_at_home(&more).expect(4);
    assert!(ended.stderr.contains("--yes"), "{ended:?}");
    assert_eq!(lab.account(), account);
    let done = teardown_at_home(&[&more[..], &["--yes"]].concat()).expect(0);
    assert!(done.stderr.contains("others keep things in it"), "{done:?}");
    let after = lab.account();
    let versions = after["buckets"][0]["versions"].as_object().expect("versions");
    let left: Vec<_> = versions.keys().map(String::as_str).collect();
    assert_eq!(left, ["c02.example.com.au/config", "c02.example.community/config", "other.example.org/config"]);
    assert_eq!((files(&ssh), files(&pinned)), (1, pins - 1), "{done:?}");
    assert!(ssh.join("other-key").is_file());
    assert_eq!(std::fs::read_to_string(&second).expect("a file"), KUBECONFIG_OF_OTHERS);
    let repositories: Vec<_> = after["repositories"].as_array().expect("repositories").iter().map(|found| &found["name"]).collect();
    assert_eq!(repositories, ["other-team/tool", "shop/api"]);
    // Once the others have left it, the bucket goes, too.
    lab.meanwhile(
        "s3 = boto3.client('s3')\n\
         for version in s3.list_object_versions(Bucket='example-com-kops-state')['Versions']:\n    \
         s3.delete_object(Bucket='example-com-kops-state', Key=version['Key'], VersionId=version['VersionId'])",
    );
    teardown(&lab, &["--delete-state-store", "--yes"]).expect(0);
    assert_eq!(lab.account()["buckets"], serde_json::json!([]));
}

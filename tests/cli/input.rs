//! Bad options and settings files: each is a clear error before anything is touched.

use std::path::Path;

use super::{k8sport, k8sport_with, text};

/// `${{ vars.NAME }}` of a variable that isn't set.
#[test]
fn an_empty_variable_is_none() {
    let topic = text(&k8sport(&["help", "environment"]).stdout);
    let variables = topic.lines().filter_map(|line| line.strip_prefix("    ")?.split_once(" --")).map(|(name, _)| name.trim());
    let empty: Vec<_> = variables.map(|name| (name, "")).collect();
    assert!(empty.len() > 50, "{empty:?}");
    let said = [
        "--cluster",
        "c02.example.com",
        "--zone",
        "example.com",
        "--zone-id",
        "Z1",
        "--account",
        "123456789012",
        "--region",
        "eu-central-1",
    ];
    for arguments in [&["iam-policy"][..], &["iam-policy", "bootstrap"]] {
        let output = k8sport_with(&empty, &[arguments, &said].concat());
        assert!(output.status.success(), "{}", text(&output.stderr));
    }
    for command in ["bootstrap", "quick-start", "diagnose", "cleanup", "teardown"] {
        let output = k8sport_with(&empty, &[command, "--cluster", "c02.example.com", "--region", "eu-central-1", "--output", "json"]);
        assert!(!text(&output.stderr).contains("invalid value") && !text(&output.stderr).contains("none was supplied"), "{output:?}");
    }
}

#[test]
fn bad_input_is_a_usage_error_before_anything_is_touched() {
    let cases: &[&[&str]] = &[
        &[],
        &["unknown"],
        &["bootstrap", "--cluster", "c02"],
        &["bootstrap", "--cluster", "c02.example.com; reboot"],
        &["bootstrap", "--cluster", "$(id).example.com"],
        &["bootstrap", "--cluster", "c02.example.com\nmalicious"],
        &["update-dns", "--cluster", "c02.example.com", "--zone", "example.com'"],
        &["update-dns", "--cluster", "c02.example.com", "--host", "app.example.com|sh"],
        &["bootstrap", "--cluster", "c02.example.com", "--ssh-user", "-oProxyCommand=touch /tmp/x"],
        &["bootstrap", "--cluster", "c02.example.com", "--ssh-user", "root;id"],
        &["bootstrap", "--cluster", "c02.example.com", "--ssh-host", "198.18.77.10;id"],
        &["bootstrap", "--cluster", "c02.example.com", "--ssh-port", "0"],
        &["bootstrap", "--cluster", "c02.example.com", "--ssh-key", "/nowhere/key"],
        &["bootstrap", "--cluster", "c02.example.com", "--host-key-fingerprint", "MD5:00"],
        &["bootstrap", "--cluster", "c02.example.com", "--instance-id", "i-;id"],
        &["bootstrap", "--cluster", "c02.example.com", "--elastic-ip", "198.51.100.7/32"],
        &["bootstrap", "--cluster", "c02.example.com", "--allocation-id", "eipalloc-$(id)"],
        &["bootstrap", "--cluster", "c02.example.com", "--elastic-ip", "198.51.100.7", "--allocation-id", "eipalloc-0123456789abcdef0"],
        &["bootstrap", "--cluster", "c02.example.com", "--no-secondary-ip", "--elastic-ip", "198.51.100.7"],
        &["bootstrap", "--cluster", "c02.example.com", "--no-secondary-ip", "--allocation-id", "eipalloc-0123456789abcdef0"],
        &["bootstrap", "--cluster", "c02.example.com", "--private-source", "10.0.0.0/8 }"],
        &["bootstrap", "--cluster", "c02.example.com", "--reuse-eip", "always"],
        &["bootstrap", "--cluster", "c02.example.com", "--timeout", "soon"],
        &["bootstrap", "--cluster", "c02.example.com", "--exit-code"],
        &["bootstrap", "--cluster", "c02.example.com", "--config", "/nowhere.toml"],
        &["bootstrap"],
        &["deploy-app"],
        &["deploy-app", "../shop"],
        &["deploy-app", "shop"],
        &["deploy-app", "shop", "--rollback", "--image", "shop:v1"],
        &["deploy-app", "shop", "--to-revision", "2"],
        &["deploy-app", "shop", "--rollback", "--to-revision", "0"],
        &["deploy-app", "shop", "--image", "shop:v1", "--host", "shop.example.com", "--build", "/nowhere"],
        &["bootstrap", "--cluster", "c02.example.com", "--account", "12345678901"],
        &["quota", "--account", "12345678901x"],
        &["quota", "--request", "0"],
        &["quota", "--request", "-5"],
        &["quota", "--request", "many"],
        &["iam-policy", "everything"],
        &["iam-policy"],
        &["iam-policy", "--cluster", "c02.example.com\"}"],
        &["iam-policy", "--cluster", "c02.example.com", "--zone-id", "/hostedzone/*"],
        &["diagnose", "--explain", "no.such-check"],
        &["diagnose", "--cluster", "c02.example.com", "--yes"],
        &["diagnose", "--cluster", "c02.example.com", "--host", "app.example.com;id"],
        &["status"],
    ];
    for arguments in cases {
        let output = k8sport(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", text(&output.stderr));
        assert!(output.stdout.is_empty() && !output.stderr.is_empty(), "{arguments:?}");
        assert!(!text(&output.stderr).contains("panicked"), "{arguments:?}");
    }
}

#[test]
fn a_settings_file_is_read_and_its_mistakes_are_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let try_file = |content: &str| {
        let path = folder.path().join("k8sport.toml");
        std::fs::write(&path, content).expect("a file");
        text(&k8sport(&["update-dns", "--config", path.to_str().expect("UTF-8")]).stderr)
    };
    for (content, expected) in [
        ("clutser = 'c02.example.com'", "clutser"),
        ("cluster = 'c02.example.com;id'", "expected a DNS name"),
        ("cluster = 'c02.example.com'\nelastic-ip = 'x'", "allocation id"),
        ("cluster = 'c02.example.com'\ntimeout = 'soon'", "no duration"),
        ("account = '1234'", "12 digits"),
        ("account = 123456789012", "expected a string"),
        ("cluster =", "k8sport.toml"),
        // Good so far: the next thing missing is AWS.
        ("cluster = 'c02.example.com'\nregion = 'eu-central-1'", "credentials"),
    ] {
        let stderr = try_file(content);
        assert!(stderr.contains(expected), "{content}: {stderr}");
    }
    let example = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("k8sport.example.toml")).expect("the example");
    let everything: String = example.lines().map(|line| line.strip_prefix("# ").filter(|rest| rest.contains(" = ")).unwrap_or(line)).fold(
        String::new(),
        |all, line| {
            // The commented examples are valid, too, but for a fingerprint that stands for any and files that aren't there.
            if line.contains("SHA256:") || line.contains("ssh-key") || line.contains("profile") { all } else { all + line + "\n" }
        },
    );
    let stderr = try_file(&everything);
    assert!(stderr.contains("credentials"), "k8sport.example.toml: {stderr}");
}

#[test]
fn what_is_no_settings_file_is_left_after_a_mebibyte() {
    let output = k8sport(&["status", "--cluster", "c02.example.com", "--config", "/dev/zero"]);
    assert_eq!((output.status.code(), text(&output.stdout).as_str()), (Some(2), ""));
    assert!(
        ["/dev/zero", "1 MiB", "nothing was touched"].iter().all(|words| text(&output.stderr).contains(words)),
        "{}",
        text(&output.stderr)
    );
}

#[test]
fn a_time_that_is_none_is_answered_with_an_example() {
    for (option, value) in [("--timeout", "soon"), ("--lock-timeout", "15"), ("--wait", "-")] {
        let output = k8sport(&["bootstrap", "--cluster", "c02.example.com", option, value]);
        assert_eq!(output.status.code(), Some(2));
        assert!(text(&output.stderr).contains("such as 90s or 15m"), "{}", text(&output.stderr));
    }
}

#[test]
fn a_variable_of_an_option_without_value_says_yes_or_no_and_else_is_an_error() {
    let write = ["configure-apps", "shop", "--image", "shop:v1", "--host", "shop.example.com"];
    for (word, code) in [("1", 0), ("true", 0), ("YES", 0), ("on", 0), ("0", 4), ("false", 4), ("no", 4), ("off", 4), ("", 4)] {
        let output = k8sport_with(&[("K8SPORT_YES", word)], &write);
        assert_eq!(output.status.code(), Some(code), "{word:?}: {}", text(&output.stderr));
    }
    for variable in ["K8SPORT_YES", "K8SPORT_DRY_RUN"] {
        let output = k8sport_with(&[(variable, "maybe")], &write);
        let stderr = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{stderr}");
        assert!(stderr.contains("maybe") && stderr.contains(variable) && stderr.contains("true"), "{stderr}");
    }
}

#[test]
fn a_variable_that_is_empty_or_says_no_is_as_good_as_none() {
    let cleanup = ["cleanup", "--cluster", "c02.example.com", "--skip-node", "--yes"];
    for (variable, value) in [
        ("K8SPORT_TIMEOUT", ""),
        ("K8SPORT_OUTPUT", ""),
        ("KOPS_CLUSTER_NAME", ""),
        ("K8SPORT_EXIT_CODE", "0"),
        ("K8SPORT_PURGE_PACKAGES", "no"),
    ] {
        let stderr = text(&k8sport_with(&[(variable, value), ("AWS_REGION", "eu-central-1")], &cleanup).stderr);
        assert!(stderr.contains("credentials"), "{variable}: {stderr}");
    }
    let nameless = k8sport_with(&[("KOPS_CLUSTER_NAME", "")], &["cleanup", "--yes"]);
    assert!(text(&nameless.stderr).contains("which cluster?"), "{}", text(&nameless.stderr));
}

#[test]
fn a_bad_value_from_the_environment_names_its_variable() {
    for (variable, value) in [("K8SPORT_TIMEOUT", "soon"), ("K8SPORT_OUTPUT", "xml"), ("KOPS_CLUSTER_NAME", "c02")] {
        let stderr = text(&k8sport_with(&[(variable, value)], &["status"]).stderr);
        assert!(stderr.contains(variable), "{stderr}");
    }
    assert!(!text(&k8sport(&["status", "--timeout", "soon"]).stderr).contains("environment"));
}

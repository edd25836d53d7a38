//! A worker that has nothing.

use super::{access, changes, files, prepare, secret_part, serves_the_new_one, through_the_sidecar};
use crate::support::Lab;

const RIGHT: &str = ". 0750 0:99\nca.crt 0444 0:0\nserver.pem 0400 99:99\n";

/// Says how a file that is about to become ours can be read, at each step.
const WITNESSES: &str = r#"
for name in chown chmod mv; do
    cat >/usr/local/sbin/$name <<'END'
#!/bin/sh
for last; do :; done
case "$*" in *.pem.new.*) for file; do case $file in *.new.*) stat -c "${0##*/} %a %u:%g" "$file" >>/run/witnessed; esac; done ;; esac
echo "$*" >>/run/arguments
exec /bin/${0##*/} "$@"
END
    chmod 755 /usr/local/sbin/$name
done"#;

pub fn a_fresh_worker_serves_pods_and_the_key_is_seen_nowhere(lab: &Lab) {
    let dry = prepare(lab, &["--dry-run", "--exit-code", "--output", "json"]).expect(5);
    assert_eq!(changes(&dry), ["folder", "write ca.crt", "write server.pem", "restart"], "{dry:?}");
    assert_eq!(files(lab), "", "a dry run");
    let unconfirmed = prepare(lab, &[]).expect(4);
    assert!(unconfirmed.stderr.contains("--yes") && files(lab).is_empty(), "{unconfirmed:?}");

    lab.node(WITNESSES);
    let done = prepare(lab, &["--yes", "--output", "json", "-vv"]).expect(0);
    let document = done.json();
    assert_eq!(document["outcome"], "changed");
    assert_eq!((&document["checks"][0]["name"], &document["checks"][0]["ok"]), (&"sidecar".into(), &true.into()), "{document}");
    assert_eq!(access(lab), RIGHT);
    assert!(through_the_sidecar(lab).contains("\"gitVersion\":\"v1.20.2\""));
    assert!(serves_the_new_one(lab));

    assert_eq!(lab.node("cat /run/witnessed"), "chown 600 0:0\nchmod 600 99:99\nmv 400 99:99\n");
    let secret = secret_part(lab);
    assert!(secret.len() > 40);
    for (place, text) in
        [("stdout", &done.stdout), ("stderr", &done.stderr), ("arguments", &lab.node("cat /run/arguments; journalctl -b --no-pager"))]
    {
        assert!(!text.contains(&secret), "the key is in {place}");
    }
    let readable = "grep -rlsF -e \"$(sed -n 5p /srv/k0smotron/haproxy.key)\" /etc /run /tmp /var/tmp /var/log /home | sort";
    assert_eq!(lab.node(readable).trim(), "/etc/haproxy/certs/server.pem");

    let before = files(lab);
    let again = prepare(lab, &["--yes", "--output", "json"]).expect(0).json();
    assert_eq!((&again["outcome"], &again["checks"][0]["ok"]), (&"unchanged".into(), &true.into()), "{again}");
    assert_eq!(files(lab), before);
    let dry = prepare(lab, &["--dry-run", "--exit-code"]).expect(0);
    assert!(dry.stdout.contains("nothing to change"), "{dry:?}");
}

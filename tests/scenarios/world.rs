//! Account and node as they are compared: ids of our own things, which differ from run to run, are taken out.

use serde_json::Value;

use crate::support::{CLUSTER, Lab, assert_same_node};

#[derive(Debug, PartialEq)]
pub struct World {
    pub account: Value,
    pub node: String,
}

/// The Elastic IP of the cluster; null without one.
pub fn ours(account: &Value) -> &Value {
    let mut addresses = account["addresses"].as_array().expect("addresses").iter();
    addresses.find(|address| address["tags"]["k8sport:cluster"] == CLUSTER).unwrap_or(&Value::Null)
}

impl World {
    pub fn of(lab: &Lab) -> Self {
        let names = OurNames::of(&lab.account());
        Self { account: steady_account(lab), node: names.taken_out_of(lab.node(NODE)) }
    }

    #[track_caller]
    pub fn assert_is(&self, wanted: &World) {
        assert_eq!(self.account, wanted.account);
        assert_same_node(&wanted.node, &self.node, "the node");
    }
}

/// The account alone.
pub fn steady_account(lab: &Lab) -> Value {
    let account = lab.account();
    let text = OurNames::of(&account).taken_out_of(account.to_string());
    sorted(serde_json::from_str(&text).expect("JSON"))
}

/// What the account calls our things, and what we call them.
struct OurNames(Vec<(String, &'static str)>);

impl OurNames {
    fn of(account: &Value) -> Self {
        let group = account["groups"].as_array().expect("groups").iter().find(|group| group["name"] == format!("k8sport.{CLUSTER}"));
        let (address, group) = (ours(account), group.unwrap_or(&Value::Null));
        let names = [
            (&address["allocation"], "ALLOCATION"),
            (&address["tags"]["k8sport:op"], "OPERATION"),
            (&address["public"], "PUBLIC"),
            (&group["id"], "GROUP"),
            (&group["tags"]["k8sport:op"], "OPERATION"),
        ];
        Self(names.into_iter().filter_map(|(id, name)| Some((id.as_str()?.to_owned(), name))).collect())
    }

    fn taken_out_of(&self, text: String) -> String {
        self.0.iter().fold(text, |text, (id, name)| text.replace(id, name))
    }
}

fn sorted(value: Value) -> Value {
    match value {
        Value::Array(items) => {
            let mut items: Vec<_> = items.into_iter().map(sorted).collect();
            items.sort_by_key(Value::to_string);
            Value::Array(items)
        }
        // A node that outlives a fresh account remembers the address of the one before.
        Value::Object(fields) => {
            Value::Object(fields.into_iter().filter(|(key, _)| key != "k8sport:former").map(|(key, value)| (key, sorted(value))).collect())
        }
        other => other,
    }
}

/// Everything that k8sport writes, loads or starts, and what it could forget.
const NODE: &str = "
    PATH=/usr/sbin:/usr/bin:/sbin:/bin
    for place in /etc/k8sport /usr/local/lib/k8sport /etc/systemd/system /etc/netplan /etc/iptables /etc/haproxy; do
        find $place -printf '%M %u %p %l\\n' 2>/dev/null
        grep -rs '' $place
    done | sort
    find /run/k8sport* /tmp /root /home -not -path '*systemd-private*' -printf '%M %p\\n' 2>/dev/null | sort
    ip -o -4 address show | sed 's/ valid_lft.*//; s/dynamic //; s/metric [0-9]* //'
    nft -s list ruleset 2>/dev/null || true
    ss -Hltn | awk '{print $4}' | sort
    # A timer may have its service running just now.
    systemctl list-units --all --plain --no-legend 'k8sport*' | awk '{print $1, $2, $3}' | sed '/^k8sport-net-check/s/activating$/inactive/'
    systemctl list-unit-files --no-legend 'k8sport*'
    dpkg-query -W | sort
";

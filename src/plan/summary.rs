//! How each change reads in a plan.

use super::change::{Change, Holder, Summary, Verb};
use super::observed::Record;
use super::ownership::remembered_name;

impl Summary {
    /// For a line of its own: `private IP 172.20.63.254 on eni-…`.
    pub fn sentence(&self) -> String {
        format!("{} {}", self.thing, self.detail.lines().next().unwrap_or_default())
    }
}

impl Change {
    pub fn summary(&self) -> Summary {
        let line = |verb, thing, detail| Summary { verb, thing, detail };
        match self {
            Self::AllocateElasticIp { tags } => {
                let cluster = tags.get(super::ownership::CLUSTER).map_or("", String::as_str);
                line(Verb::Create, "Elastic IP", format!("allocate, tagged k8sport:cluster={cluster}"))
            }
            Self::TagElasticIp { allocation_id, public_ip, adopted: true, .. } => {
                line(Verb::Change, "Elastic IP", format!("adopt {public_ip} ({allocation_id})"))
            }
            Self::TagElasticIp { allocation_id, public_ip, tags, .. } => {
                let keys = tags.keys().map(|key| key.trim_start_matches("k8sport:")).collect::<Vec<_>>().join(", ");
                line(Verb::Change, "Elastic IP", format!("tag {public_ip} ({allocation_id}) with its {keys}"))
            }
            Self::AssignPrivateIp { eni, private_ip } => line(Verb::Create, "private IP", format!("{private_ip} on {eni}")),
            Self::AssociateElasticIp { public_ip, private_ip, .. } => {
                line(Verb::Create, "association", format!("{public_ip} -> {private_ip}"))
            }
            Self::CreateSecurityGroup { name, vpc_id, .. } => line(Verb::Create, "security group", format!("{name} in {vpc_id}")),
            Self::AuthorizeIngress { port, .. } => line(Verb::Create, "firewall rule", format!("tcp {port} from 0.0.0.0/0")),
            Self::AttachSecurityGroup { eni, keep, .. } => line(
                Verb::Change,
                "security group",
                format!("attach to {eni} beside {}", keep.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")),
            ),
            Self::Node(change) => change.summary(),
            Self::Cluster(change) => change.summary(),
            Self::Addon(change) => change.summary(),
            Self::Service(change) => change.summary(),
            Self::RecordDataPath { path, .. } => {
                line(Verb::Change, "Elastic IP", format!("remember that the data path is {}", path.as_str()))
            }
            Self::Images(change) => change.summary(),
            Self::Teardown(change) => change.summary(),
            Self::Application(change) => change.summary(),
            Self::K0smotron(change) => change.summary(),
            Self::Vip(change) => change.summary(),
            Self::RememberRecord { holder, tag, value } => {
                let thing = match holder {
                    Holder::ElasticIp(_) => "Elastic IP",
                    Holder::SecurityGroup(_) => "security group",
                };
                let before = match value.as_str() {
                    "none" => "had no record",
                    "lost" => "had one that can't be put back",
                    value => &format!("was {value}"),
                };
                line(Verb::Change, thing, format!("remember that {} {before}", remembered_name(tag)))
            }
            Self::UpsertRecord { name, ttl, value, previous, .. } => {
                let verb = if previous.is_some() { Verb::Change } else { Verb::Create };
                let was = previous.as_ref().map(|record| format!(" (was {})", old_value(record))).unwrap_or_default();
                line(verb, "DNS record", format!("{name} A {value} TTL {ttl}{was}"))
            }
            Self::RestoreRecord { current, previous: Some(previous), .. } => {
                line(Verb::Change, "DNS record", format!("{} {} back to {}", current.name, previous.kind, old_value(previous)))
            }
            Self::RestoreRecord { current, previous: None, .. } => {
                line(Verb::Remove, "DNS record", format!("{} {} {}", current.name, current.kind, old_value(current)))
            }
            Self::DisassociateElasticIp { public_ip, private_ip, .. } => {
                let from = private_ip.map(|ip| format!(" -> {ip}")).unwrap_or_default();
                line(Verb::Remove, "association", format!("{public_ip}{from}"))
            }
            Self::UnassignPrivateIp { eni, private_ip } => line(Verb::Remove, "private IP", format!("{private_ip} from {eni}")),
            Self::DetachSecurityGroup { eni, group, .. } => line(Verb::Change, "security group", format!("detach {group} from {eni}")),
            Self::DeleteSecurityGroup { group, name } => line(Verb::Remove, "security group", format!("{name} ({group})")),
            Self::ReleaseElasticIp { allocation_id, public_ip } => {
                line(Verb::Remove, "Elastic IP", format!("release {public_ip} ({allocation_id})"))
            }
            Self::GiveBackElasticIp { allocation_id, public_ip, .. } => {
                line(Verb::Change, "Elastic IP", format!("give {public_ip} ({allocation_id}) back: only our tags go"))
            }
            Self::EditIngress(edit) => {
                let hosts = if edit.hosts.is_empty() { "any host".to_owned() } else { edit.hosts.join(", ") };
                let tls = if edit.tls { "TLS" } else { "no TLS" };
                let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "absent".to_owned());
                let switches = edit.after.iter().filter(|(key, _)| !key.starts_with("k8sport.io/"));
                let switches: Vec<_> = switches
                    .map(|(key, then)| format!("{key}: {} -> {}", value(edit.before.get(key).unwrap_or(&None)), value(then)))
                    .collect();
                let switches = if switches.is_empty() { "only our memory goes".to_owned() } else { switches.join(", ") };
                line(Verb::Change, "Ingress", format!("{}/{} ({hosts}, {tls}): {switches}", edit.namespace, edit.name))
            }
            Self::Unlock { holder } => line(Verb::Remove, "lock", holder.clone()),
            Self::RequestQuotaIncrease { region, from, to } => {
                let was = from.map(|from| format!(", now {from}")).unwrap_or_default();
                line(Verb::Change, "quota", format!("ask AWS for {to} Elastic IPs in {region}{was}"))
            }
        }
    }
}

fn old_value(record: &Record) -> String {
    match (&record.alias, record.ttl) {
        (Some(alias), _) => format!("an alias of {alias}"),
        (None, Some(ttl)) => format!("{} TTL {ttl}", record.values.join(" ")),
        (None, None) => record.values.join(" "),
    }
}

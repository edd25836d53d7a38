//! What this machine's resolver says about the zone and the API server's names.

use super::{LOOK, timed};
use crate::checks::Observed;
use crate::checks::facts::Names;
use crate::names::DnsName;
use crate::verify::dns::{self, RecordType};

pub async fn look(cluster: &DnsName, zone: Option<&DnsName>, fresh: Option<&DnsName>, server: Option<&str>) -> Names {
    let (api, api_internal) = (cluster.child("api"), cluster.child("internal").child("api"));
    let (fresh_a, authoritative, fresh_aaaa, name_servers, caa, api, api_internal) = tokio::join!(
        async {
            match fresh {
                Some(name) => timed("dns.resolver", LOOK, dns::lookup(name, LOOK)).await,
                None => Observed::untried("needs dns.zone, which failed"),
            }
        },
        async {
            match (fresh, server) {
                (Some(name), Some(server)) => timed("dns.authoritative", LOOK, dns::lookup_at(server, name, LOOK)).await,
                _ => Observed::untried("needs dns.zone, which failed"),
            }
        },
        records(fresh, RecordType::AAAA, "dns.aaaa"),
        records(zone, RecordType::NS, "dns.delegation"),
        records(zone, RecordType::CAA, "dns.caa"),
        timed("dns.api", LOOK, dns::lookup(&api, LOOK)),
        timed("dns.api-internal", LOOK, dns::lookup(&api_internal, LOOK)),
    );
    Names { fresh: fresh_a, authoritative, fresh_aaaa, name_servers, caa, api, api_internal }
}

async fn records(name: Option<&DnsName>, kind: RecordType, check: &str) -> Observed<Vec<String>> {
    match name {
        Some(name) => timed(check, LOOK, dns::records(name, kind, LOOK)).await,
        None => Observed::untried("needs dns.zone, which failed"),
    }
}

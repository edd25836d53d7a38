//! Record sets of a zone (Route 53).

use std::net::Ipv4Addr;

use aws_sdk_route53::types::{ResourceRecordSet, RrType};
use futures_util::stream::{self, StreamExt, TryStreamExt};

use super::Aws;
use super::call::Call;
use crate::failure::{Failure, Result};
use crate::plan::observed::{DnsState, HostedZone, Record};

/// Where the next page starts.
#[derive(Debug, Default, PartialEq)]
struct Start {
    name: Option<String>,
    kind: Option<RrType>,
    identifier: Option<String>,
}

/// Route 53 takes five requests a second.
const AT_ONCE: usize = 3;

/// More record sets than a name has: one of each type, or one of each answer of a routing policy.
const OF_ONE_NAME: i32 = 100;

impl Aws {
    /// All record sets of the zone.
    pub async fn records(&self, zone: &HostedZone) -> Result<Vec<Record>> {
        self.records_of(&zone.id, zone.name.as_str()).await
    }

    /// All record sets of the zone or, if they are more than a page and the first of `names` has one, those of the first page
    /// and of `names`.
    ///
    /// # Errors
    /// When Route 53 refuses or doesn't answer.
    pub async fn records_for(&self, zone: HostedZone, names: &[String]) -> Result<DnsState> {
        let (mut records, next) = self.page(&zone.id, zone.name.as_str(), Start::default(), None).await?;
        let Some(next) = next else { return Ok(DnsState { zone, records, complete: true }) };
        let named = names.iter().map(async |name| {
            let start = Start { name: Some(name.clone()), ..Start::default() };
            let (records, _) = self.page(&zone.id, zone.name.as_str(), start, Some(OF_ONE_NAME)).await?;
            Ok::<_, Failure>(records.into_iter().filter(|record| record.name == *name).collect::<Vec<_>>())
        });
        let named: Vec<_> = stream::iter(named).buffered(AT_ONCE).try_collect().await?;
        let complete = named.first().is_none_or(Vec::is_empty);
        if complete {
            records.extend(self.records_from(&zone.id, zone.name.as_str(), next).await?);
        } else {
            records.retain(|record| !names.contains(&record.name));
            records.extend(named.into_iter().flatten());
        }
        Ok(DnsState { zone, records, complete })
    }

    async fn records_of(&self, zone_id: &str, zone_name: &str) -> Result<Vec<Record>> {
        self.records_from(zone_id, zone_name, Start::default()).await
    }

    async fn records_from(&self, zone_id: &str, zone_name: &str, mut start: Start) -> Result<Vec<Record>> {
        let mut records = Vec::new();
        // The SDK has no paginator for this one.
        loop {
            let (page, next) = self.page(zone_id, zone_name, start, None).await?;
            records.extend(page);
            match next {
                Some(next) => start = next,
                None => return Ok(records),
            }
        }
    }

    /// The record sets from `start` on, and where the next page starts. Without `most` it has 300.
    async fn page(&self, zone_id: &str, zone_name: &str, start: Start, most: Option<i32>) -> Result<(Vec<Record>, Option<Start>)> {
        let call = Call::read("route53:ListResourceRecordSets", format!("zone {zone_name} ({zone_id})"));
        let request = self.route53.list_resource_record_sets().hosted_zone_id(zone_id).set_max_items(most);
        let request = request.set_start_record_name(start.name.clone()).set_start_record_type(start.kind.clone());
        let page = request.set_start_record_identifier(start.identifier.clone()).send().await.map_err(|error| call.failed(&error))?;
        let records = page.resource_record_sets().iter().map(convert).collect();
        if !page.is_truncated() {
            return Ok((records, None));
        }
        let next = Start { name: page.next_record_name, kind: page.next_record_type, identifier: page.next_record_identifier };
        if next == start || next.name.is_none() {
            return Err(call.malformed("a page that leads to itself"));
        }
        Ok((records, Some(next)))
    }
}

impl Aws {
    /// All public zones with their records.
    ///
    /// # Errors
    /// When Route 53 refuses or doesn't answer.
    pub async fn all_records(&self) -> Result<Vec<DnsState>> {
        self.records_in(self.hosted_zones().await?).await
    }

    async fn records_in(&self, zones: Vec<HostedZone>) -> Result<Vec<DnsState>> {
        let read = zones.into_iter().map(async |zone| Ok(DnsState { records: self.records(&zone).await?, zone, complete: true }));
        stream::iter(read).buffered(AT_ONCE).try_collect().await
    }

    /// The names in the account's public zones that lead to this address.
    ///
    /// # Errors
    /// As [`Self::all_records`].
    pub async fn names_of(&self, public_ip: Ipv4Addr) -> Result<Vec<String>> {
        let value = public_ip.to_string();
        let (zones, others) = self.public_zones().await?;
        let mut records: Vec<_> = self.records_in(zones).await?.into_iter().flat_map(|zone| zone.records).collect();
        for id in others {
            records.extend(self.records_of(&id, "with an unusual name").await?);
        }
        let named = records.into_iter().filter(|record| record.kind == "A" && record.values.contains(&value));
        Ok(named.map(|record| record.name).collect())
    }
}

fn convert(set: &ResourceRecordSet) -> Record {
    Record {
        name: unescape(set.name().trim_end_matches('.')),
        kind: set.r#type().as_str().to_owned(),
        ttl: set.ttl(),
        values: set.resource_records().iter().map(|record| record.value().to_owned()).collect(),
        alias: set.alias_target().map(|target| unescape(target.dns_name().trim_end_matches('.'))),
        set_identifier: set.set_identifier().map(str::to_owned),
    }
}

/// Route 53 stores everything but letters, digits, `-` and `_` as three octal digits: `\052` is `*`
/// (<https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html>). What isn't printable, and a dot or
/// backslash inside a label, stays escaped, since it would read as something else.
fn unescape(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    let mut rest = name;
    while let Some((before, after)) = rest.split_once('\\') {
        plain.push_str(before);
        let digits = after.get(..3).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
        let byte = digits.and_then(|digits| u8::from_str_radix(digits, 8).ok());
        match byte.filter(|byte| byte.is_ascii_graphic() && !b".\\".contains(byte)) {
            Some(byte) => {
                plain.push(char::from(byte));
                rest = &after[3..];
            }
            None => {
                plain.push('\\');
                rest = after;
            }
        }
    }
    plain + rest
}

#[cfg(test)]
mod tests {
    use aws_sdk_route53::types::{AliasTarget, ResourceRecord};

    use super::super::exchange::{Reply, serve};
    use super::*;

    /// A page with an A record of each name, and where the next one starts.
    fn page(names: &[&str], next: Option<&str>) -> Reply {
        let value = "<ResourceRecords><ResourceRecord><Value>192.0.2.1</Value></ResourceRecord></ResourceRecords>";
        let set = |name: &&str| format!("<ResourceRecordSet><Name>{name}.</Name><Type>A</Type><TTL>60</TTL>{value}</ResourceRecordSet>");
        let sets: String = names.iter().map(set).collect();
        let more =
            next.map_or_else(String::new, |name| format!("<NextRecordName>{name}</NextRecordName><NextRecordType>A</NextRecordType>"));
        Reply::Answer(
            200,
            format!(
                "<ListResourceRecordSetsResponse><ResourceRecordSets>{sets}</ResourceRecordSets><IsTruncated>{}</IsTruncated>{more}\
                 <MaxItems>300</MaxItems></ListResourceRecordSetsResponse>",
                next.is_some()
            ),
        )
    }

    /// The names of the records that are read for the two, whether they are all, and how many requests it took.
    async fn read(pages: fn(usize) -> Reply) -> (Vec<String>, bool, usize) {
        let (aws, log) = serve(move |_, earlier| pages(earlier)).await;
        let zone = HostedZone { id: "Z1".to_owned(), name: "example.com".parse().expect("a name") };
        let dns = aws.records_for(zone, &["*.example.com".to_owned(), "api.example.com".to_owned()]).await.expect("records");
        let requests = log.lock().expect("log").len();
        (dns.records.into_iter().map(|record| record.name).collect(), dns.complete, requests)
    }

    #[tokio::test]
    async fn of_a_large_zone_what_is_asked_for() {
        let small = read(|_| page(&["example.com", "a.example.com"], None)).await;
        assert_eq!(small, (vec!["example.com".to_owned(), "a.example.com".to_owned()], true, 1));
        let large = read(|earlier| match earlier {
            0 => page(&["example.com", "\\052.example.com"], Some("b.example.com")),
            _ => page(&["\\052.example.com", "api.example.com", "b.example.com"], Some("c.example.com")),
        });
        assert_eq!(large.await, (["example.com", "*.example.com", "api.example.com"].map(str::to_owned).to_vec(), false, 3));
    }

    #[tokio::test]
    async fn of_a_large_zone_without_ours_all() {
        let large = read(|earlier| match earlier {
            0 => page(&["example.com", "a.example.com"], Some("api.example.com")),
            1 | 2 => page(&["api.example.com"], Some("b.example.com")),
            3 => page(&["api.example.com", "b.example.com"], Some("c.example.com")),
            _ => page(&["c.example.com"], None),
        });
        let all = ["example.com", "a.example.com", "api.example.com", "b.example.com", "c.example.com"].map(str::to_owned).to_vec();
        assert_eq!(large.await, (all, true, 5));
    }

    #[test]
    fn octal_escapes_are_undone_where_that_is_safe() {
        for (stored, plain) in [
            ("\\052.example.com", "*.example.com"),
            ("a\\100b.example.com", "a@b.example.com"),
            ("example.com", "example.com"),
            ("a\\056b.example.com", "a\\056b.example.com"),
            ("a\\134b", "a\\134b"),
            ("\\344.example.com", "\\344.example.com"),
            ("\\040x", "\\040x"),
            ("a\\5", "a\\5"),
            ("a\\", "a\\"),
            ("a\\0€", "a\\0€"),
            ("\\777", "\\777"),
            ("\\+52.example.com", "\\+52.example.com"),
        ] {
            assert_eq!(unescape(stored), plain, "{stored}");
        }
    }

    #[test]
    fn plain_and_alias_records() {
        let value = ResourceRecord::builder().value("198.51.100.7").build().expect("value");
        let set = ResourceRecordSet::builder().name("\\052.example.com.").r#type(RrType::A).ttl(60).resource_records(value);
        let record = convert(&set.build().expect("set"));
        assert_eq!(
            (record.name.as_str(), record.ttl, record.values.as_slice()),
            ("*.example.com", Some(60), &["198.51.100.7".to_owned()][..])
        );
        let target =
            AliasTarget::builder().hosted_zone_id("Z2").dns_name("lb.example.net.").evaluate_target_health(false).build().expect("target");
        let set = ResourceRecordSet::builder().name("x.example.com.").r#type(RrType::A).alias_target(target).set_identifier("blue");
        let record = convert(&set.build().expect("set"));
        assert_eq!((record.alias.as_deref(), record.ttl, record.set_identifier.as_deref()), (Some("lb.example.net"), None, Some("blue")));
    }
}

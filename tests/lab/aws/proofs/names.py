"""Route 53 and the DNS server."""

import time

from .bench import code_of

ZONE = "Z02PUBLICEXAMPLECOM"


def _change(bench, action, name, address="198.18.77.100", ttl=60, **more):
    record = {"Name": name, "Type": "A", "TTL": ttl, "ResourceRecords": [{"Value": address}], **more}
    return _batch(bench, [{"Action": action, "ResourceRecordSet": record}])


def _batch(bench, changes):
    given = dict(HostedZoneId=ZONE, ChangeBatch={"Changes": changes})
    return bench.route53.change_resource_record_sets(**given)["ChangeInfo"]


def _refused(bench, *args, **more):
    return code_of(lambda: _change(bench, *args, **more)) == "InvalidChangeBatch"


def zones_are_listed_from_a_name_on(bench):
    names = [z["Name"] for z in bench.route53.list_hosted_zones_by_name(DNSName="example.com")["HostedZones"]]
    assert names[:3] == ["example.com.", "example.com.", "notexample.com."], names
    nothing = bench.route53.list_hosted_zones_by_name(DNSName="missing.com")["HostedZones"]
    assert nothing and nothing[0]["Name"] == "notexample.com."
    page = bench.route53.list_hosted_zones_by_name(DNSName="example.com", MaxItems="1")
    assert page["IsTruncated"] and page["NextDNSName"] == "example.com." and page["NextHostedZoneId"] == ZONE
    assert page["HostedZones"][0]["Config"]["PrivateZone"]


def wildcards_are_shown_escaped(bench):
    for written in ("*.example.com", "\\052.example.com."):
        _change(bench, "UPSERT", written)
        found = bench.route53.list_resource_record_sets(
            HostedZoneId=ZONE, StartRecordName="*.example.com", StartRecordType="A", MaxItems="1"
        )["ResourceRecordSets"]
        assert [r["Name"] for r in found] == ["\\052.example.com."]
    every = bench.route53.list_resource_record_sets(HostedZoneId=ZONE)["ResourceRecordSets"]
    assert sum(r["Name"].startswith("\\052") for r in every) == 1
    soa = next(r for r in every if r["Type"] == "SOA")
    assert soa["ResourceRecords"][0]["Value"].startswith("ns-2048"), soa


def deletion_needs_exactly_what_is_there(bench):
    assert _refused(bench, "DELETE", "*.example.com")
    _change(bench, "CREATE", "*.example.com")
    assert _refused(bench, "CREATE", "*.example.com")
    assert _refused(bench, "DELETE", "*.example.com", ttl=300)
    _change(bench, "UPSERT", "*.example.com", "198.18.77.101")
    assert _refused(bench, "DELETE", "*.example.com", "198.18.77.100")
    _change(bench, "DELETE", "*.example.com", "198.18.77.101")
    assert bench.dig("app.example.com")[0] == "NXDOMAIN"
    # What the seed made can be deleted too, though no call made it.
    _change(bench, "DELETE", "www.example.com", "192.0.2.80", ttl=300)


def a_batch_is_atomic_and_stays_in_its_zone(bench):
    good = {"Name": "a.example.com", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}]}
    bad = good | {"Name": "a.notexample.com"}
    changes = [{"Action": "UPSERT", "ResourceRecordSet": record} for record in (good, bad)]
    assert code_of(lambda: _batch(bench, changes)) == "InvalidChangeBatch"
    assert bench.dig("a.example.com")[0] == "NXDOMAIN"


def a_change_is_pending_first(bench):
    bench.ask("settle", seconds=60, polls=2)
    change = _change(bench, "UPSERT", "*.example.com")
    assert change["Status"] == "PENDING"
    assert bench.dig("app.example.com")[0] == "NXDOMAIN"
    statuses = [bench.route53.get_change(Id=change["Id"])["ChangeInfo"]["Status"] for _ in range(2)]
    assert statuses == ["PENDING", "INSYNC"]
    assert bench.dig("app.example.com")[1] == ["198.18.77.100"]
    bench.ask("settle", seconds=0.4, polls=0)
    change = _change(bench, "UPSERT", "*.example.com", "198.18.77.101")
    assert bench.dig("app.example.com")[1] == ["198.18.77.100"]
    time.sleep(0.45)
    assert bench.dig("app.example.com")[1] == ["198.18.77.101"]
    assert bench.route53.get_change(Id=change["Id"])["ChangeInfo"]["Status"] == "INSYNC"
    assert code_of(bench.route53.get_change, Id="CNOSUCH") == "NoSuchChange"


def dns_answers_from_public_zones_only(bench):
    for tcp in (False, True):
        assert bench.dig("www.example.com", tcp=tcp) == ("NOERROR", ["192.0.2.80"], [])
    assert bench.dig("WWW.Example.COM")[1] == ["192.0.2.80"]
    assert bench.dig("api.c02.example.com")[1] == ["198.18.77.10"]
    assert bench.dig("example.com", "NS")[0] == "NOERROR" and bench.dig("example.com", "MX")[1]
    assert bench.dig("example.com", "TXT")[1] == ['"v=spf1 -all"']
    assert bench.dig("app.example.com") == ("NXDOMAIN", [], ["SOA"])
    assert bench.dig("www.example.com", "AAAA") == ("NOERROR", [], ["SOA"])
    assert bench.dig("elsewhere.test")[0] == "REFUSED"


def wildcards_follow_rfc_4592(bench):
    _change(bench, "UPSERT", "*.example.com")
    assert bench.dig("app.example.com")[1] == ["198.18.77.100"]
    assert bench.dig("a.b.example.com")[1] == ["198.18.77.100"]
    assert bench.dig("*.example.com")[1] == ["198.18.77.100"]
    assert bench.dig("app.example.com", "AAAA") == ("NOERROR", [], ["SOA"])
    # a name that exists with other types, and an empty non-terminal, are not covered
    assert bench.dig("mail.example.com") == ("NOERROR", [], ["SOA"])
    assert bench.dig("c02.example.com") == ("NOERROR", [], ["SOA"])
    assert bench.dig("other.c02.example.com")[0] == "NXDOMAIN"
    assert bench.dig("example.com") == ("NOERROR", [], ["SOA"])


def other_types_are_served(bench):
    records = [("AAAA", "2001:db8::1"), ("CAA", '0 issue "letsencrypt.org"'), ("TXT", '"one" "two"')]
    for type_, value in records:
        record = {"Name": f"{type_}.example.com", "Type": type_, "TTL": 60, "ResourceRecords": [{"Value": value}]}
        _batch(bench, [{"Action": "CREATE", "ResourceRecordSet": record}])
        assert bench.dig(f"{type_}.example.com", type_)[0] == "NOERROR"
        assert len(bench.dig(f"{type_}.example.com", type_)[1]) == 1, type_
    cname = {"Name": "cn.example.com", "Type": "CNAME", "TTL": 60, "ResourceRecords": [{"Value": "www.example.com"}]}
    _batch(bench, [{"Action": "CREATE", "ResourceRecordSet": cname}])
    assert bench.dig("cn.example.com")[1] == ["192.0.2.80", "www.example.com."]
    assert _refused(bench, "CREATE", "cn.example.com")


def wildcards_of_others(bench):
    bench.fresh("foreign-wildcard")
    assert bench.dig("app.example.com")[1] == ["192.0.2.66"]
    bench.fresh("alias")
    assert bench.dig("app.example.com")[0] == "NOERROR"
    every = bench.route53.list_resource_record_sets(HostedZoneId=ZONE)["ResourceRecordSets"]
    assert any("AliasTarget" in r and "TTL" not in r and not r.get("ResourceRecords") for r in every)
    bench.fresh("weighted")
    every = bench.route53.list_resource_record_sets(HostedZoneId=ZONE)["ResourceRecordSets"]
    assert [r.get("Weight") for r in every if r["Name"].startswith("\\052")] == [10, 10]
    bench.fresh("twin-zone")
    zones = bench.route53.list_hosted_zones_by_name(DNSName="example.com")["HostedZones"]
    assert [z["Name"] for z in zones if not z["Config"]["PrivateZone"]].count("example.com.") == 2

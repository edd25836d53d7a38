//! Records, and what resolvers make of them.

use super::table::{Fix, Remedy, Reset, Undo, row, run};

#[test]
fn broken_in_dns() {
    run(&[
        row(
            "aws: drop('*.example.com', 'A', ours['PublicIp'])",
            &["dns.wildcard", "host.dns"],
            &["dns.resolver", "host.tls", "host.http"],
            Fix,
        ),
        row(
            "aws: put('*.example.com', 'A', '198.18.77.10')",
            &["dns.wildcard", "host.certificate", "host.dns", "host.http"],
            &["dns.resolver"],
            Remedy,
        ),
        row(
            "aws: put('*.example.com', 'A', '192.0.2.66')",
            &["dns.wildcard", "host.dns", "host.http", "host.tls"],
            &["host.https"],
            Undo("aws: put('*.example.com', 'A', ours['PublicIp'])"),
        ),
        row(
            "aws: put('*.example.com', 'AAAA', '2001:db8::1')",
            &["dns.aaaa", "host.dns"],
            &[],
            Undo("aws: drop('*.example.com', 'AAAA', '2001:db8::1')"),
        ),
        row(
            "aws: put('app.example.com', 'TXT', '\"x\"')",
            &["dns.hosts", "host.dns"],
            &["host.tls", "host.certificate"],
            Undo("aws: drop('app.example.com', 'TXT', '\"x\"')"),
        ),
        row(
            "aws: put('_acme-challenge.app.example.com', 'TXT', '\"x\"')",
            &["dns.hosts", "host.dns"],
            &["host.tls"],
            Undo("aws: drop('_acme-challenge.app.example.com', 'TXT', '\"x\"')"),
        ),
        row(
            "aws: put('app.example.com', 'A', '198.18.77.10')",
            &["dns.hosts", "host.certificate", "host.dns", "host.http"],
            &["host.https"],
            Undo("aws: drop('app.example.com', 'A', '198.18.77.10')"),
        ),
        row(
            "aws: put('example.com', 'CAA', '0 issue \"ca.example.net\"')",
            &["dns.caa"],
            &[],
            Undo("aws: drop('example.com', 'CAA', '0 issue \"ca.example.net\"')"),
        ),
        row(
            "aws: put('api.c02.example.com', 'A', '203.0.113.123')",
            &["dns.api"],
            &[],
            Undo("aws: put('api.c02.example.com', 'A', '198.18.77.10')"),
        ),
        row(
            "aws: put('api.c02.example.com', 'A', ours['PublicIp'])",
            &["dns.api"],
            &[],
            Undo("aws: put('api.c02.example.com', 'A', '198.18.77.10')"),
        ),
        row(
            "aws: put('api.internal.c02.example.com', 'A', second)",
            &["dns.api-internal"],
            &[],
            Undo("aws: put('api.internal.c02.example.com', 'A', '172.20.32.10')"),
        ),
        // What Route 53 has and what its servers answer differ for an hour.
        row(
            "lab: aws settle 3600 0 ;; aws: put('example.com', 'NS', 'ns-1.example.net.', 'ns-2.example.net.')",
            &["dns.delegation"],
            &[],
            Reset,
        ),
    ]);
}

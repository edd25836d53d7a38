# What `diagnose` wants to know beside the probe. Uses the probe's functions; writes nothing.
# $1: primary private IPv4 address; $2: a name that an application could have.

uptime_us() { awk '{ printf "%.0f\n", $1 * 1000000 }' /proc/uptime; }
timer() {
    within 5 systemctl show k8sport-net.timer -p ActiveEnterTimestampMonotonic
    # Not the timer's LastTriggerUSecMonotonic, which is printed as "1h 36min 14.3s".
    within 5 systemctl show k8sport-net-check.service -p Result -p InactiveEnterTimestampMonotonic
}
haproxy_check() {
    [ -f /etc/k8sport/haproxy.cfg ] || return 0
    within 10 haproxy -c -f /etc/k8sport/haproxy.cfg 2>&1 | grep -e WARNING -e ALERT | head -5
}
haproxy_stat() { within 5 curl -s --noproxy '*' --max-time 3 'http://127.0.0.1:8404/stats;csv'; }

# $1: address and port. Who answers a handshake there: fingerprint and subject of the certificate.
certificate() {
    within 6 openssl s_client -connect "$1" -servername "$NAME" </dev/null | openssl x509 -noout -fingerprint -sha256 -subject
}
ingress_certificate() {
    backend=$(sed -n '/^backend k8sport_ingress_https$/,/server/s/^ *server ingress \([0-9.:]*\).*/\1/p' /etc/k8sport/haproxy.cfg)
    certificate "${backend:-$PRIMARY:30443}"
}

# How many packets our own rules have redirected. Only IPv4 TCP that came from outside the node.
redirected() {
    within 5 nft list chain ip k8sport prerouting | grep -e 'dport 443 ' | grep -o 'packets [0-9]*' | grep -o '[0-9]*'
}
# Chains of other tables that see packets to the node before ours: table, chain, priority.
nat_chains() { within 5 nft -j list chains; }

ingress_hosts() {
    [ -n "$(command -v kubectl)" ] || { echo "!kubectl is not installed on the node"; return; }
    [ -r /var/lib/kubectl/kubeconfig ] || { echo "!/var/lib/kubectl/kubeconfig is not on the node"; return; }
    within 9 kubectl --kubeconfig /var/lib/kubectl/kubeconfig --request-timeout=8s get ingress -A \
        -o 'jsonpath={range .items[*]}{range .spec.rules[*]}{.host}{"\n"}{end}{end}' || echo "!kubectl got no answer from the API server"
}

details() {
    PRIMARY=$1
    NAME=$2
    section time date +%s%N
    section uptime uptime_us
    section timer timer
    section haproxy-check haproxy_check
    section haproxy-stat haproxy_stat
    section ingress-certificate ingress_certificate
    section api-certificate certificate 127.0.0.1:443
    section api-health within 6 curl -s -k -o /dev/null --noproxy '*' --max-time 4 -w '%{http_code}\n' "https://$PRIMARY/livez"
    section redirected redirected
    section nat-chains nat_chains
    section nftables-unit within 5 systemctl is-enabled nftables.service
    section proxy-mode within 4 curl -s --noproxy '*' --max-time 2 http://127.0.0.1:10249/proxyMode
    section ingress-hosts ingress_hosts
    echo "@end"
}

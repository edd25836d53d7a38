# The way to the package servers, for the profiles `bare` and `empty` (vip/) alone: node → router → host, masqueraded twice.
# The operator's namespace has no part in it: the edge drops what comes from there.

FORWARD_BEFORE=/run/k8sport-lab/ip_forward.before

make_uplink() {
    local net
    mkdir -p /run/k8sport-lab
    (
        flock 7
        net=$(free_uplink_net)
        ip link add "$UPLINK" mtu $LAB_MTU type veth peer name uplink netns "$AWS_NS" mtu $LAB_MTU
        ip address add "$net.1/30" dev "$UPLINK"
        ip link set "$UPLINK" up
        ip -n "$AWS_NS" address add "$net.2/30" dev uplink
        ip -n "$AWS_NS" link set uplink up
        ip -n "$AWS_NS" route add default via "$net.1"
        [[ -e $FORWARD_BEFORE ]] || cat /proc/sys/net/ipv4/ip_forward >"$FORWARD_BEFORE"
        sysctl -qw net.ipv4.ip_forward=1
        host_rules "$net" | nft -f -
    ) 7>/run/k8sport-lab/uplink.lock
}

free_uplink_net() {
    local taken i
    taken=$(ip -o -4 address)
    for i in {1..250}; do
        [[ $taken == *" 100.127.$i.1/"* ]] || { echo "100.127.$i"; return; }
    done
    die "no free uplink network below 100.127.0.0/16."
}

# To the internet for packages and names, nowhere else: not to the host itself, not to another lab.
host_rules() {
    cat <<RULES
table ip $HOST_TABLE {
  chain input { type filter hook input priority filter; policy accept;
    iifname "$UPLINK" drop
  }
  chain forward { type filter hook forward priority filter; policy accept;
    iifname "$UPLINK" oifname "k8sup-*" drop
    iifname "$UPLINK" meta l4proto { tcp, udp } th dport { 53, 80, 443 } accept
    iifname "$UPLINK" ct state established,related accept
    iifname "$UPLINK" drop
  }
  chain postrouting { type nat hook postrouting priority srcnat; policy accept;
    ip saddr $1.0/30 masquerade
  }
}
RULES
}

remove_uplink() {
    nft delete table ip "$HOST_TABLE" 2>/dev/null || true
    ip link delete "$UPLINK" 2>/dev/null || true
    [[ -e $FORWARD_BEFORE ]] || return 0
    (
        flock 7
        # The last lab to leave puts the host's forwarding back.
        if ! ip -o link | grep -q ': k8sup-'; then
            sysctl -qw net.ipv4.ip_forward="$(cat "$FORWARD_BEFORE")"
            rm -f "$FORWARD_BEFORE"
        fi
    ) 7>/run/k8sport-lab/uplink.lock
}

# Name servers of the host that are reachable from elsewhere than the host.
host_name_servers() {
    local file=/etc/resolv.conf
    [[ -e /run/systemd/resolve/resolv.conf ]] && file=/run/systemd/resolve/resolv.conf
    awk '$1 == "nameserver" && $2 !~ /:|^127\./ {print $2}' "$file"
}

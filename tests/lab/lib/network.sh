# Three namespaces: the operator, the AWS edge (a router) and the node.
#
#   op 10.77.0.2 ── op ─ [aws 10.77.0.1 │ 172.20.32.1] ─ vpc ── eni ─ ens5 172.20.32.10 [node]
#                              └─ uplink ── host: only in profile `bare`, only packages and only for the node

in_op()   { ip netns exec "$OP_NS" "$@"; }
in_aws()  { ip netns exec "$AWS_NS" "$@"; }

make_op_and_aws() {
    local ns net
    for ns in "$OP_NS" "$AWS_NS"; do
        ip netns add "$ns"
        ip -n "$ns" link set lo up
    done
    ip -n "$AWS_NS" link add op mtu $LAB_MTU type veth peer name edge netns "$OP_NS" mtu $LAB_MTU
    ip -n "$AWS_NS" address add $EDGE_ADDRESS/24 dev op
    ip -n "$AWS_NS" link set op up
    ip -n "$OP_NS" address add $OP_ADDRESS/24 dev edge
    ip -n "$OP_NS" link set edge up
    ip -n "$OP_NS" route add default via $EDGE_ADDRESS
    # Public addresses that belong to nobody swallow packets, as AWS does; so do IMDS and the documentation range
    # that seeded records point to (the host may have neighbours there).
    for net in "$PUBLIC_POOL" 169.254.0.0/16 192.0.2.0/24; do ip -n "$AWS_NS" route add blackhole "$net"; done
    in_aws sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.default.send_redirects=0
    in_aws "$LAB_DIR/edge.py" closed
    name_service_of_op
}

# `ip netns exec` puts these over /etc. The passwd entry is there because ssh takes the home directory from it
# and not from HOME: without it the operator's real keys and known_hosts would be read.
name_service_of_op() {
    local etc=/etc/netns/$OP_NS
    mkdir -p "$etc"
    echo "nameserver $EDGE_ADDRESS" >"$etc/resolv.conf"
    echo "127.0.0.1 localhost" >"$etc/hosts"
    echo "hosts: files dns" >"$etc/nsswitch.conf"
    awk -F: -v OFS=: -v home="$OP_HOME" '$3 == 0 {$6 = home} {print}' /etc/passwd >"$etc/passwd"
}

# The node's interface is a bridge with one port, made first, so that it looks like a NIC: `2: ens5:`, the ENI's MAC.
make_node_network() {                  # MAC
    ip netns add "$NODE_NS"
    ip -n "$NODE_NS" link add ens5 address "$1" mtu $LAB_MTU type bridge stp_state 0 forward_delay 0 mcast_snooping 0
    ip -n "$NODE_NS" link add eni mtu $LAB_MTU type veth peer name vpc netns "$AWS_NS" mtu $LAB_MTU
    ip -n "$NODE_NS" link set eni master ens5 up
    # As kubelet and kube-proxy do; the container can't.
    ! real_kube_proxy || ip netns exec "$NODE_NS" sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.route_localnet=1
    ip -n "$AWS_NS" address add $VPC_ROUTER/$VPC_PREFIX dev vpc
    ip -n "$AWS_NS" address add $VPC_RESOLVER/32 dev vpc
    ip -n "$AWS_NS" link set vpc up
}

remove_node_network() {
    ip -n "$AWS_NS" link delete vpc 2>/dev/null || true
    remove_namespaces "$NODE_NS"
}

# One network: a switch with a cable to each node and one to the operator. Nothing leads out of it, but in profile `empty`
# the nodes' way to packages, which the switch is the router of.

SWITCH_NS=k8sport-$LAB_NAME-lan
AWS_NS=$SWITCH_NS UPLINK=k8sup-${LAB_NAME}v HOST_TABLE=k8sport_lab_${LAB_NAME}_vip
OP_NS=k8sport-$LAB_NAME-vop
NODES="cp1 cp2 cp3"
LAN=10.255.254
VIP=$LAN.100

# As in the document: the first node's address is the beginning of the VIP's.
address_of() { echo "$LAN.$(( 9 + ${1#cp} ))"; }

make_lan() {
    local ns
    for ns in "$SWITCH_NS" "$OP_NS"; do
        ip netns add "$ns"
        ip -n "$ns" link set lo up
    done
    ip -n "$SWITCH_NS" link add lan type bridge stp_state 0 forward_delay 0 mcast_snooping 0
    ip -n "$SWITCH_NS" link set lan up
    plug operator "$OP_NS"
    ip -n "$OP_NS" address add "$LAN.1/24" dev eth0
    ip -n "$OP_NS" link set eth0 up
    name_service_of_op
}

# Only for the nodes: the operator has no route to it.
make_way_out() {
    ip -n "$SWITCH_NS" address add "$LAN.254/24" dev lan
    ip netns exec "$SWITCH_NS" sysctl -qw net.ipv4.ip_forward=1
    make_uplink
    ip netns exec "$SWITCH_NS" nft -f - <<RULES
table ip way-out {
  chain postrouting { type nat hook postrouting priority srcnat; policy accept;
    oifname "uplink" masquerade
  }
}
RULES
}

# A machine that boots has the hardware address that it had before: others may know it still.
plug() {                               # PORT NAMESPACE [LAST]
    ip -n "$SWITCH_NS" link add "$1" type veth peer name eth0 address "02:00:0a:ff:fe:0${3:-0}" netns "$2"
    ip -n "$SWITCH_NS" link set "$1" master lan up
}

# One more cable, which leads to the same switch.
second_cable() {                       # ADDRESS/PREFIX
    ip -n "$SWITCH_NS" link add "$name-2" type veth peer name eth1 netns "$NODE_NS"
    ip -n "$SWITCH_NS" link set "$name-2" master lan up
    ip -n "$NODE_NS" address add "$1" dev eth1
    ip -n "$NODE_NS" link set eth1 up
}

unplug() {                             # PORT NAMESPACE
    ip -n "$SWITCH_NS" link delete "$1" 2>/dev/null || true
    remove_namespaces "$2"
}

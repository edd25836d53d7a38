#!/bin/sh
# Written by k8sport. Keeps the secondary address and the redirect of its port 443 in place.
#
#   net up      wait for the node's own address, then make sure that both are there
#   net check   the same without waiting; says what it had to repair
#   net down    take both away
#
# The redirect always comes first and goes last: an address without it would answer with the API server on port 443.
set -eu
PATH=/usr/sbin:/usr/bin:/sbin:/bin
LC_ALL=C
export PATH LC_ALL

RUN=/run/k8sport
SETTINGS=/etc/k8sport/net.conf

say() { echo "k8sport: $*"; }
# The digit is a journal priority (warning).
fail() { echo "<4>k8sport: $*" >&2; exit 1; }

# The interface with the ENI's MAC address. Ports of a bridge and interfaces stacked on the ENI may share it, so the
# one that has the default route comes first.
interface() {
    found=
    for name in $(ip -o link show | grep -iF "link/ether $MAC " | grep -v ' master ' | sed 's/^[0-9]*: \([^:@]*\)[:@].*/\1/'); do
        if [ -n "$(ip -4 route show default dev "$name")" ]; then
            echo "$name"
            return
        fi
        [ -n "$found" ] || found=$name
    done
    echo "$found"
}

# The IPv4 addresses of interface $1, one a line, without prefix.
addresses() {
    ip -o -4 addr show dev "$1" scope global | while read -r _ _ _ address _; do echo "${address%/*}"; done
}

has_secondary() { addresses "$1" | grep -qxF "$SECONDARY"; }

# The secondary address must not become the interface's first one, or the node takes it for its own.
has_primary() { addresses "$1" | grep -qvxF "$SECONDARY"; }

table_file() {
    case $REDIRECT in
        nftables) echo /etc/k8sport/k8sport.nft ;;
        *) echo /etc/k8sport/k8sport.iptables ;;
    esac
}

# What the kernel holds of ours, without counters.
listing() {
    case $REDIRECT in
        nftables) nft -s list table ip k8sport 2>/dev/null || : ;;
        *) iptables -w 5 -t nat -S 2>/dev/null | grep -w K8SPORT || : ;;
    esac
}

redirect_is_loaded() {
    [ -s "$RUN/table" ] && cmp -s "$(table_file)" "$RUN/source" && [ "$(listing)" = "$(cat "$RUN/table")" ]
}

load_redirect() {
    case $REDIRECT in
        nftables) nft -f "$(table_file)" ;;
        *)
            iptables-restore -w 5 --noflush <"$(table_file)"
            for chain in PREROUTING OUTPUT; do
                iptables -w 5 -t nat -C $chain -m comment --comment k8sport -j K8SPORT 2>/dev/null ||
                    iptables -w 5 -t nat -I $chain 1 -m comment --comment k8sport -j K8SPORT
            done
            ;;
    esac
    listing >"$RUN/table"
    cp -f "$(table_file)" "$RUN/source"
}

unload_redirect() {
    if [ -n "$(command -v nft)" ] && nft list table ip k8sport >/dev/null 2>&1; then
        nft delete table ip k8sport
    fi
    if [ -n "$(command -v iptables)" ] && iptables -w 5 -t nat -S K8SPORT >/dev/null 2>&1; then
        for chain in PREROUTING OUTPUT; do
            while iptables -w 5 -t nat -D $chain -m comment --comment k8sport -j K8SPORT 2>/dev/null; do :; done
        done
        iptables -w 5 -t nat -F K8SPORT
        iptables -w 5 -t nat -X K8SPORT
    fi
    rm -f "$RUN/table" "$RUN/source"
}

# $1: seconds to wait for the node's own address.
ensure() {
    waited=0
    while dev=$(interface); [ -z "$dev" ] || ! has_primary "$dev"; do
        [ "$waited" -lt "$1" ] || fail "after $1 s no interface with MAC $MAC has an address other than $SECONDARY"
        sleep 1
        waited=$((waited + 1))
    done
    if ! redirect_is_loaded; then
        load_redirect
        say "redirect of $SECONDARY:443 loaded ($REDIRECT)"
    fi
    if ! has_secondary "$dev"; then
        ip addr add "$SECONDARY/32" dev "$dev" noprefixroute || has_secondary "$dev" || fail "$SECONDARY can't be added to $dev"
        say "$SECONDARY/32 added to $dev"
    fi
}

mkdir -p "$RUN"
exec 9>"$RUN/net.lock"
flock -w 70 9 || fail "another run of $0 holds $RUN/net.lock since more than 70 s"
# Only now: who takes a change back holds the lock while the settings go.
[ -e "$SETTINGS" ] || fail "$SETTINGS is not there, so there is nothing to keep in place"
. "$SETTINGS"

case ${1:-} in
    up) ensure 60 ;;
    check) ensure 0 ;;
    down)
        dev=$(interface)
        if [ -n "$dev" ] && has_secondary "$dev"; then
            ip addr del "$SECONDARY/32" dev "$dev"
        fi
        unload_redirect
        ;;
    *) fail "usage: $0 up|check|down" ;;
esac

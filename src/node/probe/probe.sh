# Reads the node. Prints sections: a line "@name" and the section's lines after a "|" each. Writes nothing.
# $1: MAC address of the ENI; $2: primary private IPv4 address.
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
LC_ALL=C
export PATH LC_ALL

# section NAME COMMAND…: a command that is missing, fails or hangs makes an empty section.
section() {
    echo "@$1"
    shift
    "$@" 2>/dev/null | sed -e 's/^/|/' -e '$a\'
}
within() { timeout -k 1 "$@"; }

# "2: ens5: <UP> mtu 1500 … master br0 …\    link/ether 06:… brd …" becomes "ens5 06:… enslaved". Not from /sys, which
# a container may show of its host.
interfaces() {
    ip -o link show | sed -n -e 's/^[0-9]*: \([^:@]*\)[:@].* master .*link\/ether \([^ ]*\).*/\1 \2 enslaved/p' -e t \
        -e 's/^[0-9]*: \([^:@]*\)[:@].*link\/ether \([^ ]*\).*/\1 \2 -/p'
}

tools() {
    has() { [ -n "$(command -v "$1")" ]; }
    if has nft; then echo "nft $(within 5 nft --version)"; fi
    if has iptables; then echo "iptables $(within 5 iptables --version)"; fi
    if has haproxy; then echo "haproxy $(within 5 haproxy -v | head -1)"; fi
    if has apt-get && has dpkg; then echo "apt yes"; fi
    if has systemctl; then echo "systemd $(within 5 systemctl --version | head -1)"; fi
}

# Only small files are ours or the scripts'.
file() {
    [ -f "$1" ] && [ "$(stat -c %s "$1")" -le 1048576 ] || return 0
    echo "@file $1"
    echo "|$(sha256sum <"$1" | cut -d' ' -f1) $(stat -c '%a %U:%G' "$1")"
    sed -e 's/^/|/' -e '$a\' "$1"
}

units() {
    within 10 systemctl show -p Id,LoadState,ActiveState,SubState,UnitFileState,NeedDaemonReload,NRestarts \
        k8sport-net.service k8sport-net-check.service k8sport-net.timer k8sport-haproxy.service \
        k8sport-watchdog.service k8sport-watchdog-confirm.service \
        haproxy.service nftables.service kube-api-forward.service
}

# Everything in our directories, whoever put it there, and what is named like a unit of ours.
paths() {
    find /etc/k8sport /usr/local/lib/k8sport /run/k8sport /run/k8sport-haproxy -maxdepth 2
    find /etc/systemd/system -maxdepth 2 -name 'k8sport*'
}

# The kernel holds what was loaded, and that came from the file that is on disk.
redirect() {
    . /etc/k8sport/net.conf
    case $REDIRECT in
        nftables)
            now=$(within 5 nft -s list table ip k8sport)
            source=/etc/k8sport/k8sport.nft
            ;;
        *)
            now=$(within 10 iptables -w 5 -t nat -S | grep -w K8SPORT)
            source=/etc/k8sport/k8sport.iptables
            ;;
    esac
    if [ -z "$now" ]; then
        echo missing
    elif cmp -s $source /run/k8sport/source && [ "$now" = "$(cat /run/k8sport/table)" ]; then
        echo present
    else
        echo changed
    fi
}

# Also what is left of ours without its settings.
loaded_redirects() {
    if within 5 nft list table ip k8sport >/dev/null; then echo nftables; fi
    if within 10 iptables -w 5 -t nat -S K8SPORT >/dev/null; then echo iptables; fi
}

# Sockets, and the units of the processes that have them.
listeners() { within 5 ss -H -l -t -n -p; }
# Of the listeners on these ports, or of all.
listener_units() {
    filter=
    for port in "$@"; do filter="${filter:+$filter or }sport = :$port"; done
    within 5 ss -H -l -t -n -p ${filter:+"( $filter )"} |
        grep -o 'pid=[0-9]*' | sort -u | while IFS='=' read -r _ pid; do
        echo "$pid $(grep -o '[^/]*\.service' "/proc/$pid/cgroup" | tail -1)"
    done
}

# An HTTP answer of any kind, or any TLS record, is an answer; nobody there is 7 and silence 28; 3 is no address at all.
answers() {
    within 5 curl -s -k -o /dev/null --noproxy '*' --connect-timeout 2 --max-time 3 "$2"
    code=$?
    case $code in
        3 | 7 | 28 | 124 | 126 | 127 | 137) ;;
        *) echo "$1" ;;
    esac
}
backends() {
    answers primary-https "https://$PRIMARY:30443/" &
    answers primary-http "http://$PRIMARY:30080/" &
    answers loopback-https https://127.0.0.1:30443/ &
    answers loopback-http http://127.0.0.1:30080/ &
    wait
}

# kubelet takes the first configuration by name.
cni() {
    for file in /etc/cni/net.d/*.conf /etc/cni/net.d/*.conflist /etc/cni/net.d/*.json; do
        [ -f "$file" ] && echo "${file##*/} $file"
    done | sort | head -1 | while read -r _ file; do
        echo "${file##*/}"
        head -c 16384 "$file"
    done
}
cilium_ipam() {
    [ -n "$(command -v kubectl)" ] && [ -r /var/lib/kubectl/kubeconfig ] || return 0
    ls /etc/cni/net.d | grep -qi cilium || return 0
    within 5 kubectl --kubeconfig /var/lib/kubectl/kubeconfig --request-timeout=4s \
        -n kube-system get configmap cilium-config -o 'jsonpath={.data.ipam}'
}

nat_rules() {
    for chain in PREROUTING OUTPUT; do within 10 iptables -w 5 -t nat -S $chain; done | grep -e '--dport 443 '
}

# What puts secondary addresses on the interface besides us: a kind, and the unit or file that says so.
address_agents() {
    active() { within 5 systemctl list-units --plain --no-legend --state=active "$@" | while read -r unit _; do echo "$unit"; done; }
    active 'nm-cloud-setup.*' | sed 's/^/nm-cloud-setup /'
    active 'refresh-policy-routes@*.timer' 'policy-routes@*.service' | sed 's/^/ec2-net-utils /'
    # Amazon Linux 2: dhclient runs it, with every lease.
    scripts=/etc/sysconfig/network-scripts
    if [ -f $scripts/ec2net-functions ] && ! grep -qE '^[[:space:]]*EC2SYNC=no' "$scripts/ifcfg-$(ip -4 route show default | sed -n 's/.* dev \([^ ]*\).*/\1/p' | head -1)"; then
        echo "ec2-net-utils-1 $scripts/ec2net-functions"
    fi
    for file in /etc/cloud/cloud.cfg /etc/cloud/cloud.cfg.d/*.cfg; do
        [ -f "$file" ] || continue
        # The block `updates:`, and in it the word, which is also the beginning of boot-new-instance.
        sed -n '/^updates:/,/^[^ #]*:/{/^ /p;/^updates:/p}' "$file" | sed 's/#.*//' |
            grep -qE '(^|[^-a-z])boot(-legacy)?([^-a-z]|$)' && echo "cloud-init $file"
    done
    # The scripts' own file is read as a whole.
    for file in /etc/netplan/*.yaml /etc/systemd/network/*.network /etc/network/interfaces /etc/network/interfaces.d/*; do
        [ -f "$file" ] && [ "$file" != /etc/netplan/99-secondary-ip.yaml ] || continue
        sed 's/#.*//' "$file" | grep -oE '[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+/[0-9]+' | sort -u | sed "s|/.*| $file|; s/^/static /"
    done
}

# Packages that came with us and are still there, be it as configuration alone.
packages_present() {
    [ -s /etc/k8sport/packages ] || return 0
    sort -u /etc/k8sport/packages | while read -r package; do
        case $(within 5 dpkg-query -W -f '${db:Status-Status}' "$package") in
            '' | not-installed) ;;
            *) echo "$package" ;;
        esac
    done
}
# Why others would miss them: dependencies, and configuration files that aren't as they were delivered.
package_uses() {
    present=$(packages_present)
    [ -n "$present" ] || return 0
    within 10 dpkg --no-act --purge $present 2>&1 |
        sed -n 's/^ \([^ ]* \(pre-\)\?depends on [^;]*\)\(\.\|; however:\)$/\1/p' | while read -r dependent rest; do
        echo "$present" | grep -qxF -e "$dependent" -e "${dependent%:*}" || echo "$dependent $rest"
    done
    within 10 dpkg --verify $present | sed -n 's/^.........  *c  *\(.*\)$/\1 was changed/p'
}

loaded() { cmp -s /etc/k8sport/haproxy.cfg /run/k8sport-haproxy/loaded.cfg && echo yes; }
watchdog() { if within 5 systemctl -q is-active k8sport-watchdog.timer k8sport-watchdog-confirm.timer; then echo active; fi; }

probe() {
    PRIMARY=$2
    section hostname hostname
    section os cat /etc/os-release
    section mac echo "$1"
    section interfaces interfaces
    section route ip -4 route show default
    section addresses ip -o -4 addr show
    section tools tools
    section units units
    section paths paths
    section redirect redirect
    section loaded-redirects loaded_redirects
    section listeners listeners
    section listener-units listener_units 80 443 8443 8404
    section backends backends
    section cni cni
    section cilium-ipam cilium_ipam
    section packages cat /etc/k8sport/packages
    section packages-present packages_present
    section package-uses package_uses
    section loaded loaded
    section watchdog watchdog
    section nat-rules nat_rules
    section address-agents address_agents
    for file in /etc/k8sport/net.conf /etc/k8sport/k8sport.nft /etc/k8sport/k8sport.iptables /etc/k8sport/haproxy.cfg \
        /usr/local/lib/k8sport/net /etc/systemd/system/k8sport-net.service /etc/systemd/system/k8sport-net-check.service \
        /etc/systemd/system/k8sport-net.timer /etc/systemd/system/k8sport-haproxy.service \
        /etc/haproxy/haproxy.cfg /etc/netplan/99-secondary-ip.yaml /etc/iptables/rules.v4; do
        file "$file" 2>/dev/null
    done
    echo "@end"
}

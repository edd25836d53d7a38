# A control plane that shares an address. Uses the probe's functions; writes nothing.
# $1: the node's own address; $2: the VIP; $3: the API server's port.

vip_units() {
    within 10 systemctl show -p Id,LoadState,ActiveState,SubState,UnitFileState,NeedDaemonReload,NRestarts \
        k8sport-vip.service k8sport-vip-haproxy.service keepalived.service haproxy.service
}
# HAProxy's last word on why it doesn't run.
bind_error() {
    within 10 journalctl -q -b -o cat -n 200 -u haproxy.service -u k8sport-vip-haproxy.service |
        grep -i -e 'cannot bind' -e 'Address already in use' -e 'cannot assign' | tail -1
}
# "1796000000.123456 host Keepalived_vrrp[36]: (VI_1) Entering MASTER STATE"
transitions() {
    within 10 journalctl -q -b -o short-unix -n 5000 -u keepalived.service -u k8sport-vip.service |
        sed -n 's/^\([0-9.]*\) .*: (\([^)]*\)) Entering \([A-Z]*\) STATE.*/\1 \3 \2/p' | tail -200
}
# "vip 200 0": the way, the status, and how curl ended.
livez() {
    said=$(within 5 curl -s -k -o /dev/null --noproxy '*' --connect-timeout 2 --max-time 3 -w '%{http_code}' "https://$2/livez")
    code=$?
    echo "$1 ${said:-000} $code"
}
# Through HAProxy of ours as well, if it is set up here.
health() {
    livez localhost "127.0.0.1:$3" &
    livez node "$1:$3" &
    livez vip "$2:$3" &
    balancer=$(sed -n 's/^ *bind \*:\([0-9]*\)$/\1/p' /etc/k8sport/vip/haproxy.cfg | head -1)
    if [ -n "$balancer" ]; then
        echo "haproxy-port $balancer"
        livez haproxy-localhost "127.0.0.1:$balancer" &
        livez haproxy-node "$1:$balancer" &
        livez haproxy-vip "$2:$balancer" &
    fi
    wait
}
programs() { for program in keepalived haproxy curl; do if [ -n "$(command -v $program)" ]; then echo $program; fi; done; }
# Which files what runs was started with.
loaded_files() {
    cmp -s /etc/k8sport/vip/keepalived.conf /run/k8sport-vip/loaded.conf && echo /etc/k8sport/vip/keepalived.conf
    cmp -s /etc/k8sport/vip/haproxy.cfg /run/k8sport-vip-haproxy/loaded.cfg && echo /etc/k8sport/vip/haproxy.cfg
}

vip() {
    section hostname hostname
    section addresses ip -o -4 addr show
    section listeners listeners
    section listener-units listener_units
    section units vip_units
    section bind-error bind_error
    section transitions transitions
    section health health "$@"
    section programs programs
    section packages-present packages_present
    section package-uses package_uses
    section loaded loaded_files
    for file in /etc/keepalived/keepalived.conf /etc/haproxy/haproxy.cfg /etc/k8sport/vip/keepalived.conf \
        /etc/k8sport/vip/haproxy.cfg /etc/k8sport/vip/taken-over /usr/local/lib/k8sport/vip-check \
        /usr/local/lib/k8sport/vip-notify /etc/systemd/system/k8sport-vip.service \
        /etc/systemd/system/k8sport-vip-haproxy.service; do
        file "$file" 2>/dev/null
    done
    echo "@end"
}

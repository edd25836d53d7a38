# On the node, as root: what differs is written and started anew.
set -euo pipefail
PATH=/usr/sbin:/usr/bin:/sbin:/bin
interface=$(ip -4 route show default | awk '{for (i = 1; i < NF; i++) if ($i == "dev") {print $(i + 1); exit}}')
missing=()
for package in haproxy nftables; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
if (( ${#missing[@]} )); then
    export DEBIAN_FRONTEND=noninteractive
    [[ ! " ${missing[*]} " == *" haproxy "* ]] || systemctl mask -q --runtime haproxy.service
    apt-get -qq update
    apt-get -qq -y --no-install-recommends install "${missing[@]}" >/dev/null
    systemctl unmask -q --runtime haproxy.service || true
fi
systemctl is-active -q haproxy.service && systemctl disable -q --now haproxy.service

# place FILE DESTINATION: true when it was written.
place() {
    sed -e "s/{{ secondary }}/$secondary/g" -e "s/{{ elastic }}/$elastic/g" -e "s/{{ primary }}/$primary/g" \
        -e "s/{{ interface }}/$interface/g" "$files/$1" >"$files/$1.new"
    cmp -s "$files/$1.new" "$2" && return 1
    install -D -m 644 "$files/$1.new" "$2"
}
net=0 proxy=0 units=0
if place ingress.nft /etc/ingress/ingress.nft; then net=1; fi
if place ingress-net.service /etc/systemd/system/ingress-net.service; then net=1 units=1; fi
if place haproxy.cfg /etc/ingress/haproxy.cfg; then proxy=1; fi
if place ingress-haproxy.service /etc/systemd/system/ingress-haproxy.service; then proxy=1 units=1; fi
rm -rf "$files"
(( units == 0 )) || systemctl daemon-reload
(( net == 0 )) || { systemctl enable -q ingress-net; systemctl restart ingress-net; }
(( proxy == 0 )) || { haproxy -c -q -f /etc/ingress/haproxy.cfg; systemctl enable -q --now ingress-haproxy; systemctl reload-or-restart ingress-haproxy; }
ip -o -4 addr show to "$secondary/32" | grep -q . && nft list table ip ingress >/dev/null && systemctl is-active -q ingress-haproxy

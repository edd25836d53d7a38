# up and down.

PROFILES_OF_VIP="bare document keepalived"

vip_up() {                             # PROFILE
    [[ " $PROFILES_OF_VIP " == *" $1 "* ]] || die "no profile '$1'; there are: $PROFILES_OF_VIP."
    vip_clean_up
    ensure_images
    mkdir -p "$LAB_STATE/nodes"
    make_lan
    make_home
    local addresses name
    addresses=$(for name in $NODES; do printf ',IP:%s' "$(address_of "$name")"; done)
    install -d -m 700 "$LAB_STATE/certificates"
    authority "$LAB_STATE/certificates/kubernetes-ca" kubernetes-ca
    issue "$LAB_STATE/certificates" kubernetes-ca apiserver kube-apiserver "DNS:kubernetes,IP:127.0.0.1,IP:$VIP$addresses"
    # shellcheck disable=SC2086  # words are meant
    of_each_node make_vip_disk "$1" -- $NODES
    for name in $NODES; do
        echo "$(address_of "$name") $(cut -d' ' -f1,2 "$LAB_STATE/nodes/$name/root/etc/ssh/ssh_host_ed25519_key.pub")"
    done >"$OP_HOME/.ssh/known_hosts"
    stage "network, operator and disks made (profile $1)"
    # shellcheck disable=SC2086
    { of_each_node boot_vip_node -- $NODES; of_each_node wait_for_vip_node -- $NODES; }
    stage "three control planes are up"
}

# Safe to run at any time, whatever is or isn't there.
vip_clean_up() {
    local name
    # shellcheck disable=SC2086
    of_each_node stop_vip_node hard -- $NODES
    for name in $NODES; do of_node "$name" remove_disk; rm -rf "/run/systemd/nspawn/"*/"k8sport-$LAB_NAME-$name"; done
    remove_namespaces "$OP_NS" "$SWITCH_NS"
    rm -rf --one-file-system "$LAB_STATE"
}

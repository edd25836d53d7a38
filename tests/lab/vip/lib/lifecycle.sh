# up and down.

PROFILES_OF_VIP="bare empty document keepalived"

vip_up() {                             # PROFILE API
    [[ " $PROFILES_OF_VIP " == *" $1 "* ]] || die "no profile '$1'; there are: $PROFILES_OF_VIP."
    require_api "$2"
    vip_clean_up
    ensure_images
    mkdir -p "$LAB_STATE/nodes"
    make_lan
    [[ $1 != empty ]] || make_way_out
    make_home
    local addresses name
    addresses=$(for name in $NODES; do printf ',IP:%s' "$(address_of "$name")"; done)
    install -d -m 700 "$LAB_STATE/certificates"
    authority "$LAB_STATE/certificates/kubernetes-ca" kubernetes-ca
    issue "$LAB_STATE/certificates" kubernetes-ca apiserver kube-apiserver "DNS:kubernetes,IP:127.0.0.1,IP:$VIP$addresses"
    echo "$2" >"$LAB_STATE/api"
    ! real_api || KUBE_SERVER=https://$(address_of cp1):6443 make_kubeconfigs
    # shellcheck disable=SC2086  # words are meant
    of_each_node make_vip_disk "$1" -- $NODES
    for name in $NODES; do
        echo "$(address_of "$name") $(cut -d' ' -f1,2 "$LAB_STATE/nodes/$name/root/etc/ssh/ssh_host_ed25519_key.pub")"
    done >"$OP_HOME/.ssh/known_hosts"
    stage "network, operator and disks made (profile $1)"
    # shellcheck disable=SC2086
    { of_each_node boot_vip_node -- $NODES; of_each_node wait_for_vip_node -- $NODES; }
    ! real_api || of_node cp1 seed_vip_api
    stage "three control planes are up"
}

# Safe to run at any time, whatever is or isn't there.
vip_clean_up() {
    local name
    # shellcheck disable=SC2086
    of_each_node stop_vip_node hard -- $NODES
    for name in $NODES; do of_node "$name" remove_disk; rm -rf "/run/systemd/nspawn/"*/"k8sport-$LAB_NAME-$name"; done
    remove_uplink
    remove_namespaces "$OP_NS" "$SWITCH_NS"
    rm -rf --one-file-system "$LAB_STATE"
}

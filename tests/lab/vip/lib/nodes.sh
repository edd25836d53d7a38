# Each node is a container as the other lab's is, with its own disk, network namespace and processes.

# of_node NAME COMMAND…: in a shell whose variables are that node's.
of_node() (
    name=$1
    [[ " $NODES " == *" $name "* ]] || die "no node '$name'; there are: $NODES."
    shift
    NODE_STATE=$LAB_STATE/nodes/$name NODE_ROOT=$LAB_STATE/nodes/$name/root
    NODE_NS=k8sport-$LAB_NAME-$name MACHINE=k8sport-$LAB_NAME-$name NODE_CGROUP=k8sport-$LAB_NAME-$name
    PIDS=$NODE_STATE.pids LOGS=$NODE_STATE.log
    "$@"
)

# of_each_node COMMAND… -- NAME…: all at once.
of_each_node() {
    local command=() name pids=()
    while [[ $1 != -- ]]; do command+=("$1"); shift; done
    shift
    for name in "$@"; do of_node "$name" "${command[@]}" & pids+=($!); done
    for name in "${pids[@]}"; do wait "$name"; done
}

make_vip_disk() {                      # PROFILE
    local lower=$KEEPALIVED_LAYER/upper:$HAPROXY_LAYER/upper:$BASE_IMAGE
    case $1-$name in
        empty-cp1) lower=$HAPROXY_LAYER/upper:$BASE_IMAGE ;;
        empty-cp3) lower=$BASE_IMAGE ;;
    esac
    mkdir -p "$NODE_ROOT" "$NODE_STATE/disk/upper" "$NODE_STATE/disk/work"
    mount -t overlay overlay -o "lowerdir=$lower,upperdir=$NODE_STATE/disk/upper,workdir=$NODE_STATE/disk/work" "$NODE_ROOT"
    install -D "$LAB_DIR/node/common/usr/local/bin/kube-apiserver" "$NODE_ROOT/usr/local/bin/kube-apiserver"
    copy_files ../vip/node/common
    install_vip_identity
    enable kube-apiserver
    ! has_real_api || install_vip_api
    use_profile "$1"
}

# The first node has the cluster's; the others' stand-ins answer as it does to whom asks whether they live.
has_real_api() { real_api && [[ $name == cp1 ]]; }

install_vip_api() {
    install_real_api
    copy_files ../vip/node/api-real
    sed -i "s/--secure-port=443/--secure-port=6443/; s/--advertise-address=[^ ]*/--advertise-address=$(address_of "$name")/" \
        "$NODE_ROOT/etc/systemd/system/kube-apiserver.service"
}

seed_vip_api() {
    wait_until 60 "the API server" vip_api_is_ready
    in_node /usr/local/lib/seed-api /srv/kubernetes/nodes.json https://127.0.0.1:6443
}

vip_api_is_ready() { [[ $(ip netns exec "$NODE_NS" curl -sk --noproxy '*' --max-time 2 "https://$(address_of "$name"):6443/readyz") == ok ]]; }

install_vip_identity() {
    local ubuntu=$NODE_ROOT/home/ubuntu id
    id=$(awk -F: '$1 == "ubuntu" {print $3}' "$NODE_ROOT/etc/passwd")
    install -d -m 700 -o "$id" -g "$id" "$ubuntu/.ssh"
    install -m 600 -o "$id" -g "$id" "$OP_HOME/.ssh/kops-key.pub" "$ubuntu/.ssh/authorized_keys"
    install -D -m 440 "$LAB_DIR/node/common/etc/sudoers.d/90-cloud-init-users" "$NODE_ROOT/etc/sudoers.d/90-cloud-init-users"
    install -d -m 700 "$NODE_ROOT/srv/kubernetes"
    cp "$LAB_STATE"/certificates/apiserver.{key,crt} "$NODE_ROOT/srv/kubernetes/"
    echo "k8s-$name" >"$NODE_ROOT/etc/hostname"
    printf '127.0.0.1 localhost\n127.0.1.1 k8s-%s\n' "$name" >"$NODE_ROOT/etc/hosts"
    # Without udev the cable counts as not ready for ever; and a control plane runs no web server.
    for unit in systemd-networkd-wait-online nginx; do ln -sf /dev/null "$NODE_ROOT/etc/systemd/system/$unit.service"; done
    cat >"$NODE_ROOT/etc/systemd/network/10-eth0.network" <<NETWORK
[Match]
Name=eth0
[Network]
Address=$(address_of "$name")/24
NETWORK
    ssh-keygen -q -t ed25519 -N '' -C "root@k8s-$name" -f "$NODE_ROOT/etc/ssh/ssh_host_ed25519_key"
}

# What the packages leave; less of them, and a way to the rest; what the document's cluster has; its keepalived alone.
use_profile() {
    case $1 in
        bare) for unit in haproxy keepalived; do rm -f "$NODE_ROOT/etc/systemd/system/multi-user.target.wants/$unit.service"; done ;;
        empty)
            use_profile bare
            printf 'Gateway=%s\n[Link]\nMTUBytes=%s\n' "$LAN.254" "$LAB_MTU" >>"$NODE_ROOT/etc/systemd/network/10-eth0.network"
            host_name_servers | sed 's/^/nameserver /' >"$NODE_ROOT/etc/resolv.conf"
            ;;
        document | keepalived)
            copy_files ../vip/node/document
            local role=BACKUP
            [[ $name != cp1 ]] || role=MASTER
            sed -i "s/@ROLE@/$role/; s/@PRIORITY@/$(( 104 - ${name#cp} ))/" "$NODE_ROOT/etc/keepalived/keepalived.conf"
            [[ $1 == document ]] || rm -f "$NODE_ROOT/etc/systemd/system/multi-user.target.wants/haproxy.service"
            ;;
    esac
}

boot_vip_node() {
    ip netns add "$NODE_NS"
    ip -n "$NODE_NS" link set lo up
    plug "$name" "$NODE_NS" "${name#cp}"
    local mounts=()
    ! has_real_api || mounts=(--bind-ro="$(readlink -f "$KUBERNETES_BIN"):/opt/kubernetes")
    boot_container "${mounts[@]}"
}

wait_for_vip_node() {
    wait_until 60 "sshd on $name" vip_node_accepts 22
    wait_until 30 "the API server on $name" vip_node_accepts 6443
}

vip_node_accepts() { ip netns exec "$NODE_NS" timeout 1 bash -c "exec 3<>/dev/tcp/$(address_of "$name")/$1"; }

stop_vip_node() {                      # hard|orderly
    # A power cut takes the network first: nothing of what the end of the processes would send gets out.
    [[ $1 == orderly ]] || ip -n "$SWITCH_NS" link delete "$name" 2>/dev/null || true
    stop_node "$1"
    unplug "$name" "$NODE_NS"
}

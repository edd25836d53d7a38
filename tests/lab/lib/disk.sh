# The node's disk: an overlay on the cached images, and what makes it this cluster's node.

NODE_STATE=$LAB_STATE/node
NODE_ROOT=$NODE_STATE/root
NODE_PROFILES="fresh bare bash nosudo haproxy-busy local-nodeport eni-cni otherkey"

require_node_profile() {
    [[ " $NODE_PROFILES " == *" $1 "* ]] || die "no node profile '$1'; there are: $NODE_PROFILES."
}

make_disk() {                          # PROFILE
    local lower=$HAPROXY_LAYER/upper:$BASE_IMAGE
    [[ $1 == bare ]] && lower=$BASE_IMAGE
    mkdir -p "$NODE_ROOT" "$NODE_STATE/disk/upper" "$NODE_STATE/disk/work"
    mount -t overlay overlay -o "lowerdir=$lower,upperdir=$NODE_STATE/disk/upper,workdir=$NODE_STATE/disk/work" "$NODE_ROOT"
    copy_files common
    [[ -d $LAB_DIR/node/profiles/$1 ]] && copy_files "profiles/$1"
    install_identity "$1"
    finish_profile "$1"
}

copy_files() { cp -R --preserve=mode,links "$LAB_DIR/node/$1/." "$NODE_ROOT/"; }

remove_disk() {
    local mount
    # Deepest first; the paths are our own and have no spaces.
    awk -v below="$NODE_STATE/" 'index($5, below) == 1 {print $5}' /proc/self/mountinfo | sort -r |
        while read -r mount; do umount -l "$mount"; done
    rm -rf --one-file-system "$NODE_STATE"
}

# Login key, host keys, certificates.
install_identity() {
    local ubuntu=$NODE_ROOT/home/ubuntu id
    id=$(awk -F: '$1 == "ubuntu" {print $3}' "$NODE_ROOT/etc/passwd")
    install -d -m 700 -o "$id" -g "$id" "$ubuntu/.ssh"
    install -m 600 -o "$id" -g "$id" "$OP_HOME/.ssh/kops-key.pub" "$ubuntu/.ssh/authorized_keys"
    install -d -m 700 "$NODE_ROOT/srv/kubernetes" "$NODE_ROOT/srv/ingress"
    cp "$LAB_STATE"/certificates/apiserver.{key,crt} "$NODE_ROOT/srv/kubernetes/"
    cp "$LAB_STATE"/certificates/{app.example.com,shop.example.com,fake}.{key,crt} "$NODE_ROOT/srv/ingress/"
    printf "nameserver %s\nsearch %s\n" "$VPC_RESOLVER" "$VPC_DOMAIN" >"$NODE_ROOT/etc/resolv.conf"
    make_host_keys "$NODE_ROOT/etc/ssh"
    # What the instance's console shows; in profile `otherkey` somebody else's machine answers.
    if [[ $1 == otherkey ]]; then
        install -d -m 700 "$NODE_STATE/other-host"
        make_host_keys "$NODE_STATE/other-host"
        publish_host_keys "$NODE_STATE/other-host"
    else
        publish_host_keys "$NODE_ROOT/etc/ssh"
    fi
}

make_host_keys() {
    local type
    for type in ed25519 ecdsa rsa; do
        ssh-keygen -q -t "$type" -b "$([[ $type == rsa ]] && echo 2048 || echo 256)" -N '' \
            -C root@ip-172-20-32-10 -f "$1/ssh_host_${type}_key" &
    done
    wait
}

publish_host_keys() {
    cat "$1"/ssh_host_{ecdsa,ed25519,rsa}_key.pub >"$NODE_STATE/ssh_host_keys.new"
    mv "$NODE_STATE/ssh_host_keys.new" "$NODE_STATE/ssh_host_keys.pub"
}

# What can't be said by copying files.
finish_profile() {
    enable kube-apiserver kube-proxy slow-app
    ! real_api || install_real_api
    ! real_kube_proxy || install_real_kube_proxy
    ! with_k0smotron || install_k0smotron
    case $1 in
        bash)
            cp "$NODE_ROOT"/etc/haproxy/haproxy.cfg{,.backup-secondary-ip}
            enable netfilter-persistent kube-api-forward
            ;;
        nosudo) echo 'ubuntu ALL=(ALL:ALL) ALL' >"$NODE_ROOT/etc/sudoers.d/90-cloud-init-users" ;;
        haproxy-busy) enable old-dashboard ;;
        local-nodeport) sed -i "s/0\.0\.0\.0/$NODE_ADDRESS/" "$NODE_ROOT/etc/nginx/nodeports.conf" ;;
        eni-cni) rm "$NODE_ROOT/etc/cni/net.d/10-calico.conflist" ;;
    esac
    chmod 440 "$NODE_ROOT"/etc/sudoers.d/*
    chmod 600 "$NODE_ROOT/etc/netplan/50-cloud-init.yaml"
}

enable() {
    local unit wants=$NODE_ROOT/etc/systemd/system/multi-user.target.wants
    for unit in "$@"; do ln -sf "/etc/systemd/system/$unit.service" "$wants/"; done
}

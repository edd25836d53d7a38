# The node: a container with its own systemd, in the node's network namespace.

NODE_CGROUP=k8sport-$LAB_NAME

boot_node() {                          # MAC
    local mounts=()
    ! real_api || mounts=(--bind-ro="$(readlink -f "$KUBERNETES_BIN"):/opt/kubernetes")
    make_node_network "$1"
    start_vpc_services "$1" "$(cat "$LAB_STATE/node-profile")"
    in_aws "$LAB_DIR/edge.py" "$LAB_STATE/aws/state.json"
    boot_container "${mounts[@]}"
}

# --register=no and --keep-unit: works where the host's first process isn't systemd.
# A control group of its own: two labs started from one shell would share one otherwise.
boot_container() {                     # MORE OPTIONS
    launch node "$LAB_DIR/lib/in-cgroup" "$NODE_CGROUP" \
        systemd-nspawn -q -D "$NODE_ROOT" --machine="$MACHINE" --register=no --keep-unit \
        --network-namespace-path="/run/netns/$NODE_NS" --capability=CAP_NET_ADMIN,CAP_NET_RAW \
        --resolv-conf=off --timezone=off --link-journal=no --console=pipe "$@" --boot
}

# The container's first process as the host sees it: the child of nspawn that runs systemd.
node_pid() {
    local nspawn child
    nspawn=$(running node) || return 1
    for child in $(cat "/proc/$nspawn/task/$nspawn/children"); do
        [[ $(readlink "/proc/$child/ns/pid") == "$(readlink /proc/self/ns/pid)" ]] || { echo "$child"; return; }
    done
    return 1
}

in_node() {
    local pid
    pid=$(node_pid) || die "the node isn't running."
    nsenter --target "$pid" --all --root --wd -- env -i HOME=/root TERM="${TERM:-dumb}" LANG=C.UTF-8 \
        PATH="$STANDARD_PATH" "$@" 9>&-
}

# Up means: reachable where the operator and the cluster need it.
wait_for_node() {
    wait_until 30 "ens5 to have its address" node_has_address
    wait_until 20 "sshd on the node" node_accepts 22
    if real_api; then wait_until 60 "the API server" api_is_ready; else wait_until 20 "the API server stand-in" node_accepts 443; fi
    # With a real kube-proxy the ingress has no NodePorts before the API server has its objects.
    if ! real_kube_proxy || [[ ${1:-} != first ]]; then wait_until 30 "the ingress stand-in" node_accepts 30443; fi
    case $(cat "$LAB_STATE/node-profile") in
        # Unless it has been taken over since.
        bash) if in_node systemctl -q is-enabled haproxy; then wait_until 20 "the old haproxy" node_accepts 8443; fi ;;
        haproxy-busy) wait_until 20 "the old dashboard" node_accepts 80 ;;
    esac
}

node_has_address() { ip -n "$NODE_NS" -4 -o address show dev ens5 | grep -q " $NODE_ADDRESS/"; }
node_accepts() { ip netns exec "$NODE_NS" timeout 1 bash -c "exec 3<>/dev/tcp/$NODE_ADDRESS/$1"; }

# orderly: as `reboot` would; hard: as a power cut would.
stop_node() {
    local pid
    if pid=$(node_pid); then
        [[ $1 == hard ]] || { kill -s RTMIN+4 "$pid"; wait_until 8 "the node to shut down" not_running node || true; }
        pid=$(node_pid) && kill -KILL "$pid"
        wait_until 5 "the node's processes to end" not_running node || true
    fi
    end node
    remove_cgroups
}

remove_cgroups() {
    local root
    for root in /sys/fs/cgroup /sys/fs/cgroup/*; do
        [[ -d $root/$NODE_CGROUP ]] || continue
        find "$root/$NODE_CGROUP" -depth -type d -exec rmdir {} + 2>/dev/null || true
    done
}

reboot_node() {
    stop_node "$1"
    stage "node stopped ($1)"
    end dnsmasq
    remove_node_network
    boot_node "$(node_mac)"
    wait_for_node
    stage "node booted"
}

node_mac() { jq -er '.node.mac // .reserved_mac' "$LAB_STATE/aws/state.json"; }

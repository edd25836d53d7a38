# up, down, reset, check.

require_up() { [[ -e $LAB_STATE/up ]] || die "lab '$LAB_NAME' isn't up; start it with: tests/lab/lab up"; }

lab_up() {
    require_tools
    if [[ -e $LAB_STATE/up ]] && lab_check 2>/dev/null; then
        lab_reset
        return
    fi
    clean_up                           # what a lab that crashed left behind
    ensure_images
    mkdir -p "$LAB_STATE"
    trap '[[ -e $LAB_STATE/up ]] || say "lab: not up; logs are in $LOGS, and \`lab down\` removes the rest."' EXIT
    make_op_and_aws
    start_aws "$AWS_PROFILE_OF_LAB"
    stage "networks made, AWS stand-in starting"
    make_node
    wait_for_aws
    stage "AWS stand-in ready (profile $AWS_PROFILE_OF_LAB)"
    first_boot
    touch "$LAB_STATE/up"
    stage "lab '$LAB_NAME' is up"
}

lab_reset() {
    rm -f "$LAB_STATE/up"
    stop_node hard
    end dnsmasq
    end_namespace_processes "$OP_NS"
    remove_node_network
    remove_uplink
    remove_disk
    running aws >/dev/null || { say "lab: the AWS stand-in isn't running; starting it anew."; start_aws "$AWS_PROFILE_OF_LAB"; wait_for_aws; }
    make_node
    aws_client seed "$AWS_PROFILE_OF_LAB" >/dev/null
    in_aws conntrack -F >/dev/null 2>&1 || true
    stage "fresh account (profile $AWS_PROFILE_OF_LAB)"
    first_boot
    touch "$LAB_STATE/up"
    stage "lab '$LAB_NAME' is reset"
}

make_node() {
    echo "$API_OF_LAB" >"$LAB_STATE/api"
    echo "$KUBE_PROXY_OF_LAB" >"$LAB_STATE/kube-proxy"
    echo "$K0SMOTRON_OF_LAB" >"$LAB_STATE/k0smotron"
    make_home
    make_certificates
    ! real_api || make_kubeconfigs
    make_disk "$NODE_PROFILE"
    echo "$NODE_PROFILE" >"$LAB_STATE/node-profile"
    stage "node's disk made (profile $NODE_PROFILE, API server: $API_OF_LAB)"
}

first_boot() {
    [[ $NODE_PROFILE != bare ]] || make_uplink
    boot_node "$(node_mac)"
    wait_for_node first
    stage "node booted"
    real_api || return 0
    seed_api
    ! with_k0smotron || seed_k0smotron
    stage "API server has its objects"
}

lab_down() {
    clean_up
    stage "lab '$LAB_NAME' is down"
}

# Safe to run at any time, whatever is or isn't there.
clean_up() {
    local name
    rm -f "$LAB_STATE/up"
    stop_node hard
    for name in "$PIDS"/*; do [[ ! -e $name ]] || end "${name##*/}"; done
    remove_namespaces "$NODE_NS" "$OP_NS" "$AWS_NS"
    remove_uplink
    remove_disk
    rm -rf "/run/systemd/nspawn/"*/"$MACHINE"
    rm -rf --one-file-system "$LAB_STATE"
}

require_tools() {
    local tool missing=()
    for tool in systemd-nspawn debootstrap nft ip dnsmasq ssh-keygen jq openssl conntrack; do
        command -v "$tool" >/dev/null || missing+=("$tool")
    done
    [[ -x $LAB_CACHE/venv/bin/python ]] || missing+=("the Python environment")
    (( ${#missing[@]} == 0 )) || die "missing: ${missing[*]}. tests/lab/setup installs what the lab needs."
}

op_reaches() { in_op timeout 2 bash -c "exec 3<>/dev/tcp/$EDGE_ADDRESS/$1"; }

lab_check() {
    local bad=0
    expect() { local what=$1; shift; if "$@" >/dev/null 2>&1; then say "ok       $what"; else say "MISSING  $what"; bad=1; fi; }
    expect "lab '$LAB_NAME' is up" test -e "$LAB_STATE/up"
    expect "namespace of the operator" test -e "/run/netns/$OP_NS"
    expect "namespace of the AWS edge" test -e "/run/netns/$AWS_NS"
    expect "namespace of the node" test -e "/run/netns/$NODE_NS"
    expect "AWS stand-in (process)" running aws
    # A connection and no request: requests are counted.
    expect "AWS stand-in: API" op_reaches 4566
    expect "AWS stand-in: DNS" op_reaches 53
    expect "DHCP and resolver of the VPC" running dnsmasq
    expect "node (container)" node_pid
    expect "node: ens5 has $NODE_ADDRESS" node_has_address
    expect "node: sshd" node_accepts 22
    if real_api; then expect "node: API server" api_is_ready; else expect "node: API server stand-in" node_accepts 443; fi
    expect "node: ingress stand-in" node_accepts 30443
    return $bad
}

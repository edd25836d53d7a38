# The real API server in place of the stand-in: its programs, its objects, and who may speak to it.

KUBERNETES_BIN=${KUBEBUILDER_ASSETS:-$LAB_CACHE/kubernetes-1.20}

have_kubernetes() { [[ -x $KUBERNETES_BIN/kube-apiserver && -x $KUBERNETES_BIN/etcd ]]; }

# What the node was made with; a reboot keeps it.
real_api() { [[ $(cat "$LAB_STATE/api" 2>/dev/null) == real ]]; }

require_api() {
    case $1 in
        stand-in) ;;
        real) have_kubernetes || die "no kube-apiserver in $KUBERNETES_BIN; tests/lab/build-kubernetes builds it." ;;
        *) die "no API server '$1'; there are: stand-in real." ;;
    esac
}

real_kube_proxy() { [[ $(cat "$LAB_STATE/kube-proxy" 2>/dev/null) == real ]]; }

require_kube_proxy() {                 # KUBE_PROXY API
    case $1 in
        stand-in) ;;
        real)
            [[ $2 == real ]] || die "a real kube-proxy needs --api real."
            [[ -x $KUBERNETES_BIN/kube-proxy ]] || die "no kube-proxy in $KUBERNETES_BIN; tests/lab/build-kubernetes builds it."
            ;;
        *) die "no kube-proxy '$1'; there are: stand-in real." ;;
    esac
}

# With it the ingress controller is a pod with an address of its own, and its NodePorts are kube-proxy's.
install_real_kube_proxy() {
    copy_files kube-proxy-real
    ln -sf /dev/null "$NODE_ROOT/etc/systemd/system/nginx.service"
    enable pod-network ingress-pod ingress-pod-slow endpoint-controller
}

# Onto the node's disk, before it boots.
install_real_api() {
    local certificates=$LAB_STATE/certificates target=$NODE_ROOT/srv/kubernetes
    mkdir -p "$NODE_ROOT/opt/kubernetes"
    copy_files api-real
    cp "$certificates/kubernetes-ca.crt" "$target/ca.crt"
    cp "$certificates"/admin.{key,crt} "$target/"
    openssl ecparam -name prime256v1 -genkey -noout -out "$target/service-account.key"
    enable etcd
}

api_is_ready() { [[ $(ip netns exec "$NODE_NS" curl -sk --noproxy '*' --max-time 2 "https://$NODE_ADDRESS/readyz") == ok ]]; }

seed_api() {
    in_node /usr/local/lib/seed-api /srv/kubernetes/objects.json
    real_kube_proxy || return 0
    in_node /usr/local/lib/seed-api /srv/kubernetes/pods.json
    wait_until 30 "kube-proxy to serve the ingress' NodePorts" node_accepts 30443
}

# The operator's kubeconfigs: the cluster's administrator, one who may only look, and one without any role.
make_kubeconfigs() {
    local dir=$LAB_STATE/certificates user
    issue "$dir" kubernetes-ca admin admin '' system:masters
    issue "$dir" kubernetes-ca viewer viewer '' ''
    issue "$dir" kubernetes-ca nobody nobody '' ''
    install -d -m 700 "$OP_HOME/.kube"
    for user in admin viewer nobody; do kubeconfig "$user" >"$OP_HOME/.kube/$user"; done
    mv "$OP_HOME/.kube/admin" "$OP_HOME/.kube/config"
    chmod 600 "$OP_HOME"/.kube/*
}

kubeconfig() {                         # USER
    local dir=$LAB_STATE/certificates
    cat <<YAML
apiVersion: v1
kind: Config
clusters:
- name: c02.example.com
  cluster:
    server: ${KUBE_SERVER:-https://api.c02.example.com}
    certificate-authority-data: $(base64 -w0 <"$dir/kubernetes-ca.crt")
users:
- name: $1
  user:
    client-certificate-data: $(base64 -w0 <"$dir/$1.crt")
    client-key-data: $(base64 -w0 <"$dir/$1.key")
contexts:
- name: c02.example.com
  context: {cluster: c02.example.com, user: $1}
current-context: c02.example.com
YAML
}

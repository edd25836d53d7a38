# The node as a worker of a cluster whose control plane k0smotron hosts: the sidecar, the ingress in front of the API server, and
# what k0smotron leaves in the management cluster. One API server is both clusters'; by the ingress' name it shows a
# certificate from the hosted cluster's own authority.

with_k0smotron() { [[ $(cat "$LAB_STATE/k0smotron" 2>/dev/null) == yes ]]; }

require_k0smotron() {                  # K0SMOTRON API
    [[ $1 == no || $2 == real ]] || die "--k0smotron needs --api real."
}

# Onto the node's disk, before it boots.
install_k0smotron() {
    local target=$NODE_ROOT/srv/k0smotron
    copy_files k0smotron
    install -d -m 700 "$target"
    authority "$target/ca" kubernetes-ca
    issue "$target" ca api kube-apiserver DNS:kube-api.example.com,DNS:konnectivity.example.com
    cat "$target"/api.{crt,key} >"$target/api.pem"
    echo "$NODE_ADDRESS kube-api.example.com konnectivity.example.com" >>"$NODE_ROOT/etc/hosts"
    enable passthrough-ingress daemonset-controller
}

seed_k0smotron() {
    in_node /usr/local/lib/k0smotron-objects all
    # The operator finds worker and ingress at the node's public address, past the security group of the masters.
    printf "127.0.0.1 localhost\n%s kube-api.example.com konnectivity.example.com worker-1.example.com\n" "$NODE_PUBLIC" >"/etc/netns/$OP_NS/hosts"
    (operator_exec "$LAB_CACHE/venv/bin/python" -B -c '
import boto3
ec2 = boto3.client("ec2", region_name="eu-central-1")
group = ec2.describe_security_groups(Filters=[{"Name": "group-name", "Values": ["masters.c02.example.com"]}])["SecurityGroups"][0]["GroupId"]
ec2.authorize_security_group_ingress(GroupId=group, IpProtocol="tcp", FromPort=6443, ToPort=6443, CidrIp="0.0.0.0/0")
')
}

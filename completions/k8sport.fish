# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_k8sport_global_optspecs
    string join \n h/help V/version
end

function __fish_k8sport_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_k8sport_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_k8sport_using_subcommand
    set -l cmd (__fish_k8sport_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c k8sport -n "__fish_k8sport_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c k8sport -n "__fish_k8sport_needs_command" -s V -l version -d 'Print version'
complete -c k8sport -n "__fish_k8sport_needs_command" -f -a "bootstrap" -d 'Do the whole job: secondary IP, HAProxy and DNS, then look from outside; makes the cluster where there is none'
complete -c k8sport -n "__fish_k8sport_needs_command" -f -a "quick-start" -d 'From nothing to deployed applications: `bootstrap` with all it can do, then `deploy-app`, with one question'
complete -c k8sport -n "__fish_k8sport_needs_command" -f -a "setup-secondary-ip" -d 'Give the node a second address: Elastic IP, secondary private IP, security group, NAT on the node'
complete -c k8sport -n "__fish_k8sport_needs_command" -f -a "setup-haproxy" -d 'Run our own HAProxy instance on the node, which routes 443 and 80 of the second address to the ingress'
complete -c k8sport -n "__fish_k8sport_needs_command" -f -a "setup-service" -d 'Serve the second address without a proxy: a Service of ours for the ingress controller\'s pods'
complete -c k8sport -n "__fish_k8sport_needs_command" -f -a "update-dns" -d 'Point the wildcard record of the applications\' zone at the Elastic IP'
complete -c k8sport -n "__fish_k8sport_needs_command" -f -a "cleanup" -d 'Remove what k8sport made for a cluster, and nothing else'
complete -c k8sport -n "__fish_k8sport_needs_command" -f -a "teardown" -d 'Delete the whole cluster with everything that belongs to it, and say what is left'
complete -c k8sport -n "__fish_k8sport_needs_command" -f -a "ecr" -d 'Look after the image repositories in ECR'
complete -c k8sport -n "__fish_k8sport_needs_command" -f -a "quota" -d 'Show the region\'s Elastic IPs against their quota, and ask for more of them'
complete -c k8sport -n "__fish_k8sport_needs_command" -f -a "iam-policy" -d 'Print the IAM policy that commands need: exactly their actions, on this account, cluster and zone'
complete -c k8sport -n "__fish_k8sport_needs_command" -f -a "diagnose" -d 'What is wrong, why, and what to do: looks at account, node, DNS and from outside, and changes nothing'
complete -c k8sport -n "__fish_k8sport_needs_command" -f -a "status" -d 'Who has which address and port, where names lead, what works right now, what it costs'
complete -c k8sport -n "__fish_k8sport_needs_command" -f -a "toggle-https-redirect" -d 'Turn the redirect from HTTP to HTTPS off for a while, and back to what it was'
complete -c k8sport -n "__fish_k8sport_needs_command" -f -a "configure-apps" -d 'Write the manifests of applications: a Deployment, a Service and an Ingress each, to look at and commit'
complete -c k8sport -n "__fish_k8sport_needs_command" -f -a "unlock" -d 'Take the node away from a run that holds it and doesn\'t go on'
complete -c k8sport -n "__fish_k8sport_needs_command" -f -a "deploy-app" -d 'Deploy an application and wait until it runs: pinned image, server-side apply, rollout, a look at its URLs'
complete -c k8sport -n "__fish_k8sport_needs_command" -f -a "api-proxy" -d 'Serve the Kubernetes API on port 6443 of this machine\'s loopback, or of a pod\'s'
complete -c k8sport -n "__fish_k8sport_needs_command" -f -a "k0smotron" -d 'Look after the workers of control planes that k0smotron hosts behind an ingress'
complete -c k8sport -n "__fish_k8sport_needs_command" -f -a "vip" -d 'Look after the address that the control planes of an HA cluster share: keepalived, HAProxy and kube-apiserver'
complete -c k8sport -n "__fish_k8sport_needs_command" -f -a "completions" -d 'Print a completion script for your shell'
complete -c k8sport -n "__fish_k8sport_needs_command" -f -a "help" -d 'Print the help of a command, or of a topic: environment, exit-codes, ownership, migration, troubleshooting'
complete -c k8sport -n "__fish_k8sport_needs_command" -f -a "man" -d 'Write the man pages into a folder'
complete -c k8sport -n "__fish_k8sport_using_subcommand bootstrap" -l elastic-ip -d 'Use this Elastic IP of yours (address or allocation id) instead of allocating one; it is never released' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand bootstrap" -l allocation-id -d 'The same, by allocation id' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand bootstrap" -l reuse-eip -d 'When to use a free, untagged Elastic IP instead of a new one [default: at-limit]' -r -f -a "at-limit\t'Only when the quota is used up'
first\t'Before allocating: an idle address costs as much as a used one'
ask\t'When the quota is used up, after a question of its own'
never\t'Never'"
complete -c k8sport -n "__fish_k8sport_using_subcommand bootstrap" -l data-path -d 'How the second address reaches the ingress [default: as it is; at first haproxy]' -r -f -a "haproxy\t'Our HAProxy on the node, which routes by SNI to the ingress\' NodePorts'
service\t'A Service of ours: kube-proxy sends the address straight to the ingress\' pods'
auto\t'`service` where everything that it needs is seen to hold, else `haproxy`'"
complete -c k8sport -n "__fish_k8sport_using_subcommand bootstrap" -l source-range -d 'With the Service: let only these reach the applications, the node and its pods among them; 0.0.0.0/0 is all [default: as it is]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand bootstrap" -l private-source -d 'Sources that may reach api.internal.<cluster> through HAProxy [default: the private ranges of RFC 1918 and RFC 6598]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand bootstrap" -l host -d 'A host below the zone that gets a record of its own besides the wildcard; may be repeated' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand bootstrap" -l state-store -d 'Where kOps keeps the cluster\'s specification, such as s3://example-com-kops-state; created if it is missing' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand bootstrap" -l from-spec -d 'Use this specification instead of ours; `--save-spec` writes one to start from' -r -F
complete -c k8sport -n "__fish_k8sport_using_subcommand bootstrap" -l save-spec -d 'Also write the specification into this file, with --dry-run too' -r -F
complete -c k8sport -n "__fish_k8sport_using_subcommand bootstrap" -l instance-type -d 'The node\'s instance type [default: t3.medium]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand bootstrap" -l availability-zone -d 'Where the node is to be [default: the first of the region that has the instance type]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand bootstrap" -l kubernetes-version -d 'Kubernetes version [default: what kOps\' stable channel recommends]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand bootstrap" -l networking -d 'The cluster\'s network [default: calico]' -r -f -a "calico\t'The one that k8sport is tested with'
cilium\t'In its cluster-pool mode; replaces kube-proxy'"
complete -c k8sport -n "__fish_k8sport_using_subcommand bootstrap" -l image -d 'The node\'s image, by id or as OWNER/NAME [default: kOps\' choice]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand bootstrap" -l api-access -d 'Sources that may reach the API server and SSH; may be repeated [default: 0.0.0.0/0]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand bootstrap" -l ingress-controller -d 'What is installed behind the NodePorts 30080 and 30443 with helm, unless something is there [default: traefik on a new cluster, none on others]' -r -f -a "traefik\t'Reads the annotations of ingress-nginx; its IngressClass is `nginx`'
haproxy\t'HAProxy Technologies\' controller; its IngressClass is `haproxy`'
nginx\t'F5\'s NGINX Ingress Controller, with annotations of its own; its IngressClass is `nginx`'
none\t'Leave it to you'"
complete -c k8sport -n "__fish_k8sport_using_subcommand bootstrap" -l acme-email -d 'Of the account with Let\'s Encrypt; with it, the ClusterIssuer letsencrypt-prod is also made on a cluster that exists' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand bootstrap" -l wait -d 'Limit for each of the waits for the new cluster: instance, API server, validation [default: 15m]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand bootstrap" -l kubeconfig -d 'Kubeconfig [default: ~/.kube/config]' -r -F
complete -c k8sport -n "__fish_k8sport_using_subcommand bootstrap" -l cluster -d 'The cluster\'s name, as kOps knows it' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand bootstrap" -l zone -d 'The applications\' public hosted zone [default: the longest one that contains the cluster\'s name]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand bootstrap" -l instance-id -d 'The node, where the cluster\'s tags fit several instances' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand bootstrap" -l account -d 'Refuse to work in any other AWS account than this one' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand bootstrap" -l profile -d 'AWS profile' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand bootstrap" -l region -d 'AWS region' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand bootstrap" -l config -d 'Settings file [default: k8sport.toml in the current folder, if it is there]' -r -F
complete -c k8sport -n "__fish_k8sport_using_subcommand bootstrap" -l ssh-user -d 'Login user [default: by the node\'s image]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand bootstrap" -l ssh-key -d 'Private key [default: ~/.ssh/kops-key if it is there, else your agent and SSH configuration]' -r -F
complete -c k8sport -n "__fish_k8sport_using_subcommand bootstrap" -l ssh-host -d 'Address to connect to [default: the node\'s primary public address]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand bootstrap" -l ssh-port -d 'Port to connect to [default: 22]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand bootstrap" -l host-key-fingerprint -d 'The node\'s host key, as `ssh-keygen -l` prints it [default: pinned before, or from the EC2 console output]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand bootstrap" -l lock-timeout -d 'How long to wait for another run that has the node, such as 10m [default: 1m]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand bootstrap" -l output -d 'What stdout gets' -r -f -a "text\t'For people'
json\t'One document, for scripts'"
complete -c k8sport -n "__fish_k8sport_using_subcommand bootstrap" -l timeout -d 'Limit for the whole command, such as 90s or 15m [default: 15m]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand bootstrap" -l context -d 'Context of the kubeconfig [default: the one with the cluster\'s name]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand bootstrap" -l no-secondary-ip -l without-secondary-ip -d 'Go without a second address: HTTP on port 80 of the node\'s own, HTTPS on port 30443 only'
complete -c k8sport -n "__fish_k8sport_using_subcommand bootstrap" -l with-secondary-ip -d 'The default; accepted for the sake of existing scripts'
complete -c k8sport -n "__fish_k8sport_using_subcommand bootstrap" -l skip-allocate -d 'Never allocate an Elastic IP'
complete -c k8sport -n "__fish_k8sport_using_subcommand bootstrap" -l keep-api-internal -d 'Refused, with the reason: api.internal on the second address needs HAProxy'
complete -c k8sport -n "__fish_k8sport_using_subcommand bootstrap" -l route-api -d 'Also route the SNI api.<cluster> to the API server, from anywhere'
complete -c k8sport -n "__fish_k8sport_using_subcommand bootstrap" -l force -d 'Overwrite records whose present value is unknown to us'
complete -c k8sport -n "__fish_k8sport_using_subcommand bootstrap" -l skip-cert-manager -d 'Leave out cert-manager, which kOps installs otherwise, and its ClusterIssuer'
complete -c k8sport -n "__fish_k8sport_using_subcommand bootstrap" -l skip-prerequisites -d 'Don\'t look first whether everything that is needed is there'
complete -c k8sport -n "__fish_k8sport_using_subcommand bootstrap" -l accept-new-host-key -d 'Trust and pin the key that the node shows first'
complete -c k8sport -n "__fish_k8sport_using_subcommand bootstrap" -l dry-run -d 'Show the plan and change nothing'
complete -c k8sport -n "__fish_k8sport_using_subcommand bootstrap" -l exit-code -d 'With --dry-run: exit with 5 when the plan has changes'
complete -c k8sport -n "__fish_k8sport_using_subcommand bootstrap" -s y -l yes -d 'Apply without asking; needed where there is no terminal'
complete -c k8sport -n "__fish_k8sport_using_subcommand bootstrap" -s v -l verbose -d 'More on stderr; twice for the AWS calls'
complete -c k8sport -n "__fish_k8sport_using_subcommand bootstrap" -s q -l quiet -d 'No progress on stderr'
complete -c k8sport -n "__fish_k8sport_using_subcommand bootstrap" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c k8sport -n "__fish_k8sport_using_subcommand bootstrap" -s V -l version -d 'Print version'
complete -c k8sport -n "__fish_k8sport_using_subcommand quick-start" -l manifests -d 'Folder of manifests; those of an application are taken as they are, if they are there' -r -f -a "(__fish_complete_directories)"
complete -c k8sport -n "__fish_k8sport_using_subcommand quick-start" -l elastic-ip -d 'Use this Elastic IP of yours (address or allocation id) instead of allocating one; it is never released' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand quick-start" -l allocation-id -d 'The same, by allocation id' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand quick-start" -l reuse-eip -d 'When to use a free, untagged Elastic IP instead of a new one [default: at-limit]' -r -f -a "at-limit\t'Only when the quota is used up'
first\t'Before allocating: an idle address costs as much as a used one'
ask\t'When the quota is used up, after a question of its own'
never\t'Never'"
complete -c k8sport -n "__fish_k8sport_using_subcommand quick-start" -l data-path -d 'How the second address reaches the ingress [default: as it is; at first haproxy]' -r -f -a "haproxy\t'Our HAProxy on the node, which routes by SNI to the ingress\' NodePorts'
service\t'A Service of ours: kube-proxy sends the address straight to the ingress\' pods'
auto\t'`service` where everything that it needs is seen to hold, else `haproxy`'"
complete -c k8sport -n "__fish_k8sport_using_subcommand quick-start" -l source-range -d 'With the Service: let only these reach the applications, the node and its pods among them; 0.0.0.0/0 is all [default: as it is]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand quick-start" -l private-source -d 'Sources that may reach api.internal.<cluster> through HAProxy [default: the private ranges of RFC 1918 and RFC 6598]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand quick-start" -l host -d 'A host below the zone that gets a record of its own besides the wildcard; may be repeated' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand quick-start" -l state-store -d 'Where kOps keeps the cluster\'s specification, such as s3://example-com-kops-state; created if it is missing' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand quick-start" -l from-spec -d 'Use this specification instead of ours; `--save-spec` writes one to start from' -r -F
complete -c k8sport -n "__fish_k8sport_using_subcommand quick-start" -l save-spec -d 'Also write the specification into this file, with --dry-run too' -r -F
complete -c k8sport -n "__fish_k8sport_using_subcommand quick-start" -l instance-type -d 'The node\'s instance type [default: t3.medium]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand quick-start" -l availability-zone -d 'Where the node is to be [default: the first of the region that has the instance type]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand quick-start" -l kubernetes-version -d 'Kubernetes version [default: what kOps\' stable channel recommends]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand quick-start" -l networking -d 'The cluster\'s network [default: calico]' -r -f -a "calico\t'The one that k8sport is tested with'
cilium\t'In its cluster-pool mode; replaces kube-proxy'"
complete -c k8sport -n "__fish_k8sport_using_subcommand quick-start" -l image -d 'The node\'s image, by id or as OWNER/NAME [default: kOps\' choice]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand quick-start" -l api-access -d 'Sources that may reach the API server and SSH; may be repeated [default: 0.0.0.0/0]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand quick-start" -l ingress-controller -d 'What is installed behind the NodePorts 30080 and 30443 with helm, unless something is there [default: traefik on a new cluster, none on others]' -r -f -a "traefik\t'Reads the annotations of ingress-nginx; its IngressClass is `nginx`'
haproxy\t'HAProxy Technologies\' controller; its IngressClass is `haproxy`'
nginx\t'F5\'s NGINX Ingress Controller, with annotations of its own; its IngressClass is `nginx`'
none\t'Leave it to you'"
complete -c k8sport -n "__fish_k8sport_using_subcommand quick-start" -l acme-email -d 'Of the account with Let\'s Encrypt; with it, the ClusterIssuer letsencrypt-prod is also made on a cluster that exists' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand quick-start" -l wait -d 'Limit for each of the waits for the new cluster: instance, API server, validation [default: 15m]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand quick-start" -l kubeconfig -d 'Kubeconfig [default: ~/.kube/config]' -r -F
complete -c k8sport -n "__fish_k8sport_using_subcommand quick-start" -l cluster -d 'The cluster\'s name, as kOps knows it' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand quick-start" -l zone -d 'The applications\' public hosted zone [default: the longest one that contains the cluster\'s name]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand quick-start" -l instance-id -d 'The node, where the cluster\'s tags fit several instances' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand quick-start" -l account -d 'Refuse to work in any other AWS account than this one' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand quick-start" -l profile -d 'AWS profile' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand quick-start" -l region -d 'AWS region' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand quick-start" -l config -d 'Settings file [default: k8sport.toml in the current folder, if it is there]' -r -F
complete -c k8sport -n "__fish_k8sport_using_subcommand quick-start" -l ssh-user -d 'Login user [default: by the node\'s image]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand quick-start" -l ssh-key -d 'Private key [default: ~/.ssh/kops-key if it is there, else your agent and SSH configuration]' -r -F
complete -c k8sport -n "__fish_k8sport_using_subcommand quick-start" -l ssh-host -d 'Address to connect to [default: the node\'s primary public address]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand quick-start" -l ssh-port -d 'Port to connect to [default: 22]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand quick-start" -l host-key-fingerprint -d 'The node\'s host key, as `ssh-keygen -l` prints it [default: pinned before, or from the EC2 console output]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand quick-start" -l lock-timeout -d 'How long to wait for another run that has the node, such as 10m [default: 1m]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand quick-start" -l output -d 'What stdout gets' -r -f -a "text\t'For people'
json\t'One document, for scripts'"
complete -c k8sport -n "__fish_k8sport_using_subcommand quick-start" -l timeout -d 'Limit for the whole command, such as 90s or 15m [default: 15m]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand quick-start" -l context -d 'Context of the kubeconfig [default: the one with the cluster\'s name]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand quick-start" -l skip-apps -d 'Deploy no application'
complete -c k8sport -n "__fish_k8sport_using_subcommand quick-start" -l skip-haproxy -d 'Leave the node as kOps makes it, with neither secondary IP nor HAProxy nor wildcard; implies --skip-apps'
complete -c k8sport -n "__fish_k8sport_using_subcommand quick-start" -l no-secondary-ip -l without-secondary-ip -d 'Go without a second address: HTTP on port 80 of the node\'s own, HTTPS on port 30443 only'
complete -c k8sport -n "__fish_k8sport_using_subcommand quick-start" -l with-secondary-ip -d 'The default; accepted for the sake of existing scripts'
complete -c k8sport -n "__fish_k8sport_using_subcommand quick-start" -l skip-allocate -d 'Never allocate an Elastic IP'
complete -c k8sport -n "__fish_k8sport_using_subcommand quick-start" -l keep-api-internal -d 'Refused, with the reason: api.internal on the second address needs HAProxy'
complete -c k8sport -n "__fish_k8sport_using_subcommand quick-start" -l route-api -d 'Also route the SNI api.<cluster> to the API server, from anywhere'
complete -c k8sport -n "__fish_k8sport_using_subcommand quick-start" -l force -d 'Overwrite records whose present value is unknown to us'
complete -c k8sport -n "__fish_k8sport_using_subcommand quick-start" -l skip-cert-manager -d 'Leave out cert-manager, which kOps installs otherwise, and its ClusterIssuer'
complete -c k8sport -n "__fish_k8sport_using_subcommand quick-start" -l skip-prerequisites -d 'Don\'t look first whether everything that is needed is there'
complete -c k8sport -n "__fish_k8sport_using_subcommand quick-start" -l accept-new-host-key -d 'Trust and pin the key that the node shows first'
complete -c k8sport -n "__fish_k8sport_using_subcommand quick-start" -l dry-run -d 'Show the plan and change nothing'
complete -c k8sport -n "__fish_k8sport_using_subcommand quick-start" -l exit-code -d 'With --dry-run: exit with 5 when the plan has changes'
complete -c k8sport -n "__fish_k8sport_using_subcommand quick-start" -s y -l yes -d 'Apply without asking; needed where there is no terminal'
complete -c k8sport -n "__fish_k8sport_using_subcommand quick-start" -s v -l verbose -d 'More on stderr; twice for the AWS calls'
complete -c k8sport -n "__fish_k8sport_using_subcommand quick-start" -s q -l quiet -d 'No progress on stderr'
complete -c k8sport -n "__fish_k8sport_using_subcommand quick-start" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c k8sport -n "__fish_k8sport_using_subcommand quick-start" -s V -l version -d 'Print version'
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-secondary-ip" -l elastic-ip -d 'Use this Elastic IP of yours (address or allocation id) instead of allocating one; it is never released' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-secondary-ip" -l allocation-id -d 'The same, by allocation id' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-secondary-ip" -l reuse-eip -d 'When to use a free, untagged Elastic IP instead of a new one [default: at-limit]' -r -f -a "at-limit\t'Only when the quota is used up'
first\t'Before allocating: an idle address costs as much as a used one'
ask\t'When the quota is used up, after a question of its own'
never\t'Never'"
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-secondary-ip" -l cluster -d 'The cluster\'s name, as kOps knows it' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-secondary-ip" -l zone -d 'The applications\' public hosted zone [default: the longest one that contains the cluster\'s name]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-secondary-ip" -l instance-id -d 'The node, where the cluster\'s tags fit several instances' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-secondary-ip" -l account -d 'Refuse to work in any other AWS account than this one' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-secondary-ip" -l profile -d 'AWS profile' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-secondary-ip" -l region -d 'AWS region' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-secondary-ip" -l config -d 'Settings file [default: k8sport.toml in the current folder, if it is there]' -r -F
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-secondary-ip" -l ssh-user -d 'Login user [default: by the node\'s image]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-secondary-ip" -l ssh-key -d 'Private key [default: ~/.ssh/kops-key if it is there, else your agent and SSH configuration]' -r -F
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-secondary-ip" -l ssh-host -d 'Address to connect to [default: the node\'s primary public address]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-secondary-ip" -l ssh-port -d 'Port to connect to [default: 22]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-secondary-ip" -l host-key-fingerprint -d 'The node\'s host key, as `ssh-keygen -l` prints it [default: pinned before, or from the EC2 console output]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-secondary-ip" -l lock-timeout -d 'How long to wait for another run that has the node, such as 10m [default: 1m]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-secondary-ip" -l output -d 'What stdout gets' -r -f -a "text\t'For people'
json\t'One document, for scripts'"
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-secondary-ip" -l timeout -d 'Limit for the whole command, such as 90s or 15m [default: 15m]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-secondary-ip" -l skip-allocate -d 'Never allocate an Elastic IP'
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-secondary-ip" -l accept-new-host-key -d 'Trust and pin the key that the node shows first'
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-secondary-ip" -l dry-run -d 'Show the plan and change nothing'
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-secondary-ip" -l exit-code -d 'With --dry-run: exit with 5 when the plan has changes'
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-secondary-ip" -s y -l yes -d 'Apply without asking; needed where there is no terminal'
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-secondary-ip" -s v -l verbose -d 'More on stderr; twice for the AWS calls'
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-secondary-ip" -s q -l quiet -d 'No progress on stderr'
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-secondary-ip" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-secondary-ip" -s V -l version -d 'Print version'
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-haproxy" -l private-source -d 'Sources that may reach api.internal.<cluster> through HAProxy [default: the private ranges of RFC 1918 and RFC 6598]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-haproxy" -l cluster -d 'The cluster\'s name, as kOps knows it' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-haproxy" -l zone -d 'The applications\' public hosted zone [default: the longest one that contains the cluster\'s name]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-haproxy" -l instance-id -d 'The node, where the cluster\'s tags fit several instances' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-haproxy" -l account -d 'Refuse to work in any other AWS account than this one' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-haproxy" -l profile -d 'AWS profile' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-haproxy" -l region -d 'AWS region' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-haproxy" -l config -d 'Settings file [default: k8sport.toml in the current folder, if it is there]' -r -F
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-haproxy" -l ssh-user -d 'Login user [default: by the node\'s image]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-haproxy" -l ssh-key -d 'Private key [default: ~/.ssh/kops-key if it is there, else your agent and SSH configuration]' -r -F
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-haproxy" -l ssh-host -d 'Address to connect to [default: the node\'s primary public address]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-haproxy" -l ssh-port -d 'Port to connect to [default: 22]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-haproxy" -l host-key-fingerprint -d 'The node\'s host key, as `ssh-keygen -l` prints it [default: pinned before, or from the EC2 console output]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-haproxy" -l lock-timeout -d 'How long to wait for another run that has the node, such as 10m [default: 1m]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-haproxy" -l output -d 'What stdout gets' -r -f -a "text\t'For people'
json\t'One document, for scripts'"
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-haproxy" -l timeout -d 'Limit for the whole command, such as 90s or 15m [default: 15m]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-haproxy" -l no-secondary-ip -l without-secondary-ip -d 'Go without a second address: HTTP on port 80 of the node\'s own, HTTPS on port 30443 only'
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-haproxy" -l with-secondary-ip -d 'The default; accepted for the sake of existing scripts'
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-haproxy" -l route-api -d 'Also route the SNI api.<cluster> to the API server, from anywhere'
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-haproxy" -l accept-new-host-key -d 'Trust and pin the key that the node shows first'
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-haproxy" -l dry-run -d 'Show the plan and change nothing'
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-haproxy" -l exit-code -d 'With --dry-run: exit with 5 when the plan has changes'
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-haproxy" -s y -l yes -d 'Apply without asking; needed where there is no terminal'
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-haproxy" -s v -l verbose -d 'More on stderr; twice for the AWS calls'
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-haproxy" -s q -l quiet -d 'No progress on stderr'
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-haproxy" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-haproxy" -s V -l version -d 'Print version'
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-service" -l source-range -d 'With the Service: let only these reach the applications, the node and its pods among them; 0.0.0.0/0 is all [default: as it is]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-service" -l kubeconfig -d 'Kubeconfig [default: ~/.kube/config]' -r -F
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-service" -l cluster -d 'The cluster\'s name, as kOps knows it' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-service" -l zone -d 'The applications\' public hosted zone [default: the longest one that contains the cluster\'s name]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-service" -l instance-id -d 'The node, where the cluster\'s tags fit several instances' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-service" -l account -d 'Refuse to work in any other AWS account than this one' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-service" -l profile -d 'AWS profile' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-service" -l region -d 'AWS region' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-service" -l config -d 'Settings file [default: k8sport.toml in the current folder, if it is there]' -r -F
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-service" -l ssh-user -d 'Login user [default: by the node\'s image]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-service" -l ssh-key -d 'Private key [default: ~/.ssh/kops-key if it is there, else your agent and SSH configuration]' -r -F
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-service" -l ssh-host -d 'Address to connect to [default: the node\'s primary public address]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-service" -l ssh-port -d 'Port to connect to [default: 22]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-service" -l host-key-fingerprint -d 'The node\'s host key, as `ssh-keygen -l` prints it [default: pinned before, or from the EC2 console output]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-service" -l lock-timeout -d 'How long to wait for another run that has the node, such as 10m [default: 1m]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-service" -l output -d 'What stdout gets' -r -f -a "text\t'For people'
json\t'One document, for scripts'"
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-service" -l timeout -d 'Limit for the whole command, such as 90s or 15m [default: 15m]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-service" -l context -d 'Context of the kubeconfig [default: the one with the cluster\'s name]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-service" -l keep-api-internal -d 'Refused, with the reason: api.internal on the second address needs HAProxy'
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-service" -l accept-new-host-key -d 'Trust and pin the key that the node shows first'
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-service" -l dry-run -d 'Show the plan and change nothing'
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-service" -l exit-code -d 'With --dry-run: exit with 5 when the plan has changes'
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-service" -s y -l yes -d 'Apply without asking; needed where there is no terminal'
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-service" -s v -l verbose -d 'More on stderr; twice for the AWS calls'
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-service" -s q -l quiet -d 'No progress on stderr'
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-service" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c k8sport -n "__fish_k8sport_using_subcommand setup-service" -s V -l version -d 'Print version'
complete -c k8sport -n "__fish_k8sport_using_subcommand update-dns" -l host -d 'A host below the zone that gets a record of its own besides the wildcard; may be repeated' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand update-dns" -l cluster -d 'The cluster\'s name, as kOps knows it' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand update-dns" -l zone -d 'The applications\' public hosted zone [default: the longest one that contains the cluster\'s name]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand update-dns" -l instance-id -d 'The node, where the cluster\'s tags fit several instances' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand update-dns" -l account -d 'Refuse to work in any other AWS account than this one' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand update-dns" -l profile -d 'AWS profile' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand update-dns" -l region -d 'AWS region' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand update-dns" -l config -d 'Settings file [default: k8sport.toml in the current folder, if it is there]' -r -F
complete -c k8sport -n "__fish_k8sport_using_subcommand update-dns" -l ssh-user -d 'Login user [default: by the node\'s image]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand update-dns" -l ssh-key -d 'Private key [default: ~/.ssh/kops-key if it is there, else your agent and SSH configuration]' -r -F
complete -c k8sport -n "__fish_k8sport_using_subcommand update-dns" -l ssh-host -d 'Address to connect to [default: the node\'s primary public address]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand update-dns" -l ssh-port -d 'Port to connect to [default: 22]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand update-dns" -l host-key-fingerprint -d 'The node\'s host key, as `ssh-keygen -l` prints it [default: pinned before, or from the EC2 console output]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand update-dns" -l lock-timeout -d 'How long to wait for another run that has the node, such as 10m [default: 1m]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand update-dns" -l output -d 'What stdout gets' -r -f -a "text\t'For people'
json\t'One document, for scripts'"
complete -c k8sport -n "__fish_k8sport_using_subcommand update-dns" -l timeout -d 'Limit for the whole command, such as 90s or 15m [default: 15m]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand update-dns" -l no-secondary-ip -l without-secondary-ip -d 'Go without a second address: HTTP on port 80 of the node\'s own, HTTPS on port 30443 only'
complete -c k8sport -n "__fish_k8sport_using_subcommand update-dns" -l with-secondary-ip -d 'The default; accepted for the sake of existing scripts'
complete -c k8sport -n "__fish_k8sport_using_subcommand update-dns" -l force -d 'Overwrite records whose present value is unknown to us'
complete -c k8sport -n "__fish_k8sport_using_subcommand update-dns" -l accept-new-host-key -d 'Trust and pin the key that the node shows first'
complete -c k8sport -n "__fish_k8sport_using_subcommand update-dns" -l dry-run -d 'Show the plan and change nothing'
complete -c k8sport -n "__fish_k8sport_using_subcommand update-dns" -l exit-code -d 'With --dry-run: exit with 5 when the plan has changes'
complete -c k8sport -n "__fish_k8sport_using_subcommand update-dns" -s y -l yes -d 'Apply without asking; needed where there is no terminal'
complete -c k8sport -n "__fish_k8sport_using_subcommand update-dns" -s v -l verbose -d 'More on stderr; twice for the AWS calls'
complete -c k8sport -n "__fish_k8sport_using_subcommand update-dns" -s q -l quiet -d 'No progress on stderr'
complete -c k8sport -n "__fish_k8sport_using_subcommand update-dns" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c k8sport -n "__fish_k8sport_using_subcommand update-dns" -s V -l version -d 'Print version'
complete -c k8sport -n "__fish_k8sport_using_subcommand cleanup" -l kubeconfig -d 'Kubeconfig [default: ~/.kube/config]' -r -F
complete -c k8sport -n "__fish_k8sport_using_subcommand cleanup" -l cluster -d 'The cluster\'s name, as kOps knows it' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand cleanup" -l zone -d 'The applications\' public hosted zone [default: the longest one that contains the cluster\'s name]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand cleanup" -l instance-id -d 'The node, where the cluster\'s tags fit several instances' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand cleanup" -l account -d 'Refuse to work in any other AWS account than this one' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand cleanup" -l profile -d 'AWS profile' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand cleanup" -l region -d 'AWS region' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand cleanup" -l config -d 'Settings file [default: k8sport.toml in the current folder, if it is there]' -r -F
complete -c k8sport -n "__fish_k8sport_using_subcommand cleanup" -l ssh-user -d 'Login user [default: by the node\'s image]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand cleanup" -l ssh-key -d 'Private key [default: ~/.ssh/kops-key if it is there, else your agent and SSH configuration]' -r -F
complete -c k8sport -n "__fish_k8sport_using_subcommand cleanup" -l ssh-host -d 'Address to connect to [default: the node\'s primary public address]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand cleanup" -l ssh-port -d 'Port to connect to [default: 22]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand cleanup" -l host-key-fingerprint -d 'The node\'s host key, as `ssh-keygen -l` prints it [default: pinned before, or from the EC2 console output]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand cleanup" -l lock-timeout -d 'How long to wait for another run that has the node, such as 10m [default: 1m]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand cleanup" -l output -d 'What stdout gets' -r -f -a "text\t'For people'
json\t'One document, for scripts'"
complete -c k8sport -n "__fish_k8sport_using_subcommand cleanup" -l timeout -d 'Limit for the whole command, such as 90s or 15m [default: 15m]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand cleanup" -l context -d 'Context of the kubeconfig [default: the one with the cluster\'s name]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand cleanup" -l skip-node -d 'Leave the node as it is, for example because it can\'t be reached'
complete -c k8sport -n "__fish_k8sport_using_subcommand cleanup" -l purge-packages -d 'Also purge the packages that k8sport installed on the node'
complete -c k8sport -n "__fish_k8sport_using_subcommand cleanup" -l release-unassociated -d 'Afterwards offer to release each free Elastic IP of the region that isn\'t ours; every one has to be confirmed by typing its address'
complete -c k8sport -n "__fish_k8sport_using_subcommand cleanup" -l force -d 'The same as --yes'
complete -c k8sport -n "__fish_k8sport_using_subcommand cleanup" -l accept-new-host-key -d 'Trust and pin the key that the node shows first'
complete -c k8sport -n "__fish_k8sport_using_subcommand cleanup" -l dry-run -d 'Show the plan and change nothing'
complete -c k8sport -n "__fish_k8sport_using_subcommand cleanup" -l exit-code -d 'With --dry-run: exit with 5 when the plan has changes'
complete -c k8sport -n "__fish_k8sport_using_subcommand cleanup" -s y -l yes -d 'Apply without asking; needed where there is no terminal'
complete -c k8sport -n "__fish_k8sport_using_subcommand cleanup" -s v -l verbose -d 'More on stderr; twice for the AWS calls'
complete -c k8sport -n "__fish_k8sport_using_subcommand cleanup" -s q -l quiet -d 'No progress on stderr'
complete -c k8sport -n "__fish_k8sport_using_subcommand cleanup" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c k8sport -n "__fish_k8sport_using_subcommand cleanup" -s V -l version -d 'Print version'
complete -c k8sport -n "__fish_k8sport_using_subcommand teardown" -l state-store -l state -d 'Where kOps keeps the cluster' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand teardown" -l confirm -d 'The cluster\'s name once more: confirms the teardown where there is no terminal. --yes doesn\'t, it only answers the questions about repositories, the state store and local files' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand teardown" -l ecr-repositories -d 'Also delete these image repositories with all their images' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand teardown" -l ecr-prefix -d 'Also delete all image repositories whose names begin with this' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand teardown" -l kubeconfig -d 'Where the cluster\'s context is, under the cluster\'s name [default: ~/.kube/config]' -r -F
complete -c k8sport -n "__fish_k8sport_using_subcommand teardown" -l cluster -d 'The cluster\'s name, as kOps knows it' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand teardown" -l zone -d 'The applications\' public hosted zone [default: the longest one that contains the cluster\'s name]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand teardown" -l instance-id -d 'The node, where the cluster\'s tags fit several instances' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand teardown" -l account -d 'Refuse to work in any other AWS account than this one' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand teardown" -l profile -d 'AWS profile' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand teardown" -l region -d 'AWS region' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand teardown" -l config -d 'Settings file [default: k8sport.toml in the current folder, if it is there]' -r -F
complete -c k8sport -n "__fish_k8sport_using_subcommand teardown" -l output -d 'What stdout gets' -r -f -a "text\t'For people'
json\t'One document, for scripts'"
complete -c k8sport -n "__fish_k8sport_using_subcommand teardown" -l timeout -d 'Limit for the whole command, such as 90s or 15m [default: 15m]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand teardown" -l delete-state-store -d 'Also delete all versions of the cluster\'s state, and the bucket if nothing else is in it'
complete -c k8sport -n "__fish_k8sport_using_subcommand teardown" -l delete-local-config -d 'Also delete what there is of the cluster on this machine: the node\'s pinned host key, ~/.ssh/kops-key if bootstrap made it, and cluster, context and user of the cluster\'s name in the kubeconfig'
complete -c k8sport -n "__fish_k8sport_using_subcommand teardown" -l skip-applications -d 'Don\'t delete the applications\' namespaces first, for example because the API server can\'t be reached'
complete -c k8sport -n "__fish_k8sport_using_subcommand teardown" -l dry-run -d 'Show the plan and change nothing'
complete -c k8sport -n "__fish_k8sport_using_subcommand teardown" -l exit-code -d 'With --dry-run: exit with 5 when the plan has changes'
complete -c k8sport -n "__fish_k8sport_using_subcommand teardown" -s y -l yes -d 'Apply without asking; needed where there is no terminal'
complete -c k8sport -n "__fish_k8sport_using_subcommand teardown" -s v -l verbose -d 'More on stderr; twice for the AWS calls'
complete -c k8sport -n "__fish_k8sport_using_subcommand teardown" -s q -l quiet -d 'No progress on stderr'
complete -c k8sport -n "__fish_k8sport_using_subcommand teardown" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c k8sport -n "__fish_k8sport_using_subcommand teardown" -s V -l version -d 'Print version'
complete -c k8sport -n "__fish_k8sport_using_subcommand ecr; and not __fish_seen_subcommand_from prune" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c k8sport -n "__fish_k8sport_using_subcommand ecr; and not __fish_seen_subcommand_from prune" -s V -l version -d 'Print version'
complete -c k8sport -n "__fish_k8sport_using_subcommand ecr; and not __fish_seen_subcommand_from prune" -f -a "prune" -d 'Delete old images: of each named repository the newest stay'
complete -c k8sport -n "__fish_k8sport_using_subcommand ecr; and __fish_seen_subcommand_from prune" -l repositories -d 'These repositories' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand ecr; and __fish_seen_subcommand_from prune" -l prefix -d 'All repositories whose names begin with this' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand ecr; and __fish_seen_subcommand_from prune" -l context -d 'Also keep what this cluster\'s workloads use, by its context in the kubeconfig; may be repeated' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand ecr; and __fish_seen_subcommand_from prune" -l kubeconfig -d 'Where the contexts are [default: ~/.kube/config]' -r -F
complete -c k8sport -n "__fish_k8sport_using_subcommand ecr; and __fish_seen_subcommand_from prune" -l keep -d 'How many images of each repository stay' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand ecr; and __fish_seen_subcommand_from prune" -l account -d 'Refuse to work in any other AWS account than this one' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand ecr; and __fish_seen_subcommand_from prune" -l profile -d 'AWS profile' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand ecr; and __fish_seen_subcommand_from prune" -l region -d 'AWS region' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand ecr; and __fish_seen_subcommand_from prune" -l config -d 'Settings file [default: k8sport.toml in the current folder, if it is there]' -r -F
complete -c k8sport -n "__fish_k8sport_using_subcommand ecr; and __fish_seen_subcommand_from prune" -l output -d 'What stdout gets' -r -f -a "text\t'For people'
json\t'One document, for scripts'"
complete -c k8sport -n "__fish_k8sport_using_subcommand ecr; and __fish_seen_subcommand_from prune" -l timeout -d 'Limit for the whole command, such as 90s or 15m [default: 15m]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand ecr; and __fish_seen_subcommand_from prune" -l lifecycle-policy -d 'Also give each repository a lifecycle policy that keeps as many from now on, unless it has one'
complete -c k8sport -n "__fish_k8sport_using_subcommand ecr; and __fish_seen_subcommand_from prune" -l force -d 'With --lifecycle-policy: replace a policy that is there'
complete -c k8sport -n "__fish_k8sport_using_subcommand ecr; and __fish_seen_subcommand_from prune" -l dry-run -d 'Show the plan and change nothing'
complete -c k8sport -n "__fish_k8sport_using_subcommand ecr; and __fish_seen_subcommand_from prune" -l exit-code -d 'With --dry-run: exit with 5 when the plan has changes'
complete -c k8sport -n "__fish_k8sport_using_subcommand ecr; and __fish_seen_subcommand_from prune" -s y -l yes -d 'Apply without asking; needed where there is no terminal'
complete -c k8sport -n "__fish_k8sport_using_subcommand ecr; and __fish_seen_subcommand_from prune" -s v -l verbose -d 'More on stderr; twice for the AWS calls'
complete -c k8sport -n "__fish_k8sport_using_subcommand ecr; and __fish_seen_subcommand_from prune" -s q -l quiet -d 'No progress on stderr'
complete -c k8sport -n "__fish_k8sport_using_subcommand ecr; and __fish_seen_subcommand_from prune" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c k8sport -n "__fish_k8sport_using_subcommand ecr; and __fish_seen_subcommand_from prune" -s V -l version -d 'Print version'
complete -c k8sport -n "__fish_k8sport_using_subcommand quota" -l request -d 'Ask AWS to raise the quota to N addresses; a request that is open already is shown instead of making a second' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand quota" -l account -d 'Refuse to work in any other AWS account than this one' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand quota" -l profile -d 'AWS profile' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand quota" -l region -d 'AWS region' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand quota" -l config -d 'Settings file [default: k8sport.toml in the current folder, if it is there]' -r -F
complete -c k8sport -n "__fish_k8sport_using_subcommand quota" -l output -d 'What stdout gets' -r -f -a "text\t'For people'
json\t'One document, for scripts'"
complete -c k8sport -n "__fish_k8sport_using_subcommand quota" -l timeout -d 'Limit for the whole command, such as 90s or 15m [default: 15m]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand quota" -l dry-run -d 'Show the plan and change nothing'
complete -c k8sport -n "__fish_k8sport_using_subcommand quota" -l exit-code -d 'With --dry-run: exit with 5 when the plan has changes'
complete -c k8sport -n "__fish_k8sport_using_subcommand quota" -s y -l yes -d 'Apply without asking; needed where there is no terminal'
complete -c k8sport -n "__fish_k8sport_using_subcommand quota" -s v -l verbose -d 'More on stderr; twice for the AWS calls'
complete -c k8sport -n "__fish_k8sport_using_subcommand quota" -s q -l quiet -d 'No progress on stderr'
complete -c k8sport -n "__fish_k8sport_using_subcommand quota" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c k8sport -n "__fish_k8sport_using_subcommand quota" -s V -l version -d 'Print version'
complete -c k8sport -n "__fish_k8sport_using_subcommand iam-policy" -l cluster -d 'The cluster\'s name, as kOps knows it' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand iam-policy" -l zone -d 'The applications\' public hosted zone [default: read from Route 53]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand iam-policy" -l zone-id -d 'The zone\'s id [default: read from Route 53]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand iam-policy" -l host -d 'A host below the zone with a record of its own besides the wildcard; may be repeated' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand iam-policy" -l state-store -d 'Where kOps keeps the specification of clusters, for create-cluster' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand iam-policy" -l account -d 'Refuse to work in any other AWS account than this one' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand iam-policy" -l profile -d 'AWS profile' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand iam-policy" -l region -d 'AWS region' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand iam-policy" -l config -d 'Settings file [default: k8sport.toml in the current folder, if it is there]' -r -F
complete -c k8sport -n "__fish_k8sport_using_subcommand iam-policy" -l no-secondary-ip -l without-secondary-ip -d 'Go without a second address: HTTP on port 80 of the node\'s own, HTTPS on port 30443 only'
complete -c k8sport -n "__fish_k8sport_using_subcommand iam-policy" -l with-secondary-ip -d 'The default; accepted for the sake of existing scripts'
complete -c k8sport -n "__fish_k8sport_using_subcommand iam-policy" -l placeholders -d 'Print ACCOUNT, REGION, CLUSTER, ZONE, ZONE_ID and STATE_STORE for what is left open, instead of reading it from AWS'
complete -c k8sport -n "__fish_k8sport_using_subcommand iam-policy" -l explain -d 'List the actions and when each is needed, in place of the policy'
complete -c k8sport -n "__fish_k8sport_using_subcommand iam-policy" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c k8sport -n "__fish_k8sport_using_subcommand iam-policy" -s V -l version -d 'Print version'
complete -c k8sport -n "__fish_k8sport_using_subcommand diagnose" -l explain -d 'Tell what a check looks at and why it matters, and stop; without CHECK, list all' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand diagnose" -l host -d 'A host to look at besides those of the cluster\'s Ingress objects; may be repeated' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand diagnose" -l private-source -d 'Sources that may reach api.internal.<cluster> through HAProxy [default: the private ranges of RFC 1918 and RFC 6598]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand diagnose" -l cluster -d 'The cluster\'s name, as kOps knows it' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand diagnose" -l zone -d 'The applications\' public hosted zone [default: the longest one that contains the cluster\'s name]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand diagnose" -l instance-id -d 'The node, where the cluster\'s tags fit several instances' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand diagnose" -l account -d 'Refuse to work in any other AWS account than this one' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand diagnose" -l profile -d 'AWS profile' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand diagnose" -l region -d 'AWS region' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand diagnose" -l config -d 'Settings file [default: k8sport.toml in the current folder, if it is there]' -r -F
complete -c k8sport -n "__fish_k8sport_using_subcommand diagnose" -l ssh-user -d 'Login user [default: by the node\'s image]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand diagnose" -l ssh-key -d 'Private key [default: ~/.ssh/kops-key if it is there, else your agent and SSH configuration]' -r -F
complete -c k8sport -n "__fish_k8sport_using_subcommand diagnose" -l ssh-host -d 'Address to connect to [default: the node\'s primary public address]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand diagnose" -l ssh-port -d 'Port to connect to [default: 22]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand diagnose" -l host-key-fingerprint -d 'The node\'s host key, as `ssh-keygen -l` prints it [default: pinned before, or from the EC2 console output]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand diagnose" -l kubeconfig -d 'Kubeconfig [default: ~/.kube/config]' -r -F
complete -c k8sport -n "__fish_k8sport_using_subcommand diagnose" -l output -d 'What stdout gets' -r -f -a "text\t'For people'
json\t'One document, for scripts'"
complete -c k8sport -n "__fish_k8sport_using_subcommand diagnose" -l timeout -d 'Limit for the whole command, such as 90s or 15m [default: 15m]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand diagnose" -l context -d 'Context of the kubeconfig [default: the one with the cluster\'s name]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand diagnose" -l lock-timeout -d 'How long to wait for another run that has the node, such as 10m [default: 1m]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand diagnose" -l short -d 'A line a finding'
complete -c k8sport -n "__fish_k8sport_using_subcommand diagnose" -l strict -d 'Warnings are failures, too'
complete -c k8sport -n "__fish_k8sport_using_subcommand diagnose" -l fix -d 'Run what repairs the findings, after showing it, as bootstrap would'
complete -c k8sport -n "__fish_k8sport_using_subcommand diagnose" -l dry-run -d 'With --fix: show the plan and change nothing'
complete -c k8sport -n "__fish_k8sport_using_subcommand diagnose" -s y -l yes -d 'With --fix: apply without asking; needed where there is no terminal'
complete -c k8sport -n "__fish_k8sport_using_subcommand diagnose" -l no-secondary-ip -l without-secondary-ip -d 'Go without a second address: HTTP on port 80 of the node\'s own, HTTPS on port 30443 only'
complete -c k8sport -n "__fish_k8sport_using_subcommand diagnose" -l with-secondary-ip -d 'The default; accepted for the sake of existing scripts'
complete -c k8sport -n "__fish_k8sport_using_subcommand diagnose" -l route-api -d 'Also route the SNI api.<cluster> to the API server, from anywhere'
complete -c k8sport -n "__fish_k8sport_using_subcommand diagnose" -l accept-new-host-key -d 'Trust and pin the key that the node shows first'
complete -c k8sport -n "__fish_k8sport_using_subcommand diagnose" -s v -l verbose -d 'Everything, also what is fine; twice and three times for logs on stderr'
complete -c k8sport -n "__fish_k8sport_using_subcommand diagnose" -s q -l quiet -d 'No progress on stderr'
complete -c k8sport -n "__fish_k8sport_using_subcommand diagnose" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c k8sport -n "__fish_k8sport_using_subcommand diagnose" -s V -l version -d 'Print version'
complete -c k8sport -n "__fish_k8sport_using_subcommand status" -l host -d 'A host to look at besides those of the cluster\'s Ingress objects; may be repeated' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand status" -l private-source -d 'Sources that may reach api.internal.<cluster> through HAProxy [default: the private ranges of RFC 1918 and RFC 6598]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand status" -l cluster -d 'The cluster\'s name, as kOps knows it' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand status" -l zone -d 'The applications\' public hosted zone [default: the longest one that contains the cluster\'s name]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand status" -l instance-id -d 'The node, where the cluster\'s tags fit several instances' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand status" -l account -d 'Refuse to work in any other AWS account than this one' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand status" -l profile -d 'AWS profile' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand status" -l region -d 'AWS region' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand status" -l config -d 'Settings file [default: k8sport.toml in the current folder, if it is there]' -r -F
complete -c k8sport -n "__fish_k8sport_using_subcommand status" -l ssh-user -d 'Login user [default: by the node\'s image]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand status" -l ssh-key -d 'Private key [default: ~/.ssh/kops-key if it is there, else your agent and SSH configuration]' -r -F
complete -c k8sport -n "__fish_k8sport_using_subcommand status" -l ssh-host -d 'Address to connect to [default: the node\'s primary public address]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand status" -l ssh-port -d 'Port to connect to [default: 22]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand status" -l host-key-fingerprint -d 'The node\'s host key, as `ssh-keygen -l` prints it [default: pinned before, or from the EC2 console output]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand status" -l kubeconfig -d 'Kubeconfig [default: ~/.kube/config]' -r -F
complete -c k8sport -n "__fish_k8sport_using_subcommand status" -l output -d 'What stdout gets' -r -f -a "text\t'For people'
json\t'One document, for scripts'"
complete -c k8sport -n "__fish_k8sport_using_subcommand status" -l timeout -d 'Limit for the whole command, such as 90s or 15m [default: 15m]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand status" -l context -d 'Context of the kubeconfig [default: the one with the cluster\'s name]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand status" -l no-secondary-ip -l without-secondary-ip -d 'Go without a second address: HTTP on port 80 of the node\'s own, HTTPS on port 30443 only'
complete -c k8sport -n "__fish_k8sport_using_subcommand status" -l with-secondary-ip -d 'The default; accepted for the sake of existing scripts'
complete -c k8sport -n "__fish_k8sport_using_subcommand status" -l route-api -d 'Also route the SNI api.<cluster> to the API server, from anywhere'
complete -c k8sport -n "__fish_k8sport_using_subcommand status" -l accept-new-host-key -d 'Trust and pin the key that the node shows first'
complete -c k8sport -n "__fish_k8sport_using_subcommand status" -s v -l verbose -d 'Everything, also what is fine; twice and three times for logs on stderr'
complete -c k8sport -n "__fish_k8sport_using_subcommand status" -s q -l quiet -d 'No progress on stderr'
complete -c k8sport -n "__fish_k8sport_using_subcommand status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c k8sport -n "__fish_k8sport_using_subcommand status" -s V -l version -d 'Print version'
complete -c k8sport -n "__fish_k8sport_using_subcommand toggle-https-redirect" -l at -d 'Where HTTP is redirected' -r -f -a "ingresses\t'By annotations, each Ingress by itself'
edge\t'In our HAProxy on the node, for all hosts at once; needs --cluster, as the other commands do'"
complete -c k8sport -n "__fish_k8sport_using_subcommand toggle-https-redirect" -s n -l namespace -d 'The applications\' namespace' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand toggle-https-redirect" -s l -l selector -d 'Only Ingresses with these labels, as kubectl has it' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand toggle-https-redirect" -l for -d 'Note for how long it is meant to be off, such as 2h' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand toggle-https-redirect" -l kubeconfig -d 'Kubeconfig [default: ~/.kube/config]' -r -F
complete -c k8sport -n "__fish_k8sport_using_subcommand toggle-https-redirect" -l context -d 'Context of the kubeconfig [default: its current one]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand toggle-https-redirect" -l cluster -d 'The cluster\'s name, as kOps knows it' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand toggle-https-redirect" -l zone -d 'The applications\' public hosted zone [default: the longest one that contains the cluster\'s name]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand toggle-https-redirect" -l instance-id -d 'The node, where the cluster\'s tags fit several instances' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand toggle-https-redirect" -l account -d 'Refuse to work in any other AWS account than this one' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand toggle-https-redirect" -l profile -d 'AWS profile' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand toggle-https-redirect" -l region -d 'AWS region' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand toggle-https-redirect" -l config -d 'Settings file [default: k8sport.toml in the current folder, if it is there]' -r -F
complete -c k8sport -n "__fish_k8sport_using_subcommand toggle-https-redirect" -l ssh-user -d 'Login user [default: by the node\'s image]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand toggle-https-redirect" -l ssh-key -d 'Private key [default: ~/.ssh/kops-key if it is there, else your agent and SSH configuration]' -r -F
complete -c k8sport -n "__fish_k8sport_using_subcommand toggle-https-redirect" -l ssh-host -d 'Address to connect to [default: the node\'s primary public address]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand toggle-https-redirect" -l ssh-port -d 'Port to connect to [default: 22]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand toggle-https-redirect" -l host-key-fingerprint -d 'The node\'s host key, as `ssh-keygen -l` prints it [default: pinned before, or from the EC2 console output]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand toggle-https-redirect" -l lock-timeout -d 'How long to wait for another run that has the node, such as 10m [default: 1m]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand toggle-https-redirect" -l output -d 'What stdout gets' -r -f -a "text\t'For people'
json\t'One document, for scripts'"
complete -c k8sport -n "__fish_k8sport_using_subcommand toggle-https-redirect" -l timeout -d 'Limit for the whole command, such as 90s or 15m [default: 15m]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand toggle-https-redirect" -l disable-https -l http-only -d 'Stop redirecting HTTP to HTTPS, and remember what was there'
complete -c k8sport -n "__fish_k8sport_using_subcommand toggle-https-redirect" -l enable-https -d 'Put back what was there before; at the edge: redirect'
complete -c k8sport -n "__fish_k8sport_using_subcommand toggle-https-redirect" -s A -l all-namespaces -d 'All namespaces'
complete -c k8sport -n "__fish_k8sport_using_subcommand toggle-https-redirect" -l accept-new-host-key -d 'Trust and pin the key that the node shows first'
complete -c k8sport -n "__fish_k8sport_using_subcommand toggle-https-redirect" -l dry-run -d 'Show the plan and change nothing'
complete -c k8sport -n "__fish_k8sport_using_subcommand toggle-https-redirect" -l exit-code -d 'With --dry-run: exit with 5 when the plan has changes'
complete -c k8sport -n "__fish_k8sport_using_subcommand toggle-https-redirect" -s y -l yes -d 'Apply without asking; needed where there is no terminal'
complete -c k8sport -n "__fish_k8sport_using_subcommand toggle-https-redirect" -s v -l verbose -d 'More on stderr; twice for the AWS calls'
complete -c k8sport -n "__fish_k8sport_using_subcommand toggle-https-redirect" -s q -l quiet -d 'No progress on stderr'
complete -c k8sport -n "__fish_k8sport_using_subcommand toggle-https-redirect" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c k8sport -n "__fish_k8sport_using_subcommand toggle-https-redirect" -s V -l version -d 'Print version'
complete -c k8sport -n "__fish_k8sport_using_subcommand configure-apps" -l image -d 'The container\'s image; for one application' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand configure-apps" -l port -d 'Port that the container listens on [default: 8080]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand configure-apps" -l host -d 'A host that it is served on; for one application; may be repeated' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand configure-apps" -l health-path -d 'Path that answers 200 once it is ready [default: /]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand configure-apps" -l env-from -d 'Environment variables from a Secret or ConfigMap, such as secret/shop; may be repeated' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand configure-apps" -s n -l namespace -d 'Their namespace [default: apps]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand configure-apps" -l ingress-class -d 'Class of the Ingress [default: the cluster\'s default class]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand configure-apps" -l cluster-issuer -d 'cert-manager\'s ClusterIssuer of the certificate, unless --http-only [default: letsencrypt-prod]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand configure-apps" -l out -d 'Folder of the manifests, in a folder of its own for each application' -r -f -a "(__fish_complete_directories)"
complete -c k8sport -n "__fish_k8sport_using_subcommand configure-apps" -l config -d 'Settings file [default: k8sport.toml in the current folder, if it is there]' -r -F
complete -c k8sport -n "__fish_k8sport_using_subcommand configure-apps" -l output -d 'What stdout gets' -r -f -a "text\t'For people'
json\t'One document, for scripts'"
complete -c k8sport -n "__fish_k8sport_using_subcommand configure-apps" -l timeout -d 'Limit for the whole command, such as 90s or 15m [default: 15m]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand configure-apps" -l http-only -d 'No TLS and no certificate, for a start'
complete -c k8sport -n "__fish_k8sport_using_subcommand configure-apps" -l overwrite -d 'Write also in place of files that differ'
complete -c k8sport -n "__fish_k8sport_using_subcommand configure-apps" -l dry-run -d 'Show the plan and change nothing'
complete -c k8sport -n "__fish_k8sport_using_subcommand configure-apps" -l exit-code -d 'With --dry-run: exit with 5 when the plan has changes'
complete -c k8sport -n "__fish_k8sport_using_subcommand configure-apps" -s y -l yes -d 'Apply without asking; needed where there is no terminal'
complete -c k8sport -n "__fish_k8sport_using_subcommand configure-apps" -s v -l verbose -d 'More on stderr; twice for the AWS calls'
complete -c k8sport -n "__fish_k8sport_using_subcommand configure-apps" -s q -l quiet -d 'No progress on stderr'
complete -c k8sport -n "__fish_k8sport_using_subcommand configure-apps" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c k8sport -n "__fish_k8sport_using_subcommand configure-apps" -s V -l version -d 'Print version'
complete -c k8sport -n "__fish_k8sport_using_subcommand unlock" -l cluster -d 'The cluster\'s name, as kOps knows it' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand unlock" -l zone -d 'The applications\' public hosted zone [default: the longest one that contains the cluster\'s name]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand unlock" -l instance-id -d 'The node, where the cluster\'s tags fit several instances' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand unlock" -l account -d 'Refuse to work in any other AWS account than this one' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand unlock" -l profile -d 'AWS profile' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand unlock" -l region -d 'AWS region' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand unlock" -l config -d 'Settings file [default: k8sport.toml in the current folder, if it is there]' -r -F
complete -c k8sport -n "__fish_k8sport_using_subcommand unlock" -l ssh-user -d 'Login user [default: by the node\'s image]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand unlock" -l ssh-key -d 'Private key [default: ~/.ssh/kops-key if it is there, else your agent and SSH configuration]' -r -F
complete -c k8sport -n "__fish_k8sport_using_subcommand unlock" -l ssh-host -d 'Address to connect to [default: the node\'s primary public address]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand unlock" -l ssh-port -d 'Port to connect to [default: 22]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand unlock" -l host-key-fingerprint -d 'The node\'s host key, as `ssh-keygen -l` prints it [default: pinned before, or from the EC2 console output]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand unlock" -l lock-timeout -d 'How long to wait for another run that has the node, such as 10m [default: 1m]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand unlock" -l output -d 'What stdout gets' -r -f -a "text\t'For people'
json\t'One document, for scripts'"
complete -c k8sport -n "__fish_k8sport_using_subcommand unlock" -l timeout -d 'Limit for the whole command, such as 90s or 15m [default: 15m]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand unlock" -l accept-new-host-key -d 'Trust and pin the key that the node shows first'
complete -c k8sport -n "__fish_k8sport_using_subcommand unlock" -l dry-run -d 'Show the plan and change nothing'
complete -c k8sport -n "__fish_k8sport_using_subcommand unlock" -l exit-code -d 'With --dry-run: exit with 5 when the plan has changes'
complete -c k8sport -n "__fish_k8sport_using_subcommand unlock" -s y -l yes -d 'Apply without asking; needed where there is no terminal'
complete -c k8sport -n "__fish_k8sport_using_subcommand unlock" -s v -l verbose -d 'More on stderr; twice for the AWS calls'
complete -c k8sport -n "__fish_k8sport_using_subcommand unlock" -s q -l quiet -d 'No progress on stderr'
complete -c k8sport -n "__fish_k8sport_using_subcommand unlock" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c k8sport -n "__fish_k8sport_using_subcommand unlock" -s V -l version -d 'Print version'
complete -c k8sport -n "__fish_k8sport_using_subcommand deploy-app" -l image -d 'The container\'s image; for one application' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand deploy-app" -l port -d 'Port that the container listens on [default: 8080]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand deploy-app" -l host -d 'A host that it is served on; for one application; may be repeated' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand deploy-app" -l health-path -d 'Path that answers 200 once it is ready [default: /]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand deploy-app" -l env-from -d 'Environment variables from a Secret or ConfigMap, such as secret/shop; may be repeated' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand deploy-app" -s n -l namespace -d 'Their namespace [default: apps]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand deploy-app" -l ingress-class -d 'Class of the Ingress [default: the cluster\'s default class]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand deploy-app" -l cluster-issuer -d 'cert-manager\'s ClusterIssuer of the certificate, unless --http-only [default: letsencrypt-prod]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand deploy-app" -l manifests -d 'Folder of the manifests; those of NAME are taken as they are, if they are there' -r -f -a "(__fish_complete_directories)"
complete -c k8sport -n "__fish_k8sport_using_subcommand deploy-app" -l build -d 'Build the image from this folder\'s Dockerfile with docker, for the node\'s platform, and push it to ECR first' -r -f -a "(__fish_complete_directories)"
complete -c k8sport -n "__fish_k8sport_using_subcommand deploy-app" -l to-revision -d 'With --rollback: go to this revision, as `kubectl rollout history` numbers them' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand deploy-app" -l rollout-timeout -d 'Limit for the rollout [default: 5m]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand deploy-app" -l stalled-after -d 'How long one obstacle may hold the rollout up, such as an image that can\'t be pulled [default: 1m]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand deploy-app" -l cluster -d 'The cluster, by its name; its context in the kubeconfig is used unless --context names another' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand deploy-app" -l kubeconfig -d 'Kubeconfig [default: ~/.kube/config]' -r -F
complete -c k8sport -n "__fish_k8sport_using_subcommand deploy-app" -l context -d 'Context of the kubeconfig [default: its current one]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand deploy-app" -l account -d 'Refuse to work in any other AWS account than this one' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand deploy-app" -l profile -d 'AWS profile' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand deploy-app" -l region -d 'AWS region' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand deploy-app" -l config -d 'Settings file [default: k8sport.toml in the current folder, if it is there]' -r -F
complete -c k8sport -n "__fish_k8sport_using_subcommand deploy-app" -l output -d 'What stdout gets' -r -f -a "text\t'For people'
json\t'One document, for scripts'"
complete -c k8sport -n "__fish_k8sport_using_subcommand deploy-app" -l timeout -d 'Limit for the whole command, such as 90s or 15m [default: 15m]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand deploy-app" -l http-only -d 'No TLS and no certificate, for a start'
complete -c k8sport -n "__fish_k8sport_using_subcommand deploy-app" -l rollback -d 'Go back to the revision before, image and everything else of its pods'
complete -c k8sport -n "__fish_k8sport_using_subcommand deploy-app" -l force-conflicts -d 'Take fields over that others manage'
complete -c k8sport -n "__fish_k8sport_using_subcommand deploy-app" -l no-secondary-ip -l without-secondary-ip -d 'Go without a second address: HTTP on port 80 of the node\'s own, HTTPS on port 30443 only'
complete -c k8sport -n "__fish_k8sport_using_subcommand deploy-app" -l with-secondary-ip -d 'The default; accepted for the sake of existing scripts'
complete -c k8sport -n "__fish_k8sport_using_subcommand deploy-app" -l dry-run -d 'Show the plan and change nothing'
complete -c k8sport -n "__fish_k8sport_using_subcommand deploy-app" -l exit-code -d 'With --dry-run: exit with 5 when the plan has changes'
complete -c k8sport -n "__fish_k8sport_using_subcommand deploy-app" -s y -l yes -d 'Apply without asking; needed where there is no terminal'
complete -c k8sport -n "__fish_k8sport_using_subcommand deploy-app" -s v -l verbose -d 'More on stderr; twice for the AWS calls'
complete -c k8sport -n "__fish_k8sport_using_subcommand deploy-app" -s q -l quiet -d 'No progress on stderr'
complete -c k8sport -n "__fish_k8sport_using_subcommand deploy-app" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c k8sport -n "__fish_k8sport_using_subcommand deploy-app" -s V -l version -d 'Print version'
complete -c k8sport -n "__fish_k8sport_using_subcommand api-proxy; and not __fish_seen_subcommand_from manifest" -l listen-port -d 'Port on 127.0.0.1 and [::1] [default: MCA_LISTEN_PORT, else 6443]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand api-proxy; and not __fish_seen_subcommand_from manifest" -l metrics-port -d 'Second port, for /metrics, /healthz and /readyz; 0 for none' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand api-proxy; and not __fish_seen_subcommand_from manifest" -l identity -d 'As whom requests go on [default: caller with --in-pod, else kubeconfig]' -r -f -a "caller\t'Each as its caller: credentials are passed on as they come, and nothing is added'
service-account\t'All as the pod\'s service account; its containers need no credentials'
kubeconfig\t'All as the kubeconfig\'s user, for callers who have the token of the kubeconfig that is printed'"
complete -c k8sport -n "__fish_k8sport_using_subcommand api-proxy; and not __fish_seen_subcommand_from manifest" -l write-kubeconfig -d 'The kubeconfig for the proxy goes into this file instead of standard output' -r -F
complete -c k8sport -n "__fish_k8sport_using_subcommand api-proxy; and not __fish_seen_subcommand_from manifest" -l access-log -d 'One line of JSON for each request goes to this file; `-` is standard output' -r -F
complete -c k8sport -n "__fish_k8sport_using_subcommand api-proxy; and not __fish_seen_subcommand_from manifest" -l metrics-address -d 'Address of the second port [default: 127.0.0.1; the pod\'s with --in-pod]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand api-proxy; and not __fish_seen_subcommand_from manifest" -l drain-timeout -d 'What is under way may take so long when the proxy is told to end' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand api-proxy; and not __fish_seen_subcommand_from manifest" -l idle-timeout -d 'A connection may be without a request for so long, and the head of a request may take as long' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand api-proxy; and not __fish_seen_subcommand_from manifest" -l service-account-dir -d 'The service account\'s folder' -r -f -a "(__fish_complete_directories)"
complete -c k8sport -n "__fish_k8sport_using_subcommand api-proxy; and not __fish_seen_subcommand_from manifest" -l share-dir -d 'Keep a folder like it here, for the other containers: its ca.crt has the proxy\'s authority, too' -r -f -a "(__fish_complete_directories)"
complete -c k8sport -n "__fish_k8sport_using_subcommand api-proxy; and not __fish_seen_subcommand_from manifest" -l state-dir -d 'Keep the proxy\'s authority here, so that it is the same after a restart [default: in memory]' -r -f -a "(__fish_complete_directories)"
complete -c k8sport -n "__fish_k8sport_using_subcommand api-proxy; and not __fish_seen_subcommand_from manifest" -l kubeconfig -d 'Kubeconfig [default: ~/.kube/config]' -r -F
complete -c k8sport -n "__fish_k8sport_using_subcommand api-proxy; and not __fish_seen_subcommand_from manifest" -l context -d 'Context of the kubeconfig [default: its current one]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand api-proxy; and not __fish_seen_subcommand_from manifest" -l cluster -d 'The cluster\'s name, as kOps knows it' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand api-proxy; and not __fish_seen_subcommand_from manifest" -l zone -d 'The applications\' public hosted zone [default: the longest one that contains the cluster\'s name]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand api-proxy; and not __fish_seen_subcommand_from manifest" -l instance-id -d 'The node, where the cluster\'s tags fit several instances' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand api-proxy; and not __fish_seen_subcommand_from manifest" -l account -d 'Refuse to work in any other AWS account than this one' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand api-proxy; and not __fish_seen_subcommand_from manifest" -l profile -d 'AWS profile' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand api-proxy; and not __fish_seen_subcommand_from manifest" -l region -d 'AWS region' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand api-proxy; and not __fish_seen_subcommand_from manifest" -l config -d 'Settings file [default: k8sport.toml in the current folder, if it is there]' -r -F
complete -c k8sport -n "__fish_k8sport_using_subcommand api-proxy; and not __fish_seen_subcommand_from manifest" -l ssh-user -d 'Login user [default: by the node\'s image]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand api-proxy; and not __fish_seen_subcommand_from manifest" -l ssh-key -d 'Private key [default: ~/.ssh/kops-key if it is there, else your agent and SSH configuration]' -r -F
complete -c k8sport -n "__fish_k8sport_using_subcommand api-proxy; and not __fish_seen_subcommand_from manifest" -l ssh-host -d 'Address to connect to [default: the node\'s primary public address]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand api-proxy; and not __fish_seen_subcommand_from manifest" -l ssh-port -d 'Port to connect to [default: 22]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand api-proxy; and not __fish_seen_subcommand_from manifest" -l host-key-fingerprint -d 'The node\'s host key, as `ssh-keygen -l` prints it [default: pinned before, or from the EC2 console output]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand api-proxy; and not __fish_seen_subcommand_from manifest" -l via-ssh -d 'Reach the API server through the node over SSH; needs --cluster'
complete -c k8sport -n "__fish_k8sport_using_subcommand api-proxy; and not __fish_seen_subcommand_from manifest" -s v -l verbose -d 'More on stderr'
complete -c k8sport -n "__fish_k8sport_using_subcommand api-proxy; and not __fish_seen_subcommand_from manifest" -l in-pod -d 'The API server is that of KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT'
complete -c k8sport -n "__fish_k8sport_using_subcommand api-proxy; and not __fish_seen_subcommand_from manifest" -l accept-new-host-key -d 'Trust and pin the key that the node shows first'
complete -c k8sport -n "__fish_k8sport_using_subcommand api-proxy; and not __fish_seen_subcommand_from manifest" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c k8sport -n "__fish_k8sport_using_subcommand api-proxy; and not __fish_seen_subcommand_from manifest" -s V -l version -d 'Print version'
complete -c k8sport -n "__fish_k8sport_using_subcommand api-proxy; and not __fish_seen_subcommand_from manifest" -f -a "manifest" -d 'Print a manifest with the proxy beside its containers, each added line explained'
complete -c k8sport -n "__fish_k8sport_using_subcommand api-proxy; and __fish_seen_subcommand_from manifest" -l image -d 'Image that has k8sport' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand api-proxy; and __fish_seen_subcommand_from manifest" -l listen-port -d 'Port on 127.0.0.1 and [::1] [default: MCA_LISTEN_PORT, else 6443]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand api-proxy; and __fish_seen_subcommand_from manifest" -l metrics-port -d 'Second port, for /metrics, /healthz and /readyz; 0 for none' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand api-proxy; and __fish_seen_subcommand_from manifest" -l identity -d 'As whom requests go on' -r -f -a "caller\t'Each as its caller: credentials are passed on as they come, and nothing is added'
service-account\t'All as the pod\'s service account; its containers need no credentials'
kubeconfig\t'All as the kubeconfig\'s user, for callers who have the token of the kubeconfig that is printed'"
complete -c k8sport -n "__fish_k8sport_using_subcommand api-proxy; and __fish_seen_subcommand_from manifest" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c k8sport -n "__fish_k8sport_using_subcommand api-proxy; and __fish_seen_subcommand_from manifest" -s V -l version -d 'Print version'
complete -c k8sport -n "__fish_k8sport_using_subcommand k0smotron; and not __fish_seen_subcommand_from prepare-workers diagnose" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c k8sport -n "__fish_k8sport_using_subcommand k0smotron; and not __fish_seen_subcommand_from prepare-workers diagnose" -s V -l version -d 'Print version'
complete -c k8sport -n "__fish_k8sport_using_subcommand k0smotron; and not __fish_seen_subcommand_from prepare-workers diagnose" -f -a "prepare-workers" -d 'Put the sidecar\'s certificates on workers, and have it read them'
complete -c k8sport -n "__fish_k8sport_using_subcommand k0smotron; and not __fish_seen_subcommand_from prepare-workers diagnose" -f -a "diagnose" -d 'What is wrong between a pod on a worker and the hosted API server, why, and what to do; changes nothing'
complete -c k8sport -n "__fish_k8sport_using_subcommand k0smotron; and __fish_seen_subcommand_from prepare-workers" -l cluster -d 'The cluster\'s name, as k0smotron knows it' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand k0smotron; and __fish_seen_subcommand_from prepare-workers" -s n -l namespace -d 'The cluster\'s namespace in the management cluster' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand k0smotron; and __fish_seen_subcommand_from prepare-workers" -l worker -d 'A worker, as `ssh` takes it; may be repeated' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand k0smotron; and __fish_seen_subcommand_from prepare-workers" -l service-ip -d 'The address of the hosted cluster\'s Service `kubernetes` [default: asked of k0smotron\'s ConfigMap and the hosted cluster]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand k0smotron; and __fish_seen_subcommand_from prepare-workers" -l kubeconfig -d 'Kubeconfig [default: ~/.kube/config]' -r -F
complete -c k8sport -n "__fish_k8sport_using_subcommand k0smotron; and __fish_seen_subcommand_from prepare-workers" -l context -d 'Context of the kubeconfig [default: its current one]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand k0smotron; and __fish_seen_subcommand_from prepare-workers" -l ssh-user -d 'Login user [default: as `ssh` has it]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand k0smotron; and __fish_seen_subcommand_from prepare-workers" -l ssh-key -d 'Private key [default: your agent and SSH configuration]' -r -F
complete -c k8sport -n "__fish_k8sport_using_subcommand k0smotron; and __fish_seen_subcommand_from prepare-workers" -l ssh-port -d 'Port to connect to [default: as `ssh` has it]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand k0smotron; and __fish_seen_subcommand_from prepare-workers" -l output -d 'What stdout gets' -r -f -a "text\t'For people'
json\t'One document, for scripts'"
complete -c k8sport -n "__fish_k8sport_using_subcommand k0smotron; and __fish_seen_subcommand_from prepare-workers" -l timeout -d 'Limit for the whole command, such as 90s or 15m [default: 15m]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand k0smotron; and __fish_seen_subcommand_from prepare-workers" -l accept-new-host-key -d 'Add host keys that are not known yet to known_hosts; a changed one is refused even so'
complete -c k8sport -n "__fish_k8sport_using_subcommand k0smotron; and __fish_seen_subcommand_from prepare-workers" -l dry-run -d 'Show the plan and change nothing'
complete -c k8sport -n "__fish_k8sport_using_subcommand k0smotron; and __fish_seen_subcommand_from prepare-workers" -l exit-code -d 'With --dry-run: exit with 5 when the plan has changes'
complete -c k8sport -n "__fish_k8sport_using_subcommand k0smotron; and __fish_seen_subcommand_from prepare-workers" -s y -l yes -d 'Apply without asking; needed where there is no terminal'
complete -c k8sport -n "__fish_k8sport_using_subcommand k0smotron; and __fish_seen_subcommand_from prepare-workers" -s v -l verbose -d 'More on stderr; twice for the AWS calls'
complete -c k8sport -n "__fish_k8sport_using_subcommand k0smotron; and __fish_seen_subcommand_from prepare-workers" -s q -l quiet -d 'No progress on stderr'
complete -c k8sport -n "__fish_k8sport_using_subcommand k0smotron; and __fish_seen_subcommand_from prepare-workers" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c k8sport -n "__fish_k8sport_using_subcommand k0smotron; and __fish_seen_subcommand_from prepare-workers" -s V -l version -d 'Print version'
complete -c k8sport -n "__fish_k8sport_using_subcommand k0smotron; and __fish_seen_subcommand_from diagnose" -l explain -d 'Tell what a check looks at and why it matters, and stop; without CHECK, list all' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand k0smotron; and __fish_seen_subcommand_from diagnose" -l cluster -d 'The cluster\'s name, as k0smotron knows it' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand k0smotron; and __fish_seen_subcommand_from diagnose" -s n -l namespace -d 'The cluster\'s namespace in the management cluster' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand k0smotron; and __fish_seen_subcommand_from diagnose" -l worker -d 'A worker, as `ssh` takes it; may be repeated' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand k0smotron; and __fish_seen_subcommand_from diagnose" -l service-ip -d 'The address of the hosted cluster\'s Service `kubernetes` [default: asked of k0smotron\'s ConfigMap and the hosted cluster]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand k0smotron; and __fish_seen_subcommand_from diagnose" -l kubeconfig -d 'Kubeconfig [default: ~/.kube/config]' -r -F
complete -c k8sport -n "__fish_k8sport_using_subcommand k0smotron; and __fish_seen_subcommand_from diagnose" -l context -d 'Context of the kubeconfig [default: its current one]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand k0smotron; and __fish_seen_subcommand_from diagnose" -l ssh-user -d 'Login user [default: as `ssh` has it]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand k0smotron; and __fish_seen_subcommand_from diagnose" -l ssh-key -d 'Private key [default: your agent and SSH configuration]' -r -F
complete -c k8sport -n "__fish_k8sport_using_subcommand k0smotron; and __fish_seen_subcommand_from diagnose" -l ssh-port -d 'Port to connect to [default: as `ssh` has it]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand k0smotron; and __fish_seen_subcommand_from diagnose" -l output -d 'What stdout gets' -r -f -a "text\t'For people'
json\t'One document, for scripts'"
complete -c k8sport -n "__fish_k8sport_using_subcommand k0smotron; and __fish_seen_subcommand_from diagnose" -l timeout -d 'Limit for the whole command, such as 90s or 15m [default: 15m]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand k0smotron; and __fish_seen_subcommand_from diagnose" -l short -d 'A line a finding'
complete -c k8sport -n "__fish_k8sport_using_subcommand k0smotron; and __fish_seen_subcommand_from diagnose" -l strict -d 'Warnings are failures, too'
complete -c k8sport -n "__fish_k8sport_using_subcommand k0smotron; and __fish_seen_subcommand_from diagnose" -l accept-new-host-key -d 'Add host keys that are not known yet to known_hosts; a changed one is refused even so'
complete -c k8sport -n "__fish_k8sport_using_subcommand k0smotron; and __fish_seen_subcommand_from diagnose" -s v -l verbose -d 'Everything, also what is fine; twice and three times for logs on stderr'
complete -c k8sport -n "__fish_k8sport_using_subcommand k0smotron; and __fish_seen_subcommand_from diagnose" -s q -l quiet -d 'No progress on stderr'
complete -c k8sport -n "__fish_k8sport_using_subcommand k0smotron; and __fish_seen_subcommand_from diagnose" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c k8sport -n "__fish_k8sport_using_subcommand k0smotron; and __fish_seen_subcommand_from diagnose" -s V -l version -d 'Print version'
complete -c k8sport -n "__fish_k8sport_using_subcommand vip; and not __fish_seen_subcommand_from diagnose setup cleanup" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c k8sport -n "__fish_k8sport_using_subcommand vip; and not __fish_seen_subcommand_from diagnose setup cleanup" -s V -l version -d 'Print version'
complete -c k8sport -n "__fish_k8sport_using_subcommand vip; and not __fish_seen_subcommand_from diagnose setup cleanup" -f -a "diagnose" -d 'Who holds the VIP, who has its port, why HAProxy can\'t bind it; changes nothing'
complete -c k8sport -n "__fish_k8sport_using_subcommand vip; and not __fish_seen_subcommand_from diagnose setup cleanup" -f -a "setup" -d 'Let keepalived keep the VIP where the API server answers, without HAProxy or with one on a port of its own'
complete -c k8sport -n "__fish_k8sport_using_subcommand vip; and not __fish_seen_subcommand_from diagnose setup cleanup" -f -a "cleanup" -d 'Remove what `vip setup` made, and give back what it took over'
complete -c k8sport -n "__fish_k8sport_using_subcommand vip; and __fish_seen_subcommand_from diagnose" -l vip -d 'The address that the control planes share' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand vip; and __fish_seen_subcommand_from diagnose" -l api-port -d 'The API servers\' port' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand vip; and __fish_seen_subcommand_from diagnose" -l explain -d 'Tell what a check looks at and why it matters, and stop; without CHECK, list all' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand vip; and __fish_seen_subcommand_from diagnose" -l node -d 'A control plane\'s address; once for each [default: those of the kubeconfig\'s cluster]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand vip; and __fish_seen_subcommand_from diagnose" -l ssh-user -d 'Login user' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand vip; and __fish_seen_subcommand_from diagnose" -l ssh-key -d 'Private key [default: ~/.ssh/kops-key if it is there, else your agent and SSH configuration]' -r -F
complete -c k8sport -n "__fish_k8sport_using_subcommand vip; and __fish_seen_subcommand_from diagnose" -l ssh-port -d 'Port to connect to' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand vip; and __fish_seen_subcommand_from diagnose" -l kubeconfig -d 'Kubeconfig [default: ~/.kube/config]' -r -F
complete -c k8sport -n "__fish_k8sport_using_subcommand vip; and __fish_seen_subcommand_from diagnose" -l context -d 'Context of the kubeconfig [default: its current one]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand vip; and __fish_seen_subcommand_from diagnose" -l output -d 'What stdout gets' -r -f -a "text\t'For people'
json\t'One document, for scripts'"
complete -c k8sport -n "__fish_k8sport_using_subcommand vip; and __fish_seen_subcommand_from diagnose" -l timeout -d 'Limit for the whole command, such as 90s or 15m [default: 15m]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand vip; and __fish_seen_subcommand_from diagnose" -l short -d 'A line a finding'
complete -c k8sport -n "__fish_k8sport_using_subcommand vip; and __fish_seen_subcommand_from diagnose" -l strict -d 'Warnings are failures, too'
complete -c k8sport -n "__fish_k8sport_using_subcommand vip; and __fish_seen_subcommand_from diagnose" -l accept-new-host-key -d 'Trust and pin the keys that nodes show first, where your known hosts have none'
complete -c k8sport -n "__fish_k8sport_using_subcommand vip; and __fish_seen_subcommand_from diagnose" -l dry-run -d 'Show the plan and change nothing'
complete -c k8sport -n "__fish_k8sport_using_subcommand vip; and __fish_seen_subcommand_from diagnose" -l exit-code -d 'With --dry-run: exit with 5 when the plan has changes'
complete -c k8sport -n "__fish_k8sport_using_subcommand vip; and __fish_seen_subcommand_from diagnose" -s y -l yes -d 'Apply without asking; needed where there is no terminal'
complete -c k8sport -n "__fish_k8sport_using_subcommand vip; and __fish_seen_subcommand_from diagnose" -s v -l verbose -d 'More on stderr; twice for the AWS calls'
complete -c k8sport -n "__fish_k8sport_using_subcommand vip; and __fish_seen_subcommand_from diagnose" -s q -l quiet -d 'No progress on stderr'
complete -c k8sport -n "__fish_k8sport_using_subcommand vip; and __fish_seen_subcommand_from diagnose" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c k8sport -n "__fish_k8sport_using_subcommand vip; and __fish_seen_subcommand_from diagnose" -s V -l version -d 'Print version'
complete -c k8sport -n "__fish_k8sport_using_subcommand vip; and __fish_seen_subcommand_from setup" -l vip -d 'The address that the control planes share' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand vip; and __fish_seen_subcommand_from setup" -l api-port -d 'The API servers\' port' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand vip; and __fish_seen_subcommand_from setup" -l balancer-port -d 'With --load-balance: that port' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand vip; and __fish_seen_subcommand_from setup" -l router-id -d 'VRRP\'s virtual router id, which no other on the network may have [default: the VIP\'s last part]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand vip; and __fish_seen_subcommand_from setup" -l node -d 'A control plane\'s address; once for each [default: those of the kubeconfig\'s cluster]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand vip; and __fish_seen_subcommand_from setup" -l ssh-user -d 'Login user' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand vip; and __fish_seen_subcommand_from setup" -l ssh-key -d 'Private key [default: ~/.ssh/kops-key if it is there, else your agent and SSH configuration]' -r -F
complete -c k8sport -n "__fish_k8sport_using_subcommand vip; and __fish_seen_subcommand_from setup" -l ssh-port -d 'Port to connect to' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand vip; and __fish_seen_subcommand_from setup" -l kubeconfig -d 'Kubeconfig [default: ~/.kube/config]' -r -F
complete -c k8sport -n "__fish_k8sport_using_subcommand vip; and __fish_seen_subcommand_from setup" -l context -d 'Context of the kubeconfig [default: its current one]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand vip; and __fish_seen_subcommand_from setup" -l output -d 'What stdout gets' -r -f -a "text\t'For people'
json\t'One document, for scripts'"
complete -c k8sport -n "__fish_k8sport_using_subcommand vip; and __fish_seen_subcommand_from setup" -l timeout -d 'Limit for the whole command, such as 90s or 15m [default: 15m]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand vip; and __fish_seen_subcommand_from setup" -l lock-timeout -d 'How long to wait for another run that has a node, such as 10m' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand vip; and __fish_seen_subcommand_from setup" -l load-balance -d 'HAProxy on a port of its own on all control planes, in front of all API servers'
complete -c k8sport -n "__fish_k8sport_using_subcommand vip; and __fish_seen_subcommand_from setup" -l take-over -d 'Stop and disable the distribution\'s keepalived or HAProxy where it is in the way; its files stay. Refused where it serves others, too'
complete -c k8sport -n "__fish_k8sport_using_subcommand vip; and __fish_seen_subcommand_from setup" -l skip-unreachable -d 'Go on with the others where a control plane can\'t be reached'
complete -c k8sport -n "__fish_k8sport_using_subcommand vip; and __fish_seen_subcommand_from setup" -l accept-new-host-key -d 'Trust and pin the keys that nodes show first, where your known hosts have none'
complete -c k8sport -n "__fish_k8sport_using_subcommand vip; and __fish_seen_subcommand_from setup" -l dry-run -d 'Show the plan and change nothing'
complete -c k8sport -n "__fish_k8sport_using_subcommand vip; and __fish_seen_subcommand_from setup" -l exit-code -d 'With --dry-run: exit with 5 when the plan has changes'
complete -c k8sport -n "__fish_k8sport_using_subcommand vip; and __fish_seen_subcommand_from setup" -s y -l yes -d 'Apply without asking; needed where there is no terminal'
complete -c k8sport -n "__fish_k8sport_using_subcommand vip; and __fish_seen_subcommand_from setup" -s v -l verbose -d 'More on stderr; twice for the AWS calls'
complete -c k8sport -n "__fish_k8sport_using_subcommand vip; and __fish_seen_subcommand_from setup" -s q -l quiet -d 'No progress on stderr'
complete -c k8sport -n "__fish_k8sport_using_subcommand vip; and __fish_seen_subcommand_from setup" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c k8sport -n "__fish_k8sport_using_subcommand vip; and __fish_seen_subcommand_from setup" -s V -l version -d 'Print version'
complete -c k8sport -n "__fish_k8sport_using_subcommand vip; and __fish_seen_subcommand_from cleanup" -l vip -d 'The address that the control planes share' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand vip; and __fish_seen_subcommand_from cleanup" -l api-port -d 'The API servers\' port' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand vip; and __fish_seen_subcommand_from cleanup" -l node -d 'A control plane\'s address; once for each [default: those of the kubeconfig\'s cluster]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand vip; and __fish_seen_subcommand_from cleanup" -l ssh-user -d 'Login user' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand vip; and __fish_seen_subcommand_from cleanup" -l ssh-key -d 'Private key [default: ~/.ssh/kops-key if it is there, else your agent and SSH configuration]' -r -F
complete -c k8sport -n "__fish_k8sport_using_subcommand vip; and __fish_seen_subcommand_from cleanup" -l ssh-port -d 'Port to connect to' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand vip; and __fish_seen_subcommand_from cleanup" -l kubeconfig -d 'Kubeconfig [default: ~/.kube/config]' -r -F
complete -c k8sport -n "__fish_k8sport_using_subcommand vip; and __fish_seen_subcommand_from cleanup" -l context -d 'Context of the kubeconfig [default: its current one]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand vip; and __fish_seen_subcommand_from cleanup" -l output -d 'What stdout gets' -r -f -a "text\t'For people'
json\t'One document, for scripts'"
complete -c k8sport -n "__fish_k8sport_using_subcommand vip; and __fish_seen_subcommand_from cleanup" -l timeout -d 'Limit for the whole command, such as 90s or 15m [default: 15m]' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand vip; and __fish_seen_subcommand_from cleanup" -l lock-timeout -d 'How long to wait for another run that has a node, such as 10m' -r
complete -c k8sport -n "__fish_k8sport_using_subcommand vip; and __fish_seen_subcommand_from cleanup" -l purge-packages -d 'Also purge the packages that `vip setup` installed, where nobody else uses them'
complete -c k8sport -n "__fish_k8sport_using_subcommand vip; and __fish_seen_subcommand_from cleanup" -l skip-unreachable -d 'Go on with the others where a control plane can\'t be reached'
complete -c k8sport -n "__fish_k8sport_using_subcommand vip; and __fish_seen_subcommand_from cleanup" -l accept-new-host-key -d 'Trust and pin the keys that nodes show first, where your known hosts have none'
complete -c k8sport -n "__fish_k8sport_using_subcommand vip; and __fish_seen_subcommand_from cleanup" -l dry-run -d 'Show the plan and change nothing'
complete -c k8sport -n "__fish_k8sport_using_subcommand vip; and __fish_seen_subcommand_from cleanup" -l exit-code -d 'With --dry-run: exit with 5 when the plan has changes'
complete -c k8sport -n "__fish_k8sport_using_subcommand vip; and __fish_seen_subcommand_from cleanup" -s y -l yes -d 'Apply without asking; needed where there is no terminal'
complete -c k8sport -n "__fish_k8sport_using_subcommand vip; and __fish_seen_subcommand_from cleanup" -s v -l verbose -d 'More on stderr; twice for the AWS calls'
complete -c k8sport -n "__fish_k8sport_using_subcommand vip; and __fish_seen_subcommand_from cleanup" -s q -l quiet -d 'No progress on stderr'
complete -c k8sport -n "__fish_k8sport_using_subcommand vip; and __fish_seen_subcommand_from cleanup" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c k8sport -n "__fish_k8sport_using_subcommand vip; and __fish_seen_subcommand_from cleanup" -s V -l version -d 'Print version'
complete -c k8sport -n "__fish_k8sport_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c k8sport -n "__fish_k8sport_using_subcommand completions" -s V -l version -d 'Print version'
complete -c k8sport -n "__fish_k8sport_using_subcommand help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c k8sport -n "__fish_k8sport_using_subcommand help" -s V -l version -d 'Print version'
complete -c k8sport -n "__fish_k8sport_using_subcommand man" -s h -l help -d 'Print help'
complete -c k8sport -n "__fish_k8sport_using_subcommand man" -s V -l version -d 'Print version'


use builtin;
use str;

set edit:completion:arg-completer[k8sport] = {|@words|
    fn spaces {|n|
        builtin:repeat $n ' ' | str:join ''
    }
    fn cand {|text desc|
        edit:complex-candidate $text &display=$text' '(spaces (- 14 (wcswidth $text)))$desc
    }
    var command = 'k8sport'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var completions = [
        &'k8sport'= {
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand bootstrap 'Do the whole job on an existing cluster: secondary IP, HAProxy and DNS, then look from outside'
            cand setup-secondary-ip 'Give the node a second address: Elastic IP, secondary private IP, security group, NAT on the node'
            cand setup-haproxy 'Run our own HAProxy instance on the node, which routes 443 and 80 of the second address to the ingress'
            cand update-dns 'Point the wildcard record of the applications'' zone at the Elastic IP'
            cand cleanup 'Remove what k8sport made for a cluster, and nothing else'
            cand ecr 'Look after the image repositories in ECR'
            cand quota 'Show the region''s Elastic IPs against their quota, and ask for more of them'
            cand iam-policy 'Print the IAM policy that commands need: exactly their actions, on this account, cluster and zone'
            cand diagnose 'What is wrong, why, and what to do: looks at account, node, DNS and from outside, and changes nothing'
            cand status 'Who has which address and port, where names lead, what works right now, what it costs'
            cand completions 'Print a completion script for your shell'
            cand man 'Write the man pages into a folder'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'k8sport;bootstrap'= {
            cand --elastic-ip 'Use this Elastic IP of yours (address or allocation id) instead of allocating one; it is never released'
            cand --allocation-id 'The same, by allocation id'
            cand --reuse-eip 'When to use a free, untagged Elastic IP instead of a new one [default: at-limit]'
            cand --private-source 'Sources that may reach api.internal.<cluster> through HAProxy [default: the private ranges of RFC 1918 and RFC 6598]'
            cand --host 'A host below the zone that gets a record of its own besides the wildcard; may be repeated'
            cand --cluster 'The cluster''s name, as kOps knows it'
            cand --zone 'The applications'' public hosted zone [default: the longest one that contains the cluster''s name]'
            cand --instance-id 'The node, where the cluster''s tags fit several instances'
            cand --account 'Refuse to work in any other AWS account than this one'
            cand --profile 'AWS profile'
            cand --region 'AWS region'
            cand --config 'Settings file [default: k8sport.toml in the current folder, if it is there]'
            cand --ssh-user 'Login user [default: by the node''s image]'
            cand --ssh-key 'Private key [default: ~/.ssh/kops-key if it is there, else your agent and SSH configuration]'
            cand --ssh-host 'Address to connect to [default: the node''s primary public address]'
            cand --ssh-port 'Port to connect to [default: 22]'
            cand --host-key-fingerprint 'The node''s host key, as `ssh-keygen -l` prints it [default: pinned before, or from the EC2 console output]'
            cand --output 'What stdout gets'
            cand --timeout 'Limit for the whole command, such as 90s or 15m [default: 15m]'
            cand --no-secondary-ip 'Go without a second address: HTTP on port 80 of the node''s own, HTTPS on port 30443 only'
            cand --without-secondary-ip 'Go without a second address: HTTP on port 80 of the node''s own, HTTPS on port 30443 only'
            cand --with-secondary-ip 'The default; accepted for the sake of existing scripts'
            cand --skip-allocate 'Never allocate an Elastic IP'
            cand --route-api 'Also route the SNI api.<cluster> to the API server, from anywhere'
            cand --force 'Overwrite records whose present value is unknown to us'
            cand --accept-new-host-key 'Trust and pin the key that the node shows first'
            cand --dry-run 'Show the plan and change nothing'
            cand --exit-code 'With --dry-run: exit with 5 when the plan has changes'
            cand -y 'Apply without asking; needed where there is no terminal'
            cand --yes 'Apply without asking; needed where there is no terminal'
            cand -v 'More on stderr; twice for the AWS calls'
            cand --verbose 'More on stderr; twice for the AWS calls'
            cand -q 'No progress on stderr'
            cand --quiet 'No progress on stderr'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'k8sport;setup-secondary-ip'= {
            cand --elastic-ip 'Use this Elastic IP of yours (address or allocation id) instead of allocating one; it is never released'
            cand --allocation-id 'The same, by allocation id'
            cand --reuse-eip 'When to use a free, untagged Elastic IP instead of a new one [default: at-limit]'
            cand --cluster 'The cluster''s name, as kOps knows it'
            cand --zone 'The applications'' public hosted zone [default: the longest one that contains the cluster''s name]'
            cand --instance-id 'The node, where the cluster''s tags fit several instances'
            cand --account 'Refuse to work in any other AWS account than this one'
            cand --profile 'AWS profile'
            cand --region 'AWS region'
            cand --config 'Settings file [default: k8sport.toml in the current folder, if it is there]'
            cand --ssh-user 'Login user [default: by the node''s image]'
            cand --ssh-key 'Private key [default: ~/.ssh/kops-key if it is there, else your agent and SSH configuration]'
            cand --ssh-host 'Address to connect to [default: the node''s primary public address]'
            cand --ssh-port 'Port to connect to [default: 22]'
            cand --host-key-fingerprint 'The node''s host key, as `ssh-keygen -l` prints it [default: pinned before, or from the EC2 console output]'
            cand --output 'What stdout gets'
            cand --timeout 'Limit for the whole command, such as 90s or 15m [default: 15m]'
            cand --skip-allocate 'Never allocate an Elastic IP'
            cand --accept-new-host-key 'Trust and pin the key that the node shows first'
            cand --dry-run 'Show the plan and change nothing'
            cand --exit-code 'With --dry-run: exit with 5 when the plan has changes'
            cand -y 'Apply without asking; needed where there is no terminal'
            cand --yes 'Apply without asking; needed where there is no terminal'
            cand -v 'More on stderr; twice for the AWS calls'
            cand --verbose 'More on stderr; twice for the AWS calls'
            cand -q 'No progress on stderr'
            cand --quiet 'No progress on stderr'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'k8sport;setup-haproxy'= {
            cand --private-source 'Sources that may reach api.internal.<cluster> through HAProxy [default: the private ranges of RFC 1918 and RFC 6598]'
            cand --cluster 'The cluster''s name, as kOps knows it'
            cand --zone 'The applications'' public hosted zone [default: the longest one that contains the cluster''s name]'
            cand --instance-id 'The node, where the cluster''s tags fit several instances'
            cand --account 'Refuse to work in any other AWS account than this one'
            cand --profile 'AWS profile'
            cand --region 'AWS region'
            cand --config 'Settings file [default: k8sport.toml in the current folder, if it is there]'
            cand --ssh-user 'Login user [default: by the node''s image]'
            cand --ssh-key 'Private key [default: ~/.ssh/kops-key if it is there, else your agent and SSH configuration]'
            cand --ssh-host 'Address to connect to [default: the node''s primary public address]'
            cand --ssh-port 'Port to connect to [default: 22]'
            cand --host-key-fingerprint 'The node''s host key, as `ssh-keygen -l` prints it [default: pinned before, or from the EC2 console output]'
            cand --output 'What stdout gets'
            cand --timeout 'Limit for the whole command, such as 90s or 15m [default: 15m]'
            cand --no-secondary-ip 'Go without a second address: HTTP on port 80 of the node''s own, HTTPS on port 30443 only'
            cand --without-secondary-ip 'Go without a second address: HTTP on port 80 of the node''s own, HTTPS on port 30443 only'
            cand --with-secondary-ip 'The default; accepted for the sake of existing scripts'
            cand --route-api 'Also route the SNI api.<cluster> to the API server, from anywhere'
            cand --accept-new-host-key 'Trust and pin the key that the node shows first'
            cand --dry-run 'Show the plan and change nothing'
            cand --exit-code 'With --dry-run: exit with 5 when the plan has changes'
            cand -y 'Apply without asking; needed where there is no terminal'
            cand --yes 'Apply without asking; needed where there is no terminal'
            cand -v 'More on stderr; twice for the AWS calls'
            cand --verbose 'More on stderr; twice for the AWS calls'
            cand -q 'No progress on stderr'
            cand --quiet 'No progress on stderr'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'k8sport;update-dns'= {
            cand --host 'A host below the zone that gets a record of its own besides the wildcard; may be repeated'
            cand --cluster 'The cluster''s name, as kOps knows it'
            cand --zone 'The applications'' public hosted zone [default: the longest one that contains the cluster''s name]'
            cand --instance-id 'The node, where the cluster''s tags fit several instances'
            cand --account 'Refuse to work in any other AWS account than this one'
            cand --profile 'AWS profile'
            cand --region 'AWS region'
            cand --config 'Settings file [default: k8sport.toml in the current folder, if it is there]'
            cand --ssh-user 'Login user [default: by the node''s image]'
            cand --ssh-key 'Private key [default: ~/.ssh/kops-key if it is there, else your agent and SSH configuration]'
            cand --ssh-host 'Address to connect to [default: the node''s primary public address]'
            cand --ssh-port 'Port to connect to [default: 22]'
            cand --host-key-fingerprint 'The node''s host key, as `ssh-keygen -l` prints it [default: pinned before, or from the EC2 console output]'
            cand --output 'What stdout gets'
            cand --timeout 'Limit for the whole command, such as 90s or 15m [default: 15m]'
            cand --no-secondary-ip 'Go without a second address: HTTP on port 80 of the node''s own, HTTPS on port 30443 only'
            cand --without-secondary-ip 'Go without a second address: HTTP on port 80 of the node''s own, HTTPS on port 30443 only'
            cand --with-secondary-ip 'The default; accepted for the sake of existing scripts'
            cand --force 'Overwrite records whose present value is unknown to us'
            cand --accept-new-host-key 'Trust and pin the key that the node shows first'
            cand --dry-run 'Show the plan and change nothing'
            cand --exit-code 'With --dry-run: exit with 5 when the plan has changes'
            cand -y 'Apply without asking; needed where there is no terminal'
            cand --yes 'Apply without asking; needed where there is no terminal'
            cand -v 'More on stderr; twice for the AWS calls'
            cand --verbose 'More on stderr; twice for the AWS calls'
            cand -q 'No progress on stderr'
            cand --quiet 'No progress on stderr'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'k8sport;cleanup'= {
            cand --cluster 'The cluster''s name, as kOps knows it'
            cand --zone 'The applications'' public hosted zone [default: the longest one that contains the cluster''s name]'
            cand --instance-id 'The node, where the cluster''s tags fit several instances'
            cand --account 'Refuse to work in any other AWS account than this one'
            cand --profile 'AWS profile'
            cand --region 'AWS region'
            cand --config 'Settings file [default: k8sport.toml in the current folder, if it is there]'
            cand --ssh-user 'Login user [default: by the node''s image]'
            cand --ssh-key 'Private key [default: ~/.ssh/kops-key if it is there, else your agent and SSH configuration]'
            cand --ssh-host 'Address to connect to [default: the node''s primary public address]'
            cand --ssh-port 'Port to connect to [default: 22]'
            cand --host-key-fingerprint 'The node''s host key, as `ssh-keygen -l` prints it [default: pinned before, or from the EC2 console output]'
            cand --output 'What stdout gets'
            cand --timeout 'Limit for the whole command, such as 90s or 15m [default: 15m]'
            cand --skip-node 'Leave the node as it is, for example because it can''t be reached'
            cand --purge-packages 'Also purge the packages that k8sport installed on the node'
            cand --release-unassociated 'Afterwards offer to release each free Elastic IP of the region that isn''t ours; every one has to be confirmed by typing its address'
            cand --force 'The same as --yes'
            cand --accept-new-host-key 'Trust and pin the key that the node shows first'
            cand --dry-run 'Show the plan and change nothing'
            cand --exit-code 'With --dry-run: exit with 5 when the plan has changes'
            cand -y 'Apply without asking; needed where there is no terminal'
            cand --yes 'Apply without asking; needed where there is no terminal'
            cand -v 'More on stderr; twice for the AWS calls'
            cand --verbose 'More on stderr; twice for the AWS calls'
            cand -q 'No progress on stderr'
            cand --quiet 'No progress on stderr'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'k8sport;ecr'= {
            cand -h 'Print help'
            cand --help 'Print help'
            cand -V 'Print version'
            cand --version 'Print version'
            cand prune 'Delete old images: of each named repository the newest stay'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'k8sport;ecr;prune'= {
            cand --repositories 'These repositories'
            cand --prefix 'All repositories whose names begin with this'
            cand --keep 'How many images of each repository stay'
            cand --account 'Refuse to work in any other AWS account than this one'
            cand --profile 'AWS profile'
            cand --region 'AWS region'
            cand --config 'Settings file [default: k8sport.toml in the current folder, if it is there]'
            cand --output 'What stdout gets'
            cand --timeout 'Limit for the whole command, such as 90s or 15m [default: 15m]'
            cand --lifecycle-policy 'Also give each repository a lifecycle policy that keeps as many from now on, unless it has one'
            cand --force 'With --lifecycle-policy: replace a policy that is there'
            cand --dry-run 'Show the plan and change nothing'
            cand --exit-code 'With --dry-run: exit with 5 when the plan has changes'
            cand -y 'Apply without asking; needed where there is no terminal'
            cand --yes 'Apply without asking; needed where there is no terminal'
            cand -v 'More on stderr; twice for the AWS calls'
            cand --verbose 'More on stderr; twice for the AWS calls'
            cand -q 'No progress on stderr'
            cand --quiet 'No progress on stderr'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'k8sport;ecr;help'= {
            cand prune 'Delete old images: of each named repository the newest stay'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'k8sport;ecr;help;prune'= {
        }
        &'k8sport;ecr;help;help'= {
        }
        &'k8sport;quota'= {
            cand --request 'Ask AWS to raise the quota to N addresses; a request that is open already is shown instead of making a second'
            cand --account 'Refuse to work in any other AWS account than this one'
            cand --profile 'AWS profile'
            cand --region 'AWS region'
            cand --config 'Settings file [default: k8sport.toml in the current folder, if it is there]'
            cand --output 'What stdout gets'
            cand --timeout 'Limit for the whole command, such as 90s or 15m [default: 15m]'
            cand --dry-run 'Show the plan and change nothing'
            cand --exit-code 'With --dry-run: exit with 5 when the plan has changes'
            cand -y 'Apply without asking; needed where there is no terminal'
            cand --yes 'Apply without asking; needed where there is no terminal'
            cand -v 'More on stderr; twice for the AWS calls'
            cand --verbose 'More on stderr; twice for the AWS calls'
            cand -q 'No progress on stderr'
            cand --quiet 'No progress on stderr'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'k8sport;iam-policy'= {
            cand --cluster 'The cluster''s name, as kOps knows it'
            cand --zone 'The applications'' public hosted zone [default: read from Route 53]'
            cand --zone-id 'The zone''s id [default: read from Route 53]'
            cand --host 'A host below the zone with a record of its own besides the wildcard; may be repeated'
            cand --account 'Refuse to work in any other AWS account than this one'
            cand --profile 'AWS profile'
            cand --region 'AWS region'
            cand --config 'Settings file [default: k8sport.toml in the current folder, if it is there]'
            cand --no-secondary-ip 'Go without a second address: HTTP on port 80 of the node''s own, HTTPS on port 30443 only'
            cand --without-secondary-ip 'Go without a second address: HTTP on port 80 of the node''s own, HTTPS on port 30443 only'
            cand --with-secondary-ip 'The default; accepted for the sake of existing scripts'
            cand --placeholders 'Print ACCOUNT, REGION, CLUSTER, ZONE and ZONE_ID for what is left open, instead of reading it from AWS'
            cand --explain 'List the actions and when each is needed, in place of the policy'
            cand -h 'Print help'
            cand --help 'Print help'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'k8sport;diagnose'= {
            cand --explain 'Tell what a check looks at and why it matters, and stop; without CHECK, list all'
            cand --host 'A host to look at besides those of the cluster''s Ingress objects; may be repeated'
            cand --private-source 'Sources that may reach api.internal.<cluster> through HAProxy [default: the private ranges of RFC 1918 and RFC 6598]'
            cand --cluster 'The cluster''s name, as kOps knows it'
            cand --zone 'The applications'' public hosted zone [default: the longest one that contains the cluster''s name]'
            cand --instance-id 'The node, where the cluster''s tags fit several instances'
            cand --account 'Refuse to work in any other AWS account than this one'
            cand --profile 'AWS profile'
            cand --region 'AWS region'
            cand --config 'Settings file [default: k8sport.toml in the current folder, if it is there]'
            cand --ssh-user 'Login user [default: by the node''s image]'
            cand --ssh-key 'Private key [default: ~/.ssh/kops-key if it is there, else your agent and SSH configuration]'
            cand --ssh-host 'Address to connect to [default: the node''s primary public address]'
            cand --ssh-port 'Port to connect to [default: 22]'
            cand --host-key-fingerprint 'The node''s host key, as `ssh-keygen -l` prints it [default: pinned before, or from the EC2 console output]'
            cand --output 'What stdout gets'
            cand --timeout 'Limit for the whole command, such as 90s or 15m [default: 15m]'
            cand --fix 'Run what repairs the findings, after showing it, as bootstrap would'
            cand --short 'A line a finding'
            cand --strict 'Warnings are failures, too'
            cand --dry-run 'With --fix: show the plan and change nothing'
            cand -y 'With --fix: apply without asking; needed where there is no terminal'
            cand --yes 'With --fix: apply without asking; needed where there is no terminal'
            cand --no-secondary-ip 'Go without a second address: HTTP on port 80 of the node''s own, HTTPS on port 30443 only'
            cand --without-secondary-ip 'Go without a second address: HTTP on port 80 of the node''s own, HTTPS on port 30443 only'
            cand --with-secondary-ip 'The default; accepted for the sake of existing scripts'
            cand --route-api 'Also route the SNI api.<cluster> to the API server, from anywhere'
            cand --accept-new-host-key 'Trust and pin the key that the node shows first'
            cand -v 'Everything, also what is fine; twice and three times for logs on stderr'
            cand --verbose 'Everything, also what is fine; twice and three times for logs on stderr'
            cand -q 'No progress on stderr'
            cand --quiet 'No progress on stderr'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'k8sport;status'= {
            cand --host 'A host to look at besides those of the cluster''s Ingress objects; may be repeated'
            cand --private-source 'Sources that may reach api.internal.<cluster> through HAProxy [default: the private ranges of RFC 1918 and RFC 6598]'
            cand --cluster 'The cluster''s name, as kOps knows it'
            cand --zone 'The applications'' public hosted zone [default: the longest one that contains the cluster''s name]'
            cand --instance-id 'The node, where the cluster''s tags fit several instances'
            cand --account 'Refuse to work in any other AWS account than this one'
            cand --profile 'AWS profile'
            cand --region 'AWS region'
            cand --config 'Settings file [default: k8sport.toml in the current folder, if it is there]'
            cand --ssh-user 'Login user [default: by the node''s image]'
            cand --ssh-key 'Private key [default: ~/.ssh/kops-key if it is there, else your agent and SSH configuration]'
            cand --ssh-host 'Address to connect to [default: the node''s primary public address]'
            cand --ssh-port 'Port to connect to [default: 22]'
            cand --host-key-fingerprint 'The node''s host key, as `ssh-keygen -l` prints it [default: pinned before, or from the EC2 console output]'
            cand --output 'What stdout gets'
            cand --timeout 'Limit for the whole command, such as 90s or 15m [default: 15m]'
            cand --no-secondary-ip 'Go without a second address: HTTP on port 80 of the node''s own, HTTPS on port 30443 only'
            cand --without-secondary-ip 'Go without a second address: HTTP on port 80 of the node''s own, HTTPS on port 30443 only'
            cand --with-secondary-ip 'The default; accepted for the sake of existing scripts'
            cand --route-api 'Also route the SNI api.<cluster> to the API server, from anywhere'
            cand --accept-new-host-key 'Trust and pin the key that the node shows first'
            cand -v 'Everything, also what is fine; twice and three times for logs on stderr'
            cand --verbose 'Everything, also what is fine; twice and three times for logs on stderr'
            cand -q 'No progress on stderr'
            cand --quiet 'No progress on stderr'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'k8sport;completions'= {
            cand -h 'Print help'
            cand --help 'Print help'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'k8sport;man'= {
            cand -h 'Print help'
            cand --help 'Print help'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'k8sport;help'= {
            cand bootstrap 'Do the whole job on an existing cluster: secondary IP, HAProxy and DNS, then look from outside'
            cand setup-secondary-ip 'Give the node a second address: Elastic IP, secondary private IP, security group, NAT on the node'
            cand setup-haproxy 'Run our own HAProxy instance on the node, which routes 443 and 80 of the second address to the ingress'
            cand update-dns 'Point the wildcard record of the applications'' zone at the Elastic IP'
            cand cleanup 'Remove what k8sport made for a cluster, and nothing else'
            cand ecr 'Look after the image repositories in ECR'
            cand quota 'Show the region''s Elastic IPs against their quota, and ask for more of them'
            cand iam-policy 'Print the IAM policy that commands need: exactly their actions, on this account, cluster and zone'
            cand diagnose 'What is wrong, why, and what to do: looks at account, node, DNS and from outside, and changes nothing'
            cand status 'Who has which address and port, where names lead, what works right now, what it costs'
            cand completions 'Print a completion script for your shell'
            cand man 'Write the man pages into a folder'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'k8sport;help;bootstrap'= {
        }
        &'k8sport;help;setup-secondary-ip'= {
        }
        &'k8sport;help;setup-haproxy'= {
        }
        &'k8sport;help;update-dns'= {
        }
        &'k8sport;help;cleanup'= {
        }
        &'k8sport;help;ecr'= {
            cand prune 'Delete old images: of each named repository the newest stay'
        }
        &'k8sport;help;ecr;prune'= {
        }
        &'k8sport;help;quota'= {
        }
        &'k8sport;help;iam-policy'= {
        }
        &'k8sport;help;diagnose'= {
        }
        &'k8sport;help;status'= {
        }
        &'k8sport;help;completions'= {
        }
        &'k8sport;help;man'= {
        }
        &'k8sport;help;help'= {
        }
    ]
    $completions[$command]
}


using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'k8sport' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'k8sport'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'k8sport' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('bootstrap', 'bootstrap', [CompletionResultType]::ParameterValue, 'Do the whole job: secondary IP, HAProxy and DNS, then look from outside; makes the cluster where there is none')
            [CompletionResult]::new('setup-secondary-ip', 'setup-secondary-ip', [CompletionResultType]::ParameterValue, 'Give the node a second address: Elastic IP, secondary private IP, security group, NAT on the node')
            [CompletionResult]::new('setup-haproxy', 'setup-haproxy', [CompletionResultType]::ParameterValue, 'Run our own HAProxy instance on the node, which routes 443 and 80 of the second address to the ingress')
            [CompletionResult]::new('update-dns', 'update-dns', [CompletionResultType]::ParameterValue, 'Point the wildcard record of the applications'' zone at the Elastic IP')
            [CompletionResult]::new('cleanup', 'cleanup', [CompletionResultType]::ParameterValue, 'Remove what k8sport made for a cluster, and nothing else')
            [CompletionResult]::new('teardown', 'teardown', [CompletionResultType]::ParameterValue, 'Delete the whole cluster with everything that belongs to it, and say what is left')
            [CompletionResult]::new('ecr', 'ecr', [CompletionResultType]::ParameterValue, 'Look after the image repositories in ECR')
            [CompletionResult]::new('quota', 'quota', [CompletionResultType]::ParameterValue, 'Show the region''s Elastic IPs against their quota, and ask for more of them')
            [CompletionResult]::new('iam-policy', 'iam-policy', [CompletionResultType]::ParameterValue, 'Print the IAM policy that commands need: exactly their actions, on this account, cluster and zone')
            [CompletionResult]::new('diagnose', 'diagnose', [CompletionResultType]::ParameterValue, 'What is wrong, why, and what to do: looks at account, node, DNS and from outside, and changes nothing')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Who has which address and port, where names lead, what works right now, what it costs')
            [CompletionResult]::new('toggle-https-redirect', 'toggle-https-redirect', [CompletionResultType]::ParameterValue, 'Turn the redirect from HTTP to HTTPS off for a while, and back to what it was')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a completion script for your shell')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Write the man pages into a folder')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'k8sport;bootstrap' {
            [CompletionResult]::new('--elastic-ip', '--elastic-ip', [CompletionResultType]::ParameterName, 'Use this Elastic IP of yours (address or allocation id) instead of allocating one; it is never released')
            [CompletionResult]::new('--allocation-id', '--allocation-id', [CompletionResultType]::ParameterName, 'The same, by allocation id')
            [CompletionResult]::new('--reuse-eip', '--reuse-eip', [CompletionResultType]::ParameterName, 'When to use a free, untagged Elastic IP instead of a new one [default: at-limit]')
            [CompletionResult]::new('--private-source', '--private-source', [CompletionResultType]::ParameterName, 'Sources that may reach api.internal.<cluster> through HAProxy [default: the private ranges of RFC 1918 and RFC 6598]')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'A host below the zone that gets a record of its own besides the wildcard; may be repeated')
            [CompletionResult]::new('--state-store', '--state-store', [CompletionResultType]::ParameterName, 'Where kOps keeps the cluster''s specification, such as s3://example-com-kops-state; created if it is missing')
            [CompletionResult]::new('--from-spec', '--from-spec', [CompletionResultType]::ParameterName, 'Use this specification instead of ours; `--save-spec` writes one to start from')
            [CompletionResult]::new('--save-spec', '--save-spec', [CompletionResultType]::ParameterName, 'Also write the specification into this file, with --dry-run too')
            [CompletionResult]::new('--instance-type', '--instance-type', [CompletionResultType]::ParameterName, 'The node''s instance type [default: t3.medium]')
            [CompletionResult]::new('--availability-zone', '--availability-zone', [CompletionResultType]::ParameterName, 'Where the node is to be [default: the first of the region that has the instance type]')
            [CompletionResult]::new('--kubernetes-version', '--kubernetes-version', [CompletionResultType]::ParameterName, 'Kubernetes version [default: what kOps'' stable channel recommends]')
            [CompletionResult]::new('--networking', '--networking', [CompletionResultType]::ParameterName, 'The cluster''s network [default: calico]')
            [CompletionResult]::new('--image', '--image', [CompletionResultType]::ParameterName, 'The node''s image, by id or as OWNER/NAME [default: kOps'' choice]')
            [CompletionResult]::new('--api-access', '--api-access', [CompletionResultType]::ParameterName, 'Sources that may reach the API server and SSH; may be repeated [default: 0.0.0.0/0]')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Limit for each of the waits for the new cluster: instance, API server, validation [default: 15m]')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'The cluster''s name, as kOps knows it')
            [CompletionResult]::new('--zone', '--zone', [CompletionResultType]::ParameterName, 'The applications'' public hosted zone [default: the longest one that contains the cluster''s name]')
            [CompletionResult]::new('--instance-id', '--instance-id', [CompletionResultType]::ParameterName, 'The node, where the cluster''s tags fit several instances')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Refuse to work in any other AWS account than this one')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'AWS profile')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'AWS region')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Settings file [default: k8sport.toml in the current folder, if it is there]')
            [CompletionResult]::new('--ssh-user', '--ssh-user', [CompletionResultType]::ParameterName, 'Login user [default: by the node''s image]')
            [CompletionResult]::new('--ssh-key', '--ssh-key', [CompletionResultType]::ParameterName, 'Private key [default: ~/.ssh/kops-key if it is there, else your agent and SSH configuration]')
            [CompletionResult]::new('--ssh-host', '--ssh-host', [CompletionResultType]::ParameterName, 'Address to connect to [default: the node''s primary public address]')
            [CompletionResult]::new('--ssh-port', '--ssh-port', [CompletionResultType]::ParameterName, 'Port to connect to [default: 22]')
            [CompletionResult]::new('--host-key-fingerprint', '--host-key-fingerprint', [CompletionResultType]::ParameterName, 'The node''s host key, as `ssh-keygen -l` prints it [default: pinned before, or from the EC2 console output]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'What stdout gets')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Limit for the whole command, such as 90s or 15m [default: 15m]')
            [CompletionResult]::new('--no-secondary-ip', '--no-secondary-ip', [CompletionResultType]::ParameterName, 'Go without a second address: HTTP on port 80 of the node''s own, HTTPS on port 30443 only')
            [CompletionResult]::new('--without-secondary-ip', '--without-secondary-ip', [CompletionResultType]::ParameterName, 'Go without a second address: HTTP on port 80 of the node''s own, HTTPS on port 30443 only')
            [CompletionResult]::new('--with-secondary-ip', '--with-secondary-ip', [CompletionResultType]::ParameterName, 'The default; accepted for the sake of existing scripts')
            [CompletionResult]::new('--skip-allocate', '--skip-allocate', [CompletionResultType]::ParameterName, 'Never allocate an Elastic IP')
            [CompletionResult]::new('--route-api', '--route-api', [CompletionResultType]::ParameterName, 'Also route the SNI api.<cluster> to the API server, from anywhere')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Overwrite records whose present value is unknown to us')
            [CompletionResult]::new('--skip-cert-manager', '--skip-cert-manager', [CompletionResultType]::ParameterName, 'Leave out cert-manager, which kOps installs otherwise')
            [CompletionResult]::new('--skip-prerequisites', '--skip-prerequisites', [CompletionResultType]::ParameterName, 'Don''t look first whether everything that is needed is there')
            [CompletionResult]::new('--accept-new-host-key', '--accept-new-host-key', [CompletionResultType]::ParameterName, 'Trust and pin the key that the node shows first')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the plan and change nothing')
            [CompletionResult]::new('--exit-code', '--exit-code', [CompletionResultType]::ParameterName, 'With --dry-run: exit with 5 when the plan has changes')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Apply without asking; needed where there is no terminal')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Apply without asking; needed where there is no terminal')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'More on stderr; twice for the AWS calls')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'More on stderr; twice for the AWS calls')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No progress on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No progress on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'k8sport;setup-secondary-ip' {
            [CompletionResult]::new('--elastic-ip', '--elastic-ip', [CompletionResultType]::ParameterName, 'Use this Elastic IP of yours (address or allocation id) instead of allocating one; it is never released')
            [CompletionResult]::new('--allocation-id', '--allocation-id', [CompletionResultType]::ParameterName, 'The same, by allocation id')
            [CompletionResult]::new('--reuse-eip', '--reuse-eip', [CompletionResultType]::ParameterName, 'When to use a free, untagged Elastic IP instead of a new one [default: at-limit]')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'The cluster''s name, as kOps knows it')
            [CompletionResult]::new('--zone', '--zone', [CompletionResultType]::ParameterName, 'The applications'' public hosted zone [default: the longest one that contains the cluster''s name]')
            [CompletionResult]::new('--instance-id', '--instance-id', [CompletionResultType]::ParameterName, 'The node, where the cluster''s tags fit several instances')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Refuse to work in any other AWS account than this one')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'AWS profile')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'AWS region')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Settings file [default: k8sport.toml in the current folder, if it is there]')
            [CompletionResult]::new('--ssh-user', '--ssh-user', [CompletionResultType]::ParameterName, 'Login user [default: by the node''s image]')
            [CompletionResult]::new('--ssh-key', '--ssh-key', [CompletionResultType]::ParameterName, 'Private key [default: ~/.ssh/kops-key if it is there, else your agent and SSH configuration]')
            [CompletionResult]::new('--ssh-host', '--ssh-host', [CompletionResultType]::ParameterName, 'Address to connect to [default: the node''s primary public address]')
            [CompletionResult]::new('--ssh-port', '--ssh-port', [CompletionResultType]::ParameterName, 'Port to connect to [default: 22]')
            [CompletionResult]::new('--host-key-fingerprint', '--host-key-fingerprint', [CompletionResultType]::ParameterName, 'The node''s host key, as `ssh-keygen -l` prints it [default: pinned before, or from the EC2 console output]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'What stdout gets')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Limit for the whole command, such as 90s or 15m [default: 15m]')
            [CompletionResult]::new('--skip-allocate', '--skip-allocate', [CompletionResultType]::ParameterName, 'Never allocate an Elastic IP')
            [CompletionResult]::new('--accept-new-host-key', '--accept-new-host-key', [CompletionResultType]::ParameterName, 'Trust and pin the key that the node shows first')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the plan and change nothing')
            [CompletionResult]::new('--exit-code', '--exit-code', [CompletionResultType]::ParameterName, 'With --dry-run: exit with 5 when the plan has changes')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Apply without asking; needed where there is no terminal')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Apply without asking; needed where there is no terminal')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'More on stderr; twice for the AWS calls')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'More on stderr; twice for the AWS calls')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No progress on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No progress on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'k8sport;setup-haproxy' {
            [CompletionResult]::new('--private-source', '--private-source', [CompletionResultType]::ParameterName, 'Sources that may reach api.internal.<cluster> through HAProxy [default: the private ranges of RFC 1918 and RFC 6598]')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'The cluster''s name, as kOps knows it')
            [CompletionResult]::new('--zone', '--zone', [CompletionResultType]::ParameterName, 'The applications'' public hosted zone [default: the longest one that contains the cluster''s name]')
            [CompletionResult]::new('--instance-id', '--instance-id', [CompletionResultType]::ParameterName, 'The node, where the cluster''s tags fit several instances')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Refuse to work in any other AWS account than this one')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'AWS profile')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'AWS region')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Settings file [default: k8sport.toml in the current folder, if it is there]')
            [CompletionResult]::new('--ssh-user', '--ssh-user', [CompletionResultType]::ParameterName, 'Login user [default: by the node''s image]')
            [CompletionResult]::new('--ssh-key', '--ssh-key', [CompletionResultType]::ParameterName, 'Private key [default: ~/.ssh/kops-key if it is there, else your agent and SSH configuration]')
            [CompletionResult]::new('--ssh-host', '--ssh-host', [CompletionResultType]::ParameterName, 'Address to connect to [default: the node''s primary public address]')
            [CompletionResult]::new('--ssh-port', '--ssh-port', [CompletionResultType]::ParameterName, 'Port to connect to [default: 22]')
            [CompletionResult]::new('--host-key-fingerprint', '--host-key-fingerprint', [CompletionResultType]::ParameterName, 'The node''s host key, as `ssh-keygen -l` prints it [default: pinned before, or from the EC2 console output]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'What stdout gets')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Limit for the whole command, such as 90s or 15m [default: 15m]')
            [CompletionResult]::new('--no-secondary-ip', '--no-secondary-ip', [CompletionResultType]::ParameterName, 'Go without a second address: HTTP on port 80 of the node''s own, HTTPS on port 30443 only')
            [CompletionResult]::new('--without-secondary-ip', '--without-secondary-ip', [CompletionResultType]::ParameterName, 'Go without a second address: HTTP on port 80 of the node''s own, HTTPS on port 30443 only')
            [CompletionResult]::new('--with-secondary-ip', '--with-secondary-ip', [CompletionResultType]::ParameterName, 'The default; accepted for the sake of existing scripts')
            [CompletionResult]::new('--route-api', '--route-api', [CompletionResultType]::ParameterName, 'Also route the SNI api.<cluster> to the API server, from anywhere')
            [CompletionResult]::new('--accept-new-host-key', '--accept-new-host-key', [CompletionResultType]::ParameterName, 'Trust and pin the key that the node shows first')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the plan and change nothing')
            [CompletionResult]::new('--exit-code', '--exit-code', [CompletionResultType]::ParameterName, 'With --dry-run: exit with 5 when the plan has changes')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Apply without asking; needed where there is no terminal')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Apply without asking; needed where there is no terminal')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'More on stderr; twice for the AWS calls')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'More on stderr; twice for the AWS calls')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No progress on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No progress on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'k8sport;update-dns' {
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'A host below the zone that gets a record of its own besides the wildcard; may be repeated')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'The cluster''s name, as kOps knows it')
            [CompletionResult]::new('--zone', '--zone', [CompletionResultType]::ParameterName, 'The applications'' public hosted zone [default: the longest one that contains the cluster''s name]')
            [CompletionResult]::new('--instance-id', '--instance-id', [CompletionResultType]::ParameterName, 'The node, where the cluster''s tags fit several instances')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Refuse to work in any other AWS account than this one')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'AWS profile')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'AWS region')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Settings file [default: k8sport.toml in the current folder, if it is there]')
            [CompletionResult]::new('--ssh-user', '--ssh-user', [CompletionResultType]::ParameterName, 'Login user [default: by the node''s image]')
            [CompletionResult]::new('--ssh-key', '--ssh-key', [CompletionResultType]::ParameterName, 'Private key [default: ~/.ssh/kops-key if it is there, else your agent and SSH configuration]')
            [CompletionResult]::new('--ssh-host', '--ssh-host', [CompletionResultType]::ParameterName, 'Address to connect to [default: the node''s primary public address]')
            [CompletionResult]::new('--ssh-port', '--ssh-port', [CompletionResultType]::ParameterName, 'Port to connect to [default: 22]')
            [CompletionResult]::new('--host-key-fingerprint', '--host-key-fingerprint', [CompletionResultType]::ParameterName, 'The node''s host key, as `ssh-keygen -l` prints it [default: pinned before, or from the EC2 console output]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'What stdout gets')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Limit for the whole command, such as 90s or 15m [default: 15m]')
            [CompletionResult]::new('--no-secondary-ip', '--no-secondary-ip', [CompletionResultType]::ParameterName, 'Go without a second address: HTTP on port 80 of the node''s own, HTTPS on port 30443 only')
            [CompletionResult]::new('--without-secondary-ip', '--without-secondary-ip', [CompletionResultType]::ParameterName, 'Go without a second address: HTTP on port 80 of the node''s own, HTTPS on port 30443 only')
            [CompletionResult]::new('--with-secondary-ip', '--with-secondary-ip', [CompletionResultType]::ParameterName, 'The default; accepted for the sake of existing scripts')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Overwrite records whose present value is unknown to us')
            [CompletionResult]::new('--accept-new-host-key', '--accept-new-host-key', [CompletionResultType]::ParameterName, 'Trust and pin the key that the node shows first')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the plan and change nothing')
            [CompletionResult]::new('--exit-code', '--exit-code', [CompletionResultType]::ParameterName, 'With --dry-run: exit with 5 when the plan has changes')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Apply without asking; needed where there is no terminal')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Apply without asking; needed where there is no terminal')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'More on stderr; twice for the AWS calls')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'More on stderr; twice for the AWS calls')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No progress on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No progress on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'k8sport;cleanup' {
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'The cluster''s name, as kOps knows it')
            [CompletionResult]::new('--zone', '--zone', [CompletionResultType]::ParameterName, 'The applications'' public hosted zone [default: the longest one that contains the cluster''s name]')
            [CompletionResult]::new('--instance-id', '--instance-id', [CompletionResultType]::ParameterName, 'The node, where the cluster''s tags fit several instances')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Refuse to work in any other AWS account than this one')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'AWS profile')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'AWS region')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Settings file [default: k8sport.toml in the current folder, if it is there]')
            [CompletionResult]::new('--ssh-user', '--ssh-user', [CompletionResultType]::ParameterName, 'Login user [default: by the node''s image]')
            [CompletionResult]::new('--ssh-key', '--ssh-key', [CompletionResultType]::ParameterName, 'Private key [default: ~/.ssh/kops-key if it is there, else your agent and SSH configuration]')
            [CompletionResult]::new('--ssh-host', '--ssh-host', [CompletionResultType]::ParameterName, 'Address to connect to [default: the node''s primary public address]')
            [CompletionResult]::new('--ssh-port', '--ssh-port', [CompletionResultType]::ParameterName, 'Port to connect to [default: 22]')
            [CompletionResult]::new('--host-key-fingerprint', '--host-key-fingerprint', [CompletionResultType]::ParameterName, 'The node''s host key, as `ssh-keygen -l` prints it [default: pinned before, or from the EC2 console output]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'What stdout gets')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Limit for the whole command, such as 90s or 15m [default: 15m]')
            [CompletionResult]::new('--skip-node', '--skip-node', [CompletionResultType]::ParameterName, 'Leave the node as it is, for example because it can''t be reached')
            [CompletionResult]::new('--purge-packages', '--purge-packages', [CompletionResultType]::ParameterName, 'Also purge the packages that k8sport installed on the node')
            [CompletionResult]::new('--release-unassociated', '--release-unassociated', [CompletionResultType]::ParameterName, 'Afterwards offer to release each free Elastic IP of the region that isn''t ours; every one has to be confirmed by typing its address')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'The same as --yes')
            [CompletionResult]::new('--accept-new-host-key', '--accept-new-host-key', [CompletionResultType]::ParameterName, 'Trust and pin the key that the node shows first')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the plan and change nothing')
            [CompletionResult]::new('--exit-code', '--exit-code', [CompletionResultType]::ParameterName, 'With --dry-run: exit with 5 when the plan has changes')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Apply without asking; needed where there is no terminal')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Apply without asking; needed where there is no terminal')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'More on stderr; twice for the AWS calls')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'More on stderr; twice for the AWS calls')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No progress on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No progress on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'k8sport;teardown' {
            [CompletionResult]::new('--state-store', '--state-store', [CompletionResultType]::ParameterName, 'Where kOps keeps the cluster')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Where kOps keeps the cluster')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'The cluster''s name once more: confirms the teardown where there is no terminal. --yes doesn''t, it only answers the questions about repositories, the state store and local files')
            [CompletionResult]::new('--ecr-repositories', '--ecr-repositories', [CompletionResultType]::ParameterName, 'Also delete these image repositories with all their images')
            [CompletionResult]::new('--ecr-prefix', '--ecr-prefix', [CompletionResultType]::ParameterName, 'Also delete all image repositories whose names begin with this')
            [CompletionResult]::new('--kubeconfig', '--kubeconfig', [CompletionResultType]::ParameterName, 'Where the cluster''s context is, under the cluster''s name [default: ~/.kube/config]')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'The cluster''s name, as kOps knows it')
            [CompletionResult]::new('--zone', '--zone', [CompletionResultType]::ParameterName, 'The applications'' public hosted zone [default: the longest one that contains the cluster''s name]')
            [CompletionResult]::new('--instance-id', '--instance-id', [CompletionResultType]::ParameterName, 'The node, where the cluster''s tags fit several instances')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Refuse to work in any other AWS account than this one')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'AWS profile')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'AWS region')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Settings file [default: k8sport.toml in the current folder, if it is there]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'What stdout gets')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Limit for the whole command, such as 90s or 15m [default: 15m]')
            [CompletionResult]::new('--delete-state-store', '--delete-state-store', [CompletionResultType]::ParameterName, 'Also delete all versions of the cluster''s state, and the bucket if nothing else is in it')
            [CompletionResult]::new('--delete-local-config', '--delete-local-config', [CompletionResultType]::ParameterName, 'Also delete what k8sport made on this machine: the node''s pinned host key, and ~/.ssh/kops-key if bootstrap made it. kOps itself takes the cluster out of the kubeconfig')
            [CompletionResult]::new('--skip-applications', '--skip-applications', [CompletionResultType]::ParameterName, 'Don''t delete the applications'' namespaces first, for example because the API server can''t be reached')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the plan and change nothing')
            [CompletionResult]::new('--exit-code', '--exit-code', [CompletionResultType]::ParameterName, 'With --dry-run: exit with 5 when the plan has changes')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Apply without asking; needed where there is no terminal')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Apply without asking; needed where there is no terminal')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'More on stderr; twice for the AWS calls')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'More on stderr; twice for the AWS calls')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No progress on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No progress on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'k8sport;ecr' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('prune', 'prune', [CompletionResultType]::ParameterValue, 'Delete old images: of each named repository the newest stay')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'k8sport;ecr;prune' {
            [CompletionResult]::new('--repositories', '--repositories', [CompletionResultType]::ParameterName, 'These repositories')
            [CompletionResult]::new('--prefix', '--prefix', [CompletionResultType]::ParameterName, 'All repositories whose names begin with this')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Also keep what this cluster''s workloads use, by its context in the kubeconfig; may be repeated')
            [CompletionResult]::new('--kubeconfig', '--kubeconfig', [CompletionResultType]::ParameterName, 'Where the contexts are [default: ~/.kube/config]')
            [CompletionResult]::new('--keep', '--keep', [CompletionResultType]::ParameterName, 'How many images of each repository stay')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Refuse to work in any other AWS account than this one')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'AWS profile')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'AWS region')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Settings file [default: k8sport.toml in the current folder, if it is there]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'What stdout gets')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Limit for the whole command, such as 90s or 15m [default: 15m]')
            [CompletionResult]::new('--lifecycle-policy', '--lifecycle-policy', [CompletionResultType]::ParameterName, 'Also give each repository a lifecycle policy that keeps as many from now on, unless it has one')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'With --lifecycle-policy: replace a policy that is there')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the plan and change nothing')
            [CompletionResult]::new('--exit-code', '--exit-code', [CompletionResultType]::ParameterName, 'With --dry-run: exit with 5 when the plan has changes')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Apply without asking; needed where there is no terminal')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Apply without asking; needed where there is no terminal')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'More on stderr; twice for the AWS calls')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'More on stderr; twice for the AWS calls')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No progress on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No progress on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'k8sport;ecr;help' {
            [CompletionResult]::new('prune', 'prune', [CompletionResultType]::ParameterValue, 'Delete old images: of each named repository the newest stay')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'k8sport;ecr;help;prune' {
            break
        }
        'k8sport;ecr;help;help' {
            break
        }
        'k8sport;quota' {
            [CompletionResult]::new('--request', '--request', [CompletionResultType]::ParameterName, 'Ask AWS to raise the quota to N addresses; a request that is open already is shown instead of making a second')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Refuse to work in any other AWS account than this one')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'AWS profile')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'AWS region')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Settings file [default: k8sport.toml in the current folder, if it is there]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'What stdout gets')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Limit for the whole command, such as 90s or 15m [default: 15m]')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the plan and change nothing')
            [CompletionResult]::new('--exit-code', '--exit-code', [CompletionResultType]::ParameterName, 'With --dry-run: exit with 5 when the plan has changes')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Apply without asking; needed where there is no terminal')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Apply without asking; needed where there is no terminal')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'More on stderr; twice for the AWS calls')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'More on stderr; twice for the AWS calls')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No progress on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No progress on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'k8sport;iam-policy' {
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'The cluster''s name, as kOps knows it')
            [CompletionResult]::new('--zone', '--zone', [CompletionResultType]::ParameterName, 'The applications'' public hosted zone [default: read from Route 53]')
            [CompletionResult]::new('--zone-id', '--zone-id', [CompletionResultType]::ParameterName, 'The zone''s id [default: read from Route 53]')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'A host below the zone with a record of its own besides the wildcard; may be repeated')
            [CompletionResult]::new('--state-store', '--state-store', [CompletionResultType]::ParameterName, 'Where kOps keeps the specification of clusters, for create-cluster')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Refuse to work in any other AWS account than this one')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'AWS profile')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'AWS region')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Settings file [default: k8sport.toml in the current folder, if it is there]')
            [CompletionResult]::new('--no-secondary-ip', '--no-secondary-ip', [CompletionResultType]::ParameterName, 'Go without a second address: HTTP on port 80 of the node''s own, HTTPS on port 30443 only')
            [CompletionResult]::new('--without-secondary-ip', '--without-secondary-ip', [CompletionResultType]::ParameterName, 'Go without a second address: HTTP on port 80 of the node''s own, HTTPS on port 30443 only')
            [CompletionResult]::new('--with-secondary-ip', '--with-secondary-ip', [CompletionResultType]::ParameterName, 'The default; accepted for the sake of existing scripts')
            [CompletionResult]::new('--placeholders', '--placeholders', [CompletionResultType]::ParameterName, 'Print ACCOUNT, REGION, CLUSTER, ZONE, ZONE_ID and STATE_STORE for what is left open, instead of reading it from AWS')
            [CompletionResult]::new('--explain', '--explain', [CompletionResultType]::ParameterName, 'List the actions and when each is needed, in place of the policy')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'k8sport;diagnose' {
            [CompletionResult]::new('--explain', '--explain', [CompletionResultType]::ParameterName, 'Tell what a check looks at and why it matters, and stop; without CHECK, list all')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'A host to look at besides those of the cluster''s Ingress objects; may be repeated')
            [CompletionResult]::new('--private-source', '--private-source', [CompletionResultType]::ParameterName, 'Sources that may reach api.internal.<cluster> through HAProxy [default: the private ranges of RFC 1918 and RFC 6598]')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'The cluster''s name, as kOps knows it')
            [CompletionResult]::new('--zone', '--zone', [CompletionResultType]::ParameterName, 'The applications'' public hosted zone [default: the longest one that contains the cluster''s name]')
            [CompletionResult]::new('--instance-id', '--instance-id', [CompletionResultType]::ParameterName, 'The node, where the cluster''s tags fit several instances')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Refuse to work in any other AWS account than this one')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'AWS profile')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'AWS region')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Settings file [default: k8sport.toml in the current folder, if it is there]')
            [CompletionResult]::new('--ssh-user', '--ssh-user', [CompletionResultType]::ParameterName, 'Login user [default: by the node''s image]')
            [CompletionResult]::new('--ssh-key', '--ssh-key', [CompletionResultType]::ParameterName, 'Private key [default: ~/.ssh/kops-key if it is there, else your agent and SSH configuration]')
            [CompletionResult]::new('--ssh-host', '--ssh-host', [CompletionResultType]::ParameterName, 'Address to connect to [default: the node''s primary public address]')
            [CompletionResult]::new('--ssh-port', '--ssh-port', [CompletionResultType]::ParameterName, 'Port to connect to [default: 22]')
            [CompletionResult]::new('--host-key-fingerprint', '--host-key-fingerprint', [CompletionResultType]::ParameterName, 'The node''s host key, as `ssh-keygen -l` prints it [default: pinned before, or from the EC2 console output]')
            [CompletionResult]::new('--kubeconfig', '--kubeconfig', [CompletionResultType]::ParameterName, 'Kubeconfig [default: ~/.kube/config]')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Context of the kubeconfig [default: its current one]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'What stdout gets')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Limit for the whole command, such as 90s or 15m [default: 15m]')
            [CompletionResult]::new('--fix', '--fix', [CompletionResultType]::ParameterName, 'Run what repairs the findings, after showing it, as bootstrap would')
            [CompletionResult]::new('--short', '--short', [CompletionResultType]::ParameterName, 'A line a finding')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'Warnings are failures, too')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'With --fix: show the plan and change nothing')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'With --fix: apply without asking; needed where there is no terminal')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'With --fix: apply without asking; needed where there is no terminal')
            [CompletionResult]::new('--no-secondary-ip', '--no-secondary-ip', [CompletionResultType]::ParameterName, 'Go without a second address: HTTP on port 80 of the node''s own, HTTPS on port 30443 only')
            [CompletionResult]::new('--without-secondary-ip', '--without-secondary-ip', [CompletionResultType]::ParameterName, 'Go without a second address: HTTP on port 80 of the node''s own, HTTPS on port 30443 only')
            [CompletionResult]::new('--with-secondary-ip', '--with-secondary-ip', [CompletionResultType]::ParameterName, 'The default; accepted for the sake of existing scripts')
            [CompletionResult]::new('--route-api', '--route-api', [CompletionResultType]::ParameterName, 'Also route the SNI api.<cluster> to the API server, from anywhere')
            [CompletionResult]::new('--accept-new-host-key', '--accept-new-host-key', [CompletionResultType]::ParameterName, 'Trust and pin the key that the node shows first')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Everything, also what is fine; twice and three times for logs on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Everything, also what is fine; twice and three times for logs on stderr')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No progress on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No progress on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'k8sport;status' {
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'A host to look at besides those of the cluster''s Ingress objects; may be repeated')
            [CompletionResult]::new('--private-source', '--private-source', [CompletionResultType]::ParameterName, 'Sources that may reach api.internal.<cluster> through HAProxy [default: the private ranges of RFC 1918 and RFC 6598]')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'The cluster''s name, as kOps knows it')
            [CompletionResult]::new('--zone', '--zone', [CompletionResultType]::ParameterName, 'The applications'' public hosted zone [default: the longest one that contains the cluster''s name]')
            [CompletionResult]::new('--instance-id', '--instance-id', [CompletionResultType]::ParameterName, 'The node, where the cluster''s tags fit several instances')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Refuse to work in any other AWS account than this one')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'AWS profile')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'AWS region')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Settings file [default: k8sport.toml in the current folder, if it is there]')
            [CompletionResult]::new('--ssh-user', '--ssh-user', [CompletionResultType]::ParameterName, 'Login user [default: by the node''s image]')
            [CompletionResult]::new('--ssh-key', '--ssh-key', [CompletionResultType]::ParameterName, 'Private key [default: ~/.ssh/kops-key if it is there, else your agent and SSH configuration]')
            [CompletionResult]::new('--ssh-host', '--ssh-host', [CompletionResultType]::ParameterName, 'Address to connect to [default: the node''s primary public address]')
            [CompletionResult]::new('--ssh-port', '--ssh-port', [CompletionResultType]::ParameterName, 'Port to connect to [default: 22]')
            [CompletionResult]::new('--host-key-fingerprint', '--host-key-fingerprint', [CompletionResultType]::ParameterName, 'The node''s host key, as `ssh-keygen -l` prints it [default: pinned before, or from the EC2 console output]')
            [CompletionResult]::new('--kubeconfig', '--kubeconfig', [CompletionResultType]::ParameterName, 'Kubeconfig [default: ~/.kube/config]')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Context of the kubeconfig [default: its current one]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'What stdout gets')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Limit for the whole command, such as 90s or 15m [default: 15m]')
            [CompletionResult]::new('--no-secondary-ip', '--no-secondary-ip', [CompletionResultType]::ParameterName, 'Go without a second address: HTTP on port 80 of the node''s own, HTTPS on port 30443 only')
            [CompletionResult]::new('--without-secondary-ip', '--without-secondary-ip', [CompletionResultType]::ParameterName, 'Go without a second address: HTTP on port 80 of the node''s own, HTTPS on port 30443 only')
            [CompletionResult]::new('--with-secondary-ip', '--with-secondary-ip', [CompletionResultType]::ParameterName, 'The default; accepted for the sake of existing scripts')
            [CompletionResult]::new('--route-api', '--route-api', [CompletionResultType]::ParameterName, 'Also route the SNI api.<cluster> to the API server, from anywhere')
            [CompletionResult]::new('--accept-new-host-key', '--accept-new-host-key', [CompletionResultType]::ParameterName, 'Trust and pin the key that the node shows first')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Everything, also what is fine; twice and three times for logs on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Everything, also what is fine; twice and three times for logs on stderr')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No progress on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No progress on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'k8sport;toggle-https-redirect' {
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'Where HTTP is redirected')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'The applications'' namespace')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'The applications'' namespace')
            [CompletionResult]::new('-l', '-l', [CompletionResultType]::ParameterName, 'Only Ingresses with these labels, as kubectl has it')
            [CompletionResult]::new('--selector', '--selector', [CompletionResultType]::ParameterName, 'Only Ingresses with these labels, as kubectl has it')
            [CompletionResult]::new('--for', '--for', [CompletionResultType]::ParameterName, 'Note for how long it is meant to be off, such as 2h')
            [CompletionResult]::new('--kubeconfig', '--kubeconfig', [CompletionResultType]::ParameterName, 'Kubeconfig [default: ~/.kube/config]')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Context of the kubeconfig [default: its current one]')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'The cluster''s name, as kOps knows it')
            [CompletionResult]::new('--zone', '--zone', [CompletionResultType]::ParameterName, 'The applications'' public hosted zone [default: the longest one that contains the cluster''s name]')
            [CompletionResult]::new('--instance-id', '--instance-id', [CompletionResultType]::ParameterName, 'The node, where the cluster''s tags fit several instances')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Refuse to work in any other AWS account than this one')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'AWS profile')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'AWS region')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Settings file [default: k8sport.toml in the current folder, if it is there]')
            [CompletionResult]::new('--ssh-user', '--ssh-user', [CompletionResultType]::ParameterName, 'Login user [default: by the node''s image]')
            [CompletionResult]::new('--ssh-key', '--ssh-key', [CompletionResultType]::ParameterName, 'Private key [default: ~/.ssh/kops-key if it is there, else your agent and SSH configuration]')
            [CompletionResult]::new('--ssh-host', '--ssh-host', [CompletionResultType]::ParameterName, 'Address to connect to [default: the node''s primary public address]')
            [CompletionResult]::new('--ssh-port', '--ssh-port', [CompletionResultType]::ParameterName, 'Port to connect to [default: 22]')
            [CompletionResult]::new('--host-key-fingerprint', '--host-key-fingerprint', [CompletionResultType]::ParameterName, 'The node''s host key, as `ssh-keygen -l` prints it [default: pinned before, or from the EC2 console output]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'What stdout gets')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Limit for the whole command, such as 90s or 15m [default: 15m]')
            [CompletionResult]::new('--disable-https', '--disable-https', [CompletionResultType]::ParameterName, 'Stop redirecting HTTP to HTTPS, and remember what was there')
            [CompletionResult]::new('--http-only', '--http-only', [CompletionResultType]::ParameterName, 'Stop redirecting HTTP to HTTPS, and remember what was there')
            [CompletionResult]::new('--enable-https', '--enable-https', [CompletionResultType]::ParameterName, 'Put back what was there before; at the edge: redirect')
            [CompletionResult]::new('-A', '-A ', [CompletionResultType]::ParameterName, 'All namespaces')
            [CompletionResult]::new('--all-namespaces', '--all-namespaces', [CompletionResultType]::ParameterName, 'All namespaces')
            [CompletionResult]::new('--accept-new-host-key', '--accept-new-host-key', [CompletionResultType]::ParameterName, 'Trust and pin the key that the node shows first')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the plan and change nothing')
            [CompletionResult]::new('--exit-code', '--exit-code', [CompletionResultType]::ParameterName, 'With --dry-run: exit with 5 when the plan has changes')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Apply without asking; needed where there is no terminal')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Apply without asking; needed where there is no terminal')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'More on stderr; twice for the AWS calls')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'More on stderr; twice for the AWS calls')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No progress on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No progress on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'k8sport;completions' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'k8sport;man' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'k8sport;help' {
            [CompletionResult]::new('bootstrap', 'bootstrap', [CompletionResultType]::ParameterValue, 'Do the whole job: secondary IP, HAProxy and DNS, then look from outside; makes the cluster where there is none')
            [CompletionResult]::new('setup-secondary-ip', 'setup-secondary-ip', [CompletionResultType]::ParameterValue, 'Give the node a second address: Elastic IP, secondary private IP, security group, NAT on the node')
            [CompletionResult]::new('setup-haproxy', 'setup-haproxy', [CompletionResultType]::ParameterValue, 'Run our own HAProxy instance on the node, which routes 443 and 80 of the second address to the ingress')
            [CompletionResult]::new('update-dns', 'update-dns', [CompletionResultType]::ParameterValue, 'Point the wildcard record of the applications'' zone at the Elastic IP')
            [CompletionResult]::new('cleanup', 'cleanup', [CompletionResultType]::ParameterValue, 'Remove what k8sport made for a cluster, and nothing else')
            [CompletionResult]::new('teardown', 'teardown', [CompletionResultType]::ParameterValue, 'Delete the whole cluster with everything that belongs to it, and say what is left')
            [CompletionResult]::new('ecr', 'ecr', [CompletionResultType]::ParameterValue, 'Look after the image repositories in ECR')
            [CompletionResult]::new('quota', 'quota', [CompletionResultType]::ParameterValue, 'Show the region''s Elastic IPs against their quota, and ask for more of them')
            [CompletionResult]::new('iam-policy', 'iam-policy', [CompletionResultType]::ParameterValue, 'Print the IAM policy that commands need: exactly their actions, on this account, cluster and zone')
            [CompletionResult]::new('diagnose', 'diagnose', [CompletionResultType]::ParameterValue, 'What is wrong, why, and what to do: looks at account, node, DNS and from outside, and changes nothing')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Who has which address and port, where names lead, what works right now, what it costs')
            [CompletionResult]::new('toggle-https-redirect', 'toggle-https-redirect', [CompletionResultType]::ParameterValue, 'Turn the redirect from HTTP to HTTPS off for a while, and back to what it was')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a completion script for your shell')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Write the man pages into a folder')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'k8sport;help;bootstrap' {
            break
        }
        'k8sport;help;setup-secondary-ip' {
            break
        }
        'k8sport;help;setup-haproxy' {
            break
        }
        'k8sport;help;update-dns' {
            break
        }
        'k8sport;help;cleanup' {
            break
        }
        'k8sport;help;teardown' {
            break
        }
        'k8sport;help;ecr' {
            [CompletionResult]::new('prune', 'prune', [CompletionResultType]::ParameterValue, 'Delete old images: of each named repository the newest stay')
            break
        }
        'k8sport;help;ecr;prune' {
            break
        }
        'k8sport;help;quota' {
            break
        }
        'k8sport;help;iam-policy' {
            break
        }
        'k8sport;help;diagnose' {
            break
        }
        'k8sport;help;status' {
            break
        }
        'k8sport;help;toggle-https-redirect' {
            break
        }
        'k8sport;help;completions' {
            break
        }
        'k8sport;help;man' {
            break
        }
        'k8sport;help;help' {
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}

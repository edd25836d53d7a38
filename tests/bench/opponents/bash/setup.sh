#!/usr/bin/env bash
# The whole job with the aws command and ssh, as well as bash allows: reads at once, one SSH connection, one script on the
# node, nothing changed that is right already. Needs CLUSTER, ZONE, SSH_KEY.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
: "${CLUSTER:?}" "${ZONE:?}" "${SSH_KEY:?}"
export AWS_PAGER= AWS_RETRY_MODE=standard
work=$(mktemp -d)
socket=$work/ssh
cleanup() { [[ ! -S $socket ]] || ssh -q -S "$socket" -O exit node 2>/dev/null || true; rm -rf "$work"; }
trap cleanup EXIT
say() { printf '%s\n' "$*"; }
die() { say "setup: $*" >&2; exit 1; }

# Reads that need nothing run beside each other; each writes its answer to a file.
read_account() {
    aws ec2 describe-instances --filters "Name=tag:kubernetes.io/cluster/$CLUSTER,Values=owned" Name=tag:k8s.io/role/master,Values=1 \
        Name=instance-state-name,Values=running --query 'Reservations[].Instances[]' --output json >"$work/instances" &
    local instances=$!
    aws ec2 describe-addresses --filters "Name=tag:ingress:cluster,Values=$CLUSTER" --query 'Addresses[]' --output json >"$work/addresses" &
    local addresses=$!
    aws route53 list-hosted-zones-by-name --dns-name "$ZONE" --query "HostedZones[?Name=='$ZONE.' && Config.PrivateZone==\`false\`].Id" --output text >"$work/zone" &
    local zone=$!
    wait $instances; wait $addresses; wait $zone
    (( $(jq length "$work/instances") == 1 )) || die "no single control-plane node of $CLUSTER"
    eni=$(jq -r '.[0].NetworkInterfaces[0].NetworkInterfaceId' "$work/instances")
    primary=$(jq -r '.[0].NetworkInterfaces[0].PrivateIpAddress' "$work/instances")
    host=$(jq -r '.[0].NetworkInterfaces[0].Association.PublicIp' "$work/instances")
    vpc=$(jq -r '.[0].VpcId' "$work/instances")
    groups=$(jq -r '[.[0].NetworkInterfaces[0].Groups[].GroupId] | join(" ")' "$work/instances")
    secondary=$(jq -r '[.[0].NetworkInterfaces[0].PrivateIpAddresses[] | select(.Primary | not) | .PrivateIpAddress][0] // ""' "$work/instances")
    allocation=$(jq -r '.[0].AllocationId // ""' "$work/addresses")
    elastic=$(jq -r '.[0].PublicIp // ""' "$work/addresses")
    associated=$(jq -r '.[0].PrivateIpAddress // ""' "$work/addresses")
    zone_id=$(cut -f1 "$work/zone"); zone_id=${zone_id##*/}
    aws ec2 describe-security-groups --filters "Name=group-name,Values=ingress.$CLUSTER" "Name=vpc-id,Values=$vpc" --query 'SecurityGroups[]' --output json >"$work/group" &
    local group_read=$!
    aws route53 list-resource-record-sets --hosted-zone-id "$zone_id" --query "ResourceRecordSets[?Name=='\\052.$ZONE.' && Type=='A'].ResourceRecords[0].Value" --output text >"$work/record" &
    local record_read=$!
    connect &
    local connected=$!
    wait $group_read; wait $record_read; wait $connected
    group=$(jq -r '.[0].GroupId // ""' "$work/group")
    ports=$(jq -r '[.[0].IpPermissions[]?.FromPort] | sort | join(" ")' "$work/group")
    record=$(tr -d '\n' <"$work/record")
}

connect() {
    ssh -q -M -S "$socket" -f -N -o ControlPersist=60 -o BatchMode=yes -o ConnectTimeout=15 -o StrictHostKeyChecking=accept-new \
        -i "$SSH_KEY" "ubuntu@$host"
}

set_up_address() {
    if [[ -z $allocation ]]; then
        read -r allocation elastic < <(aws ec2 allocate-address --domain vpc --query '[AllocationId,PublicIp]' --output text \
            --tag-specifications "ResourceType=elastic-ip,Tags=[{Key=ingress:cluster,Value=$CLUSTER}]")
        say "allocated $elastic"
    fi
    if [[ -z $secondary ]]; then
        secondary=$(aws ec2 assign-private-ip-addresses --network-interface-id "$eni" --secondary-private-ip-address-count 1 \
            --query 'AssignedPrivateIpAddresses[0].PrivateIpAddress' --output text)
        say "assigned $secondary"
    fi
    if [[ $associated != "$secondary" ]]; then
        aws ec2 associate-address --allocation-id "$allocation" --network-interface-id "$eni" --private-ip-address "$secondary" \
            --no-allow-reassociation --output text >/dev/null
        say "associated $elastic with $secondary"
    fi
    printf '%s\n' "$elastic $secondary" >"$work/front"
}

set_up_firewall() {
    if [[ -z $group ]]; then
        group=$(aws ec2 create-security-group --group-name "ingress.$CLUSTER" --description "applications" --vpc-id "$vpc" --query GroupId --output text)
        say "created $group"
    fi
    if [[ $ports != "443 80" && $ports != "80 443" ]]; then
        aws ec2 authorize-security-group-ingress --group-id "$group" --output text \
            --ip-permissions 'IpProtocol=tcp,FromPort=80,ToPort=80,IpRanges=[{CidrIp=0.0.0.0/0}]' 'IpProtocol=tcp,FromPort=443,ToPort=443,IpRanges=[{CidrIp=0.0.0.0/0}]' >/dev/null
        say "opened 80 and 443"
    fi
    if [[ " $groups " != *" $group "* ]]; then
        # shellcheck disable=SC2086  # a list of words is meant
        aws ec2 modify-network-interface-attribute --network-interface-id "$eni" --groups $groups "$group"
        say "attached $group"
    fi
}

set_up_node() {
    {
        printf 'secondary=%q elastic=%q primary=%q\n' "$secondary" "$elastic" "$primary"
        printf 'files=$(mktemp -d)\nbase64 -d <<END | tar -xz -C "$files"\n'
        tar -cz -C "$here/../files" . | base64
        printf 'END\n'
        cat "$here/node.sh"
    } | ssh -q -S "$socket" node 'sudo -n bash -s'
}

look_from_outside() {
    local issuer tries
    for tries in $(seq 20); do
        issuer=$(timeout 5 openssl s_client -connect "$elastic:443" -servername "probe.$ZONE" </dev/null 2>/dev/null | openssl x509 -noout -issuer 2>/dev/null) || issuer=
        if [[ $issuer && $issuer != *kubernetes-ca* ]] && curl -s -o /dev/null --max-time 5 "http://$elastic/"; then return; fi
        sleep 0.5
    done
    die "the ingress does not answer on $elastic (after $tries looks)"
}

set_up_record() {
    [[ $record != "$elastic" ]] || return 0
    local change
    change=$(aws route53 change-resource-record-sets --hosted-zone-id "$zone_id" --query ChangeInfo.Id --output text --change-batch \
        "{\"Changes\":[{\"Action\":\"UPSERT\",\"ResourceRecordSet\":{\"Name\":\"*.$ZONE\",\"Type\":\"A\",\"TTL\":60,\"ResourceRecords\":[{\"Value\":\"$elastic\"}]}}]}")
    until [[ $(aws route53 get-change --id "$change" --query ChangeInfo.Status --output text) == INSYNC ]]; do sleep 0.5; done
    say "*.$ZONE is $elastic"
}

read_account
set_up_address & address=$!
set_up_firewall & firewall=$!
wait $address; wait $firewall
read -r elastic secondary <"$work/front"
set_up_node
look_from_outside
set_up_record
[[ $(getent ahostsv4 "probe.$ZONE" | awk '{print $1; exit}') == "$elastic" ]] || die "probe.$ZONE does not resolve to $elastic"
say "https://<app>.$ZONE/ is $elastic"

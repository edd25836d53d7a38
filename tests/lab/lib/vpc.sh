# What the VPC gives its instances: an address by DHCP and a resolver (dnsmasq in the aws namespace).

start_vpc_services() {                 # MAC NODE_PROFILE
    local server upstream=()
    # Public names come from the lab's hosted zones; the world's only where packages are fetched.
    if [[ $2 == bare ]]; then
        upstream=(--server="/example.com/$EDGE_ADDRESS" --server="/example.org/$EDGE_ADDRESS")
        for server in $(host_name_servers); do upstream+=(--server="$server"); done
    else
        upstream=(--server="$EDGE_ADDRESS")
    fi
    : >"$LAB_STATE/dhcp.leases"
    launch dnsmasq ip netns exec "$AWS_NS" dnsmasq --keep-in-foreground --conf-file=/dev/null --pid-file= --user=root \
        --no-resolv --no-hosts --no-ping --bind-interfaces --except-interface=lo \
        --listen-address=$VPC_ROUTER --listen-address=$VPC_RESOLVER "${upstream[@]}" \
        --dhcp-authoritative --dhcp-leasefile="$LAB_STATE/dhcp.leases" \
        --dhcp-range=$NODE_ADDRESS,static --dhcp-host="$1,$NODE_ADDRESS,ip-${NODE_ADDRESS//./-},1h" \
        --dhcp-option=option:router,$VPC_ROUTER --dhcp-option=option:dns-server,$VPC_RESOLVER \
        --host-record="ip-${NODE_ADDRESS//./-}.$VPC_DOMAIN,ip-${NODE_ADDRESS//./-},$NODE_ADDRESS" --domain=$VPC_DOMAIN \
        --dhcp-option=option:mtu,$LAB_MTU --dhcp-option=option:domain-name,$VPC_DOMAIN --log-facility=-
}

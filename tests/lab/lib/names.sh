# Names, addresses and places of one lab, and how it speaks to the operator.
# Everything the lab makes carries LAB_NAME, so that several run side by side.

: "${LAB_NAME:=lab}"
: "${LAB_STATE:=/run/k8sport-lab/$LAB_NAME}"
: "${LAB_CACHE:=${XDG_CACHE_HOME:-$HOME/.cache}/k8sport}"
export LAB_NAME LAB_STATE LAB_CACHE

OP_NS=k8sport-$LAB_NAME-op
AWS_NS=k8sport-$LAB_NAME-aws
NODE_NS=k8sport-$LAB_NAME-node
MACHINE=k8sport-$LAB_NAME
UPLINK=k8sup-$LAB_NAME                 # 15 characters at most
HOST_TABLE=k8sport_lab_$LAB_NAME

OP_ADDRESS=10.77.0.2
EDGE_ADDRESS=10.77.0.1                 # the operator's gateway, resolver and AWS endpoint
API_ENDPOINT=http://$EDGE_ADDRESS:4566
VPC_RANGE=172.20.0.0/16
VPC_ROUTER=172.20.32.1
VPC_RESOLVER=172.20.0.2                # AWS puts it at the VPC's base plus two
VPC_DOMAIN=eu-central-1.compute.internal
VPC_PREFIX=19
NODE_ADDRESS=172.20.32.10
NODE_PUBLIC=198.18.77.10
PUBLIC_POOL=198.18.77.0/24
LAB_MTU=1400
STANDARD_PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

OP_HOME=$LAB_STATE/home
LOGS=$LAB_STATE/log

say() { printf '%s\n' "$*" >&2; }
die() { say "lab: $*"; exit 1; }

stage() {                              # one line a stage, with the seconds since the start
    printf '%5.1f s  %s\n' "$(( (${EPOCHREALTIME/./} - LAB_BEGAN) / 100000 ))e-1" "$*" >&2
}
LAB_BEGAN=${EPOCHREALTIME/./}

require_root() { [[ $EUID -eq 0 ]] || die "needs root: it makes network namespaces and boots a container."; }

require_name() {
    [[ $LAB_NAME =~ ^[a-z0-9]{1,8}$ ]] || die "LAB_NAME must be 1 to 8 small letters or digits, not '$LAB_NAME'."
    [[ $LAB_STATE == /*/* ]] || die "LAB_STATE must be an absolute path below a directory, not '$LAB_STATE'."
}

# One `up`, `down` or `reset` of a lab at a time. The empty lock file stays: removing it would let two in.
lock_lab() {
    mkdir -p "$(dirname "$LAB_STATE")"
    exec 9>"$LAB_STATE.lock"
    flock -w 120 9 || die "another command on lab '$LAB_NAME' has been running for two minutes."
}

# wait_until SECONDS WHAT COMMAND…: polls; names what it waited for when time is up.
wait_until() {
    local seconds=$1 what=$2 end=$(( SECONDS + $1 ))
    shift 2
    until "$@" >/dev/null 2>&1; do
        (( SECONDS < end )) || { say "lab: waited $seconds s for $what."; return 1; }
        sleep 0.05
    done
}

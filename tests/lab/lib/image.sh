# The node's read-only disk images, built once and kept in the cache:
#   base     what a kOps node has        haproxy      an overlay layer with haproxy and nftables
#                                        keepalived   one more on top, for the lab of control planes (vip/)
# Each is built under a temporary name and moved when finished, so an interrupted build is never taken for a good one.

IMAGES=$LAB_CACHE/images

# A changed package list or a changed build makes a new image.
IMAGE_VERSION=$(cat "$LAB_DIR/lib/build-image" "$LAB_DIR"/node/packages-* | sha256sum | cut -c1-12)
BASE_IMAGE=$IMAGES/base-$IMAGE_VERSION
HAPROXY_LAYER=$IMAGES/haproxy-$IMAGE_VERSION
KEEPALIVED_LAYER=$IMAGES/keepalived-$IMAGE_VERSION

ensure_images() {
    mkdir -p "$IMAGES"
    touch "$IMAGES/used-$IMAGE_VERSION"
    [[ -d $BASE_IMAGE && -d $HAPROXY_LAYER && -d $KEEPALIVED_LAYER ]] && return
    (
        flock 8                        # two labs don't build at once: the second finds the work done
        { [[ -d $BASE_IMAGE ]] || build_image "$BASE_IMAGE" build_base; } &&
            { [[ -d $HAPROXY_LAYER ]] || build_image "$HAPROXY_LAYER" build_haproxy; } &&
            { [[ -d $KEEPALIVED_LAYER ]] || build_image "$KEEPALIVED_LAYER" build_keepalived; } &&
            remove_old_images
    ) 8>"$IMAGES/lock" || die "the node's image could not be built; see $IMAGES/build.log"
}

build_image() {                        # FINISHED BUILDER
    local finished=$1 builder=$2 unfinished=$1.unfinished
    stage "building $(basename "$finished") (once; takes a minute or two)"
    rm -rf "$unfinished"
    mkdir "$unfinished"
    # In a mount and process namespace of its own: whatever the build mounts or starts ends with it.
    unshare --mount --pid --fork --kill-child -- "$LAB_DIR/lib/build-image" "$builder" "$unfinished" \
        >"$IMAGES/build.log" 2>&1 8>&- || return 1
    mv "$unfinished" "$finished"
}

# Other checkouts may use other versions; those that nobody has used for a week go.
remove_old_images() {
    local marker version
    find "$IMAGES" -maxdepth 1 -name 'used-*' -mtime +7 | while read -r marker; do
        version=${marker##*/used-}
        grep -q "$IMAGES/base-$version" /proc/mounts || rm -rf "$IMAGES"/{base,haproxy,keepalived}-"$version" "$marker"
    done
}

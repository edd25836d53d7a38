# Holds the node for one run, until its standard input ends. HOLDER says who it is, WAIT how many seconds it waits. As soon
# as it holds the node it looks at it (`look`), so that a run needs no second command for that.
# Says "@k8sport waits WHO" and "@k8sport busy WHO", or "@k8sport locked", the look's output and "@k8sport looked"; later "@k8sport held" now and then, since only
# what is sent shows that a connection is dead, and "@k8sport unlocked" when somebody has taken the lock away.
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
LC_ALL=C
export PATH LC_ALL
umask 022
LOCK=/run/k8sport.lock

who() { head -n 1 $LOCK | tr -cd 'A-Za-z0-9@:._ -'; }

main() {
    exec 3<&0
    # Whoever has it takes its file away at the end; who waited for it then holds the lock of nothing.
    until [ /proc/self/fd/9 -ef $LOCK ]; do
        exec 9>>$LOCK
        if ! flock -n 9; then
            echo "@k8sport waits $(who)"
            if ! flock -w "$WAIT" 9; then
                echo "@k8sport busy $(who)"
                exit 1
            fi
        fi
    done
    trap 'rm -f $LOCK; echo "@k8sport unlocked"; exit 0' TERM
    echo "$HOLDER $(date -u +%Y-%m-%dT%H:%M:%SZ) $$" >$LOCK
    echo "@k8sport locked"
    # Beside us, so that a request to unlock is heard, and without the lock's descriptor.
    look 9>&- &
    wait $!
    echo "@k8sport looked"
    while :; do
        # Without the lock's descriptor, or it would outlive us with it.
        timeout 20 cat <&3 >/dev/null 9>&- &
        wait $! && break
        echo "@k8sport held"
    done
    rm -f $LOCK
}

main

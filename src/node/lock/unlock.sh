# Says "@k8sport holder WHO" or "@k8sport free". With EXPECTED, takes the lock from that holder and from no other.
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
LC_ALL=C
export PATH LC_ALL
LOCK=/run/k8sport.lock

is_free() { [ ! -e $LOCK ] || flock -n $LOCK true; }
who() { head -n 1 $LOCK 2>/dev/null | tr -cd 'A-Za-z0-9@:._ -'; }

# end SIGNAL: the process that the lock's file names, if it is the one that has it.
end() {
    process=$(who)
    process=${process##* }
    if [ "/proc/$process/fd/9" -ef $LOCK ]; then kill -s "$1" "$process"; fi
}

# freed: within three seconds.
freed() {
    tries=0
    until is_free; do
        tries=$((tries + 1))
        [ $tries -lt 30 ] || return 1
        sleep 0.1
    done
}

main() {
    if [ -n "$EXPECTED" ] && [ "$(who)" = "$EXPECTED" ]; then
        end TERM
        freed || { end KILL && freed; } || :
    fi
    if is_free; then echo "@k8sport free"; else echo "@k8sport holder $(who)"; fi
}

main </dev/null

# What the lab runs is recorded by pid and start time, so that a pid that the kernel gave to somebody else
# in the meantime is never ended.

PIDS=$LAB_STATE/pids

start_time() { local stat; stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1; set -- ${stat##*) }; echo "${20}"; }

# launch NAME COMMAND…: in the background, in a process group of its own, output to a log.
launch() {
    local name=$1 pid
    shift
    mkdir -p "$PIDS" "$LOGS"
    setsid "$@" >"$LOGS/$name.log" 2>&1 </dev/null 9>&- &
    pid=$!
    disown "$pid"
    record "$name" "$pid"
}

record() { echo "$2 $(start_time "$2" || echo gone)" >"$PIDS/$1"; }

# Prints the pid if the recorded process is still that process.
running() {
    local pid began
    read -r pid began 2>/dev/null <"$PIDS/$1" || return 1
    [[ $(start_time "$pid") == "$began" ]] || return 1
    [[ $(awk '/^State:/ {print $2}' "/proc/$pid/status" 2>/dev/null) != Z ]] && echo "$pid"
}

not_running() { ! running "$1"; }

end() {                                # NAME: TERM, then KILL after two seconds
    local pid
    pid=$(running "$1") && { kill -TERM "$pid" 2>/dev/null || true; wait_until 2 "$1 to end" not_running "$1" || kill -KILL "$pid"; }
    rm -f "$PIDS/$1"
}

# Everything that lives in a namespace of ours is ours: also what `lab exec` left in the background.
end_namespace_processes() {
    local pid
    for pid in $(ip netns pids "$1" 2>/dev/null); do kill -KILL "$pid" 2>/dev/null || true; done
}

remove_namespaces() {                  # NAMESPACE…, with all that lives in them; what isn't there is no harm
    local ns
    for ns in "$@"; do
        rm -rf "/etc/netns/$ns"
        [[ -e /run/netns/$ns ]] || continue
        end_namespace_processes "$ns"
        ip netns delete "$ns"
    done
    rmdir --ignore-fail-on-non-empty /etc/netns 2>/dev/null || true
}

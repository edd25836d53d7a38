# Changes the node. Says "@k8sport N begin|ok|failed" for each change and, after a failure, the last lines of what the
# commands said, each after a "|".
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
LC_ALL=C
DEBIAN_FRONTEND=noninteractive
export PATH LC_ALL DEBIAN_FRONTEND
umask 022
UNDO=/run/k8sport/undo

start() {
    # A run that removes everything takes the lock's file away; who waited for it then holds the lock of nothing.
    until [ /proc/self/fd/8 -ef /run/k8sport/apply.lock ]; do
        mkdir -p /run/k8sport
        exec 8>>/run/k8sport/apply.lock
        if ! flock -w 60 8; then
            echo "@k8sport busy $(head -n 1 /run/k8sport/apply.lock | tr -cd 'A-Za-z0-9@:._ -')"
            exit 1
        fi
    done
    # For those who wait. The kernel frees the lock of a script that was killed, so nothing has to be removed.
    echo "$HOLDER $(date -u +%Y-%m-%dT%H:%M:%SZ)" >/run/k8sport/apply.lock
    # One name: the lock's holder is alone with it, and what a run that was cut off has left is written over.
    LOG=/run/k8sport/log
    trap 'rm -f "$LOG"' EXIT
    trap 'exit 1' HUP TERM PIPE
}
begin() { echo "@k8sport $1 begin"; }
end() {
    if [ "$2" -eq 0 ]; then
        echo "@k8sport $1 ok"
        return
    fi
    tail -n 20 "$LOG" | sed -e 's/^/|/' -e '$a\'
    echo "@k8sport $1 failed"
    on_failure
    exit 1
}
finish() { echo "@k8sport done"; }

say() { echo "$*"; }
die() { echo "$*"; exit 1; }

# put PATH MODE [OWNER]: standard input becomes the file, at once or not at all. Nobody but root can read it until it has its
# owner and mode.
put() {
    mkdir -p "${1%/*}"
    # Of a run that was cut off here.
    rm -f "$1".new.??????
    new=$(mktemp "$1.new.XXXXXX")
    cat >"$new"
    [ $# -lt 3 ] || chown "$3" "$new"
    chmod "$2" "$new"
    mv -f "$new" "$1"
}

sha() { sha256sum <"$1" | cut -d' ' -f1; }

# keep PATH: a copy under its name and content, so that no copy ever replaces another.
keep() {
    mkdir -p /etc/k8sport/taken-over
    cp -pf "$1" "/etc/k8sport/taken-over/${1##*/}.$(sha "$1" | cut -c1-12)"
}

# unchanged PATH SHA256: somebody may have written it since it was looked at.
unchanged() { [ "$(sha "$1")" = "$2" ] || die "$1 was changed in the meantime; run the command again"; }

# promote INTERFACE: the other addresses of a subnet survive the removal of its first one.
promote() {
    own=/proc/sys/net/ipv4/conf/$1/promote_secondaries
    (echo 1 >"$own") 2>/dev/null || :
    [ "$(cat "$own")" = 1 ] || [ "$(cat /proc/sys/net/ipv4/conf/all/promote_secondaries)" = 1 ] ||
        [ -z "$(ip -o -4 addr show dev "$1" secondary)" ] ||
        die "promote_secondaries can't be set for $1, and its other addresses would go with this one"
}

# retire UNIT SECONDS: an HAProxy instance takes no new connections; those that are open get SECONDS to end by
# themselves. It ends with the last of them, and systemd would start it anew, so it is stopped in any case.
retire() {
    if systemctl is-active -q "$1"; then
        main=$(systemctl show -p MainPID --value "$1")
        systemctl kill -s USR1 --kill-who=main "$1" || :
        tries=0
        while [ "$(systemctl show -p MainPID --value "$1")" = "$main" ] && [ $tries -lt $(($2 * 10)) ]; do
            tries=$((tries + 1))
            sleep 0.1
        done
        # Once it ends by itself HAProxy heeds no request to hurry, and systemd would wait 90 s.
        [ "$(systemctl show -p MainPID --value "$1")" != "$main" ] || systemctl kill -s KILL "$1" || :
    fi
    stop "$1"
}

# drain UNIT SECONDS: an HAProxy instance takes no new connections; those that are open get SECONDS to end by themselves,
# while we go on. systemd asks for it, waits, and would end it; afterwards the unit is as it was.
drain() {
    settings=/run/systemd/system/$1.d/k8sport-drain.conf
    mkdir -p "${settings%/*}"
    cat >"$settings" <<END
[Service]
KillSignal=SIGUSR1
TimeoutStopSec=$2
ExecStopPost=-+/bin/sh -c 'rm -f $settings; rmdir --ignore-fail-on-non-empty ${settings%/*}; systemctl daemon-reload'
END
    systemctl daemon-reload
    systemctl stop --no-block "$1"
    # Without open connections it is gone in a moment.
    tries=0
    while [ $tries -lt 20 ]; do
        case $(systemctl show -p ActiveState --value "$1") in inactive | failed) break ;; esac
        tries=$((tries + 1))
        sleep 0.1
    done
}

# stop UNIT: also one whose file is gone, and one that waits to be started again.
stop() {
    case $(systemctl show -p ActiveState --value "$1") in
        inactive | failed) ;;
        *) systemctl stop "$1" ;;
    esac
    systemctl reset-failed "$1" 2>/dev/null || :
}

# installed_anew PACKAGE: the packages that its installation brings and that the node knows nothing of. One whose
# configuration is still here from earlier isn't ours to purge.
installed_anew() {
    apt-get -s --no-install-recommends install "$1" 2>/dev/null | sed -n 's/^Inst \([^ ]*\) (.*/\1/p' | while read -r new; do
        case $(dpkg-query -W -f '${db:Status-Status}' "$new" 2>/dev/null) in
            '' | not-installed) echo "$new" ;;
        esac
    done
}

# record PACKAGE: before its installation, so that an interrupted one is known as ours.
record() {
    mkdir -p /etc/k8sport
    installed_anew "$1" | while read -r new; do
        grep -qxF "$new" /etc/k8sport/packages 2>/dev/null || echo "$new" >>/etc/k8sport/packages
    done
}

# install PACKAGE
install() {
    if dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q 'ok installed'; then
        say "$1 is installed"
        return
    fi
    apt="apt-get -q -y -o DPkg::Lock::Timeout=120 -o Dpkg::Options::=--force-confold -o Acquire::Retries=2"
    apt="$apt -o APT::Keep-Downloaded-Packages=false"
    # 8 is our own lock: daemons that a package starts must not keep it.
    record "$1"
    $apt install --no-install-recommends "$1" 8>&- || {
        $apt update 8>&-
        record "$1"
        $apt install --no-install-recommends "$1" 8>&-
    }
}

# Ends a watchdog that has not gone off, and waits for one that has.
stop_watchdog() {
    systemctl stop k8sport-watchdog.timer k8sport-watchdog-confirm.timer 2>/dev/null || :
    tries=0
    while systemctl -q is-active k8sport-watchdog.service k8sport-watchdog-confirm.service && [ $tries -lt 60 ]; do
        tries=$((tries + 1))
        sleep 1
    done
}

# Ends the watchdog and undoes the watched changes at once.
take_back() {
    stop_watchdog
    if sh "$UNDO/undo" >/dev/null 2>&1; then
        rm -rf "$UNDO"
        echo "@k8sport taken-back"
    fi
}

# What the packaging scripts share. Sourced with the repository as the current folder.

version() { sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml | head -n 1; }

commit() { echo "${K8SPORT_COMMIT:-$(git rev-parse --short=12 HEAD 2>/dev/null || echo unknown)}"; }

# The time of everything that is packed: that of the commit.
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 0)}
export LC_ALL=C TZ=UTC
umask 022
# Of everything that is packed. Tests, which pack a debug build, take less.
export COMPRESSION=${COMPRESSION:-9}

CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/k8sport

# A binary of another processor can't be asked, so its target is read from the file. One without an interpreter is static.
target_of() {                          # BINARY
    local system=musl processor
    ! readelf -lW "$1" | grep -q INTERP || system=gnu
    case $(readelf -hW "$1" | sed -n 's/^ *Machine: *//p') in
        *X86-64) processor=x86_64 ;;
        AArch64) processor=aarch64 ;;
        *) echo "packaging: $1 is for no processor that there are packages for" >&2; return 1 ;;
    esac
    echo "$processor-unknown-linux-$system"
}
architecture_of() { case $(target_of "$1") in x86_64-*) echo amd64 ;; aarch64-*) echo arm64 ;; esac; }

# Where this host has Debian's packages from.
debian_mirror() {                      # [SUITE]
    apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' 2>/dev/null |
        awk -v suite="${1:-bookworm}" '$2 == suite && $3 == "main" {sub("/$", "", $1); if (!found++) print $1}'
}

# Programs that Python's registry has, by their checksums, in the cache; says where they are. Several runs wait for each other.
python_tools() {                       # NAME REQUIREMENTS
    local venv=$CACHE/$1-tools wanted
    wanted=$(sha256sum <"$2")
    mkdir -p "$CACHE"
    (
        flock 8
        [[ $(cat "$venv/requirements.sha256" 2>/dev/null) != "$wanted" ]] || exit 0
        rm -rf "$venv"
        /usr/bin/python3 -m venv "$venv"
        "$venv/bin/pip" install -q --disable-pip-version-check --require-hashes --no-deps --only-binary :all: -r "$2"
        echo "$wanted" >"$venv/requirements.sha256"
    ) 8>"$venv.lock" >&2
    echo "$venv/bin"
}

# Compilers shall write NAME for SOURCE, and nothing of this machine for what cargo has fetched and made.
paths_out() {                          # SOURCE NAME TARGET_FOLDER
    local home=${CARGO_HOME:-$HOME/.cargo}
    export RUSTC_WRAPPER=$PWD/packaging/rustc REMAP_SOURCE=$1=$2 REMAP_CARGO=$home=/cargo REMAP_TARGET=$3=/target
    export CFLAGS="-ffile-prefix-map=$home=/cargo -ffile-prefix-map=$3=/target"
}

# man pages and completions, below PREFIX as Linux distributions and Homebrew have them.
install_docs() {                       # PREFIX
    local page
    install -d "$1/share/man/man1"
    for page in man/*.1; do gzip "-n$COMPRESSION" <"$page" >"$1/share/man/man1/$(basename "$page").gz"; done
    install -D -m 644 completions/k8sport.bash "$1/share/bash-completion/completions/k8sport"
    install -D -m 644 completions/_k8sport "$1/share/zsh/vendor-completions/_k8sport"
    install -D -m 644 completions/k8sport.fish "$1/share/fish/vendor_completions.d/k8sport.fish"
}

# A tar archive that depends on nothing but its files.
pack() {                               # FOLDER [NAME…]
    tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" --format=gnu -C "$@" -cf -
}

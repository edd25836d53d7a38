# What the packaging scripts share. Sourced with the repository as the current folder.

version() { sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml | head -n 1; }

# The time of everything that is packed: that of the commit.
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 0)}
export LC_ALL=C TZ=UTC
umask 022
# Of everything that is packed. Tests, which pack a debug build, take less.
export COMPRESSION=${COMPRESSION:-9}

# What the binary says of itself.
target_of() { "$1" --version | sed -n 's/^target //p'; }

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

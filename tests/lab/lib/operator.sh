# The operator's side: a home of its own with keys and the CA to trust, and the environment of `lab exec`.

make_home() {
    local ssh=$OP_HOME/.ssh
    rm -rf "$OP_HOME"
    install -d -m 700 "$OP_HOME" "$ssh"
    ssh-keygen -q -t ed25519 -N '' -C operator@lab -f "$ssh/kops-key"
    ssh-keygen -q -t ed25519 -N '' -C not-in-authorized-keys -f "$ssh/wrong-key"
    make_programs
}

# Stand-ins for programs of the operator's machine that don't come with Debian.
make_programs() {
    rm -rf "$LAB_STATE/bin" "$LAB_STATE"/{kops,helm}.{json,log} "$LAB_STATE"/docker*.{json,log}
    install -d "$LAB_STATE/bin"
    program kops
    program helm
    cat >"$LAB_STATE/bin/docker" <<PROGRAM
#!/bin/sh
export LAB_STATE="$LAB_STATE"
exec "$LAB_CACHE/venv/bin/python" -B "$LAB_DIR/docker/docker.py" "\$@"
PROGRAM
    chmod +x "$LAB_STATE/bin/docker"
}

program() {                            # NAME
    cat >"$LAB_STATE/bin/$1" <<PROGRAM
#!/bin/sh
export LAB_STATE="$LAB_STATE" LAB_NODE_ROOT="$NODE_ROOT" PYTHONPATH="$LAB_DIR/$1:$LAB_DIR/lib" AWS_DEFAULT_REGION="\${AWS_REGION:-eu-central-1}"
exec "$LAB_CACHE/venv/bin/python" -B -m standin "\$@"
PROGRAM
    chmod +x "$LAB_STATE/bin/$1"
}

lab_environment() {
    cat <<VARIABLES
HOME=$OP_HOME
PATH=$LAB_STATE/bin:$STANDARD_PATH
LANG=C.UTF-8
TERM=${TERM:-dumb}
LAB_NAME=$LAB_NAME
LAB_STATE=$LAB_STATE
AWS_ENDPOINT_URL=$API_ENDPOINT
AWS_ACCESS_KEY_ID=labkey
AWS_SECRET_ACCESS_KEY=labsecret
AWS_REGION=eu-central-1
AWS_EC2_METADATA_DISABLED=true
AWS_CONFIG_FILE=$OP_HOME/.aws/config
AWS_SHARED_CREDENTIALS_FILE=$OP_HOME/.aws/credentials
VARIABLES
    [[ -z ${NO_COLOR+set} ]] || echo "NO_COLOR=$NO_COLOR"
}

# Nothing of the caller's environment comes along: no proxies, no real credentials, no agent.
operator_exec() {
    local environment
    mapfile -t environment < <(lab_environment)
    exec ip netns exec "$OP_NS" env -i "${environment[@]}" "$@" 9>&-
}

# The AWS stand-in (aws/README.md): one process in the aws namespace, and its client.

# A clean environment, so that no real credentials or proxies reach it.
AWS_PYTHON=(ip netns exec "$AWS_NS" env -i -C "$LAB_DIR" PATH="$STANDARD_PATH" HOME="$LAB_STATE/aws" LANG=C.UTF-8
    LAB_NAME="$LAB_NAME" LAB_STATE="$LAB_STATE" "$LAB_CACHE/venv/bin/python" -B -m)

start_aws() {                          # PROFILE
    mkdir -p "$LAB_STATE/aws"
    rm -f "$LAB_STATE/aws/ready"
    launch aws "${AWS_PYTHON[@]}" aws.serve --state-dir "$LAB_STATE/aws" --profile "$1" \
        --endpoint "$EDGE_ADDRESS:4566" --control "$EDGE_ADDRESS:4567" --moto 127.0.0.1:5000 --dns "$EDGE_ADDRESS:53" \
        --hook "$LAB_DIR/edge.py" --host-keys "$LAB_STATE/node/ssh_host_keys.pub"
}

wait_for_aws() {
    wait_until 30 "the AWS stand-in" aws_is_ready_or_gone || true
    [[ -e $LAB_STATE/aws/ready ]] && running aws >/dev/null && return
    tail -n 20 "$LOGS/aws.log" >&2
    die "the AWS stand-in did not start."
}

aws_is_ready_or_gone() { [[ -e $LAB_STATE/aws/ready ]] || not_running aws; }

aws_client() { "${AWS_PYTHON[@]}" aws.control --control "$EDGE_ADDRESS:4567" "$@" 9>&-; }

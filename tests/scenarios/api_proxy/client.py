"""Python's own client through the proxy: objects, a watch, logs, `exec` and `port-forward` over WebSocket. Its certificate is
verified, as the last step shows. $1: kubeconfig; $2: another authority."""
import sys, threading

from kubernetes import client, config, watch
from kubernetes.stream import portforward, stream

config.load_kube_config(sys.argv[1])
api = client.CoreV1Api()
assert "kube-system" in [namespace.metadata.name for namespace in api.list_namespace().items]


def create():
    api.create_namespaced_config_map("default", {"metadata": {"name": "python"}, "data": {"colour": "red"}})


begun = api.list_namespaced_config_map("default").metadata.resource_version
threading.Timer(0.5, create).start()
watching = watch.Watch()
for event in watching.stream(api.list_namespaced_config_map, "default", resource_version=begun, timeout_seconds=20):
    if event["object"].metadata.name == "python":
        assert event["type"] == "ADDED", event
        watching.stop()
assert api.patch_namespaced_config_map("python", "default", {"data": {"colour": "blue"}}).data == {"colour": "blue"}
assert api.delete_namespaced_config_map("python", "default").status == "Success"

logs = api.read_namespaced_pod_log("shop", "default", follow=True, _preload_content=False)
assert b"".join(logs.stream()) == b"first\nsecond\n"

command = ["sh", "-c", "read line; echo got $line; echo told >&2; exit 3"]
ran = stream(api.connect_get_namespaced_pod_exec, "shop", "default", command=command, stdin=True, stdout=True, stderr=True, tty=False, _preload_content=False)
ran.write_stdin("hello\n")
ran.run_forever(timeout=20)
assert (ran.read_stdout(), ran.read_stderr(), ran.returncode) == ("got hello\n", "told\n", 3), (ran.read_all(), ran.returncode)

forwarded = portforward(api.connect_get_namespaced_pod_portforward, "shop", "default", ports="30080").socket(30080)
forwarded.setblocking(True)
forwarded.sendall(b"GET / HTTP/1.1\r\nHost: app.example.com\r\nConnection: close\r\n\r\n")
answer = b""
while part := forwarded.recv(4096):
    answer += part
assert b"app=app.example.com" in answer, answer

other = client.Configuration.get_default_copy()
other.ssl_ca_cert, other.retries = sys.argv[2], False
try:
    client.CoreV1Api(client.ApiClient(other)).list_namespace()
except Exception as error:
    assert "CERTIFICATE_VERIFY_FAILED" in str(error), error
else:
    sys.exit("anybody is believed")
print("ok")

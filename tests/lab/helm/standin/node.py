"""The pods of the ingress controller and kube-proxy's rules, which the lab has no kubelet for."""

import node_command

WANTED = {30080, 30443}


def serve(objects):
    services = [thing["spec"] for thing in objects if thing["kind"] == "Service" and thing["spec"]["type"] == "NodePort"]
    if any({port["nodePort"] for port in service["ports"]} >= WANTED for service in services):
        node_command.serve_node_ports()


def stop():
    node_command.close_node_ports()

"""Who is measured: k8sport and its opponents, each as the command line of a whole set-up."""

from dataclasses import dataclass
from pathlib import Path

from .lab import BENCH, CLUSTER, PROGRAMS, STATE

ZONE = "example.com"
# Of the node's subnet; k8sport and the bash choose one by themselves.
SECONDARY = "172.20.63.20"


@dataclass(frozen=True)
class Subject:
    name: str
    command: tuple
    environment: tuple = ()
    # No more runs than so many, where each takes long.
    turns: int = 100


def k8sport(binary):
    return Subject("k8sport", (str(Path(binary).resolve()), "bootstrap", "--cluster", CLUSTER, "--yes", "--quiet"))


def bash():
    path = f"PATH={PROGRAMS}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    environment = (path, f"CLUSTER={CLUSTER}", f"ZONE={ZONE}", f"SSH_KEY={key()}", "AWS_DEFAULT_REGION=eu-central-1")
    return Subject("bash", ("bash", str(BENCH / "opponents/bash/setup.sh")), environment)


def ansible(install=False):
    folder = BENCH / "opponents/ansible"
    path = f"PATH={PROGRAMS}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    environment = (path, f"ANSIBLE_CONFIG={folder}/ansible.cfg", "AWS_DEFAULT_REGION=eu-central-1", "LC_ALL=C.UTF-8")
    values = f"cluster={CLUSTER} zone={ZONE} ssh_key={key()} secondary={SECONDARY} install={str(install).lower()}"
    return Subject("Ansible", (str(PROGRAMS / "ansible-playbook"), str(folder / "playbook.yml"), "-e", values), environment, turns=2)


def key():
    return STATE / "home/.ssh/kops-key"

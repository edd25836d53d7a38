"""GetConsoleOutput: what cloud-init prints at first boot, with the node's real SSH host keys."""

import base64
import hashlib
from pathlib import Path

from moto.core.responses import ActionResult
from moto.core.types import Base64EncodedString
from moto.core.utils import utcnow
from moto.ec2.responses.general import General

from ..account import SETTINGS

BITS = {"ssh-rsa": "3072", "ssh-ed25519": "256", "ecdsa-sha2-nistp256": "256"}
NAMES = {"ssh-rsa": "RSA", "ssh-ed25519": "ED25519", "ecdsa-sha2-nistp256": "ECDSA"}

BOOT = """[    0.000000] Linux version 6.8.0-1018-aws (buildd@bos03-arm64-051) (aarch64-linux-gnu-gcc-13)
[    0.000000] Machine model: Amazon EC2 t4g.medium
[    4.612874] systemd[1]: Hostname set to <ip-172-20-32-10>.
Ubuntu 24.04.1 LTS ip-172-20-32-10 ttyS0

ip-172-20-32-10 login: [   18.204512] cloud-init[894]: Cloud-init v. 24.3.1 running 'modules:final'.
"""


def _fingerprint(line):
    kind, key = line.split()[:2]
    comment = " ".join(line.split()[2:]) or "root@ip-172-20-32-10"
    digest = base64.b64encode(hashlib.sha256(base64.b64decode(key)).digest()).decode().rstrip("=")
    return f"{BITS.get(kind, '256')} SHA256:{digest} {comment} ({NAMES.get(kind, kind)})"


def console_text(keys):
    """The two blocks as cloud-init's modules write them; `ci-info` prefixes fingerprints only."""
    prints = "".join(f"<14>Nov 20 10:00:01 cloud-init: {_fingerprint(line)}\r\n" for line in keys)
    return (
        BOOT.replace("\n", "\r\n")
        + "<14>Nov 20 10:00:01 cloud-init: #############################################################\r\n"
        + "<14>Nov 20 10:00:01 cloud-init: -----BEGIN SSH HOST KEY FINGERPRINTS-----\r\n"
        + prints
        + "<14>Nov 20 10:00:01 cloud-init: -----END SSH HOST KEY FINGERPRINTS-----\r\n"
        + "<14>Nov 20 10:00:01 cloud-init: #############################################################\r\n"
        + "-----BEGIN SSH HOST KEY KEYS-----\r\n"
        + "".join(f"{line}\r\n" for line in keys)
        + "-----END SSH HOST KEY KEYS-----\r\n"
        + "[   19.011730] cloud-init[894]: Cloud-init v. 24.3.1 finished.\r\n"
    )


def _host_keys():
    """Read at every call: the node is built after this server has started."""
    try:
        lines = Path(SETTINGS.host_keys).read_text().splitlines() if SETTINGS.host_keys else []
    except OSError:
        return []
    return [line.strip() for line in lines if len(line.split()) >= 2 and not line.startswith("#")]


def _node():
    """Made after the seed, it is the cluster's first instance."""
    from ..state import node

    return SETTINGS.node_instance or getattr(node(), "id", "")


def _get_console_output(self):
    instance = self.ec2_backend.get_instance(self._get_param("InstanceId"))
    self.error_on_dryrun()
    answer = {"InstanceId": instance.id, "Timestamp": utcnow()}
    keys = _host_keys() if instance.id == _node() and SETTINGS.console else []
    if keys:
        answer["Output"] = Base64EncodedString.from_raw_string(console_text(keys))
    return ActionResult(answer)


def apply():
    General.get_console_output = _get_console_output

"""Public addresses: 198.18.77.0/24, auto-assigned ones from .10, Elastic IPs from .100.

An address that was given back is not given out again until the range is used up,
so that a test notices when something still points at the old one.
"""

NETWORK = "198.18.77."
AUTO = range(10, 100)
ELASTIC = range(100, 255)

_next = {}


def reset():
    _next.clear()


def _in_use():
    from .account import ec2

    taken = {eip.public_ip for eip in ec2().addresses}
    return taken | {eni.auto_public_ip for eni in ec2().enis.values()}


def _take(numbers):
    taken = _in_use()
    start = _next.get(numbers, numbers.start)
    for step in range(len(numbers)):
        number = numbers.start + (start - numbers.start + step) % len(numbers)
        address = f"{NETWORK}{number}"
        if address not in taken:
            _next[numbers] = number + 1
            return address
    raise RuntimeError("the lab's public addresses are used up")


def auto_assigned():
    return _take(AUTO)


def elastic():
    return _take(ELASTIC)

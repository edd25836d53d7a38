"""How fast a run could have been: AWS' answers that depend on each other, one SSH connection, and the node's own work.

What depends on what is a fact of AWS' API, written down here once. How often a run really waited is measured from its calls.
"""

# What a call's own request contains or is decided by. What isn't named here needs nothing.
NEEDS = {
    "DescribeSubnets": ["DescribeInstances"],
    "DescribeSecurityGroups": ["DescribeInstances"],
    "DescribeRouteTables": ["DescribeInstances"],
    "DescribeInstanceTypes": ["DescribeInstances"],
    "DescribeImages": ["DescribeInstances"],
    "GetConsoleOutput": ["DescribeInstances"],
    "ListResourceRecordSets": ["ListHostedZones", "ListHostedZonesByName"],
    # What is to be made is decided by what is there, and a killed run must not leave what no tag leads to.
    "AllocateAddress": ["DescribeInstances", "DescribeAddresses", "DescribeImages", "DescribeSubnets"],
    "CreateSecurityGroup": ["DescribeSecurityGroups", "DescribeImages"],
    "AssignPrivateIpAddresses": ["AllocateAddress", "DescribeInstances"],
    "AssociateAddress": ["AllocateAddress", "AssignPrivateIpAddresses"],
    "AuthorizeSecurityGroupIngress": ["CreateSecurityGroup"],
    "ModifyNetworkInterfaceAttribute": ["CreateSecurityGroup"],
    "ChangeResourceRecordSets": ["AssociateAddress", "AuthorizeSecurityGroupIngress", "ModifyNetworkInterfaceAttribute"],
    "GetChange": ["ChangeResourceRecordSets"],
}


def spans(calls, round_trip=0.0):
    """(began, ended) of each call as the caller saw it: on its way half a round trip before and after."""
    return [(call["began"] - round_trip / 2, call["began"] + call["ms"] / 1000 + round_trip / 2) for call in calls]


def rounds(calls, round_trip=0.0):
    """How often the run waited: the longest chain of calls of which each began after the one before was answered."""
    count, answered = 0, float("-inf")
    for began, ended in sorted(spans(calls, round_trip), key=lambda span: span[1]):
        if began >= answered:
            count, answered = count + 1, ended
    return count


def chain(calls):
    """The calls that have to wait for each other, the most expensive such chain: (how many, seconds that AWS took for them)."""
    longest = {}
    for call in calls:
        longest[call["action"]] = max(longest.get(call["action"], 0.0), call["ms"] / 1000)
    known = {}

    def ending_with(action):
        if action not in known:
            known[action] = (0, 0.0)  # a cycle would be a mistake in the table
            before = [ending_with(need) for need in NEEDS.get(action, ()) if need in longest]
            deepest = max(before, default=(0, 0.0))
            known[action] = (deepest[0] + 1, deepest[1] + longest[action])
        return known[action]

    return max((ending_with(action) for action in longest), default=(0, 0.0))


def node_seconds(sessions):
    """How long the node was at work for the run. What stays open to the end (a lock) isn't work, and is left out."""
    busy, until = 0.0, float("-inf")
    for session in sorted(sessions, key=lambda session: session.began):
        busy += max(0.0, session.ended - max(session.began, until))
        until = max(until, session.ended)
    return busy


def limit(calls, round_trip, ssh, node, settle=0.0):
    """Seconds. The first answer also needs a connection to AWS, a round trip more."""
    depth, service = chain(calls)
    return (depth + (depth > 0)) * round_trip + service + ssh + node + settle

"""The proxy: faults and counts."""

import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

from botocore.exceptions import ClientError, ConnectionClosedError, EndpointConnectionError, ReadTimeoutError

from .bench import code_of

LOST = (ConnectionClosedError, EndpointConnectionError)


def _allocated(bench):
    return len(bench.ec2.describe_addresses()["Addresses"])


def _breaks(call, kinds=LOST):
    try:
        call()
    except kinds:
        return True
    return False


def throttling_in_the_words_of_each_service(bench):
    bench.ask("fault", kind="throttle", times=0)
    assert code_of(bench.ec2.describe_addresses) == "RequestLimitExceeded"
    assert code_of(bench.route53.list_hosted_zones) == "Throttling"
    quota = dict(ServiceCode="ec2", QuotaCode="L-0263D0A3")
    assert code_of(bench.quotas.get_service_quota, **quota) == "TooManyRequestsException"
    bench.ask("faults", clear=True)
    assert code_of(bench.ec2.describe_addresses) is None


def errors_by_action_number_and_skip(bench):
    bench.ask("fault", action="Describe*", kind="error", code="InternalError", status=500, times=2, skip=1)
    codes = [code_of(bench.ec2.describe_addresses) for _ in range(4)]
    assert codes == [None, "InternalError", "InternalError", None]
    assert code_of(bench.ec2.allocate_address, Domain="vpc") is None
    bench.ask("fault", mutating=True, kind="error", code="InvalidAllocationID.NotFound")
    assert code_of(bench.ec2.describe_addresses) is None
    assert code_of(bench.ec2.allocate_address, Domain="vpc") == "InvalidAllocationID.NotFound"


def a_status_without_a_code(bench):
    bench.ask("fault", action="DescribeAddresses", kind="status", status=502)
    try:
        bench.ec2.describe_addresses()
    except ClientError as error:
        assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 502
    else:
        raise AssertionError("no error")


def lost_is_performed_and_drop_is_not(bench):
    before = _allocated(bench)
    bench.ask("fault", action="AllocateAddress", kind="drop")
    assert _breaks(lambda: bench.ec2.allocate_address(Domain="vpc"))
    assert _allocated(bench) == before
    bench.ask("fault", action="AllocateAddress", kind="lost")
    assert _breaks(lambda: bench.ec2.allocate_address(Domain="vpc"))
    assert _allocated(bench) == before + 1
    assert [c["outcome"] for c in bench.ask("calls") if c["action"] == "AllocateAddress"] == ["drop", "lost"]


def a_hang_ends_with_the_caller(bench):
    bench.ask("fault", action="DescribeAddresses", kind="hang")
    start = time.monotonic()
    assert _breaks(bench.ec2.describe_addresses, ReadTimeoutError)
    assert 2.5 < time.monotonic() - start < 5
    time.sleep(0.1)
    assert bench.ask("calls")[-1]["outcome"] == "hang"
    assert code_of(bench.ec2.describe_addresses) is None


def a_kill_before_or_after_the_call(bench):
    for kind, more in (("kill", 0), ("kill-after", 1)):
        before = _allocated(bench)
        with tempfile.NamedTemporaryFile("w") as file, subprocess.Popen(["sleep", "20"]) as victim:
            file.write(str(victim.pid))
            file.flush()
            bench.ask("fault", action="AllocateAddress", kind=kind, victim=file.name)
            assert _breaks(lambda: bench.ec2.allocate_address(Domain="vpc"))
            assert victim.wait(5) == -9
        assert _allocated(bench) == before + more


def a_kill_at_a_step_of_the_node(bench):
    with tempfile.NamedTemporaryFile("w") as file, subprocess.Popen(["sleep", "20"]) as victim:
        file.write(str(victim.pid))
        file.flush()
        bench.ask("fault", service="node", action="3 begin", kind="kill", victim=file.name)
        bench.ask("step", name="2 begin")
        assert victim.poll() is None
        bench.ask("step", name="3 begin")
        assert victim.wait(5) == -9
    assert [c["outcome"] for c in bench.ask("calls")] == [200, "kill"]


def slow_and_latency(bench):
    bench.ask("fault", action="DescribeAddresses", kind="slow", seconds=0.3)
    bench.ask("latency", ms=100)
    took = []
    for _ in range(2):
        start = time.monotonic()
        bench.ec2.describe_addresses()
        took.append(time.monotonic() - start)
    assert took[0] > 0.4 and 0.1 < took[1] < 0.35, took
    bench.ask("seed", profile="default")
    assert bench.ask("faults") == []


def what_waits_is_not_done_in_the_next_account(bench):
    bench.ask("fault", action="AllocateAddress", kind="slow", seconds=1)
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(_breaks, lambda: bench.ec2.allocate_address(Domain="vpc"))
        end = time.monotonic() + 10
        while not bench.ask("faults")[0]["hits"] and time.monotonic() < end:
            time.sleep(0.01)
        before = _allocated(bench)
        bench.ask("seed", profile="default")
        assert waiting.result(timeout=10)
    assert _allocated(bench) == before


def counts_by_action(bench):
    bench.ec2.describe_addresses(), bench.ec2.describe_addresses()
    bench.ec2.allocate_address(Domain="vpc")
    code_of(bench.ec2.release_address, AllocationId="eipalloc-00000000000000000")
    bench.route53.list_hosted_zones()
    counted = bench.ask("counts", reset=True)
    assert (counted["total"], counted["mutating"]) == (5, 2), counted
    rows = {r["action"]: (r["calls"], r["failed"], r["mutating"]) for r in counted["actions"]}
    assert rows["DescribeAddresses"] == (2, 0, False)
    assert rows["AllocateAddress"] == (1, 0, True)
    assert rows["ReleaseAddress"] == (1, 1, True)
    assert bench.ask("counts")["total"] == 0


def nonsense_is_refused(bench):
    for given in ({"kind": "nonsense"}, {"kind": "drop", "typo": 1}, {"kind": "kill"}):
        try:
            bench.ask("fault", **given)
        except ValueError:
            continue
        raise AssertionError(given)

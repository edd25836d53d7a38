"""Proves through boto3 and DNS that the patched moto answers as AWS does.

    cd tests/lab && $LAB_CACHE/venv/bin/python -B -m aws.selftest [PATTERN]

Needs no namespaces: everything listens on loopback. The last line is `N passed, 0 failed`.
"""

import fnmatch
import sys
import traceback

from .proofs import ALL
from .proofs.bench import Bench


def main():
    pattern = sys.argv[1] if len(sys.argv) > 1 else "*"
    passed = failed = 0
    with Bench() as bench:
        for proof in ALL:
            name = f"{proof.__module__.rsplit('.', 1)[1]}.{proof.__name__}"
            if not fnmatch.fnmatch(name, pattern):
                continue
            bench.fresh()
            try:
                proof(bench)
                passed += 1
            except Exception:  # noqa: BLE001 (one failure must not hide the others)
                failed += 1
                print(f"FAILED {name}\n{traceback.format_exc()}")
        if failed:
            print(f"the server's log:\n{bench.log()}")
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed or not passed else 0)


if __name__ == "__main__":
    main()

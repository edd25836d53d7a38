"""The arithmetic of the bench, without a lab: cd tests && python3 -m unittest bench.test_figures"""

import unittest
from types import SimpleNamespace

from . import limit, report
from .statistics_of import summary, text


def call(action, began, ms, mutating=False, connection=1):
    return {"action": action, "service": "ec2", "began": began, "ms": ms, "mutating": mutating, "connection": connection}


class Limit(unittest.TestCase):
    def test_calls_at_once_are_one_wait_and_calls_in_turn_are_several(self):
        at_once = [call("A", 0.0, 100), call("B", 0.05, 100), call("C", 0.09, 100)]
        self.assertEqual(limit.rounds(at_once), 1)
        in_turn = [call("A", 0.0, 100), call("B", 0.1, 100), call("C", 0.2, 100)]
        self.assertEqual(limit.rounds(in_turn), 3)
        self.assertEqual(limit.rounds([]), 0)

    def test_the_way_counts_as_part_of_a_call(self):
        # Answered by the service one after the other, but both on their way at the same time.
        calls = [call("A", 0.00, 10), call("B", 0.02, 10)]
        self.assertEqual((limit.rounds(calls), limit.rounds(calls, round_trip=0.08)), (2, 1))

    def test_the_chain_is_that_of_the_needs_that_are_there(self):
        calls = [call("DescribeInstances", 0, 10), call("DescribeImages", 1, 20), call("DescribeAddresses", 0, 500)]
        depth, service = limit.chain(calls)
        self.assertEqual((depth, round(service, 3)), (2, 0.03))
        self.assertEqual(limit.chain([call("GetChange", 0, 5)])[0], 1)
        self.assertEqual(limit.chain([]), (0, 0.0))

    def test_a_fresh_run_needs_no_more_rounds_than_its_dependencies(self):
        names = ["DescribeInstances", "DescribeAddresses", "DescribeImages", "DescribeSubnets", "AllocateAddress", "AssignPrivateIpAddresses",
                 "AssociateAddress", "CreateSecurityGroup", "AuthorizeSecurityGroupIngress", "ChangeResourceRecordSets", "GetChange"]
        self.assertEqual(limit.chain([call(name, 0, 10) for name in names])[0], 7)

    def test_the_limit_adds_up(self):
        calls = [call("DescribeInstances", 0, 10), call("DescribeImages", 1, 20)]
        self.assertAlmostEqual(limit.limit(calls, 0.08, ssh=1.0, node=0.5, settle=0.25), 3 * 0.08 + 0.03 + 1.75)

    def test_overlapping_commands_keep_the_node_busy_once(self):
        spans = [(0, 2), (1, 3), (5, 6)]
        self.assertEqual(limit.node_seconds([SimpleNamespace(began=began, ended=ended) for began, ended in spans]), 4)


class Report(unittest.TestCase):
    def test_a_median_with_its_spread(self):
        self.assertEqual(text(summary([3.0, 1.0, 2.0])), "2.00 s (1.00–3.00)")
        self.assertEqual(text(summary([1.5])), "1.50 s")

    def test_a_page_with_every_subject_and_how_much_faster(self):
        row = {"beginning": "HAProxy preinstalled", "ms": 80, "phase": "again", "cpu": summary([0.1]), "peak_mib": 50.0, "calls": 13,
               "mutating": 0, "rounds": 2, "ssh_connections": 1, "commands": 1, "kib": 90}
        ours = {**row, "subject": "k8sport", "wall": summary([2.0]), "limit": 1.8, "of_limit": 1.11, "picture": "##"}
        theirs = {**row, "subject": "bash", "wall": summary([9.0])}
        about = {"taken": "today", "commit": "abc", "cpus": 2, "cpu": "x", "load": 0.0, "arguments": ""}
        page = report.markdown({"machine": about, "command": {"rows": [ours, theirs]}})
        self.assertIn("| 80 | bash | 9.00 s |  |  | 4.5× |", page)
        self.assertIn("| 80 | k8sport | 2.00 s | 1.80 s | 1.11 |", page)
        self.assertIn("```\n##\n```", page)


if __name__ == "__main__":
    unittest.main()

"""Route 53 changes on their way to the name servers.

Until a change is INSYNC the DNS server answers what was there before, as real
name servers do. A change is INSYNC after `settle_seconds`, or at poll `settle_polls`,
whichever comes first; 0 polls: the time alone decides.
"""

import string
import time
from datetime import datetime, timezone

from moto.moto_api._internal import mock_random

from .account import SETTINGS


class Change:
    def __init__(self, zone_id, before):
        letters = string.ascii_uppercase + string.digits
        self.id = "C" + "".join(mock_random.choice(letters) for _ in range(13))
        self.zone_id = zone_id
        # the zone's record sets before this change
        self.before = before
        self.submitted_at = datetime.now(timezone.utc)
        # As set when the change is made: a later setting doesn't take a change back.
        self._settled_at = time.monotonic() + SETTINGS.settle_seconds
        self._polls_needed = SETTINGS.settle_polls
        self._polls = 0

    def poll(self):
        self._polls += 1

    def settled(self):
        return time.monotonic() >= self._settled_at or 0 < self._polls_needed <= self._polls

    def status(self):
        return "INSYNC" if self.settled() else "PENDING"


_changes = []


def begin(zone_id, before):
    change = Change(zone_id, before)
    _changes.append(change)
    return change


def find(change_id):
    return next((change for change in _changes if change.id == change_id), None)


def published(zone):
    """The record sets that the name servers have."""
    for change in _changes:
        if change.zone_id == zone.resource_id and not change.settled():
            return list(change.before)
    return list(zone.rrsets)


def reset():
    _changes.clear()

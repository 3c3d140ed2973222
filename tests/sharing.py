"""How several test processes share the tests (`-n 3 --dist loadfile`): each takes a file at a time."""

from __future__ import annotations

import os

from xdist.scheduler import LoadFileScheduling

APART = ("tests/pages/test_every_page.py", "tests/pages/test_flows.py")
"""Files that go through everything once for each of their parameters, of which the full run has many: each parameter
is taken as a file of its own."""


class Sharing(LoadFileScheduling):
    """A file together; in the full run those of APART by the last of their parameters."""

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        return f"{file} {nodeid.rpartition('[')[2]}" if os.environ.get("FULL") and file in APART else file

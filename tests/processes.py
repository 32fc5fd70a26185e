"""How two processes share the tests: a file is one's, and so is the browser with all it opens."""

from __future__ import annotations

from xdist.scheduler import LoadFileScheduling

FIRST = ("browser", "architecture", "docs", "sample_data", "laws", "stories", "pipeline", "queries")
"""Folders in the order in which they are begun.

What one process does alone comes first. While it waits for the build, the other has tests that
need none. Small files fill what is left.
"""


def folder_of(nodeid: str) -> str:
    """The folder of `tests` that a test is in; empty of one in no folder."""
    parts = nodeid.partition("::")[0].split("/")
    return parts[1] if len(parts) > 2 else ""


def turn(nodeid: str) -> int:
    """When a test is begun."""
    folder = folder_of(nodeid)
    return FIRST.index(folder) if folder in FIRST else len(FIRST)


class ByFile(LoadFileScheduling):
    """A file after the other to whoever is free; all of the browser's are one."""

    def _split_scope(self, nodeid: str) -> str:
        is_browser = folder_of(nodeid) == "browser"
        return "browser" if is_browser else super()._split_scope(nodeid)

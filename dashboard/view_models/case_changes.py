"""What was said of links between members, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard import text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dashboard.cases.records import LinkVerdict

LINK_VERDICTS = {"CONFIRMED": "The link holds", "REJECTED": "They are not linked"}


def link_lines(links: Iterable[LinkVerdict], names: Mapping[str, str]) -> list[str]:
    """Verdicts about links between members, by name."""
    return [
        f"{names[link.src]} and {names[link.dst]}: {LINK_VERDICTS[link.verdict].lower()}"
        f" ({text.plain(link.decided_by)})"
        for link in links
        if link.src in names and link.dst in names
    ]

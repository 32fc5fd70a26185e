"""What a change is put down to, in words: causes before anybody is named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dashboard import text
from dashboard.view_models.metric_words import DIMENSION_WORDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_EVENTS = {
    "policy": "the policy change",
    "release": "the release",
    "campaign": "the campaign",
    "holiday": "the holiday",
    "viral": "a session that went viral:",
    "carrier": "the carrier incident",
}
_OTHERS = {
    "label_gap": "verdicts that had not arrived",
    "maturity": "days that are still coming in",
    "mix": "a shift in what is sold, not in any slice of it",
    "ring": "orders in which a ring has a part",
}
ENOUGH = 0.5
"""A cause that explains at least this share is said as the reason."""
NOTHING = "Nothing in the calendar explains it."


def cause_name(row: Mapping[str, Any]) -> str:
    """`the release One-tap wallet launches`; empty for what is unexplained."""
    cause, title = row["cause"], row["title"]
    if cause in _EVENTS:
        return f"{_EVENTS[cause]} {text.plain(title)}"
    if cause == "mix" and title:
        return f"{_OTHERS['mix']} (by {DIMENSION_WORDS.get(title, title).lower()})"
    return _OTHERS.get(cause, "")


def cause_sentence(rows: Sequence[Mapping[str, Any]]) -> str:
    """The cause that explains most; or that the calendar was looked at in vain."""
    named = [one for one in rows if cause_name(one) and (one["share"] or 0.0) > 0.0]
    if not named:
        return NOTHING
    first = max(named, key=lambda one: float(one["share"]))
    what, share = cause_name(first), text.percent(min(first["share"], 1.0), digits=0)
    if first["share"] >= ENOUGH:
        return f"Explained by {what}: {share} of it."
    return f"{what[0].upper()}{what[1:]} explains {share} of it; the rest is unexplained."


def cause_lines(rows: Sequence[Mapping[str, Any]]) -> tuple[tuple[str, str], ...]:
    """Each cause with its share, the largest first, what is unexplained last."""
    named = [(cause_name(one), one) for one in rows if cause_name(one)]
    named.sort(key=lambda pair: -float(pair[1]["share"] or 0.0))
    lines = [
        (f"{name[0].upper()}{name[1:]}", _share(one["share"], one["margin"])) for name, one in named
    ]
    rest = sum(float(one["share"] or 0.0) for one in rows if one["cause"] == "unexplained")
    return (*lines, ("Unexplained", _share(rest, None)))


def _share(share: float | None, margin: float | None) -> str:
    said = text.percent(share, digits=0)
    return said if margin is None else f"{said} ± {margin * 100.0:.0f} pp"

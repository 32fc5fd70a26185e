"""A word-sized line of a score's history, of which each snapshot says its day when pointed at."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from dashboard.components.packaged import packaged
from dashboard.text import visible

if TYPE_CHECKING:
    import polars as pl

_HTML = '<div class="rf-line"></div>\n'
_HERE = Path(__file__).parent


def score_line(trend: pl.DataFrame, *, colour: str, alt: str, key: str) -> None:
    """Draw `as_of` and `score` (0..1, null = unknown) of `trend` as a line in `colour`."""
    mount = packaged("score_line", _HERE, html=_HTML, css="score_line.css", js="score_line.js")
    mount(key=key, data=payload(trend, colour, alt))


def payload(trend: pl.DataFrame, colour: str, alt: str) -> dict[str, Any]:
    """What travels to the browser."""
    points = trend.select("as_of", "score").iter_rows()
    values = [
        {"score": score, "said": "" if score is None else f"{day:%-d %b %Y}: {score:.3f}"}
        for day, score in points
    ]
    return {"values": values, "colour": colour, "alt": visible(alt)}

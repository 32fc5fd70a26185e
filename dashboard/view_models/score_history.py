"""What is known of a score on an old day: said by a build then, or by today's model since.

The two are never mixed without a word: a page that shows a number of an old day says which
of them it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from dashboard import text, theme

if TYPE_CHECKING:
    from datetime import date

THEN, LOW, RESCORED, HANDED = "then", "low", "rescored", "handed"
"""Values of `basis` of `pages/investigate/score_history`."""
AS_SCORED_THEN = "as scored then"
WITH_TODAYS_MODEL = "rescored with today's model"
AS_HANDED_OVER = "as handed over"
WORDS = {
    THEN: AS_SCORED_THEN,
    LOW: "Low then, score not kept",
    RESCORED: WITH_TODAYS_MODEL,
    HANDED: AS_HANDED_OVER,
}
OPENED = {"ledger": AS_SCORED_THEN, "rescored": WITH_TODAYS_MODEL, "handed": AS_HANDED_OVER}
"""`opened_by` of an alert in words."""
_MONTH = 30
"""Days back that a change of score is told of."""


def change(trend: pl.DataFrame) -> str:
    """How far the score moved in about a month, and who says what it was before."""
    if trend.height <= 1:
        return "no earlier score"
    last = trend.row(-1, named=True)
    earlier = trend.filter(pl.col("as_of") <= last["as_of"] - pl.duration(days=_MONTH))
    base = earlier.row(-1, named=True) if len(earlier) else trend.row(0, named=True)
    span = text.plural((last["as_of"] - base["as_of"]).days, "day")
    if base["basis"] == LOW:
        return f"Low {span} ago, {AS_SCORED_THEN}"
    return f"{text.signed(last['score'] - base['score'], 3)} in {span}, {WORDS[base['basis']]}"


def choice(row: dict[str, Any]) -> str:
    """One day of a history in a list to choose from."""
    if row["basis"] == LOW:
        return f"{row['as_of']} · Low then"
    said = {THEN: "then", HANDED: "handed over"}.get(row["basis"], RESCORED)
    return f"{row['as_of']} · {row['score']:.3f} {said}"


def caption(trend: pl.DataFrame) -> str:
    """How many of the days a build spoke of, under a chart that fills their points."""
    counts = dict(trend["basis"].value_counts().iter_rows())
    parts = (
        (counts.get(THEN, 0), f"{AS_SCORED_THEN} (filled)"),
        (counts.get(RESCORED, 0), f"{WITH_TODAYS_MODEL} (hollow)"),
        (counts.get(HANDED, 0), f"{AS_HANDED_OVER} (hollow)"),
        (counts.get(LOW, 0), f"{WORDS[LOW]} (no point)"),
    )
    said = [f"{text.plural(count, 'day')} {words}" for count, words in parts if count]
    return "; ".join(said) + "." if said else ""


def said_on(trend: pl.DataFrame, day: date) -> str:
    """What was shown on a day, beside a comparison that today's model makes."""
    rows = trend.filter(pl.col("as_of") == day).rows(named=True)
    if not rows or day == trend["as_of"][-1]:
        return ""
    row, when = rows[0], f"{day:%-d %b %Y}"
    if row["basis"] == RESCORED:
        return f"No build of {when} is kept: its score is {WITH_TODAYS_MODEL}."
    if row["basis"] == HANDED:
        return f"No build of {when} is kept: its score is {AS_HANDED_OVER}."
    band = theme.BAND_LABELS.get(row["score_band"], row["score_band"])
    shown = band if row["basis"] == LOW else f"{row['score']:.3f}, {band}"
    both = f"Below, both sides are {WITH_TODAYS_MODEL}."
    return f"{AS_SCORED_THEN.capitalize()}, on {when}: {shown}. {both}"

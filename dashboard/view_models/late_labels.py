"""How good the scores were as far as verdicts have come in, and when the others will have.

A week without its days has no figure and is compared with nothing. Beside the figures stand what
the scores themselves expect of this week, how far that was off before, and what random checks
say of those below the first places.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from dashboard import text
from dashboard.view_models import words
from pipeline.settings.models import EvaluationSettings

if TYPE_CHECKING:
    from collections.abc import Mapping

DAYS = EvaluationSettings.followed_days
FIRST = f"first {EvaluationSettings.followed_top * 100:.0f} %"
"""Of the list: whose verdicts are followed."""
MEASURES = {"precision": "Precision", "recall": "Recall"}
SAID = {
    "precision": f"Of those in the {FIRST} of the list who were reviewed, how many were bad.",
    "recall": f"Of those found bad, how many had stood in the {FIRST} of the list.",
}
_OF = {"precision": ("bad", "judged"), "recall": ("reached", "known_bad")}
_NINE_TENTHS, _HALF = 0.9, 0.5


@dataclass(frozen=True)
class Cohorts:
    """`weeks` has as_of, is_mature, value, low, high (null where young), expected, part, whole."""

    weeks: pl.DataFrame
    measure: str
    sentence: str

    @classmethod
    def of(cls, rows: pl.DataFrame, measure: str) -> Cohorts:
        """One measure of `pages/model/cohorts`."""
        part, whole = _OF[measure]
        weeks = rows.select(
            "as_of",
            "is_mature",
            "expected",
            value=measure,
            low=f"{measure}_low",
            high=f"{measure}_high",
            part=part,
            whole=whole,
        )
        return cls(weeks, measure, _sentence(weeks, measure))


def _sentence(weeks: pl.DataFrame, measure: str) -> str:
    """All mature weeks together, and what is too young."""
    old, young = weeks.filter("is_mature"), weeks.filter(~pl.col("is_mature"))
    apart = (
        f" {text.plural(young.height, 'week')} still without all verdicts: hatched, no figure."
        if young.height
        else ""
    )
    whole = int(old["whole"].sum())
    if not whole:
        return f"No verdict has come in time for a week that is old enough.{apart}"
    share = text.percent(int(old["part"].sum()) / whole)
    what = {
        "precision": f"{share} of {whole:,} reviews called bad",
        "recall": f"{share} of {whole:,} bad ones reached",
    }
    return (
        f"{what[measure]} in {text.plural(old.height, 'week')}, each with the verdicts of the "
        f"{DAYS} days after it; whoever is there for several weeks counts in each.{apart}"
    )


def estimate_sentences(rows: pl.DataFrame, band: Mapping[str, Any] | None) -> list[str]:
    """What the scores expect of this week, and how far that was off in `pages/model/cohorts`.

    `band` is the row of `pages/model/calibration` about the first places, if there is one.
    """
    if band is None:
        return []
    expects = text.percent(band["predicted"])
    whom = f"of the {band['entities']:,} in the {FIRST} this week"
    said = [f"Without waiting for labels: {whom} the scores expect {expects} to be bad."]
    mature = rows.filter("is_mature", pl.col("judged") > 0)
    if mature.height:
        judged = int(mature["judged"].sum())
        expected = float((mature["expected"] * mature["judged"]).sum()) / judged
        observed = float(mature["bad"].sum()) / judged
        missed = mature.select((pl.col("expected") - pl.col("precision")).abs() * pl.col("judged"))
        typical = float(missed.to_series().sum()) / judged
        said.append(
            f"In {text.plural(mature.height, 'mature week')} they expected "
            f"{text.percent(expected)} of the reviewed to be bad and {text.percent(observed)} "
            f"were; a week was missed by {typical * 100:.0f} points on average."
        )
    said.append(ESTIMATE_CAVEAT)
    return said


ESTIMATE_CAVEAT = (
    "Such an estimate takes the scores at their word: when the signs of a scheme change, it stays "
    "as it is and only verdicts show it."
)


def lot_sentence(rows: pl.DataFrame) -> str:
    """What `pages/model/lot_checks` says of those below the first places, in a sentence or two."""
    by_place = {row["is_in_first"]: row for row in rows.iter_rows(named=True) if row["checks"]}
    below, first = by_place.get(False), by_place.get(True)
    if below is None:
        return "No random check fell below the first places: what is missed there is not known."
    said = (
        f"Random checks below the {FIRST}: {_finds(below)}. Some are called bad wrongly, so "
        f"between {text.percent(below['low'])} and {text.percent(below['high'])} of them are."
    )
    return said if first is None else f"{said} In the {FIRST} it is {_finds(first)}."


def draws_sentence(draws: Mapping[str, Any]) -> str:
    """Why the checks above are fewer than the lot drew: a row of `pages/model/lot_draws`."""
    parts = []
    if early := draws["early"]:
        bad = f" ({draws['early_bad']} called bad)" if draws["early_bad"] else ""
        parts.append(f"{early}{bad} had no weekly score before their verdict")
    for name, since in (("overturned", "good"), ("added", "bad")):
        if count := draws[name]:
            has = "has" if count == 1 else "have"
            parts.append(f"{text.plural(count, 'verdict')} {has} been changed to {since} since")
    if not parts:
        return ""
    bad = draws["called_bad"]
    return (
        f"The lot drew {draws['drawn']} in all, {bad} called bad by the first verdict: "
        f"{text.joined(parts)}."
    )


def _finds(row: Mapping[str, Any]) -> str:
    return f"{row['finds']} of {row['checks']} called bad"


def arrival_table(rows: pl.DataFrame) -> pl.DataFrame:
    """Of each curve of `pages/model/label_arrival`: label, labels, half, nine_tenths, longest.

    The last three in days; the quickest scheme first.
    """

    def by(share: float) -> pl.Expr:
        # What a float makes of 0.9 is no reason to wait a day longer.
        return pl.col("age_days").filter(pl.col("share") >= share - 1e-9).min()

    each = rows.group_by("typology").agg(
        pl.col("labels").first(),
        half=by(_HALF),
        nine_tenths=by(_NINE_TENTHS),
        longest=pl.col("age_days").max(),
    )
    labels = [words.typology_title(code) for code in each["typology"]]
    named = each.with_columns(pl.Series("label", labels, dtype=pl.String))
    return named.sort("nine_tenths", "typology")


def arrivals_concerning(rows: pl.DataFrame, entity_type: str) -> pl.DataFrame:
    """Rows of `pages/model/label_arrival` of schemes whose pack covers the type."""
    covered = [
        code for code, pack in words.known_packs().items() if entity_type in pack.entity_types
    ]
    return rows.filter(pl.col("typology").is_in(covered))

"""The lists of the auditor's page as tables; what a line of one rests on stays beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from dashboard.view_models.unusual_access import (
    looks_at_many,
    looks_at_relations,
    looks_off_hours,
)
from queries.personal_data import revealed_classes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dashboard.cases.privacy import PrivacyRules

EVERYBODY = "everybody"
PERIODS = {"7": "7 days", "30": "30 days", "90": "90 days"}
PAST_DAYS = 60
"""Days before the period that are read too: somebody's past is what a day is held against."""
_SPANS = {"hour": "One hour", "day": "One day"}
_ACTS = {"view": "View", "search": "Search", "export": "Export", "reveal": "Reveal"}


def many(log: pl.DataFrame, rules: PrivacyRules) -> pl.DataFrame:
    """Who looked at unusually many."""
    return looks_at_many(log, rules.unusual).with_columns(
        span=pl.col("span").replace_strict(_SPANS)
    )


def off_hours(log: pl.DataFrame, rules: PrivacyRules, zones: Mapping[str, str]) -> pl.DataFrame:
    """Who worked when they usually do not."""
    return looks_off_hours(log, rules.office, zones, rules.unusual)


def relations(log: pl.DataFrame, related: pl.DataFrame) -> pl.DataFrame:
    """Who looked at somebody they have to do with."""
    return looks_at_relations(log, related)


def entries(log: pl.DataFrame, act: str = "") -> pl.DataFrame:
    """The entries of one kind of act, or all of them, with the span of each and words for codes."""
    chosen = log.filter(pl.col("act") == act) if act else log
    labels = revealed_classes()
    return chosen.with_columns(
        since="at",
        until=pl.col("at") + pl.duration(microseconds=1),
        act=pl.col("act").replace_strict(_ACTS, default=pl.col("act")),
        detail=pl.when(pl.col("act") == "reveal")
        .then(pl.col("detail").replace(labels))
        .otherwise("detail"),
    )


def without_reason(log: pl.DataFrame, not_said: str) -> pl.DataFrame:
    """Views of subjects that nobody gave a reason for, neither then nor later that day."""
    views = log.filter(pl.col("act") == "view").with_columns(day=pl.col("at").dt.date())
    said = views.filter(pl.col("purpose") != not_said).select("actor", "subject", "day").unique()
    silent = views.filter(pl.col("purpose") == not_said)
    return entries(silent.join(said, on=["actor", "subject", "day"], how="anti").drop("day"))


def by_size(log: pl.DataFrame) -> pl.DataFrame:
    """Exports, the largest first."""
    return entries(log, "export").sort("row_count", "at", descending=True, nulls_last=True)


LISTS: dict[str, str] = {
    "many": "Unusually many",
    "hours": "Off hours",
    "relations": "Own relations",
    "reveals": "Reveals",
    "exports": "Exports",
    "searches": "Searches",
    "reasons": "No reason said",
    "all": "Every entry",
}
EMPTY: dict[str, str] = {
    "many": "Nobody looked at unusually many subjects in this time.",
    "hours": "Nobody worked outside of working hours who usually does not.",
    "relations": "Nobody looked at a subject they have to do with, as far as the file of people "
    "says whom they have to do with.",
    "reveals": "Nobody had personal data shown in this time.",
    "exports": "Nobody took anything out in this time.",
    "searches": "Nobody searched in this time.",
    "reasons": "Every view has a reason.",
    "all": "Nothing was logged in this time.",
}
NOTHING_YET = "Nobody has opened a subject yet, so there is nothing to audit."


def list_of(
    name: str,
    log: pl.DataFrame,
    rules: PrivacyRules,
    zones: Mapping[str, str],
    related: pl.DataFrame,
) -> pl.DataFrame:
    """The list called `name`, with actor, since and until in every row."""
    made: dict[str, Callable[[], pl.DataFrame]] = {
        "many": lambda: many(log, rules),
        "hours": lambda: off_hours(log, rules, zones),
        "relations": lambda: relations(log, related),
        "reveals": lambda: entries(log, "reveal"),
        "exports": lambda: by_size(log),
        "searches": lambda: entries(log, "search"),
        "reasons": lambda: without_reason(log, rules.purposes.not_said),
        "all": lambda: entries(log),
    }
    return made[name]()

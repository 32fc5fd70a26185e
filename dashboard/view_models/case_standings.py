"""Where cases stand, by entity key: rows of the build held against the casebook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dashboard.cases.standing import AlertNow, Place, Standing, standing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    import polars as pl

    from dashboard.cases.records import Case


def keys_in(statuses: Mapping[str, Standing], place: Place) -> list[str]:
    """The entity keys whose case stands on that list, sorted."""
    return sorted(key for key, each in statuses.items() if each.place == place)


def standings(
    cases: Mapping[str, Case], subjects: pl.DataFrame, today: date, now: datetime | None = None
) -> dict[str, Standing]:
    """Where each case stands; `subjects` are rows of `pages/queue/subjects`.

    `today` is the data's day, `now` the wall's clock (UTC), by which answers are due.
    """
    alerts = {
        str(row["entity_key"]): alert_now(row)
        for row in subjects.iter_rows(named=True)
        if row["opened_on"] is not None
    }
    return {key: standing(case, alerts.get(key), today, now) for key, case in cases.items()}


def alert_now(row: Mapping[str, Any]) -> AlertNow:
    """The alert of a row that has its columns."""
    return AlertNow(*(row[name] for name in _ALERT_NOW))


SUBJECT = (
    *("entity_key", "entity_type", "name", "market", "typology", "score_band", "opened_on"),
    *("typology_since", "reopened_by", "reopened_on"),
)
"""Columns of `pages/queue/subjects`."""
_ALERT_NOW = (
    *("typology", "score_band", "opened_on"),
    *("typology_since", "reopened_by", "reopened_on"),
)

"""Where every case stands today: the casebook beside the alerts of the served build."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from dashboard.casebook import open_casebook
from dashboard.cases.standing import DECIDED_STATES
from dashboard.errors import TableMissing
from dashboard.store import build, read
from dashboard.view_models.case_standings import SUBJECT, standings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dashboard.cases.standing import Standing


def case_standings() -> dict[str, Standing]:
    """By entity key; only the answered ones are held against their alerts."""
    cases = open_casebook().cases()
    answered = (key for key, case in cases.items() if case.state in DECIDED_STATES)
    return standings(cases, subjects(answered), build().as_of)


def subjects(keys: Iterable[str], markets: Iterable[str] = ()) -> pl.DataFrame:
    """Rows of `pages/queue/subjects`; none where the build has no alerts."""
    chosen = sorted(keys)
    try:
        return read("pages/queue/subjects", keys=chosen, markets=list(markets))
    except TableMissing:
        return pl.DataFrame(schema=SUBJECT)

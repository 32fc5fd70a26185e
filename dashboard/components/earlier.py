"""What was said of some subjects before, from the build and the casebook."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import polars as pl

from dashboard.casebook import open_casebook
from dashboard.errors import CasebookUnavailable, TableMissing
from dashboard.store import read
from dashboard.view_models.earlier_verdicts import LABEL, earlier_by_key

if TYPE_CHECKING:
    from collections.abc import Collection

    from dashboard.cases.records import Decision


def earlier_of(keys: Collection[str]) -> dict[str, str]:
    """The sentence about the earlier verdicts of each entity that has any, by key.

    Two reads for all of `keys`; without a casebook, or without verdicts, the other half.
    """
    labels, decisions = pl.DataFrame(schema=LABEL), dict[str, "list[Decision]"]()
    with suppress(TableMissing):
        labels = read("pages/investigate/earlier_verdicts", keys=sorted(keys))
    with suppress(CasebookUnavailable):
        decisions = open_casebook().decisions_of(keys)
    return earlier_by_key(labels, decisions)

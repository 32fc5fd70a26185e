"""The signals of a file, as what two features of its model follow from."""

from __future__ import annotations

import polars as pl

from dashboard.explanations.signals import signal_columns
from queries.vocabulary import SIGNAL_COLUMNS

CONDITIONS = pl.DataFrame(
    {
        "typology": ["T1", "T1", "T2"],
        "code": ["READ", "UNREAD", "OFF"],
        "severity": [0.5, 0.4, 0.3],
        "predicate": ["claims >= 4", "round(claims) >= 4", "claims >= 1"],
    }
)
FEATURES = ("claims", *SIGNAL_COLUMNS)


def test_conditions_are_read_once_and_those_that_are_off_left_out() -> None:
    """What DuckDB alone understands stays without a tree; what is off never fires."""
    columns = signal_columns(FEATURES, CONDITIONS, {"OFF"})
    assert [one.code for one in columns.signals] == ["READ", "UNREAD"]
    read, unread = columns.signals
    assert read.condition == (">=", ("column", "claims"), ("number", 4.0))
    assert unread.condition is None
    assert columns.places == (1, 2)
    assert set(columns.cuts()) == {"claims"}

"""A number from its rows: the catalogue's aggregate, or no value where there is none."""

from __future__ import annotations

import duckdb
import polars as pl
import pytest

from queries.catalogue import features
from queries.recompute import recomputed

FEATURE = features("merchant")["orders_7d"]


def test_the_aggregate_runs_over_the_rows() -> None:
    """A count is a number; an aggregate of nothing is no value."""
    rows = pl.DataFrame({"order_id": ["a", "b"], "paid_usd": [1.5, 2.5]})
    assert recomputed(FEATURE.model_copy(update={"value": "count(*)"}), rows) == 2.0
    assert recomputed(FEATURE.model_copy(update={"value": "sum(paid_usd)"}), rows) == 4.0
    assert recomputed(FEATURE.model_copy(update={"value": "sum(paid_usd)"}), rows.head(0)) is None


def test_an_aggregate_reads_its_rows_only() -> None:
    """A catalogue entry cannot reach a file of the server."""
    rows = pl.DataFrame({"order_id": ["a"]})
    sql = "(select count(*) from read_text('/etc/hostname'))"
    with pytest.raises(duckdb.Error):
        recomputed(FEATURE.model_copy(update={"value": sql}), rows)

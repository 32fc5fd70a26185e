"""Schema `meta`: what a finished file says of its own build."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

import polars as pl

import queries
from pipeline.orchestration import stages
from pipeline.publishing import delivered
from pipeline.tables import store
from queries.contract import CONTRACT_VERSION

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    import duckdb

    from pipeline.orchestration.scheduler import StageTime


def write_meta(
    con: duckdb.DuckDBPyConnection, fingerprint: str, times: Sequence[StageTime]
) -> date:
    """Make `meta.build`, `meta.stages` and `meta.delivered`; returns the day of the build."""
    as_of = stages.as_of(con)
    build_row = {
        "contract_version": [CONTRACT_VERSION],
        "as_of": [as_of],
        "ringfence_version": [version("ringfence")],
        "data_fingerprint": [fingerprint],
        "order_count": [queries.row_count(con, "staging.orders")],
    }
    stage_rows = pl.DataFrame(
        [(t.stage, t.tables, t.rows) for t in times],
        schema={"stage": pl.String, "tables": pl.Int64, "row_count": pl.Int64},
        orient="row",
    )
    store(con, "meta.build", pl.DataFrame(build_row))
    store(con, "meta.stages", stage_rows)
    delivered.write(con)
    return as_of

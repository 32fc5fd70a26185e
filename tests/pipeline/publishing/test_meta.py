"""A built file says what it was built from, when, and what each stage left in it."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

import queries
from pipeline.build import Order, fingerprint
from pipeline.orchestration.stages import stages
from queries.contract import CONTRACT_VERSION
from tests.every_table import EVERY_TABLE

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

    from pipeline.build import Report


def test_the_build_names_its_contract_release_and_input(
    built: Report, con: duckdb.DuckDBPyConnection, small_world: Path
) -> None:
    """One row, from which the next build sees that nothing has changed."""
    row = con.sql("select * from meta.build").pl().row(0, named=True)
    assert row["contract_version"] == CONTRACT_VERSION
    assert row["ringfence_version"] == version("ringfence")
    assert row["as_of"] == built.as_of
    assert row["data_fingerprint"] == fingerprint(
        Order(small_world, built.database.parent, EVERY_TABLE)
    )
    assert row["order_count"] == queries.row_count(con, "staging.orders")


def test_every_stage_has_a_row(con: duckdb.DuckDBPyConnection) -> None:
    """Without which a file is not published."""
    rows = con.sql("select * from meta.stages order by stage").pl()
    assert rows["stage"].to_list() == list(stages())
    assert (rows["row_count"] > 0).all()

"""Tables that only other tables are made of are made by steps that run at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING

import duckdb

import queries
from pipeline.orchestration import intermediate_tables, stages
from pipeline.settings.build import Settings

if TYPE_CHECKING:
    from pathlib import Path

AT_ONCE = 4


def test_the_first_tables_of_a_schema_may_be_made_at_once(tmp_path: Path) -> None:
    """Steps that start together in the same schema all end, in each schema."""
    work, together = tmp_path / "work.duckdb", Barrier(AT_ONCE)
    schemas = sorted(
        {step.partition("/")[0] for step in intermediate_tables.catalogs(Settings())}
        & set(stages.SQL_SCHEMAS)
    )
    with duckdb.connect(str(work)) as con:
        con.execute(";".join(f"create schema if not exists {one}" for one in schemas))
        intermediate_tables.attach(con, work)

        def make(number: int) -> None:
            with con.cursor() as own:
                for schema in schemas:
                    together.wait(timeout=60)
                    table, place = f"{schema}.first_{number}", intermediate_tables.CATALOG
                    queries.make_table(own, table, "select 1 as one", place)

        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(make, range(AT_ONCE)))
        made = con.sql("select count(*) from duckdb_tables() where database_name = 'intermediate'")
        assert made.fetchall() == [(AT_ONCE * len(schemas),)]
        intermediate_tables.leave_out(con, work)

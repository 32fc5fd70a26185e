"""A delivery becomes staging tables that stand alone, or is refused with its faults named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pytest

import queries
from pipeline.errors import InputError
from pipeline.inputs import ingest
from tests import raw_folder

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow  # each reads a whole delivery


def test_staging_stands_alone(tmp_path: Path) -> None:
    """Every staging table is reported, and no view over the delivered files is left."""
    folder = raw_folder.write(tmp_path, raw_folder.frames())
    reported: dict[str, int] = {}
    with duckdb.connect() as con:
        con.execute("create schema staging")
        ingest.write(con, folder, None, reported.__setitem__)
        schemas = {row[0] for row in con.execute("from duckdb_schemas()").fetchall()}
        assert queries.row_count(con, "staging.orders") == reported["staging/orders"]
        names = "select distinct schema_name from duckdb_views() where not internal"
        assert con.execute(names).fetchall() == []
    assert set(reported) == set(queries.names("staging/"))
    assert schemas


@pytest.mark.parametrize(("tables", "counted"), [(1, "1 fault in"), (12, "12 faults in")])
def test_a_refusal_counts_every_fault_and_spells_out_the_first(
    tables: int, counted: str, tmp_path: Path
) -> None:
    """As many as a person reads; the remedy names the command that lists all."""
    folder = raw_folder.write(tmp_path, raw_folder.frames())
    for path in sorted(folder.glob("*.parquet"))[:tables]:
        path.write_bytes(b"PAR1 half a file")
    with duckdb.connect() as con, pytest.raises(InputError) as refused:
        ingest.write(con, folder, None, lambda *_: None)
    assert counted in refused.value.found
    assert refused.value.found.count("cannot be read") == min(tables, ingest.SHOWN_FAULTS)
    assert f"ringfence check {folder}" in refused.value.remedy

"""The schedule of a build: read from the SQL, declared for Python, and held against its code."""

from __future__ import annotations

import re
from graphlib import TopologicalSorter
from pathlib import Path

import duckdb
import pytest

import pipeline
import queries
from pipeline.orchestration.stages import (
    PYTHON_READS,
    SQL_SCHEMAS,
    stage_of,
    stages,
    step_reads,
    unknown_columns,
)

ROOT = Path(str(pipeline.__file__)).parent
SOURCES = {
    "signals": ("signals",),
    "scores": ("scoring", "learning", "anomalies", "evaluation"),
    "explanations": ("explaining",),
    "communities": ("communities",),
    "drift/score_parts": ("drift/score_drift.py", "drift/snapshot_pair.py"),
    "drift/data_days": ("drift/day_stage.py", "drift/day_tests.py"),
    "noticing": ("noticing",),
    "similarity/lockstep_cores": ("similarity",),
    "content/matched_texts": ("content",),
    "content/named_texts": ("content/named_texts.py",),
}
"""Which code runs in a step; what all share (`tables.py`) reads features and their spine."""
READ = re.compile(r"(?:from|join|describe) (\w+)\.(\w+|\{)")
FLOORS = ("staging", "facts", "days", "similarity", "population", "windows", "surroundings")


def ancestors(step: str) -> set[str]:
    """Every step that has ended when `step` begins."""
    reads, above, waiting = step_reads(), set[str](), [step]
    while waiting:
        for one in reads[waiting.pop()]:
            if one not in above:
                above.add(one)
                waiting.append(one)
    return above


def test_steps_follow_the_tables_they_read() -> None:
    """The derived order is the order of the house."""
    order = list(TopologicalSorter(step_reads()).static_order())
    assert order[0] == "staging"
    last = {
        stage: max(i for i, step in enumerate(order) if stage_of(step) == stage)
        for stage in stages()
    }
    assert last["features"] < order.index("signals") < order.index("scores")
    assert order.index("scores") < order.index("explanations")
    assert order.index("scores") < last["alerts"]
    assert order.index("communities") < last["alerts"]


def test_every_sql_file_of_a_schema_is_one_step() -> None:
    """No table is forgotten and none is written twice."""
    built = [name for schema in SQL_SCHEMAS for name in queries.names(f"{schema}/")]
    assert sorted(step_reads()) == sorted([*built, *PYTHON_READS])


def test_no_schema_reads_one_above_it() -> None:
    """From facts up to features the arrow never turns round."""
    floors = [*FLOORS, "features"]
    for step, read in step_reads().items():
        if stage_of(step) in floors:
            above = floors[floors.index(stage_of(step)) + 1 :]
            assert not [one for one in read if stage_of(one) in above], step


def test_a_table_that_python_writes_among_sql_ones_is_one_step_of_their_schema() -> None:
    """It waits for what it declares, whoever reads it waits for it, and its stage is theirs."""
    reads = step_reads()
    assert reads["similarity/lockstep_cores"] == ("facts/snapshots", "graph/lockstep_pairs")
    assert "similarity/lockstep_cores" in reads["similarity/lockstep_groups"]
    assert "similarity/lockstep_cores" not in queries.names()
    assert stages().count("similarity") == 1
    assert not [stage for stage in stages() if "/" in stage]


@pytest.mark.parametrize("stage", sorted(SOURCES))
def test_a_stage_in_python_declares_every_table_it_reads(stage: str) -> None:
    """A table named in its code is written by a step that has ended when it begins."""
    before = ancestors(stage)
    written = {step.replace("/", ".") for step in before if "/" in step}
    for name in SOURCES[stage]:
        path = ROOT / name
        for source in [path] if path.is_file() else sorted(path.rglob("*.py")):
            for schema, table in READ.findall(source.read_text(encoding="utf-8")):
                if schema in SQL_SCHEMAS and table != "{":
                    assert f"{schema}.{table}" in written, f"{source}: {schema}.{table}"
                elif schema in SQL_SCHEMAS:
                    assert set(queries.names(f"{schema}/")) <= before, f"{source}: {schema}"
                elif schema in PYTHON_READS:
                    assert schema in before | {stage}, f"{source}: {schema}.{table}"


def test_a_metric_that_is_off_is_no_column_of_the_cube() -> None:
    """Sums of the cube and metrics of their own are off under one heading, each a table's own."""
    off = [("metric", None, "voucher_claims"), ("metric", None, "payment_method")]
    with duckdb.connect() as con:
        con.execute("create schema meta")
        con.execute("create table meta.unavailable (kind text, entity_type text, name text)")
        con.executemany("insert into meta.unavailable values (?, ?, ?)", off)
        assert unknown_columns(con, "metrics/cube") == ["payment_method"]
        assert unknown_columns(con, "kpis/voucher_claims") == ["numerator", "denominator"]
        assert unknown_columns(con, "kpis/orders") == []

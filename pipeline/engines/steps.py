"""Which steps of a build an engine runs, and which of their tables others read.

Steps in SQL come first, on the engine; what rests on a score, an explanation or a community is
made in the served file, where these are.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pipeline
import queries
from pipeline.orchestration.stages import PYTHON_READS, step_reads

READ_BACK = ("similarity/lockstep_cores",)
"""Steps in Python whose table steps on the engine read: it goes to the lake."""
BY_NAME = ("staging", "features", "kpis")
"""Schemas whose tables are also read by a name that only the running program has."""
_SOURCES = ("pipeline", "dashboard", "queries", "benchmarks")


@cache
def engine_steps() -> tuple[str, ...]:
    """The SQL steps that run on an engine, staging first."""
    reads = step_reads()
    here = set(PYTHON_READS) - {"staging", *READ_BACK}

    @cache
    def rests_on(step: str) -> frozenset[str]:
        return frozenset(reads[step]).union(*map(rests_on, reads[step]))

    own = sorted(step for step in reads if step not in PYTHON_READS and not rests_on(step) & here)
    return (*queries.build_order("staging"), *own)


@cache
def published() -> frozenset[str]:
    """The steps on an engine whose tables somebody else reads: the served file holds them."""
    steps = {name.replace("/", "."): name for name in engine_steps()}
    others = {name for name in queries.names() if name not in engine_steps()}
    read = {table for name in others for table in queries.reads(name)}
    for sources in PYTHON_READS.values():
        read |= {table for one in sources for table in steps if _is_in(table, one)}
    read |= {table for table in _named_in_programs() if table in steps}
    read |= {table for table in steps if table.partition(".")[0] in BY_NAME}
    return frozenset(steps[table] for table in read & steps.keys())


def _is_in(table: str, source: str) -> bool:
    """Whether a table is the source, or one of the schema that the source is."""
    return source in {table, table.partition(".")[0]}


def _named_in_programs() -> set[str]:
    """Every `schema.table` that stands in a program or a pack."""
    root = Path(str(pipeline.__file__)).parents[1]
    files = [
        path
        for folder in _SOURCES
        for suffix in ("py", "toml")
        for path in (root / folder).rglob(f"*.{suffix}")
    ]
    pattern = re.compile(rf"\b(?:{'|'.join(queries.BUILT_SCHEMAS)})\.[a-z_]+\b")
    return {name for path in files for name in pattern.findall(path.read_text(encoding="utf-8"))}

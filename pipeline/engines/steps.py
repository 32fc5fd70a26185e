"""Which steps of a build an engine runs, and which of their tables others read.

Steps in SQL come first, on the engine; what rests on a score, an explanation or a community is
made in the served file, where these are.
"""

from __future__ import annotations

from functools import cache

import queries
from pipeline.orchestration.served_tables import served_steps, tables_named_in
from pipeline.orchestration.stages import PYTHON_READS, step_reads

READ_BACK = ("similarity/lockstep_cores",)
"""Steps in Python whose table steps on the engine read: it goes to the lake."""


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
    """The steps on an engine whose tables are read here: by a later step, or when it is served."""
    steps = {name.replace("/", "."): name for name in engine_steps()}
    later = [
        name for name in step_reads() if name in queries.names() and name not in steps.values()
    ]
    read = {table for name in later for table in queries.reads(name)}
    for sources in PYTHON_READS.values():
        read |= {table for one in sources for table in steps if _is_in(table, one)}
    read |= tables_named_in(("pipeline",))
    own = frozenset(steps[table] for table in read & steps.keys())
    return own | (served_steps() & frozenset(engine_steps()))


def _is_in(table: str, source: str) -> bool:
    """Whether a table is the source, or one of the schema that the source is."""
    return source in {table, table.partition(".")[0]}

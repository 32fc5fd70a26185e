"""Which steps a build has, what each reads, and how the SQL ones are written.

A step is one SQL table, or what Python writes: a whole stage, or one table among SQL ones.
Nobody keeps a list of their order: an SQL table says what it reads in its own text, the few
steps in Python declare it here.
All schemas are one schedule, so no core waits at the border between two of them.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import duckdb

import queries
from pipeline.errors import BuildError
from pipeline.orchestration.predicates import refusal
from pipeline.tables import names_off
from queries.packs import folder_of, packs
from queries.registry import METRIC_TABLES, SCHEMA
from queries.signal_columns import signal_columns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date

    from pipeline.orchestration.scheduler import Writer
    from pipeline.settings.build import Settings
    from queries.packs import Pack

SQL_SCHEMAS = (
    *("graph", "facts", "days", "similarity", "population", "windows"),
    *("surroundings", "features", "metrics", "drift", "alerts", "rings", "cases", "kpis"),
    "content",
)
"""Schemas whose every table is one file under `queries/`; `staging` is written by `ingest`."""
PYTHON_READS: dict[str, tuple[str, ...]] = {
    "staging": (),
    "signals": ("features",),
    "scores": (
        *("features", "signals", "staging", "facts.snapshots", "graph.entities"),
        *("population.active_spans", "population.observations"),
        *("graph.edges", "similarity.lockstep_cores"),
    ),
    "explanations": (
        *("features", "scores", "graph.entities", "facts.age_bands"),
        *("surroundings.peers", "population.observations", "alerts.proposals"),
    ),
    "communities": ("graph", "scores", "features", "staging", "facts.verdicts"),
    "drift/score_parts": (
        *("features", "scores", "alerts.alerts", "surroundings.peer_values"),
        *("facts.snapshots", "population.observations"),
    ),
    "drift/data_days": ("drift.day_histograms", "drift.bins", "metrics.clocks"),
    "noticing": ("kpis", "metrics", "rings"),
    "similarity/lockstep_cores": ("graph.lockstep_pairs", "facts.snapshots"),
    "content/matched_texts": ("staging",),
    "content/named_texts": (
        "staging",
        "facts.refund_facts",
        "facts.review_facts",
        "graph.entities",
    ),
    "rings/rejected_links": (),
    "rings/actors": ("rings.ties", "rings.suspects"),
    "rings/members": (
        *("rings.roster", "rings.ties", "rings.suspects", "rings.organisers"),
        "scores.packs",
    ),
    "rings/places": ("rings.rings", "rings.common_things"),
    "rings/history": ("rings.members", "staging", "facts.snapshots"),
}
"""What each step in Python reads: a schema with all its tables, or one table. A step is a whole
stage, or one table of a schema whose other tables are SQL, named like those."""


def stage_of(step: str) -> str:
    """The stage (schema) that a step belongs to."""
    return step.partition("/")[0]


def step_reads() -> dict[str, tuple[str, ...]]:
    """Which steps each step reads, every step of a build once."""
    tables = {step.replace("/", "."): step for step in (*_sql_steps(), *PYTHON_READS)}
    reads = {name: _steps_of(queries.reads(name), tables, name) for name in _sql_steps()}
    python = {name: _steps_of(read, tables, name) for name, read in PYTHON_READS.items()}
    return python | reads


def stages() -> tuple[str, ...]:
    """Every stage of a build, alphabetical."""
    return tuple(sorted({*map(stage_of, PYTHON_READS), *SQL_SCHEMAS}))


def _sql_steps() -> list[str]:
    return [name for schema in SQL_SCHEMAS for name in queries.names(f"{schema}/")]


def _steps_of(read: Iterable[str], tables: dict[str, str], reader: str) -> tuple[str, ...]:
    """The steps that write the tables or schemas `read`, without the reader itself."""
    steps = set()
    for one in read:
        schema = one.partition(".")[0]
        if schema in PYTHON_READS:
            steps.add(schema)
        elif one in tables:
            steps.add(tables[one])
        else:
            steps |= {name for name in tables.values() if stage_of(name) == one}
    return tuple(sorted(steps - {reader}))


def sql_writers(settings: Settings, beside: Mapping[str, str] | None = None) -> dict[str, Writer]:
    """A writer per SQL table; its parameters come from the settings by name.

    The feature tables get two columns more, which the packs of the settings say. `beside` names
    the catalog of each table that the database itself is not to hold.
    """
    in_use = list(packs(folder_of(settings.packs_folder)).values())
    catalogs = beside or {}
    return {
        name: partial(_write_table, name, settings, in_use, catalogs.get(name, ""))
        for name in _sql_steps()
    }


def _write_table(
    name: str,
    settings: Settings,
    in_use: Sequence[Pack],
    catalog: str,
    con: duckdb.DuckDBPyConnection,
    on_progress: Callable[[str, int], None],
) -> None:
    params = parameters(con, settings, {column.name for column in queries.get(name).params})
    unknown = unknown_columns(con, name)
    columns = columns_of_packs(con, name, in_use)
    try:
        on_progress(name, queries.build(con, name, unknown, columns, catalog, **params))
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error as error:
        if not columns:
            raise
        queries.build(con, name, unknown, **params)
        raise _refusal(con, name, in_use, error) from error


def columns_of_packs(
    con: duckdb.DuckDBPyConnection, name: str, in_use: Sequence[Pack]
) -> dict[str, str]:
    """SQL of the columns that packs add to a feature table, without the signals that are off."""
    off = names_off(con, "signal").get(name.partition("/")[2], set())
    return signal_columns(in_use, name, off)


def unknown_columns(con: duckdb.DuckDBPyConnection, name: str) -> list[str]:
    """The columns of a table of features or daily sums that nothing delivered says anything of."""
    stage, _, table = name.partition("/")
    if stage == "features":
        return sorted(names_off(con, "feature").get(table, ()))
    off = names_off(con, "metric")
    if stage == SCHEMA and table in off.get(None, ()):
        return ["numerator", "denominator"]
    if name not in METRIC_TABLES:
        return []
    own = {column.name for column in queries.get(name).returns}
    return sorted(own & off.get(METRIC_TABLES[name], set()))


def _refusal(
    con: duckdb.DuckDBPyConnection, name: str, in_use: Sequence[Pack], error: Exception
) -> Exception:
    """Which pack's predicate a feature table cannot be asked; `error` itself where none is."""
    every = ((pack, signal) for pack in in_use for signal in pack.signals)
    table = queries.get(name).table
    return refusal(
        con, [pair for pair in every if f"features.{pair[1].entity_type}" == table], table, error
    )


def parameters(
    con: duckdb.DuckDBPyConnection, settings: Settings, names: set[str]
) -> dict[str, Any]:
    """The values of the build parameters `names`; `as_of` is read from the data."""
    sections = (settings.snapshots, settings.alerts, settings.rings)
    values: dict[str, Any] = {key: value for one in sections for key, value in vars(one).items()}
    if "as_of" in names:
        values["as_of"] = as_of(con)
    missing = names - values.keys()
    if missing:
        raise BuildError(
            f"Queries ask for the parameters {sorted(missing)}.",
            f"A build knows {sorted(values)}.",
            "Add a field of that name to pipeline/settings/build.py, or mend the header.",
        )
    return {name: values[name] for name in names}


def as_of(con: duckdb.DuckDBPyConnection) -> date:
    """The day of the build, as `pipeline.inputs.clocks` has it: midnight, when all was known.

    Of scores that came without raw tables the last day that is scored.
    """
    day: date | None = queries.scalar(con, "select as_of from meta.delivery")
    scored_on = "select max(last_scored_on) from staging.scored_entities"
    day = day or queries.scalar(con, scored_on)
    if day is None:
        raise BuildError(
            "The delivery holds no paid orders.",
            "At least 30 days of orders with paid_at are needed for features and scores.",
            "Deliver them, paid_at as created_at where no other moment is known, or try the "
            "sample: ringfence generate --out DIR",
        )
    return day

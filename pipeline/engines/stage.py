"""The SQL steps of a build as an engine runs them: translate, write to the lake, publish.

A writer stands in the place of the one that DuckDB would have, so the order of a build, what it
reports and how it ends are the same.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING

from pyspark.errors import PySparkException
from sqlglot.errors import SqlglotError

import queries
from pipeline.engines.lake import Lake
from pipeline.engines.publishing import publish, rows_in
from pipeline.engines.raw import open_on_engine
from pipeline.engines.session import connected
from pipeline.engines.steps import READ_BACK, engine_steps, published
from pipeline.engines.translation import translated
from pipeline.errors import BuildError
from pipeline.orchestration.intermediate_tables import catalogs
from pipeline.orchestration.stages import columns_of_packs, parameters, unknown_columns
from queries.packs import folder_of, packs
from queries.vocabulary import ENTITY_TYPES, SIGNAL_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import duckdb

    from pipeline.engines.translation import Schema
    from pipeline.inputs.raw_check import Checked
    from pipeline.orchestration.scheduler import Writer
    from pipeline.publishing.order import Engine
    from pipeline.settings.build import Settings

    Report = Callable[[str, int], None]


@dataclass(frozen=True)
class EngineStage:
    """The steps that one engine runs for one build."""

    lake: Lake
    settings: Settings

    @cached_property
    def _catalogs(self) -> Mapping[str, str]:
        """Where tables lie that are read here, and not once it is served."""
        return catalogs(self.settings)

    def write_staging(
        self, con: duckdb.DuckDBPyConnection, checked: Checked, on_progress: Report
    ) -> None:
        """Every `staging` table, of the raw tables as the contract check left them."""
        open_on_engine(con, checked, self.lake)
        for name in queries.build_order("staging"):
            self.write(name, con, on_progress)

    def writers(self, others: Mapping[str, Writer]) -> dict[str, Writer]:
        """A writer for each step that is not of `staging`, and for what is read back.

        `others` writes them where there is no engine.
        """
        own = [name for name in engine_steps() if not name.startswith("staging/")]
        made: dict[str, Writer] = {name: partial(self.write, name) for name in own}
        for name in READ_BACK:
            made[name] = partial(self._read_back, name, others[name])
        return made

    def _read_back(
        self, name: str, write: Writer, con: duckdb.DuckDBPyConnection, on_progress: Report
    ) -> None:
        """A step in Python whose table the engine reads afterwards."""
        write(con, on_progress=on_progress)
        self.lake.copy(con, name.replace("/", "."))

    def write(self, name: str, con: duckdb.DuckDBPyConnection, on_progress: Report) -> None:
        """Make one table on the engine, and publish it where somebody else reads it.

        Raises BuildError for what the engine refuses.
        """
        query = queries.get(name)
        types = table_types(name)
        in_use = list(packs(folder_of(self.settings.packs_folder)).values())
        columns = columns_of_packs(con, name, in_use)
        sql = queries.rows_of(name, unknown_columns(con, name), columns)
        params = parameters(con, self.settings, {one.name for one in query.params})
        try:
            statements = translated(query.table, sql, schema_of(con), types, params)
            folder = [self.lake.make(one) for one in statements][-1]
        except (PySparkException, SqlglotError) as error:
            raise BuildError(
                f"The engine cannot make {query.table}: {str(error).partition(chr(10))[0][:400]}",
                "Every SQL table was expected to have a meaning there.",
                "What was served is untouched. Build without --engine, and report the table.",
            ) from error
        if name in published():
            on_progress(name, publish(con, name, folder, types, self._catalogs.get(name, "")))
        else:
            on_progress(name, rows_in(con, folder))


def table_types(name: str) -> dict[str, str]:
    """The type of each column of a built table, those that packs add among them."""
    types = {one.name: one.type for one in queries.get(name).returns}
    if name.removeprefix("features/") in ENTITY_TYPES:
        types |= dict.fromkeys(SIGNAL_COLUMNS, "double")
    return types


def schema_of(con: duckdb.DuckDBPyConnection) -> Schema:
    """The type of each column of every table that an engine reads."""
    schema: dict[str, dict[str, dict[str, str]]] = {}
    for name in engine_steps():
        of, _, table = name.partition("/")
        schema.setdefault(of, {})[table] = table_types(name)
    for of, table, column, kind in con.execute(_COLUMNS).fetchall():
        if of == "raw" or f"{of}/{table}" in READ_BACK:
            schema.setdefault(of, {}).setdefault(table, {})[column] = kind.lower()
    return schema


_COLUMNS = "select schema_name, table_name, column_name, data_type from duckdb_columns()"


@contextmanager
def opened(engine: Engine, settings: Settings, origin: str) -> Iterator[EngineStage]:
    """The steps that an engine runs; `origin` is the hash of all that the build rests on."""
    with connected(engine.address) as session:
        yield EngineStage(Lake(engine.lake.resolve(), session, origin), settings)

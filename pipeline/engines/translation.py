"""A statement of DuckDB as Spark's SQL, with what DuckDB means by it.

SQLGlot spells one dialect as another; `rewrites` says where the same spelling means something
else. What has no equivalent is refused, never passed on as it stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlglot import ErrorLevel, exp
from sqlglot.optimizer.annotate_types import annotate_types
from sqlglot.optimizer.qualify import qualify

from pipeline.engines.macros import without_macros
from pipeline.engines.rewrites import REWRITES, columns_into_rows, without_order

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Schema = Mapping[str, Mapping[str, Mapping[str, str]]]
    """Type of each column as DuckDB calls it, by schema and table."""

_COSTLY = (exp.Join, exp.Group, exp.Distinct, exp.Window, exp.SetOperation, exp.Explode)
"""What makes a step worth being kept: a plain look at one table is read again as cheaply."""


@dataclass(frozen=True)
class Statement:
    """One step of a query in Spark's SQL, and the view under which its rows are read later."""

    view: str
    sql: str


def view_name(table: str) -> str:
    """The view that stands for `schema.table`: a temporary view has no schema."""
    return table.replace(".", "__")


def translated(
    table: str, sql: str, schema: Schema, types: Mapping[str, str], params: Mapping[str, Any]
) -> list[Statement]:
    """The statements that make `table` on Spark, the table itself last.

    Steps that several others read come first, each once: Spark would run them per reader.
    Its columns are those of `types`, in that order. Raises sqlglot.errors.SqlglotError for SQL
    that has no equivalent.
    """
    values = {name: exp.convert(value) for name, value in params.items()}
    tree = without_macros(sql).transform(lambda node: _bound(node, values))
    tree = without_order(tree.transform(columns_into_rows))
    read = _schema_read(tree, schema)
    tree = qualify(tree, schema=read, dialect="duckdb", quote_identifiers=False)
    tree = _rewritten(annotate_types(tree, schema=read, dialect="duckdb"))
    for source in list(tree.find_all(exp.Table)):
        _read_view(source)
    shared = list(_shared_steps(tree, view_name(table)))
    return [*shared, Statement(view_name(table), _text(_typed(tree, types)))]


def _text(tree: exp.Expr) -> str:
    return tree.sql(dialect="spark", unsupported_level=ErrorLevel.RAISE)


def _bound(node: exp.Expr, values: Mapping[str, exp.Expr]) -> exp.Expr:
    is_param = isinstance(node, exp.Placeholder | exp.Parameter)
    return values[node.name].copy() if is_param else node


def _schema_read(tree: exp.Expr, schema: Schema) -> dict[str, object]:
    """What is said of the tables that a statement reads: all of them are thousands of columns."""
    read: dict[str, object] = {}
    for of in {one.db for one in tree.find_all(exp.Table) if one.db}:
        names = {one.name for one in tree.find_all(exp.Table) if one.db == of}
        tables = schema.get(of, {})
        read[of] = {name: dict(tables[name]) for name in names if name in tables}
    return read


def _rewritten(tree: exp.Expr) -> exp.Expr:
    """Every node by the first rewrite that is about it, those within it first."""
    for node in reversed(list(tree.walk(bfs=False))):
        for rewrite in REWRITES:
            other = rewrite(node)
            if other is not node:
                node.replace(other)
                break
    return tree


def _read_view(source: exp.Table) -> None:
    if source.db:
        source.set("this", exp.to_identifier(view_name(f"{source.db}.{source.name}")))
        source.set("db", None)


def _typed(tree: exp.Expr, types: Mapping[str, str]) -> exp.Expr:
    """The columns that a table is to have, in their order and of their types."""
    columns = [
        exp.cast(exp.column(name, "result"), exp.DataType.build(kind, dialect="duckdb")).as_(name)
        for name, kind in types.items()
    ]
    return exp.select(*columns).from_(
        exp.Subquery(this=tree, alias=exp.TableAlias(this=exp.to_identifier("result")))
    )


def _shared_steps(tree: exp.Expr, view: str) -> Iterator[Statement]:
    """Take out of `tree` each costly step that more than one place reads."""
    steps = tree.args.get("with_")
    if steps is None or steps.args.get("recursive"):
        return
    for step in list(steps.expressions):
        readers = [one for one in tree.find_all(exp.Table) if one.name == step.alias]
        is_shared = len(readers) > 1
        if not is_shared or not step.this.find(*_COSTLY):
            continue
        before = steps.expressions[: steps.expressions.index(step)]
        own = f"{view}__{step.alias}"
        body = step.this.copy()
        if before:
            body.set("with_", exp.With(expressions=[one.copy() for one in before]))
        yield Statement(own, _text(body))
        for reader in readers:
            reader.set("this", exp.to_identifier(own))
        step.pop()
    if not steps.expressions:
        tree.set("with_", None)

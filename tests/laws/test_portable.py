"""Every table the SQL builds can be built by Spark too, when one machine is not enough."""

from __future__ import annotations

import pytest
import sqlglot
from sqlglot import ErrorLevel, exp

import queries

BUILT = [name for name in queries.names() if name.split("/")[0] in queries.BUILT_SCHEMAS]
GENERATORS = (exp.Explode, exp.Posexplode, exp.Unnest, exp.Inline)
MISSING_IN_SPARK = ("QUALIFY", "::")
"""Words that would stand in the text if a construct had merely been copied."""


def in_spark(name: str) -> exp.Expr:
    """The query as Spark reads it; raises for whatever has no equivalent."""
    sql = queries.get(name).sql
    texts = sqlglot.transpile(sql, read="duckdb", write="spark", unsupported_level=ErrorLevel.RAISE)
    assert len(texts) == 1
    return sqlglot.parse_one(texts[0], read="spark")


def test_there_are_queries_in_every_built_schema() -> None:
    """The law below covers staging, graph, features, metrics and alerts."""
    assert {name.split("/")[0] for name in BUILT} == set(queries.BUILT_SCHEMAS)


@pytest.mark.parametrize("name", BUILT)
def test_a_table_has_a_spark_spelling(name: str) -> None:
    """DuckDB's dialect parses, and every construct of it has a Spark equivalent."""
    tree = in_spark(name)
    text = tree.sql(dialect="spark").upper()
    assert [word for word in MISSING_IN_SPARK if word in text] == []


@pytest.mark.parametrize("name", BUILT)
def test_no_function_is_passed_on_unread(name: str) -> None:
    """Every function is one whose meaning is known in both dialects, none merely copied."""
    assert sorted({node.name for node in in_spark(name).find_all(exp.Anonymous)}) == []


@pytest.mark.parametrize("name", BUILT)
def test_a_select_has_at_most_one_generator(name: str) -> None:
    """Spark refuses a select clause that explodes two arrays; the translation does not notice."""
    for select in in_spark(name).find_all(exp.Select):
        exploding = [one for one in select.expressions if one.find(*GENERATORS)]
        assert len(exploding) <= 1

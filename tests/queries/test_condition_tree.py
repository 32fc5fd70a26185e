"""A condition read as a tree says of every row what DuckDB says of it."""

from __future__ import annotations

import duckdb
import numpy as np
import pytest

from pipeline.tree_model.conditions import columns_of, evaluated
from queries.condition_tree import condition_tree
from queries.packs import packs

VALUES = (None, 0.0, 0.1, 1.0, 2.0, -3.0)
"""Each pair of them is a row: unknown, nought, on a bound, beyond it."""
READ = (
    "a >= 0.1 and b < 2",
    "a > 0.1 or b <= 0",
    "not (a = 1 and b <> 2)",
    "a is null or b is not null",
    "coalesce(a, 0.0) < 0.1 and coalesce(a, b, 5) >= 0.1",
    "a between 0.1 and b",
    "a in (1, 2) and b not in (0, 2)",
    "a in (1, null)",
    "case when a >= 1 then 1 when b >= 1 then 2 else 0 end + case when b > 0 then 1 end >= 2",
    "a >= 0.5 * b - 1 and -a < abs(b) / 2",
    "greatest(a, b) >= 1 and least(a, b, 1) < 1",
    "(a >= 1) or b <> 0",
    "true and a >= 1",
    'A >= 1 and "b" < 2',
)
OTHER = (
    "a / b > 1",
    "round(a) > 1",
    "a is distinct from b",
    "a > (select 1)",
    "cast(a as integer) > 1",
    "a::varchar like '1%'",
    "this is no condition",
)


@pytest.mark.parametrize("predicate", READ)
def test_a_tree_says_what_the_database_says(predicate: str) -> None:
    """Of rows with what is unknown, on a bound and beyond it; true, false and unknown alike."""
    pairs = [(a, b) for a in VALUES for b in VALUES]
    with duckdb.connect() as con:
        con.execute("create table rows (number integer, a double, b double)")
        con.executemany("insert into rows values (?, ?, ?)", [(n, *p) for n, p in enumerate(pairs)])
        answers = con.execute(f"select ({predicate}) from rows order by number").fetchall()
    tree = condition_tree(predicate)
    assert tree is not None
    columns = dict(zip("ab", np.array(pairs, dtype=np.float64).T, strict=True))
    values = np.broadcast_to(evaluated(tree, columns), len(pairs))
    expected = [np.nan if answer is None else float(answer) for (answer,) in answers]
    np.testing.assert_array_equal(values, expected)


@pytest.mark.parametrize("predicate", OTHER)
def test_what_is_not_understood_is_not_guessed(predicate: str) -> None:
    """No tree: its signal stays as it is in a question about another profile."""
    assert condition_tree(predicate) is None


def test_every_signal_of_the_packs_is_understood() -> None:
    """And names the columns that its condition names."""
    signals = [signal for pack in packs().values() for signal in pack.signals]
    trees = {signal.code: condition_tree(signal.predicate) for signal in signals}
    assert len(trees) > 20
    assert [code for code, tree in trees.items() if tree is None] == []
    for signal in signals:
        tree = condition_tree(signal.predicate)
        assert tree is not None
        assert all(name in signal.predicate for name in columns_of(tree))

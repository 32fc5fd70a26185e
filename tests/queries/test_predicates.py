"""A predicate names columns of one entity type and can do nothing else."""

from __future__ import annotations

import duckdb
import pytest

from queries.predicates import predicate_columns


@pytest.mark.parametrize(
    ("predicate", "columns"),
    [
        ("orders_30d >= 1.0", {"orders_30d"}),
        ("orders_30d > orders_7d and (burst > 1 or true)", None),
        ("coalesce(orders_30d, 0) > ln(1.0 + orders_90d)", {"orders_30d", "orders_90d"}),
        ("merchant.orders_7d = 0", {"orders_7d"}),
        ("true", set()),
    ],
)
def test_columns_are_those_it_names(predicate: str, columns: set[str] | None) -> None:
    """Bare and qualified, in calls and comparisons; one that does not exist is refused."""
    if columns is None:
        with pytest.raises(duckdb.BinderException, match="burst"):
            predicate_columns("merchant", predicate)
    else:
        assert predicate_columns("merchant", predicate) == columns


@pytest.mark.parametrize(
    ("predicate", "fault"),
    [
        ("true); select (true", "more than one statement"),
        ("orders_30d + 1", "DOUBLE"),
        ("true, false", "TUPLE"),
        ("orders_30d > (select max(orders_30d) from features.buyer)", "another table"),
        ("exists (from features.buyer)", "another table"),
    ],
)
def test_anything_but_one_condition_is_refused(predicate: str, fault: str) -> None:
    """With what it is instead."""
    with pytest.raises(ValueError, match=fault):
        predicate_columns("merchant", predicate)

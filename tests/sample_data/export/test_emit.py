"""The emitted tables keep the raw contract: columns, keys, references, order in time."""

from typing import Any

import polars as pl
import pytest

from tests.sample_data.conftest import Sample

TYPES = {
    "varchar": pl.String(),
    "boolean": pl.Boolean(),
    "bigint": pl.Int64(),
    "double": pl.Float64(),
    "date": pl.Date(),
    "timestamp": pl.Datetime("us"),
}
AHEAD = {  # scheduled instants, known before they come
    ("campaigns", "ends_at"),
    ("vouchers", "ends_at"),
    ("calendar", "ends_at"),
    ("settlements", "eligible_at"),
    ("commissions", "eligible_at"),
    ("carrier_incidents", "ends_at"),
    ("policy_changes", "effective_at"),
}
NOT_DELIVERED = {("orders", "checkout_id")}
"""Columns the sample has nothing to say in: its buyers buy one listing at a time."""


def _columns(contract: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (name, column, rule)
        for name, table in contract.items()
        for column, rule in table["columns"].items()
        if (name, column) not in NOT_DELIVERED
    ]


def test_every_table_has_exactly_the_columns_of_the_contract(
    sample: Sample, contract: dict[str, Any]
) -> None:
    """Names, order and types are those of raw.toml, and no table is missing or empty."""
    assert all(contract[name]["columns"][column]["nullable"] for name, column in NOT_DELIVERED)
    for name in contract:
        rows = sample.table(name)
        own = [(column, rule) for table, column, rule in _columns(contract) if table == name]
        columns = {column: TYPES[rule["type"]] for column, rule in own}
        assert dict(rows.schema) == columns, name
        assert rows.height > 0, name


def test_the_raw_folder_holds_the_tables_and_nothing_of_the_truth(
    sample: Sample, contract: dict[str, Any]
) -> None:
    """Truth lies in its own folder and none of its own columns appears in a raw table."""
    files = {path.name for path in sample.world.path.glob("*.parquet")}
    assert files == {f"{name}.parquet" for name in contract}
    own = {"ring_id", "variant", "loss_usd", "loss_bearer", "is_hard_negative", "clears_because"}
    for name in contract:
        assert not own & set(sample.table(name).columns), name


def test_keys_are_unique(sample: Sample, contract: dict[str, Any]) -> None:
    """No two rows share the key of their table."""
    for name, table in contract.items():
        rows = sample.table(name).select(table["key"])
        assert rows.n_unique() == rows.height, name


def test_values_keep_their_bounds(sample: Sample, contract: dict[str, Any]) -> None:
    """Nulls only where allowed, no NaN, numbers inside min and max, words on the closed list."""
    for name, column, rule in _columns(contract):
        values, where = sample.table(name)[column], f"{name}.{column}"
        assert rule.get("nullable") or values.null_count() == 0, where
        present = values.drop_nulls()
        if rule["type"] == "double":
            assert not present.is_nan().any(), where
        if "min" in rule:
            assert (present >= rule["min"]).all(), where
        if "max" in rule:
            assert (present <= rule["max"]).all(), where
        if "one_of" in rule:
            assert set(present.unique()) <= set(rule["one_of"]), where


def _links(contract: dict[str, Any], name: str) -> list[tuple[str, str, pl.Expr]]:
    """Each column of a table that refers to another, the key it refers to, and the rows that do."""
    columns = contract[name]["columns"]
    links = [
        (column, rule["references"], pl.lit(True))
        for column, rule in columns.items()
        if "references" in rule
    ]
    for column, rule in columns.items():
        type_column = rule.get("entity_type_in")
        entity_types = columns[type_column]["one_of"] if type_column else ()
        links += [(column, f"{one}s.{one}_id", pl.col(type_column) == one) for one in entity_types]
    return links


def test_references_resolve(sample: Sample, contract: dict[str, Any]) -> None:
    """Every foreign id exists in the table it names, or in that of the kind its row names."""
    for name in contract:
        for column, reference, own in _links(contract, name):
            target, key = reference.split(".")
            orphans = sample.table(name).filter(own).select(column).drop_nulls()
            orphans = orphans.join(sample.table(target), left_on=column, right_on=key, how="anti")
            assert orphans.is_empty(), f"{name}.{column}"


def _earlier(
    sample: Sample, contract: dict[str, Any], name: str, bound: str
) -> tuple[pl.DataFrame, str]:
    """Rows of a table with the instant that may not be later, as column `bound`."""
    rows = sample.table(name)
    if "." not in bound:
        return rows.with_columns(pl.col(bound).alias("_bound")), "_bound"
    table, column = bound.split(".")
    links = _links(contract, name)
    link, reference, own = next(
        candidate for candidate in links if candidate[1].startswith(f"{table}.")
    )
    key = reference.split(".")[1]
    other = sample.table(table).select(pl.col(key).alias(link), pl.col(column).alias("_bound"))
    return rows.filter(own).join(other, on=link, how="inner"), "_bound"


def test_nothing_precedes_its_cause(sample: Sample, contract: dict[str, Any]) -> None:
    """Every `not_before` of the contract holds."""
    for name, column, rule in _columns(contract):
        for earliest in rule.get("not_before", []):
            rows, bound = _earlier(sample, contract, name, earliest)
            assert rows.filter(pl.col(column) < pl.col(bound)).is_empty(), f"{name}.{column}"


def test_nothing_is_known_from_after_the_last_day(sample: Sample, contract: dict[str, Any]) -> None:
    """Only scheduled instants lie ahead of the end of the data."""
    for name, column, rule in _columns(contract):
        if rule["type"] == "timestamp" and (name, column) not in AHEAD:
            late = sample.table(name).filter(pl.col(column) >= sample.end)
            assert late.is_empty(), f"{name}.{column}"


@pytest.mark.parametrize("name", ["settlements", "commissions"])
def test_a_payout_ahead_is_scheduled_but_not_made(sample: Sample, name: str) -> None:
    """A due date after the end has no payout, and such rows exist: money can still be stopped."""
    paid = {"settlements": "settled_at", "commissions": "paid_at"}[name]
    ahead = sample.table(name).filter(pl.col("eligible_at") >= sample.end)
    assert ahead.height > 0
    assert ahead[paid].null_count() == ahead.height

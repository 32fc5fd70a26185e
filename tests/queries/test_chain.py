"""The lineage of a number is read from the queries themselves, down to what was delivered."""

from __future__ import annotations

import pytest

import queries
from queries.chain import built_tables, chain
from queries.contract import raw_tables

PYTHON = {"scores", "explanations", "communities", "drift", "meta", "rings"}
"""Schemas that Python writes, wholly or in part."""
OF_NO_QUERY = {"lockstep_cores", "matched_texts", "named_texts", "scored_entities"}


@pytest.mark.parametrize("table", built_tables())
def test_every_chain_ends_at_what_was_delivered(table: str) -> None:
    """Each step that has SQL is followed by all it reads; the ends are raw, or Python's."""
    steps = {step.table: step for step in chain(table)}
    assert next(iter(steps)) == table
    for step in steps.values():
        assert set(step.reads) <= set(steps)
        assert step.purpose
        if not step.sql:
            schema, _, name = step.table.partition(".")
            assert name in {*raw_tables(), *OF_NO_QUERY} or schema in PYTHON


def test_a_step_lies_one_below_the_nearest_that_reads_it() -> None:
    """Depth is the shortest way, so that a list reads from the number downwards."""
    steps = {step.table: step for step in chain("features.merchant")}
    for step in steps.values():
        readers = [one.depth for one in steps.values() if step.table in one.reads]
        assert step.depth == (min(readers) + 1 if readers else 0)
    assert [step.depth for step in chain("features.merchant")] == sorted(
        step.depth for step in steps.values()
    )


def test_a_column_leaves_out_what_it_does_not_pass_through() -> None:
    """A refund rate needs refunds and orders, and neither comments nor sign-ins.

    The list of placeholders alone looks at sign-ins: which of its ids stand for nobody.
    """
    whole = {step.table for step in chain("features.merchant")}
    steps = {step.table: step for step in chain("features.merchant", "refund_rate_30d")}
    assert set(steps) < whole
    assert {"raw.refunds", "raw.orders"} <= set(steps)
    assert {"raw.live_comments", "staging.auth_events"}.isdisjoint(steps)
    readers = {step.table for step in steps.values() if "raw.auth_events" in step.reads}
    assert readers == {"staging.placeholders"}
    through = [step for step in steps.values() if step.has_column]
    assert len(through) > 1
    for step in through:
        returns = {column.name for column in queries.get(step.table.replace(".", "/")).returns}
        assert "refund_rate_30d" in returns


def test_a_table_nobody_knows_is_the_end() -> None:
    """No error: the page says that Python wrote it."""
    (step,) = chain("scores.models")
    assert not step.sql
    assert not step.reads

"""Every table the SQL builds can be built by Spark too, when one machine is not enough."""

from __future__ import annotations

from functools import cache

import duckdb
import pytest
import sqlglot
from sqlglot import ErrorLevel, exp

import queries

pytestmark = pytest.mark.slow  # translates every query

BUILT = [name for name in queries.names() if name.split("/")[0] in queries.BUILT_SCHEMAS]
GENERATORS = (exp.Explode, exp.Posexplode, exp.Unnest, exp.Inline)
MISSING_IN_SPARK = ("QUALIFY", "::")
"""Words that would stand in the text if a construct had merely been copied."""


SCALARS = {
    name: statement
    for name, statement in queries.macros().items()
    if ") as table (" not in statement
}
"""Macros that make a value. Those that make a table are of pages, which stay with DuckDB."""
CALLS = (
    "case_minutes(20.0, 4)",
    "last_verdict('2026-09-29 bad', date '2026-09-28', 'good')",
    "missed_filter('market', ['MY'], 'S' || 'G')",
    "missed_filter('market', ['MY'], 'M' || 'Y')",
    "member_minutes()",
    "reserve_every()",
    "rate(1 + 2, 8.0, least_orders())",
    "rate(1 + 2, 4.0, least_orders())",
    "enough(7 - 2, 3, least_reviews())",
    "enough(7 - 2, 2, least_reviews())",
    "pace(3.0 + 4.0, 7, 5.0 + 5.0, 30)",
    "smoothed_rate(1 + 1, 10 - 2, 0.1 + 0.1)",
    "sample_sd(4.0 - 1.0, 5.0 + 1.0, 10.0 + 4.0)",
    "sample_sd(1.0, 5.0 + 1.0, 36.0)",
    "surprise(1 + 1, 10, 0.1)",
    "surprise(1, 10, 0.1 + 0.1)",
    "surprise(5, 2 + 3, 0.1)",
    "usd(1 + 2, 'j' || 'py', 0.5 + 0.5)",
    "minor_per_unit('KWD')",
    "fast_payment_seconds()",
    "reference_days()",
    "number(1 - 4)",
    "number(null)",
    "band_rank('HIGH')",
    "band_rank(null)",
    "age_days(timestamp '2026-06-01 23:59:59', date '2026-06-03')",
    "dollars(1.00004 + 0.00001)",
    "valid_at(timestamp '2026-06-01', null, date '2026-06-02')",
    "not valid_at(timestamp '2026-06-01', timestamp '2026-06-02', date '2026-06-03')",
    "local_day(timestamp '2026-06-01 03:00:00', 'America/' || 'Chicago')",
    "not within(date '2026-06-01', date '2026-06-02', 1)",
    "within(date '2026-06-02', date '2026-06-02', 1)",
    "in_force(date '2026-06-01', null, date '2026-06-02')",
    "in_force(date '2026-05-01', date '2026-06-01', date '2026-06-02')",
    "party_id('creator', 'm', 'c' || 'r', 'p', 'b')",
    "party_id('buyer', 'm', 'c' || 'r', 'p', 'b')",
    "spread(1 + 2)",
    "is_late_claim(timestamp '2026-06-06 00:00:00', timestamp '2026-06-01 00:00:00')",
    "is_late_claim(timestamp '2026-06-16 00:00:00', timestamp '2026-06-01 00:00:00')",
    "is_chosen(['a'], 'b' || 'c')",
    "not is_chosen(['a'], 'b')",
    "not is_in_state('open', ['a:b'], 'a' || ':b')",
    "not is_in_state('decided', ['a:b'], 'a' || ':c')",
    "is_match('x' || 'y', 'An', 'aXYz')",
    "not is_match('xy', 'An', 'a')",
    "hub_size('i' || 'p')",
    "hub_size('device') + 1",
    *("refund_days()", "least_deliveries()", "least_views()", "least_peers()"),
    *("many_orders()", "many_reviews()", "prior_weight()", "most_sharers()"),
    *("lockstep_core()", "short_text()", "long_text()", "loss_days()"),
    *("machine_viewers_per_device()", "machine_distinct_comment_share()"),
    *("machine_young_viewer_share()", "machine_watch_variation()"),
    *("slight_viewers_per_device()", "slight_distinct_comment_share()"),
    *("slight_young_viewer_share()", "slight_watch_variation()"),
    *("slight_clicks_per_view()", "slight_peak_view_share()"),
    *("least_reports()", "crew_overlap()", "flag(1 < 2)", "flag(1 > 2)", "flag(null > 2)"),
    "identifier('device', 'n' || 'a')",
    "identifier('device', 'd' || '1')",
    "written('a' || 'b')",
    *("hub_share()", "hub_users()"),
    *("machine_clicks_per_view()", "machine_peak_view_share()", "machine_arrival_share()"),
    "merchant_tier(50.0 + 10.0, 0.5 + 0.5)",
    "merchant_tier(null, 5.0)",
    "buyer_age('b' || '1', 6.0 + 1.0)",
    "buyer_age(null, 7.0)",
    "creator_tier('c' || '1', 999 + 1)",
    "creator_tier(null, 1000)",
    "one_dimension('market', 'U' || 'S')",
    "two_dimensions('category', 'a' || 'b', 'market', 'U' || 'S')",
    "pair_of('category', 'a' || 'b', 'market', null)",
    "pair_of('category', 'a' || 'b', 'market', 'U' || 'S')",
    "groupings('category', null, 'market', 'U' || 'S')",
    "is_within(['market=' || 'US'], 'market', 'U' || 'S')",
    "not is_within(['market=US'], 'market', 'G' || 'B')",
    "is_within(['market=US'], 'channel', 'live')",
    *("small_order_usd()", "is_small_order(4.0 + 6.0)", "is_small_order(5.0 - 5.0)"),
    *("monthly(1 + 2, 20 + 7)", "monthly(1, 20 + 8)"),
    *("monthly_rate(1 + 2, 4 + 4, 20 + 7)", "monthly_rate(1, 4 - 4, 3)"),
    "local_time(timestamp '2026-06-01 03:00:00', 'America/' || 'Chicago')",
    "mark('a' || 'b', 'c', 'd', timestamp '2026-06-01', 'e', 'f', 1.0 + 1.0)",
    "line('a' || 'b', timestamp '2026-06-01 03:00:00', null, 1.0 + 1.0)",
    "act('a' || 'b', 'c', timestamp '2026-06-01', 'd', 'e', 1.0 + 1.0, 1 + 1)",
)
"""Each macro at a call or two, with arguments that go wrong when brackets are lost."""


@cache
def macros() -> dict[str, tuple[list[str], exp.Expr]]:
    """Parameters and body of each macro, by its name."""
    made = [sqlglot.parse_one(statement, read="duckdb") for statement in queries.macros().values()]
    return {
        create.this.this.name: ([one.name for one in create.this.expressions], create.expression)
        for create in made
    }


def body_of(call: exp.Anonymous) -> exp.Expr:
    """The body of the macro that is called, its parameters replaced by the arguments."""
    params, body = macros()[call.name]
    values = dict(zip(params, call.expressions, strict=True))
    return exp.paren(body.copy().transform(lambda node: _value(node, values)), copy=False)


def _value(node: exp.Expr, values: dict[str, exp.Expr]) -> exp.Expr:
    is_param = isinstance(node, exp.Column) and not node.table and node.name in values
    return exp.paren(values[node.name]) if is_param else node


def without_macros(sql: str) -> exp.Expr:
    """The statement with every call of a macro written out."""
    tree = sqlglot.parse_one(sql, read="duckdb")
    while calls := [one for one in tree.find_all(exp.Anonymous) if one.name in macros()]:
        for call in calls:
            call.replace(body_of(call))
    return tree


@cache
def in_spark(name: str) -> exp.Expr:
    """The query as Spark reads it; raises for whatever has no equivalent."""
    tree = without_macros(queries.get(name).sql)
    text = tree.sql(dialect="spark", unsupported_level=ErrorLevel.RAISE)
    return sqlglot.parse_one(text, read="spark")


def test_there_are_queries_in_every_built_schema() -> None:
    """The law below covers everything SQL builds."""
    assert {name.split("/")[0] for name in BUILT} == set(queries.BUILT_SCHEMAS)


@pytest.mark.parametrize("call", CALLS)
def test_a_macro_written_out_gives_the_same_value(call: str) -> None:
    """What Spark is given means what DuckDB makes of the call itself."""
    with duckdb.connect() as con:
        con.execute("create schema staging")
        listed = "select 'na' as value, 'device' as relation"
        con.execute(f"create table staging.placeholders as {listed}")
        for statement in SCALARS.values():
            con.execute(statement)
        written = without_macros(f"select {call} as value").sql(dialect="duckdb")
        assert con.execute(written).fetchall() == con.execute(f"select {call}").fetchall()


def test_every_macro_is_written_out_somewhere() -> None:
    """No macro is added without a call above."""
    assert {name for name in SCALARS if not any(f"{name}(" in one for one in CALLS)} == set()


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

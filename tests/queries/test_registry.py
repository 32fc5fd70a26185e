"""A metric is a file: what its header says is what its statement does, and a new file is enough."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

import queries
from queries import registry
from queries.registry import NONE, OWN, Kpi, children, kpis, roots
from tests.queries.new_metric import NEW, copied_queries
from tests.schemas import empty_tables

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import duckdb

GROUPINGS = queries.get("metrics/groupings")
SUMS = {column.name for column in queries.get("metrics/cube").returns if "_" in column.name} | {
    "orders"
}
COLUMNS = {
    "day": "date",
    **dict.fromkeys(("dimension_a", "value_a", "dimension_b", "value_b"), "varchar"),
    **dict.fromkeys(("numerator", "denominator"), "double"),
    "n": "bigint",
}
KPI = pytest.mark.parametrize("kpi", kpis().values(), ids=list(kpis()))
OF_CUBE = pytest.mark.parametrize(
    "kpi", [one for one in kpis().values() if one.is_of_cube], ids=lambda one: one.code
)
NEEDED = (
    *("orders", "gmv_usd", "bad_order_rate", "bad_gmv_rate", "bad_order_rate_60d", "refund_rate"),
    *("late_dispatch_rate", "seller_cancellation_rate", "low_rating_rate", "chargeback_rate"),
    *("voucher_cost_share", "commission_at_risk", "gmv_at_risk", "prevented_loss", "backlog"),
    *("enforcement_precision", "appeal_overturn_rate", "false_positive_friction", "backlog_age"),
    *("time_to_detect", "time_to_mitigate", "declined_payments", "removed_listings"),
    *("declined_payment_ratio", "removed_listing_ratio"),
)


def test_the_metrics_of_a_marketplace_are_there() -> None:
    """What managers of risk are asked for."""
    assert set(NEEDED) <= set(kpis())


@KPI
def test_every_metric_has_the_same_columns(kpi: Kpi) -> None:
    """So that one reading serves all of them."""
    query = queries.get(f"kpis/{kpi.code}")
    assert {column.name: column.type for column in query.returns} == COLUMNS
    assert query.grain == tuple(COLUMNS)[:5]
    assert query.params == ()


@OF_CUBE
def test_header_and_statement_agree(kpi: Kpi) -> None:
    """The sums that the header names are those that the statement divides."""
    assert kpi.numerator in SUMS
    assert kpi.denominator is None or kpi.denominator in SUMS
    sums = [column.name for column in GROUPINGS.returns if column.name in SUMS]
    columns = ", ".join(f"{column.name} {column.type}" for column in GROUPINGS.returns)
    with empty_tables({"metrics.groupings": columns}) as con:
        values = ", ".join(str(number) for number in range(1, len(sums) + 1))
        con.execute(f"insert into metrics.groupings ({', '.join(sums)}) values ({values})")
        row = queries.run(con, f"kpis/{kpi.code}").row(0, named=True)
    value = {name: float(number) for number, name in enumerate(sums, 1)}
    assert row["numerator"] == value[kpi.numerator]
    assert row["denominator"] == (value[kpi.denominator] if kpi.denominator else None)
    assert row["n"] == value[kpi.counted]


@KPI
def test_a_ratio_is_what_its_header_says(kpi: Kpi) -> None:
    """Only a metric without a denominator has a unit that adds up."""
    assert kpi.is_additive == (kpi.unit in ("count", "usd"))
    assert (kpi.numerator == OWN) == (kpi.denominator == OWN) or kpi.denominator is None
    assert NONE not in kpi.guard_rail


@KPI
def test_guard_rails_are_other_metrics(kpi: Kpi) -> None:
    """Each is there (kpis() would refuse it), and none guards itself."""
    assert kpi.code not in kpi.guard_rail
    assert kpi.parent != kpi.code


def test_the_tree_has_no_circle() -> None:
    """From a root every metric is reached once."""
    seen: list[str] = []
    todo = [one.code for one in roots()]
    while todo:
        seen.append(todo.pop())
        todo += [one.code for one in children(seen[-1])]
    assert sorted(seen) == list(kpis())


# ---------------------------------------------------------------- adding one


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A tree of queries of one's own, to which a file can be added."""
    with copied_queries(tmp_path, monkeypatch) as root:
        yield root


def test_adding_a_metric_is_adding_a_file(folder: Path) -> None:
    """It is in the registry, a step of the build, and answers as any other does."""
    from pipeline.orchestration.stages import step_reads

    (folder / "kpis" / "voucher_rate.sql").write_text(NEW, encoding="utf-8")
    assert kpis()["voucher_rate"].label == "Orders with a voucher"
    assert "voucher_rate" in {one.code for one in children("voucher_cost_share")}
    assert step_reads()["kpis/voucher_rate"] == ("metrics/groupings",)
    columns = ", ".join(f"{column.name} {column.type}" for column in GROUPINGS.returns)
    clocks = "market varchar, first_whole_day date, last_whole_day date, has_orders boolean"
    tables = {
        "metrics.groupings": columns,
        "metrics.clocks": clocks,
        "metrics.label_gaps": "day date",
    }
    with empty_tables(tables) as con:
        _fill(con)
        assert queries.build(con, "kpis/voucher_rate") == 1
        params = {"since": "2026-04-01", "until": "2026-04-01", "markets": []}
        series = queries.run(
            con,
            "pages/metrics/series",
            kpi="voucher_rate",
            dimension_a="",
            dimension_b="",
            maturity_days=0,
            labels=False,
            least_n=30,
            **params,
        )
    assert series["value"].to_list() == [0.25]
    assert series["is_mature"].to_list() == [True]


def _fill(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        "insert into metrics.groupings (day, orders, voucher_orders) values ('2026-04-01', 40, 10)"
    )
    con.execute("insert into metrics.clocks values ('US', '2026-04-01', '2026-04-02', true)")


@pytest.mark.parametrize(
    ("line", "changed", "said"),
    [
        ("unit:          rate", "unit:          percent", r"unit is 'percent'. Expected: one of"),
        ("maturity_days: 0", "maturity_days: soon", "maturity_days is 'soon'"),
        ("parent:        voucher_cost_share", "parent:        nothing", "parent names 'nothing'"),
        ("owner:         Growth", "owner:", "there is no owner"),
    ],
)
def test_a_header_that_is_wrong_is_refused(
    line: str, changed: str, said: str, folder: Path
) -> None:
    """With the file and the key."""
    text = NEW.replace(f"-- {line}", f"-- {changed}")
    (folder / "kpis" / "voucher_rate.sql").write_text(text, encoding="utf-8")
    with pytest.raises(queries.QueryError, match=said) as refused:
        kpis()
    assert re.search(r"kpis/voucher_rate\.sql", str(refused.value))


def test_every_key_of_a_header_is_explained() -> None:
    """The module that reads them says what each means."""
    from queries.header import METRIC_KEYS

    assert [key for key in METRIC_KEYS if f"    {key} " not in (registry.__doc__ or "")] == []

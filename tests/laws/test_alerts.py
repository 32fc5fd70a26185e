"""What the queue promises, held against a marketplace that was really built."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np
import polars as pl
import pytest

import queries
from pipeline.build import Order, Report
from pipeline.settings.build import Settings
from queries.catalogue import features
from queries.vocabulary import SIGNAL_COLUMNS
from tests.every_table import EVERY_TABLE
from tests.laws.asking import count, rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.build_cache import BuildCache

SETTINGS = Settings()
ENTITY = ["entity_type", "entity_id"]
FACTOR = 7.0
"""A change of currency: any factor would do, one that is no power of two rounds."""


def test_an_alert_is_an_entity_worth_a_look(con: duckdb.DuckDBPyConnection, built: Report) -> None:
    """Known entity, band above LOW or strong signals, opened before now, money at least zero."""
    alerts = rows(con, "select * from alerts.alerts")
    assert alerts.height > 20
    assert alerts["alert_id"].is_unique().all()
    assert alerts.select(ENTITY).is_unique().all()
    assert alerts.join(rows(con, "from graph.entities"), on=ENTITY, how="anti").is_empty()
    by_lane = {str(lane[0]): own for lane, own in alerts.group_by("lane")}
    assert by_lane.keys() <= {"score", "signals", "unproven"}
    assert "LOW" not in set(by_lane["score"]["score_band"])
    assert by_lane["unproven"]["score_band"].null_count() == by_lane["unproven"].height
    assert (alerts["opened_on"] <= alerts["as_of"]).all()
    assert (alerts["as_of"] == built.as_of).all()
    for money in ("exposure_usd", "loss_forward_usd", "false_positive_cost_usd", "hold_cost_usd"):
        assert (alerts[money] >= 0.0).all(), money
    assert (alerts["review_minutes"] > 0.0).all()
    for share in ("recoverable_share", "probability", "sensitivity", "specificity", "ring_share"):
        assert alerts[share].drop_nulls().is_between(0.0, 1.0).all(), share


def test_every_likely_suspect_has_one_alert(con: duckdb.DuckDBPyConnection) -> None:
    """HIGH and CRIT reach the queue until judged, whatever their number is made of.

    Below the strength from which signals are a witness nothing but a score can do that. A
    middling one waits there for its money.
    """
    suspects = "select entity_type, entity_id from alerts.probabilities where score_band in ({})"
    queued = "select entity_type, entity_id from alerts.alerts where lane <> 'unproven'"
    likely = suspects.format("'HIGH', 'CRIT'")
    judged = "select entity_type, entity_id from staging.labels where source <> 'rule'"
    assert count(con, f"({likely} except {judged}) except all ({queued})") == 0
    everybody = suspects.format("'MED', 'HIGH', 'CRIT'")
    by_score = f"{queued} and lane = 'score'"
    assert count(con, f"({by_score}) except all ({everybody})") == 0
    sql = "from alerts.alerts where score_band in ('LOW', 'MED') and not is_ended"
    middling = rows(con, f"{sql} and lane <> 'unproven'")
    earned = middling["value_usd"] / middling["review_minutes"]
    assert (earned >= SETTINGS.alerts.minute_cost * middling["ring_share"]).all()


def test_a_judged_alert_is_closed_unless_something_is_new(con: duckdb.DuckDBPyConnection) -> None:
    """Whoever waits though judged since the alert opened has risen, or shows another scheme."""
    judged = rows(
        con,
        "select a.*, v.label, v.typology as word, v.known_day from alerts.alerts as a"
        " join facts.verdicts as v on a.entity_type = v.entity_type and a.entity_id = v.entity_id"
        " where v.replaced_day is null",
    )
    assert (judged["judged_on"] == judged["known_day"]).all()
    assert judged["reopened_by"].null_count() == 0
    assert (judged["reopened_on"] > judged["known_day"]).all()
    answered = judged.filter(pl.col("known_day") >= pl.col("opened_on"))
    assert set(answered["reopened_by"]) <= {"typology", "band"}
    silent = rows(con, "select entity_type, as_of as silent_on from facts.snapshots")
    again = judged.filter((pl.col("label") == "bad") & (pl.col("reopened_by") == "behaviour"))
    between = again.join(silent, on="entity_type").filter(
        pl.col("silent_on").is_between("known_day", "opened_on", closed="none")
    )
    assert set(again["alert_id"]) == set(between["alert_id"])
    unanswered = rows(con, "select * from alerts.alerts where judged_on is null")
    assert unanswered["reopened_by"].null_count() == unanswered.height


def test_another_scheme_is_one_whose_signals_came_after_the_verdict(
    con: duckdb.DuckDBPyConnection,
) -> None:
    """Each such alert has signals that were not strong when somebody looked, of another kind."""
    fresh = rows(
        con,
        "select a.reopened_on, o.opened_on, a.typology, v.typology as word, v.known_day"
        " from alerts.alerts as a"
        " join facts.verdicts as v on a.entity_type = v.entity_type and a.entity_id = v.entity_id"
        " join scores.signal_openings as o on a.entity_type = o.entity_type"
        " and a.entity_id = o.entity_id and a.typology = o.typology"
        " where v.replaced_day is null and a.reopened_by = 'typology'",
    )
    assert fresh.height
    assert (fresh["reopened_on"] == fresh["opened_on"]).all()
    assert (fresh["opened_on"] > fresh["known_day"]).all()
    assert (fresh["typology"] != fresh["word"].fill_null("")).all()


def test_whoever_rose_after_being_cleared_comes_back(con: duckdb.DuckDBPyConnection) -> None:
    """HIGH and CRIT now, lower when cleared: in the queue, whenever the alert opened."""
    ranks = "list_position(['LOW', 'MED', 'HIGH', 'CRIT'], s.score_band)"
    risen = rows(
        con,
        f"select v.entity_type, v.entity_id,"
        f" max({ranks}) filter (where s.as_of = n.as_of) as now,"
        f" arg_max({ranks}, s.as_of) filter (where s.as_of <= v.known_day) as then"
        " from facts.verdicts as v join scores.scores as s"
        " on v.entity_type = s.entity_type and v.entity_id = s.entity_id"
        " join facts.snapshots as n on s.entity_type = n.entity_type and n.is_latest"
        " where v.replaced_day is null and v.label = 'good' group by all",
    )
    risen = risen.filter((pl.col("now") > pl.col("then").fill_null(1)) & (pl.col("now") >= 3))
    queued = rows(con, "select entity_type, entity_id from alerts.alerts")
    assert risen.join(queued, on=["entity_type", "entity_id"], how="anti").is_empty()


def test_the_reasons_of_an_alert_can_be_read_aloud(con: duckdb.DuckDBPyConnection) -> None:
    """Both are documented features that raise the score, facts first, and of them the larger."""
    reasons = rows(
        con,
        "select a.entity_type, a.lane, a.reason_1, a.reason_2, one.contribution as first,"
        " two.contribution as second from alerts.alerts as a"
        " left join explanations.contributions as one on a.entity_type = one.entity_type"
        " and a.entity_id = one.entity_id and a.reason_1 = one.feature"
        " left join explanations.contributions as two on a.entity_type = two.entity_type"
        " and a.entity_id = two.entity_id and a.reason_2 = two.feature",
    )
    assert reasons.filter(pl.col("lane") == "score")["reason_1"].null_count() == 0
    reasons = reasons.drop_nulls("reason_1")
    for entity_type, own in reasons.group_by("entity_type"):
        named = set(own["reason_1"]) | set(own["reason_2"].drop_nulls())
        assert named <= features(str(entity_type[0])).keys()
    assert (reasons["first"] > 0.0).all()
    pairs = reasons.drop_nulls("reason_2")
    is_fact = ~pairs["reason_1"].is_in(SIGNAL_COLUMNS) & ~pairs["reason_2"].is_in(SIGNAL_COLUMNS)
    facts = pairs.filter(is_fact)
    assert (facts["first"] >= facts["second"]).all()
    later = pairs.filter(pl.col("reason_1").is_in(SIGNAL_COLUMNS))
    assert later["reason_2"].is_in(SIGNAL_COLUMNS).all()
    assert (pairs["second"] > 0.0).all()


REPRICED = tuple(
    f"alerts/{name}"
    for name in (
        *("event_parties", "loss_terms", "probabilities", "proposals", "candidates"),
        *("openings", "bearer_losses", "losses", "harms"),
        *("reasons", "review_values", "queue", "alerts"),
    )
)
"""The tables that price an alert, in building order; what they read may be changed first."""


@pytest.fixture
def repriced(built: Report, tmp_path: Path) -> Iterator[Callable[[str], pl.DataFrame]]:
    """`repriced(change)`: the alerts of a copy in which one statement changed a term first."""
    open_copies: list[duckdb.DuckDBPyConnection] = []

    def alerts_after(change: str) -> pl.DataFrame:
        copy = tmp_path / f"copy{len(open_copies)}.duckdb"
        shutil.copyfile(built.database, copy)
        con = duckdb.connect(str(copy))
        open_copies.append(con)
        con.execute(change)
        for name in REPRICED:
            names = [column.name for column in queries.get(name).params]
            params: dict[str, Any] = {name: getattr(SETTINGS.alerts, name) for name in names}
            queries.build(con, name, **params)
        return rows(con, "select * from alerts.alerts order by alert_id")

    yield alerts_after
    for con in open_copies:
        con.close()


@pytest.mark.parametrize(
    "change",
    [
        "update scores.scores set score = 1.0 - (1.0 - score) * 0.6",
        "update scores.signal_outcomes set log_odds = log_odds + 0.5",
        "update alerts.money_events set amount_usd = amount_usd * 1.5",
        "update scores.pack_losses set share = least(share * 1.3, 1.0)",
        "update scores.packs set recoverable_share = least(recoverable_share * 1.2, 1.0)",
        "update scores.pack_harms set price_usd = price_usd * 1.2",
    ],
    ids=["more likely", "better proven", "more flow", "more of it lost", "saveable", "harm"],
)
def test_more_risk_or_more_loss_never_lowers_the_value(
    change: str, con: duckdb.DuckDBPyConnection, repriced: Callable[[str], pl.DataFrame]
) -> None:
    """Raising the probability or the loss, all else equal, raises an alert and drops none.

    Who is held already is left out: there the other verdict is worth something as well. So is
    whoever shares money or harm with suspects that the change raised more: its part of them falls,
    and the sum over everybody must not.
    """
    columns = "alert_id, value_usd, hold_cost_usd, ring_share, harm_usd"
    before = rows(con, f"select {columns} from alerts.alerts where lane <> 'unproven'")
    both = before.join(repriced(change), on="alert_id", how="left", suffix="_after")
    assert both["value_usd_after"].null_count() == 0
    both = both.filter(pl.col("hold_cost_usd") == 0.0)
    assert both["value_usd_after"].sum() > both["value_usd"].sum()
    alone = both.filter(
        (pl.col("ring_share_after") >= pl.col("ring_share"))
        & (pl.col("harm_usd_after") >= pl.col("harm_usd"))
    )
    assert alone.height >= 0.9 * both.height
    assert (alone["value_usd_after"] >= alone["value_usd"] - 1e-9).all()
    assert (alone["value_usd_after"] > alone["value_usd"]).any()


def test_a_repricing_that_changes_nothing_changes_nothing(
    con: duckdb.DuckDBPyConnection, repriced: Callable[[str], pl.DataFrame]
) -> None:
    """The copy used by the law above is the built table, so its comparisons mean something."""
    before = rows(con, "select * from alerts.alerts order by alert_id")
    assert repriced("select 1").equals(before)


@pytest.fixture(scope="module")
def other_currency(
    compact_world: Path, build_cache: BuildCache, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The same marketplace built with every amount worth `FACTOR` times as many dollars."""
    folder = tmp_path_factory.mktemp("currency")
    for path in compact_world.glob("*.parquet"):
        frame = pl.read_parquet(path)
        if "usd_per_unit" in frame.columns:
            frame = frame.with_columns(pl.col("usd_per_unit") * FACTOR)
        frame.write_parquet(folder / path.name)
    prices = replace(
        SETTINGS.alerts,
        minute_cost=FACTOR * SETTINGS.alerts.minute_cost,
        price_level=FACTOR * SETTINGS.alerts.price_level,
    )
    order = Order(folder, folder / "out", replace(EVERY_TABLE, alerts=prices))
    with queries.connect(build_cache.build(order).database) as con:
        yield con


def test_a_change_of_currency_reorders_nothing(
    compact_con: duckdb.DuckDBPyConnection, other_currency: duckdb.DuckDBPyConnection
) -> None:
    """Seven times the money is the same queue, each alert worth seven times as much.

    The unproven are left out: how odd somebody is was never a matter of money.
    """
    sql = "select * from alerts.alerts where lane <> 'unproven' order by queue_place"
    before, after = rows(compact_con, sql), rows(other_currency, sql)
    assert after["alert_id"].equals(before["alert_id"])
    assert after["score"].equals(before["score"])
    for verdict in ("probability", "score_band", "is_severe", "is_ended"):
        assert after[verdict].equals(before[verdict]), verdict
    money_columns = ("exposure_usd", "loss_forward_usd", "harm_usd", "hold_cost_usd", "priority")
    for money in (*money_columns, "stake_usd", "value_low_usd", "value_high_usd"):
        assert np.allclose(after[money].to_numpy(), FACTOR * before[money].to_numpy()), money

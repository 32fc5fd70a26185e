"""What the Model page says of late labels, counted once more from the delivered rows."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

import queries
from pipeline.settings.models import EvaluationSettings

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

    from pipeline.build import Report

SETTINGS = EvaluationSettings()


@pytest.fixture(scope="module")
def labels(small_world: Path) -> list[dict[str, Any]]:
    """The delivered labels, by when they were known."""
    frame = pl.concat(
        [pl.read_parquet(path) for path in sorted(small_world.glob("labels*.parquet"))]
    )
    return frame.sort("known_at", "label_id").rows(named=True)


@pytest.fixture(scope="module")
def midnight(built: Report) -> datetime:
    """When the build was."""
    return datetime.combine(built.as_of, datetime.min.time())


def rows(con: duckdb.DuckDBPyConnection, table: str) -> list[dict[str, Any]]:
    """Every row."""
    return list(con.sql(f"select * from {table}").pl().rows(named=True))


def test_the_verdict_of_each_place_is_the_last_word_delivered(
    con: duckdb.DuckDBPyConnection, labels: list[dict[str, Any]], midnight: datetime
) -> None:
    """No place after its verdict; each with what was said last, or an older word that holds."""
    words = defaultdict(list)
    for one in labels:
        if one["known_at"] < midnight and one["source"] != "rule":
            words[one["entity_type"], one["entity_id"]].append(
                (one["known_at"], one["label"] == "bad")
            )
    places = rows(con, "scores.judged_places")
    assert len(places) > 1000
    last = 0
    for one in places:
        said = words[one["entity_type"], one["entity_id"]]
        verdict = (one["known_at"], one["is_bad"])
        assert verdict in said
        last += verdict == said[-1]
        assert datetime.combine(one["as_of"], datetime.min.time()) <= one["known_at"]
        assert 0.0 <= one["place"] <= 1.0
        assert 0.0 <= one["challenger_place"] <= 1.0
    assert last / len(places) > 0.98


def test_weeks_are_counts_of_their_own_verdicts(
    con: duckdb.DuckDBPyConnection, built: Report
) -> None:
    """Precision, recall and what was expected, one row after the other."""
    weeks = rows(con, "scores.cohorts")
    assert {one["is_mature"] for one in weeks} == {True, False}
    own = defaultdict(list)
    for one in rows(con, "scores.judged_places"):
        begun = datetime.combine(one["as_of"], datetime.min.time())
        if timedelta(0) < one["known_at"] - begun <= timedelta(days=SETTINGS.followed_days):
            own[one["entity_type"], one["as_of"]].append(one)
    for week in weeks:
        there = own[week["entity_type"], week["as_of"]]
        first = [one for one in there if one["place"] <= SETTINGS.followed_top]
        reviewed = [one for one in first if one["is_reviewed"]]
        bad = [one for one in there if one["is_bad"]]
        reached = [one for one in first if one["is_bad"]]
        called = [one for one in reviewed if one["is_bad"]]
        assert (week["judged"], week["bad"]) == (len(reviewed), len(called))
        assert (week["known_bad"], week["reached"]) == (len(bad), len(reached))
        if reviewed:
            expected = sum(one["score"] for one in reviewed) / len(reviewed)
            assert week["expected"] == pytest.approx(expected)
        is_mature = week["as_of"] + timedelta(days=SETTINGS.followed_days) <= built.as_of
        assert week["is_mature"] == is_mature
        for name, part, whole in (
            ("precision", called, reviewed),
            ("recall", reached, bad),
        ):
            share = len(part) / len(whole) if is_mature and whole else None
            assert week[name] == (None if share is None else pytest.approx(share))


def test_random_checks_stand_where_their_last_day_had_them(con: duckdb.DuckDBPyConnection) -> None:
    """In the first places or below, and how many were called bad."""
    drawn: dict[tuple[str, str], dict[str, Any]] = {}
    for one in sorted(rows(con, "scores.judged_places"), key=lambda row: row["as_of"]):
        if one["is_by_lot"]:
            drawn[one["entity_type"], one["entity_id"]] = one
    checks = rows(con, "scores.lot_checks")
    assert sum(one["checks"] for one in checks) == len(drawn) > 100
    for one in checks:
        own = [
            check
            for (entity_type, _), check in drawn.items()
            if entity_type == one["entity_type"]
            and (check["place"] <= SETTINGS.followed_top) == one["is_in_first"]
        ]
        assert one["checks"] == len(own)
        assert one["finds"] == sum(check["is_bad"] for check in own)
        assert one["low"] <= one["rate"] <= one["high"]


def test_checks_that_are_left_out_add_up(
    con: duckdb.DuckDBPyConnection, labels: list[dict[str, Any]], midnight: datetime
) -> None:
    """First verdicts by lot, counted in the delivered labels, less who is left out."""
    first: dict[tuple[str, str], dict[str, Any]] = {}
    for one in labels:
        if one["known_at"] < midnight and one["source"] != "rule":
            first.setdefault((one["entity_type"], one["entity_id"]), one)
    checks = rows(con, "scores.lot_checks")
    left_out = 0
    for entity_type in sorted({one["entity_type"] for one in checks}):
        own = [one for one in checks if one["entity_type"] == entity_type]
        drawn = [
            one
            for one in first.values()
            if one["entity_type"] == entity_type and one["source"] == "exploration"
        ]
        said = queries.run(con, "pages/model/lot_draws", entity_type=entity_type).row(0, named=True)
        assert said["drawn"] == len(drawn)
        assert said["called_bad"] == sum(one["label"] == "bad" for one in drawn)
        assert said["drawn"] - said["early"] == sum(one["checks"] for one in own)
        changed = said["added"] - said["early_bad"] - said["overturned"]
        assert said["called_bad"] + changed == sum(one["finds"] for one in own)
        left_out += said["early"] + said["overturned"] + said["added"]
    assert left_out > 0


def test_arrival_is_the_product_of_what_each_age_could_show(
    con: duckdb.DuckDBPyConnection, labels: list[dict[str, Any]], midnight: datetime
) -> None:
    """Recomputed label by label: no behaviour counts at an age that it has not reached."""
    known = [one for one in labels if one["known_at"] < midnight]
    begin = min(one["known_at"] for one in known)
    first: dict[tuple[str, str, str], tuple[int, int]] = {}
    for one in known:
        key = (one["typology"], one["entity_type"], one["entity_id"])
        left_out = one["source"] in ("exploration", "appeal", "rule", "casebook")
        if one["label"] == "bad" and one["event_at"] is not None and not left_out:
            first.setdefault(key, one)
    own = defaultdict(list)
    for (typology, _, _), one in first.items():
        if one["event_at"] >= begin:
            own[typology].append(
                ((one["known_at"] - one["event_at"]).days, (midnight - one["event_at"]).days)
            )
    curves = rows(con, "scores.label_arrival")
    assert len({one["typology"] for one in curves}) >= 5
    for typology in {one["typology"] for one in curves}:
        curve = {one["age_days"]: one for one in curves if one["typology"] == typology}
        last, share = max(curve), 1.0
        for age in range(last, -1, -1):
            assert curve[age]["share"] == pytest.approx(share, abs=1e-9)
            able = [delay for delay, reach in own[typology] if delay <= age <= reach]
            share *= 1.0 - able.count(age) / len(able) if able else 1.0
        able = [delay for delay, reach in own[typology] if delay <= last <= reach]
        assert len(able) >= SETTINGS.least_arrivals
        assert curve[last]["labels"] == sum(delay <= last for delay, _ in own[typology])


def test_both_models_are_held_against_the_same_verdicts(con: duckdb.DuckDBPyConnection) -> None:
    """Shares of the comparison, from the last place of each subject whose verdict has matured."""
    last: dict[tuple[str, str], dict[str, Any]] = {}
    for one in sorted(rows(con, "scores.judged_places"), key=lambda row: row["as_of"]):
        if one["is_matured"]:
            last[one["entity_type"], one["entity_id"]] = one
    compared = rows(con, "scores.comparison")
    assert {one["entity_type"] for one in compared} >= {"merchant", "buyer"}
    for one in compared:
        judged = [row for (kind, _), row in last.items() if kind == one["entity_type"]]
        assert one["entities"] == len(judged)
        for side, name in (("in_use", "place"), ("challenger", "challenger_place")):
            first = [row for row in judged if row[name] <= one["top"]]
            of_precision = [row["is_bad"] for row in first if row["is_reviewed"]]
            of_recall = [row[name] <= one["top"] for row in judged if row["is_bad"]]
            among = of_precision if one["measure"] == "precision" else of_recall
            assert one[side] == pytest.approx(sum(among) / len(among))
            assert one[f"{side}_low"] <= one[f"{side}_high"]
        assert one["difference"] == pytest.approx(one["challenger"] - one["in_use"])
        assert one["difference_low"] <= one["difference_high"]

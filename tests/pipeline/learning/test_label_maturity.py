"""A verdict teaches once behaviour of its kind has had time to come to light."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from statistics import median

import duckdb
import polars as pl
import pytest

from pipeline.learning.label_maturity import Delays, matured_labels
from pipeline.settings.build import LabelSettings
from queries.packs import packs
from tests.pipeline import tiny

DAY = date(2026, 6, 1)
DELAYS = Delays({"QUICK": 5.0, "SLOW": 55.0}, {"buyer": 14.0})
SETTINGS = LabelSettings(label_maturity_days=20)
COLUMNS = ("label_id", "entity_type", "entity_id", "label", "typology", "source")


def teaching(
    *verdicts: tuple[str, str, str | None, str, float], delays: Delays = DELAYS
) -> list[str]:
    """Who may teach, from (entity, label, typology, source, age in days); known a day later."""
    midnight = datetime.combine(DAY, datetime.min.time())
    rows = [
        (f"lab_{n}", who.split(":")[0], who, label, typology, source, began, began, known, known)
        for n, (who, label, typology, source, age) in enumerate(verdicts)
        for began, known in ((midnight - timedelta(days=age), midnight - timedelta(days=age - 1)),)
    ]
    schema = (*COLUMNS, "event_at", "observed_at", "decided_at", "known_at")
    frame = pl.DataFrame(rows, schema=schema, orient="row").cast({"typology": pl.String})
    frame = frame.with_columns(withdrawn_at=pl.lit(None, pl.Datetime("us")))
    with duckdb.connect() as con:
        con.execute("create schema staging")
        tiny.put(con, "staging.labels", frame)
        usable = matured_labels(con, DAY, SETTINGS, delays)
    assert usable.columns == [*frame.columns, "evidence_until", "evidence_from"]
    return usable["entity_id"].to_list()


@pytest.mark.parametrize(("typology", "delay"), [("QUICK", 5), ("SLOW", 55), ("NO_PACK", 14)])
def test_a_bad_verdict_waits_for_its_scheme(typology: str, delay: int) -> None:
    """As long as its pack says; one without a pack as long as is usual for its type."""
    young = ("buyer:young", "bad", typology, "review", delay - 0.5)
    ripe = ("buyer:ripe", "bad", typology, "review", delay + 0.5)
    assert teaching(young, ripe) == ["buyer:ripe"]


def test_a_good_verdict_waits_for_the_usual_scheme_of_its_type() -> None:
    """Nobody says of which scheme a subject was cleared."""
    young = ("buyer:young", "good", None, "review", 13.5)
    ripe = ("buyer:ripe", "good", None, "review", 14.5)
    assert teaching(young, ripe) == ["buyer:ripe"]


def test_random_checks_wait_alike_whatever_they_found() -> None:
    """The base rate is read from them: quick schemes must not count from an earlier day on."""
    quick = ("buyer:quick", "bad", "QUICK", "exploration", 10.0)
    slow = ("buyer:slow", "bad", "SLOW", "exploration", 15.0)
    clear = ("buyer:clear", "good", None, "exploration", 15.0)
    assert teaching(quick, slow, clear) == ["buyer:slow", "buyer:clear"]


def test_without_a_pack_the_setting_decides() -> None:
    """A type of which no pack speaks waits as the settings say."""
    young = ("creator:young", "bad", None, "review", 19.5)
    ripe = ("creator:ripe", "good", None, "review", 20.5)
    assert teaching(young, ripe) == ["creator:ripe"]
    assert teaching(("buyer:x", "bad", "QUICK", "review", 19.5), delays=Delays()) == []


def test_a_young_appeal_silences_the_verdict_it_undid() -> None:
    """Until the appeal itself may teach, the subject is neither bad nor good."""
    closed = ("buyer:a", "bad", "QUICK", "review", 10.0)
    cleared = ("buyer:a", "good", None, "appeal", 8.0)
    assert teaching(closed) == ["buyer:a"]
    assert teaching(closed, cleared) == []


def test_a_young_hit_of_a_rule_silences_nobody() -> None:
    """What nobody has looked at contradicts no one."""
    cleared = ("buyer:a", "good", None, "review", 15.0)
    assert teaching(cleared, ("buyer:a", "bad", "QUICK", "rule", 3.0)) == ["buyer:a"]


def test_a_second_find_leaves_the_first_standing() -> None:
    """A young verdict that agrees with an older one silences nothing."""
    first = ("buyer:a", "bad", "QUICK", "review", 10.0)
    assert teaching(first, ("buyer:a", "bad", "SLOW", "review", 8.0)) == ["buyer:a"]


def test_the_delays_are_those_of_the_packs() -> None:
    """Each scheme's own, and per entity type the median over its schemes."""
    house = packs().values()
    terms = [
        {"typology": one.code, "entity_type": name, "label_delay_days": one.label_delay_days}
        for one in house
        for name in one.entity_types
    ]
    delays = Delays.of(pl.DataFrame(terms))
    assert delays.typology == {one.code: one.label_delay_days for one in house}
    sellers = sorted(one.label_delay_days for one in house if "creator" in one.entity_types)
    assert delays.entity_type["creator"] == median(sellers)
    assert delays.longest["creator"] == sellers[-1]
    assert len(sellers) == 5


def test_a_label_known_on_the_day_of_the_build_is_not_used() -> None:
    """`known_at` must lie before the build, `event_at` long enough before it."""
    con, usual = tiny.build(), LabelSettings()
    assert matured_labels(con, tiny.KNOWN.date(), usual).is_empty()
    assert matured_labels(con, tiny.KNOWN.date() + timedelta(days=1), usual).height > 0
    patient = replace(usual, label_maturity_days=90)
    assert matured_labels(con, tiny.AS_OF, patient).is_empty()


@pytest.mark.parametrize(
    ("source", "age", "withdrawn", "teaches"),
    [
        ("casebook", 0, None, True),  # decided on the day the data stand at
        ("casebook", -1, None, False),
        ("review", 0, None, False),
        ("review", 5, None, False),  # cleared five days ago: others of its scheme may still show
        ("casebook", 5, 2, False),  # taken back two days ago
        ("casebook", 5, 0, False),  # taken back today
        ("casebook", 5, -1, True),  # taken back tomorrow: not known yet
    ],
)
def test_what_our_analysts_decided_today_teaches_today(
    source: str, age: int, withdrawn: int | None, *, teaches: bool
) -> None:
    """A verdict of the build's own day is known to it, one taken back by then is none."""
    midnight = datetime.combine(DAY, datetime.min.time())
    back = None if withdrawn is None else midnight - timedelta(days=withdrawn)
    row = ("lab_1", "merchant", "a", "good", None, source, midnight - timedelta(days=200))
    schema = (*COLUMNS, "event_at", "observed_at", "decided_at", "known_at", "withdrawn_at")
    known_at = midnight - timedelta(days=age) + timedelta(hours=9)
    instants = (known_at, known_at, known_at, back)
    frame = pl.DataFrame([(*row, *instants)], schema=schema, orient="row")
    frame = frame.cast({"typology": pl.String, "withdrawn_at": pl.Datetime("us")})
    with duckdb.connect() as con:
        con.execute("create schema staging")
        tiny.put(con, "staging.labels", frame)
        assert matured_labels(con, DAY, SETTINGS, DELAYS).height == int(teaches)

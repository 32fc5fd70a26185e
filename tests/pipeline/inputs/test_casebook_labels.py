"""What an analyst decides comes back as a label of the next build, and never too early."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import duckdb
import polars as pl
import pytest

import queries
from dashboard.access import Viewer
from dashboard.casebook import open_casebook
from dashboard.casebook.labels import labels_of
from dashboard.cases.records import Answer, Decision, DecisionDraft
from dashboard.cases.states import CaseState, Verdict
from pipeline.build import Order, fingerprint
from pipeline.inputs import ingest
from pipeline.inputs.casebook_labels import known_on, labels_in_time, waiting_sentence
from pipeline.learning.label_maturity import matured_labels
from pipeline.learning.labels import verdicts
from pipeline.settings.build import LabelSettings
from queries.contract import raw_tables

if TYPE_CHECKING:
    from pathlib import Path

ANN = Viewer("ann")
SHOP, BUYER = ("merchant", "mer_000001"), ("buyer", "buy_000001")
DRAFT = DecisionDraft(
    *SHOP, Verdict.CONFIRMED, "key-1", "T1_BRUSHING", "MONITOR",
    ("T1.R02_INSTANT_PRAISE",), "Forty buyers on two devices.",
)  # fmt: skip


@pytest.fixture(scope="module")
def last_instant(small_world: Path) -> datetime:
    """The last order of the delivery: what came later was not known."""
    orders = pl.read_parquet(small_world / "orders.parquet", columns=["created_at"])
    latest = orders["created_at"].max()
    assert isinstance(latest, datetime)
    return latest


def decision(
    subject: tuple[str, str],
    verdict: Verdict,
    decided_at: datetime,
    number: int = 1,
    **stamps: date | None,
) -> Decision:
    """A recorded decision of that moment about the week before it."""
    return Decision(
        decision_id=f"dec_{number}", case_id="cas_1", entity_type=subject[0], entity_id=subject[1],
        verdict=verdict, typology="T1_BRUSHING", action="NO_ACTION", reason_codes=(), note="",
        confidence=None, score=None, as_of=decided_at.date() - timedelta(days=7), data_version="",
        decided_by="ann", decided_at=decided_at, **stamps,
    )  # fmt: skip


def taught(small_world: Path, labels: pl.DataFrame | None) -> pl.DataFrame:
    """`staging.labels` of a build with these casebook labels."""
    with duckdb.connect() as con:
        ingest.write(con, small_world, labels_in_time(labels, small_world), lambda *_: None)
        rows: pl.DataFrame = con.sql("select * from staging.labels").pl()
    return rows


def test_a_decision_is_a_label_of_the_next_build(small_world: Path, last_instant: datetime) -> None:
    """A confirmed shop teaches as bad, a cleared buyer as good, both under source casebook."""
    moment = last_instant - timedelta(days=20)
    labels = labels_of(
        [
            decision(SHOP, Verdict.CONFIRMED, moment, 1),
            decision(BUYER, Verdict.FALSE_POSITIVE, moment, 2),
        ]
    )
    before, after = taught(small_world, None), taught(small_world, labels)
    assert after.height == before.height + 2
    ours = after.filter(pl.col("source") == "casebook").sort("entity_type")
    rows = ours.select("entity_type", "entity_id", "label", "typology", "known_at").rows()
    assert rows == [
        (*BUYER, "good", None, moment),
        (*SHOP, "bad", "T1_BRUSHING", moment),
    ]
    assert after.filter(pl.col("source") != "casebook").height == before.height


def test_the_last_word_wins_and_an_open_question_is_no_label(
    small_world: Path, last_instant: datetime
) -> None:
    """A revised decision replaces the earlier one from its own day, a victim is cleared."""
    moment = last_instant - timedelta(days=20)
    labels = labels_of(
        [
            decision(SHOP, Verdict.CONFIRMED, moment, 1),
            decision(SHOP, Verdict.FALSE_POSITIVE, moment + timedelta(days=1), 2),
            decision(BUYER, Verdict.VICTIM, moment, 3),
            decision(("creator", "cre_000001"), Verdict.INCONCLUSIVE, moment, 4),
        ]
    )
    ours = taught(small_world, labels).filter(pl.col("source") == "casebook")
    last = ours.sort("known_at").unique("entity_id", keep="last", maintain_order=True)
    assert sorted(last.select("entity_id", "label").rows()) == [
        (BUYER[1], "good"),
        (SHOP[1], "good"),
    ]


def test_what_was_known_between_two_verdicts_can_be_rebuilt(
    small_world: Path, last_instant: datetime
) -> None:
    """Convicted, cleared, asked again: each day has the word that stood then."""
    first = last_instant - timedelta(days=30)
    words = labels_of(
        [
            decision(SHOP, Verdict.CONFIRMED, first, 1),
            decision(SHOP, Verdict.FALSE_POSITIVE, first + timedelta(days=5), 2),
            decision(SHOP, Verdict.INCONCLUSIVE, first + timedelta(days=9), 3),
        ]
    )
    sql = """
        select label from facts.verdicts where entity_id = $shop
        and known_day < $as_of and coalesce(replaced_day, date '9999-12-31') >= $as_of
    """
    with duckdb.connect() as con:
        ingest.write(con, small_world, labels_in_time(words, small_world), lambda *_: None)
        con.execute("delete from staging.labels where source <> 'casebook'")
        con.execute("create schema facts")
        queries.build(con, "facts/verdicts")
        stood = {
            days: con.execute(
                sql, {"shop": SHOP[1], "as_of": first.date() + timedelta(days=days)}
            ).fetchall()
            for days in (0, 1, 5, 6, 9, 10)
        }
    assert stood == {0: [], 1: [("bad",)], 5: [("bad",)], 6: [("good",)], 9: [("good",)], 10: []}


def test_a_decision_of_the_datas_own_day_is_known_to_a_build_of_the_same_data(
    small_world: Path, last_instant: datetime
) -> None:
    """However late the wall's clock: deciding on a sample has to be felt. Tomorrow's is not."""
    today, later = last_instant.date() + timedelta(days=1), last_instant + timedelta(days=500)
    for day, count in ((today, 1), (today + timedelta(days=1), 0)):
        labels = labels_of([decision(SHOP, Verdict.CONFIRMED, later, data_day=day)])
        ours = taught(small_world, labels).filter(pl.col("source") == "casebook")
        assert ours.height == count, day
        assert (ours["known_at"].dt.date() == day).all()


def test_a_matured_decision_overrules_what_was_delivered(
    small_world: Path, last_instant: datetime
) -> None:
    """The analyst's later verdict on a delivered bad buyer is the one a model would learn."""
    delivered = pl.read_parquet(small_world / "labels.parquet")
    early = last_instant - timedelta(days=40)
    off = delivered.filter(
        (pl.col("entity_type") == "buyer")
        & (pl.col("label") == "bad")
        & (pl.col("known_at") < early)
    )
    subject = ("buyer", str(off["entity_id"].sort()[0]))
    moment = last_instant - timedelta(hours=1)
    cleared = labels_of([decision(subject, Verdict.FALSE_POSITIVE, moment)])
    with duckdb.connect() as con:
        ingest.write(con, small_world, labels_in_time(cleared, small_world), lambda *_: None)
        as_of = queries.scalar(con, "select max(day) + 1 from staging.orders")
        verdict_rows = verdicts(matured_labels(con, as_of, LabelSettings()), "buyer")
    last = verdict_rows.filter(pl.col("entity_id") == subject[1])
    assert last.select("label", "source").rows() == [("good", "casebook")]


def test_a_decision_after_the_data_waits_for_newer_data(
    small_world: Path, last_instant: datetime, tmp_path: Path
) -> None:
    """It is in neither the build nor its fingerprint, so deciding does not force a rebuild."""
    late = labels_of([decision(SHOP, Verdict.CONFIRMED, last_instant + timedelta(days=3))])
    early = labels_of([decision(SHOP, Verdict.CONFIRMED, last_instant - timedelta(days=3))])
    bare = Order(small_world, tmp_path)
    assert labels_in_time(late, small_world) is None
    assert "casebook" not in set(taught(small_world, late)["source"])
    both = labels_in_time(pl.concat([late, early]), small_world)
    assert both is not None
    assert both.equals(early)
    assert fingerprint(Order(small_world, tmp_path, casebook_labels=both)) != fingerprint(bare)


def test_what_the_casebook_hands_over_keeps_the_contract(tmp_path: Path) -> None:
    """A decision recorded now, through the real casebook, has the columns of raw.labels."""
    book = open_casebook(f"sqlite:///{tmp_path / 'casebook.sqlite'}")
    book.decide(DRAFT, viewer=ANN)
    labels = book.labels_frame()
    book.close()
    contract = raw_tables()["labels"].columns
    assert labels.columns == [*contract, "weight", "withdrawn_at"]
    for name, column in contract.items():
        assert column.nullable or labels[name].null_count() == 0, name
        assert not column.one_of or set(labels[name]) <= set(column.one_of), name
    assert labels["event_at"].null_count() == labels.height  # nobody asked when it began


def test_what_was_decided_after_the_data_end_waits_and_is_said() -> None:
    """How many, when they were taken, where the data end, and what can be done about it."""
    late, end = datetime(2026, 11, 29, 10), date(2026, 9, 30)  # noqa: DTZ001
    judged = decision(SHOP, Verdict.FALSE_POSITIVE, late, 1)
    labels = labels_of([judged, decision(BUYER, Verdict.FALSE_POSITIVE, late, 2, data_day=end)])
    in_time = known_on(labels, end)
    assert in_time is not None
    assert in_time["entity_id"].to_list() == [BUYER[1]]
    sentence = waiting_sentence(labels, in_time, end)
    assert sentence.startswith("1 decision waits: taken 2026-11-29, the data end 2026-09-29.")
    assert "--as-judged" in sentence
    assert waiting_sentence(in_time, in_time, end) == ""
    assert waiting_sentence(None, None, end) == ""


def test_decisions_on_an_extract_may_count_from_the_snapshot_they_judged() -> None:
    """An approval too: it is about what was judged, though a lead gave it later."""
    late, end = datetime(2026, 11, 29, 10), date(2026, 9, 30)  # noqa: DTZ001
    cleared = replace(decision(BUYER, Verdict.FALSE_POSITIVE, late, 1), as_of=end, case_id="a")
    proposed = replace(
        decision(SHOP, Verdict.CONFIRMED, late, 2),
        as_of=end, case_id="b", action="SETTLEMENT_DEFER", audit_seq=1,
    )  # fmt: skip
    answer = Answer("b", CaseState.APPROVED, late + timedelta(days=1), None, 2)
    assert known_on(labels_of([cleared, proposed], [answer]), end) is None
    labels = known_on(labels_of([cleared, proposed], [answer], as_judged=True), end)
    assert labels is not None
    assert labels["label"].to_list() == ["good", "bad"]
    assert set(labels["known_at"].dt.date()) == {end}

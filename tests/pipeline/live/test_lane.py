"""The live lane: what arrives is taken once, judged by the packs, and settled by a build."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import duckdb
import polars as pl
import pytest

from pipeline.errors import BuildError
from pipeline.live import lane as lane_module
from pipeline.live.drop import batch_files
from pipeline.live.record import CONFIRMED, OPEN, WITHDRAWN, Record, read_record
from pipeline.live.watch import only_lane
from queries.contract import raw_tables
from tests.pipeline.live.conftest import LATE, settle

if TYPE_CHECKING:
    from pathlib import Path

    from tests.pipeline.live.conftest import Drop

SUBJECT = ["buyer:buyer_id_1"]


def ticked(drop: Drop) -> Record:
    """The record after one look by a lane of its own."""
    lane = drop.lane()
    lane.tick()
    lane.close()
    return read_record(drop.out)


def subjects(record: Record, state: str = OPEN) -> list[str]:
    """Keys of the alerts in a state."""
    rows = record["live.alerts"].filter(pl.col("state") == state)
    return [f"{kind}:{one}" for kind, one in rows.select("entity_type", "entity_id").iter_rows()]


def rebuilt(drop: Drop, as_of: datetime, *, has_alert: bool) -> None:
    """Another build in the place of the served one, with or without an alert on the subject."""
    path = drop.out / "ringfence.duckdb"
    work = path.with_name("next.duckdb")
    work.write_bytes(path.read_bytes())
    with duckdb.connect(str(work)) as con:
        con.execute("update meta.build set as_of = ?, data_fingerprint = 'other'", [as_of.date()])
        con.execute("delete from alerts.alerts")
        if has_alert:
            con.execute(
                "insert into alerts.alerts by name "
                "select 'alt_1' as alert_id, 'buyer' as entity_type, 'buyer_id_1' as entity_id, "
                "'T7_PAYMENT_FRAUD' as typology"
            )
    work.replace(path)


def test_signals_of_a_batch_open_an_alert_with_the_rows_behind_it(drop: Drop) -> None:
    """Six cards in six minutes: who, why, and the attempts, recomputed from the batch alone."""
    batch = drop.card_trial()
    drop.put("declined_payments-1.parquet", batch)
    record = ticked(drop)
    assert subjects(record) == SUBJECT
    (alert,) = record["live.alerts"].to_dicts()
    assert alert["typology"] == "T7_PAYMENT_FRAUD"
    assert alert["strength"] >= 0.8
    assert alert["event_at"] == batch["attempted_at"].max()
    assert "T7.S03_REFUSED_ATTEMPTS" in record["live.signals"]["code"].to_list()
    refused = record["live.evidence"].filter(pl.col("feature") == "declined_payments_30d")
    tries = refused.filter(pl.col("column_name") == "event_id")["cell"].to_list()
    assert set(batch["attempt_id"]) <= set(tries)
    delivered = pl.read_parquet(drop.raw / "declined_payments.parquet")
    recent = delivered.filter(
        (pl.col("buyer_id") == "buyer_id_1") & (pl.col("attempted_at") >= LATE - timedelta(days=30))
    )
    assert refused["value"][0] == len(batch) + len(recent)


def test_a_lane_makes_its_tables_before_the_first_batch(drop: Drop) -> None:
    """So that the first alert waits for its own rows alone."""
    lane = drop.lane()
    assert lane.tick().opened == 0
    assert lane.engine.is_ready
    drop.put("declined_payments-1.parquet", drop.card_trial())
    assert lane.tick().opened == 1
    lane.close()


def test_a_table_is_named_by_the_folder_or_by_the_file(drop: Drop) -> None:
    """Both ways lead to the same table; JSON lines are read as well."""
    rows = drop.card_trial()
    drop.put("declined_payments/0001.parquet", rows.head(3))
    rows.tail(3).write_ndjson(drop.folder / "declined_payments.2.jsonl")
    settle(drop.folder / "declined_payments.2.jsonl")
    record = ticked(drop)
    assert record["live.batches"]["table_name"].to_list() == ["declined_payments"] * 2
    assert subjects(record) == SUBJECT


def test_the_same_content_counts_once(drop: Drop) -> None:
    """Under another name, after a restart, and row by row in another batch."""
    drop.put("declined_payments-1.parquet", drop.card_trial())
    first = ticked(drop)
    drop.put("declined_payments-2.parquet", drop.card_trial())
    drop.put("declined_payments-3.parquet", drop.card_trial().head(5))
    again = ticked(drop)
    assert len(again["live.batches"]) == 2
    assert again["live.alerts"].equals(first["live.alerts"])
    lane = drop.lane()
    lane.tick()
    kept = lane.engine.con.execute("select count(*) from raw.declined_payments").fetchall()
    lane.close()
    assert kept == [(6,)]


def test_a_bad_batch_is_set_aside_with_a_sentence(drop: Drop) -> None:
    """What was found, in which file, and what to do; the others are taken all the same."""
    (drop.folder / "orders-1.csv").write_text("order_id,colour\no1,red\n")
    (drop.folder / "declined_payments-cut.parquet").write_bytes(b"PAR1 and no more")
    (drop.folder / "surprise.csv").write_text("a,b\n1,2\n")
    for path in drop.folder.iterdir():
        settle(path)
    drop.put("declined_payments-1.parquet", drop.card_trial())
    record = ticked(drop)
    said = dict(record["live.batches"].filter("is_refused").select("file_name", "problem").rows())
    assert "merchant_id: column is missing" in said["orders-1.csv"]
    assert said["declined_payments-cut.parquet"].endswith(
        "Write the file again as Parquet or UTF-8 CSV."
    )
    assert "is of no table of the contract" in said["surprise.csv"]
    assert subjects(record) == SUBJECT


def test_single_wrong_rows_are_set_aside_and_the_rest_is_taken(drop: Drop) -> None:
    """A clock of next year and an amount below nought of seven rows."""
    good = drop.card_trial()
    wrong = good.head(1).with_columns(
        attempt_id=pl.lit("ahead"),
        attempted_at=pl.lit(datetime(2199, 1, 1)),  # noqa: DTZ001
    )
    drop.put("declined_payments-1.parquet", pl.concat([good, wrong]))
    record = ticked(drop)
    (batch,) = record["live.batches"].to_dicts()
    assert (batch["row_count"], batch["rows_set_aside"], batch["is_refused"]) == (6, 1, False)
    assert "attempted_at" in batch["problem"]
    assert subjects(record) == SUBJECT


def test_a_row_waits_for_what_it_refers_to(drop: Drop) -> None:
    """Attempts of a buyer whom nobody delivered yet open nothing until the buyer comes."""
    drop.put("declined_payments-1.parquet", drop.card_trial("new_buyer"))
    order = pl.read_parquet(drop.raw / "orders.parquet").head(1)
    drop.put(
        "orders-1.parquet",
        order.with_columns(order_id=pl.lit("new"), buyer_id=pl.lit("new_buyer")),
    )
    waiting = ticked(drop)
    assert waiting["live.status"]["rows_waiting"].to_list() == [7]
    assert subjects(waiting) == []
    people = pl.read_parquet(drop.raw / "buyers.parquet").head(1)
    drop.put("buyers-1.parquet", people.with_columns(buyer_id=pl.lit("new_buyer")))
    record = ticked(drop)
    assert record["live.status"]["rows_waiting"].to_list() == [0]
    assert subjects(record) == ["buyer:new_buyer"]


def test_a_file_that_is_being_written_is_not_read(drop: Drop) -> None:
    """One that has just changed, and one whose name says so."""
    drop.card_trial().write_parquet(drop.folder / "declined_payments-1.parquet")
    drop.put("declined_payments-2.parquet.part", drop.card_trial())
    drop.put(".declined_payments-3.parquet", drop.card_trial())
    assert batch_files(drop.folder, time.time_ns(), 60, raw_tables()) == []


@pytest.mark.parametrize("step", ["keep_rows", "write_record", "openings", "beat"])
@pytest.mark.parametrize("is_after", [False, True])
def test_a_death_at_any_step_loses_nothing_and_doubles_nothing(
    drop: Drop, monkeypatch: pytest.MonkeyPatch, step: str, is_after: bool
) -> None:
    """Whoever starts next comes to the record of a lane that was never killed."""
    drop.put("declined_payments-1.parquet", drop.card_trial())
    drop.put("declined_payments-2.parquet", drop.card_trial("buyer_id_2"))
    original = getattr(lane_module, step)

    def dying(*args: Any) -> None:
        if is_after:
            original(*args)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(lane_module, step, dying)
        killed = drop.lane()
        with pytest.raises(KeyboardInterrupt):
            killed.tick()
        killed.close()
    record = ticked(drop)
    assert sorted(record["live.batches"]["row_count"]) == [6, 6]
    assert sorted(subjects(record)) == ["buyer:buyer_id_1", "buyer:buyer_id_2"]
    assert record["live.notices"]["notice_key"].n_unique() == 2


@pytest.mark.parametrize(("has_alert", "state"), [(True, CONFIRMED), (False, WITHDRAWN)])
def test_the_next_build_confirms_or_withdraws(drop: Drop, has_alert: bool, state: str) -> None:
    """Whichever it is is said, and a notice of it goes out; its rows are let go."""
    drop.put("declined_payments-1.parquet", drop.card_trial())
    ticked(drop)
    rebuilt(drop, LATE + timedelta(days=1), has_alert=has_alert)
    record = ticked(drop)
    assert subjects(record, state) == SUBJECT
    (alert,) = record["live.alerts"].to_dicts()
    assert alert["settled_reason"].startswith(state.capitalize())
    assert sorted(record["live.notices"]["kind"]) == sorted(["LIVE_OPEN", f"LIVE_{state.upper()}"])
    assert not list((drop.out / "live").iterdir())


def test_a_build_of_an_earlier_day_settles_nothing(drop: Drop) -> None:
    """It does not know the events yet."""
    drop.put("declined_payments-1.parquet", drop.card_trial())
    ticked(drop)
    rebuilt(drop, LATE, has_alert=False)
    assert subjects(ticked(drop)) == SUBJECT


def test_the_past_is_shown_as_it_was_known(drop: Drop) -> None:
    """Before it opened there is no alert; before the build it is open."""
    drop.put("declined_payments-1.parquet", drop.card_trial())
    opened_at = ticked(drop)["live.alerts"]["opened_at"][0]
    rebuilt(drop, LATE + timedelta(days=1), has_alert=False)
    record = ticked(drop)
    assert subjects(record.known_at(opened_at - timedelta(seconds=60))) == []
    assert subjects(record.known_at(opened_at)) == SUBJECT
    assert subjects(record, WITHDRAWN) == SUBJECT


def test_one_lane_a_build(tmp_path: Path) -> None:
    """A second one is refused with a sentence."""
    with (
        only_lane(tmp_path),
        pytest.raises(BuildError, match="Another live lane runs"),
        only_lane(tmp_path),
    ):
        pass

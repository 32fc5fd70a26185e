"""Live alerts above the queue: marked as such, masked, and of the viewer's markets alone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from pipeline.live.record import Record, beat, write_record
from tests.dashboard import tiny_database
from tests.dashboard.harness import mask, opener, plain_words, words

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

NOW = datetime.now(UTC).replace(tzinfo=None)
CARD = "tok_hidden_card"


def alert(market: str, **changed: Any) -> dict[str, Any]:
    """One row of `live.alerts`."""
    row = {
        "alert_id": f"liv_{market}",
        "entity_type": "buyer",
        "entity_id": f"buy_{market}",
        "name": f"Hidden Name of {market}",
        "market": market,
        "typology": "T7_PAYMENT_FRAUD",
        "strength": 0.84,
        "as_of": date(2026, 9, 2),
        "event_at": NOW,
        "arrived_at": NOW,
        "opened_at": NOW - timedelta(seconds=20),
        "opened_beside": "before",
        "state": "open",
        "settled_at": None,
        "settled_by": None,
        "settled_reason": None,
    }
    return row | changed


def record(*alerts: dict[str, Any]) -> Record:
    """A record with some alerts, each on one signal with one raw row behind it."""
    keys = [
        {name: one[name] for name in ("alert_id", "entity_type", "entity_id")} for one in alerts
    ]
    signal = {"code": "T7.S01_MANY_CARDS", "severity": 0.6, "text": "Four cards"}
    cell = {"feature": "cards_90d", "value": 4.0, "row_number": 1}
    cells = [
        {"column_name": "payment_token_id", "kind": "payment_token", "cell": CARD},
        {"column_name": "event", "kind": "", "cell": "declined"},
    ]
    status = {
        "evaluated_at": NOW, "known_at": None, "newest_event_at": NOW, "last_batch_at": NOW,
        "batches_set_aside": 1, "rows_set_aside": 0, "build_as_of": date(2026, 9, 1),
        "build_fingerprint": "before", "rows_waiting": 0,
    }  # fmt: skip
    people = [{k: one[k] for k in ("entity_type", "entity_id", "name", "market")} for one in alerts]
    made = Record()
    for table, rows in (
        ("live.alerts", list(alerts)),
        ("live.signals", [key | signal for key in keys]),
        ("live.evidence", [key | cell | one for key in keys for one in cells]),
        ("graph.entities", people),
        ("live.status", [status]),
    ):
        made = made.with_rows(table, pl.DataFrame(rows))
    return made


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """The queue over a database beside which a lane wrote a record."""
    path = tiny_database.write(tmp_path / "ringfence.duckdb")
    open_page = opener(tmp_path, tmp_path, monkeypatch, path)

    def run(made: Record, params: dict[str, str] | None = None, name: str = "queue") -> AppTest:
        write_record(tmp_path, made)
        beat(tmp_path)
        return open_page(name, params)

    return run


def tables(app: AppTest) -> str:
    """Everything that tables of a page hold."""
    return "\n".join(str(one.value.to_dict()) for one in app.dataframe)


def test_an_alert_says_that_no_build_confirmed_it(page: Callable[..., AppTest]) -> None:
    """Who, why and since when; the name of a buyer is a mask."""
    app = page(record(alert("MY")))
    assert "1 live alert" in plain_words(app)
    assert "Live, not confirmed by a build yet" in tables(app)
    assert "Four cards" in tables(app)
    assert mask("Hidden Name of MY") in tables(app)
    assert "Hidden Name" not in tables(app) + words(app)


def test_the_rows_behind_it_are_masked(page: Callable[..., AppTest]) -> None:
    """A card is a mask, what happened with it is said."""
    app = page(record(alert("MY")), {"live": "liv_MY"})
    assert "declined" in tables(app)
    assert CARD not in tables(app) + words(app)
    assert "pay_…" in tables(app)


def test_what_a_build_said_stands_on_the_row(page: Callable[..., AppTest]) -> None:
    """Withdrawn alerts stay listed, and are not counted as open."""
    said = "Withdrawn: the build of 02 Sep 2026 opened no alert on it."
    app = page(record(alert("MY", state="withdrawn", settled_at=NOW, settled_reason=said)))
    assert "No live alert is open" in plain_words(app)
    assert said in tables(app)


def test_a_lane_of_another_build_is_said(page: Callable[..., AppTest]) -> None:
    """Its alerts may have been settled by the build on the page."""
    assert "has not looked at this build yet" in plain_words(page(record(alert("MY"))))


def test_a_viewer_of_some_markets_sees_theirs_alone(
    page: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody of another market, in no table."""
    monkeypatch.setenv("RINGFENCE_MARKETS", "MY")
    app = page(record(alert("MY"), alert("SG")))
    assert mask("Hidden Name of MY") in tables(app)
    assert mask("Hidden Name of SG") not in tables(app)
    assert "1 live alert" in plain_words(app)


def test_the_inbox_says_how_many_wait_in_the_markets_of_its_reader(
    page: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line that leads to them; nothing of what a build settled, or of another market."""
    settled = alert("TH", state="confirmed", settled_at=NOW)
    made = record(alert("ID"), alert("VN", alert_id="liv_2"), settled)
    line = "of your markets wait, not confirmed by a build yet"
    assert f"2 live alerts {line}" in labels(page(made, name="inbox"))
    monkeypatch.setenv("RINGFENCE_MARKETS", "ID")
    line = "1 live alert of your markets waits, not confirmed by a build yet"
    assert line in labels(page(made, name="inbox"))
    monkeypatch.setenv("RINGFENCE_MARKETS", "TH")
    assert not [one for one in labels(page(made, name="inbox")) if "live alert" in one]


def labels(app: AppTest) -> list[str]:
    """Of the links of a page."""
    assert not app.exception
    return [one.label for one in app.get("page_link")]

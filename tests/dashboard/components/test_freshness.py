"""Every page says how fresh its data are, what is set aside and what waits."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import access
from dashboard.app import PAGES
from pipeline.live.record import Record, write_record
from tests.casebooks import empty_casebook
from tests.dashboard import tiny_database
from tests.dashboard.harness import plain_words, words
from tests.patience import PATIENCE_SECONDS

if TYPE_CHECKING:
    from pathlib import Path

AT = datetime(2026, 9, 29, 14, 5)  # noqa: DTZ001 - instants of the record are UTC without zone
STATUS = {"last_batch_at": AT, "batches_set_aside": 1, "rows_set_aside": 3, "rows_waiting": 2}
ASIDE = "orders-1.csv, <b>paid</b>: 3 rows: cannot be."
WAITING = "orders, buyer_id: 2 rows: waits for rows of buyers that nobody has sent (b_1)."


def script(name: str) -> None:
    """The app with page `name` as its first page; copied by AppTest, hence the import."""
    from dashboard import app

    app.HOME = name
    app.main()


def record(known_at: datetime | None = None) -> Record:
    """A lane that took a bad batch, and whose rows wait."""
    schema = Record()["live.status"].schema
    row = dict.fromkeys(schema) | STATUS | {"known_at": known_at}
    aside = pl.DataFrame({"said_at": [AT], "problem": [ASIDE], "row_count": [3]})
    return (
        Record()
        .with_rows("live.status", pl.DataFrame([row], schema=schema))
        .with_rows("live.rows_aside", aside)
        .with_rows("live.waiting", pl.DataFrame({"problem": [WAITING]}))
    )


@pytest.fixture
def build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a tiny database and a casebook."""
    tiny_database.write(tmp_path / "ringfence.duckdb")
    monkeypatch.setenv("RINGFENCE_DATABASE", str(tmp_path / "ringfence.duckdb"))
    monkeypatch.setenv("RINGFENCE_CASEBOOK_URL", empty_casebook(tmp_path / "casebook.sqlite"))
    return tmp_path


def opened(name: str) -> AppTest:
    """One page of the whole app."""
    return AppTest.from_function(script, args=(name,), default_timeout=PATIENCE_SECONDS).run()


@pytest.mark.parametrize("name", PAGES)
def test_every_page_has_the_line(build: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Above whatever the page shows, for whoever may open it."""
    every = (access.Viewer("a", role) for role in access.roles())
    role = next(one.role for one in every if access.may_open(one, name))
    monkeypatch.setenv("RINGFENCE_ROLE", role)
    write_record(build, record())
    app = opened(name)
    assert not app.exception
    said = plain_words(app)
    assert "Data to " in said
    assert "live lane stopped · last batch" in said
    labels = [one.proto.popover.label for one in app.get("popover")]
    assert [label for label in labels if "row" in label] == [
        "1 batch and 3 rows set aside",
        "2 rows wait",
    ]
    assert WAITING in said
    assert "<b>paid</b>" not in words(app)


def test_the_past_says_that_it_is_the_past(build: Path) -> None:
    """And which instant; that its lane has stopped is no news."""
    write_record(build, record(known_at=AT))
    app = opened("data")
    badges = " ".join(str(one.value) for one in app.markdown)
    assert "The past: as known 29 Sep 2026 14:05 UTC" in badges
    assert "live lane stopped" not in plain_words(app)

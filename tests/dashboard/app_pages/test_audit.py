"""The auditor's page: what is unusual, the entries behind it, and for whom it is not there."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import streamlit as st
from sqlalchemy import insert

from dashboard.access import NAME_VARIABLE, ROLE_VARIABLE, Viewer
from dashboard.casebook import open_casebook
from dashboard.casebook.engine import open_engine, writing
from dashboard.casebook.rows import now
from dashboard.casebook.schema import access_log
from dashboard.cases.privacy import Access
from dashboard.components import colleagues
from dashboard.errors import CasebookUnavailable
from dashboard.people.directory import People
from dashboard.view_models.audit import EMPTY, LISTS, NOTHING_YET
from tests.casebooks import empty_casebook
from tests.dashboard.harness import plain_words

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

    Open = Callable[..., AppTest]

ANN = Viewer("ann", "analyst")
ANN_SELLS = {
    "name": "Ann",
    "sign_in": ["ann@example.org"],
    "role": "analyst",
    "subjects": ["buyer:buy_3"],
}


@pytest.fixture(autouse=True)
def _auditor(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(NAME_VARIABLE, "udo")
    monkeypatch.setenv(ROLE_VARIABLE, "auditor")
    monkeypatch.setenv("RINGFENCE_CASEBOOK_URL", empty_casebook(tmp_path / "casebook.sqlite"))


def bulk(path: Path) -> None:
    """A week of four people who look at ten a day, and an hour in which one looks at ninety."""
    rows = [
        (now() - timedelta(days=day, minutes=minute), person, f"buyer:buy_{day}{minute}")
        for day in range(3, 10)
        for person in ("ann", "bob", "cy", "dee")
        for minute in range(0, 600, 60)
    ]
    hour = (now() - timedelta(days=1)).replace(minute=0, second=0)
    rows += [(hour + timedelta(seconds=n), "bob", f"buyer:buy_{n}") for n in range(90)]
    with writing(open_engine(f"sqlite:///{path / 'casebook.sqlite'}")) as con:
        con.execute(
            insert(access_log),
            [
                {
                    "log_id": f"log_{number}",
                    "at": at,
                    "actor": person,
                    "role": "analyst",
                    "act": "view",
                    "page": "investigate",
                    "subject": subject,
                    "purpose": "Alert of the queue",
                    "detail": "",
                    "row_count": None,
                }
                for number, (at, person, subject) in enumerate(rows)
            ],
        )


def test_before_anybody_looked_the_page_says_so(open_page: Open) -> None:
    """In a sentence, with the state of the trail above it."""
    text = plain_words(open_page("audit"))
    assert NOTHING_YET in text
    assert "The audit trail holds" in text


@pytest.mark.parametrize("role", ["viewer", "analyst", "approver", "manager"])
def test_who_does_not_audit_is_refused(
    open_page: Open, monkeypatch: pytest.MonkeyPatch, role: str
) -> None:
    """By its address too, and with nothing of the log."""
    open_casebook().log_access(Access("view", "investigate", "buyer:buy_1"), viewer=ANN)
    monkeypatch.setenv(ROLE_VARIABLE, role)
    app = open_page("audit")
    assert "may not read who saw and did what" in plain_words(app)
    assert len(app.dataframe) == 0
    assert "buy_1" not in plain_words(app)


def test_the_log_is_of_every_market(open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever sees one of them is told nothing of it."""
    open_casebook().log_access(Access("view", "investigate", "buyer:buy_1"), viewer=ANN)
    monkeypatch.setenv("RINGFENCE_MARKETS", "MY")
    app = open_page("audit")
    assert "The log is of every market" in plain_words(app)
    assert len(app.dataframe) == 0


def test_who_looked_at_unusually_many_is_listed_with_the_entries(
    open_page: Open, tmp_path: Path
) -> None:
    """The hour and the day; a tick shows the looks."""
    bulk(tmp_path)
    app = open_page("audit")
    listed = app.dataframe[0].value
    assert set(listed["actor"]) == {"bob"}
    assert list(listed["subjects"])[:1] == [90]
    since = now() - timedelta(days=30)
    app.session_state[f"audit.row.many-everybody-{since:%Y%m%d}-{len(listed)}"] = 0
    app.run()
    assert len(app.dataframe[1].value) == 90
    only = open_page("audit", {"person": "cy"})
    assert EMPTY["many"] in plain_words(only)


@pytest.mark.parametrize("name", LISTS)
def test_every_list_is_a_table_or_a_sentence(open_page: Open, tmp_path: Path, name: str) -> None:
    """Whatever there is of it."""
    bulk(tmp_path)
    book = open_casebook()
    book.reveal("buyer:buy_1", "device", "the same phone?", viewer=ANN, page="investigate")
    book.log_access(Access("export", "investigate", "buyer:buy_1", "", "x.csv", 12), viewer=ANN)
    book.log_access(Access("search", "investigate", "", "", "buy_2", 1), viewer=ANN)
    app = open_page("audit", {"list": name, "days": "90"})
    assert not app.exception
    text = plain_words(app)
    assert "Something went wrong" not in text
    assert (EMPTY[name] in text) == (len(app.dataframe) == 0)
    if name in ("reveals", "exports", "searches"):
        assert list(app.dataframe[0].value["actor"]) == ["ann"]


def test_a_look_at_ones_own_is_listed(open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """The account itself, and whoever shares a device with it."""
    listed = People.model_validate({"people": [ANN_SELLS]})
    monkeypatch.setattr(colleagues, "people", lambda: listed)
    for subject in ("buyer:buy_3", "buyer:buy_1", "merchant:mer_2"):
        open_casebook().log_access(Access("view", "investigate", subject), viewer=ANN)
    shown = open_page("audit", {"list": "relations"}).dataframe[0].value
    how = dict(zip(shown["subject"], shown["how"], strict=True))
    assert how["buyer:buy_3"] == "Own account"
    assert "device" in how["buyer:buy_1"]
    assert "merchant:mer_2" not in how


def test_what_is_taken_out_is_logged_before_it_is_handed_out(
    open_page: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By whom, from where, with its filter and its rows; without a casebook nothing leaves."""
    bulk(tmp_path)
    made: list[Callable[[], bytes]] = []

    def offered(*_: object, data: Callable[[], bytes], **__: object) -> bool:
        made.append(data)
        return False

    monkeypatch.setattr(st, "download_button", offered)
    app = open_page("audit", {"days": "7"})
    lines = made[0]().decode("utf-8-sig").splitlines()
    (row,) = log_of("export")
    assert (row["actor"], row["page"], row["row_count"]) == ("udo", "audit", len(lines) - 1)
    assert row["detail"] == "audit-many.csv; days 7"
    assert len(app.dataframe[0].value) == row["row_count"]
    (tmp_path / "file").touch()
    monkeypatch.setenv(
        "RINGFENCE_CASEBOOK_URL", f"sqlite:///{tmp_path / 'file' / 'casebook.sqlite'}"
    )
    with pytest.raises(CasebookUnavailable):
        made[0]()


def log_of(act: str) -> list[dict[str, object]]:
    """The entries of one kind of act."""
    since = now() - timedelta(days=1)
    return (
        open_casebook().accesses(since, viewer=Viewer("udo", "auditor")).filter(act=act).to_dicts()
    )

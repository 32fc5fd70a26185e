"""Masked, shown for a reason to who asked, and masked again; looks are logged where they happen."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import streamlit as st

from dashboard.access import NAME_VARIABLE, ROLE_VARIABLE, Viewer
from dashboard.casebook import open_casebook, privacy
from dashboard.cases.privacy import privacy_rules
from dashboard.components import reveal
from dashboard.components.access_record import searched
from queries.free_text import SIGN
from tests.dashboard.harness import mask, plain_words, sent_data
from tests.dashboard.tiny_content import ADDRESS
from tests.dashboard.tiny_entities import OVERRIDE
from tests.dashboard.tiny_graph import RING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import polars as pl
    from streamlit.testing.v1 import AppTest

    Open = Callable[..., AppTest]

DETAILS = {"entity": "buyer:buy_1", "tab": "details"}
DEVICE = "dev_00000001"
PURPOSES = privacy_rules().purposes
LONG_AGO = datetime(2000, 1, 1)  # noqa: DTZ001 - the casebook keeps UTC without a zone


def things(app: AppTest) -> list[str]:
    """The identifiers that the buyer's details list."""
    (table,) = [one.value for one in app.dataframe if "identifier_id" in one.value.columns]
    return list(table["identifier_id"])


GROUPS = [
    ("case", {"id": RING}, "case", RING),
    ("case", {"keys": "buyer:buy_1,buyer:buy_2"}, "case", "buyer:buy_1,buyer:buy_2 #"),
    ("community", {"community": "com_1"}, "community", "com_1"),
    ("investigate", {"entity": "buyer:buy_1", "tab": "community"}, "ring", "buyer:buy_1"),
]
"""Pages of several people, the form on each, and about whom the reason is."""


def lists(app: AppTest) -> str:
    """All that the tables of a page say."""
    return "\n".join(one.value.to_csv() for one in app.dataframe)


def opened(app: AppTest, slot: str) -> AppTest:
    """The page with the form called `slot` open."""
    app.session_state[f"reveal.{slot}.more"] = True
    return app.run()


def ask(app: AppTest, slot: str, kind: str) -> AppTest:
    """Fill in the form called `slot` for one class and send it."""
    opened(app, slot)
    app.button_group(key=f"reveal.{slot}.kind").set_value(kind)
    app.text_input(key=f"reveal.{slot}.words").input("is it the same person?")
    return app.button(key=f"FormSubmitter:reveal.{slot}-Show").click().run()


@pytest.mark.parametrize(("page", "params", "slot", "subject"), GROUPS)
def test_of_a_group_each_member_is_shown(
    open_page: Open,
    monkeypatch: pytest.MonkeyPatch,
    page: str,
    params: dict[str, str],
    slot: str,
    subject: str,
) -> None:
    """In its lists, with one reason about the group; pictures and files hold masks."""
    files: list[Callable[[], bytes]] = []
    monkeypatch.setattr(st, "download_button", lambda *_, data, **__: files.append(data))
    app = ask(open_page(page, params), slot, "name")
    files.clear()
    app = ask(app, slot, "device")
    assert not app.exception
    assert log("reveal")["detail"].to_list() == ["name", "device"]
    assert all(one.startswith(subject) for one in log("reveal")["subject"])
    masks = [mask(OVERRIDE), mask(DEVICE, "device")]
    if page != "investigate":
        assert "gnp.exe" in lists(app)
        assert not [one for one in masks if one in lists(app)]
    if page == "community":
        assert DEVICE in lists(app)
    handed_out = "\n".join(file().decode("utf-8", "replace") for file in files)
    assert "gnp.exe" not in handed_out + "".join(map(str, drawn_names(app)))
    assert DEVICE not in handed_out
    other = open_page(page, params)
    assert "gnp.exe" not in lists(other)


def test_a_reason_about_one_shows_nobody_who_is_listed_with_it(open_page: Open) -> None:
    """The ring of the page stays masked, and its own form still offers the class."""
    app = ask(open_page("investigate", {**DETAILS, "tab": "community"}), "head", "name")
    assert log("reveal")["subject"].to_list() == ["buyer:buy_1"]
    assert "Name" in opened(app, "ring").button_group(key="reveal.ring.kind").options
    app = ask(app, "ring", "name")
    assert log("reveal")["subject"].to_list() == ["buyer:buy_1", "buyer:buy_1 and others"]


def test_a_decision_keeps_no_name_that_was_shown(open_page: Open) -> None:
    """What is stored with it lasts for years, what was shown half an hour."""
    app = ask(open_page("case", {"id": RING}), "case", "name")
    assert "gnp.exe" in lists(app)
    app.segmented_control(f"case.{RING}.verdict").set_value("INCONCLUSIVE")
    app = app.button(f"case.{RING}.save").click().run()
    assert not app.exception
    made = [
        one for key in open_casebook().cases() for one in open_casebook().decisions(*key.split(":"))
    ]
    kept = [str(open_casebook().snapshot(one.snapshot_id)) for one in made]
    assert len(kept) > 1
    assert not [one for one in kept if "gnp.exe" in one]


def drawn_names(app: AppTest) -> list[str]:
    """The names on the pictures of a page."""
    return [str(node["name"]) for one in sent_data(app) for node in one.get("nodes", [])]


def log(act: str = "") -> pl.DataFrame:
    """The log of this test, in the order it was written; of one act, or all of it."""
    rows = open_casebook().accesses(LONG_AGO, viewer=Viewer("udo", "auditor")).reverse()
    return rows.filter(act=act) if act else rows


def show(app: AppTest, kind: str = "device", words: str = "the same phone?") -> AppTest:
    """Fill in the form below the identifiers and send it."""
    opened(app, "things")
    app.button_group(key="reveal.things.kind").set_value(kind)
    app.text_input(key="reveal.things.words").input(words)
    return app.button(key="FormSubmitter:reveal.things-Show").click().run()


def test_a_reason_shows_it_here_and_nowhere_else(open_page: Open) -> None:
    """Not of another class, not in another session, and not on the page of another subject."""
    app = open_page("investigate", DETAILS)
    assert things(app) == [mask(DEVICE, "device")]
    show(app)
    assert things(app) == [DEVICE]
    assert "Device shown until" in plain_words(app)
    assert mask(OVERRIDE) in plain_words(app)
    assert things(open_page("investigate", DETAILS)) == [mask(DEVICE, "device")]
    assert log("reveal").select("subject", "purpose", "detail").rows() == [
        ("buyer:buy_1", "the same phone?", "device")
    ]
    assert open_casebook().verify() is None


def test_a_name_is_shown_in_the_head_but_never_in_the_tab(open_page: Open) -> None:
    """The browser keeps the names of tabs for longer than half an hour."""
    app = open_page("investigate", DETAILS)
    opened(app, "head").text_input(key="reveal.head.words").input("to call them back")
    app.button(key="FormSubmitter:reveal.head-Show").click().run()
    assert "abc[U+202E]gnp.exe" in plain_words(app)


def test_a_text_is_shown_whole_for_a_reason_of_its_own(open_page: Open) -> None:
    """Without the pieces that are hidden in it until then; names beside it stay masked."""
    app = open_page("investigate", {"entity": "merchant:mer_1", "tab": "content"})
    told = f"tell {SIGN * len(ADDRESS)}"
    assert told in plain_words(app)
    assert ADDRESS not in plain_words(app)
    app = ask(app, "passages", "text")
    assert not app.exception
    assert "tell ola@" in plain_words(app)
    assert told not in plain_words(app)
    assert log("reveal").select("subject", "detail").rows() == [("merchant:mer_1", "text")]


@pytest.mark.parametrize("words", ["", "ok", "....................."])
def test_without_a_reason_nothing_is_shown(open_page: Open, words: str) -> None:
    """The form says what is missing."""
    app = show(open_page("investigate", DETAILS), words=words)
    assert not app.exception
    assert things(app) == [mask(DEVICE, "device")]
    assert "There is no reason" in plain_words(app)
    assert log("reveal").is_empty()


def test_it_is_masked_again_when_its_time_is_over(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the session remembers, the casebook says no."""
    app = show(open_page("investigate", DETAILS))
    over = privacy.now() + timedelta(minutes=privacy_rules().reveal.minutes, seconds=1)
    monkeypatch.setattr(privacy, "now", lambda: over)
    monkeypatch.setattr(reveal, "now", lambda: over)
    app.run()
    assert not app.exception
    assert things(app) == [mask(DEVICE, "device")]
    assert "shown until" not in plain_words(app)


@pytest.mark.parametrize("role", ["viewer", "manager", "auditor", "admin"])
def test_who_may_not_reveal_is_offered_nothing(
    open_page: Open, monkeypatch: pytest.MonkeyPatch, role: str
) -> None:
    """And a session whose role changed sees masks again."""
    app = show(open_page("investigate", DETAILS))
    monkeypatch.setenv(ROLE_VARIABLE, role)
    app.run()
    assert things(app) == [mask(DEVICE, "device")]
    assert not [one for one in app.button if "reveal" in (one.key or "")]


def test_a_look_is_logged_once_a_session_and_day(open_page: Open) -> None:
    """Not at each click, and again for another subject."""
    app = open_page("investigate", DETAILS)
    app.run()
    app.query_params["tab"] = "orders"
    app.run()
    app.query_params["entity"] = "buyer:buy_3"
    app.run()
    assert log("view").select("actor", "page", "subject", "purpose").rows() == [
        ("analyst", "investigate", "buyer:buy_1", PURPOSES.alert),
        ("analyst", "investigate", "buyer:buy_3", PURPOSES.alert),
    ]


def test_who_opens_what_the_queue_does_not_hold_is_asked_once(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One choice, remembered for the subject; another person is asked anew."""
    subject = {"entity": "buyer:buy_2"}
    app = open_page("investigate", subject)
    key = "access.purpose.buyer:buy_2"
    app.button_group(key=key).set_value(PURPOSES.choices[0]).run()
    assert not [one for one in app.button_group if one.key == key]
    again = open_page("investigate", subject)
    assert not [one for one in again.button_group if one.key == key]
    assert log("view")["purpose"].to_list() == [
        PURPOSES.not_said,
        PURPOSES.choices[0],
        PURPOSES.choices[0],
    ]
    monkeypatch.setenv(NAME_VARIABLE, "bob")
    other = open_page("investigate", subject)
    assert [one for one in other.button_group if one.key == key]


def test_what_cannot_be_logged_is_said(
    open_page: Open, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Evidence stays to be read, masked; it is logged as soon as the casebook is back."""
    app = open_page("investigate", DETAILS)
    there = os.environ["RINGFENCE_CASEBOOK_URL"]
    (tmp_path / "file").touch()
    monkeypatch.setenv(
        "RINGFENCE_CASEBOOK_URL", f"sqlite:///{tmp_path / 'file' / 'casebook.sqlite'}"
    )
    app.query_params["entity"] = "merchant:mer_1"
    app.run()
    assert "This view is not in the log, for the casebook is away" in plain_words(app)
    monkeypatch.setenv("RINGFENCE_CASEBOOK_URL", there)
    app.run()
    assert "not in the log" not in plain_words(app)
    assert log("view")["subject"].to_list() == ["buyer:buy_1", "merchant:mer_1"]


def test_a_search_is_logged_without_what_may_be_a_name(open_page: Open) -> None:
    """An id stands as it was typed; other words are a mask, the same for the same words."""
    open_page("investigate", {"find": "buy_2"})
    open_page("investigate", {"find": "Aisyah binti"})
    rows = log("search")
    assert rows["row_count"].to_list() == [1, 0]
    assert rows["detail"].to_list() == ["buy_2", searched("aisyah  BINTI")]
    assert "aisyah" not in rows["detail"][1].lower()

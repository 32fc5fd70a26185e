"""The Data page on the tiny database: every section draws, gaps are sentences, links hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dashboard.access import Viewer
from dashboard.casebook import open_casebook
from dashboard.cases.records import DecisionDraft
from dashboard.cases.states import Verdict
from tests.dashboard.casebook.files import edit
from tests.dashboard.harness import plain_words

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

    Open = Callable[..., AppTest]


def test_what_was_delivered_stands_first(open_page: Open) -> None:
    """Tables with rows and days, then those without."""
    app = open_page("data")
    assert not app.exception
    assert "1 of 3 tables delivered; the last order is of 2026-04-30" in plain_words(app)
    table = app.dataframe[0].value
    assert list(table["name"]) == ["orders", "refunds", "shipments"]
    assert list(table["rows"]) == [60, 0, 0]


def test_whoever_may_audit_reads_whether_the_trail_holds(
    open_page: Open, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """With its entries; a trail that was changed is said; others, and a scope, read nothing."""
    monkeypatch.setenv("RINGFENCE_AUDIT_FOLDER", str(tmp_path / "audit"))
    monkeypatch.delenv("RINGFENCE_AUDIT_KEY", raising=False)
    open_page("data")
    path = tmp_path / "casebook.sqlite"
    book = open_casebook(f"sqlite:///{path}")
    book.decide(
        DecisionDraft("merchant", "mer_1", Verdict.INCONCLUSIVE, "one", note="Seen."),
        viewer=Viewer("ann"),
    )
    assert "audit trail" not in plain_words(open_page("data"))
    monkeypatch.setenv("RINGFENCE_ROLE", "auditor")
    assert "The audit trail holds in itself: 4 entries." in plain_words(open_page("data"))
    monkeypatch.setenv("RINGFENCE_MARKETS", "MY")
    assert "audit trail" not in plain_words(open_page("data"))
    monkeypatch.delenv("RINGFENCE_MARKETS")
    edit(path, "update audit set actor = 'eve' where seq = 3")
    book.decide(
        DecisionDraft("merchant", "mer_1", Verdict.INCONCLUSIVE, "two", note="Seen."),
        viewer=Viewer("ann"),
    )
    assert "does not hold: entry 3" in plain_words(open_page("data"))


def test_what_was_set_aside_has_reasons_and_examples(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever sees one market only is told that these are of all."""
    app = open_page("data", {"section": "set_aside"})
    assert "3 rows were set aside" in plain_words(app)
    table = app.dataframe[0].value
    assert list(table["examples"]) == ["ord_8, ord_9", "ref_1"]
    monkeypatch.setenv("RINGFENCE_MARKETS", "MY")
    scoped = open_page("data", {"section": "set_aside"})
    assert "What stands here is of all markets; you see MY." in plain_words(scoped)


def test_what_is_off_says_why(open_page: Open) -> None:
    """A pack and a feature, each with what it needs."""
    app = open_page("data", {"section": "off"})
    assert "1 pack and 1 feature are off" in plain_words(app)
    assert list(app.dataframe[0].value["missing"]) == ["orders.device_id", "shipments"]


@pytest.mark.parametrize("section", ["set_aside", "off"])
def test_a_build_that_does_not_say_is_a_sentence(open_page: Open, section: str) -> None:
    """A database of a team's own has no such table."""
    gone = ["meta.set_aside", "meta.unavailable"]
    app = open_page("data", {"section": section}, without=gone)
    assert not app.exception
    assert "This build does not say what" in plain_words(app)


def test_a_database_without_a_delivery_names_the_table(open_page: Open) -> None:
    """The other sections stand."""
    assert "no table meta.delivered" in plain_words(open_page("data", without=["meta.delivered"]))
    assert open_page("data", {"section": "off"}, without=["meta.delivered"]).dataframe


def test_a_link_opens_the_sql_of_a_step(open_page: Open) -> None:
    """Reload and sharing: number and step stand in the address."""
    params = {"section": "lineage", "of": "merchant", "number": "refund_rate_30d"}
    app = open_page("data", params)
    assert "from windows." in app.get("code")[0].value
    step = open_page("data", {**params, "step": "staging.refunds"})
    assert "**staging\\.refunds**" in [one.value for one in step.markdown]
    assert "from raw.refunds" in step.get("code")[0].value


@pytest.mark.parametrize("params", [{"of": "house"}, {"of": "buyer", "number": "drop table"}])
def test_what_is_no_choice_is_named_and_ignored(open_page: Open, params: dict[str, str]) -> None:
    """A stale link gives a sentence and the first number of its kind."""
    app = open_page("data", {"section": "lineage", **params})
    assert not app.exception
    assert "is not a choice here" in plain_words(app)
    assert app.get("code")

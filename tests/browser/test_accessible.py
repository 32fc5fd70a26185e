"""Pages that analysts read all day, held against the rules of WCAG by axe, in both themes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import pytest

import queries
from dashboard.access import Viewer
from dashboard.casebook import Casebook
from dashboard.casebook.engine import open_engine
from dashboard.cases.records import DecisionDraft
from dashboard.cases.states import CaseState, Verdict
from dashboard.view_models.decide import evidence_for
from tests.browser.driving import in_both_themes, wait_until_idle

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from pipeline.build import Report

AXE = files("axe_playwright_python").joinpath("axe.min.js")
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
GRAVE = ("serious", "critical")
OWN = ("facts", "details")
TABS = {
    "merchant": ("facts", "why", "drift", "community", "details"),
    **dict.fromkeys(("creator", "product", "buyer"), OWN),
    "live_session": ("why", "drift"),
}
"""What differs from type to type; a live room has no facts or details."""
QUALITY = ("reviews", "fairness", "times")
COLOURS = {"type": "rule", "values": ["color-contrast"]}
"""All that the other theme can break: its page is the same one in other colours."""
_RUN = """async (rules) => {
    const { violations } = await axe.run(document, { runOnly: rules });
    return violations.map(({ id, impact, nodes }) =>
        [id, impact, nodes.slice(0, 3).map(({ target, html }) => [String(target), html])]);
}"""


def _grave(page: Page) -> list[Any]:
    """Rules that the page breaks gravely in either theme, with the first places where it does."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    broken = []
    for nth, scheme in enumerate(in_both_themes(page)):
        found = page.evaluate(_RUN, COLOURS if nth else list(RULES))
        broken += [(scheme, *one) for one in found if one[1] in GRAVE]
    return broken


def _subject(built: Report, entity_type: str) -> str:
    """The most urgent of its type."""
    sql = (
        "select entity_type || ':' || entity_id from alerts.alerts where entity_type = $kind "
        "order by priority desc nulls last, entity_id limit 1"
    )
    with queries.connect(built.database) as con:
        return str(queries.scalar(con, sql, {"kind": entity_type}))


@pytest.mark.parametrize("entity_type", TABS)
def test_no_tab_of_a_subject_breaks_a_grave_rule(
    built: Report,
    app_url: Callable[..., str],
    open_page: Callable[..., Page],
    entity_type: str,
) -> None:
    """Contrast, names of controls and tables, what the keyboard reaches."""
    url, subject = app_url(built.database), _subject(built, entity_type)
    address = f"{url}/investigate?entity={quote(subject)}&tab="
    first, *others = TABS[entity_type]
    page = open_page(f"{address}{first}")
    broken = {first: _grave(page)}
    for tab in others:
        page.goto(f"{address}{tab}")
        wait_until_idle(page)
        broken[tab] = _grave(page)
    assert not any(broken.values()), broken


@pytest.mark.parametrize("name", ["drift", "metrics"])
def test_no_page_of_figures_breaks_a_grave_rule(
    built: Report,
    app_url: Callable[..., str],
    open_page: Callable[..., Page],
    name: str,
) -> None:
    """Drift and Metrics, as they open."""
    page = open_page(f"{app_url(built.database)}/{name}")
    assert _grave(page) == []


def test_no_page_of_casework_breaks_a_grave_rule(
    built: Report,
    app_url: Callable[..., str],
    open_page: Callable[..., Page],
    tmp_path: Path,
) -> None:
    """Inbox with something to approve, Audit with a look in the log, Appeal, My work."""
    subject = _subject(built, "merchant")
    url = f"sqlite:///{tmp_path / 'casebook.sqlite'}"
    _approved(url, subject)
    broken = {}
    for role, where in (
        ("approver", "inbox?box=approve"),
        ("senior", f"investigate?{urlencode({'entity': subject, 'tab': 'appeal'})}"),
        ("analyst", "work"),
        ("auditor", "audit"),
    ):
        there = app_url(
            built.database,
            RINGFENCE_ROLE=role,
            RINGFENCE_USER=f"one {role}",
            RINGFENCE_CASEBOOK_URL=url,
        )
        broken[where] = _grave(open_page(f"{there}/{where}"))
    assert not any(broken.values()), broken


def _approved(url: str, subject: str) -> None:
    """A shop that was warned, told why, and another whose case waits for approval."""
    book = Casebook(open_engine(url))
    kind, _, entity_id = subject.partition(":")
    draft = DecisionDraft(
        entity_type=kind,
        entity_id=entity_id,
        verdict=Verdict.CONFIRMED,
        idempotency_key="warned",
        typology="T1_BRUSHING",
        action="WARN",
        reason_codes=("T1.R02_INSTANT_PRAISE",),
        note="Forty buyers on two devices, all of them within an hour.",
        evidence=tuple(evidence_for("T1_BRUSHING")),
        data_day=date(2026, 1, 1),
    )
    other = replace(draft, entity_id="mer_other", idempotency_key="other")
    book.decide_all([draft, other], viewer=Viewer("ann"))
    case = book.case_of(kind, entity_id)
    assert case is not None
    book.move(case, CaseState.APPROVED, viewer=Viewer("lea", "approver"))
    book.close()


def test_no_part_of_quality_breaks_a_grave_rule(
    built: Report,
    app_url: Callable[..., str],
    open_page: Callable[..., Page],
) -> None:
    """Each part, as whoever reads how people review finds it."""
    url = app_url(built.database, RINGFENCE_ROLE="qa", RINGFENCE_USER="quinn")
    broken = {part: _grave(open_page(f"{url}/quality?part={part}")) for part in QUALITY}
    assert not any(broken.values()), broken

"""The whole loop in a real browser: from the queue to a recorded, audited decision."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

import queries
from tests.browser.driving import (
    aim,
    ask,
    in_both_themes,
    propose,
    repeat_until,
    wait_for_graph,
    wait_until_idle,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from pipeline.build import Report

TOP_MERCHANT = """
    select a.entity_id, a.name from alerts.alerts as a
    join cases.members as m on a.alert_id = m.alert_id and m.ring_id is null
    where a.entity_type = 'merchant' and not a.is_ended
    order by a.priority desc, a.alert_id limit 1
"""
NOTE = "Parcels weigh nothing and praise comes within hours: <b>not</b> a flash sale."
PAGES = (
    "",
    "inbox",
    "investigate",
    "rings",
    "community",
    "metrics",
    "drift",
    "model",
    "data",
    "tour",
)


@pytest.fixture
def subject(built: Report) -> tuple[str, str]:
    """Id and name of the merchant whose review is worth most, of those in no ring."""
    with queries.connect(built.database) as con:
        row = con.execute(TOP_MERCHANT).fetchall()[0]
    return str(row[0]), str(row[1])


def test_from_the_queue_to_an_audited_decision(
    built: Report,
    subject: tuple[str, str],
    app_url: Callable[..., str],
    open_page: Callable[..., Page],
) -> None:
    """Queue, open by key, expand the graph, open evidence, decide, reload: it is still there."""
    entity_id, _ = subject
    page = open_page(app_url(built.database) + f"/?entity_type=merchant&search={entity_id}")
    page.get_by_text(re.compile(r"alerts? · ")).first.wait_for()
    page.get_by_role("button", name="Open", exact=False).first.wait_for()
    wait_until_idle(page)
    page.keyboard.press("o")
    page.wait_for_url(re.compile(rf"/investigate\?.*{entity_id}"))
    page.get_by_role("button", name="Save decision").wait_for()
    wait_until_idle(page)

    page.get_by_text("Why", exact=True).first.click()
    page.wait_for_url(re.compile(r"tab=why"))
    page.get_by_role("button", name="Evidence").first.click()
    page.wait_for_url(re.compile(r"feature="))
    page.get_by_text("recomputed", exact=False).first.wait_for()
    wait_until_idle(page)

    page.get_by_text("Community", exact=True).last.click()
    page.wait_for_url(re.compile(r"tab=community"))
    wait_for_graph(page)
    wait_until_idle(page)
    before, node = ask(page, "ids()"), f"merchant:{entity_id}"
    grown = f"() => window.ringfenceGraph?.ids().length > {len(before)}"
    repeat_until(page, lambda: page.mouse.dblclick(*aim(page, node)), grown)
    assert set(before) < set(ask(page, "ids()"))
    wait_until_idle(page)

    propose(page, re.compile("."), "Settlement defer", NOTE)

    page.reload()
    expect(page.get_by_text(NOTE).first).to_be_visible()
    wait_until_idle(page)
    page.get_by_text(re.compile(r"Audit trail, \d+ entr")).click()
    page.get_by_text(re.compile(r"decide", re.IGNORECASE)).first.wait_for()

    page.goto(app_url(built.database) + "/?entity_type=merchant&status=proposed")
    page.get_by_text(re.compile(r"1 case waiting for somebody who may approve")).wait_for()


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_quiet_in_both_themes(
    built: Report,
    path: str,
    app_url: Callable[..., str],
    open_page: Callable[..., Page],
) -> None:
    """A deep link draws without a console error and without a request to anybody else."""
    loaded = "dark" if PAGES.index(path) % 2 else "light"
    page = open_page(f"{app_url(built.database)}/{path}", loaded)
    for _ in in_both_themes(page):
        assert page.get_by_test_id("stException").count() == 0
        expect(page.get_by_test_id("stMain")).not_to_have_text(re.compile(r"^\s*$"))
        name = path.capitalize() or "Queue"
        expect(page.get_by_role("heading", level=1)).to_have_text(name)
        assert page.title() == f"{name} · Ringfence"


def test_hostile_names_are_shown_as_typed(
    built: Report, app_url: Callable[..., str], open_page: Callable[..., Page]
) -> None:
    """Markup in a shop's name is text on the page: no element, no request, no script."""
    sql = "select entity_id, name from graph.entities where name like '%<script>%' limit 1"
    with queries.connect(built.database) as con:
        entity_id, name = con.execute(sql).fetchall()[0]
    kind = {"mer": "merchant", "crt": "creator", "prd": "product", "buy": "buyer"}[entity_id[:3]]
    page = open_page(f"{app_url(built.database)}/investigate?entity={kind}:{entity_id}")
    expect(page.get_by_text(name).first).to_be_visible()


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("/investigate?entity=merchant:mer_999999", "mer_999999"),
        ("/investigate?entity=%3Cscript%3E", "entity"),
        ("/community?community=com_nothing", "com_nothing"),
        ("/?page=minus-one&band=PURPLE", "band"),
    ],
)
def test_a_stale_link_gives_a_sentence_and_a_way_on(
    built: Report,
    address: str,
    sentence: str,
    app_url: Callable[..., str],
    open_page: Callable[..., Page],
) -> None:
    """Unknown ids and bad parameters are named; the page still offers where to go."""
    page = open_page(app_url(built.database) + address)
    page.get_by_text(sentence, exact=False).first.wait_for()
    assert page.get_by_test_id("stException").count() == 0

"""An analyst of one market cannot tell whether anything at all happens in another.

Two worlds are the same in the analyst's market. In the other markets of the second one there is a
shop more, with alerts, orders and members of groups, every figure is another, names are others,
and colleagues have decided, noted, moved and drafted. Whatever the analyst opens, searches or asks
for by address is the same in both, to the last cell: figures, counts and denials too.
"""

from __future__ import annotations

import os
import re
from datetime import date
from itertools import zip_longest
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import duckdb
import pytest

from dashboard.access import Viewer
from dashboard.casebook import Casebook
from dashboard.casebook.engine import open_engine
from dashboard.cases.records import Assignment, DayNote, DecisionDraft, LinkVerdict
from dashboard.cases.states import Verdict
from dashboard.errors import AccessDenied, UnknownSubject
from dashboard.state import INVESTIGATE_TABS
from queries.vocabulary import NEW_PATTERN
from tests.dashboard import harness, tiny_database, tiny_graph
from tests.dashboard.tiny_entities import AS_OF, DAYS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

MARKET = "SG"
SECRET = "Zebedee"
"""A word that stands in everything that colleagues wrote elsewhere."""
HAND_MADE = "hnd_0123456789"
FOREIGN, NEW = "mer_1", "mer_9"
_KEPT = {"entity_key", "as_of", "probability"}
_INSTANT = 1_700_000_000_000_000_000
"""When both files were finished: a page says so."""
_VERSION = re.compile(r"[0-9a-f]{4,}-[0-9a-f]{8,}-[0-9a-f]{4,}(-[0-9a-f]{8})?")
_WIDGET = re.compile(r"\$\$ID-[0-9a-f]+|\b[0-9a-f]{32,64}\b|-?\b\d{15,20}\b")


TELLING: tuple[tuple[str, dict[str, str]], ...] = (
    ("queue", {}),
    ("rings", {}),
    ("metrics", {}),
    ("community", {"community": "com_1"}),
    ("case", {"id": HAND_MADE}),
)
"""Routes that tell the worlds apart for whoever sees every market: or the test says nothing."""


def ways() -> list[tuple[str, dict[str, str]]]:
    """What a curious analyst tries: their own, others by address, and what sums up."""
    pages = ("queue", "rings", "community", "metrics", "drift", "model", "data", "tour")
    asked: list[tuple[str, dict[str, str]]] = [(name, {}) for name in pages]
    own = {"entity": "merchant:mer_2"}
    asked += [("investigate", {**own, "tab": tab}) for tab in INVESTIGATE_TABS if tab != "compare"]
    asked += [("investigate", {**own, "tab": "compare", "against": FOREIGN})]
    asked += [("investigate", {"entity": key}) for key in ("merchant:mer_1", "merchant:mer_9")]
    asked += [("queue", {"search": word}) for word in ("mer_9", SECRET)]
    asked += [("queue", {"state": "PROPOSED"}), ("queue", {"lane": "unproven"})]
    asked += [("metrics", {"who": kind}) for kind in ("merchant", "ring", "typology")]
    asked += [("case", {"id": tiny_graph.RING}), ("rings", {"ring": tiny_graph.RING})]
    asked += [("case", {"keys": "merchant:mer_2,merchant:mer_1"}), ("case", {"id": HAND_MADE})]
    return [*asked, ("community", {"community": "com_1"}), ("data", {"section": "off"})]


def change_elsewhere(path: Path) -> None:
    """Another shop, other figures and other names in every market but the analyst's."""
    with duckdb.connect(str(path)) as con:
        columns: dict[str, dict[str, str]] = {}
        listed = (
            "select schema_name || '.' || table_name, column_name, data_type "
            "from duckdb_columns() where not internal"
        )
        for table, column, kind in con.execute(listed).fetchall():
            columns.setdefault(table, {})[column] = kind
        for table, kinds in columns.items():
            if {"entity_type", "entity_id"} <= kinds.keys():
                where = (
                    "(entity_type, entity_id) in (select entity_type, entity_id "
                    f"from graph.entities where market <> '{MARKET}')"
                )
                only = f"entity_type = 'merchant' and entity_id = '{FOREIGN}'"
            elif "merchant_id" in kinds and "order_id" not in kinds:
                where = only = f"merchant_id = '{FOREIGN}'"
            elif "market" in kinds:
                where, only = f"market <> '{MARKET}'", ""
            else:
                continue
            sets = [
                f'"{name}" = "{name}" * 3 + 7'
                for name, kind in kinds.items()
                if kind == "DOUBLE" and name not in _KEPT
            ]
            if table == "graph.entities":
                sets += [f"name = '{SECRET} ' || coalesce(name, '')"]
            if sets:
                con.execute(f"update {table} set {', '.join(sets)} where {where}")
            if only:
                key = "entity_id" if "entity_id" in kinds else "merchant_id"
                rows = f"select * replace ('{NEW}' as {key}) from {table} where {only}"
                con.execute(f"insert into {table} {rows}")


def decide_elsewhere(book: Casebook) -> None:
    """What colleagues of other markets leave behind in a casebook."""
    boss = Viewer(SECRET, "approver")

    def draft(entity: str, verdict: Verdict, **more: Any) -> DecisionDraft:
        kind, _, entity_id = entity.partition(":")
        said = {"note": f"{SECRET} saw it all", "data_day": AS_OF, "score": 0.9}
        return DecisionDraft(kind, entity_id, verdict, uuid4().hex, **{**said, **more})

    new = {"typology": NEW_PATTERN, "reason_codes": (f"{SECRET} sells them",), "action": "WARN"}
    book.decide(draft("merchant:mer_1", Verdict.CONFIRMED, **new), viewer=boss)
    book.decide(draft("creator:crt_1", Verdict.FALSE_POSITIVE), viewer=boss)
    book.decide(draft("live_session:liv_1", Verdict.FALSE_POSITIVE), viewer=boss)
    book.assign(
        ["buyer:buy_1", "buyer:buy_2"], Assignment(HAND_MADE, f"{SECRET} ring"), viewer=boss
    )
    book.judge_link(LinkVerdict("buyer:buy_1", "buyer:buy_2", "REJECTED", SECRET), viewer=boss)
    for market in ("MY", ""):
        book.write_note(DayNote(DAYS[-2], f"{SECRET} was here", market=market), viewer=boss)
    book.save_draft("merchant:mer_2", {"note": SECRET}, viewer=boss)


@pytest.fixture
def worlds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Callable[..., AppTest]]:
    """A way to open pages of each world; `here` is without what happens elsewhere."""
    openers = {}
    for world in ("here", "elsewhere"):
        folder = tmp_path / world
        folder.mkdir()
        path = tiny_database.write(folder / "ringfence.duckdb")
        monkeypatch.setenv("RINGFENCE_DATABASE", str(path))
        book = Casebook(open_engine(f"sqlite:///{folder / 'casebook.sqlite'}"))
        if world == "elsewhere":
            change_elsewhere(path)
            decide_elsewhere(book)
        book.close()
        os.utime(path, ns=(_INSTANT, _INSTANT))
        openers[world] = harness.opener(folder, folder, monkeypatch, path)
    return openers


def seen(app: AppTest) -> str:
    """All that a page sends to the browser, without the names that each file has for itself."""
    assert not app.exception
    parts = [str(getattr(node, "proto", "")) for node in app._tree]
    cells = [frame.value.to_csv() for frame in app.dataframe]
    text = "\n".join((*harness.words(app).splitlines(), *parts, *cells))
    return _WIDGET.sub("", _VERSION.sub("", text))


def each_seen(
    worlds: dict[str, Callable[..., AppTest]], asked: Sequence[tuple[str, dict[str, str]]]
) -> list[list[str]]:
    """What each world sends of every route: one world after the other, each file opened once."""
    return [
        [seen(open_page(name, params)) for name, params in asked] for open_page in worlds.values()
    ]


@pytest.mark.slow  # every route in two worlds
def test_another_market_is_not_there(
    worlds: dict[str, Callable[..., AppTest]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same to the letter for whoever sees one market, and not for whoever sees all."""
    asked, leaks = ways(), []
    monkeypatch.setenv("RINGFENCE_MARKETS", MARKET)
    for (name, params), here, elsewhere in zip(asked, *each_seen(worlds, asked), strict=True):
        if here != elsewhere:
            lines = zip_longest(here.splitlines(), elsewhere.splitlines())
            first = next(pair for pair in lines if pair[0] != pair[1])
            leaks.append((name, params, [str(line)[-300:] for line in first]))
    monkeypatch.delenv("RINGFENCE_MARKETS")
    pairs = zip(*each_seen(worlds, TELLING), strict=True)
    told = [name for (name, _), pair in zip(TELLING, pairs, strict=True) if len(set(pair)) > 1]
    size = f"{len(asked)} routes of a scoped analyst, {len(told)} of {len(TELLING)} tell others"
    print(size)  # noqa: T201 -- how much was tried is asked for
    assert leaks == []
    assert len(told) == len(TELLING)


def test_nothing_is_written_about_another_market(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The casebook refuses in words that are the same for a stranger and for a foreigner."""
    path = tiny_database.write(tmp_path / "ringfence.duckdb")
    monkeypatch.setenv("RINGFENCE_DATABASE", str(path))
    from dashboard.casebook.subjects import markets_of

    book = Casebook(open_engine(f"sqlite:///{tmp_path / 'casebook.sqlite'}"), markets_of)
    boss, analyst = Viewer("boss", "senior"), Viewer("ana", "senior", frozenset({MARKET}))
    book.write_note(DayNote(date(2026, 5, 1), "theirs", market="MY"), viewer=boss)
    (note,) = book.notes_between(date(2026, 5, 1), date(2026, 5, 1))
    said = set()
    for entity_id in (FOREIGN, "mer_none"):
        key = f"merchant:{entity_id}"
        draft = DecisionDraft("merchant", entity_id, Verdict.FALSE_POSITIVE, uuid4().hex)
        for write in (
            lambda draft=draft: book.decide(draft, viewer=analyst),
            lambda key=key: book.assign([key], Assignment(key), viewer=analyst),
            lambda key=key: book.judge_link(
                LinkVerdict("merchant:mer_2", key, "REJECTED"), viewer=analyst
            ),
        ):
            with pytest.raises(UnknownSubject, match="in your markets") as refusal:
                write()
            said.add(refusal.value.message.replace(entity_id, "?"))
    assert len(said) == 1
    for other in (
        DayNote(date(2026, 5, 1), "mine", market="MY"),
        DayNote(date(2026, 5, 1), "", market=MARKET, replaces=note.note_id),
    ):
        with pytest.raises(AccessDenied, match="not of these markets"):
            book.write_note(other, viewer=analyst)
    book.write_note(DayNote(date(2026, 5, 1), "mine", market=MARKET), viewer=analyst)
    book.close()

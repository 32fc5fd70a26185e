"""No page, picture or file sends a name or an identifier of a person, whatever the role.

Every personal column of the small database is marked, and the mark is looked for in all that is
sent to the browser and in what the buttons hand out.
"""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
import streamlit as st

from dashboard.access import roles
from dashboard.state import INVESTIGATE_TABS
from queries.personal_data import masked_columns
from tests.dashboard import harness, tiny_database, tiny_graph
from tests.dashboard.tiny_entities import ENTITIES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

MARK = "zzcanary"
KEY = "0" * 32
_MASK = re.compile(rf"'[^']*…' \|\| left\(sha256\('{KEY}' \|\| (.*?)\), (?:8|16)\)")
PAGES = (
    *("queue", "inbox", "rings", "community", "metrics", "drift", "model", "data", "tour"),
    "audit",
)
GROUPS = [
    ("community", {"community": "com_1"}),
    ("case", {"id": tiny_graph.RING}),
    ("case", {"keys": "buyer:buy_1,buyer:buy_2"}),
]
SUBJECTS = {kind: f"{kind}:{key}" for kind, key, *_ in reversed(ENTITIES)}
WAYS: list[tuple[str, dict[str, str]]] = [
    *((page, {}) for page in PAGES),
    *GROUPS,
    *(
        ("investigate", {"entity": entity, "tab": tab})
        for entity in (*SUBJECTS.values(), "live_session:liv_1")
        for tab in INVESTIGATE_TABS
    ),
]


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """The small database with the mark before every personal value, and in how many columns."""
    path, count = tmp_path_factory.mktemp("marked") / "ringfence.duckdb", 0
    tiny_database.write(path)
    with duckdb.connect(str(path)) as con:
        tables = con.execute(
            "select schema_name || '.' || table_name, list(column_name) from duckdb_columns() "
            "where not internal group by 1"
        ).fetchall()
        for table, columns in tables:
            for column, mask in masked_columns(table, columns, KEY).items():
                value = _MASK.sub(rf"'{MARK} ' || \1", mask)
                con.execute(f"update {table} set {column} = {value}")
                count += 1
    return path, count


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> list[Callable[[], bytes]]:
    """What the buttons of a page would hand out."""
    made: list[Callable[[], bytes]] = []

    def offered(*_: Any, data: Callable[[], bytes], **__: Any) -> bool:
        made.append(data)
        return False

    monkeypatch.setattr(st, "download_button", offered)
    return made


def sent(app: AppTest) -> str:
    """All that a page sends to the browser: every element, and every cell of its tables."""
    parts = [str(getattr(node, "proto", "")) for node in app._tree]
    return "\n".join((*parts, *(frame.value.to_csv() for frame in app.dataframe)))


def test_no_page_or_file_sends_a_mark(
    marked: tuple[Path, int],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    files: list[Callable[[], bytes]],
) -> None:
    """Every address for an analyst, each seventh for every other role; one role is shown it."""
    path, columns = marked
    open_page = harness.opener(tmp_path, tmp_path, monkeypatch, path)
    leaks, walked, handed_out = set(), 0, 0
    for role in roles():
        monkeypatch.setenv("RINGFENCE_ROLE", role)
        for page, params in WAYS if role == "analyst" else WAYS[::7]:
            files.clear()
            app = open_page(page, params)
            assert not app.exception, (page, params)
            walked, handed_out = walked + 1, handed_out + len(files)
            texts = [sent(app), *(file().decode("utf-8", "replace") for file in files)]
            if any(MARK in text.lower() for text in texts):
                leaks.add((role, page, *params.values()))
    sys.stdout.write(
        f"\n{walked} views of {len(WAYS)} addresses by {len(roles())} roles, {columns} marked "
        f"columns, {handed_out} files: {len(leaks)} leaks\n"
    )
    assert leaks == set()
    assert columns > 20
    assert handed_out > 0


def test_the_mark_is_there_to_be_sent(
    marked: tuple[Path, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever gives a reason is shown it, so that the walk looks for what could be found."""
    open_page = harness.opener(tmp_path, tmp_path, monkeypatch, marked[0])
    app = open_page("investigate", {"entity": "buyer:buy_1", "tab": "details"})
    app.session_state["reveal.things.more"] = True
    app.run().text_input(key="reveal.things.words").input("the same phone?")
    app.button_group(key="reveal.things.kind").set_value("device")
    app.button(key="FormSubmitter:reveal.things-Show").click().run()
    assert MARK in sent(app)

"""Role by role, route by route, field by field: what `roles.toml` says, and nothing else.

A route is a page of the app with its tabs, an export, or a method of the casebook that somebody
calls. Each is tried as every role and as a role that is none, on a tiny database.
"""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING, Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import access, app
from dashboard.access import Viewer
from dashboard.casebook import Casebook
from dashboard.casebook.engine import open_engine
from dashboard.errors import AccessDenied
from dashboard.state import INVESTIGATE_TABS
from tests.casebooks import empty_casebook
from tests.dashboard import tiny_database, tiny_graph
from tests.dashboard.harness import words
from tests.patience import PATIENCE_SECONDS

if TYPE_CHECKING:
    from pathlib import Path

NOBODY = "lead"
"""A role that the file does not know: it was one in an earlier release."""
ROLES = (*access.roles(), NOBODY)
ROUTES: tuple[tuple[str, dict[str, str]], ...] = (
    *((name, {}) for name in app.PAGES),
    *(("investigate", {"entity": "merchant:mer_1", "tab": tab}) for tab in INVESTIGATE_TABS),
    ("investigate", {"entity": "buyer:buy_1", "tab": "details"}),
    ("investigate", {"entity": "live_session:liv_1", "tab": "details"}),
    ("case", {"id": tiny_graph.RING}),
    ("community", {"community": "com_1"}),
    ("queue", {"lane": "unproven"}),
    ("metrics", {"who": "merchant"}),
    ("data", {"section": "set_aside"}),
    ("data", {"section": "off"}),
)
NAMES = {name for _, _, name, *_ in tiny_database.ENTITIES if name}
FIELDS = {
    "names": re.compile("|".join(map(re.escape, sorted(NAMES, key=len, reverse=True)))),
    "ids": re.compile(r"\b(mer|buy|crt|prd|liv)_\d"),
    "money": re.compile(r"\$\d"),
    "scores": re.compile(r"\b0\.(91|62|71|55|33)0?\b"),
    "bands": re.compile(r"\b(CRIT|HIGH|Critical|High)\b"),
    "counts": re.compile(r"\b\d+ (cases?|alerts?|orders?|members?|accounts?|subjects?|shops?)\b"),
}
"""What a page can give away, and what it looks like in the tiny database."""
READ_BY_ALL = {"money", "scores", "counts"}
"""Names may be masked, and bands stand in the form of a decision too, for whoever may decide."""
IN_FULL = re.compile(r"\b(dev|adr|ip|pay|bnk)_[A-Za-z0-9]{5,}")
"""An identifier of people that is not masked."""


def page() -> None:
    """The app itself, with its door and its menu."""
    from dashboard.app import main

    main()


def shown(opened: AppTest) -> str:
    """All that a page sends to the browser: every element, and every cell of its tables."""
    parts = [str(getattr(node, "proto", "")) for node in opened._tree]
    return "\n".join((*parts, *(one.value.to_csv() for one in opened.dataframe)))


def fields(text: str) -> set[str]:
    """Which kinds of things a page gives away."""
    return {name for name, pattern in FIELDS.items() if pattern.search(text)}


@pytest.fixture
def visit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Opens a route of the app as a role."""
    path = tiny_database.write(tmp_path / "ringfence.duckdb")
    monkeypatch.setenv("RINGFENCE_DATABASE", str(path))
    monkeypatch.setenv("RINGFENCE_CASEBOOK_URL", empty_casebook(tmp_path / "casebook.sqlite"))

    def run(role: str, name: str, params: dict[str, str]) -> AppTest:
        monkeypatch.setenv("RINGFENCE_ROLE", role)
        monkeypatch.setattr(app, "HOME", name)
        opened = AppTest.from_function(page, default_timeout=PATIENCE_SECONDS)
        for key, value in params.items():
            opened.query_params[key] = value
        return opened.run()

    return run


@pytest.mark.slow  # every role on every route
def test_each_role_sees_on_each_route_what_the_file_says(visit: Any) -> None:
    """The whole of a page or not a word of it; files and full identifiers by permission."""
    wrong, cells, refused = [], 0, 0
    for name, params in ROUTES:
        reads = {role: visit(role, name, params) for role in ROLES}
        most = fields(shown(reads["approver"]))
        files = len(reads["approver"].get("download_button"))
        for role, opened in reads.items():
            who, text = Viewer("x", role), shown(opened)
            seen, place = fields(text), (role, name, *params.values())
            cells += len(FIELDS) + 2
            assert not opened.exception, place
            assert "Something went wrong" not in words(opened), place
            if not access.may_open(who, name):
                refused += 1
                asked = access.pages()[name]
                wrong += [(*place, one) for one in seen]
                wrong += [(*place, "page")] * ("Your role" not in words(opened))
                assert asked, place
                continue
            wrong += [(*place, one) for one in (most ^ seen) & READ_BY_ALL]
            if not who.may("unmask"):
                wrong += [(*place, one[0]) for one in IN_FULL.finditer(text)]
            offered = len(opened.get("download_button"))
            wrong += [(*place, "files")] * (offered != (files if who.may("export") else 0))
    size = f"{len(ROLES)} roles x {len(ROUTES)} routes x {len(FIELDS) + 2} fields = {cells} cells"
    print(size)  # noqa: T201 -- the size of the matrix is asked for
    assert sorted(set(wrong)) == []
    assert refused >= len(ROUTES)  # of the role that is none


WRITES = {
    "answer_model": "approve",
    "assign": "decide",
    "decide": "decide",
    "decide_all": "decide",
    "judge_link": "decide",
    "propose_model": "decide",
    "save_draft": "decide",
    "undo": "decide",
    "write_note": "decide",
}
"""The permission that a write asks for before it looks at anything."""
OWN = {"draft", "drop_draft", "drafts_of", "forget_draft"}
"""What only touches what the viewer left unfinished themselves."""
_STEPS = {"move", "set_aside"}
"""Whose permission is that of the act: tests/dashboard/casebook asks each act for its own."""


class Anything:
    """An argument that no write may look at before it knows who writes."""

    def __iter__(self) -> Any:
        raise LookupError

    def __getattr__(self, name: str) -> str:
        return name


def refuses(book: Casebook, method: str, role: str) -> bool:
    """Whether a method of the casebook refuses a role, whatever it is given."""
    call = getattr(book, method)
    needed: dict[str, Any] = {
        name: name == "is_promoted" or Anything()
        for name, one in inspect.signature(call).parameters.items()
        if one.default is inspect.Parameter.empty
    }
    try:
        call(**{**needed, "viewer": Viewer("x", role)})
    except AccessDenied:
        return True
    except Exception:  # noqa: BLE001 -- it went on, and fell over the arguments
        return False
    return False


def test_each_role_writes_what_the_file_says(tmp_path: Path) -> None:
    """Every method of the casebook that somebody calls, as every role."""
    book = Casebook(open_engine(f"sqlite:///{tmp_path / 'casebook.sqlite'}"))
    methods = {
        name
        for name, one in inspect.getmembers(Casebook, inspect.isfunction)
        if not name.startswith("_") and "viewer" in inspect.signature(one).parameters
    }
    asked = methods - OWN - _STEPS
    assert set(WRITES) <= methods
    wrong = [
        (role, method)
        for method in sorted(WRITES)
        for role in ROLES
        if refuses(book, method, role) == Viewer("x", role).may(WRITES[method])
    ]
    # Of a write that the table does not list the least is asked: who may nothing writes nothing.
    wrong += [(NOBODY, one) for one in sorted(asked) if not refuses(book, one, NOBODY)]
    size = f"{len(ROLES)} roles x {len(WRITES)} writes, {len(asked)} as nobody"
    print(size)  # noqa: T201 -- the size of the matrix is asked for
    assert sorted(set(wrong)) == []
    book.close()


@pytest.mark.parametrize("role", ROLES)
def test_no_role_reads_the_store_without_the_permission(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, role: str
) -> None:
    """Every read of every page goes one way, and that way asks."""
    from dashboard import store

    monkeypatch.setenv("RINGFENCE_DATABASE", str(tiny_database.write(tmp_path / "tiny.duckdb")))
    monkeypatch.setenv("RINGFENCE_ROLE", role)
    reads = (
        store.build,
        store.data_version,
        store.built_at,
        lambda: store.has_table("alerts.alerts"),
        lambda: store.read("pages/people/markets"),
    )
    for read in reads:
        if Viewer("x", role).may("view"):
            read()
            continue
        with pytest.raises(AccessDenied, match="may not read cases"):
            read()

"""Two people at once in one process: what one of them read is never an answer to the other."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from streamlit.testing.v1 import AppTest

import dashboard
from dashboard import store
from dashboard.access import Viewer, acting_as
from dashboard.components.scope import in_scope
from dashboard.errors import AccessDenied
from tests.casebooks import empty_casebook
from tests.dashboard import tiny_database
from tests.dashboard.harness import titles
from tests.patience import PATIENCE_SECONDS

if TYPE_CHECKING:
    from collections.abc import Iterable

APP = str(Path(dashboard.__file__).with_name("app.py"))
KEYS = ("merchant:mer_1", "merchant:mer_2", "buyer:buy_1", "buyer:buy_3")
OWN = {"MY": {KEYS[0], KEYS[2]}, "SG": {KEYS[1], KEYS[3]}}


@pytest.fixture(autouse=True)
def _database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tiny_database.write(tmp_path / "ringfence.duckdb")
    monkeypatch.setenv("RINGFENCE_DATABASE", str(path))
    monkeypatch.setenv("RINGFENCE_CASEBOOK_URL", empty_casebook(tmp_path / "casebook.sqlite"))


def session(name: str, markets: Iterable[str]) -> AppTest:
    """A session of the app of a person of the demo."""
    app = AppTest.from_file(APP, default_timeout=PATIENCE_SECONDS)
    app.session_state["people.demo"] = (name, frozenset(markets))
    return app.run()


def test_two_sessions_side_by_side_see_their_own() -> None:
    """In turns, with every cache warm from the other: markets, figures, files."""
    everyone = session("analyst", ())
    mine, viewer = session("demo senior", ["SG"]), session("demo viewer", ["MY"])
    for _ in range(2):
        seen = [titles(app.run()) for app in (everyone, mine, viewer)]
        assert len(seen[0]) > max(len(seen[1]), len(seen[2]))
        assert not set(seen[1]) & set(seen[2])
        assert all(seen)
    assert len({tuple(one) for one in seen}) == 3


def test_reads_at_the_same_moment_are_each_ones_own() -> None:
    """Of eight threads that read by turns as people of other markets, and as nobody's."""

    def read(turn: int) -> bool:
        market = ("MY", "SG", None, "nobody")[turn % 4]
        role = "lead" if market == "nobody" else "analyst"
        who = Viewer(f"person {turn}", role, frozenset({market} if market in OWN else ()))
        with acting_as(who):
            if role == "lead":
                with pytest.raises(AccessDenied):
                    store.read("casebook/markets", keys=list(KEYS))
                return True
            rows = store.read("casebook/markets", keys=list(KEYS))
            expected = OWN.get(market or "", set(KEYS))
            return set(rows["entity_key"]) == expected == set(in_scope(KEYS))

    with ThreadPoolExecutor(8) as threads:
        right = list(threads.map(read, range(400)))
    assert all(right)


def test_answers_of_two_scopes_have_two_versions() -> None:
    """What a cache is asked by: another for other markets, the same for the same."""
    versions = set()
    for markets in ((), ("MY",), ("SG",), ("MY", "SG")):
        with acting_as(Viewer("a", "analyst", frozenset(markets))):
            versions.add(store.data_version())
    with acting_as(Viewer("b", "qa", frozenset({"MY"}))):
        assert store.data_version() in versions
    assert len(versions) == 4

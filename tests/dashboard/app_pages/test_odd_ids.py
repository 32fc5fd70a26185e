"""Any id that the check accepts can be opened, searched, compared, decided and exported."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode
from uuid import uuid4

import polars as pl
import pytest
from streamlit.testing.v1.element_tree import Element

from dashboard.components.downloads import csv_bytes
from dashboard.state import INVESTIGATE_TABS, EntityRef, InvestigateState, QueueFilters
from queries.contract import LONGEST_ID
from tests.dashboard import harness, renaming

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

ODD = (
    "mer_000140 Ltd", " lead and trail ", "EU/mer_1", "a//b/../c", "mer_1@br", "urn:shop:1",
    "buyer:buy_1", "mer_1#1", "mer_1%2F?a=b&c", "100%", "a+b", "it's \"so\"", "店mer_1", "مرحبا",
    "\u200fmer_1\u200e", "🛒🏪", "e\u0301", "0" * 60 + "mer_1", "x" * LONGEST_ID, "店" * LONGEST_ID,
    "<img src=x onerror=alert(1)>", "');alert(1)//", "=cmd|' /C calc'!A0", "-1", "MER_1", "null",
    "0", "__proto__", "a|merchant:b", "$name", "**bold** [x](y)", "c:\\x\\y",
)  # fmt: skip


@pytest.fixture(scope="module")
def renamed(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], Path]:
    """`renamed(old, new)`: the tiny database with an id or a name of its own, written once."""
    shelf = tmp_path_factory.mktemp("renamed")
    return cache(lambda old, new: renaming.write(shelf / f"{uuid4().hex}.duckdb", old, new))


@pytest.fixture
def open_odd(
    renamed: Callable[[str, str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], Callable[..., AppTest]]:
    """Pages of a database in which mer_1 has another id."""

    def opener(new: str) -> Callable[..., AppTest]:
        return harness.opener(tmp_path, tmp_path, monkeypatch, renamed("mer_1", new))

    return opener


@pytest.mark.parametrize("identifier", ODD)
def test_an_id_survives_its_address(identifier: str) -> None:
    """The key is read back from a query string that was encoded once, and only once."""
    ref = EntityRef("merchant", identifier)
    assert EntityRef.parse(ref.key) == ref
    query = urlencode({"entity": ref.key, "against": identifier})
    state = InvestigateState.parse({name: value[0] for name, value in parse_qs(query).items()})
    assert (state.entity, state.against, state.problems) == (ref, identifier, ())


@pytest.mark.parametrize("identifier", ["", "a\nb", "a\x00b", "\t", "x" * (LONGEST_ID + 1), "\x7f"])
def test_what_the_check_refuses_is_no_id(identifier: str) -> None:
    """An empty one, one with a control character, one that is a text."""
    assert EntityRef.parse(f"merchant:{identifier}") is None


def test_a_search_is_as_long_as_an_id() -> None:
    """Nothing that can be opened is cut off before it is looked for."""
    assert QueueFilters.parse({"search": "x" * LONGEST_ID}).search == "x" * LONGEST_ID


@pytest.mark.parametrize("identifier", ODD)
def test_a_page_with_an_odd_id_opens_and_its_id_is_searched(
    open_odd: Callable[[str], Callable[..., AppTest]], identifier: str
) -> None:
    """Its page says nothing of a bad link, and searching the id shows the row first."""
    open_page = open_odd(identifier)
    page = open_page("investigate", {"entity": f"merchant:{identifier}"})
    assert not page.exception
    said = harness.plain_words(page)
    assert "Lucky Bazaar" in said
    assert "ignored" not in said
    found = open_page("investigate", {"find": identifier.strip()})
    assert found.dataframe[0].value["entity_id"][0] == identifier
    listed = open_page("queue", {"search": identifier.strip()})
    assert "Lucky Bazaar" in harness.names(listed, 1)


@pytest.mark.parametrize("tab", ["why", "compare", "drift", "community", "timeline", "orders"])
@pytest.mark.parametrize("identifier", ["EU/mer_1 #1", "=cmd|' /C calc'!A0", "店" * LONGEST_ID])
def test_every_tab_of_an_odd_id_is_drawn(
    open_odd: Callable[[str], Callable[..., AppTest]], identifier: str, tab: str
) -> None:
    """No panel needs an id to look like ours."""
    page = open_odd(identifier)("investigate", {"entity": f"merchant:{identifier}", "tab": tab})
    assert not page.exception
    assert "Something went wrong" not in harness.words(page)
    assert "ignored" not in harness.plain_words(page)


@pytest.mark.parametrize("identifier", ["EU/mer_1 #1", "mer_1%2F", "店" * LONGEST_ID])
def test_an_odd_id_is_compared_with_by_id_or_key(
    open_odd: Callable[[str], Callable[..., AppTest]], identifier: str
) -> None:
    """Both ids of a comparison may be of any kind."""
    open_page = open_odd(identifier)
    for against in (identifier, f"merchant:{identifier}"):
        params = {"entity": "merchant:mer_2", "tab": "compare", "against": against}
        page = open_page("investigate", params)
        assert "to compare with" not in harness.plain_words(page)
        assert "With that one on" in [box.label for box in page.selectbox]


def test_an_id_that_begins_like_a_key_of_another_kind_is_an_id(
    open_odd: Callable[[str], Callable[..., AppTest]],
) -> None:
    """`buyer:buy_1` may be the id of a merchant."""
    params = {"entity": "merchant:mer_2", "tab": "compare", "against": "buyer:buy_1"}
    page = open_odd("buyer:buy_1")("investigate", params)
    assert "With that one on" in [box.label for box in page.selectbox]


@pytest.mark.parametrize("identifier", ["EU/mer_1 #1", "'; drop table cases; --", "店" * 200])
def test_an_odd_id_is_decided_about(
    open_odd: Callable[[str], Callable[..., AppTest]], tmp_path: Path, identifier: str
) -> None:
    """The decision is under this id to the letter, and the trail names it."""
    page = open_odd(identifier)("investigate", {"entity": f"merchant:{identifier}"})
    key = f"decide.merchant:{identifier}.0."
    page.get_by_key(f"{key}verdict").set_value("INCONCLUSIVE")
    page.text_area(key=f"{key}note").set_value("Nothing to be seen yet.")
    page.button(key=f"{key}save").click().run()
    assert [message.value for message in page.success] == ["Decision recorded and audited."]
    with closing(sqlite3.connect(tmp_path / "casebook.sqlite")) as con:
        rows = con.execute("select entity_id from decisions").fetchall()
    assert rows == [(identifier,)]


@pytest.mark.parametrize("identifier", ODD)
def test_an_odd_id_is_exported_as_text(identifier: str) -> None:
    """Read back, it is the id; in a spreadsheet, no formula."""
    content = csv_bytes(pl.DataFrame({"entity_id": [identifier]}))
    back = pl.read_csv(content, infer_schema=False)["entity_id"][0]
    assert back.removeprefix("'") == identifier.removeprefix("'")
    assert back[0] not in "=+-@"


@pytest.mark.parametrize(
    ("name", "params"),
    [
        ("queue", {}),
        *(("investigate", {"entity": "merchant:mer_1", "tab": tab}) for tab in INVESTIGATE_TABS),
        ("investigate", {"find": "Lucky"}),
        ("community", {}),
        ("community", {"community": "com_1"}),
        ("metrics", {}),
    ],
)
def test_a_name_of_megabytes_is_cut_on_every_page(
    renamed: Callable[[str, str], Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    params: dict[str, str],
) -> None:
    """What a page sends does not grow with the name, in tables, charts, graph or sentences."""
    path = renamed("Lucky Bazaar", "Lucky <b>店" * 500_000)
    page = harness.opener(tmp_path, tmp_path, monkeypatch, path)(name, params)
    assert not page.exception
    assert "Something went wrong" not in harness.words(page)
    sent = sum(len(element.proto.SerializeToString()) for element in elements(page))
    assert 0 < sent < 500_000


def elements(page: AppTest) -> Iterator[Element]:
    """Everything that the page sent to the browser."""
    return (one for one in page if isinstance(one, Element))

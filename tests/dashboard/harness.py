"""Runs one page of the real app on the tiny database, with a casebook of its own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from zlib import crc32

from streamlit.testing.v1 import AppTest

from dashboard.access import mask_key
from dashboard.components.in_view import NAME
from queries.personal_data import mask_of, short_mask
from tests.casebooks import empty_casebook
from tests.dashboard import tiny_database
from tests.patience import PATIENCE_SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest


def script(name: str) -> None:
    """The app with page `name` as its first page; copied by AppTest, hence the imports."""
    import streamlit as st
    from streamlit.navigation.page import Page

    from dashboard.app_pages import (
        audit,
        case,
        community,
        data,
        drift,
        inbox,
        investigate,
        metrics,
        model,
        quality,
        queue,
        rings,
        tour,
        work,
    )
    from dashboard.components.boundary import boundary
    from dashboard.components.links import draw_way_back, register_pages
    from dashboard.components.served_build import serve_build

    modules = [
        *(
            queue,
            inbox,
            investigate,
            case,
            rings,
            community,
            metrics,
            drift,
            model,
            data,
            audit,
            tour,
        ),
    ]
    modules += [quality, work]
    pages = {
        module.__name__.split(".")[-1]: Page(
            module.page,
            title=module.__name__,
            url_path=module.__name__.split(".")[-1],
            default=module.__name__.endswith(f".{name}"),
        )
        for module in modules
    }
    current = st.navigation(list(pages.values()), position="hidden")
    register_pages(pages, current)
    with boundary():
        draw_way_back()
        serve_build()
        current.run()


def opener(
    folder: Path, shelf: Path, monkeypatch: pytest.MonkeyPatch, written: Path | None = None
) -> Callable[..., AppTest]:
    """A function that runs a page; databases are written once each to `shelf`.

    `written` is one that is there already, with rows of a test's own.
    """

    def run(
        name: str, params: dict[str, str] | None = None, *, without: Any = (), empty: Any = ()
    ) -> AppTest:
        gaps = f"{sorted(without)}{sorted(empty)}".encode()
        path = written or shelf / f"tiny-{crc32(gaps):08x}.duckdb"
        if not path.exists():
            tiny_database.write(path, without=without, empty=empty)
        monkeypatch.setenv("RINGFENCE_DATABASE", str(path))
        casebook = empty_casebook(folder / "casebook.sqlite")
        monkeypatch.setenv("RINGFENCE_CASEBOOK_URL", casebook)
        app = AppTest.from_function(script, args=(name,), default_timeout=PATIENCE_SECONDS)
        for key, value in (params or {}).items():
            app.query_params[key] = value
        return app.run()

    return run


def mask(value: str, kind: str = "name") -> str:
    """What pages of this process show in the place of a name, or of an identifier of `kind`."""
    return short_mask(mask_of(value, kind, mask_key()))


def scrolled(app: AppTest) -> AppTest:
    """The page once somebody has scrolled through it: every chart below the fold is drawn."""
    while waiting := [one for one in app.button if str(one.key).startswith(f"{NAME}.")]:
        app = waiting[0].click().run()
    return app


def words(app: AppTest) -> str:
    """Every visible text of a page in one string."""
    kinds = ("markdown", "caption", "title", "header", "subheader", "text", "success", "error",
             "info")  # fmt: skip
    return "\n".join(str(element.value) for kind in kinds for element in app.get(kind))


def plain_words(app: AppTest) -> str:
    """The same without their markdown escapes."""
    return words(app).replace("\\", "")


def headings(app: AppTest) -> list[str]:
    """The bold starts of lines, in order."""
    return [line.value.split("**")[1] for line in app.markdown if line.value.startswith("**")]


def drawn(app: AppTest) -> list[str]:
    """Names of the nodes of the graph that was sent to the browser."""
    (graph,) = [one for one in sent_data(app) if "nodes" in one]
    return sorted(node["name"] for node in graph["nodes"])


def sent_data(app: AppTest) -> list[dict[str, Any]]:
    """What was sent to each part that draws in the browser, in the order of the page."""
    return [json.loads(one.proto.json) for one in app.get("bidi_component")]


def board_words(app: AppTest) -> str:
    """Every visible text of the tables and cards of a page in one string."""
    boards = [one for one in sent_data(app) if "tables" in one]
    tables = [table for one in boards for table in one["tables"]]
    lines = [f"{one['title']}{one['more']} {one['caption']} {one['note']}" for one in tables]
    cells = [" ".join(column["cells"]) for one in tables for column in one["columns"]]
    subjects = [two for one in boards for card in one["cards"] for two in card["subjects"]]
    return "\n".join([*lines, *cells, *(f"{one['name']} {one['said']}" for one in subjects)])


def titles(app: AppTest) -> list[str]:
    """The cases that the queue lists, in its order."""
    return list(app.dataframe[0].value["title"])


def names(app: AppTest, table: int = 0) -> list[str]:
    """The subject column of a table of the page."""
    return list(app.dataframe[table].value["name"])

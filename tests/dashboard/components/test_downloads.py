"""Downloads carry no formulas, and every file taken out anchors the end of the audit trail."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from dashboard.access import Viewer
from dashboard.casebook import open_casebook
from dashboard.casebook.anchors import anchors_of
from dashboard.casebook.trail import place_of
from dashboard.cases.states import Verdict
from dashboard.components import downloads
from dashboard.components.downloads import csv_bytes, csv_download
from tests.dashboard.casebook.drafts import draft

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest


def test_downloads_open_as_text() -> None:
    """Formulas are quoted in cells and headers; numbers stay numbers."""
    frame = pl.DataFrame({"=name": ["=HYPERLINK(1)", "Tea", None], "score": [0.5, -1.0, None]})
    lines = csv_bytes(frame).decode("utf-8-sig").splitlines()
    assert lines == ["'=name,score", "'=HYPERLINK(1),0.5", "Tea,-1.0", ","]


def test_a_file_that_is_taken_out_anchors_the_end_of_the_trail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As signed outside of the casebook: after a decision the file's anchor holds its head."""
    url, secret = f"sqlite:///{tmp_path / 'casebook.sqlite'}", "k" * 40
    monkeypatch.setenv("RINGFENCE_CASEBOOK_URL", url)
    monkeypatch.setenv("RINGFENCE_AUDIT_FOLDER", str(tmp_path / "audit"))
    monkeypatch.setenv("RINGFENCE_AUDIT_KEY", secret)
    buttons: list[Callable[[], bytes]] = []
    monkeypatch.setattr(
        downloads.st, "download_button", lambda *_, data, **__: buttons.append(data)
    )
    book = open_casebook(url)
    book.decide(draft(Verdict.FALSE_POSITIVE), viewer=Viewer("ann"))
    csv_download("Rows", lambda: pl.DataFrame({"id": ["mer_1"]}), filename="a.csv", key="a")
    assert anchors_of(place_of(url), secret.encode()) == []
    assert b"mer_1" in buttons[0]()
    (anchor,) = anchors_of(place_of(url), secret.encode())
    assert (anchor.cause, (anchor.seq, anchor.hash)) == ("export", book.end())

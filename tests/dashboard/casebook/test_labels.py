"""Decisions return to the build as labels that keep its contract."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import polars as pl

import queries
from dashboard.cases.states import Verdict
from tests.dashboard.casebook.drafts import ADVERSE_DRAFT, ANN, draft

if TYPE_CHECKING:
    from pathlib import Path

    from dashboard.casebook import Casebook


def test_labels_are_what_analysts_found_out(book: Casebook) -> None:
    """Bad and good by the latest verdict; a victim and an open question teach nothing."""
    for number, verdict in enumerate(Verdict):
        book.decide(draft(verdict, number), viewer=ANN)
    book.decide(draft(Verdict.FALSE_POSITIVE, 90), viewer=ANN)
    book.decide(draft(Verdict.INCONCLUSIVE, 90), viewer=ANN)
    frame = book.labels_frame()
    labels = dict(frame.select("entity_id", "label").iter_rows())
    order = list(Verdict)
    assert labels == {
        f"mer_{order.index(Verdict.CONFIRMED)}": "bad",
        f"mer_{order.index(Verdict.LIKELY)}": "bad",
        f"mer_{order.index(Verdict.FALSE_POSITIVE)}": "good",
    }
    assert frame["source"].unique().to_list() == ["casebook"]
    assert frame["event_at"].null_count() == frame.height
    assert frame.filter(pl.col("known_at") < pl.col("decided_at")).is_empty()
    assert frame.filter((pl.col("label") == "good") & pl.col("typology").is_not_null()).is_empty()


def test_labels_round_trip_through_the_raw_contract(book: Casebook, tmp_path: Path) -> None:
    """Written as a raw table and read back, the frame has the contract's columns and types."""
    book.decide(ADVERSE_DRAFT, viewer=ANN)
    written = book.labels_frame()
    written.write_parquet(tmp_path / "labels.parquet")
    assert pl.read_parquet(tmp_path / "labels.parquet").equals(written)
    contract = tomllib.loads((queries.ROOT / "contracts" / "raw.toml").read_text())["labels"]
    types = {"varchar": pl.String(), "timestamp": pl.Datetime("us")}
    columns = {name: types[column["type"]] for name, column in contract["columns"].items()}
    assert dict(written.schema) == columns
    assert written["label_id"].n_unique() == written.height

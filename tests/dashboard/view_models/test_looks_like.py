"""What looks like a subject, as a table, and where each row leads."""

from __future__ import annotations

from typing import Any

import polars as pl

from dashboard.view_models.looks_like import LooksLikeView


def row(alike: str, **more: Any) -> dict[str, Any]:
    """A row of the page's query."""
    own = {"model": "clip", "version": "2", "alike_id": alike, "name": f"Name of {alike}"}
    own |= {"market": "SG", "owner_type": "product", "owner_id": alike, "cosine": 0.9}
    return {**own, "by_picture": False, "likeness": None, **more}


def view(*rows: dict[str, Any]) -> LooksLikeView:
    """The view of some rows."""
    types = {"cosine": pl.Float64, "likeness": pl.Float64, "model": pl.String, "version": pl.String}
    return LooksLikeView.of(pl.DataFrame(list(rows), schema_overrides=types))


def test_a_listing_leads_to_its_page_and_a_video_to_its_creators() -> None:
    """A video has no page of its own."""
    made = view(row("prd_1"), row("vid_1", owner_type="creator", owner_id="crt_1"))
    assert made.addresses == (
        {"entity": "product:prd_1", "tab": "content"},
        {"entity": "creator:crt_1", "tab": "details", "video": "vid_1"},
    )


def test_a_twin_without_a_vector_has_no_model() -> None:
    """Its cell is empty, and the sentence speaks of picture and title."""
    made = view(row("prd_2", model=None, version=None, cosine=None, by_picture=True))
    assert made.table["model"].to_list() == [None]
    assert made.sentence.startswith("By picture and title; no vector")


def test_each_case_has_its_sentence() -> None:
    """Vectors, and nothing at all."""
    assert view(row("prd_1")).table["model"].to_list() == ["clip 2"]
    assert "proves nothing" in view(row("prd_1")).sentence
    nothing = LooksLikeView.of(pl.DataFrame([row("prd_1")]).clear())
    assert nothing.sentence.startswith("No vector of it was delivered")
    assert nothing.table.is_empty()

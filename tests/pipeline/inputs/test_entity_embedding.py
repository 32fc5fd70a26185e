"""Vectors of a team's own model: delivered in every form, checked, and compared by the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np
import polars as pl
import pytest

import queries
from pipeline.inputs import ingest
from pipeline.inputs.raw_check import check
from tests import raw_folder

if TYPE_CHECKING:
    from pathlib import Path

CORE = ("merchants", "products", "buyers", "orders", "creators", "videos")
MANY = 12
NAN = float("nan")


def products(count: int = MANY) -> list[str]:
    """Listings of the delivery."""
    return raw_folder.frames(count)["products"]["product_id"].to_list()


def row(entity_id: str, vector: list[float | None], **more: Any) -> dict[str, Any]:
    """One row, legal if its vector is."""
    own = {"entity_type": "product", "entity_id": entity_id, "model": "clip", "version": "1"}
    return {**own, "vector": vector, **more}


def vectors(count: int = MANY, places: int = 4) -> list[dict[str, Any]]:
    """A legal vector for each listing."""
    drawn = np.random.default_rng(7).normal(size=(count, places))
    return [row(who, list(map(float, one))) for who, one in zip(products(), drawn, strict=True)]


def delivered(folder: Path, rows: list[dict[str, Any]], form: str = "parquet") -> Path:
    """A delivery of the core with these vectors."""
    tables = raw_folder.frames(MANY)
    raw_folder.write(folder, {name: tables[name] for name in CORE})
    frame = pl.DataFrame(rows, infer_schema_length=None)
    path = folder / f"entity_embedding.{form}"
    if form == "parquet":
        frame.write_parquet(path)
    else:
        texts = [str(one).replace("None", "null") for one in frame["vector"].to_list()]
        frame.with_columns(vector=pl.Series(texts)).write_csv(path)
    return folder


def faults(folder: Path) -> list[str]:
    """What is said of the file of vectors."""
    with duckdb.connect() as con:
        return [str(one) for one in check(con, folder) if "entity_embedding" in one.file]


def looks_like(folder: Path, entity_type: str, entity_id: str) -> pl.DataFrame:
    """What the page reads of one entity."""
    with duckdb.connect() as con:
        for schema in ("staging", "facts", "similarity", "graph"):
            con.execute(f"create schema {schema}")
        ingest.write(con, folder, None, lambda *_: None)
        con.execute("create table facts.image_twins (product_id varchar, twin_id varchar)")
        twins = "product_id varchar, twin_id varchar, likeness double"
        con.execute(f"create table similarity.title_twins ({twins})")
        con.execute(
            "create table graph.entities as select 'product' as entity_type, "
            "product_id as entity_id, title as name, 'SG' as market from staging.products "
            "union all select 'creator', creator_id, handle, market from staging.creators"
        )
        return queries.run(
            con, "pages/investigate/looks_like", entity_type=entity_type, entity_id=entity_id,
            limit=3,
        )  # fmt: skip


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_a_legal_file_has_no_fault(form: str, tmp_path: Path) -> None:
    """As a list of Parquet or as text."""
    assert faults(delivered(tmp_path, vectors(), form)) == []


def test_an_array_of_single_precision_is_a_list_too(tmp_path: Path) -> None:
    """What numpy and torch write."""
    folder = delivered(tmp_path, vectors())
    path = folder / "entity_embedding.parquet"
    frame = pl.read_parquet(path)
    frame.with_columns(pl.col("vector").cast(pl.Array(pl.Float32, 4))).write_parquet(path)
    assert faults(folder) == []
    whole = frame.with_columns(pl.col("vector").cast(pl.List(pl.Int64)))
    whole.with_columns(vector=pl.lit([1, 2, 3, 4])).write_parquet(path)
    assert faults(folder) == []


@pytest.mark.parametrize(
    ("vector", "found"),
    [
        ([0.1, 0.2, 0.3], "vector of another length than most of its model and version"),
        ([0.1, NAN, 0.2, 0.3], "vector with a place that holds no number"),
        ([0.1, None, 0.2, 0.3], "vector with a place that holds no number"),
        ([0.1, float("inf"), 0.2, 0.3], "vector with a place that holds no number"),
        ([0.1, 1e300, 0.2, 0.3], "vector with a place that holds no number"),
        ([0.0, 0.0, 0.0, 0.0], "vector of zeros"),
        ([1e-40, 0.0, 0.0, 0.0], "vector of zeros"),
    ],
)
@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_a_vector_without_an_angle_is_said_with_a_remedy(
    vector: list[float | None], found: str, form: str, tmp_path: Path
) -> None:
    """One row of twelve, and one sentence that names it and what to do."""
    rows = [*vectors()[:-1], row(products()[-1], vector)]
    [sentence] = faults(delivered(tmp_path, rows, form))
    assert "1 row" in sentence
    assert found in sentence
    assert any(word in sentence for word in ("Leave the row out", "leave the row out", "Deliver"))


def test_an_empty_vector_has_no_direction(tmp_path: Path) -> None:
    """It is said once or twice, and never passes."""
    said = faults(delivered(tmp_path, [*vectors()[:-1], row(products()[-1], [])]))
    assert any("vector of zeros" in one for one in said)


def test_a_column_of_something_else_is_refused(tmp_path: Path) -> None:
    """Text that is no list row by row; numbers or structs as a whole."""
    folder = delivered(tmp_path / "text", vectors(), "csv")
    path = folder / "entity_embedding.csv"
    path.write_text(path.read_text().replace("[", "(", 1))
    assert any("list of numbers" in one for one in faults(folder))
    for name, value in (("number", 1.5), ("struct", {"x": 1.0}), ("texts", ["a"])):
        frame = pl.DataFrame([{**one, "vector": value} for one in vectors()])
        folder = delivered(tmp_path / name, vectors())
        frame.write_parquet(folder / "entity_embedding.parquet")
        [sentence] = faults(folder)
        assert "list of numbers" in sentence
        assert "double[]" in sentence


def test_whose_a_vector_is_must_be_there(tmp_path: Path) -> None:
    """A listing and a video alike."""
    for kind in ("product", "video"):
        rows = [*vectors(), row("nobody", [1.0, 2.0, 3.0, 4.0], entity_type=kind)]
        [sentence] = faults(delivered(tmp_path / kind, rows))
        assert f"refers to no {kind}s.{kind}_id" in sentence


def test_nearest_first_by_the_angle(tmp_path: Path) -> None:
    """The three nearest, by numpy in double precision."""
    rows = vectors()
    found = looks_like(delivered(tmp_path, rows), "product", products()[0])
    matrix = np.array([one["vector"] for one in rows])
    unit = matrix / np.linalg.norm(matrix, axis=1, keepdims=True)
    cosines = unit[1:] @ unit[0]
    order = np.argsort(-cosines)[:3]
    assert found["alike_id"].to_list() == [products()[1:][place] for place in order]
    assert np.allclose(found["cosine"].to_numpy(), cosines[order], atol=1e-6)


def test_another_model_or_version_is_never_compared(tmp_path: Path) -> None:
    """Though its vectors are the same to the letter, or of another length."""
    first, second, third, *_ = products()
    same = [1.0, 2.0, 3.0, 4.0]
    rows = [
        row(first, same),
        row(second, same, version="2"),
        row(third, same, model="words"),
        row(second, [4.0, 3.0, 2.0, 1.0]),
        row(first, [1.0, 0.0], version="2.1"),
        row(third, [1.0, 0.0], version="2.1"),
    ]
    found = looks_like(delivered(tmp_path, rows), "product", first)
    assert found.select("model", "version", "alike_id").rows() == [
        ("clip", "1", second),
        ("clip", "2.1", third),
    ]
    assert found["cosine"].to_list() == pytest.approx([20.0 / 30.0, 1.0])


def test_a_video_leads_to_its_creator(tmp_path: Path) -> None:
    """It has no page of its own."""
    videos = raw_folder.frames(MANY)["videos"].select("video_id", "creator_id").rows()
    rows = [
        row(video, [1.0, float(number), 0.5, 0.2], entity_type="video")
        for number, (video, _) in enumerate(videos)
    ]
    found = looks_like(delivered(tmp_path, rows), "video", videos[0][0])
    assert found["owner_type"].unique().to_list() == ["creator"]
    assert found["owner_id"].to_list() == [dict(videos)[one] for one in found["alike_id"]]

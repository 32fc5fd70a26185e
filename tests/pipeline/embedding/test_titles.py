"""Vectors of titles: whose they are, what a shop's is, and whose file is left alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import numpy as np
import polars as pl
import pytest

from pipeline.embedding import titles
from pipeline.errors import InputError
from pipeline.inputs.raw_check import check
from tests import raw_folder

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

TABLES = ("merchants", "products", "buyers", "orders", "creators", "videos", "live_sessions")
LETTERS = "abcdefghijklmnopqrstuvwxyz_0123456789"


def letters(texts: list[str]) -> NDArray[np.float32]:
    """How often each letter is in a text, as a direction."""
    counts = np.array([[text.count(one) for one in LETTERS] for text in texts], dtype=np.float32)
    return counts / np.linalg.norm(counts, axis=1, keepdims=True)


BY_LETTERS = titles.Encoder("1", letters)


def delivered(folder: Path) -> Path:
    """Listings of which two share a shop and one has no title."""
    frames = {name: frame for name, frame in raw_folder.frames(4).items() if name in TABLES}
    products = frames["products"]
    frames["products"] = products.with_columns(
        merchant_id=pl.Series(["merchant_id_0", "merchant_id_0", "merchant_id_1", "merchant_id_2"]),
        title=pl.Series(["lamp", "green lamp", "jar", "  "]),
    )
    return raw_folder.write(folder, frames)


def test_everybody_with_a_title_has_a_vector(tmp_path: Path) -> None:
    """Listings, videos and rooms by their own, shops by those of their listings."""
    target = tmp_path / "vectors.parquet"
    assert titles.write(delivered(tmp_path / "raw"), target, BY_LETTERS) == 3 + 4 + 4 + 2
    rows = pl.read_parquet(target)
    assert rows.group_by("entity_type").len().sort("entity_type").rows() == [
        ("live_session", 4),
        ("merchant", 2),
        ("product", 3),
        ("video", 4),
    ]
    own = {row["entity_id"]: np.array(row["vector"]) for row in rows.iter_rows(named=True)}
    lamp, green, jar = letters(["lamp", "green lamp", "jar"])
    assert np.allclose(own["product_id_1"], green)
    mean = (lamp + green) / np.linalg.norm(lamp + green)
    assert np.allclose(own["merchant_id_0"], mean, atol=1e-6)
    assert np.allclose(own["merchant_id_1"], jar, atol=1e-6)


def test_the_file_keeps_the_contract(tmp_path: Path) -> None:
    """Among the raw tables it has no fault, and the same source gives the same bytes."""
    folder = delivered(tmp_path / "raw")
    target = folder / "entity_embedding.parquet"
    titles.write(folder, target, BY_LETTERS)
    first = target.read_bytes()
    titles.write(folder, target, BY_LETTERS)
    assert target.read_bytes() == first
    with duckdb.connect() as con:
        assert [one for one in check(con, folder) if "entity_embedding" in one.file] == []


def test_vectors_of_another_model_are_not_written_over(tmp_path: Path) -> None:
    """They are somebody's work."""
    target = tmp_path / "vectors.parquet"
    pl.DataFrame({"model": ["clip"]}).write_parquet(target)
    with pytest.raises(InputError, match="holds vectors of clip"):
        titles.write(delivered(tmp_path / "raw"), target, BY_LETTERS)
    assert pl.read_parquet(target).rows() == [("clip",)]


def test_without_the_encoder_a_sentence_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And nothing is written."""
    monkeypatch.setattr(titles, "MODULE", "no_such_encoder")
    target = tmp_path / "vectors.parquet"
    with pytest.raises(InputError, match=r"ringfence\[text\]"):
        titles.write(delivered(tmp_path / "raw"), target)
    assert not target.exists()


def test_a_source_without_titles_is_refused(tmp_path: Path) -> None:
    """There is nothing to compare."""
    folder = delivered(tmp_path / "raw")
    for name in ("products", "videos", "live_sessions"):
        path = folder / f"{name}.parquet"
        pl.read_parquet(path).with_columns(title=pl.lit(None, pl.String)).write_parquet(path)
    with pytest.raises(InputError, match="No title"):
        titles.write(folder, tmp_path / "vectors.parquet", BY_LETTERS)


def test_the_encoder_of_the_extra_tells_a_lamp_from_a_jar(tmp_path: Path) -> None:
    """Where it is installed: unit vectors, and the nearer text nearer, across languages."""
    pytest.importorskip(titles.MODULE)
    pay, bayar, lamp = titles.installed().encode(
        ["pay by bank transfer", "bayar lewat transfer bank", "a lovely green lamp"]
    )
    assert np.linalg.norm(pay) == pytest.approx(1.0, abs=1e-5)
    assert pay @ bayar > 0.7
    assert pay @ lamp < 0.3
    target = tmp_path / "vectors.parquet"
    assert titles.write(delivered(tmp_path / "raw"), target) == 13

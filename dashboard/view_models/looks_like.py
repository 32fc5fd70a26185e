"""What looks like a subject: nearest by a team's own vectors, the same pictures, titles alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from dashboard import text
from dashboard.columns import mapped

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST = 8
"""Nearest of each model and version."""
_LONGEST = 34
_VECTORS = (
    "The nearer the cosine is to 1, the more the model takes them for one. A likeness proves "
    "nothing."
)


@dataclass(frozen=True)
class LooksLikeView:
    """Display columns, the address each row leads to, and what they are in a sentence."""

    table: pl.DataFrame
    addresses: tuple[Mapping[str, str], ...]
    sentence: str

    @classmethod
    def of(cls, rows: pl.DataFrame) -> LooksLikeView:
        """The view of `pages/investigate/looks_like`; the names of `rows` may be seen."""
        table = rows.select(
            mapped(rows, "name", lambda name: text.plain(name, length=_LONGEST)),
            pl.lit("Open").alias("open"),
            "cosine",
            "by_picture",
            "likeness",
            mapped(
                rows.select(pl.concat_str("model", "version", separator=" ").alias("model")),
                "model",
                lambda model: text.plain(model, length=_LONGEST),
                skip_nulls=True,
            ),
        )
        return cls(table, tuple(map(_address, rows.iter_rows(named=True))), _sentence(rows))


def _address(row: Mapping[str, str]) -> dict[str, str]:
    """Whose page shows it: a video stands on its creator's."""
    there = {"entity": f"{row['owner_type']}:{row['owner_id']}"}
    if row["owner_id"] == row["alike_id"]:
        return {**there, "tab": "content"}
    return {**there, "tab": "details", "video": row["alike_id"]}


def _sentence(rows: pl.DataFrame) -> str:
    if rows["cosine"].count():
        return _VECTORS
    if rows.height:
        return "By picture and title; no vector of it was delivered (entity_embedding)."
    return "No vector of it was delivered (entity_embedding), and nothing has its picture or title."

"""The rows behind a daily figure of one subject: what counts in it, then the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboard import text
from dashboard.columns import mapped

if TYPE_CHECKING:
    import polars as pl

NOUNS = {"order": "order", "parcel": "parcel", "review": "review", "refund": "refund request"}
_LONGEST = 18


@dataclass(frozen=True)
class RowsView:
    """Display columns, and whom the names of each row lead to."""

    table: pl.DataFrame
    others: tuple[str, ...]
    products: tuple[str, ...]
    caption: str
    all_count: bool
    """Whether every row is in the number."""

    @classmethod
    def of(cls, entity_type: str, rows: pl.DataFrame, names: pl.DataFrame, event: str) -> RowsView:
        """The view of `pages/investigate/day_events` for a subject of this type.

        `names` are those of whoever is in the rows, as of `pages/investigate/entity_names`.
        """
        other = "merchant" if entity_type == "buyer" else "buyer"
        table = rows.select(
            "day",
            "counts",
            _named(rows, names, other).alias("other"),
            _named(rows, names, "product").alias("product"),
            "amount_usd",
            "rating",
            "order_id",
        )
        return cls(
            table,
            tuple(f"{other}:{one}" if one else "" for one in rows[f"{other}_id"]),
            tuple(f"product:{one}" if one else "" for one in rows["product_id"]),
            _caption(rows, NOUNS[event]),
            bool(rows["counts"].all()),
        )


def _named(rows: pl.DataFrame, names: pl.DataFrame, entity_type: str) -> pl.Series:
    own = names.filter(entity_type=entity_type)
    name_of = dict(zip(own["entity_id"], own["name"], strict=True))
    return mapped(
        rows, f"{entity_type}_id", lambda one: text.plain(name_of.get(one), length=_LONGEST)
    )


def _caption(rows: pl.DataFrame, noun: str) -> str:
    if rows.is_empty():
        return f"No {noun} in these days."
    total, counted = int(rows["total_count"][0]), int(rows["counted"][0])
    all_of = text.plural(total, noun)
    said = f"{all_of}; every one counts." if counted == total else f"{counted:,} of {all_of} count."
    return said if rows.height == total else f"{said} The first {rows.height} are shown."

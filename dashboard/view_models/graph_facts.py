"""What stands beside a picture: of one node its part, money and days; of one line what it is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import polars as pl

from dashboard import text, theme
from dashboard.columns import mapped
from dashboard.view_models.words import day_span

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class NodeFacts:
    """Of one drawn node, in short lines: part and ring, money, ties and their days."""

    lines: tuple[str, ...]

    @classmethod
    def of(cls, node: Mapping[str, Any], edges: pl.DataFrame) -> NodeFacts:
        """`node`: a row with node_key and, where known, role, ring_title, money_usd."""
        key = str(node["node_key"])
        own = edges.filter((pl.col("src") == key) | (pl.col("dst") == key))
        lines = [_part(node), _money(node), _partners(own, key), _days(own)]
        return cls(tuple(line for line in lines if line))


def _part(node: Mapping[str, Any]) -> str:
    if not node.get("role"):
        return ""
    title = node.get("ring_title")
    return f"{str(node['role']).capitalize()} in a ring" + (f": {title}" if title else "")


def _money(node: Mapping[str, Any]) -> str:
    money = node.get("money_usd")
    return "" if money is None else f"{text.money(money)} in paid orders"


def _partners(own: pl.DataFrame, key: str) -> str:
    partners = {*own["src"], *own["dst"]} - {key}
    return f"Tied to {text.plural(len(partners), 'entity', 'entities')} here"


def _days(own: pl.DataFrame) -> str:
    first, last = own["first_seen_at"].min(), own["last_seen_at"].max()
    if not isinstance(first, datetime) or not isinstance(last, datetime):
        return ""
    return f"First tie {first:%d %b %Y}, last {last:%d %b %Y}"


@dataclass(frozen=True)
class ThingFacts:
    """Of a thing that several use, in short lines; `users` are the drawn ones, by key."""

    lines: tuple[str, ...]
    users: tuple[str, ...]

    @classmethod
    def of(cls, node: Mapping[str, Any], edges: pl.DataFrame) -> ThingFacts:
        """`node`: a row with node_key, entity_type, degree and is_hub."""
        key, everybody = str(node["node_key"]), int(node["degree"])
        own = edges.filter(pl.col("dst") == key).sort("first_seen_at", "src")
        rows = int(own["evidence_count"].sum() or 0)
        many = "So many use it that it says little. " if node["is_hub"] else ""
        lines = (
            theme.entity_label(str(node["entity_type"])),
            f"{many}{text.plural(everybody, 'user')} anywhere, {own.height:,} of them drawn",
            f"Rarity {1.0 / math.log(1.0 + everybody):.2f}, {text.plural(rows, 'row')} behind it",
            _days(own),
        )
        return cls(tuple(line for line in lines if line), tuple(own["src"].to_list()))


@dataclass(frozen=True)
class TieView:
    """The line between two nodes: a sentence for each relation, strongest first."""

    lines: tuple[str, ...]

    @classmethod
    def of(cls, edges: pl.DataFrame, ends: tuple[str, str]) -> TieView:
        """`edges` of the picture (src, dst, relation, ...), `ends` in either order."""
        both = pl.col("src").is_in(list(ends)) & pl.col("dst").is_in(list(ends))
        ties = edges.filter(both).sort("weight", descending=True, nulls_last=True)
        return cls(tuple(_tie_line(row) for row in ties.iter_rows(named=True)))


def _tie_line(row: Mapping[str, Any]) -> str:
    label = theme.RELATION_LABELS.get(str(row["relation"]), str(row["relation"]).replace("_", " "))
    parts = [label[:1].upper() + label[1:]]
    if row["evidence_count"] is not None:
        parts.append(text.plural(int(row["evidence_count"]), "row"))
    if row["weight"] is not None:
        parts.append(f"strength {row['weight']:.2f}")
    parts.append(day_span(row["first_seen_at"], row["last_seen_at"]))
    return " · ".join(part for part in parts if part)


def row_table(rows: pl.DataFrame) -> pl.DataFrame:
    """`pages/graph/tie_rows` (identifiers already masked) as display columns."""
    labels = [theme.RELATION_LABELS.get(one, one.replace("_", " ")) for one in rows["relation"]]
    return rows.select(
        pl.Series("relation", [label[:1].upper() + label[1:] for label in labels], dtype=pl.String),
        mapped(rows, "thing_id", text.plain).alias("thing"),
        pl.col("first_seen_at").dt.date().cast(pl.String).alias("seen"),
        "sharer_count",
        "paid_usd",
    )


def recorded_table(rows: pl.DataFrame) -> pl.DataFrame:
    """`pages/graph/rows_behind` (identifiers already masked) as display columns."""
    return rows.select(
        pl.col("happened_at").dt.strftime("%Y-%m-%d %H:%M").alias("at"),
        pl.col("source_table").str.replace_all("_", " ").alias("table"),
        mapped(rows, "detail", text.plain, skip_nulls=True),
    )

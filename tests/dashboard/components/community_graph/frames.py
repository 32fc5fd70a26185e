"""Nodes and edges in the shape the graph takes."""

from __future__ import annotations

from typing import Any

import polars as pl


def nodes(number: int, **changes: Any) -> pl.DataFrame:
    """`number` buyers on a line, in the shape network_of takes."""
    frame = pl.DataFrame(
        {
            "key": [f"buyer:buy_{n}" for n in range(number)],
            "entity_type": ["buyer"] * number,
            "name": [f"buyer {n}" for n in range(number)],
            "x": [float(n) for n in range(number)],
            "y": [0.0] * number,
        }
    )
    return frame.with_columns(**{name: pl.lit(value) for name, value in changes.items()})


def edges(*rows: tuple[str, str, str, float]) -> pl.DataFrame:
    """Edges in the shape network_of takes."""
    return pl.DataFrame(rows, schema=["src", "dst", "relation", "weight"], orient="row")


NO_EDGES = pl.DataFrame(
    schema={"src": pl.String, "dst": pl.String, "relation": pl.String, "weight": pl.Float64}
)

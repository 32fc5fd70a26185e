"""How the tests of planted signatures read a world: who acted, where, and what shows."""

import polars as pl

from .conftest import Sample

DAY, HOUR = pl.duration(days=1), pl.duration(hours=1)


def share(rows: pl.DataFrame, condition: pl.Expr) -> float:
    """Share of rows where a condition holds; null counts as no."""
    return float(rows.select(condition.fill_null(value=False).mean()).item() or 0.0)


def inside(value: float, span: tuple[float, float], slack: float = 0.0) -> bool:
    """Whether a value lies in a span, or within `slack` of it."""
    return span[0] - slack <= value <= span[1] + slack


def told(sample: Sample) -> pl.DataFrame:
    """The truth by ring."""
    return pl.read_parquet(sample.made.truth_path.parent / "stories.parquet")


def acting(sample: Sample, typology: str, entity_type: str, role: str = "actor") -> pl.DataFrame:
    """Members of a typology in one role, as `ring_id`, `variant`, `<entity_type>_id` and span."""
    rows = sample.members(typology, entity_type).filter(pl.col("role") == role)
    return rows.select(
        "ring_id",
        "variant",
        pl.col("entity_id").alias(f"{entity_type}_id"),
        since="started_at",
        until="ended_at",
    )


def while_acting() -> pl.Expr:
    """Orders between the first and last day of the member they were joined to."""
    return pl.col("created_at").is_between("since", "until")

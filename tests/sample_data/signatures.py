"""How the tests of planted signatures read a world: who acted, where, and what shows."""

import polars as pl

from sample_data.kit.markets import MARKETS

from .conftest import Sample

DAY, HOUR = pl.duration(days=1), pl.duration(hours=1)
CURRENCY = {market.currency: market for market in MARKETS}


def share(rows: pl.DataFrame, condition: pl.Expr) -> float:
    """Share of rows where a condition holds; null counts as no."""
    return float(rows.select(condition.fill_null(value=False).mean()).item() or 0.0)


def inside(value: float, span: tuple[float, float], slack: float = 0.0) -> bool:
    """Whether a value lies in a span, or within `slack` of it."""
    return span[0] - slack <= value <= span[1] + slack


def ring_truth(sample: Sample) -> pl.DataFrame:
    """The truth by ring."""
    return pl.read_parquet(sample.world.truth_path.parent / "stories.parquet")


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


def members(sample: Sample, typology: str, entity_type: str, role: str) -> pl.DataFrame:
    """Planted entities of one typology and role, all columns; the id is `<entity_type>_id`."""
    rows = sample.members(typology, entity_type)
    return rows.filter(pl.col("role") == role).rename({"entity_id": f"{entity_type}_id"})


def while_acting() -> pl.Expr:
    """Orders between the first and last day of the member they were joined to."""
    return pl.col("created_at").is_between("since", "until")


def median(rows: pl.DataFrame, value: str | pl.Expr) -> float:
    """Median of a column or expression as a number."""
    return _number(rows, _of(value).cast(pl.Float64).median())


def mean(rows: pl.DataFrame, value: str | pl.Expr) -> float:
    """The same of the mean."""
    return _number(rows, _of(value).mean())


def _of(value: str | pl.Expr) -> pl.Expr:
    return pl.col(value) if isinstance(value, str) else value


def _number(rows: pl.DataFrame, value: pl.Expr) -> float:
    number = rows.select(value).item()
    assert number is not None
    return float(number)


def local_hour() -> pl.Expr:
    """Hour of the order on the market's own clock."""
    offset = pl.col("currency").replace_strict(
        {code: market.utc_offset_hours for code, market in CURRENCY.items()},
        return_dtype=pl.Int64,
    )
    return (pl.col("created_at") + pl.duration(hours=offset)).dt.hour()


def ring_orders(sample: Sample, typology: str, *keys: str) -> pl.DataFrame:
    """Orders between members of one ring, by the kinds of member named."""
    rows = sample.orders
    for number, entity_type in enumerate(keys):
        members = acting(sample, typology, entity_type)
        on = [f"{entity_type}_id"] if number == 0 else ["ring_id", f"{entity_type}_id"]
        extra = ["variant", "since", "until"] if number == 0 else []
        rows = rows.join(members.select("ring_id", f"{entity_type}_id", *extra), on=on)
    return rows.filter(pl.col("created_at").is_between("since", "until"))

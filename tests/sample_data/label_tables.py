"""How the tests of labels read a world: who was active, who was guilty, what was said."""

import polars as pl

from tests.sample_data.conftest import Sample

ENTITY_TYPES = ("merchant", "creator", "product", "buyer")
NAMED = {
    "merchant": ("merchants", "merchant_id", "name"),
    "creator": ("creators", "creator_id", "handle"),
    "product": ("products", "product_id", "title"),
    "buyer": ("buyers", "buyer_id", "name"),
}


def active(sample: Sample, entity_type: str) -> pl.DataFrame:
    """Ids of entities that did something: sold, bought, or went live."""
    key = NAMED[entity_type][1]
    parts = [sample.table("orders")[key]]
    if entity_type == "creator":
        parts.append(sample.table("live_sessions")[key])
    ids = pl.concat(parts).drop_nulls().unique()
    return pl.DataFrame({"entity_id": ids})


def guilty(sample: Sample) -> pl.DataFrame:
    """Bad entities with their first wrong: victims and look-alikes are none."""
    wrong = sample.truth.filter(~pl.col("is_hard_negative") & (pl.col("role") != "victim"))
    wrong = wrong.sort("started_at", "ring_id").unique(
        ("entity_type", "entity_id"), keep="first", maintain_order=True
    )
    return wrong.select("entity_type", "entity_id", "started_at", true_typology="typology")


def labels_with_truth(sample: Sample) -> pl.DataFrame:
    """Labels with what was true when somebody looked: `is_bad`, `true_typology`."""
    keys = ["entity_type", "entity_id"]
    rows = sample.table("labels").join(guilty(sample), on=keys, how="left", maintain_order="left")
    began = (pl.col("started_at") <= pl.col("observed_at")).fill_null(value=False)
    return rows.with_columns(is_bad=began)


def days_in(sample: Sample, column: str) -> pl.Expr:
    """Whole days from the start of the data to an instant."""
    return (pl.col(column).dt.date() - pl.lit(sample.world.settings.start)).dt.total_days()

"""The money and harm of a case, member by member: the rows of what its brief says of them."""

from __future__ import annotations

import polars as pl

from dashboard import text
from dashboard.columns import mapped
from dashboard.view_models.ring_sentences import BEARERS, HARMED


def money_table(members: pl.DataFrame, taken: pl.DataFrame) -> pl.DataFrame:
    """Members with anything to lose or lost, most first, as display columns with `node_key`.

    `members` are rows of `pages/case/members` with `is_waiting`; of whoever does not wait
    nothing is still to be lost. `taken` are rows of `pages/case/money`, of a ring alone.
    """
    ahead = members.select(
        "node_key",
        mapped(members, "name", text.plain).alias("name"),
        *(
            pl.when("is_waiting").then(pl.col(name)).otherwise(None).alias(name)
            for name in ("loss_forward_usd", "harm_usd", "held_usd", "horizon_days", "loss_bearer")
        ),
    )
    said = {key: _said(rows) for (key,), rows in taken.group_by("node_key")}
    amounts = [pl.col(name).fill_null(0.0) for name in ("loss_forward_usd", "harm_usd", "held_usd")]
    past = pl.Series("taken", [said.get(key, "") for key in ahead["node_key"]], dtype=pl.String)
    sums = taken.group_by("node_key").agg(pl.col("usd").sum().alias("taken_usd"))
    table = ahead.with_columns(past).join(sums, on="node_key", how="left")
    order = pl.sum_horizontal(*amounts, pl.col("taken_usd").fill_null(0.0))
    return (
        table.filter(order > 0.0)
        .with_columns(
            pl.col("loss_bearer").replace_strict(
                {"nobody": "", **BEARERS}, default="", return_dtype=pl.String
            ),
            pl.lit("Open").alias("open"),
        )
        .sort(order, "node_key", descending=[True, False])
    )


def _said(rows: pl.DataFrame) -> str:
    """`buyers $1.2K; reviews that others read $30`."""
    parts = [
        f"{(HARMED if is_harm else BEARERS).get(bearer, bearer)} {text.money(usd)}"
        for is_harm, bearer, usd in rows.select("is_harm", "bearer", "usd").iter_rows()
    ]
    return text.plain("; ".join(parts), length=44)

"""An entity's orders and live sessions, page by page, as display columns."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import polars as pl

from dashboard import text
from dashboard.columns import mapped
from dashboard.view_models import words

PAGE_SIZE = 25
SHORT = 16
"""Letters of a name beside which eight more columns stand."""
# Identifier columns of the page; the caller masks them before they get here.
IDENTIFIERS = ("device_id", "address_id", "payment_token_id")


@dataclass(frozen=True)
class PagedTable:
    """One page of a table with the total behind it."""

    table: pl.DataFrame
    total: int
    page: int
    pages: int
    caption: str


def orders_view(entity_type: str, orders: pl.DataFrame, page: int) -> PagedTable:
    """One page of `pages/investigate/orders`; the other side of the trade is named.

    `other_key` and `product_key` say whom the names lead to; how it ended is one sentence.
    """
    other = "merchant" if entity_type == "buyer" else "buyer"
    stars = pl.when(pl.col("rating").is_not_null()).then(pl.format("{} ★", "rating"))
    reason = _words(orders, "refund_reason").str.to_lowercase()
    table = orders.select(
        "order_id",
        "created_at",
        mapped(orders, f"{other}_name", _short).alias("other"),
        mapped(orders, "product_title", _short).alias("product"),
        (pl.lit(f"{other}:") + pl.col(f"{other}_id")).alias("other_key"),
        (pl.lit("product:") + pl.col("product_id")).alias("product_key"),
        _words(orders, "channel"),
        "paid_usd",
        "voucher_usd",
        pl.concat_str(
            pl.concat_str(_words(orders, "outcome"), reason, separator=": ", ignore_nulls=True),
            stars,
            separator=", ",
            ignore_nulls=True,
        ).alias("outcome"),
        *IDENTIFIERS,
        billed=pl.col("is_billing_match").replace_strict(
            {True: "same address", False: "elsewhere"}, default=None, return_dtype=pl.String
        ),
    )
    return _paged(table, orders, page, "order")


def sessions_view(sessions: pl.DataFrame, page: int) -> PagedTable:
    """One page of `pages/investigate/sessions`; each row opens its room."""
    titles = mapped(sessions, "title", lambda title: text.plain(title, length=19))
    table = sessions.drop("total_count").with_columns(titles)
    return _paged(table, sessions, page, "live session")


def _short(name: object) -> str:
    """A name in a narrow column: cut with a sign, never in the middle of a letter."""
    return text.plain(name, length=SHORT)


def _paged(table: pl.DataFrame, source: pl.DataFrame, page: int, noun: str) -> PagedTable:
    total = int(source["total_count"][0]) if len(source) else 0
    first = (page - 1) * PAGE_SIZE
    span = f"{first + 1:,} to {first + len(source):,} of " if total > len(source) else ""
    return PagedTable(
        table, total, page, max(1, ceil(total / PAGE_SIZE)), span + text.plural(total, noun)
    )


def _words(rows: pl.DataFrame, column: str) -> pl.Series:
    return mapped(rows, column, words.sentence_case, skip_nulls=True)

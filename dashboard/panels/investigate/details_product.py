"""A listing: its price in the category, its versions, its reviews, and its twins."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import streamlit as st

from dashboard.access import viewer
from dashboard.charts.details import price_chart, review_chart
from dashboard.components import look, scope
from dashboard.components.in_view import in_view
from dashboard.components.links import go
from dashboard.store import build, data_version, read
from dashboard.text import md_escape
from dashboard.view_models.details import (
    STANDINGS,
    price_sentence,
    review_days,
    review_sentence,
    twins_sentence,
    twins_table,
    versions_table,
)

if TYPE_CHECKING:
    from dashboard.state import EntityRef
    from dashboard.view_models.header import HeaderView


def _twins(entity: EntityRef, _: HeaderView) -> None:
    """From a listing that was taken down to where its picture came back, and from there to it."""
    twins = read("pages/investigate/product_twins", entity_id=entity.entity_id)
    st.markdown("**Twins**", help=_TWINS)
    st.caption(md_escape(twins_sentence(twins)))
    if twins.is_empty():
        return
    key = f"twins-{data_version()}-{entity.key}"
    keys = tuple(f"product:{twin}" for twin in twins["twin_id"])
    rows = twins_table(_named(twins)).with_columns(pl.lit("Open").alias("open"))
    look.table(
        rows.with_columns(pl.concat_list("standing")),
        {
            "standing": look.badge_column(
                "Standing", [*STANDINGS.values()], ["red", "orange", "gray"], width=140
            ),
            "title": look.text_column("Listing", width=220),
            "open": look.button_column("", f"{key}-open", _open, (f"{key}-open", keys)),
            "shop": look.text_column("Shop", width=130),
            "shared": look.text_column("Shares", width=110),
            "alike_since": st.column_config.DateColumn("Since", format="YYYY-MM-DD", width=88),
            "gone_at": st.column_config.DateColumn("Gone", format="YYYY-MM-DD", width=88),
            "price_usd": look.money_column("Price", whole=False, width=76),
        },
        alt=f"{len(rows)} listings with its picture or title, those that came after it first",
        key=key,
        most_rows=8,
    )


def _open(slot: str, keys: tuple[str, ...]) -> None:
    """To the details of a twin, whose own twins lead back."""
    go("investigate", {"entity": keys[st.session_state[slot]["row"]], "tab": "details"})


def _price(entity: EntityRef, _: HeaderView) -> None:
    versions = read("pages/investigate/product_versions", entity_id=entity.entity_id)
    st.markdown("**Price and versions**", help=_PRICE)
    sentence = price_sentence(versions)
    st.caption(md_escape(sentence))
    if versions.is_empty():
        return
    look.chart(
        price_chart(versions, build().as_of, look.palette()),
        alt=f"Price by version. {sentence}",
        key=f"price-{entity.key}",
    )
    rows = versions_table(versions)
    look.table(
        rows,
        {
            "version": look.number_column("No.", width=44),
            "valid_from": st.column_config.DateColumn("From", format="YYYY-MM-DD", width=92),
            "changed": look.text_column("Changed", width=186),
            "title": look.text_column("Title", width=180),
            "price_usd": look.money_column("Price", whole=False, width=80),
            "median_usd": look.money_column("Category", whole=False, width=84, tip="Median"),
            "of_median": look.number_column("Of it", look.PERCENT, width=74),
            "peer_count": look.number_column("Peers", width=60),
        },
        alt=f"{len(rows)} versions of the listing, the first first",
        key=f"versions-{data_version()}-{entity.key}",
        most_rows=8,
    )


def _reviews(entity: EntityRef, _: HeaderView) -> None:
    days = review_days(read("pages/investigate/product_review_days", entity_id=entity.entity_id))
    sentence = review_sentence(days)
    st.markdown("**Reviews by day**")
    st.caption(md_escape(sentence))
    if days.is_empty():
        return
    figure, alt = review_chart(days, look.palette()), f"Reviews by day and stars. {sentence}"
    in_view(
        figure,
        lambda: look.chart(figure, alt=alt, key=f"reviews-{entity.key}"),
        alt=alt,
        place="reviews",
        shows=entity.key,
    )


def _named(twins: pl.DataFrame) -> pl.DataFrame:
    """Titles and shops of other markets are not told to who does not see them."""
    allowed = viewer().markets
    if not allowed:
        return twins
    is_seen = pl.col("market").is_in(list(allowed))
    return twins.with_columns(
        pl.when(is_seen).then(name).otherwise(pl.lit(scope.OUTSIDE)).alias(name)
        for name in ("title", "merchant_name")
    )


_TWINS = (
    "Listings with the same picture, or of unrelated shops with nearly the same title. Relisted: "
    "it showed picture or title after this one was taken down, or the shop of this one closed."
)
_PRICE = "The middle half: a quarter of the listings on sale in category and market cost less."
draw_product = (_price, _twins, _reviews)

"""What only one type of subject has: prices, twins, vouchers, channels, videos, payouts, parcels.

Frames in, display columns out; names are plain text, and each table has its sentence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from dashboard import text, theme
from dashboard.columns import mapped
from dashboard.view_models import words

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_ROWS = 200
"""Rows of one table; the sentence below says when there are more."""
STANDINGS = {
    "relisted": "Relisted",
    "before": "Taken down before",
    "beside": "Beside it",
}
CHANNELS = {"live": "Live", "video": "Short video", "affiliate": "Affiliate link"}
_TITLE, _NAME, _CLAIM = 44, 22, 70


# ---------------------------------------------------------------- product


def versions_table(versions: pl.DataFrame) -> pl.DataFrame:
    """`product_versions` as display columns: what changed, and the place in the category."""
    rows = versions.rows(named=True)
    before = [None, *rows[:-1]]
    return versions.select(
        "version",
        "valid_from",
        "price_usd",
        "low_usd",
        "median_usd",
        "high_usd",
        "peer_count",
        mapped(versions, "title", _short(_TITLE)).alias("title"),
        pl.Series("changed", [_changed(one, two) for one, two in zip(before, rows, strict=True)]),
        (pl.col("price_usd") / pl.col("median_usd")).alias("of_median"),
    )


def _changed(before: dict[str, Any] | None, now: dict[str, Any]) -> str:
    if before is None:
        return "as listed"
    names = {"price_usd": "price", "title": "title", "image_id": "picture", "category": "category"}
    said = [word for name, word in names.items() if before[name] != now[name]]
    return text.joined(said) or "nothing shown"


def price_sentence(versions: pl.DataFrame) -> str:
    """Where the last price stands among the listings of its category."""
    if versions.is_empty():
        return "No versions of this listing were delivered."
    last = versions.row(-1, named=True)
    if not last["peer_count"]:
        return "No other listing of its category was on sale then."
    price, low, high = (last[name] for name in ("price_usd", "low_usd", "high_usd"))
    peers = text.plural(last["peer_count"], "listing")
    span = f"{text.money(low, compact=False)} to {text.money(high, compact=False)}"
    if price is None:
        return f"It has no price; the middle half of {peers} of its category cost {span}."
    place = "within" if low <= price <= high else "below" if price < low else "above"
    return (
        f"{text.money(price, compact=False)}, {place} the middle half of its category "
        f"({span}, {peers} on sale when the price began)."
    )


def review_days(days: pl.DataFrame) -> pl.DataFrame:
    """`product_review_days` with `mean`: of all reviews until the end of the day."""
    counts = pl.col("low") + pl.col("middle") + pl.col("high")
    return days.with_columns(mean=pl.col("stars").cum_sum() / counts.cum_sum())


def review_sentence(days: pl.DataFrame) -> str:
    """How many reviews, how good, and what the busiest day brought."""
    if days.is_empty():
        return "Nobody has reviewed it."
    counts = days["low"] + days["middle"] + days["high"]
    total, busiest = int(counts.sum()), int(counts.arg_max() or 0)
    mean = float(days["stars"].sum()) / total
    share = text.percent(float(counts[busiest]) / total, digits=0)
    return (
        f"{text.plural(total, 'review')}, {mean:.2f} stars in the mean; "
        f"{days['day'][busiest]:%Y-%m-%d} brought {share} of them."
    )


def twins_table(twins: pl.DataFrame) -> pl.DataFrame:
    """`product_twins` as display columns, names that the viewer may see."""
    likeness = [
        text.joined(
            (["picture"] if row["by_picture"] else [])
            + ([f"title {text.percent(row['likeness'], digits=0)}"] if row["likeness"] else [])
        )
        for row in twins.iter_rows(named=True)
    ]
    return twins.select(
        pl.col("standing").replace_strict(STANDINGS),
        mapped(twins, "title", _short(_TITLE)).alias("title"),
        mapped(twins, "merchant_name", _short(_NAME)).alias("shop"),
        pl.Series("shared", likeness, dtype=pl.String),
        "alike_since",
        "gone_at",
        "price_usd",
    )


def twins_sentence(twins: pl.DataFrame) -> str:
    """How many there are of each standing."""
    if twins.is_empty():
        return "No other listing shows its picture or nearly its title."
    counts = {code: int((twins["standing"] == code).sum()) for code in STANDINGS}
    said = []
    if counts["relisted"]:
        said.append(f"{counts['relisted']:,} showed it after this one was taken down")
    if counts["before"]:
        said.append(f"{counts['before']:,} had been taken down when this one showed it")
    if counts["beside"]:
        said.append(f"{counts['beside']:,} on sale beside it")
    sentence = "; ".join(said)
    return f"{sentence[0].upper()}{sentence[1:]}."


# ---------------------------------------------------------------- buyer


def vouchers_table(vouchers: pl.DataFrame) -> pl.DataFrame:
    """`buyer_vouchers` as display columns, with how far the basket lay above the minimum."""
    ends = [
        "cancelled" if row["is_cancelled"] else "money back" if row["is_refunded"] else "kept"
        for row in vouchers.iter_rows(named=True)
    ]
    return vouchers.select(
        "created_at",
        _words(vouchers, "kind"),
        _words(vouchers, "funded_by"),
        "discount_usd",
        "items_usd",
        "min_spend_usd",
        (pl.col("items_usd") - pl.col("min_spend_usd")).alias("above_usd"),
        pl.Series("ended", ends, dtype=pl.String),
        "voucher_id",
        "order_id",
    )


def vouchers_sentence(vouchers: pl.DataFrame) -> str:
    """What was taken off in all, by whom it was paid, and of how many new-buyer vouchers."""
    if vouchers.is_empty():
        return "No voucher was redeemed."
    total = float(vouchers["discount_usd"].sum())
    platform = float(vouchers.filter(pl.col("funded_by") == "platform")["discount_usd"].sum())
    new = int((vouchers["kind"] == "new_buyer").sum())
    also = f"; {text.plural(new, 'voucher')} for new buyers" if new else ""
    return (
        f"{text.money(total, compact=False)} off in {_rows(vouchers, 'order')}, "
        f"{text.money(platform, compact=False)} of it paid by the platform{also}."
    )


def refunds_table(refunds: pl.DataFrame) -> pl.DataFrame:
    """`buyer_refunds` as display columns, with the days from delivery to the request."""
    waited = (pl.col("requested_at") - pl.col("delivered_at")).dt.total_minutes() / 1440.0
    ends = ["paid" if at is not None else "refused or open" for at in refunds["refunded_at"]]
    return refunds.select(
        "requested_at",
        _words(refunds, "reason"),
        _words(refunds, "kind"),
        "amount_usd",
        pl.Series("ended", ends, dtype=pl.String),
        waited.alias("days"),
        mapped(refunds, "product_title", _short(_NAME)).alias("product"),
        mapped(refunds, "claim_text", _short(_CLAIM), skip_nulls=True).alias("claim"),
        "order_id",
    )


def refunds_sentence(refunds: pl.DataFrame) -> str:
    """How many, how much came back, and the reason given most."""
    if refunds.is_empty():
        return "No refund was asked for."
    paid = float(refunds.filter(pl.col("refunded_at").is_not_null())["amount_usd"].sum())
    reasons = refunds["reason"].drop_nulls().value_counts().sort(
        "count", "reason", descending=[True, False]
    )  # fmt: skip
    most = ""
    if len(reasons):
        reason, count = reasons.row(0)
        most = f"; {count:,} of them {words.sentence_case(reason).lower()}"
    asked = _rows(refunds, "request")
    return f"{asked}, {text.money(paid, compact=False)} paid back{most}."


def things_table(things: pl.DataFrame) -> pl.DataFrame:
    """`buyer_things` as display columns; identifiers are masked by the caller."""
    return things.select(
        pl.col("relation").replace_strict(theme.IDENTIFIER_LABELS, default=pl.col("relation")),
        "identifier_id",
        "first_seen_at",
        "last_seen_at",
        "times",
        "other_accounts",
        mapped(things, "other_name", _short(_NAME), skip_nulls=True).alias("other"),
        pl.when("is_hub").then(pl.lit("a crowd: says little")).otherwise(pl.lit("")).alias("note"),
    )


def things_sentence(things: pl.DataFrame) -> str:
    """How many are shared with somebody, crowds left out."""
    if things.is_empty():
        return "No device, address, card or network of it is known."
    shared = things.filter((pl.col("other_accounts") > 0) & ~pl.col("is_hub"))
    said = "none of them" if shared.is_empty() else f"{len(shared):,} of them"
    return f"{_rows(things, 'thing')}; {said} used by another account too, crowds not counted."


# ---------------------------------------------------------------- creator


def funnel_table(funnel: pl.DataFrame) -> pl.DataFrame:
    """`creator_funnel` as display columns."""
    return funnel.with_columns(pl.col("channel").replace(CHANNELS))


def funnel_sentence(funnel: pl.DataFrame, peer_group: str) -> str:
    """Whom the rates of peers are of."""
    if funnel.is_empty():
        return "No room, video or link of this creator brought anything yet."
    most = max(funnel["peers"].to_list())
    return (
        f"Peers: up to {text.plural(most, 'other creator')} of {text.plain(peer_group)} with "
        "orders in the channel, the median of their rates. What nobody counts is empty."
    )


def videos_table(videos: pl.DataFrame) -> pl.DataFrame:
    """`creator_videos` as display columns."""
    return videos.with_columns(mapped(videos, "title", _short(_TITLE)))


def videos_sentence(videos: pl.DataFrame) -> str:
    """How many videos, how much of their views and orders the first has."""
    if videos.is_empty():
        return "No short video of this creator was delivered."
    views, orders = int(videos["views"].sum()), int(videos["orders"].sum())
    share = text.percent(int(videos["views"][0] or 0) / views, digits=0) if views else text.MISSING
    return (
        f"{_rows(videos, 'video')}, {views:,} views and {text.plural(orders, 'order')}; the first "
        f"has {share} of the views. Reposts are not delivered."
    )


def video_sentence(days: pl.DataFrame) -> str:
    """What one video brought, over how many days."""
    if days.is_empty():
        return "Nobody watched it, or its days were not delivered."
    counts = {name: int(days[name].sum() or 0) for name in ("views", "likes", "comments", "clicks")}
    orders = text.plural(int(days["orders"].sum()), "order")
    usd = text.money(float(days["paid_usd"].sum()), compact=False)
    said = ", ".join(f"{count:,} {name}" for name, count in counts.items())
    return f"{said} and {orders} for {usd} on {text.plural(len(days), 'day')}."


# ---------------------------------------------------------------- merchant


def payouts_sentence(weeks: pl.DataFrame) -> str:
    """What left, what is held and since when it may leave, what came back."""
    if weeks.is_empty():
        return "No settlement of this shop was delivered."
    left, held, back = (
        float(weeks[name].sum()) for name in ("settled_usd", "held_usd", "clawed_back_usd")
    )
    waiting = weeks["held_free_on"].drop_nulls().to_list()
    since = f" (free from {min(waiting):%Y-%m-%d})" if waiting else ""
    return (
        f"{text.money(left, compact=False)} paid out, {text.money(held, compact=False)} held"
        f"{since}, {text.money(back, compact=False)} taken back."
    )


def listings_table(listings: pl.DataFrame) -> pl.DataFrame:
    """`merchant_listings` as display columns, with the deepest cut from the first price."""
    return listings.with_columns(
        mapped(listings, "title", _short(_TITLE)),
        cut=(1 - pl.col("lowest_usd") / pl.col("first_usd")).clip(0.0),
    )


def listings_sentence(listings: pl.DataFrame) -> str:
    """How many, how many gone, how many changed."""
    if listings.is_empty():
        return "This shop has no listing."
    gone = int(listings["removed_at"].is_not_null().sum())
    changed = int((listings["versions"].fill_null(1) > 1).sum())
    return f"{_rows(listings, 'listing')}; {gone:,} taken down, {changed:,} changed since listed."


def fulfilment_table(weeks: pl.DataFrame) -> pl.DataFrame:
    """`merchant_fulfilment` with the share of what was shipped late."""
    late = pl.when(pl.col("shipped") > 0).then(pl.col("late") / pl.col("shipped"))
    return weeks.with_columns(late_share=late)


def _rows(rows: pl.DataFrame, noun: str) -> str:
    """As in "12 orders", or "the first 200 orders" of more."""
    said = text.plural(len(rows), noun)
    return f"The first {said}" if len(rows) >= MOST_ROWS else said


def _short(length: int) -> Callable[[object], str]:
    return lambda name: text.plain(name, length=length)


def _words(rows: pl.DataFrame, column: str) -> pl.Series:
    return mapped(rows, column, words.sentence_case, skip_nulls=True)

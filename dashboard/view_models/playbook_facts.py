"""What a playbook asks for and no day shows: figures beside peers, and reasons of refunds.

A share of parcels or a number of accounts says something only beside that of its peers, so those
that nine of ten peers do not reach stand first. Reasons stand beside what as many orders of the
same category, market and month make: of apparel a wrong size is no news, of chargers it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from dashboard import text
from dashboard.view_models import words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LEAST_PEERS = 20


@dataclass(frozen=True)
class Figure:
    """One number of a subject in words, marked where it lies beyond nine of ten peers."""

    label: str
    value: str
    bound: str
    """Where nine of ten peers lie."""
    is_beyond: bool


def figures_of(entity_type: str, figures: pl.DataFrame) -> tuple[Figure, ...]:
    """Of `pages/investigate/subject_figures`, those beyond peers first."""
    # Of a group of few the whole type stands in.
    usable = figures.filter(~pl.col("is_group") | (pl.col("entities") >= LEAST_PEERS))
    by_feature = {row["feature"]: row for row in usable.sort("is_group").iter_rows(named=True)}
    said = [
        _figure(entity_type, by_feature[feature])
        for feature in words.catalogue(entity_type)
        if feature in by_feature
    ]
    return tuple(
        sorted((one for one in said if one.value.strip()), key=lambda one: not one.is_beyond)
    )


def _figure(entity_type: str, row: Mapping[str, Any]) -> Figure:
    feature, value = row["feature"], row["figure"]
    direction = words.catalogue(entity_type)[feature].direction
    is_low = direction == "low"
    edge = row["p10"] if is_low else row["p90"]
    is_further = value < edge if is_low else value > edge
    is_beyond = is_further and direction != "none"
    mark = ("▼ " if is_low else "▲ ") if is_beyond else ""
    bound = words.feature_value(entity_type, feature, edge)
    is_answer = words.catalogue(entity_type)[feature].shown == "yes_no"
    return Figure(
        words.feature_label(entity_type, feature),
        f"{mark}{words.feature_value(entity_type, feature, value)}",
        bound if is_answer else f"{'≥' if is_low else '≤'} {bound}",
        is_beyond,
    )


def figures_caption(figures: Sequence[Figure]) -> str:
    """How many lie where one peer in ten does."""
    beyond = sum(one.is_beyond for one in figures)
    if not beyond:
        return "None lies beyond nine of ten peers."
    lie = "lies" if beyond == 1 else "lie"
    return f"{beyond:,} of {len(figures):,} {lie} beyond nine of ten peers (▲ above, ▼ below)."


def reasons_table(reasons: pl.DataFrame) -> pl.DataFrame:
    """`refund_reasons` as columns: reason, requests, rate, usual rate, times, money."""
    per_order = pl.col("orders").cast(pl.Float64)
    return reasons.select(
        pl.Series("label", [words.sentence_case(one) for one in reasons["reason"]], pl.String),
        "requests",
        rate=pl.col("requests") / per_order,
        usual=pl.col("usual") / per_order,
        times=pl.when(pl.col("usual") > 0.0).then(pl.col("requests") / pl.col("usual")),
        amount_usd="amount_usd",
    )


def reasons_caption(reasons: pl.DataFrame) -> str:
    """How often money was asked back in all, beside the usual; of these reasons."""
    requests, orders = int(reasons["requests"].sum()), int(reasons["orders"][0])
    said = f"{text.plural(requests, 'request')} of {text.plural(orders, 'order')}"
    usual = reasons["usual"].sum()
    if reasons["usual"].null_count() or not usual:
        return f"{said}."
    return f"{said}; as many orders of others make {usual:,.1f} for these reasons."


def agency_sentence(agency: pl.DataFrame) -> str:
    """What a declared agency accounts for: creators of one office share devices and networks."""
    if agency.is_empty():
        return ""
    row = agency.row(0, named=True)
    shared = {"device": "on_device", "network": "on_network", "payout account": "on_account"}
    said = [
        f"its {name} with {row[column]:,} of them" for name, column in shared.items() if row[column]
    ]
    things = text.joined(said) or "no device, network or payout account with them"
    return (
        f"It declares an agency, as {text.plural(row['creators'] - 1, 'other creator')} "
        f"{'does' if row['creators'] == 2 else 'do'}; it shares {things}."  # noqa: PLR2004
    )

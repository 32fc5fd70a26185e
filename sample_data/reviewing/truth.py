"""What really happened: every planted entity, its ring, its role, its time and its loss.

Written apart from the raw tables; the pipeline and the app never open it. A loss
per entity is what passed through that entity, so entities of one ring must not be
added up; a ring's loss by bearer counts each order once.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from sample_data.actors.world import NEVER
from sample_data.kit.plan import PlannedStories
from sample_data.kit.plan_records import Ring

# What one order may lose, in minor units, by the `amount` of a loss.
AMOUNTS = {
    "items": pl.col("items"),
    "paid": pl.col("paid"),
    "kept": pl.col("paid") - pl.col("refunded_minor"),
    "voucher": pl.col("taken"),
    "shipping": pl.col("shipping"),
    "commission": (pl.col("items") * pl.col("commission_rate")).round(0),
    "refund": pl.col("refunded_minor"),
}
SLOT_FEE = "slot_fee"  # measured per session, not per order
BEARERS = ("platform", "merchant", "buyer", "creator", "cardholder", "rival")
KEYS = {"merchant": "merchant", "creator": "creator", "product": "product", "buyer": "buyer"}
MEMBER_KEYS = ("ring", "entity_type", "entity")
LINGER_S = 5 * 86_400  # sessions so long after a ring's end still carry its price


@dataclass(frozen=True)
class Ledger:
    """What the stories planned, and the orders and sessions of the whole period."""

    stories: PlannedStories
    orders: pl.DataFrame  # planted ones, see `of_stories`
    sessions: pl.DataFrame

    @property
    def members(self) -> pl.DataFrame:
        """Each entity of a ring once."""
        rows = self.stories.members.rows()
        return rows.unique(MEMBER_KEYS, keep="first", maintain_order=True)


def of_stories(orders: pl.DataFrame, refunds: pl.DataFrame) -> pl.DataFrame:
    """The planted orders of a block with what of them went back, as little as truth needs."""
    back = (
        refunds.filter(pl.col("refunded_at") != NEVER)
        .group_by("row")
        .agg(refunded_minor=pl.col("amount_minor").sum())
    )
    columns = ["ring", "at", "items", "paid", "taken", "shipping", "commission_rate"]
    rows = orders.with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
    rows = rows.filter(pl.col("ring") >= 0)
    rows = rows.join(back, on="row", how="left", maintain_order="left")
    return rows.select(*columns, "usd_per_unit", *KEYS, pl.col("refunded_minor").fill_null(0))


def _order_losses(rings: Sequence[Ring], orders: pl.DataFrame) -> pl.DataFrame:
    """One row per planted order and bearer: `ring`, keys, `bearer`, `micros` of a USD."""
    parts = [orders.head(0).with_columns(bearer=pl.lit(""), micros=pl.lit(0, dtype=pl.Int64))]
    terms = {
        (loss.bearer, loss.amount, loss.share)
        for ring in rings
        for loss in ring.losses
        if loss.amount != SLOT_FEE
    }
    for bearer, amount, share in sorted(terms):
        mine = [
            number
            for number, ring in enumerate(rings)
            if any((x.bearer, x.amount, x.share) == (bearer, amount, share) for x in ring.losses)
        ]
        micros = AMOUNTS[amount].cast(pl.Float64) * share * 10_000.0 * pl.col("usd_per_unit")
        parts.append(
            orders.filter(pl.col("ring").is_in(mine)).with_columns(
                bearer=pl.lit(bearer), micros=micros.round(0).cast(pl.Int64)
            )
        )
    return pl.concat(parts)


def _slot_fees(ledger: Ledger, members: pl.DataFrame) -> pl.DataFrame:
    """Slot fees of the sessions inside each ring that loses them: `ring`, `creator`, `micros`."""
    share = {
        number: loss.share
        for number, ring in enumerate(ledger.stories.rings)
        for loss in ring.losses
        if loss.amount == SLOT_FEE
    }
    hosts = members.filter((pl.col("entity_type") == "creator") & pl.col("ring").is_in(list(share)))
    paid = hosts.join(ledger.sessions, left_on="entity", right_on="creator")
    paid = paid.filter(pl.col("start").is_between(pl.col("since"), pl.col("until") + LINGER_S))
    fee = (pl.col("slot_fee_minor") * 10_000.0 * pl.col("usd_per_unit")).round(0).cast(pl.Int64)
    return paid.group_by("ring", "entity").agg(micros=fee.sum())


def _ring_columns(rings: Sequence[Ring]) -> pl.DataFrame:
    """What a member's row says about its ring."""
    return pl.DataFrame(
        {
            "ring": pl.Series(range(len(rings)), dtype=pl.Int64),
            "typology": [ring.typology for ring in rings],
            "variant": [ring.variant for ring in rings],
            "is_hard_negative": [ring.is_hard_negative for ring in rings],
            "loss_bearer": [
                ", ".join(dict.fromkeys(x.bearer for x in ring.losses)) for ring in rings
            ],
            "clears_because": [ring.clears_because for ring in rings],
        }
    )


def by_entity(ledger: Ledger) -> pl.DataFrame:
    """One row per planted entity and ring: positions, instants in seconds, loss in USD."""
    rings, members = ledger.stories.rings, ledger.members
    losses = _order_losses(rings, ledger.orders).group_by("ring", *KEYS).agg(pl.col("micros").sum())
    fees = _slot_fees(ledger, members).with_columns(entity_type=pl.lit("creator"))
    fees = fees.rename({"micros": "fee_micros"})
    rows = members.join(_ring_columns(rings), on="ring", how="left", maintain_order="left")
    for part in (_active_spans(ledger.orders), _passed_through(losses), fees):
        rows = rows.join(part, on=MEMBER_KEYS, how="left", maintain_order="left")
    micros = pl.col("micros").fill_null(0) + pl.col("fee_micros").fill_null(0)
    return rows.with_columns(
        started=pl.min_horizontal("first", "since"),
        ended=pl.coalesce("last", "until"),
        loss_usd=pl.when("is_hard_negative").then(0.0).otherwise((micros / 1e6).round(2)),
    ).sort(*MEMBER_KEYS)


def _active_spans(orders: pl.DataFrame) -> pl.DataFrame:
    """First and last planted order of each entity in each ring."""
    parts = [
        orders.filter(pl.col(column) >= 0)
        .group_by("ring", entity=pl.col(column))
        .agg(first=pl.col("at").min(), last=pl.col("at").max())
        .with_columns(entity_type=pl.lit(entity_type))
        for entity_type, column in KEYS.items()
    ]
    return pl.concat(parts)


def _passed_through(losses: pl.DataFrame) -> pl.DataFrame:
    """What passed through each entity of each ring."""
    parts = [
        losses.filter(pl.col(column) >= 0)
        .group_by("ring", entity=pl.col(column))
        .agg(pl.col("micros").sum())
        .with_columns(entity_type=pl.lit(entity_type))
        for entity_type, column in KEYS.items()
    ]
    return pl.concat(parts)


def bad(members: pl.DataFrame) -> pl.DataFrame:
    """Earliest planted wrong of each entity: `entity_type`, `entity`, `typology`, `started`, ...

    Victims are not bad; an account taken over behaves badly and is.
    """
    wrong = members.filter(~pl.col("is_hard_negative") & (pl.col("role") != "victim"))
    wrong = wrong.sort("started", "ring", "entity_type", "entity")
    return wrong.unique(("entity_type", "entity"), keep="first", maintain_order=True)


def _ring_losses(ledger: Ledger, members: pl.DataFrame) -> pl.DataFrame:
    """What each ring cost each bearer: `ring`, `bearer`, `micros`; an order counts once."""
    rings = ledger.stories.rings
    losses = _order_losses(rings, ledger.orders).group_by("ring", "bearer")
    of_orders = losses.agg(pl.col("micros").sum())
    bearer_of_fee = {
        number: loss.bearer
        for number, ring in enumerate(rings)
        for loss in ring.losses
        if loss.amount == SLOT_FEE
    }
    fees = _slot_fees(ledger, members.select("ring", "entity_type", "entity", "since", "until"))
    bearer = pl.col("ring").replace_strict(bearer_of_fee, default="", return_dtype=pl.Utf8)
    of_fees = fees.group_by("ring").agg(pl.col("micros").sum()).with_columns(bearer=bearer)
    both = pl.concat([of_orders, of_fees.select(of_orders.columns)])
    return both.group_by("ring", "bearer").agg(pl.col("micros").sum())


def by_ring(ledger: Ledger, members: pl.DataFrame) -> pl.DataFrame:
    """One row per ring: typology, variant, span, size, loss by bearer in USD, facts to find."""
    losses = _ring_losses(ledger, members)
    rows = members.group_by("ring", maintain_order=True).agg(
        typology=pl.col("typology").first(),
        variant=pl.col("variant").first(),
        is_hard_negative=pl.col("is_hard_negative").first(),
        clears_because=pl.col("clears_because").first(),
        started=pl.col("started").min(),
        ended=pl.col("ended").max(),
        entities=pl.len().cast(pl.Int64),
    )
    for bearer in BEARERS:
        mine = losses.filter(pl.col("bearer") == bearer).select(
            "ring", (pl.col("micros") / 1e6).round(2).alias(f"loss_{bearer}_usd")
        )
        rows = rows.join(mine, on="ring", how="left", maintain_order="left")
    facts = pl.Series(
        [list(ledger.stories.rings[ring].facts) for ring in rows["ring"]], dtype=pl.List(pl.Utf8)
    )
    usd = [pl.col(f"loss_{bearer}_usd").fill_null(0.0) for bearer in BEARERS]
    return rows.with_columns(*usd, facts=facts)

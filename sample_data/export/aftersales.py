"""The tables of trouble: disputes, complaints and refused payment attempts.

Beside `orders` because not every row of them names an order: a caller may not know which
one it was about, and a refused card may never have bought anything.
"""

import polars as pl

from sample_data.export.orders import in_order, money
from sample_data.export.tables import CURRENCIES, Ids, Numbers, masked_ids, moment, public_ids
from sample_data.kit.markets import per_market
from sample_data.period.complaints import TOPICS
from sample_data.period.disputes import KINDS
from sample_data.period.payments import REASONS


def _order_ids(orders: pl.DataFrame, row: pl.Series, has_order: pl.Series) -> pl.Series:
    """Order ids of rows, null where no order is named."""
    return orders["order_id"].gather(row.set(~has_order, None))


def disputes(
    cases: pl.DataFrame, orders: pl.DataFrame, _ids: Ids, numbers: Numbers
) -> pl.DataFrame:
    """The dispute table of a block, by when the bank's code reached us."""
    rows = in_order(cases, "observed_at")
    outcome = pl.Series(["won", "lost"]).gather(rows["is_lost"].cast(pl.Int64))
    return pl.DataFrame(
        {
            "dispute_id": public_ids("dsp", numbers.take("dsp", rows.height), 6),
            "order_id": orders["order_id"].gather(rows["row"]),
            "event_at": moment(rows["event_at"]),
            "observed_at": moment(rows["observed_at"]),
            "decided_at": moment(rows["decided_at"]),
            "kind": pl.Series(KINDS).gather(rows["kind"]),
            "outcome": outcome.set(rows["decided_at"] < 0, None),
            "amount_minor": rows["amount_minor"],
            **money(orders, rows["row"]),
        }
    )


def complaints(
    reports: pl.DataFrame, orders: pl.DataFrame, ids: Ids, numbers: Numbers
) -> pl.DataFrame:
    """The complaint table of a block, by report."""
    rows = in_order(reports, "observed_at")
    has_order = rows["names_order"]
    return pl.DataFrame(
        {
            "complaint_id": public_ids("cpl", numbers.take("cpl", rows.height), 6),
            "order_id": _order_ids(orders, rows["row"], has_order),
            "buyer_id": ids.of("buyer", rows["buyer"]),
            "merchant_id": ids.of("merchant", rows["merchant"].set(~has_order, -1)),
            "event_at": moment(rows["event_at"]),
            "observed_at": moment(rows["observed_at"]),
            "topic": pl.Series(TOPICS).gather(rows["topic"]),
            "body": rows["body"],
        }
    )


def declines(
    attempts: pl.DataFrame, orders: pl.DataFrame, ids: Ids, numbers: Numbers
) -> pl.DataFrame:
    """The table of refused payment attempts of a block, by time."""
    rows = in_order(attempts, "at")
    market = rows["market"]
    codes = {name: masked_ids(name, rows[name].to_numpy()) for name in ("payment", "device", "ip")}
    return pl.DataFrame(
        {
            "attempt_id": public_ids("att", numbers.take("att", rows.height), 6),
            "buyer_id": ids.of("buyer", rows["buyer"]),
            "order_id": _order_ids(orders, rows["row"], rows["row"] >= 0),
            "attempted_at": moment(rows["at"]),
            "payment_token_id": codes["payment"],
            "card_bin": rows["card_bin"],
            "device_id": codes["device"],
            "ip_id": codes["ip"],
            "amount_minor": rows["amount_minor"],
            "currency": CURRENCIES.gather(market),
            "usd_per_unit": pl.Series(per_market("usd_per_unit")[market.to_numpy()]),
            "reason": pl.Series(REASONS).gather(rows["reason"]),
        }
    )

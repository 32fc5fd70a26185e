"""The tables of trouble: disputes, complaints and refused payment attempts.

Beside `facts` because not every row of them names an order: a caller may not know which
one it was about, and a refused card may never have bought anything.
"""

import polars as pl

from sample_data.export.orders import in_order, money
from sample_data.export.tables import CURRENCIES, Ids, Numbers, masked, moment, numbered
from sample_data.kit.markets import per_market
from sample_data.period.complaints import TOPICS
from sample_data.period.disputes import KINDS
from sample_data.period.payments import REASONS


def _order_ids(placed: pl.DataFrame, row: pl.Series, named: pl.Series) -> pl.Series:
    """Order ids of rows, null where no order is named."""
    return placed["order_id"].gather(row.set(~named, None))


def disputes(
    opened: pl.DataFrame, placed: pl.DataFrame, _ids: Ids, numbers: Numbers
) -> pl.DataFrame:
    """The dispute table of a block, by when the bank's code reached us."""
    rows = in_order(opened, "observed_at")
    outcome = pl.Series(["won", "lost"]).gather(rows["is_lost"].cast(pl.Int64))
    return pl.DataFrame(
        {
            "dispute_id": numbered("dsp", numbers.take("dsp", rows.height), 6),
            "order_id": placed["order_id"].gather(rows["row"]),
            "event_at": moment(rows["event_at"]),
            "observed_at": moment(rows["observed_at"]),
            "decided_at": moment(rows["decided_at"]),
            "kind": pl.Series(KINDS).gather(rows["kind"]),
            "outcome": outcome.set(rows["decided_at"] < 0, None),
            "amount_minor": rows["amount_minor"],
            **money(placed, rows["row"]),
        }
    )


def complaints(
    told: pl.DataFrame, placed: pl.DataFrame, ids: Ids, numbers: Numbers
) -> pl.DataFrame:
    """The complaint table of a block, by report."""
    rows = in_order(told, "observed_at")
    named = rows["names_order"]
    return pl.DataFrame(
        {
            "complaint_id": numbered("cpl", numbers.take("cpl", rows.height), 6),
            "order_id": _order_ids(placed, rows["row"], named),
            "buyer_id": ids.of("buyer", rows["buyer"]),
            "merchant_id": ids.of("merchant", rows["merchant"].set(~named, -1)),
            "event_at": moment(rows["event_at"]),
            "observed_at": moment(rows["observed_at"]),
            "topic": pl.Series(TOPICS).gather(rows["topic"]),
            "body": rows["body"],
        }
    )


def declines(
    refused: pl.DataFrame, placed: pl.DataFrame, ids: Ids, numbers: Numbers
) -> pl.DataFrame:
    """The table of refused payment attempts of a block, by time."""
    rows = in_order(refused, "at")
    market = rows["market"]
    codes = {name: masked(name, rows[name].to_numpy()) for name in ("payment", "device", "ip")}
    return pl.DataFrame(
        {
            "attempt_id": numbered("att", numbers.take("att", rows.height), 6),
            "buyer_id": ids.of("buyer", rows["buyer"]),
            "order_id": _order_ids(placed, rows["row"], rows["row"] >= 0),
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

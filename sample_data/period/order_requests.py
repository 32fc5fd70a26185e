"""What actors intend: order requests with behaviour parameters, nothing emitted yet.

Honest demand and every story speak this one language; `commerce` turns it into
rows. A behaviour left NaN (or an identifier left -1) means "as usual for this
buyer, listing and channel", so that no column of the export is set by hand.
"""

from typing import Final

import numpy as np
import polars as pl

from sample_data.kit.markets import SHOP_TAB
from sample_data.kit.randomness import Floats, Ints

NONE: Final = -1  # no reference, or the usual identifier
WHAT: Final = {
    "at": NONE,  # instant of the order, seconds since 1970
    "buyer": NONE,
    "product": NONE,
    "quantity": 1,
    "channel": SHOP_TAB,
    "creator": NONE,
    "session": NONE,
    "video": NONE,
    "campaign": NONE,
    "voucher": NONE,
    "device": NONE,
    "ip": NONE,
    "address": NONE,
    "payment": NONE,
    "ring": NONE,  # planted story, for the truth table only
    "is_sample": 0,
    "is_express": NONE,
}
BEHAVIOUR: Final = (
    "commission_rate",  # share of items
    "pay_seconds",  # order to payment
    "cancel_chance",
    "click_seconds",  # last product click to order
    "prior_view",  # chance of an earlier visit
    "view_seconds",  # dwell on the listing before buying
    "billing_match",  # chance that the card is billed where the parcel goes
    "declines",  # declined attempts before the payment
    "dispatch_hours",  # payment to dispatch
    "transit_hours",  # first scan to delivery
    "scans",  # mean number of carrier scans
    "scan_gap_hours",  # dispatch mark to first scan
    "lost_chance",  # never delivered
    "address_match",  # chance that it was delivered where it was sent
    "tracking",  # number of a bought or recycled label instead of the carrier's next
    "parcel_grams",  # parcel weight instead of declared weight and packing
    "review_chance",
    "five_star_chance",  # given a review
    "review_hours",  # delivery to review
    "one_star_chance",  # given a review without five stars
    "review_sheet",  # number of the script sheet a review is typed from
    "copied_text",  # 1 = the review repeats an honest one
    "refund_chance",
    "refund_days",  # delivery to request
    "refund_reason",  # position in aftersales.REASONS
    "return_chance",  # goods sent back, given a refund
    "return_ratio",  # returned / sent weight
    "copied_claim",  # number of a copied claim text
    "complaint_chance",
    "complaint_days",  # delivery (or dispatch, when it never came) to complaint
    "complaint_topic",  # position in complaints.TOPICS
    "dispute_chance",
    "dispute_days",  # payment to the cardholder's call
    "dispute_kind",  # position in disputes.KINDS
)


DEFAULTS: Final[dict[str, int | float | str]] = {**WHAT, **dict.fromkeys(BEHAVIOUR, float("nan"))}


def intents(**request: Ints | Floats | float) -> pl.DataFrame:
    """A frame of order requests; `at` fixes the row count, the rest broadcasts or defaults."""
    unknown = set(request) - set(WHAT) - set(BEHAVIOUR)
    if unknown:
        raise TypeError(f"unknown intent columns {sorted(unknown)}")
    count = len(np.atleast_1d(request["at"]))
    columns: dict[str, Ints | Floats] = {}
    for name, default in WHAT.items():
        values = np.asarray(request.get(name, default)).astype(np.int64)
        columns[name] = np.broadcast_to(values, (count,))
    for name in BEHAVIOUR:
        behaviour = np.asarray(request.get(name, np.nan), dtype=np.float64)
        columns[name] = np.broadcast_to(behaviour, (count,))
    return pl.DataFrame(columns)


def usual(story_value: Floats, usual_value: Floats) -> Floats:
    """The given behaviour where a story set one, the drawn one elsewhere."""
    return np.where(np.isnan(story_value), usual_value, story_value)

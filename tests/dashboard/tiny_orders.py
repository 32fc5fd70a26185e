"""Orders of the tiny database, and what came after them."""

from __future__ import annotations

from typing import Any

from tests.dashboard.tiny_entities import DAYS, HOSTILE, LONG, at


def orders() -> list[dict[str, Any]]:
    """Sixty paid ones of two shops and three buyers, two a day."""
    return [
        {
            "order_id": f"ord_{i:03d}",
            "buyer_id": f"buy_{i % 3 + 1}",
            "merchant_id": f"mer_{i % 2 + 1}",
            "product_id": "prd_1",
            "creator_id": "crt_1" if i % 2 else None,
            "live_session_id": "liv_1" if i % 4 == 1 else None,
            "video_id": "vid_1" if i % 4 == 3 else None,
            "voucher_id": "vch_1" if i < 2 else None,
            "channel": "live" if i % 2 else "shop_tab",
            "created_at": at(DAYS[i // 2]),
            "counted_at": at(DAYS[i // 2]),
            "paid_at": at(DAYS[i // 2], 13),
            "cancelled_at": at(DAYS[i // 2], 14) if i == 4 else None,
            "items_usd": 20.0,
            "voucher_usd": 2.0,
            "paid_usd": 19.0,
            "device_id": f"dev_{i % 4:08x}",
            "address_id": "adr_0000beef",
            "payment_token_id": "pay_0000cafe",
            "is_billing_match": i % 2 == 0,
            "day": DAYS[i // 2],
        }
        for i in range(60)
    ]


def unpaid() -> list[dict[str, Any]]:
    """One attempt that was never paid."""
    taken = ("paid_at", "paid_usd")
    order = {name: one for name, one in orders()[0].items() if name not in taken}
    return [{**order, "order_id": "ord_unpaid", "unpaid_usd": 19.0}]


def auth_events() -> list[dict[str, Any]]:
    """A passed check of one buyer; a shop taken over within the hour."""
    last = DAYS[20]
    rows = [
        ("buyer", "buy_1", "step_up_passed", "dev_0000beef", at(last)),
        ("merchant", "mer_1", "login", "dev_000000aa", at(DAYS[1])),
        ("merchant", "mer_1", "login", "dev_000000bb", at(last, 9)),
        ("merchant", "mer_1", "password_change", "dev_000000bb", at(last, 10)),
        ("merchant", "mer_1", "bank_change", "dev_000000bb", at(last, 11)),
    ]
    return [
        {
            "auth_event_id": f"aut_{number}",
            "account_type": account_type,
            "account_id": account_id,
            "kind": kind,
            "device_id": device,
            "happened_at": moment,
            "day": moment.date(),
        }
        for number, (account_type, account_id, kind, device, moment) in enumerate(rows)
    ]


def afterwards() -> dict[str, list[dict[str, Any]]]:
    """What came of orders, and what listings said."""
    first, last = DAYS[2], DAYS[20]
    money = {"eligible_at": at(first), "clawed_back_at": None, "clawed_back_usd": None}
    return {
        "staging.settlements": [
            {
                "settlement_id": f"set_{i}",
                "order_id": f"ord_00{i}",
                "settled_at": at(last, 13) if i == 0 else None,
                "amount_usd": 17.0,
                **money,
            }
            for i in (0, 2)
        ],
        "staging.commissions": [
            {
                "commission_id": "com_1",
                "order_id": "ord_001",
                "creator_id": "crt_1",
                "paid_at": at(last),
                "amount_usd": 2.0,
                **money,
            }
        ],
        "staging.complaints": [
            {
                "complaint_id": "cpl_1",
                "order_id": "ord_002",
                "buyer_id": "buy_3",
                "merchant_id": "mer_1",
                "observed_at": at(last),
                "topic": "not_received",
                "day": last,
            }
        ],
        "staging.disputes": [
            {
                "dispute_id": "dsp_1",
                "order_id": "ord_002",
                "observed_at": at(last),
                "kind": "fraud",
                "amount_usd": 19.0,
                "day": last,
            }
        ],
        "staging.declined_payments": [
            {
                "attempt_id": "att_1",
                "buyer_id": "buy_1",
                "order_id": None,
                "attempted_at": at(first),
                "amount_usd": 19.0,
                "reason": HOSTILE,
            }
        ],
        "staging.videos": [
            {
                "video_id": "vid_1",
                "creator_id": "crt_1",
                "title": HOSTILE,
                "published_at": at(first),
            }
        ],
        "staging.video_days": [
            {
                "video_id": "vid_1",
                "day": day,
                "views": 100,
                "likes": 7,
                "comments": 2,
                "product_clicks": 5,
            }
            for day in (first, last)
        ],
        "staging.vouchers": [
            {
                "voucher_id": "vch_1",
                "kind": "new_buyer",
                "funded_by": "platform",
                "discount_usd": 2.0,
                "min_spend_usd": 18.0,
            }
        ],
        "staging.listing_versions": [
            {
                "listing_version_id": f"lsv_{version}",
                "product_id": "prd_1",
                "version": version,
                "valid_from": at(day),
                "title": LONG,
                "category": "beauty",
                "price_usd": price,
                "image_id": "img_1",
                "day": day,
            }
            for version, day, price in ((1, DAYS[0], 20.0), (2, DAYS[25], 8.0))
        ],
    }

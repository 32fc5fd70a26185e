"""A synthetic marketplace in the shape of nine public files: their columns, invented rows.

Orders have several lines, sellers share products, deliveries are missing, prices are whole
units with decimals, times are local and have no zone.
"""

from __future__ import annotations

import csv
import random
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS = {
    "olist_orders_dataset": (
        "order_id,customer_id,order_status,order_purchase_timestamp,order_approved_at,"
        "order_delivered_carrier_date,order_delivered_customer_date,order_estimated_delivery_date"
    ),
    "olist_order_items_dataset": (
        "order_id,order_item_id,product_id,seller_id,shipping_limit_date,price,freight_value"
    ),
    "olist_order_payments_dataset": (
        "order_id,payment_sequential,payment_type,payment_installments,payment_value"
    ),
    "olist_order_reviews_dataset": (
        "review_id,order_id,review_score,review_comment_title,review_comment_message,"
        "review_creation_date,review_answer_timestamp"
    ),
    "olist_customers_dataset": (
        "customer_id,customer_unique_id,customer_zip_code_prefix,customer_city,customer_state"
    ),
    "olist_sellers_dataset": "seller_id,seller_zip_code_prefix,seller_city,seller_state",
    "olist_products_dataset": (
        "product_id,product_category_name,product_name_lenght,product_description_lenght,"
        "product_photos_qty,product_weight_g,product_length_cm,product_height_cm,product_width_cm"
    ),
    "olist_geolocation_dataset": (
        "geolocation_zip_code_prefix,geolocation_lat,geolocation_lng,geolocation_city,"
        "geolocation_state"
    ),
    "product_category_name_translation": ("product_category_name,product_category_name_english"),
}
START = datetime(2018, 5, 1, 9)  # noqa: DTZ001 - local, as in the files
SELLERS, PRODUCTS, CUSTOMERS, DAYS = 12, 40, 300, 90
END = (START + timedelta(days=DAYS)).replace(hour=0)
"""The day of the export: what happened later is not in it."""

Rows = dict[str, list[list[Any]]]


def write(folder: Path, orders: int = 900) -> Path:
    """The nine files as CSV, the same every time; product 0 is sold by several sellers."""
    rng = random.Random(7)
    rows: Rows = {name: [] for name in COLUMNS}
    rows["olist_sellers_dataset"] = [
        [f"s{i}", f"0{1000 + i}", "sao paulo", "SP"] for i in range(SELLERS)
    ]
    rows["olist_products_dataset"] = [
        [f"p{i}", "beleza_saude", 40, 300, 1, 200 + i, 20, 10, 10] for i in range(PRODUCTS)
    ]
    rows["product_category_name_translation"] = [["beleza_saude", "health_beauty"]]
    rows["olist_geolocation_dataset"] = [["01001", -23.5, -46.6, "sao paulo", "SP"]]
    for number in range(orders):
        _order(rng, rows, number, START + timedelta(minutes=number * DAYS * 1440 // orders))
    folder.mkdir(parents=True, exist_ok=True)
    for name, header in COLUMNS.items():
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(header.split(","))
            writer.writerows(rows[name])
    return folder


def _order(rng: random.Random, rows: Rows, number: int, at: datetime) -> None:
    """One order: a customer id of its own, one to three lines, perhaps delivered and reviewed."""
    order, customer = f"o{number}", f"c{number}"
    person = rng.randrange(CUSTOMERS)
    rows["olist_customers_dataset"].append(
        [customer, f"u{person}", f"0{2000 + person}", "sao paulo", "SP"]
    )
    state = "canceled" if number % 50 == 0 else "delivered" if number % 9 else "shipped"
    sent, here = at + timedelta(days=2), at + timedelta(days=8)
    is_here = state == "delivered" and here + timedelta(days=4) < END
    is_sent = state != "canceled" and sent < END
    moments = [at, at + timedelta(minutes=20), sent if is_sent else ""]
    promised = (at + timedelta(days=20)).replace(hour=0)
    rows["olist_orders_dataset"].append(
        [order, customer, state, *moments, here if is_here else "", promised]
    )
    total = 0.0
    for line in range(1 + (number % 7 == 0) + (number % 21 == 0)):
        product = 0 if number % 10 == 0 else rng.randrange(PRODUCTS)
        seller = rng.randrange(3) if product == 0 else product % SELLERS
        price, freight = round(rng.uniform(8, 200), 2), round(rng.uniform(5, 20), 2)
        total += price + freight
        rows["olist_order_items_dataset"].append(
            [order, line + 1, f"p{product}", f"s{seller}", at + timedelta(days=4), price, freight]
        )
    rows["olist_order_payments_dataset"].append([order, 1, "credit_card", 1, round(total, 2)])
    if is_here and number % 3:
        words = ["", "", "muito bom"][number % 3]
        rows["olist_order_reviews_dataset"].append(
            [f"r{number}", order, rng.choice([1, 4, 5, 5]), "", words,
             here.replace(hour=0) + timedelta(days=1), here + timedelta(days=3)]
        )  # fmt: skip

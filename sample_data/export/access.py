"""The tables of access: who signed in, who opened orders, what listings said from when on.

Apart from `orders` because none of these rows hangs off an order.
"""

import numpy as np
import polars as pl

from sample_data.actors.listings import Versions
from sample_data.actors.world import World
from sample_data.export.tables import (
    CURRENCIES,
    FAMILIES,
    Ids,
    Numbers,
    masked_ids,
    moment,
    public_ids,
)
from sample_data.kit.markets import per_market


def _accounts(rows: pl.DataFrame, ids: Ids) -> pl.Series:
    """Public ids of the accounts of rows with `account_type` and `account`."""
    account_type, account = rows["account_type"], rows["account"]
    account_id = ids.of("buyer", account.set(account_type != "buyer", -1))
    for other in ("merchant", "creator"):
        own = ids.of(other, account.set(account_type != other, -1))
        account_id = account_id.zip_with(account_type != other, own)
    return account_id


def auth_events(rows: pl.DataFrame, ids: Ids, numbers: Numbers) -> pl.DataFrame:
    """The sign-in table of a block, by time."""
    return pl.DataFrame(
        {
            "auth_event_id": public_ids("aut", numbers.take("aut", rows.height), 7),
            "account_type": rows["account_type"],
            "account_id": _accounts(rows, ids),
            "happened_at": moment(rows["at"]),
            "kind": rows["kind"],
            "device_id": masked_ids("device", rows["device"].to_numpy()),
            "ip_id": masked_ids("ip", rows["ip"].to_numpy()),
        }
    )


def staff_access(rows: pl.DataFrame, numbers: Numbers) -> pl.DataFrame:
    """The access log of a block, by time."""
    app = public_ids("erp", rows["erp"] + 1, 2)
    return pl.DataFrame(
        {
            "access_id": public_ids("acc", numbers.take("acc", rows.height), 7),
            "staff_id": masked_ids("staff", rows["staff"].to_numpy()),
            "happened_at": moment(rows["at"]),
            "action": rows["action"],
            "warehouse_id": masked_ids("warehouse", rows["warehouse"].to_numpy()),
            "erp_app_id": app.set(rows["erp"] < 0, None),
            "orders": rows["orders"],
            "is_working_hours": rows["is_working"],
        }
    )


def _with_version_numbers(world: World, versions: Versions) -> pl.DataFrame:
    """Every listing's versions from its first on, numbered within the listing."""
    goods = world.products
    product = np.arange(len(goods.merchant), dtype=np.int64)
    first = Versions(product, goods.listed_at, goods.price_minor, goods.category, goods.image)
    later = pl.DataFrame(vars(versions))
    later = later.filter(pl.col("valid_from") > pl.Series(goods.listed_at).gather(later["product"]))
    rows = pl.concat((pl.DataFrame(vars(first)), later.cast(pl.Int64)))
    rows = rows.sort("product", "valid_from", maintain_order=True)
    return rows.with_columns(version=pl.int_range(1, pl.len() + 1).over("product"))


def listing_versions(world: World, versions: Versions, ids: Ids) -> pl.DataFrame:
    """The table of listing versions: version 1 as listed, later ones as edited."""
    rows = _with_version_numbers(world, versions)
    market = world.merchants.market[world.products.merchant[rows["product"].to_numpy()]]
    table = pl.DataFrame(
        {
            "product_id": ids.of("product", rows["product"]),
            "version": rows["version"],
            "valid_from": moment(rows["valid_from"]),
            "title": pl.Series(world.products.name, dtype=pl.Utf8).gather(rows["product"]),
            "category": FAMILIES.gather(rows["category"]),
            "currency": CURRENCIES.gather(market),
            "price_minor": rows["price_minor"],
            "usd_per_unit": per_market("usd_per_unit")[market],
            "image_id": masked_ids("image", rows["image"].to_numpy()),
        }
    ).sort("product_id", "version")
    number = public_ids("lsv", np.arange(1, table.height + 1), 7)
    return table.select(number.alias("listing_version_id"), pl.all())

"""When a live alert opens, and what the next build says of it.

It opens where signals that were silent in the build reach the strength from which signals alone
take an analyst's time (docs/decisions/0013-signals-open-alerts.md), on somebody who is not in the
queue. The first build that knows the day of its events confirms or withdraws it.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import md5
from typing import TYPE_CHECKING

import polars as pl

from pipeline.live.record import CONFIRMED, OPEN, WITHDRAWN
from pipeline.scoring.signals import typologies
from pipeline.tables import query

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    import duckdb

    from pipeline.live.engine import BuildState
    from queries.packs import Pack

_SUBJECT = ["entity_type", "entity_id"]


@dataclass(frozen=True)
class Standing:
    """What keeps an alert from opening twice."""

    open_subjects: pl.DataFrame
    """entity_type, entity_id of open live alerts."""
    threshold: float
    """Strength from which signals open an alert."""


def strong(fired: pl.DataFrame, threshold: float) -> pl.DataFrame:
    """The typology of each subject whose signals are strong enough: keys, typology, strength."""
    every = typologies(fired)
    return every.filter(pl.col("is_primary"), pl.col("strength") >= threshold - 1e-12).drop(
        "is_primary"
    )


def openings(
    con: duckdb.DuckDBPyConnection, fired: pl.DataFrame, standing: Standing
) -> pl.DataFrame:
    """Whom an alert opens on: entity_type, entity_id, as_of, typology, strength.

    `con` has the served build attached.
    """
    candidates = strong(fired, standing.threshold)
    if candidates.is_empty():
        return candidates
    queued = query(con, "select entity_type, entity_id from served.alerts.alerts")
    before = query(
        con,
        "select entity_type, entity_id, typology, code from served.signals.firings "
        "where as_of = (select max(as_of) from served.signals.firings)",
    )
    news = fired.join(before, on=[*_SUBJECT, "typology", "code"], how="anti")
    return (
        candidates.join(news, on=[*_SUBJECT, "typology"], how="semi")
        .join(queued, on=_SUBJECT, how="anti")
        .join(standing.open_subjects, on=_SUBJECT, how="anti")
        .sort(_SUBJECT)
    )


def alert_id(entity_type: str, entity_id: str, as_of: date) -> str:
    """The same alert, found again after a death, has the same id."""
    text = f"{entity_type}:{entity_id}:{as_of}"
    return f"liv_{md5(text.encode(), usedforsecurity=False).hexdigest()[:12]}"


def alert_rows(
    opened: pl.DataFrame, beside: pl.DataFrame, at: datetime, fingerprint: str
) -> pl.DataFrame:
    """Rows of `live.alerts`; `beside` has name, market, event_at and arrived_at of each subject.

    `fingerprint` is that of the build that is served.
    """
    ids = [alert_id(*row) for row in opened.select(*_SUBJECT, "as_of").iter_rows()]
    return (
        opened.with_columns(pl.Series("alert_id", ids, dtype=pl.String))
        .join(beside, on=_SUBJECT, how="left", maintain_order="left")
        .with_columns(
            opened_at=pl.lit(at),
            opened_beside=pl.lit(fingerprint),
            state=pl.lit(OPEN),
            settled_at=pl.lit(None),
            settled_by=pl.lit(None),
            settled_reason=pl.lit(None),
        )
    )


def signal_rows(alerts: pl.DataFrame, fired: pl.DataFrame, packs: Iterable[Pack]) -> pl.DataFrame:
    """Rows of `live.signals`: which signals of its typology an alert rests on, in words."""
    texts = {signal.code: signal.text for pack in packs for signal in pack.signals}
    said = fired.with_columns(text=pl.col("code").replace_strict(texts, return_dtype=pl.String))
    keys = alerts.select("alert_id", *_SUBJECT, "typology")
    return keys.join(said, on=[*_SUBJECT, "typology"]).sort("alert_id", "code")


def settled(
    alerts: pl.DataFrame, con: duckdb.DuckDBPyConnection, build: BuildState, at: datetime
) -> pl.DataFrame:
    """The alerts as they stand once `build` is served, which `con` has attached.

    It says nothing of events after its day, nor of what arrived beside itself.
    """
    queued = query(
        con, "select entity_type, entity_id, typology as found from served.alerts.alerts"
    )
    is_other = pl.col("opened_beside") != build.fingerprint
    is_due = (pl.col("state") == OPEN) & is_other & (pl.col("as_of") <= build.as_of)
    is_confirmed = pl.col("found").is_not_null()
    day = f"{build.as_of:%d %b %Y}"
    reason = (
        pl.when(is_confirmed)
        .then(pl.lit(f"Confirmed: the build of {day} has an alert on it."))
        .otherwise(pl.lit(f"Withdrawn: the build of {day} opened no alert on it."))
    )
    state = pl.when(is_confirmed).then(pl.lit(CONFIRMED)).otherwise(pl.lit(WITHDRAWN))
    return (
        alerts.join(queued, on=_SUBJECT, how="left", maintain_order="left")
        .with_columns(
            state=pl.when(is_due).then(state).otherwise("state"),
            settled_at=pl.when(is_due).then(pl.lit(at)).otherwise("settled_at"),
            settled_by=pl.when(is_due).then(pl.lit(build.as_of)).otherwise("settled_by"),
            settled_reason=pl.when(is_due).then(reason).otherwise("settled_reason"),
        )
        .drop("found")
    )

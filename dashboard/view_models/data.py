"""The Data page as values: what was delivered, what was set aside, what is off, where from.

Nothing here judges the delivery: it says what a build took, so that a figure that looks wrong
can be traced to a table that is late, short or missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from dashboard import text, theme
from dashboard.view_models import words
from dashboard.view_models.definitions import metric_of, metrics
from queries.catalogue import Feature, features
from queries.chain import Step, built_tables, chain, rows_behind
from queries.contract import raw_tables
from queries.vocabulary import ENTITY_TYPES

if TYPE_CHECKING:
    from datetime import date, datetime

SECTIONS = {
    "delivered": "Delivered",
    "set_aside": "Set aside",
    "off": "What is off",
    "lineage": "Lineage",
}
METRIC, TABLE = "metric", "table"
NUMBERS = {
    METRIC: "Metric",
    **{one: theme.ENTITY_LABELS[one] for one in ENTITY_TYPES},
    TABLE: "Table",
}
"""What the lineage can begin with: a metric, a feature of an entity type, or a whole table."""


@dataclass(frozen=True)
class DeliveryView:
    """The raw tables of a build."""

    headline: str
    caption: str
    table: pl.DataFrame
    """name, purpose, rows, first, last, behind (days from the last row to the day of the build)."""

    @classmethod
    def of(
        cls, rows: pl.DataFrame, as_of: date, built_at: datetime, handed_over: list[str]
    ) -> DeliveryView:
        """The view of `pages/data/delivered`; `built_at` is UTC."""
        named = rows.rows(named=True)
        present = sum(1 for row in named if row["row_count"])
        last = [row["last_at"] for row in named if row["table_name"] == "orders" and row["last_at"]]
        until = (
            f"the last order is of {last[0]:%Y-%m-%d %H:%M} UTC" if last else "no order is there"
        )
        scored = text.joined([f"{theme.entity_label(one).lower()}s" for one in handed_over])
        return cls(
            headline=f"{present} of {text.plural(len(named), 'table')} delivered; {until}",
            caption=(
                f"Built {built_at:%Y-%m-%d %H:%M} UTC from what was known before {as_of}."
                + (f" The scores of {scored} were handed over." if handed_over else "")
            ),
            table=_delivered(named, as_of),
        )


def _delivered(rows: list[dict[str, object]], as_of: date) -> pl.DataFrame:
    contract = raw_tables()
    ordered = sorted(rows, key=lambda row: not row["row_count"])  # empty ones last, else as read
    purposes = [
        contract[name].purpose if (name := str(row["table_name"])) in contract else ""
        for row in ordered
    ]
    frame = pl.DataFrame(
        {
            "name": [str(row["table_name"]) for row in ordered],
            "rows": [row["row_count"] for row in ordered],
            "first": [row["first_at"] for row in ordered],
            "last": [row["last_at"] for row in ordered],
            "clock": [row["clock"] or "" for row in ordered],
            "purpose": [text.plain(one, length=160) for one in purposes],
        },
        schema_overrides={"rows": pl.Int64, "first": pl.Datetime, "last": pl.Datetime},
    )
    # The last whole day of a table that keeps up is the one before the day of the build.
    day = pl.lit(as_of).cast(pl.Date)
    behind = (day - pl.col("last").cast(pl.Date)).dt.total_days() - 1
    return frame.with_columns(behind=pl.when(behind > 0).then(behind))


@dataclass(frozen=True)
class SetAsideView:
    """Rows that were left out of every table."""

    sentence: str
    table: pl.DataFrame
    """name, column, reason, rows, examples."""

    @classmethod
    def of(cls, rows: pl.DataFrame) -> SetAsideView:
        """The view of `pages/data/set_aside`."""
        total = int(rows["row_count"].sum())
        if not total:
            return cls("No row was set aside.", _no_rows())
        ids = [", ".join(text.plain(one) for one in row) for row in rows["examples"].to_list()]
        table = pl.DataFrame(
            {
                "name": rows["raw_table"],
                "column": rows["column_name"],
                "reason": [text.plain(one, length=160) for one in rows["reason"]],
                "rows": rows["row_count"],
                "examples": ids,
            }
        )
        many = "row was" if total == 1 else "rows were"
        sentence = f"{total:,} {many} set aside: no number of this build counts them."
        return cls(sentence, table)


def _no_rows() -> pl.DataFrame:
    return pl.DataFrame(schema=dict.fromkeys(("name", "column", "reason", "examples"), pl.String))


@dataclass(frozen=True)
class OffView:
    """What a build could not know."""

    sentence: str
    table: pl.DataFrame
    """reason, what, kind, entity, missing."""

    @classmethod
    def of(cls, rows: pl.DataFrame) -> OffView:
        """The view of `pages/data/unavailable`."""
        counts = [
            (int((rows["kind"] == kind).sum()), noun)
            for kind, noun in (("pack", "pack"), ("signal", "signal"), ("feature", "feature"))
        ]
        said = [text.plural(count, noun) for count, noun in counts if count]
        if not said:
            return cls("Nothing is off: every feature, signal and pack has what it needs.", rows)
        named = rows.rows(named=True)
        table = pl.DataFrame(
            {
                "what": [text.plain(row["label"], length=120) for row in named],
                "kind": [words.sentence_case(row["kind"]) for row in named],
                "entity": [
                    theme.entity_label(row["entity_type"]) if row["entity_type"] else ""
                    for row in named
                ],
                "reason": [text.plain(row["reason"], length=160) for row in named],
                "missing": [", ".join(row["missing"] or []) for row in named],
            },
            schema=dict.fromkeys(("what", "kind", "entity", "reason", "missing"), pl.String),
        )
        verb = "is" if sum(count for count, _ in counts) == 1 else "are"
        sentence = (
            f"{text.joined(said)} {verb} off, for what they need was not delivered. Nobody is "
            "accused or cleared by them."
        )
        return cls(sentence, table)


@dataclass(frozen=True)
class Number:
    """What the lineage begins with."""

    table: str
    column: str = ""
    feature: Feature | None = None


def numbers(kind: str) -> dict[str, str]:
    """The numbers of a kind by code, in words."""
    if kind == METRIC:
        return {metric.code: metric.label for metric in metrics()}
    if kind in ENTITY_TYPES:
        return {name: one.label for name, one in features(kind).items()}
    return {table: table for table in built_tables()}


def number_of(kind: str, code: str) -> Number:
    """Where a number of a kind is first found."""
    if kind == METRIC:
        metric = metric_of(code)
        return Number(metric.table, metric.numerator if metric.is_of_cube else "")
    if kind in ENTITY_TYPES:
        return Number(f"features.{kind}", code, features(kind)[code])
    return Number(code)


@dataclass(frozen=True)
class LineageView:
    """The chain of a number, nearest first."""

    sentence: str
    evidence: str
    """How an analyst checks it; empty for what is no feature."""
    steps: tuple[Step, ...]
    shown: Step

    @classmethod
    def of(cls, number: Number, open_table: str) -> LineageView:
        """The chain of `number`, with the SQL of one step open: the first where none is named."""
        first, *below = chain(number.table, number.column)
        evidence = (rows_behind(number.feature.rows),) if number.feature else ()
        steps = (first, *evidence, *below)
        queries = sum(1 for step in steps if step.sql)
        raw = [step.table.partition(".")[2] for step in steps if step.is_raw]
        known = [name for name in raw if name in raw_tables()]
        shown = next((step for step in steps if step.table == open_table), steps[0])
        ends = f"down to {text.plural(len(known), 'raw table')}: {text.joined(sorted(known))}"
        sentence = (
            f"{text.plural(queries, 'query', 'queries')}, {ends}."
            if known
            else (f"{text.plural(queries, 'query', 'queries')}; no raw table lies below.")
        )
        return cls(sentence, _evidence(number.feature), steps, shown)

    def table(self) -> pl.DataFrame:
        """The steps as display columns: indented by depth, `passes` where the number is named."""
        return pl.DataFrame(
            {
                "mark": ["►" if step == self.shown else "" for step in self.steps],
                "table": [f"{'· ' * step.depth}{step.table}" for step in self.steps],
                "open": ["SQL" if step.sql else "Look" for step in self.steps],
                "passes": ["yes" if step.has_column else "" for step in self.steps],
                "purpose": [text.plain(step.purpose, length=200) for step in self.steps],
            }
        )


def _evidence(feature: Feature | None) -> str:
    if feature is None:
        return ""
    return (
        f"On Investigate it is recomputed as {feature.value} over the rows of {feature.rows}.sql."
    )

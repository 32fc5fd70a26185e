"""Which of several verdicts about one entity counts, and at which moment."""

from datetime import datetime, timedelta

import duckdb
import polars as pl

from pipeline.learning.label_maturity import matured_labels
from pipeline.learning.labels import base_rate, verdicts
from pipeline.settings.build import LabelSettings
from tests.pipeline import tiny

LABELS = LabelSettings()
BEGAN = tiny.EVENT
CLOSED, APPEALED = BEGAN + timedelta(days=1), BEGAN + timedelta(days=14)
SCHEMA = (
    "label_id",
    "entity_type",
    "entity_id",
    "label",
    "typology",
    "source",
    "event_at",
    "known_at",
)


def told(*rows: tuple[str, str, str, datetime]) -> pl.DataFrame:
    """Labels of merchants from (shop, label, source, known_at), about the same behaviour."""
    full = [
        (f"lab_{number}", "merchant", shop, label, None, source, BEGAN, known)
        for number, (shop, label, source, known) in enumerate(rows)
    ]
    return pl.DataFrame(full, schema=SCHEMA, orient="row").cast({"typology": pl.String})


def matured_after(days: int) -> LabelSettings:
    """Settings under which behaviour is old enough after so many days."""
    return LabelSettings(label_maturity_days=days)


def test_an_appeal_overturns_whatever_the_order_of_the_rows() -> None:
    """The verdict known last counts, also when it stands first in the table."""
    labels = told(("a", "good", "appeal", APPEALED), ("a", "bad", "review", CLOSED))
    assert verdicts(labels, "merchant")["label"].to_list() == ["good"]


def test_until_an_appeal_is_known_the_closure_counts() -> None:
    """A build before the appeal learns from the closure, a build after it from the appeal."""
    labels = told(("a", "bad", "review", CLOSED), ("a", "good", "appeal", APPEALED))
    with duckdb.connect() as con:
        con.execute("create schema staging")
        tiny.put(con, "staging.labels", labels)
        days = (APPEALED.date(), APPEALED.date() + timedelta(days=1))
        before, after = (
            verdicts(matured_labels(con, day, matured_after(7)), "merchant") for day in days
        )
    assert before["label"].to_list() == ["bad"]
    assert after["label"].to_list() == ["good"]


def test_a_rule_alone_teaches_nothing() -> None:
    """A shop that only a rule closed is unknown; once somebody has looked, it is not."""
    alone = told(("a", "bad", "rule", CLOSED))
    looked = told(("a", "bad", "rule", CLOSED), ("a", "good", "appeal", APPEALED))
    assert verdicts(alone, "merchant").is_empty()
    assert verdicts(looked, "merchant")["label"].to_list() == ["good"]


def test_a_rule_does_not_outweigh_a_person() -> None:
    """A later hit of a rule leaves what an analyst found as it was."""
    labels = told(("a", "good", "review", CLOSED), ("a", "bad", "rule", APPEALED))
    assert verdicts(labels, "merchant")["source"].to_list() == ["review"]


def test_neither_rule_nor_appeal_moves_the_base_rate() -> None:
    """How common the bad are is asked of the uniform draw alone."""
    drawn = told(("a", "bad", "exploration", CLOSED), ("b", "good", "exploration", CLOSED))
    more = told(
        ("c", "bad", "rule", CLOSED),
        ("d", "bad", "chargeback", CLOSED),
        ("e", "good", "appeal", APPEALED),
    )
    both = pl.concat((drawn, more))
    assert base_rate(both, "merchant", LABELS) == base_rate(drawn, "merchant", LABELS)

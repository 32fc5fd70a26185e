"""What may be learnt from: which verdict counts, from which days, and how common the bad are."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import duckdb
import numpy as np
import polars as pl
import pytest

from pipeline.learning.label_maturity import matured_labels
from pipeline.learning.labels import Training, base_rate, reviewed, training_set, verdicts
from pipeline.settings.build import FLAWLESS, LabelSettings
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
    "observed_at",
    "decided_at",
    "known_at",
)


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    """Features and labels."""
    return tiny.build()


@pytest.fixture(scope="module")
def training(con: duckdb.DuckDBPyConnection) -> Training:
    """Training rows of the merchants."""
    return training_set(con, "merchant", matured_labels(con, tiny.AS_OF, LABELS))


def test_training_knows_nothing_of_unlabelled_entities(training: Training) -> None:
    """Unknown is not negative: only labelled entities have rows."""
    bad, good = tiny.LABELLED["merchant"]
    labelled = {tiny.name("merchant", n) for n in range(bad + good)}
    assert set(training.entity_id) == labelled


def test_bad_entities_teach_only_while_they_are_bad(training: Training) -> None:
    """Rows of a bad entity lie after its behaviour began and before it was found."""
    per_bad = (training.entity_id == tiny.name("merchant", 0)).sum()
    after = [w for w in tiny.WEEKS if w > tiny.EVENT.date()]
    assert per_bad == len([w for w in after if w <= tiny.KNOWN.date()]) == 3


def test_nobody_teaches_or_is_judged_after_the_verdict(
    con: duckdb.DuckDBPyConnection, training: Training
) -> None:
    """Although everybody has later snapshots; and each is judged on the last one before."""
    assert con.sql("select max(as_of) from features.merchant").fetchall()[0][0] > tiny.KNOWN.date()
    verdict = np.datetime64(tiny.KNOWN)
    assert (training.day <= verdict).all()
    assert (training.judged().day == max(w for w in tiny.WEEKS if w <= tiny.KNOWN.date())).all()


def test_each_entity_weighs_one(training: Training) -> None:
    """However many snapshots an entity has, its weights add up to 1."""
    weights = pl.DataFrame({"id": training.entity_id.astype(str), "weight": training.weight})
    total = weights.group_by("id").agg(pl.col("weight").sum())["weight"]
    np.testing.assert_allclose(total.to_numpy(), 1.0)


def test_the_last_verdict_wins() -> None:
    """An overturned decision clears."""
    first = tiny.labels().filter(pl.col("entity_id") == tiny.name("merchant", 0))
    later = first.with_columns(
        label=pl.lit("good"), known_at=pl.col("known_at") + pl.duration(days=9)
    )
    assert verdicts(pl.concat([first, later]), "merchant")["label"].to_list() == ["good"]


def rate_of(labels: pl.DataFrame) -> float:
    """The share of bad shops to reckon with."""
    return base_rate(labels, "merchant", LABELS).mean


def test_base_rate_counts_only_random_checks() -> None:
    """More complaints do not make the population worse."""
    random = tiny.labels().filter(pl.col("source") == "exploration")
    assert rate_of(tiny.labels()) == rate_of(random)
    nothing = tiny.labels().clear()
    prior = LABELS.base_rate_bad / (LABELS.base_rate_bad + LABELS.base_rate_good)
    assert rate_of(nothing) == pytest.approx(prior, abs=1e-5)


def random_checks(bad: int, checks: int) -> pl.DataFrame:
    """So many random checks of shops, the first of them with a bad verdict."""
    names = [f"mer_{number}" for number in range(checks)]
    verdict = ["bad"] * bad + ["good"] * (checks - bad)
    frame = pl.DataFrame({"entity_id": names, "label": verdict, "label_id": names})
    fixed = {"entity_type": pl.lit("merchant"), "source": pl.lit("exploration")}
    return frame.with_columns(**fixed, known_at=pl.lit(tiny.KNOWN))


def test_base_rate_of_checks_that_never_err_is_a_share() -> None:
    """With flawless checks it is the textbook (k + a) / (n + a + b)."""
    flawless = replace(LABELS, errors=FLAWLESS)
    share = base_rate(random_checks(12, 160), "merchant", flawless).mean
    prior = LABELS.base_rate_bad + LABELS.base_rate_good
    assert share == pytest.approx((12 + LABELS.base_rate_bad) / (160 + prior), abs=1e-5)


@pytest.mark.parametrize("rate", [0.005, 0.02, 0.1, 0.3])
def test_base_rate_sees_through_errors_of_the_checks(rate: float) -> None:
    """Many checks that err as stated lead back to the share that was there."""
    checks = 20_000
    errors = LABELS.errors
    called = errors.sensitivity * rate + (1 - errors.specificity) * (1 - rate)
    estimate = rate_of(random_checks(round(checks * called), checks))
    assert estimate == pytest.approx(rate, abs=0.003)


def test_the_base_rate_has_an_interval_as_wide_as_its_checks_are_few() -> None:
    """Of a hundred samples of 40 checks at 6 % bad, nine in ten intervals hold it."""
    random, errors, rate = np.random.default_rng(7), LABELS.errors, 0.06
    called = errors.sensitivity * rate + (1 - errors.specificity) * (1 - rate)
    finds = random.binomial(40, called, size=100)
    each = [base_rate(random_checks(int(n), 40), "merchant", LABELS) for n in finds]
    held = [one.quantile(0.05) <= rate <= one.quantile(0.95) for one in each]
    assert np.mean(held) >= 0.85
    few, many = (base_rate(random_checks(n, 20 * n), "merchant", LABELS) for n in (3, 60))
    assert few.quantile(0.95) - few.quantile(0.05) > 2 * (many.quantile(0.95) - many.quantile(0.05))
    assert (few.checks, few.finds) == (60, 3)


def test_finds_that_error_explains_leave_next_to_nobody_bad() -> None:
    """Fewer finds than false alarms alone would make: a small rate, above zero."""
    assert 0.0 < rate_of(random_checks(20, 1_000)) < 0.005


def test_newest_cuts_everybody_alike(con: duckdb.DuckDBPyConnection, training: Training) -> None:
    """With fewer rows allowed each entity keeps its last ones, and still weighs 1."""
    shorter = of_at_most(con, 2 * training.last.size)
    assert training.last.size < shorter.is_bad.size <= 2 * training.last.size
    assert set(shorter.entity_id) == set(training.entity_id)
    np.testing.assert_array_equal(shorter.matrix[shorter.last], training.matrix[training.last])
    per_entity = np.add.reduceat(shorter.weight, np.append(0, shorter.last[:-1] + 1))
    np.testing.assert_allclose(per_entity, 1.0)


def test_an_entity_keeps_one_row_even_beyond_the_limit(
    con: duckdb.DuckDBPyConnection, training: Training
) -> None:
    """Nobody is forgotten for want of room."""
    assert of_at_most(con, 1).is_bad.size == training.last.size


def of_at_most(con: duckdb.DuckDBPyConnection, rows: int) -> Training:
    """Merchants' rows, so many at most."""
    labels = matured_labels(con, tiny.AS_OF, LABELS)
    return training_set(con, "merchant", labels, rows)


def labels_of(*rows: tuple[str, str, str, datetime]) -> pl.DataFrame:
    """Labels of merchants from (shop, label, source, known_at), about the same behaviour."""
    full = [
        (f"lab_{number}", "merchant", shop, label, None, source, BEGAN, BEGAN, known_at, known_at)
        for number, (shop, label, source, known_at) in enumerate(rows)
    ]
    frame = pl.DataFrame(full, schema=SCHEMA, orient="row").cast({"typology": pl.String})
    return frame.with_columns(withdrawn_at=pl.lit(None, pl.Datetime("us")))


def matured_after(days: int) -> LabelSettings:
    """Settings under which behaviour is old enough after so many days."""
    return LabelSettings(label_maturity_days=days)


def test_an_appeal_overturns_whatever_the_order_of_the_rows() -> None:
    """The verdict known last counts, also when it stands first in the table."""
    labels = labels_of(("a", "good", "appeal", APPEALED), ("a", "bad", "review", CLOSED))
    assert verdicts(labels, "merchant")["label"].to_list() == ["good"]


def test_until_an_appeal_is_known_the_closure_counts() -> None:
    """A build before the appeal learns from the closure, a build after it from the appeal."""
    labels = labels_of(("a", "bad", "review", CLOSED), ("a", "good", "appeal", APPEALED))
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
    alone = labels_of(("a", "bad", "rule", CLOSED))
    after_a_look = labels_of(("a", "bad", "rule", CLOSED), ("a", "good", "appeal", APPEALED))
    assert verdicts(alone, "merchant").is_empty()
    assert verdicts(after_a_look, "merchant")["label"].to_list() == ["good"]


def test_a_rule_does_not_outweigh_a_person() -> None:
    """A later hit of a rule leaves what an analyst found as it was."""
    labels = labels_of(("a", "good", "review", CLOSED), ("a", "bad", "rule", APPEALED))
    assert verdicts(labels, "merchant")["source"].to_list() == ["review"]


def test_neither_rule_nor_appeal_moves_the_base_rate() -> None:
    """How common the bad are is asked of the uniform draw alone."""
    random = labels_of(("a", "bad", "exploration", CLOSED), ("b", "good", "exploration", CLOSED))
    more = labels_of(
        ("c", "bad", "rule", CLOSED),
        ("d", "bad", "chargeback", CLOSED),
        ("e", "good", "appeal", APPEALED),
    )
    both = pl.concat((random, more))
    assert rate_of(both) == rate_of(random)


def test_an_unsure_verdict_counts_its_share() -> None:
    """A shop's rows weigh as much together as its verdict is sure."""
    con = tiny.build()
    con.execute("update staging.labels set weight = 0.55 where entity_id = 'mer_000001'")
    rows = training_set(con, "merchant", matured_labels(con, tiny.AS_OF, LABELS))
    totals = {
        shop: rows.weight[rows.entity_id == shop].sum() for shop in ("mer_000001", "mer_000002")
    }
    assert totals == pytest.approx({"mer_000001": 0.55, "mer_000002": 1.0})


def test_only_a_source_that_also_clears_tells_how_many_are_bad() -> None:
    """A bank names the guilty alone; the last verdict on an entity is the one that counts."""
    said = (
        ("a", "bad", "review", 1),
        ("b", "good", "review", 1),
        ("c", "bad", "chargeback", 1),
        ("d", "bad", "chargeback", 1),
        ("d", "bad", "review", 2),
        ("e", "good", "rule", 1),
    )
    names = ("entity_id", "label", "source", "known_at")
    labels = pl.DataFrame(said, schema=names, orient="row").with_columns(
        entity_type=pl.lit("buyer"), label_id=pl.col("known_at")
    )
    assert sorted(reviewed(labels, "buyer")) == ["a", "b", "d"]

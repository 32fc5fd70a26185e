"""A build runs every stage and adds up."""

from __future__ import annotations

from functools import partial

import duckdb

import queries
from pipeline.build import Report, beside_models, builder
from pipeline.explaining.shap_check import LARGEST
from pipeline.orchestration.memory import GB, Budget, DatabaseLimit
from pipeline.orchestration.stages import stages

LIMIT = "select current_setting('memory_limit')"


def test_every_stage_reports_its_tables(built: Report) -> None:
    """The report counts tables and rows of each stage, none of them empty."""
    assert {time.stage for time in built.stages} == set(stages())
    assert all(time.tables > 0 and time.rows > 0 for time in built.stages)


def test_metric_slices_sum_to_the_total(con: duckdb.DuckDBPyConnection) -> None:
    """Every order is in exactly one leaf slice."""
    total = int(queries.scalar(con, "select sum(orders) from metrics.cube"))
    assert total == queries.row_count(con, "facts.order_facts")


def test_alerts_are_ordered_by_money_per_minute(con: duckdb.DuckDBPyConnection) -> None:
    """Priority is what its own terms say, so a card can show every one of them."""
    sql = """
        select count(*) from alerts.alerts
        where lane <> 'unproven' and (
            abs(
                greatest(value_usd / review_minutes + ageing_boost, if(is_severe, 0.5, null))
                - priority
            ) > 1e-9
            or abs(
                probability * sensitivity
                * (loss_forward_usd * recoverable_share + harm_usd)
                - (1 - probability) * (1 - specificity) * false_positive_cost_usd
                + (1 - probability) * specificity * hold_cost_usd - value_usd
            ) > 1e-6
        )
    """
    assert queries.scalar(con, "select count(*) from alerts.alerts where priority > 0") > 0
    assert queries.scalar(con, sql) == 0


def test_the_database_gives_memory_back_before_models_are_fitted() -> None:
    """The stage that fits them and what comes after have the smaller limit."""
    limits: list[str] = []

    def write(con: duckdb.DuckDBPyConnection, **_: object) -> None:
        limits.append(str(queries.scalar(con, LIMIT)))

    budget = Budget(12 * GB)
    with duckdb.connect(config=builder(budget)) as con:
        write(con)
        limit = DatabaseLimit(budget.database)
        lower = partial(limit.lower, size=budget.beside_models)
        beside_models(write, lower, con, lambda *_: None)
        limits.append(str(queries.scalar(con, LIMIT)))
    assert limits == ["5.2 GiB", "2.6 GiB", "2.6 GiB"]


def test_every_build_says_how_far_shap_agrees(con: duckdb.DuckDBPyConnection) -> None:
    """A row for each model, and nothing near what is refused."""
    rows = con.sql("select * from meta.shap_check order by entity_type").pl()
    models = con.sql("select entity_type from scores.model_files order by entity_type").pl()
    assert rows["entity_type"].to_list() == models["entity_type"].to_list()
    assert (rows["rows_checked"] > 100).all()
    assert (rows["largest_difference"] <= LARGEST).all()
    assert (rows["largest_additivity_gap"] <= LARGEST).all()

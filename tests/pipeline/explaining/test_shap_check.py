"""No build is published whose reasons shap would not give."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

import queries
from pipeline.build import explained_and_checked
from pipeline.errors import BuildError
from pipeline.explaining import shap_check
from pipeline.explaining import stage as explanations
from pipeline.explaining.shap_check import HIGHEST, LARGEST, checked
from pipeline.scoring import stage as scores
from pipeline.settings.build import ExplanationSettings, Settings
from pipeline.settings.models import ModelSettings
from tests.pipeline import tiny

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import duckdb

SETTINGS = Settings(
    model=ModelSettings(trees=30), explanations=ExplanationSettings(stores_everybody=True)
)
FIRST_LEAF = re.compile(r"(leaf_value=)(\S+)")


@pytest.fixture(scope="module")
def scored() -> Iterator[duckdb.DuckDBPyConnection]:
    """Scored and explained."""
    con = tiny.build()
    scores.write(con, SETTINGS, tiny.unheard, packs_in_use=[])
    explanations.write(con, SETTINGS, tiny.unheard)
    yield con
    con.close()


@pytest.fixture
def con(scored: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """The same, taken back after each test."""
    scored.execute("begin")
    yield scored
    scored.execute("rollback")


def test_every_model_is_checked_and_agrees(con: duckdb.DuckDBPyConnection) -> None:
    """The highest margins and a sample of the rest; far closer than is asked."""
    rows = checked(con)
    assert rows["entity_type"].to_list() == ["buyer", "merchant"]
    assert (rows["rows_checked"] >= HIGHEST).all()
    assert (rows["rows_checked"] <= [tiny.SIZES["buyer"], tiny.SIZES["merchant"]]).all()
    assert (rows["largest_difference"] <= 1e-9).all()
    assert (rows["largest_additivity_gap"] <= 1e-9).all()


def highest(con: duckdb.DuckDBPyConnection) -> str:
    """The buyer with the highest margin at the latest snapshot."""
    latest = f"where as_of = '{tiny.AS_OF}' and entity_type = 'buyer'"
    sql = f"select entity_id from scores.scores {latest} order by margin desc, entity_id limit 1"
    return str(queries.scalar(con, sql))


def test_one_changed_contribution_is_refused(con: duckdb.DuckDBPyConnection) -> None:
    """Of one entity, in one feature, by twice what is let pass; the refusal names both."""
    who = highest(con)
    con.execute(
        f"update explanations.contributions set contribution = contribution + {2 * LARGEST} "
        f"where entity_id = '{who}' and feature = 'burst_7d'"
    )
    with pytest.raises(BuildError, match=f"buyer {who}, burst_7d") as refused:
        checked(con)
    assert "shap.TreeExplainer" in refused.value.found
    assert refused.value.expected
    assert "served file is unchanged" in refused.value.remedy


def test_one_contribution_gone_is_refused(con: duckdb.DuckDBPyConnection) -> None:
    """A row that is not stored counts as a contribution of nothing."""
    con.execute(
        "delete from explanations.contributions "
        f"where entity_id = '{highest(con)}' and feature = 'burst_7d'"
    )
    with pytest.raises(BuildError, match="differ from shap"):
        checked(con)


def test_one_changed_tree_is_refused(con: duckdb.DuckDBPyConnection) -> None:
    """One leaf of one tree of the stored model is another: its contributions are stale."""
    sql = "select model_text from scores.model_files where entity_type = 'merchant'"
    text = str(queries.scalar(con, sql))
    changed = FIRST_LEAF.sub(lambda leaf: f"{leaf[1]}{float(leaf[2]) + 0.05}", text, count=1)
    assert changed != text
    con.execute("update scores.model_files set model_text = $text", {"text": changed})
    with pytest.raises(BuildError, match="differ from shap"):
        checked(con)


def test_contributions_that_miss_the_margin_are_refused(
    con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Should shap and we ever be wrong alike, LightGBM's own prediction still speaks."""
    by_shap = shap_check._by_shap

    def otherwise(*subject: object) -> tuple[object, float, object]:
        values, base, margin = by_shap(*subject)  # type: ignore[arg-type]
        return values, base, margin + 1e-3

    monkeypatch.setattr(shap_check, "_by_shap", otherwise)
    with pytest.raises(BuildError, match=r"miss the margin that LightGBM predicts by 0\.001"):
        checked(con)


def test_a_type_without_trees_is_skipped(con: duckdb.DuckDBPyConnection) -> None:
    """Scores that somebody else handed over have no model text: nothing to compute again."""
    con.execute("delete from scores.model_files where entity_type = 'merchant'")
    assert checked(con)["entity_type"].to_list() == ["buyer"]


@pytest.mark.parametrize("is_wrong", [False, True])
def test_the_step_of_a_build_checks_what_it_wrote(
    is_wrong: bool, con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It leaves `meta.shap_check`, or fails and with it the build."""
    write = explanations.write

    def negated(con: duckdb.DuckDBPyConnection, *rest: Callable[..., None]) -> None:
        write(con, *rest)  # type: ignore[arg-type]
        con.execute("update explanations.contributions set contribution = -contribution")

    if is_wrong:
        monkeypatch.setattr(explanations, "write", negated)
        with pytest.raises(BuildError, match="differ from shap"):
            explained_and_checked(con, tiny.unheard, SETTINGS)
    else:
        explained_and_checked(con, tiny.unheard, SETTINGS)
        assert queries.row_count(con, "meta.shap_check") == 2

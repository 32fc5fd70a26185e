"""In which way an entity is bad: heads where there are cases, signals where there are none."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from pipeline.learning.label_maturity import matured_labels
from pipeline.learning.labels import training_set
from pipeline.learning.pu_learning import completed
from pipeline.scoring.typology_models import combined, heads
from pipeline.settings.build import LabelSettings, Settings
from tests.pipeline import tiny

KEY = {"entity_type": "buyer", "entity_id": "buy_1", "as_of": tiny.AS_OF}


def strengths(*rows: tuple[str, float]) -> pl.DataFrame:
    """Signals' rows of one buyer."""
    return pl.DataFrame(
        [{**KEY, "typology": name, "strength": value, "is_primary": False} for name, value in rows]
    )


def chances(*rows: tuple[str, float, float]) -> pl.DataFrame:
    """Heads' rows of the same buyer: typology, probability, belief."""
    of_rows = [{**KEY, "typology": t, "probability": p, "belief": b} for t, p, b in rows]
    schema = {"entity_type": pl.String, "entity_id": pl.String, "as_of": pl.Date}
    floats = {"typology": pl.String, "probability": pl.Float64, "belief": pl.Float64}
    return pl.DataFrame(of_rows, schema=schema | floats)


def primary(frame: pl.DataFrame) -> str:
    """The one primary typology."""
    return str(frame.filter("is_primary")["typology"].item())


def test_without_heads_the_stronger_signals_win() -> None:
    """Strength alone decides, and ties go to the first code."""
    rows = combined(strengths(("T1", 0.4), ("T9", 0.6)), chances(), 0.1)
    assert primary(rows) == "T9"
    assert primary(combined(strengths(("T9", 0.5), ("T1", 0.5)), chances(), 0.1)) == "T1"


def test_a_sure_head_overrules_weak_signals() -> None:
    """Two witnesses of one typology beat one of another."""
    of_heads = chances(("T1", 0.3, 0.8))
    rows = combined(strengths(("T1", 0.4), ("T9", 0.6)), of_heads, 0.1)
    assert primary(rows) == "T1"
    assert rows.filter(pl.col("typology") == "T9")["probability"].item() is None


def test_a_head_without_a_signal_overrules_no_signal() -> None:
    """However sure: what fired can be shown and checked, a head's belief cannot."""
    rows = combined(strengths(("T9", 0.2)), chances(("T1", 0.5, 0.9)), 0.1)
    assert primary(rows) == "T9"
    assert primary(combined(strengths(("T9", 0.0)), chances(("T1", 0.5, 0.9)), 0.1)) == "T1"


def test_a_head_alone_makes_a_row_only_when_likely() -> None:
    """Without a fired signal a typology is named from `shown` on, with strength 0."""
    of_heads = chances(("T1", 0.05, 0.5), ("T4", 0.2, 0.7))
    rows = combined(strengths(("T9", 0.6)), of_heads, 0.1)
    assert rows.sort("typology")["typology"].to_list() == ["T4", "T9"]
    assert rows.filter(pl.col("typology") == "T4")["strength"].item() == 0.0


@pytest.mark.parametrize("least", [12, 31])
def test_a_typology_with_too_few_cases_has_a_reason_instead(least: int) -> None:
    """Thirty bad merchants of one typology make a head when twelve are asked, not when 31 are."""
    con = tiny.build()
    labels = matured_labels(con, tiny.AS_OF, LabelSettings())
    own = training_set(con, "merchant", labels)
    settings = Settings()
    settings = replace(settings, heads=replace(settings.heads, least=least))
    own = completed(con, "merchant", own, tiny.AS_OF, tiny.AS_OF, settings.model)
    (head,) = heads("merchant", own, 0.02, {"T1_BRUSHING"}, settings)
    row = head.row
    assert row["positives"] == tiny.LABELLED["merchant"][0]
    assert row["has_head"] is (least == 12)
    assert (row["reason"] is None) is row["has_head"]
    assert (head.calibration is not None) is row["has_head"]
    assert not [name for name in row if name.startswith("auprc")]  # so few verdicts tell nothing


def test_no_head_of_a_typology_without_a_pack() -> None:
    """Deleting a pack removes its head."""
    con = tiny.build()
    labels = matured_labels(con, tiny.AS_OF, LabelSettings())
    own = training_set(con, "merchant", labels)
    assert heads("merchant", own, 0.02, {"T2_VIEWER_INFLATION"}, Settings()) == []

"""What is unusual is measured in deviations, never in probability."""

from __future__ import annotations

import polars as pl

from dashboard.cases.standing import Place, Standing
from dashboard.cases.states import CaseState
from dashboard.view_models.anomaly import AnomalyView, lane_table

ODD = {"rank": 3, "is_surfaced": True, "reason_1": "orders_1d", "reason_1_z": 8.24,
       "reason_2": "gmv_usd_1d", "reason_2_z": -3.0, "reason_3": None,
       "reason_3_z": None}  # fmt: skip


def test_the_unusual_is_measured_in_deviations_not_in_probability() -> None:
    """Direction in words, and a place among its kind."""
    view = AnomalyView.of("merchant", pl.DataFrame([ODD]))
    assert view is not None
    assert view.place == "number 3 of the unusual merchants"
    assert [odd.sentence for odd in view.oddities] == [
        "8.2 deviations above its peers",
        "3.0 deviations below its peers",
    ]


def test_what_is_cut_off_or_usual_is_not_given_as_measured() -> None:
    """Ten deviations are the end of the scale, and under two is nothing to point at."""
    row = ODD | {"reason_1_z": 10.0, "reason_2_z": -1.9}
    view = AnomalyView.of("merchant", pl.DataFrame([row]))
    assert view is not None
    assert [odd.sentence for odd in view.oddities] == ["10 or more deviations above its peers"]


def test_whoever_is_not_in_the_lane_has_no_statement() -> None:
    """Unusual is not enough: the lane is small, and proven cases are elsewhere."""
    assert AnomalyView.of("merchant", pl.DataFrame([ODD | {"is_surfaced": False}])) is None
    assert AnomalyView.of("merchant", pl.DataFrame()) is None


def test_the_lane_shows_neither_score_nor_priority() -> None:
    """What is unusual takes their place; a decided case says so."""
    row = {"entity_type": "merchant", "entity_id": "m", "name": "=1+1", "market": "MY",
           "peer_group": "MY / toys", **ODD}  # fmt: skip
    table = lane_table(
        pl.DataFrame([row]), {"merchant:m": Standing(Place.DECIDED, CaseState.APPROVED)}
    )
    assert table["odd_1"][0] == "8.2 sd above · Orders, 1 day"
    assert table["odd_3"][0] == ""
    assert table["status"][0] == "Approved"
    assert not {"score", "band", "priority", "probability"} & set(table.columns)

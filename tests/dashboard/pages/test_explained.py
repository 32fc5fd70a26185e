"""Why on two levels, comparisons and the unproven lane, on the tiny database's real model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pytest

from dashboard.view_models.words import signal_text
from tests.dashboard import tiny_database as tiny
from tests.dashboard.pages.harness import opener, words

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

    Open = Callable[..., AppTest]

MERCHANT = {"entity": "merchant:mer_1"}
UNPROVEN = {"entity": "buyer:buy_3"}
ALERT = (
    "insert into alerts.alerts select * replace ('alt_9' as alert_id, 'mer_3' as entity_id,"
    " 'signals' as lane, 0.08 as score, 'LOW' as score_band, 0.96 as signal_probability,"
    " 0.96 as probability, 6 as queue_place) from alerts.alerts where alert_id = 'alt_1'"
)
SIGNAL = (
    "insert into scores.signals select * replace ('mer_3' as entity_id) from scores.signals limit 1"
)


def said(app: AppTest) -> str:
    """The page's words without their markdown escapes."""
    return words(app).replace("\\", "")


def headings(app: AppTest) -> list[str]:
    """The bold starts of lines, in order."""
    return [line.value.split("**")[1] for line in app.markdown if line.value.startswith("**")]


def test_near_a_line_the_findings_come_before_the_families(open_page: Open) -> None:
    """Five models disagree about the band of mer_1, so what holds it leads."""
    app = open_page("investigate", MERCHANT)
    names = headings(app)
    assert "Near the line" in said(app)
    assert names.index("What holds it in Critical") < names.index("Families")


def test_away_from_a_line_the_families_come_first(open_page: Open) -> None:
    """The models agree about mer_2: patterns first, and the spread in a quiet line."""
    app = open_page("investigate", {"entity": "merchant:mer_2"})
    names = headings(app)
    assert names.index("Families") < names.index("What holds it in High")
    assert "no line lies between" in said(app)


def test_a_family_of_the_address_keeps_its_features(open_page: Open) -> None:
    """A shared link shows the same features, and the rest is one bar."""
    app = open_page("investigate", {**MERCHANT, "family": "refunds"})
    keys = {button.key for button in app.button if str(button.key).startswith("evidence.")}
    assert keys == {"evidence.refund_rate_30d"}
    assert app.selectbox(key="url.family").value == "refunds"


def test_choosing_another_family_is_in_the_address(open_page: Open) -> None:
    """The select is the keyboard's twin of a click on a bar."""
    app = open_page("investigate", MERCHANT)
    app.selectbox(key="url.family").select("identity").run()
    assert app.query_params["family"] == "identity"


def test_for_and_against_stand_side_by_side(open_page: Open) -> None:
    """Both headings are there, with the model-free sentence under its feature."""
    shown = said(open_page("investigate", MERCHANT))
    assert "Raises the score" in shown
    assert "Lowers the score" in shown
    assert "Merchants with 100 days or more in “Account age” are confirmed 9.0 ×" in shown
    assert "(n = 312 verdicts, 7.0–11)" in shown


def test_look_alikes_name_both_outcomes_and_the_clean_twin(open_page: Open) -> None:
    """One table, and no outcome is left out without a word."""
    app = open_page("investigate", MERCHANT)
    table = next(frame.value for frame in app.dataframe if "apart" in frame.value)
    assert [row[0] for row in table["outcome"]] == ["Confirmed", "Clean twin"]
    assert "There is no cleared entity to compare with" in said(app)


def test_look_alikes_outside_the_markets_have_no_name(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A scope of one market hides the names of the others."""
    monkeypatch.setenv("RINGFENCE_MARKETS", "MY")
    app = open_page("investigate", MERCHANT)
    table = next(frame.value for frame in app.dataframe if "apart" in frame.value)
    assert set(table["name"]) == {"(outside your markets)"}


@pytest.mark.parametrize(
    ("table", "heading"),
    [("scores.model_files", "Families"), ("explanations.background", "Families")],
)
def test_without_the_model_the_rest_of_why_stands(
    open_page: Open, table: str, heading: str
) -> None:
    """Scores from elsewhere: the panel names its table, the sentences are there."""
    app = open_page("investigate", MERCHANT, without=[table])
    assert f"no table {table}" in said(app)
    assert heading in headings(app)
    assert "Raises the score" in said(app)
    assert "Something went wrong" not in said(app)


@pytest.mark.parametrize(
    "tables",
    [
        ["explanations.lifts"],
        ["explanations.stability"],
        ["scores.bands"],
        ["scores.anomalies"],
        ["explanations.reference"],
        ["explanations.reference_values"],
        ["scores.evaluation", "scores.heads"],
    ],
)
def test_every_new_table_may_be_missing(open_page: Open, tables: list[str]) -> None:
    """An older database still opens on every page that would read it."""
    for name, params in (("queue", {}), ("investigate", MERCHANT), ("model", {})):
        app = open_page(name, params, without=tables)
        assert not app.exception
        assert "Something went wrong" not in words(app)


def test_a_model_that_was_not_delivered_is_a_state(open_page: Open) -> None:
    """The table is there and empty: somebody else's scores."""
    shown = said(open_page("investigate", MERCHANT, empty=["scores.model_files"]))
    assert "came without the model" in shown
    assert "build with the scorer inside" in shown


def test_two_dates_are_compared_by_the_address(open_page: Open) -> None:
    """Refunds rose since: only what changed is in the table, with both values."""
    since = str(tiny.WEEKS[2])
    app = open_page("investigate", {**MERCHANT, "tab": "compare", "since": since})
    assert app.selectbox(key="url.since").value == since
    table = app.dataframe[0].value
    changed = {row[0]: (row[1], row[2]) for row in table.itertuples(index=False)}
    assert changed["Refund rate, 30 days"] == ("2.0%", "12.0%")
    assert set(changed) <= {"Refund rate, 30 days", "Account age"}
    assert "What stayed the same gets nothing" in said(app)


def test_two_entities_are_compared_by_id_or_key(open_page: Open) -> None:
    """Typed ids and links name the same other."""
    for against in ("mer_2", "merchant:mer_2"):
        asked = {"tab": "compare", "against": against, "since": str(tiny.WEEKS[2])}
        app = open_page("investigate", {**MERCHANT, **asked})
        assert not app.exception
        assert app.text_input(key="url.against").value == against
        assert "What stayed the same gets nothing" in said(app)
        assert list(app.dataframe[0].value.columns) == ["label", "first", "last", "contribution"]


@pytest.mark.parametrize("against", ["mer_9", "buyer:buy_1"])
def test_whoever_cannot_be_compared_is_said(open_page: Open, against: str) -> None:
    """Unknown, or of another kind: a sentence, never a fault."""
    shown = said(open_page("investigate", {**MERCHANT, "tab": "compare", "against": against}))
    assert f"There is no merchant {against}" in shown


def test_another_market_is_not_compared_with(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A comparison would tell what the scope hides."""
    monkeypatch.setenv("RINGFENCE_MARKETS", "MY")
    app = open_page("investigate", {**MERCHANT, "tab": "compare", "against": "mer_2"})
    assert "outside your markets" in said(app)


def test_an_unproven_entity_has_no_band_and_no_probability(open_page: Open) -> None:
    """The statement stands where the score does for others, though its place has an alert."""
    for tab in ("why", "compare"):
        app = open_page("investigate", {**UNPROVEN, "tab": tab})
        assert "nobody has judged such a thing yet" in said(app)
        assert not app.metric
        assert not {"score", "contribution"} & {c for table in app.dataframe for c in table.value}
        assert "margin" not in said(app).lower()
        assert "Raises the score" not in said(app)
    app = open_page("investigate", UNPROVEN)
    shown = said(app)
    assert "no probability, hence no priority" in shown
    assert "nobody has judged such a thing yet" in shown
    assert "8.2 deviations above its peers" in shown
    assert "5.1 deviations below its peers" in shown
    assert not app.metric
    assert "Families" not in headings(app)


def test_the_unproven_lane_stands_apart(open_page: Open) -> None:
    """A lane of its own: what is unusual, and neither score nor priority."""
    app = open_page("queue", {"lane": "unproven"})
    table = app.dataframe[0].value
    assert list(table["name"]) == ["Tan | Wei"]
    assert not {"score", "band", "priority"} & set(table.columns)
    assert "nobody has judged such a thing yet" in said(app)


def test_the_queue_of_the_day_keeps_places_for_the_unproven(open_page: Open) -> None:
    """Last of five here, with dashes; a band or a typology asked for leaves it out."""
    row = open_page("queue").dataframe[0].value.iloc[-1]
    assert (row["name"], row["lane"], row["band"].tolist()) == (
        "Tan | Wei",
        "Unproven",
        ["Unproven"],
    )
    assert row[["score", "priority"]].isna().all()
    assert row["reason_1"].endswith("8.2 deviations above its peers")
    scored = open_page("queue", {"sort": "score"}).dataframe[0].value
    assert scored["name"].iloc[-1] == "Tan | Wei"
    low = open_page("queue", {"band": "HIGH"}).dataframe[0].value
    assert "Tan | Wei" not in list(low["name"])


def test_the_lane_has_no_filters_of_what_it_lacks(open_page: Open) -> None:
    """Neither typology, band nor an order by money."""
    app = open_page("queue", {"lane": "unproven"})
    keys = {str(box.key) for box in app.selectbox}
    assert not {"url.typology", "url.band", "url.sort"} & keys
    assert {"url.entity_type", "url.lane"} <= keys


def test_the_service_index_stands_over_its_measures(open_page: Open) -> None:
    """Read from the build; a build without it says nothing."""
    assert "Service 72 of 100 among 29 Beauty peers" in said(open_page("investigate", MERCHANT))
    app = open_page("investigate", MERCHANT, without=["features.service_quality"])
    assert "Something went wrong" not in said(app)


def test_the_queue_leads_to_the_unproven(open_page: Open) -> None:
    """One quiet line under the alerts, and back again by the filter."""
    app = open_page("queue")
    app.button(key="queue.unproven").click().run()
    assert app.query_params["lane"] == "unproven"


def test_a_database_without_the_lane_says_so(open_page: Open) -> None:
    """The link may be older than the scores."""
    app = open_page("queue", {"lane": "unproven"}, without=["scores.anomalies"])
    assert "needs the table scores.anomalies" in said(app)
    assert app.button(key="queue.proven")


def test_the_model_page_shows_intervals_ceilings_and_heads(open_page: Open) -> None:
    """What it was measured on, how sure each figure is, and which schemes have a model."""
    app = open_page("model", {"entity_type": "merchant"})
    quality, heads = app.dataframe[0].value, app.dataframe[1].value
    assert quality["label"].to_list() == ["AUPRC", "Precision of the first 36"]
    assert quality["interval"].to_list() == ["0.600 to 0.800"] * 2
    assert quality["ceiling"].fillna(0.0).to_list() == [0.0, 0.9]
    assert heads["how"].to_list() == ["Own model", "Signals: too few matured verdicts"]
    assert "Calibrated and measured on the later verdicts" in said(app)


@pytest.fixture
def signalled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """Pages of a database in which signals, not its score, opened the alert of mer_3."""
    path = tiny.write(tmp_path / "signalled.duckdb")
    with duckdb.connect(str(path)) as con:
        con.execute(ALERT)
        con.execute(SIGNAL)
    return opener(tmp_path, tmp_path, monkeypatch, path)


def test_whom_signals_brought_is_shown_by_its_signals(signalled: Callable[..., AppTest]) -> None:
    """Badge and scheme in the head, the signals first, and no talk of a line over it."""
    app = signalled("investigate", {"entity": "merchant:mer_3"})
    assert not app.exception
    head = next(line.value for line in app.markdown if "By signals" in line.value)
    assert "Brushing" in head
    assert headings(app).index("Known schemes that fit") < headings(app).index("Families")
    assert "nothing holds it" not in said(app)
    assert "Signals brought it here, not the score" in said(app)
    assert "9 of 11 with such signals confirmed" in said(app)
    row = signalled("queue", {"lane": "signals"}).dataframe[0].value.iloc[0]
    assert row["reason_1"] == signal_text("T1_BRUSHING", "T1.R01")

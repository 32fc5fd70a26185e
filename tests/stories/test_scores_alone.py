"""A team hands over scores and nothing else: the app works, and says what the rest would need."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

import queries
from dashboard.access import Viewer
from dashboard.casebook import open_casebook
from dashboard.cases.records import DecisionDraft
from dashboard.cases.states import Verdict
from dashboard.cli import app as program
from dashboard.view_models.decide import evidence_for
from pipeline.build import Order, build
from pipeline.errors import InputError
from pipeline.settings.build import Settings
from tests.dashboard.harness import opener, plain_words, titles

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

pytestmark = pytest.mark.slow  # builds twice

AS_OF, COUNT = date(2026, 3, 2), 60
ID = "listing 1/ü"


def handed_over(folder: Path, *, has_parts: bool) -> Path:
    """Scores of listings on two days, the first of them with names; contributions if asked for."""
    folder.mkdir()
    random = np.random.default_rng(3)
    ids = [ID, *(f"item-{number}" for number in range(COUNT - 1))]
    scores, parts = [], []
    for day in (AS_OF - timedelta(days=7), AS_OF):
        moved = random.normal(0.0, 1.5, (COUNT, 3))
        moved[0] = (3.0, 2.0, -0.5)
        margin = moved.sum(axis=1) - 1.0
        key = {"entity_type": ["product"] * COUNT, "entity_id": ids, "as_of": [day] * COUNT}
        named = {"name": ["First listing"] + [None] * (COUNT - 1)}
        score = {"score": 1.0 / (1.0 + np.exp(-margin)), "margin": margin}
        scores.append(pl.DataFrame(key | score | named, schema_overrides={"name": pl.String}))
        for column, feature in enumerate(("age", "praise", "price")):
            value = [None if column == 1 and row == 0 else 1.0 for row in range(COUNT)]
            rest = {"feature": [feature] * COUNT, "value": value, "contribution": moved[:, column]}
            parts.append(pl.DataFrame(key | rest, schema_overrides={"value": pl.Float64}))
    pl.concat(scores).write_parquet(folder / "scores.parquet")
    if has_parts:
        pl.concat(parts).write_parquet(folder / "contributions.parquet")
    return folder


@pytest.fixture(scope="module", params=[True, False], ids=["explained", "unexplained"])
def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from scores alone, with contributions and without."""
    folder = tmp_path_factory.mktemp("scores")
    scores = handed_over(folder / "in", has_parts=request.param)
    return build(Order(None, folder, Settings(scores_folder=str(scores)))).database


@pytest.fixture
def open_page(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., AppTest]:
    """Pages of it."""
    return opener(tmp_path, tmp_path, monkeypatch, database)


def test_everybody_who_is_scored_is_in_the_queue_by_probability(
    database: Path, open_page: Callable[..., AppTest]
) -> None:
    """No money is known, so none is said to be lost or to have ended."""
    app = open_page("queue")
    assert not app.exception
    table = app.dataframe[0].value
    assert table["probability"].to_list() == sorted(table["probability"], reverse=True)
    assert table["exposure"].isna().all()
    assert table["priority"].isna().all()
    assert any("First listing" in title for title in titles(app))
    assert "at risk" not in plain_words(app)
    assert "$0" not in plain_words(app)
    with queries.connect(database) as con:
        above_low = "select count(*) from scores.scores where as_of = $day and score_band <> 'LOW'"
        expected = queries.scalar(con, above_low, {"day": AS_OF})
        assert queries.row_count(con, "alerts.alerts") == expected > 0


def test_why_is_what_was_handed_over_and_nothing_invented(
    database: Path, open_page: Callable[..., AppTest]
) -> None:
    """Sentences of the contributions, or which file is missing; what needs trees says so once."""
    with queries.connect(database) as con:
        has_parts = queries.row_count(con, "explanations.contributions") > 0
    app = open_page("investigate", {"entity": f"product:item-{first_item(database)}"})
    text = plain_words(app)
    assert not app.exception
    assert "No orders were delivered, so no money is known" in text
    assert "registered" not in text
    assert "listed" not in text
    if has_parts:
        assert "Raises the score" in text
        assert text.count("came without the model that made them") == 1
        assert "would have to be wrong" not in text
    else:
        assert "no contributions of this kind were given" in text
        assert "Only entities of the last snapshot" not in text


def first_item(database: Path) -> int:
    """A listing that has an alert."""
    with queries.connect(database) as con:
        sql = "select min(entity_id) from alerts.alerts where entity_id like 'item-%'"
        return int(str(queries.scalar(con, sql)).removeprefix("item-"))


@pytest.mark.parametrize(
    ("page", "params"),
    [
        ("metrics", {}),
        ("community", {}),
        *(("investigate", {"tab": tab}) for tab in ("drift", "community", "timeline", "orders")),
    ],
)
def test_what_needs_raw_tables_names_them(
    database: Path, open_page: Callable[..., AppTest], page: str, params: dict[str, str]
) -> None:
    """Not 'nothing happened': nobody delivered what would tell."""
    entity = {"entity": f"product:item-{first_item(database)}"} if page == "investigate" else {}
    app = open_page(page, {**entity, **params})
    assert not app.exception
    assert "It needs the table orders, which was not delivered." in plain_words(app)


def test_the_model_card_claims_nothing(open_page: Callable[..., AppTest]) -> None:
    """One kind is scored, so one card is there; its quality is measured nowhere."""
    text = plain_words(open_page("model"))
    assert "quality is not measured here" in text
    assert "Measured on" not in text


def test_neither_raw_tables_nor_scores_is_a_sentence(tmp_path: Path) -> None:
    """What was found, what was expected, what to do."""
    with pytest.raises(InputError, match="neither raw tables nor scores"):
        build(Order(None, tmp_path))


def test_the_command_needs_no_folder_of_raw_tables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without --data the scores are all there is, also where a sample lies in its usual place."""
    monkeypatch.chdir(tmp_path)
    scores = handed_over(tmp_path / "in", has_parts=False)
    result = CliRunner().invoke(program, ["build", "--scores", str(scores), "--out", "out"])
    assert result.exit_code == 0, result.output
    with queries.connect(tmp_path / "out" / "ringfence.duckdb") as con:
        assert queries.row_count(con, "graph.entities") == COUNT
        assert queries.scalar(con, "select as_of from meta.build") == AS_OF


def test_a_build_says_which_decisions_wait_and_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Taken after the data end, or not approved yet; also when there is nothing to build."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("RINGFENCE_CASEBOOK_URL", raising=False)
    scores = handed_over(tmp_path / "in", has_parts=False)
    (tmp_path / "out").mkdir()
    book = open_casebook(f"sqlite:///{tmp_path / 'out' / 'casebook.sqlite'}")
    draft = DecisionDraft("product", ID, Verdict.FALSE_POSITIVE, "key-1", as_of=AS_OF)
    book.decide(draft, viewer=Viewer("ann"))
    proposal = replace(
        draft, entity_id="item-1", verdict=Verdict.CONFIRMED, idempotency_key="key-2",
        typology="T1_BRUSHING", action="SALES_AND_REVIEW_PURGE",
        reason_codes=("T1.R02_INSTANT_PRAISE",), evidence=tuple(evidence_for("T1_BRUSHING")),
        note="Five stars within the hour.",
    )  # fmt: skip
    book.decide(proposal, viewer=Viewer("ann"))
    command = ["build", "--scores", str(scores), "--out", "out"]
    for _ in range(2):
        said = " ".join(CliRunner().invoke(program, command).output.split())
        assert "1 decision waits: taken" in said
        assert f"the data end {AS_OF - timedelta(days=1)}" in said
        assert "1 proposal waits for the approval of a second person" in said
    assert "is up to date" in said
    judged = CliRunner().invoke(program, [*command, "--as-judged"])
    assert judged.exit_code == 0
    assert "decision waits" not in judged.output
    with queries.connect(tmp_path / "out" / "ringfence.duckdb") as con:
        own = "select entity_id, label from staging.labels where source = 'casebook'"
        assert con.execute(own).fetchall() == [(ID, "good")]

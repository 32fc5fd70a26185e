"""A build ends with who waits, or why nobody does, and with the command that comes next."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

import queries
from dashboard.casebook import open_casebook
from dashboard.cases.records import DecisionDraft
from dashboard.cases.states import Verdict
from dashboard.cli.next_steps import Waiting, serve_command
from tests.dashboard.casebook.drafts import ANN

if TYPE_CHECKING:
    from pipeline.build import Report

NO_MODEL = pl.DataFrame({"model_version": [None]}, schema={"model_version": pl.String})
MODEL = pl.DataFrame({"model_version": ["v1"]})


def waiting(
    *,
    alerts: dict[str, int] | None = None,
    unproven: int = 0,
    ended: int = 0,
    answered: int = 0,
    labels: int | None = None,
) -> str:
    """The sentence of a build; `labels` None = it has a model, else how many were too few."""
    models = MODEL if labels is None else NO_MODEL
    unscored = pl.DataFrame({"positives": [labels or 0], "negatives": [0]})
    return Waiting(alerts or {}, unproven, ended, answered, models, unscored).sentence()


def test_it_counts_what_waits_by_kind() -> None:
    """One of one kind reads as well as many of several."""
    assert waiting(alerts={"merchant": 1204, "buyer": 1}, unproven=12) == (
        "1,205 alerts wait: 1,204 merchants and 1 buyer. Beside them: 12 unproven subjects."
    )
    assert waiting(alerts={"buyer": 1}, unproven=1).startswith("1 alert waits: 1 buyer. Beside")


@pytest.mark.parametrize(
    ("given", "why", "remedy"),
    [
        ({"labels": 0}, "nobody was judged yet", "Deliver the table labels"),
        ({"labels": 0, "unproven": 7}, "nobody was judged", "Judge the 7 unproven subjects"),
        ({"labels": 4}, "too few verdicts have matured", "Deliver the table labels"),
        ({}, "no score is above Low", "The page Data says which signals are off"),
        ({"unproven": 1}, "no score is above Low", "Judge the 1 unproven subject in the queue"),
        ({"ended": 3}, "3 alerts over", "The next delivery brings more"),
        ({"answered": 2, "ended": 1}, "2 subjects answered and 1 alert over", "The next delivery"),
    ],
)
def test_without_an_alert_it_says_why_and_what_to_do(
    given: dict[str, int], why: str, remedy: str
) -> None:
    """No labels, no model, nothing suspicious, or everything done: each has its own remedy."""
    said = waiting(**given)  # type: ignore[arg-type]
    assert said.startswith("No alert waits: ")
    assert why in said
    assert f". {remedy}" in said
    assert said.endswith(".")


def test_the_next_command_has_the_path_that_was_used() -> None:
    """Typed as it stands it serves that build; the usual folder need not be named."""
    assert serve_command(Path("build")) == "Next: ringfence serve"
    assert serve_command(Path("/srv/risk")) == "Next: ringfence serve --build /srv/risk"
    assert serve_command(Path("my build")) == "Next: ringfence serve --build 'my build'"


def test_whoever_is_answered_does_not_wait(built: Report, tmp_path: Path) -> None:
    """What the queue shows as open is what the command counts."""
    before = Waiting.of(built.database, tmp_path)
    with queries.connect(built.database) as con:
        sql = "select entity_type, entity_id from alerts.alerts where lane = 'score' limit 1"
        kind, subject = con.execute(sql).fetchall()[0]
        sql = "select count(*) from alerts.alerts where lane <> 'unproven' and not is_ended"
        assert sum(before.alerts.values()) == queries.scalar(con, sql)
    book = open_casebook(f"sqlite:///{tmp_path}/casebook.sqlite")
    draft = DecisionDraft(kind, subject, Verdict.FALSE_POSITIVE, "key-1", as_of=built.as_of)
    book.decide(draft, viewer=ANN)
    book.close()
    after = Waiting.of(built.database, tmp_path)
    assert after.alerts[kind] == before.alerts[kind] - 1
    assert after.answered == 1

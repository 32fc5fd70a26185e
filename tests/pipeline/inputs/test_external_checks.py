"""What is handed over is held against itself: said with ids, never shown wrong."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pytest

from pipeline.errors import InputError
from pipeline.inputs.external_scores import load

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

NAMES = ("one", "two", "three")
DAY, COUNT = date(2026, 5, 1), 50
Frame = pl.DataFrame


def key(count: int = COUNT) -> dict[str, Any]:
    """That many shops on one day."""
    ids = [f"shop {number}" for number in range(count)]
    return {"entity_type": ["merchant"] * count, "entity_id": ids, "as_of": [DAY] * count}


def handed_over(
    folder: Path,
    parts: NDArray[Any],
    base: float = 0.0,
    *,
    margin: NDArray[Any] | None = None,
    change: Callable[[Frame], Frame] = lambda frame: frame,
    change_parts: Callable[[Frame], Frame] = lambda frame: frame,
) -> Path:
    """Scores with contributions `parts` (entities, features), something of them changed."""
    own = base + parts.sum(axis=1, dtype=parts.dtype) if margin is None else margin
    size = max(float(np.abs(own).max()), 1.0)
    score = 1.0 / (1.0 + np.exp(-(own.astype(float) - base) * 8.0 / size))
    scores = pl.DataFrame(key() | {"score": score, "margin": own.astype(float)})
    rows = [
        pl.DataFrame(key() | {"feature": [name] * COUNT, "value": parts[:, place].astype(float),
                              "contribution": parts[:, place].astype(float)})
        for place, name in enumerate(NAMES)
    ]  # fmt: skip
    change(scores).write_parquet(folder / "scores.parquet")
    change_parts(pl.concat(rows)).write_parquet(folder / "contributions.parquet")
    return folder


def drawn(size: float, dtype: str = "float64") -> NDArray[Any]:
    """Contributions of about that size."""
    return np.random.default_rng(4).normal(0.0, size, (COUNT, 3)).astype(dtype)


@pytest.mark.parametrize(("size", "base"), [(6e4, 600.0), (1e8, 2e10), (1.0, -1.5), (1e-4, 1e-4)])
def test_single_precision_adds_up_whatever_its_size(
    tmp_path: Path, size: float, base: float
) -> None:
    """A score in points misses by more than one in log odds, and by no more of itself."""
    parts = drawn(size, "float32")
    margin = np.float32(base) + parts.sum(axis=1, dtype="float32")
    assert load(handed_over(tmp_path, parts, base, margin=margin)).contributions.height == 150


@pytest.mark.parametrize("size", [1e6, 1.0, 1e-5])
def test_parts_of_another_whole_are_refused_whatever_their_size(
    tmp_path: Path, size: float
) -> None:
    """One in a hundred off is seen in a bar: the sentence says whose, and by how much."""
    parts = drawn(size)
    margin = parts.sum(axis=1)
    margin[7] += 0.02 * np.abs(parts[7]).sum()
    margin[9] += 0.01 * np.abs(parts[9]).sum()
    with pytest.raises(InputError, match="the most of 2 in 50") as caught:
        load(handed_over(tmp_path, parts, margin=margin))
    assert "shop 7" in str(caught.value)
    assert "shop 9" in str(caught.value)


def scaled(frame: Frame) -> Frame:
    """Percent in place of shares."""
    return frame.with_columns(pl.col("value").abs() * 100.0 + 2.0)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda f: f.with_columns(score=pl.col("score") * 100.0), "outside 0..1"),
        (lambda f: f.with_columns(score=1.0 - pl.col("score")), "the score rises with it"),
        (lambda f: pl.concat([f, f.head(2)]), "repeat an entity and day, the first shop 0"),
        (lambda f: f.with_columns(entity_id=pl.lit(" ")), "50 rows have an empty one"),
        (lambda f: f.with_columns(score=pl.lit(None, pl.Float64)), "null or not finite"),
        (lambda f: f.with_columns(score=pl.lit(float("nan"))), "null or not finite"),
        (lambda f: f.with_columns(entity_type=pl.lit("shop")), "are not known"),
        (lambda f: f.with_columns(as_of=pl.col("as_of").cast(pl.String)), "Date was expected"),
        (lambda f: f.drop("score"), "lacks the columns"),
        (lambda f: f.with_columns(Score=pl.col("score")), "two columns of that name (score and"),
        (lambda f: f.head(0), "has no row"),
        (lambda f: f.with_columns(entity_id=pl.col("entity_id") + "\u202e"), "nobody can see"),
        (lambda f: f.with_columns(entity_id=pl.col("entity_id") + "x" * 300), "more than 256"),
        (lambda f: f.with_columns(as_of=pl.lit(date(1970, 1, 1))), "50 rows lie before 1990-01-01"),
        (
            lambda f: pl.concat([f, f.head(1).with_columns(as_of=pl.lit(date(2099, 1, 1)))]),
            "2099-01-01, the last day of merchant scores, has 1 of them; another day has 50",
        ),
    ],
)
def test_scores_that_cannot_be_are_named(
    tmp_path: Path, change: Callable[[Frame], Frame], sentence: str
) -> None:
    """File, column, rows and remedy."""
    with pytest.raises(InputError, match=r"scores\.parquet") as caught:
        load(handed_over(tmp_path, drawn(1.0), change=change))
    assert sentence in str(caught.value)


def test_what_other_programs_write_is_read(tmp_path: Path) -> None:
    """Names in capitals, days as midnights, ids as numbers or categories, a column of nulls."""

    def written(frame: Frame) -> Frame:
        ids = pl.int_range(pl.len()) if "score" in frame.columns else pl.int_range(pl.len()) % COUNT
        return frame.with_columns(
            pl.col("entity_type").cast(pl.Categorical),
            pl.col("as_of").cast(pl.Datetime("ns")),
            ids.alias("entity_id"),
            market=None,
        ).rename(str.upper)

    changes = {"change": written, "change_parts": written}
    result = load(handed_over(tmp_path, drawn(1.0), **changes))
    assert result.scores["as_of"].unique().to_list() == [DAY]
    assert result.scores["entity_id"].to_list() == [str(number) for number in range(COUNT)]
    assert result.names["market"].null_count() == COUNT
    assert result.contributions.height == 3 * COUNT


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda f: f.with_columns(feature=pl.lit(" ")), "150 rows have an empty one"),
        (lambda f: f.with_columns(value=pl.lit(float("inf"))), "150 of 150 rows are infinite"),
    ],
)
def test_parts_that_no_page_can_show_are_named(
    tmp_path: Path, change: Callable[[Frame], Frame], sentence: str
) -> None:
    """A bar without a name, a value without an end."""
    with pytest.raises(InputError, match=r"contributions\.parquet") as caught:
        load(handed_over(tmp_path, drawn(1.0), change_parts=change))
    assert sentence in str(caught.value)


def test_a_contribution_that_is_there_twice_is_named(tmp_path: Path) -> None:
    """The matrix would keep one, the sum both: the bars would not add up."""
    twice = handed_over(
        tmp_path, drawn(1.0), change_parts=lambda frame: pl.concat([frame, frame.head(1)])
    )
    with pytest.raises(InputError, match="repeat an entity, day and feature, the first one"):
        load(twice)


def test_a_share_in_percent_is_named(tmp_path: Path) -> None:
    """A feature that bears the name of one of ours would be shown as 4,500 %."""
    assert load(handed_over(tmp_path, drawn(1.0), change_parts=scaled)).version
    ours = handed_over(
        tmp_path,
        drawn(1.0),
        change_parts=lambda f: scaled(f).with_columns(
            feature=pl.col("feature").replace("one", "refund_rate_30d")
        ),
    )
    with pytest.raises(InputError, match="as a share between 0 and 1"):
        load(ours)


def test_names_are_optional_and_those_of_the_latest_row(tmp_path: Path) -> None:
    """Some have one, some have none; a value may be missing where nobody knows it."""
    named = handed_over(
        tmp_path, drawn(1.0),
        change=lambda f: f.with_columns(
            name=pl.when(pl.col("entity_id") == "shop 0").then(pl.lit("First"))
        ),
        change_parts=lambda f: f.with_columns(value=pl.lit(None, pl.Float64)),
    )  # fmt: skip
    names = load(named).names
    assert names.height == COUNT
    assert names.filter(entity_id="shop 0")["name"].item() == "First"
    assert names["market"].is_null().all()
    assert set(names["last_scored_on"]) == {DAY}

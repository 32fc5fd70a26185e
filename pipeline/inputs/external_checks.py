"""What somebody else hands over, held against itself before a page says it.

Each check is of one kind of contradiction: a column that is not what it is called, a score that
is no probability, a row that is there twice, parts that are not those of the whole, values in
other units than those they would be shown in.
"""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING

import polars as pl

from pipeline.errors import InputError
from pipeline.inputs.clocks import EARLIEST
from pipeline.inputs.faults import shown
from pipeline.inputs.row_rules import INVISIBLE
from queries.catalogue import features
from queries.contract import LONGEST_ID
from queries.vocabulary import ENTITY_TYPES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

KEY: dict[str, type[pl.DataType]] = {
    "entity_type": pl.String,
    "entity_id": pl.String,
    "as_of": pl.Date,
}
CONTRACT = "docstring of pipeline/inputs/external_scores.py"
ABSOLUTE = 1e-3
"""How far base + contributions may lie from the margin where these are about one, as log odds
are: single precision, summed, and what a file of four digits rounds away. Less where they are
smaller, for a bar of that length would be wrong."""
RELATIVE = 1e-5
"""The same as a part of the sizes of base and contributions: what single precision keeps of a
score in points, with a hundred parts. No bar is drawn so finely."""
_ROUNDED = 0.01
"""By how much a score may fall as its margin rises: two decimals, as people round."""
_SHOWN = 3
LEAST_OF_USUAL = 0.05
"""Entities scored on the last day, as a share of those of the fullest day: fewer are strays."""


def typed(
    path: Path,
    required: dict[str, type[pl.DataType]],
    optional: Mapping[str, type[pl.DataType]],
    may_be_null: tuple[str, ...] = (),
) -> pl.DataFrame:
    """The columns of the contract in their types; others are ignored."""
    try:
        table = pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise InputError(
            f"{path} cannot be read: {str(error).splitlines()[0]}.",
            "A Parquet file was expected.",
            "Write it again.",
        ) from error
    table = table.rename(_contract_names(path, table.columns, [*required, *optional]))
    missing = sorted(required.keys() - set(table.columns))
    if missing:
        raise InputError(
            f"{path} lacks the columns {missing}; it has {sorted(table.columns)}.",
            f"The columns {sorted(required)} were expected.",
            f"Add them as the {CONTRACT} says.",
        )
    present = {name: dtype for name, dtype in optional.items() if name in table.columns}
    dtypes = {**required, **present}
    for name, dtype in dtypes.items():
        _check_column(path, table[name], dtype, may_be_null=name in may_be_null)
    return table.select(pl.col(name).cast(dtype) for name, dtype in dtypes.items())


def _contract_names(path: Path, names: list[str], wanted: list[str]) -> dict[str, str]:
    """The columns of a file that are called as in the contract but for the case of letters."""
    renamed: dict[str, str] = {}
    for name in wanted:
        alike = [one for one in names if one.lower() == name]
        if len(alike) > 1:
            raise InputError(
                f"{path}, {name}: two columns of that name ({' and '.join(alike)}).",
                "Column names were expected to differ by more than case.",
                "Keep the one that is meant.",
            )
        renamed |= dict.fromkeys(alike, name)
    return renamed


def _check_column(
    path: Path, column: pl.Series, dtype: type[pl.DataType], *, may_be_null: bool
) -> None:
    if not _fits(column, dtype) and not (may_be_null and column.dtype == pl.Null):
        raise InputError(
            f"{path}, {column.name}: its type is {column.dtype}.",
            f"{dtype.__name__} was expected.",
            "Cast the column before writing it.",
        )
    missing, endless = column.null_count(), 0
    if dtype == pl.Float64:
        numbers = column.cast(pl.Float64)
        missing, endless = missing + int(numbers.is_nan().sum()), int(numbers.is_infinite().sum())
    bad = endless if may_be_null else endless + missing
    if bad:
        found = "infinite" if may_be_null else "null or not finite"
        or_null = ", or null where it is not known" if may_be_null else ""
        raise InputError(
            f"{path}, {column.name}: {bad} of {column.len()} rows are {found}.",
            f"Every row was expected to have a value{or_null}.",
            "Leave such rows out, or fill them in.",
        )


def _fits(column: pl.Series, dtype: type[pl.DataType]) -> bool:
    """Whether a cast keeps every value: categories are texts, whole numbers ids, midnights days."""
    if dtype == pl.Float64:
        return column.dtype.is_numeric()
    if dtype == pl.String:
        is_text = column.dtype in (pl.String, pl.Categorical, pl.Enum)
        return is_text or (column.name == "entity_id" and column.dtype.is_integer())
    if column.dtype == pl.Datetime:
        return bool((column.drop_nulls().dt.time() == time()).all())
    return column.dtype == dtype


def check_scores(path: Path, scores: pl.DataFrame) -> None:
    """Refuse scores that are no probabilities, of nobody, twice, or against their own margin."""
    if scores.is_empty():
        raise InputError(
            f"{path} has no row.",
            "A score of each entity was expected.",
            "Write the file again, or build without --scores.",
        )
    outside = scores.filter(~pl.col("score").is_between(0.0, 1.0))
    if outside.height:
        raise InputError(
            f"{path}, score: {outside.height} rows lie outside 0..1, the first "
            f"{outside['score'][0]} of {_ids(outside)}.",
            "A score is a probability between 0 and 1.",
            "Rescale it, and put the raw scale into the column margin.",
        )
    _check_texts(path, scores["entity_id"])
    strangers = sorted(set(scores["entity_type"]) - set(ENTITY_TYPES))
    if strangers:
        raise InputError(
            f"{path}, entity_type: {strangers} are not known.",
            f"One of {list(ENTITY_TYPES)} was expected.",
            "Rename them, or leave these rows out.",
        )
    twice = scores.height - scores.select(KEY.keys()).n_unique()
    repeated = scores.filter(pl.struct(KEY.keys()).is_duplicated())
    if twice:
        raise InputError(
            f"{path}: {twice} rows repeat an entity and day, the first {_ids(repeated)}.",
            "One score per entity_type, entity_id and as_of was expected.",
            "Keep the latest of each.",
        )
    _check_days(path, scores)
    _check_order(path, scores)


def _check_texts(path: Path, texts: pl.Series) -> None:
    """Refuse what no page can show or link: blank, endless, or with signs that nobody can see."""
    blank = texts.str.strip_chars() == ""
    long = texts.str.len_chars() > LONGEST_ID
    hidden = texts.str.contains(INVISIBLE)
    for is_odd, found in (
        (blank, "have an empty one"),
        (long, f"have one of more than {LONGEST_ID} characters"),
        (hidden, "have one with signs that nobody can see"),
    ):
        if rows := int(is_odd.sum()):
            first = shown(texts.filter(is_odd).to_list()[0])
            raise InputError(
                f"{path}, {texts.name}: {rows} rows {found}, the first {first}.",
                "Every row was expected to say what it is about, in signs that can be read.",
                "Mend the names, or leave these rows out.",
            )


def _check_days(path: Path, scores: pl.DataFrame) -> None:
    """Refuse a last day that hardly anybody is scored on: everybody else would be of the past."""
    days = scores.group_by("entity_type", "as_of").len().sort("as_of")
    early = days.filter(pl.col("as_of") < EARLIEST)
    if early.height:
        raise InputError(
            f"{path}, as_of: {early['len'].sum()} rows lie before {EARLIEST}, the first "
            f"{early['as_of'][0]}.",
            "The day that a score was known on was expected.",
            "Mend the clock, or leave these rows out.",
        )
    of_type = days.group_by("entity_type").agg(
        pl.col("as_of").last(), pl.col("len").last(), most=pl.col("len").max()
    )
    thin = of_type.filter(pl.col("len") < LEAST_OF_USUAL * pl.col("most"))
    if thin.height:
        entity_type, day, rows, most = thin.sort("entity_type").row(0)
        raise InputError(
            f"{path}, as_of: {day}, the last day of {entity_type} scores, has {rows} of them; "
            f"another day has {most}.",
            "The last day is the one that is shown, and was expected to score everybody.",
            "Score everybody on it, or leave its rows out.",
        )


def _check_order(path: Path, scores: pl.DataFrame) -> None:
    """The margin is the scale behind the score: who stands higher on it cannot score lower."""
    ranked = scores.sort("entity_type", "as_of", "margin", "score")
    highest = pl.col("score").cum_max().over("entity_type", "as_of")
    fall = ranked.with_columns(fall=highest - pl.col("score")).filter(pl.col("fall") > _ROUNDED)
    if fall.height:
        raise InputError(
            f"{path}, margin: {fall.height} entities and days have a higher margin than others "
            f"with a higher score, the first {_ids(fall)}.",
            "The margin was expected to be the scale behind the score: the score rises with it.",
            "Turn its sign, hand over the margin of the same model, or leave the column out.",
        )


def check_contributions(path: Path, scores: pl.DataFrame, parts: pl.DataFrame) -> None:
    """Refuse contributions that are there twice, do not add up, or are in other units than ours."""
    _check_texts(path, parts["feature"])
    key = [*KEY, "feature"]
    repeated = parts.filter(pl.struct(key).is_duplicated())
    if repeated.height:
        raise InputError(
            f"{path}: {repeated.height} rows repeat an entity, day and feature, the first "
            f"{repeated['feature'][0]} of {_ids(repeated)}.",
            "One contribution per entity_type, entity_id, as_of and feature was expected.",
            "Keep one of each, or add them up.",
        )
    _check_additive(path, scores, parts)
    _check_units(path, parts)


_HUNDREDTHS = ("percent", "per_100")
"""Formats of what others like to hand over times 100."""


def _check_units(path: Path, parts: pl.DataFrame) -> None:
    """A feature that bears the name of one of ours is shown in our unit: shares are in 0..1."""
    for entity_type in parts["entity_type"].unique().sort():
        shares = [name for name, one in features(entity_type).items() if one.format in _HUNDREDTHS]
        own = parts.filter(entity_type=entity_type).filter(pl.col("feature").is_in(shares))
        typical = own.group_by("feature").agg(pl.col("value").abs().median())
        other = typical.filter(pl.col("value") > 1.0).sort("feature")
        if other.height:
            name, value = other.row(0)
            raise InputError(
                f"{path}, value: half of the values of {name} lie above {value:.4g}.",
                f"Our catalogue knows {name} of a {entity_type} as a share between 0 and 1.",
                "Divide by 100, or give a feature of your own another name.",
            )


def _check_additive(path: Path, scores: pl.DataFrame, parts: pl.DataFrame) -> None:
    sums = totals(scores, parts)
    orphans = sums["margin"].null_count()
    if orphans:
        raise InputError(
            f"{path}: {orphans} entities and days have contributions but no score.",
            "Every explained entity was expected to be scored on that day.",
            "Add their scores to scores.parquet, or leave their contributions out.",
        )
    gap = (pl.col("margin") - pl.col("total") - pl.col("base")).abs()
    size = pl.col("size") + pl.col("base").abs()
    allowed = ABSOLUTE * pl.min_horizontal(size, 1.0) + RELATIVE * size
    missed = sums.with_columns(gap=gap).filter(gap > allowed).sort("gap", descending=True)
    if missed.height:
        raise InputError(
            f"{path}, contribution: those of {missed['entity_id'][0]} miss its margin by "
            f"{missed['gap'][0]:.4g}, the most of {missed.height} in {sums.height} entities and "
            f"days: {_ids(missed)}.",
            "One base per type and day plus an entity's contributions was expected to be its "
            "margin (without a column margin: the log odds of its score).",
            "Hand over contributions on the scale of the margin, and the margin with them.",
        )


def totals(scores: pl.DataFrame, parts: pl.DataFrame) -> pl.DataFrame:
    """What is explained, a day each: sums of contributions and of sizes, margin and base."""
    moved = pl.col("contribution")
    sums = {"total": moved.sum(), "size": moved.abs().sum()}
    total = parts.group_by(KEY.keys(), maintain_order=True).agg(**sums)
    together = total.join(scores, on=list(KEY), how="left", maintain_order="left")
    rest = pl.col("margin") - pl.col("total")
    return together.with_columns(base=rest.median().over("entity_type", "as_of"))


def _ids(rows: pl.DataFrame) -> str:
    """A few of the entities of some rows, to look for in the file."""
    return ", ".join(rows["entity_id"].unique(maintain_order=True).head(_SHOWN))

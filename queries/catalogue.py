"""What every model feature means: its words, its family and the rows behind it.

A score is only worth acting on when each number behind it can be read aloud
and recomputed. `evidence/*.toml` state both once per feature; the pages speak
its sentence and a test recomputes its value from its rows.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, Field

from queries import get
from queries.evidence_entries import feature_entries
from queries.toml_models import EntityType, FileModel, Text, one_of, validate

if TYPE_CHECKING:
    from datetime import date

    from queries.evidence_entries import Entry

FAMILIES = {
    "orders": "Orders and bursts",
    "identity": "Account, shared devices and addresses",
    "neighbours": "Neighbours",
    "refunds": "Refunds",
    "vouchers": "Vouchers",
    "content": "Audience, content and reviews",
    "fulfilment": "Fulfilment",
    "money": "Money flow",
    "signals": "Signals of the packs",
}
"""Nine: docs/decisions/0016-families-in-points.md, docs/decisions/0062-signals-in-the-model.md."""
USES = ("fraud", "quality")
SHARES = ("percent", "per_100", "points", "change", "times")
"""Formats of what is divided by something of its own kind. A `percent` is a part of a whole and
lies in 0..1; `per_100` counts events by other events of the same days, of which there may be
fewer; `points` is a difference of two shares, `change` growth, `times` a multiple."""
FORMATS = ("count", "ratio", *SHARES, "money", "hours", "days", "seconds")
SHOWN = (
    *FORMATS,
    *("log_count", "log_mean", "log_times", "log_spread", "bursts", "hours_of_day", "grades"),
    *("stars", "of_six", "deviations", "more", "spread", "yes_no", "family"),
)
"""How a feature is said (docs/decisions/0126-features-in-words.md); a format is said as it stands.
`log_count` is ln(1 + n) said as n, `log_mean` a mean of ln(n) said as the n of a typical one,
`log_times` a difference of logarithms said as times, `log_spread` their standard deviation said
in percent; `bursts`, `hours_of_day`, `grades` and `stars` are measures over 0..1 or -1..1 said in
their units, `of_six` counts signs of a machine audience; `deviations`, `more` and `spread` are
differences with a side; `family` has no words of its own."""
DIRECTIONS = ("high", "low", "none")


class Feature(FileModel):
    """One column of `features.<entity_type>` as a person reads it."""

    name: Text
    entity_type: EntityType
    label: Text
    family: Annotated[str, *one_of(tuple(FAMILIES))]
    format: Annotated[str, *one_of(FORMATS)]
    """What the stored number is; models and checks go by it."""
    sentence: Text
    """Words with `{value}` to fill in; `{order|orders}` agrees with it."""
    rows: Annotated[Text, AfterValidator(lambda rows: f"evidence/{rows}")]
    """Name of the query that returns the raw rows behind the value."""
    days: Annotated[int, Field(ge=0, description="a whole number of days, 0 for no window")]
    """Length of the window."""
    value: Text
    """SQL aggregate over those rows that recomputes the stored value."""
    direction: Annotated[str, *one_of(DIRECTIONS)]
    """Which end is suspicious; `none` where neither is."""
    changeable: Annotated[bool, Field(description="true or false")]
    """Whether the subject could have it otherwise by acting differently."""
    needs: Annotated[str, Field(description="a text")] = ""
    """What must have been seen before there is a value; empty where there always is one."""
    use: Annotated[str, *one_of(USES)] = "fraud"
    """`fraud`: may move a risk score. `quality`: tells how well a shop serves, never how honest
    it is, and no model of fraud sees it."""
    relation: Text = ""
    """What is shared or compared, where the rows are other accounts."""
    shown: Annotated[str, *one_of(SHOWN)]
    """How the number is said; as its format says where the files are silent."""


@cache
def features(entity_type: str) -> dict[str, Feature]:
    """Every documented feature of one entity type, by column name, in the order of the columns.

    Raises FileRefused naming file, feature and key for a broken entry.
    """
    return {
        name: _feature(entity_type, name, entry)
        for name, entry in feature_entries(entity_type).items()
    }


def evidence_params(feature: Feature, entity_id: str, as_of: date) -> dict[str, Any]:
    """The parameters that the rows behind `feature` of one entity are asked with."""
    values: dict[str, Any] = {
        "entity_type": feature.entity_type,
        "entity_id": entity_id,
        "as_of": as_of,
        "days": feature.days,
        "relation": feature.relation,
        "feature": feature.name,
    }
    return {column.name: values[column.name] for column in get(feature.rows).params}


def _feature(entity_type: str, name: str, entry: Entry) -> Feature:
    own = entry.values
    words = _family_words(own) if own.get("shown") == "family" else {}
    said = {"shown": own.get("format")} if "format" in own else {}
    values = {**said, **own, **words, "name": name, "entity_type": entity_type}
    return validate(Feature, values, entry.file, (name,))


def _family_words(entry: dict[str, Any]) -> dict[str, str]:
    """What stands for a feature that no plain words say: its family, without a number."""
    label = f"{FAMILIES.get(str(entry.get('family')), '')}, combined"
    return {"label": label, "sentence": f"{label}: no single number says it; see its evidence"}

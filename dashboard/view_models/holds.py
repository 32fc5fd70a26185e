"""What holds a score above its line, and how sure the line is: evidence to check first.

The line is a number here, never the name of a band: a band is of the one probability that
the whole page shows, of which the score is a part.

Written for whoever reviews, never as advice to the subject: it names the findings
on which the band stands, so that they are verified before anybody acts on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dashboard.view_models import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from pipeline.tree_model.counterfactuals import Step


@dataclass(frozen=True)
class Finding:
    """One finding that the band stands on."""

    feature: str
    label: str
    sentence: str
    """`7 here; were it really 2 or fewer, the score would be 0.312`."""
    has_evidence: bool


@dataclass(frozen=True)
class HoldsView:
    """The findings, with a headline; none when the search found no small set."""

    headline: str
    findings: tuple[Finding, ...]
    is_near_edge: bool
    near_text: str

    @classmethod
    def of(
        cls,
        entity_type: str,
        line: float,
        steps: Sequence[Step] | None,
        stability: pl.DataFrame,
    ) -> HoldsView:
        """The view of a flip's steps (None = none found) and `pages/investigate/stability`.

        `line` is the score below which the steps bring it, 0..1.
        """
        findings = tuple(_finding(entity_type, step) for step in steps or ())
        near = stability.row(0, named=True) if len(stability) else None
        return cls(
            headline=_headline(line, steps),
            findings=findings,
            is_near_edge=bool(near and near["is_near_edge"]),
            near_text=_near(near) if near and near["score_low"] is not None else "",
        )


def _headline(line: float, steps: Sequence[Step] | None) -> str:
    if not steps:
        return (
            f"No small set of findings holds it above its line at {line:.3f}: six would have to be "
            "wrong at once, or none that could be otherwise matters enough."
        )
    are = "this one finding" if len(steps) == 1 else f"these {_number(len(steps))} findings"
    return (
        f"If {are} were wrong, the score would fall to {steps[-1].score:.3f}, under its line at "
        f"{line:.3f}. Check {'it' if len(steps) == 1 else 'them'}:"
    )


def _number(count: int) -> str:
    return ("two", "three", "four", "five", "six")[count - 2] if count <= 6 else str(count)  # noqa: PLR2004


def _finding(entity_type: str, step: Step) -> Finding:
    name = step.feature
    was = words.feature_value(entity_type, name, step.was)
    other = words.feature_bound(entity_type, name, step.becomes, is_above=step.becomes >= step.was)
    return Finding(
        feature=name,
        label=words.feature_label(entity_type, name),
        sentence=f"{was} here; were it really {other}, the score would be {step.score:.3f}",
        has_evidence=name in words.catalogue(entity_type),
    )


def _near(row: dict[str, Any]) -> str:
    low, high = (f"{row[name]:.3f}" for name in ("score_low", "score_high"))
    spread = f"Had other subjects been judged, the score would lie between {low} and {high}"
    edge = row["edge"]
    if row["is_near_edge"] and edge is not None:
        return f"{spread}, and a line lies at {edge:.3f}: it could as well be on the other side."
    return f"{spread}: no line lies between."

"""What the metrics of the marketplace are, as their own files say: `queries.registry`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboard import text
from queries.registry import LEAST_N, kpis

if TYPE_CHECKING:
    from queries.registry import Kpi


def metrics() -> tuple[Kpi, ...]:
    """Every metric, those that explain no other first, then by label."""
    return tuple(sorted(kpis().values(), key=lambda one: (one.parent is not None, one.label)))


def metric_of(code: str) -> Kpi:
    """The metric called `code`, or the first one."""
    return kpis().get(code) or metrics()[0]


@dataclass(frozen=True)
class DefinitionView:
    """What a metric is, in sentences, and where the chain of its SQL is shown."""

    sentence: str
    rules: str
    lineage: dict[str, str]

    @classmethod
    def of(cls, metric: Kpi) -> DefinitionView:
        """The view of what the file of the metric says."""
        better = {"up": "More is better.", "down": "Less is better.", "none": ""}[metric.good]
        guards = [kpis()[code].label for code in metric.guard_rail]
        parent = kpis()[metric.parent].label if metric.parent else ""
        rules = [
            f"Counts {metric.cohort}.",
            f"Complete after {text.plural(metric.maturity_days, 'day')}."
            if metric.maturity_days
            else "",
            f"A value of fewer than {LEAST_N} is not shown." if not metric.is_additive else "",
            better,
            f"Must not worsen for its sake: {text.joined(guards)}." if guards else "",
            f"Explains {parent}." if parent else "",
            f"Owner: {metric.owner}.",
        ]
        lineage = {"section": "lineage", "of": "metric", "number": metric.code}
        return cls(metric.definition, " ".join(one for one in rules if one), lineage)

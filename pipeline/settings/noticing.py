"""When a metric has moved: which days are compared, and how surely before it is said."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class NoticingSettings:
    """What `pipeline.noticing` compares: docs/decisions/0118-noticing.md."""

    widths: tuple[int, ...] = (1, 3, 7, 14)
    """Lengths in days that are compared: a spike, a weekend, a week, a slow rise."""
    level_days: int = 28
    """Days that say what is usual: four of each weekday."""
    least_level_days: int = 14
    """Fewer usual days say nothing."""
    accepted_days: int = 28
    """Days after which something that stays is the new level."""
    least_leading_rows: int = 10
    """Leading indicators are counts of rare events; ten of them are a sign."""
    left_out: tuple[str, ...] = ("follower_gains",)
    """Metrics that a few entities make alone: three movements a week, none of them an attack's.
    What is noticed of followers is how many hosts gain at once (`follower_steps`)."""
    reported_p: float = 1e-3
    """Comparisons above this are counted and forgotten."""
    unusual_p: float = 1e-4
    """From here days no longer count as usual."""
    q: float = 0.001
    """Share of false ones among all movements named on a day, at most."""
    least_change: float = 0.2
    """Relative change under which a movement is sure but does not matter."""
    least_share: float = 0.2
    """Difference of a day as a share of what the whole marketplace usually has: less moves nothing.
    Of more days by the root of their number less, as chance averages out."""
    least_difference: float = 10.0
    """Records that a difference amounts to, at least: three chargebacks are no trend."""
    event_q: float = 0.05
    """Share of false ones among the effects of announced changes, at most."""
    explained_days: int = 14
    """Movements noticed in the last two weeks are explained; of others the page asks the same."""
    behind_most: int = 5
    """Of each kind, as many as are read at a glance."""
    behind_share: float = 0.05
    """Less of a change is not behind it."""
    false_alarms_a_week: float = 0.6
    """Movements a week without a cause, all metrics together, as measured on sample worlds."""
    budget_a_week: int = 2
    """As many false alarms a week are borne: one glance each on two mornings of five."""

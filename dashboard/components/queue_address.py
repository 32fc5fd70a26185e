"""The queue's part of the address, which travels with whoever leaves the queue.

An investigation knows its place in the same filtered queue, and the way back keeps it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dashboard.cases.standing import Place
from dashboard.components import address, scope
from dashboard.components.assignments import moved
from dashboard.components.earlier import dated_labels
from dashboard.view_models.anomaly import LANE
from dashboard.view_models.case_standings import keys_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dashboard.cases.standing import Standing
    from dashboard.state import QueueFilters

STATUSES = {
    "open": "Open",
    "snoozed": "Snoozed",
    "waiting": "Waiting",
    "proposed": "Proposed",
    "monitoring": "Monitoring",
    "decided": "Decided",
    "all": "All",
}
# Alerts with a probability or a known scheme behind them.
PROVEN = ("score", "signals")
# The queue of the day: some of its places are kept for the unproven.
OF_THE_DAY = (*PROVEN, LANE)
# What is over, apart from the day's work: no lane of its own in the data.
ENDED = "ended"
PARAMETERS = (
    "entity_type",
    "typology",
    "market",
    "band",
    "search",
    "sort",
    "page",
    "size",
    "status",
    "lane",
    "state",
    "assignee",
    "days",
    "usd",
)
FILTERS = tuple(name for name in PARAMETERS if name not in ("sort", "page", "size", "status"))
"""What narrows a list, so that it is a view somebody may want again."""
DROPS = ("page", "case")
"""What a change of the filters begins anew: at the first page, with its first case marked."""
# The marked case travels too, so that both the back button and the link find it marked.
MARK = "case"


def status_of(params: Mapping[str, Any]) -> str:
    """Which cases to list; anything unknown is `open`."""
    status = str(params.get("status", ""))
    return status if status in STATUSES else "open"


def is_filtered(params: Mapping[str, Any]) -> bool:
    """Whether the address narrows the queue, so that clearing it would show more."""
    return any(params.get(name) for name in (*FILTERS, "status"))


def kept_params() -> dict[str, str]:
    """The queue's part of the address."""
    return {name: value for name, value in address.current().items() if name in PARAMETERS}


def way_back() -> dict[str, str]:
    """The queue's part of the address with the case that was marked when leaving it."""
    mark = address.current().get(MARK, "")
    return {**kept_params(), **({MARK: mark} if mark else {})}


def query_params(
    filters: QueueFilters, status: str, statuses: Mapping[str, Standing], *, kept: str = ""
) -> dict[str, Any]:
    """The filters as parameters of the queue's queries; `statuses` by key of entity.

    `kept` is an entity that waits even if it is decided: whoever is looked at keeps its place.
    """
    # Whoever has no band and no typology is not found by either.
    is_ended = filters.lane == ENDED
    lanes = PROVEN if filters.band or filters.typology or is_ended else OF_THE_DAY
    own_lane = "" if is_ended else filters.lane
    worked, verdicts = sorted(_worked(status, statuses)), dated_labels(statuses)
    return {
        "kinds": _list(filters.entity_type),
        "markets": scope.markets(_list(filters.market)),
        "typologies": _list(filters.typology),
        "bands": _list(filters.band),
        "lanes": _list(own_lane) or list(lanes),
        "states": _list(filters.state),
        "assignees": _list(filters.assignee),
        "least_days": filters.days,
        "least_usd": float(filters.usd),
        "is_ended": is_ended,
        "search": filters.search,
        "kept": kept,
        "worked_keys": [key for key, _, _ in worked],
        "worked_states": [state for _, state, _ in worked],
        "worked_assignees": [assignee for _, _, assignee in worked],
        "worked_verdicts": [verdicts.get(key, "") for key, _, _ in worked],
        **moved(),
        **_chosen(status, statuses),
    }


def _worked(status: str, statuses: Mapping[str, Standing]) -> Iterator[tuple[str, str, str]]:
    """Key, state and assignee of whoever on a list somebody works on, or did."""
    for key, each in statuses.items():
        if status in (each.place, "all"):
            yield key, each.state.value, each.assignee


def _chosen(status: str, statuses: Mapping[str, Standing]) -> dict[str, Any]:
    """Whose alerts a list shows: the queries know those that are named and all others."""
    if status == "open":
        aside = [key for place in Place if place != Place.OPEN for key in keys_in(statuses, place)]
        return {"decided": sorted(aside), "status": "open"}
    if status == "all":
        return {"decided": [], "status": "all"}
    return {"decided": keys_in(statuses, Place(status)), "status": "decided"}


def _list(value: str) -> list[str]:
    return [value] if value else []

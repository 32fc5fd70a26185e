"""Who uses this tool beside one's own name: their subjects and their time zone, as the people say.

Somebody who sells or buys on the marketplace should not look at their own account, nor at whom
they share a thing with; the file of people says which accounts are theirs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from dashboard.access import person_name
from dashboard.errors import TableMissing
from dashboard.people.directory import people
from dashboard.store import read

if TYPE_CHECKING:
    from dashboard.people.directory import Person

MOST_USERS = 20
"""Of a thing that relates two accounts: a family, not a dormitory."""
_RELATED = {"person": pl.String(), "subject": pl.String(), "how": pl.String()}


def time_zones() -> dict[str, str]:
    """The time zone of each person whose markets have one and the same, by name."""
    try:
        zones = dict(read("pages/audit/time_zones").iter_rows())
    except TableMissing:
        return {}
    found = {
        person_name(one.name): {
            zones[each.upper()] for each in one.markets or () if each.upper() in zones
        }
        for one in _people()
    }
    return {name: next(iter(own)) for name, own in found.items() if len(own) == 1}


def related_subjects() -> pl.DataFrame:
    """Who has to do with whom: person (casefolded), subject, how."""
    own = {key: person_name(one.name).casefold() for one in _people() for key in one.subjects}
    if not own:
        return pl.DataFrame(schema=_RELATED)
    shared = read("pages/audit/related", keys=sorted(own), most_users=MOST_USERS)
    lines = [(person, key, "Own account") for key, person in own.items()]
    lines += [
        (own[key], subject, f"Shares {', '.join(relations).replace('_', ' ')} with {key}")
        for key, subject, relations in shared.iter_rows()
    ]
    return pl.DataFrame(lines, schema=_RELATED, orient="row")


def _people() -> list[Person]:
    listed = people()
    return listed.people if listed else []

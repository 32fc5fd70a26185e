"""The tables of what was found out and what moved metrics: labels, calendar, incidents, changes."""

import numpy as np
import polars as pl

from sample_data.export import known_events as events_of
from sample_data.export.tables import Ids, entities, moment, public_ids
from sample_data.kit.settings import WorldSettings
from sample_data.reviewing.analysts import NOBODY


def _analysts(analyst: pl.Series) -> pl.Series:
    """Public ids of analysts, null where no person decided."""
    return public_ids("ana", analyst + 1, 2).set(analyst == NOBODY, None)


def labels(rows: pl.DataFrame, ids: Ids) -> pl.DataFrame:
    """The label table, by when each became known."""
    return pl.DataFrame(
        {
            "label_id": public_ids("lab", np.arange(1, rows.height + 1), 7),
            "entity_type": rows["entity_type"],
            "entity_id": entities(rows, ids),
            "label": rows["label"],
            "typology": rows["typology"],
            "source": rows["source"],
            "event_at": moment(rows["event_at"]),
            "observed_at": moment(rows["observed_at"]),
            "decided_at": moment(rows["decided_at"]),
            "known_at": moment(rows["known_at"]),
            "analyst_id": _analysts(rows["analyst"]),
        }
    )


def calendar(events: pl.DataFrame) -> pl.DataFrame:
    """The calendar table."""
    return pl.DataFrame(
        {
            "event_id": public_ids("evt", np.arange(1, events.height + 1), 4),
            "kind": events["kind"],
            "title": events["title"],
            "market": events["market"],
            "starts_at": moment(events["starts"]),
            "ends_at": moment(events["ends"]),
        }
    )


def carrier_incidents(settings: WorldSettings) -> pl.DataFrame:
    """What delayed every parcel of a lane, by start."""
    rows = events_of.incidents(settings)
    return pl.DataFrame(
        {
            "incident_id": public_ids("inc", np.arange(1, rows.height + 1), 4),
            "carrier": rows["carrier"],
            "market": rows["market"],
            "kind": rows["kind"],
            "starts_at": moment(rows["starts"]),
            "ends_at": moment(rows["ends"]),
            "observed_at": moment(rows["observed"]),
        }
    )


def policy_changes(settings: WorldSettings) -> pl.DataFrame:
    """Rules of the marketplace that changed, by announcement."""
    rows = events_of.policies(settings)
    return pl.DataFrame(
        {
            "policy_id": public_ids("pol", np.arange(1, rows.height + 1), 4),
            "title": rows["title"],
            "market": rows["market"],
            "announced_at": moment(rows["announced"]),
            "effective_at": moment(rows["effective"]),
        }
    )


def model_releases(settings: WorldSettings) -> pl.DataFrame:
    """Scoring models and rules that went live, by release."""
    rows = events_of.releases(settings)
    return pl.DataFrame(
        {
            "release_id": public_ids("rel", np.arange(1, rows.height + 1), 4),
            "entity_type": rows["entity_type"],
            "version": rows["version"],
            "released_at": moment(rows["released"]),
            "note": rows["note"],
        }
    )

"""What entities nobody has judged may teach: a little, all together, that most are harmless.

Every unlabelled row is a weak negative, and all of them together weigh as much as two entities
for each labelled one. Entities with any verdict, young or overruled, are left out: somebody
doubted them, also where they were cleared (docs/decisions/0063-cleared-subjects-stay-out.md). So
are those who came so lately that the slowest scheme would not be known yet
(`pipeline.learning.label_maturity`). What else was tried:
docs/decisions/0005-unlabelled-entities.md.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from pipeline.tables import hash_of, query, rows_at, to_matrix
from queries.catalogue import features

if TYPE_CHECKING:
    from datetime import date

    import duckdb
    import numpy as np
    from numpy.typing import NDArray

    from pipeline.learning.labels import Training
    from pipeline.settings.models import ModelSettings

_SIGNS = {"high": 1, "low": -1}


def completed(
    con: duckdb.DuckDBPyConnection,
    entity_type: str,
    training: Training,
    as_of: date,
    silent_since: date,
    settings: ModelSettings,
) -> Training:
    """Training rows with what is not labelled, and which features may only ever worsen.

    The silence about whoever came `silent_since` or later says nothing yet.
    """
    share = int(settings.unlabelled_share * training.last.size)
    count = min(max(share, settings.unlabelled_least), settings.unlabelled_most)
    keys = _unlabelled(con, entity_type, as_of, silent_since, count)
    rows = rows_at(con, entity_type, keys, training.features)
    return replace(
        training,
        unlabelled=to_matrix(rows, training.features),
        signs=signs(entity_type, training.features, settings),
    )


def signs(entity_type: str, names: tuple[str, ...], settings: ModelSettings) -> tuple[int, ...]:
    """Per feature 1, -1 or 0: which way the catalogue lets a plain risk count move a margin.

    A feature is held to its direction when its format and family are among those of the
    settings; one that the catalogue does not know is free.
    """
    catalogue = features(entity_type)

    def sign(name: str) -> int:
        one = catalogue.get(name)
        plain = one is not None and one.format in settings.monotone_formats
        if one is None or not plain or one.family not in settings.monotone_families:
            return 0
        return _SIGNS.get(one.direction, 0)

    return tuple(sign(name) for name in names)


def _unlabelled(
    con: duckdb.DuckDBPyConnection,
    entity_type: str,
    as_of: date,
    silent_since: date,
    count: int,
) -> pl.DataFrame:
    """Rowids and days of up to `count` rows, one per entity without any verdict by `as_of`.

    Entities and days are taken in hash order: the same ones in each build. Left out
    are rows that exist because somebody was judged or odd (`population.observations`), and who
    registered `silent_since` or later.
    """
    name, table = f"{entity_type}_id", f"features.{entity_type}"
    own = "where entity_type = $entity_type"
    training_days = f"select as_of from facts.snapshots {own} and is_training"
    doubted = f"select entity_id from staging.labels {own} and known_at < $as_of"
    young = f"select entity_id from graph.entities {own} and registered_at >= $since"
    days = f"t.as_of in ({training_days}) and t.as_of <= $as_of"
    free = f"where {days} and {name} not in ({doubted} union all {young})"
    odd = f"(select * from population.observations {own} and not is_sampled)"
    fair = f"{table} as t anti join {odd} as d on {name} = d.entity_id and t.as_of = d.as_of"
    key = hash_of(f"{name} || cast(t.as_of as varchar)")
    keys = f"t.rowid as place, {name} as entity_id, t.as_of, {key} as hash"
    params = {"entity_type": entity_type, "as_of": as_of, "since": silent_since}
    rows = query(con, f"select {keys} from {fair} {free}", **params).sort("hash", "entity_id")
    return rows.unique("entity_id", keep="first", maintain_order=True).head(count)


def weights(training: Training, share: float) -> NDArray[np.float64]:
    """(m,) weight of each unlabelled row: `share` of the labelled entities, evenly spread."""
    count = training.unlabelled.shape[0]
    return pl.repeat(share * training.last.size / max(count, 1), count, eager=True).to_numpy()

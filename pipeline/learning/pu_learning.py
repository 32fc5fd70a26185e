"""What entities nobody has judged may teach: a little, all together, that most are harmless.

Nine in ten entities carry no label and a few of those are bad, so they are no negatives;
but a model that never sees them takes the reviewed, who all looked odd to somebody, for
the world. Recipes were compared on the planted truth: area under the
precision-recall curve over everybody at the last snapshot, 80 trees, mean of two seeds,
in the order merchant, creator, product, buyer.

====================================  ========================  ========================
                                      300k orders, seed 7       72k orders, seed 11
====================================  ========================  ========================
labelled only                         0.43  0.43  0.48  0.78    0.70  0.58  0.66  0.80
reliable negatives (low by a first    0.40  0.43  0.48  -       0.70  0.58  0.62  0.80
model; Liu et al. 2003)
five bags of labelled and unlabelled  0.52  0.55  0.51  0.78    0.76  0.63  0.72  0.83
(Mordelet and Vert 2014), 300 trees
one bag, 80 trees (kept)              0.53  0.58  0.52  0.79    0.77  0.66  0.73  0.83
four bags of 20 trees, 80 in all      0.51  0.55  0.53  0.73    0.77  0.63  0.71  0.82
====================================  ========================  ========================

With every feature there is by now (62 to 101) and the signs below, labelled only gives 0.44
0.51 0.46 0.78 and 0.69 0.60 0.62 0.82, the kept recipe 0.47 0.56 0.52 0.82 and 0.77 0.65
0.69 0.85; without the signs it would be 0.48 0.56 0.54 0.82 and 0.78 0.65 0.67 0.86.

So: every unlabelled row is a weak negative, and all of them together weigh as much as two
entities for each labelled one, however many they are. Reliable negatives only repeat what
the first model believed. More bags cost trees, which every score and explanation pays for,
and the same number of trees in one booster is better used. Entities with any verdict, young
or overruled, are left out: somebody doubted them. So are those who came so lately that the
slowest scheme would not be known yet (`pipeline.learning.label_maturity`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from pipeline.tables import dealt, query, rows_at, to_matrix
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
    wanted = min(max(share, settings.unlabelled_least), settings.unlabelled_most)
    keys = _unlabelled(con, entity_type, (as_of, silent_since), wanted)
    rows = rows_at(con, entity_type, keys, training.features)
    return replace(
        training,
        unlabelled=to_matrix(rows, training.features),
        unlabelled_day=rows["as_of"].to_numpy(),
        signs=signs(entity_type, training.features, settings),
    )


def signs(entity_type: str, names: tuple[str, ...], settings: ModelSettings) -> tuple[int, ...]:
    """Per feature 1, -1 or 0: which way the catalogue lets a plain risk count move a margin.

    A feature is held to its direction when its format and family are among those of the
    settings; one that the catalogue does not know is free.
    """
    known = features(entity_type)

    def sign(name: str) -> int:
        one = known.get(name)
        plain = one is not None and one.format in settings.monotone_formats
        if one is None or not plain or one.family not in settings.monotone_families:
            return 0
        return _SIGNS.get(one.direction, 0)

    return tuple(sign(name) for name in names)


def _unlabelled(
    con: duckdb.DuckDBPyConnection, entity_type: str, days: tuple[date, date], wanted: int
) -> pl.DataFrame:
    """Rowids and days of up to `wanted` rows, one per entity without any verdict.

    Entities and days are dealt by hash: the same ones in each build, none preferred. Left out
    are rows that exist because somebody was judged or odd (`population.observations`), and who
    registered on the second of the `days` or later.
    """
    name, table = f"{entity_type}_id", f"features.{entity_type}"
    taught = "select as_of from facts.snapshots where entity_type = $kind and is_training"
    doubted = "select entity_id from staging.labels where entity_type = $kind and known_at < $day"
    young = "select entity_id from graph.entities where entity_type = $kind"
    out = f"{doubted} union all {young} and registered_at >= $since"
    free = f"where t.as_of in ({taught}) and {name} not in ({out})"
    odd = "(select * from population.observations where entity_type = $kind and not is_sampled)"
    fair = f"{table} as t anti join {odd} as d on {name} = d.entity_id and t.as_of = d.as_of"
    key = dealt(f"{name} || cast(t.as_of as varchar)")
    keys = f"t.rowid as place, {name} as entity_id, t.as_of, {key} as dealt"
    given = {"kind": entity_type, "day": days[0], "since": days[1]}
    rows = query(con, f"select {keys} from {fair} {free}", **given).sort("dealt", "entity_id")
    return rows.unique("entity_id", keep="first", maintain_order=True).head(wanted)


def weights(training: Training, share: float) -> NDArray[np.float64]:
    """(m,) weight of each unlabelled row: `share` of the labelled entities, evenly spread."""
    count = training.unlabelled.shape[0]
    return pl.repeat(share * training.last.size / max(count, 1), count, eager=True).to_numpy()

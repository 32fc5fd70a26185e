"""When a verdict is old enough to teach: the label delay of the schemes decides.

A scheme comes to light after so many days (`label_delay_days` of its pack, a median). A
verdict known sooner is no better than others, it is one of the quick ones, and quick ones
alone are no sample of the scheme. So a label counts once the behaviour it judges is older
than a delay, and whose delay that is depends on what the label says:

- bad, of a scheme with a pack: that scheme's own. Card testing found on day 6 waits until
  half of such cases would be in (day 55); a false voucher claim waits 5 days, not 14.
- good: nobody can say of which scheme the subject was cleared, so the median over the
  schemes of its entity type. Not the longest: that is 45 to 55 days, at which half of the
  cleared buyers and listings are too young (area 0.72 to 0.61 for buyers at 1 M orders).
- drawn at random, bad or good: the type's too. From these the base rate is read, and bad
  ones of quick schemes counted from an earlier day on than good ones would raise it.
- where no pack speaks of the scheme or the type: `LabelSettings.label_maturity_days`.

A young verdict still speaks against an older one that it overturns: neither teaches until
it matures, else a closure (5 days) would stand for nine more after an appeal undid it (14).

Silence is a verdict too, if a weak one (`pipeline.learning.pu_learning`): about whoever registered
so lately that the slowest scheme of its type would not be out yet it says nothing at all.

Area under the precision-recall curve on the planted truth, in the order merchant, creator,
product, buyer; mean of 5 seeds (3 at 1 M), which stray by 0.01, those of buyers by 0.03:

=======================  =======================  =======================  =======================
                         1 M orders               300k orders, seed 7      72k orders, seed 11
=======================  =======================  =======================  =======================
14 days for every label  0.836 0.701 0.827 0.722  0.690 0.455 0.674 0.675  0.840 0.483 0.887 0.815
no waiting               0.832 0.673 0.808 0.741  0.693 0.473 0.693 0.679  0.850 0.498 0.893 0.812
the type's longest       0.834 0.681 0.801 0.613  0.702 0.447 0.646 0.623  0.846 0.489 0.881 0.808
each its own (above)     0.836 0.690 0.827 0.729  0.685 0.456 0.673 0.681  0.844 0.493 0.893 0.815
and newcomers left out   0.833 0.684 0.825 0.733  0.695 0.473 0.680 0.687  0.853 0.519 0.896 0.819
and snapshots as old     -                        0.728 0.458 0.646 0.674  0.849 0.524 0.896 0.790
=======================  =======================  =======================  =======================

The last but one is kept. Waiting hardly moves the area either way, so it costs nothing to be
honest; leaving newcomers out gains up to 0.03 in the small worlds and loses nothing beyond the
noise in the large one. To take no snapshot of anybody that is younger than the delay goes too
far: the latest days look like those that are scored.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

import polars as pl

from pipeline.learning.labels import RULE
from pipeline.tables import query

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    import duckdb

    from pipeline.settings.build import LabelSettings

_KEY = ("entity_type", "entity_id")
_DAY_US = 86_400_000_000


@dataclass(frozen=True)
class Delays:
    """After how many days verdicts are in, as far as packs say so."""

    typology: Mapping[str, float] = field(default_factory=dict)
    """Of each scheme."""
    entity_type: Mapping[str, float] = field(default_factory=dict)
    """Median over the schemes of each entity type."""
    longest: Mapping[str, float] = field(default_factory=dict)
    """The slowest of them."""

    @classmethod
    def of(cls, packs: pl.DataFrame) -> Delays:
        """From rows of `scores.packs`: one per scheme and entity type."""
        days, by_type = pl.col("label_delay_days"), packs.group_by("entity_type")
        return cls(
            dict(packs.select("typology", days).iter_rows()),
            dict(by_type.agg(days.median()).iter_rows()),
            dict(by_type.agg(days.max()).iter_rows()),
        )


@dataclass(frozen=True)
class Matured:
    """What may teach on the day of a build."""

    labels: pl.DataFrame
    """Rows of `matured_labels`."""
    delays: Delays = field(default_factory=Delays)
    """Of the packs of that build."""

    def silent_since(self, entity_type: str, as_of: date) -> date:
        """Who came later may still be found: no word against it says nothing for it."""
        return as_of - timedelta(days=self.delays.longest.get(entity_type, 0.0))


def matured_labels(
    con: duckdb.DuckDBPyConnection,
    as_of: date,
    settings: LabelSettings,
    delays: Delays | None = None,
) -> pl.DataFrame:
    """Labels that may be used at `as_of`: known before it, on behaviour old enough.

    Columns of `staging.labels`, ordered by when they were known.
    """
    known = query(con, "select * from staging.labels where known_at < $as_of", as_of=as_of)
    wait = (_days(delays or Delays(), settings) * _DAY_US).cast(pl.Int64).cast(pl.Duration("us"))
    is_ripe = pl.col("event_at") + wait < datetime.combine(as_of, time())
    told = known.sort("known_at", "label_id").with_columns(is_ripe=is_ripe)
    return _standing(told).drop("is_ripe")


def _days(delays: Delays, settings: LabelSettings) -> pl.Expr:
    """How old the judged behaviour must be."""
    usual = _looked_up("entity_type", delays.entity_type)
    own = _looked_up("typology", delays.typology)
    found = (pl.col("label") == "bad") & (pl.col("source") != "exploration")
    return pl.coalesce(pl.when(found).then(own), usual, pl.lit(float(settings.label_maturity_days)))


def _looked_up(column: str, known: Mapping[str, float]) -> pl.Expr:
    names, days = list(known), list(known.values())
    return pl.col(column).replace_strict(names, days, default=None, return_dtype=pl.Float64)


def _standing(told: pl.DataFrame) -> pl.DataFrame:
    """The ripe labels but those that a person's later, still young verdict contradicts."""
    young = told.filter(~pl.col("is_ripe") & (pl.col("source") != RULE))
    last = young.unique(_KEY, keep="last", maintain_order=True)
    against = last.select(*_KEY, said="label", said_at="known_at")
    undone = (pl.col("said") != pl.col("label")) & (pl.col("said_at") >= pl.col("known_at"))
    ripe = told.filter("is_ripe").join(against, on=_KEY, how="left", maintain_order="left")
    return ripe.filter(~undone.fill_null(value=False)).drop("said", "said_at")

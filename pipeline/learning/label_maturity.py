"""When a verdict is old enough to teach: the label delay of the schemes decides.

A scheme comes to light after so many days (`label_delay_days` of its pack, a median); a label
counts once what it judges is older than a delay. Whose delay that is, and since when it runs,
depends on what the label says:

- bad, of a scheme with a pack: that scheme's own, since the behaviour began as far as anybody
  told (`pipeline.learning.verdict_windows`); where nobody did, the delay is over by then.
- good: the median over the schemes of its entity type, for nobody can say of which scheme the
  subject was cleared; since somebody looked, or since the closure that it overturns.
- drawn at random, bad or good: the type's too and since somebody looked, since the base rate is
  read from these.
- of our own casebook, appeals judged in it included: none. Who decided had the whole record of
  the subject before them, and a decision that teaches weeks later is one that nobody sees the
  use of.
- where no pack speaks of the scheme or the type: `LabelSettings.label_maturity_days`.

A young verdict still speaks against an older one that it overturns: neither teaches until it
matures. About whoever registered so lately that the slowest scheme of its type would not be
out yet, silence says nothing. Why, and what else was measured:
docs/decisions/0006-label-maturity.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

import polars as pl

from pipeline.learning.labels import RULE
from pipeline.learning.verdict_windows import behaviour_start, days, with_windows
from pipeline.tables import query
from queries.vocabulary import OWN_APPEAL

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    import duckdb

    from pipeline.settings.build import LabelSettings

CASEBOOK = "casebook"
"""Source of the verdicts that were given in this product."""
_KEY = ("entity_type", "entity_id")
_KNOWN = f"""
select * from staging.labels
where
    known_at
    < $as_of + if(source = '{CASEBOOK}' or starts_with(label_id, '{OWN_APPEAL}'), 1, 0)
    and (withdrawn_at is null or withdrawn_at >= $as_of + 1)
"""


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
    waiting: pl.DataFrame | None = None
    """Rows of `waiting_labels`; None = nobody asks what they say."""

    def silent_since(self, entity_type: str, as_of: date) -> date:
        """Who came later may still be found: no word against it says nothing for it."""
        return as_of - timedelta(days=self.delays.longest.get(entity_type, 0.0))

    def on(self, con: duckdb.DuckDBPyConnection, day: date, settings: LabelSettings) -> Matured:
        """What might have taught on an earlier day, as the same packs see it."""
        return Matured(matured_labels(con, day, settings, self.delays), self.delays)


def matured_labels(
    con: duckdb.DuckDBPyConnection,
    as_of: date,
    settings: LabelSettings,
    delays: Delays | None = None,
) -> pl.DataFrame:
    """Labels that may be used at `as_of`: known before it, on behaviour old enough.

    Our own analysts' verdicts of that very day count too, and none that was taken back since.
    Columns of `staging.labels` and the days each speaks of (`evidence_from`, `evidence_until`),
    ordered by when they were known.
    """
    return _standing(_known(con, as_of, settings, delays or Delays()))


def waiting_labels(
    con: duckdb.DuckDBPyConnection, as_of: date, settings: LabelSettings, matured: Matured
) -> pl.DataFrame:
    """What is known at `as_of` of whom nothing has matured: it has taught nobody.

    Columns of `matured_labels`.
    """
    known = _known(con, as_of, settings, matured.delays).drop("is_ripe")
    taught = matured.labels.filter(pl.col("source") != RULE)
    return known.join(taught, on=_KEY, how="anti", maintain_order="left")


def _known(
    con: duckdb.DuckDBPyConnection, as_of: date, settings: LabelSettings, delays: Delays
) -> pl.DataFrame:
    """Every label known at `as_of` with the days it speaks of, and whether it `is_ripe`."""
    labels = query(con, _KNOWN, as_of=as_of)
    usual, own = _delays(delays, settings)
    windows = with_windows(labels.sort("known_at", "label_id"), own, settings.least_window_days)
    of_scheme = (pl.col("label") == "bad") & (pl.col("source") != "exploration")
    in_time = behaviour_start(own) + days(own)
    looked = pl.min_horizontal("observed_at", "evidence_until") + days(usual)
    ripe_at = pl.when(of_scheme).then(in_time).otherwise(looked)
    is_ours = (pl.col("source") == CASEBOOK) | pl.col("label_id").str.starts_with(OWN_APPEAL)
    is_ripe = is_ours | (ripe_at < datetime.combine(as_of, time()))
    return windows.with_columns(is_ripe=is_ripe)


def _delays(delays: Delays, settings: LabelSettings) -> tuple[pl.Expr, pl.Expr]:
    """After how many days verdicts on its entity type are in, and those on its own scheme."""
    otherwise = pl.lit(float(settings.label_maturity_days))
    usual = pl.coalesce(_looked_up("entity_type", delays.entity_type), otherwise)
    return usual, pl.coalesce(_looked_up("typology", delays.typology), usual)


def _looked_up(column: str, delays: Mapping[str, float]) -> pl.Expr:
    names, days = list(delays), list(delays.values())
    return pl.col(column).replace_strict(names, days, default=None, return_dtype=pl.Float64)


def _standing(labels: pl.DataFrame) -> pl.DataFrame:
    """The ripe labels but those that a person's later, still young verdict contradicts."""
    young = labels.filter(~pl.col("is_ripe") & (pl.col("source") != RULE))
    last = young.unique(_KEY, keep="last", maintain_order=True)
    against = last.select(*_KEY, young_label="label", young_at="known_at")
    differs = pl.col("young_label") != pl.col("label")
    undone = differs & (pl.col("young_at") >= pl.col("known_at"))
    ripe = labels.filter("is_ripe").join(against, on=_KEY, how="left", maintain_order="left")
    return ripe.filter(~undone.fill_null(value=False)).drop("is_ripe", "young_label", "young_at")

"""How a build ends: who waits to be looked at, or why nobody does, and what to type next."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import queries
from dashboard import text, theme
from dashboard.cases.standing import Place, is_held
from dashboard.cli.databases import casebook_url
from dashboard.view_models.case_standings import standings
from pipeline.settings.build import LabelSettings
from queries.vocabulary import ENTITY_TYPES

if TYPE_CHECKING:
    from datetime import date

    import duckdb
    import polars as pl

BUILD = Path("build")
"""Where a build goes, and is served from, when nobody says where."""
_UNPROVEN: dict[str, Any] = {
    **{name: [] for name in ("entity_types", "markets")},
    "search": "",
    "status": "open",
}


@dataclass(frozen=True)
class Waiting:
    """Who waits in a finished build, without those whose case is answered."""

    alerts: dict[str, int]
    """Alerts by entity type, as far as there are any."""
    unproven: int
    ended: int
    """Alerts that are over, in a list of their own."""
    answered: int
    """Subjects whom the casebook keeps out of the queue."""
    models: pl.DataFrame
    """Rows of `pages/model/models`."""
    unscored: pl.DataFrame
    """Rows of `pages/queue/unscored`."""

    @classmethod
    def of(cls, database: Path, folder: Path) -> Waiting:
        """Of the database of a build folder, held against the casebook beside it."""
        with queries.connect(database) as con:
            as_of: date = queries.scalar(con, "select as_of from meta.build")
            decided = _answered(con, casebook_url(folder), as_of)
            counts = queries.run(con, "pages/queue/alert_counts", decided=decided)
            alerts = dict(counts.select("entity_type", "alert_count").iter_rows())
            return cls(
                {one: alerts[one] for one in ENTITY_TYPES if alerts.get(one)},
                len(queries.run(con, "pages/queue/anomalies", decided=decided, **_UNPROVEN)),
                int(counts["ended_count"].sum()),
                len(decided),
                queries.run(con, "pages/model/models"),
                queries.run(con, "pages/queue/unscored"),
            )

    def sentence(self) -> str:
        """How many wait and of what; where nobody does, why, and what to do."""
        if not self.alerts:
            return f"No alert waits: {self._why()}."
        total = sum(self.alerts.values())
        kinds = [
            text.plural(count, theme.entity_label(one).lower())
            for one, count in self.alerts.items()
        ]
        wait = "alert waits" if total == 1 else "alerts wait"
        return f"{total:,} {wait}: {text.joined(kinds)}. Beside them: {self._unproven()}."

    def _unproven(self) -> str:
        return text.plural(self.unproven, "unproven subject")

    def _why(self) -> str:
        judge = f"Judge the {self._unproven()} in the queue" if self.unproven else ""
        if self.answered or self.ended:
            parts = [text.plural(self.answered, "subject") + " answered"] if self.answered else []
            parts += [text.plural(self.ended, "alert") + " over"] if self.ended else []
            return f"{text.joined(parts)}. {judge or 'The next delivery brings more'}"
        if self.models["model_version"].is_not_null().any():
            return f"no score is above Low, and {_NO_SIGNALS}. {judge or _FACTS}"
        few = "too few verdicts have matured" if self._is_judged() else "nobody was judged yet"
        lead = f"{judge}, or deliver" if judge else "Deliver"
        return f"{few}, so nothing is scored, and {_NO_SIGNALS}. {lead} the table labels: {_FIRST}"

    def _is_judged(self) -> bool:
        return bool((self.unscored["positives"] + self.unscored["negatives"]).sum())


_NO_SIGNALS = "no signals of a pack are strong enough"
_FACTS = "The page Data says which signals are off, and which facts would switch them on"
_FIRST = (
    f"{LabelSettings.min_positives} bad and {LabelSettings.min_negatives} good verdicts of a kind "
    "make a first model"
)


def serve_command(folder: Path) -> str:
    """What serves the build of a folder."""
    place = "" if folder == BUILD else f" --build {shlex.quote(str(folder))}"
    return f"Next: ringfence serve{place}"


def _answered(con: duckdb.DuckDBPyConnection, url: str, as_of: date) -> list[str]:
    """Keys of whoever has an alert or stands in the lane, and whose case is not open."""
    from dashboard.casebook import open_casebook

    if not url:
        return []
    names = ("pages/queue/alert_keys", "pages/queue/anomaly_keys")
    keys = [key for name in names for key in queries.run(con, name)["entity_key"]]
    cases = open_casebook(url).cases_of(keys)
    answered = [key for key, case in cases.items() if is_held(case)]
    subjects = queries.run(con, "pages/queue/subjects", keys=answered, markets=[])
    placed = standings(cases, subjects, as_of)
    return sorted(key for key, one in placed.items() if one.place != Place.OPEN)

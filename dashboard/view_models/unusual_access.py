"""What in the log of looks is worth a question: too many, at odd hours, of one's own relations.

A line here accuses nobody. Each rule compares a person with their own past and with their peers,
on a scale of logarithms and by medians, so that one busy day moves no yardstick. Figures of the
rules: `dashboard/privacy.toml`; how often they are right: docs/decisions/0139-personal-data.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboard.cases.privacy import Office, Unusual

LOOKS = ("view", "reveal")
_NORMAL = 1.4826
"""Of a normal variable: its standard deviation over its median absolute deviation."""
_LEAST_SPREAD = 0.3
"""Of logarithms: whoever does nearly the same every day may do a third more."""
_A_LITTLE_FAR = 2.0
_FEWEST_PEERS = 3
SPANS = {"hour": "1h", "day": "1d"}


def looks_at_many(log: pl.DataFrame, rules: Unusual) -> pl.DataFrame:
    """Hours and days on which somebody looked at unusually many subjects, most unusual first.

    Returns actor, role, span, since, until, subjects, own_usual and peer_usual (medians of
    subjects; null = nobody to compare with), times_usual.
    """
    least = {"hour": rules.least_an_hour, "day": rules.least_a_day}
    parts = [_spells(log, span, least[span]).filter(_is_far(rules)) for span in SPANS]
    columns = ("actor", "role", "span", "since", "until", "subjects", "own_usual", "peer_usual")
    return (
        pl.concat(parts)
        .with_columns(
            times_usual=pl.col("subjects") / pl.max_horizontal("own_usual", "peer_usual", 1.0)
        )
        .select(*columns, "times_usual")
        .sort("times_usual", "since", descending=True)
    )


def _spells(log: pl.DataFrame, span: str, least: int) -> pl.DataFrame:
    """Spans in which a person looked at `least` subjects or more, with both yardsticks."""
    looks = log.filter(pl.col("act").is_in(LOOKS), pl.col("subject") != "")
    spells = (
        looks.with_columns(since=pl.col("at").dt.truncate(SPANS[span]))
        .group_by("actor", "role", "since")
        .agg(subjects=pl.col("subject").n_unique().cast(pl.Int64))
        .with_columns(
            span=pl.lit(span),
            until=pl.col("since").dt.offset_by(SPANS[span]),
            size=pl.col("subjects").cast(pl.Float64).log1p(),
            day=pl.col("since").dt.date(),
        )
        .sort("actor", "since")
    )
    many = spells.filter(pl.col("subjects") >= least)
    marks = [_marks(row, spells) for row in many.iter_rows(named=True)]
    schema = ("own_usual", "own_far", "own_days", "peer_usual", "peer_far")
    return many.hstack(
        pl.DataFrame(marks, schema=dict.fromkeys(schema, pl.Float64()), orient="row")
    ).drop("size", "day")


def _marks(row: Mapping[str, Any], spells: pl.DataFrame) -> tuple[float | None, ...]:
    """Own usual number, how far above it, days it rests on; the same of peers without days."""
    own = spells.filter(pl.col("actor") == row["actor"], pl.col("day") < row["day"])
    others = spells.filter(pl.col("actor") != row["actor"])
    peers = others.filter(pl.col("role") == row["role"])
    peers = peers if peers["actor"].n_unique() >= _FEWEST_PEERS else others
    own_usual, own_far = _far(row["size"], own["size"])
    peer_usual, peer_far = _far(row["size"], peers["size"])
    return own_usual, own_far, float(own["day"].n_unique()), peer_usual, peer_far


def _far(size: object, sizes: pl.Series) -> tuple[float | None, float | None]:
    centre = sizes.median()
    if not isinstance(centre, float) or not isinstance(size, float):
        return None, None
    spread = (sizes - centre).abs().median()
    scale = max(_NORMAL * spread if isinstance(spread, float) else 0.0, _LEAST_SPREAD)
    return float(pl.Series([centre]).exp()[0]) - 1.0, (size - centre) / scale


def _is_far(rules: Unusual) -> pl.Expr:
    """Far above peers; or far above one's own past and a little above peers."""
    has_past = pl.col("own_days") >= rules.least_days
    of_peers = pl.col("peer_far").fill_null(0.0)
    is_new = has_past & (pl.col("own_far").fill_null(0.0) > rules.far_from_own)
    is_above = of_peers > _A_LITTLE_FAR
    return (of_peers > rules.far_from_peers) | (is_new & is_above)


def looks_off_hours(
    log: pl.DataFrame, office: Office, zones: Mapping[str, str], rules: Unusual
) -> pl.DataFrame:
    """Days on which somebody worked outside of working hours, who usually does not; latest first.

    `zones` are time zones by person; who has none is in that of the office. Returns actor, role,
    zone, day (local), since, until (UTC), acts, first_at and last_at (local), usual_share (of
    earlier days with some).
    """
    local = _local(log, office, zones)
    days = local.group_by("actor", "role", "zone", "day").agg(
        acts=pl.col("is_off").sum().cast(pl.Int64),
        since=pl.col("at").filter(pl.col("is_off")).min(),
        until=pl.col("at").filter(pl.col("is_off")).max() + pl.duration(microseconds=1),
        first_at=pl.col("local").filter(pl.col("is_off")).min(),
        last_at=pl.col("local").filter(pl.col("is_off")).max(),
    )
    has_some = (pl.col("acts") > 0).cast(pl.Float64)
    before = pl.int_range(pl.len()).over("actor").cast(pl.Float64)
    counted = days.sort("actor", "day").with_columns(
        earlier_days=before,
        usual_share=pl.when(before > 0.0).then(
            (has_some.cum_sum().over("actor") - has_some) / before
        ),
    )
    is_usual = (pl.col("earlier_days") >= rules.least_days) & (
        pl.col("usual_share") >= rules.usual_share
    )
    found = counted.filter(pl.col("acts") >= rules.least_off_hours, ~is_usual)
    return found.drop("earlier_days").sort("day", "acts", descending=True)


def _local(log: pl.DataFrame, office: Office, zones: Mapping[str, str]) -> pl.DataFrame:
    """The log with `zone`, the `local` time and day of each act, and whether it `is_off`."""
    zone = pl.col("actor").replace_strict(dict(zones), default=office.time_zone)
    zoned = log.with_columns(zone=zone.cast(pl.String))
    parts = [
        part.with_columns(
            local=pl.col("at")
            .dt.replace_time_zone("UTC")
            .dt.convert_time_zone(name)
            .dt.replace_time_zone(None)
        )
        for (name,), part in zoned.partition_by("zone", as_dict=True).items()
    ]
    local = pl.concat(parts) if parts else zoned.with_columns(local="at")
    hour = pl.col("local").dt.hour()
    is_in = hour.is_between(office.first_hour, office.end_hour - 1) & pl.col(
        "local"
    ).dt.weekday().is_in(office.days)
    return local.with_columns(day=pl.col("local").dt.date(), is_off=~is_in)


def looks_at_relations(log: pl.DataFrame, related: pl.DataFrame) -> pl.DataFrame:
    """Looks at subjects that are somebody's own, or share something with one; latest first.

    `related` has person (casefolded), subject, how. Returns actor, role, subject, how, acts,
    since, until.
    """
    looks = log.filter(pl.col("act").is_in([*LOOKS, "export"]))
    own = looks.with_columns(person=pl.col("actor").str.to_lowercase()).join(
        related, on=["person", "subject"], how="inner"
    )
    return (
        own.group_by("actor", "role", "subject", "how")
        .agg(
            acts=pl.len().cast(pl.Int64),
            since=pl.col("at").min(),
            until=pl.col("at").max() + pl.duration(microseconds=1),
        )
        .sort("until", descending=True)
    )


def behind(log: pl.DataFrame, row: Mapping[str, Any]) -> pl.DataFrame:
    """The entries that a line of a list rests on: of its person, its time and, if any, subject."""
    found = log.filter(
        pl.col("actor") == row["actor"],
        pl.col("at") >= row["since"],
        pl.col("at") < row["until"],
    )
    subject = row.get("subject")
    return found.filter(pl.col("subject") == subject) if subject else found

"""How the tests of live sessions read a world: who was where, and how a session filled."""

import polars as pl
from scipy.stats import rankdata

from tests.sample_data.conftest import Sample

FEWEST_VIEWS = 200  # a room of a dozen people has no shape to measure
KEY = "live_session_id"


def live_sessions_of(sample: Sample, typology: str, variant: str | None = None) -> pl.DataFrame:
    """The sessions that belong to a typology, with their `variant` and `ring_id`."""
    members = sample.members(typology, "live_session")
    if variant is not None:
        members = members.filter(pl.col("variant") == variant)
    keys = members.select("variant", "ring_id", live_session_id="entity_id")
    return sample.table("live_sessions").join(keys, on="live_session_id")


def honest(sample: Sample) -> pl.DataFrame:
    """Sessions of creators who belong to no bad ring."""
    bad = sample.truth.filter(~pl.col("is_hard_negative") & (pl.col("entity_type") == "creator"))
    sessions = sample.table("live_sessions")
    return sessions.filter(~pl.col("creator_id").is_in(bad["entity_id"].implode()))


def shape(minutes: pl.DataFrame) -> pl.DataFrame:
    """How each room filled: largest rise in five minutes; in its second half, evenness and level.

    `evenness` is the variance of the joins over their mean: about 1 when people come one by
    one, far above it when they come in bursts, below it when they come like clockwork.
    """
    viewers, half = pl.col("viewers"), pl.len() // 2
    later = pl.col("joins").slice(half)
    ahead = pl.max_horizontal(*(viewers.shift(-step) for step in range(1, 6)))
    return minutes.group_by("live_session_id", maintain_order=True).agg(
        rise=((ahead - viewers) / viewers.max()).max(),
        evenness=later.var() / later.mean(),
        level=viewers.slice(half).min() / viewers.max(),
    )


def audience() -> dict[str, pl.Expr]:
    """The statistics of one session that a rule could be written on."""
    return {
        "watch_mean": pl.col("watch_seconds_mean"),
        "watch_cv": pl.col("watch_seconds_sd") / pl.col("watch_seconds_mean"),
        "distinct_share": pl.col("distinct_comments") / pl.col("comments"),
        "comment_rate": pl.col("comments") / pl.col("views"),
        "young_share": pl.col("young_viewers") / pl.col("unique_viewers"),
        "viewers_per_device": pl.col("unique_viewers") / pl.col("viewer_devices"),
        "click_rate": pl.col("product_clicks") / pl.col("views"),
        "follow_rate": pl.col("follows") / pl.col("unique_viewers"),
        "peak_share": pl.col("peak_concurrent") / pl.col("unique_viewers"),
        "views": pl.col("views").cast(pl.Float64),
        "slot_fee": pl.col("slot_fee_minor") * pl.col("usd_per_unit"),
    }


def separation(values: pl.Series, bad: pl.Series) -> float:
    """Area under the ROC curve of one number, whichever way round it works better."""
    has_value = values.is_not_nan() & values.is_not_null()
    rank, wrong = rankdata(values.filter(has_value).to_numpy()), bad.filter(has_value).to_numpy()
    count = wrong.sum()
    area = (rank[wrong].sum() - count * (count + 1) / 2) / (count * (len(wrong) - count))
    return float(max(area, 1.0 - area))

"""Live sessions: minutes and comments add up, and inflated, scripted and viral rooms differ."""

import itertools

import numpy as np
import polars as pl
import pytest
from scipy.stats import rankdata

from sample_data.actors.programme import sessions_of
from sample_data.hard_negatives import agency_office, viral_live
from sample_data.kit import timeline
from sample_data.typologies import scam_live, viewer_inflation

from .conftest import Sample
from .signatures import DAY, inside, share

FEWEST_VIEWS = 200  # a room of a dozen people has no shape to measure


@pytest.fixture(scope="module")
def minutes(dense: Sample) -> pl.DataFrame:
    """Every minute of every session."""
    return dense.table("engagement_minutes")


def rooms(sample: Sample, typology: str, variant: str | None = None) -> pl.DataFrame:
    """The sessions that belong to a typology, with their `variant` and `ring_id`."""
    members = sample.members(typology, "live_session")
    if variant is not None:
        members = members.filter(pl.col("variant") == variant)
    named = members.select("variant", "ring_id", live_session_id="entity_id")
    return sample.table("live_sessions").join(named, on="live_session_id")


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
    known = values.is_not_nan() & values.is_not_null()
    rank, wrong = rankdata(values.filter(known).to_numpy()), bad.filter(known).to_numpy()
    count = wrong.sum()
    area = (rank[wrong].sum() - count * (count + 1) / 2) / (count * (len(wrong) - count))
    return float(max(area, 1.0 - area))


def test_minutes_add_up_to_their_session(dense: Sample, minutes: pl.DataFrame) -> None:
    """Joins are the views, comments and clicks the session's, the fullest minute is its peak."""
    summed = minutes.group_by("live_session_id").agg(
        pl.col("joins", "comments", "product_clicks").sum(), pl.col("viewers").max(), pl.len()
    )
    both = dense.table("live_sessions").join(summed, on="live_session_id", suffix="_m")
    assert both.height == dense.table("live_sessions").height == summed.height
    pairs = {
        "views": "joins",
        "comments": "comments_m",
        "product_clicks": "product_clicks_m",
        "peak_concurrent": "viewers",
    }
    for column, minute_column in pairs.items():
        assert (both[column] == both[minute_column]).all(), column
    lasts = (both["ended_at"] - both["started_at"]).dt.total_seconds()
    assert (both["len"] == (lasts + 59) // 60).all()


def test_orders_of_a_minute_are_the_real_ones(dense: Sample, minutes: pl.DataFrame) -> None:
    """Counting the order table by session and minute gives the same numbers."""
    starts = dense.table("live_sessions").select("live_session_id", "started_at")
    real = (
        dense.table("orders")
        .join(starts, on="live_session_id")
        .with_columns(minute=(pl.col("created_at") - pl.col("started_at")).dt.total_minutes())
        .group_by("live_session_id", "minute")
        .agg(real=pl.len().cast(pl.Int64))
    )
    both = minutes.join(real, on=("live_session_id", "minute"), how="left")
    assert (both["orders"] == both["real"].fill_null(0)).all()
    assert both["orders"].sum() == real["real"].sum() > 0


def test_no_minute_is_impossible(minutes: pl.DataFrame) -> None:
    """Nothing is negative, nobody is in a room without having come, no order without a click."""
    counts = minutes.select("viewers", "joins", "comments", "product_clicks", "orders")
    assert min(counts.min().row(0)) >= 0
    entered = pl.col("joins").cum_sum().over("live_session_id")
    assert minutes.filter(pl.col("viewers") > entered).is_empty()
    assert minutes.filter(pl.col("orders") > pl.col("product_clicks")).is_empty()


def test_comments_are_a_sample_of_what_was_said(dense: Sample, minutes: pl.DataFrame) -> None:
    """At most 20 per session, never more than were written, each in a minute that had one."""
    said, sessions = dense.table("live_comments"), dense.table("live_sessions")
    assert said["comment_id"].is_unique().all()
    each = said.group_by("live_session_id").len("kept")
    kept = sessions.join(each, on="live_session_id", how="left").with_columns(
        pl.col("kept").fill_null(0).cast(pl.Int64)
    )
    assert (kept["kept"] == kept.select(pl.min_horizontal("comments", 20)).to_series()).all()
    placed = said.join(sessions.select("live_session_id", "started_at", "ended_at"), on=KEY)
    assert placed.filter(
        ~pl.col("commented_at").is_between("started_at", "ended_at", closed="left")
    ).is_empty()
    minute = (pl.col("commented_at") - pl.col("started_at")).dt.total_minutes()
    found = placed.with_columns(minute=minute).join(minutes, on=(KEY, "minute"), how="left")
    sampled = found.group_by(KEY, "minute").agg(pl.len(), pl.col("comments").first())
    assert sampled.filter(pl.col("len") > pl.col("comments")).is_empty()


KEY = "live_session_id"


def test_who_commented_had_an_account(dense: Sample) -> None:
    """Named writers were registered before; about half of the viewers have no account."""
    said = dense.table("live_comments")
    opened = dense.table("buyers").select("buyer_id", "registered_at")
    named = said.filter(pl.col("buyer_id").is_not_null()).join(opened, on="buyer_id", how="left")
    assert named["registered_at"].null_count() == 0
    assert (named["commented_at"] > named["registered_at"]).all()
    assert 0.3 < named.height / said.height < 0.7


def test_naive_farms_show_every_tell(dense: Sample) -> None:
    """T2: short and even watching, repeated comments, young accounts, few devices, full rooms."""
    limits = viewer_inflation.PARAMETERS
    found = rooms(dense, viewer_inflation.NAME, "naive").select(**audience())
    assert found.height >= 2
    names = ("watch_mean", "watch_cv", "distinct_share", "young_share", "viewers_per_device")
    for name in (*names, "peak_share"):
        median = found[name].median()
        assert isinstance(median, float)
        assert inside(median, getattr(limits, name), slack=0.05), name


def test_inflated_rooms_have_views_without_orders(dense: Sample) -> None:
    """T2: next to the sales there are many times more views than in honest rooms."""
    sold = dense.table("orders").group_by("live_session_id").len("sold")
    per_view = pl.col("sold").sum() / pl.col("views").sum()
    naive = rooms(dense, viewer_inflation.NAME, "naive").join(sold, on=KEY, how="left")
    usual = honest(dense).join(sold, on=KEY, how="left")
    assert naive.select(per_view).item() < usual.select(per_view).item() / 3


def test_a_farm_fills_a_room_in_minutes_at_even_gaps(dense: Sample, minutes: pl.DataFrame) -> None:
    """T2: most of the room comes in five minutes, the rest like clockwork, and it stays full."""
    shapes = shape(minutes)
    naive = rooms(dense, viewer_inflation.NAME, "naive").join(shapes, on=KEY)
    usual = honest(dense).filter(pl.col("views") > FEWEST_VIEWS).join(shapes, on=KEY)
    assert naive["rise"].median() > 0.6  # type: ignore[operator]
    assert naive["evenness"].median() < 0.8  # type: ignore[operator]
    assert naive["level"].median() > 0.6  # type: ignore[operator]
    assert usual["rise"].median() < 0.5  # type: ignore[operator]
    assert usual["evenness"].median() > 1.0  # type: ignore[operator]


def test_honest_raids_jump_as_high_and_come_as_people(dense: Sample, minutes: pl.DataFrame) -> None:
    """A raid is as steep as a farm, in at least as many rooms, but never like clockwork."""
    shapes = shape(minutes)
    farms = rooms(dense, viewer_inflation.NAME).join(shapes, on=KEY)
    alike = honest(dense).filter(pl.col("views") > FEWEST_VIEWS).join(shapes, on=KEY)
    raided = alike.filter(pl.col("rise") > 0.5)
    assert raided.height >= 2 * farms.filter(pl.col("rise") > 0.5).height
    assert share(raided, pl.col("evenness") > 1.0) > 0.75


def test_only_part_of_the_sessions_is_inflated(dense: Sample) -> None:
    """T2: the same creator has ordinary sessions in the same weeks."""
    members = dense.members(viewer_inflation.NAME, "creator").select(
        "started_at", "ended_at", creator_id="entity_id"
    )
    sessions = dense.table("live_sessions").join(members, on="creator_id", suffix="_ring")
    during = sessions.filter(pl.col("started_at").is_between("started_at_ring", "ended_at_ring"))
    inflated = rooms(dense, viewer_inflation.NAME)
    assert 0.3 < inflated.height / during.height < 0.9


def test_bought_followers_leave_again(dense: Sample) -> None:
    """T2, naive: after the step 60 to 90 % of the gained followers are gone within two weeks."""
    days, lost = dense.table("creator_days").sort("creator_id", "day"), []
    members = dense.members(viewer_inflation.NAME, "creator").filter(pl.col("variant") == "naive")
    for row in members.iter_rows(named=True):
        own = days.filter(pl.col("creator_id") == row["entity_id"])
        first = own.filter(pl.col("day") >= row["started_at"].date())["followers"].to_numpy()
        before = own.filter(pl.col("day") < row["started_at"].date())["followers"].to_numpy()[-1]
        if len(first) > 16:
            lost.append((first[0] - first[1:17].min()) / (first[0] - before))
    assert lost
    assert inside(float(np.median(lost)), viewer_inflation.PARAMETERS.follower_loss, slack=0.15)


@pytest.mark.parametrize("name", list(audience()))
def test_no_number_of_a_session_convicts(dense: Sample, name: str) -> None:
    """T2: over all variants each statistic of a session stays below AUC 0.9."""
    bad = rooms(dense, viewer_inflation.NAME).select(KEY, bad=pl.lit(value=True))
    rows = pl.concat(
        (honest(dense), rooms(dense, viewer_inflation.NAME).drop("variant", "ring_id"))
    )
    told = rows.join(bad, on=KEY, how="left").with_columns(pl.col("bad").fill_null(value=False))
    assert separation(told.select(audience()[name]).to_series(), told["bad"]) < 0.9


@pytest.mark.parametrize("name", list(audience()))
def test_no_number_of_a_creator_convicts(dense: Sample, name: str) -> None:
    """T2: nor does the mean over a creator's sessions, and hardly the lowest or the highest."""
    members = dense.members(viewer_inflation.NAME, "creator")["entity_id"].implode()
    theirs = dense.table("live_sessions").filter(pl.col("creator_id").is_in(members))
    rows = pl.concat((honest(dense), theirs)).with_columns(value=audience()[name])
    value = pl.col("value").fill_nan(None)
    each = rows.group_by("creator_id").agg(
        mean=value.mean(), low=value.min(), high=value.max(), bad=pl.col("creator_id").first()
    )
    bad = each["creator_id"].is_in(members)
    for column, most in (("mean", 0.9), ("low", 0.95), ("high", 0.95)):
        assert separation(each[column].fill_null(float("nan")), bad) < most, column


def test_accomplices_speak_from_one_script_in_several_rooms(dense: Sample) -> None:
    """T14: accounts of a crew turn up in three rooms and more, and their lines come back."""
    crews = dense.members(scam_live.NAME, "buyer").select(
        "ring_id", "variant", buyer_id="entity_id"
    )
    said = dense.table("live_comments").join(crews, on="buyer_id")
    naive = said.filter(pl.col("variant") == "naive")
    each = naive.group_by("buyer_id").agg(pl.col(KEY).n_unique())
    assert share(each, pl.col(KEY) >= 3) > 0.5
    again = pl.col(KEY).n_unique().over("ring_id", "body") >= 2
    assert share(naive, again) > 0.6
    assert naive["body"].n_unique() < 0.5 * naive.height


def test_honest_regulars_also_speak_in_many_rooms(dense: Sample) -> None:
    """T14 look-alikes: far more honest accounts comment in three rooms and more."""
    crews = dense.members(scam_live.NAME, "buyer")["entity_id"].implode()
    named = dense.table("live_comments").filter(pl.col("buyer_id").is_not_null())
    each = named.group_by("buyer_id").agg(pl.col(KEY).n_unique()).filter(pl.col(KEY) >= 3)
    theirs = each.filter(pl.col("buyer_id").is_in(crews))
    assert each.height - theirs.height >= 2 * theirs.height > 0


def test_buyers_of_a_scam_live_claim_within_two_weeks_of_delivery(dense: Sample) -> None:
    """T14: a surge of not-as-described claims 5 to 15 days after delivery, earlier elsewhere."""
    scripted = rooms(dense, scam_live.NAME).select(KEY, "variant")
    live = dense.orders.filter(pl.col("delivered_at") < dense.end - 16 * DAY)
    live = live.filter(pl.col("channel") == "live")
    wait = pl.col("requested_at") - pl.col("delivered_at")
    surge = wait.is_between(5 * DAY, 15 * DAY) & (pl.col("reason") == "not_as_described")
    there = live.join(scripted, on=KEY)
    elsewhere = live.join(scripted, on=KEY, how="anti")
    assert share(there, surge) > 4 * share(elsewhere, surge)
    naive = there.filter(pl.col("variant") == "naive")
    assert naive.is_empty() or share(naive, surge) > 0.2


def test_a_scam_recurs_across_sessions_of_a_host(dense: Sample) -> None:
    """T14: hosts repeat it; its base rate is some percent of the sessions."""
    scripted = rooms(dense, scam_live.NAME)
    each = scripted.group_by("creator_id").len()["len"]
    assert each.min() >= 1  # type: ignore[operator]
    assert each.median() >= 3  # type: ignore[operator]
    assert (
        scripted.group_by("ring_id").agg(pl.col("creator_id").n_unique())["creator_id"].max() == 2
    )


def test_scam_bargains_were_marked_up_before(dense: Sample) -> None:
    """T14: listings of the bargain rose within the two days before a scripted session."""
    versions = dense.table("listing_versions").sort("product_id", "version")
    before = pl.col("price_minor").shift(1).over("product_id")
    raised = versions.filter(pl.col("price_minor") > 1.2 * before).select(
        "product_id", "valid_from"
    )
    scripted = rooms(dense, scam_live.NAME).select(KEY, "started_at")
    sold = dense.table("orders").join(scripted, on=KEY).join(raised, on="product_id")
    lead = pl.col("started_at") - pl.col("valid_from")
    marked = sold.filter(lead.is_between(1.9 * DAY, 2.1 * DAY))[KEY].n_unique()
    assert marked > 0.3 * scripted.height


def test_viral_evenings_outnumber_what_they_imitate(dense: Sample) -> None:
    """Twice as many honest creators go viral as there are inflating and scamming ones."""
    bad = [dense.members(module.NAME, "creator") for module in (viewer_inflation, scam_live)]
    count = pl.concat(bad)["entity_id"].n_unique()
    assert dense.members(viral_live.NAME, "creator")["entity_id"].n_unique() >= 2 * count


def test_the_headline_evening_tops_all_others(dense: Sample) -> None:
    """On day 45 one honest session sells more than any other of the period."""
    sold = dense.table("orders").group_by("live_session_id").len("sold").drop_nulls()
    best = dense.table("live_sessions").join(sold, on=KEY).sort("sold").row(-1, named=True)
    day = (best["started_at"].date() - dense.made.settings.start).days
    assert day == timeline.VIRAL_LIVE_DAY
    assert best["creator_id"] in dense.members(viral_live.NAME, "creator")["entity_id"]


def test_viral_followers_stay(dense: Sample) -> None:
    """More than 85 % of the followers gained on a viral evening are there two weeks later."""
    days = dense.table("creator_days").sort("creator_id", "day")
    kept = []
    for row in dense.members(viral_live.NAME, "creator").iter_rows(named=True):
        own = days.filter(pl.col("creator_id") == row["entity_id"])
        after = own.filter(pl.col("day") >= row["started_at"].date())["followers"].to_numpy()
        before = own.filter(pl.col("day") < row["started_at"].date())["followers"].to_numpy()
        if len(after) > 14 and len(before) and after[0] > 1.1 * before[-1]:
            kept.append((after[14] - before[-1]) / (after[0] - before[-1]))
    assert len(kept) >= 10
    assert np.median(kept) > 0.85


def test_an_agency_streams_from_one_office_under_its_own_name(dense: Sample) -> None:
    """Members share network and declared agency; their buyers overlap no more than others' do."""
    members = dense.members(agency_office.NAME, "creator").select("ring_id", creator_id="entity_id")
    named = dense.table("creators").join(members, on="creator_id")
    each = named.group_by("ring_id").agg(pl.col("agency_id", "ip_id").n_unique(), pl.len())
    assert each["agency_id"].max() == each["ip_id"].max() == 1
    assert named["agency_id"].null_count() == 0
    assert each["len"].min() >= 2  # type: ignore[operator]
    largest = each.sort("len")["ring_id"][-1]
    inside_ = named.filter(pl.col("ring_id") == largest)["creator_id"].to_list()
    market = named.filter(pl.col("ring_id") == largest)["market"][0]
    others = dense.table("creators").filter(
        (pl.col("market") == market) & ~pl.col("creator_id").is_in(named["creator_id"].implode())
    )["creator_id"]
    assert overlap(dense, inside_) < 2.0 * overlap(dense, others.to_list()) + 0.005


def overlap(sample: Sample, creators: list[str]) -> float:
    """Mean Jaccard similarity of the buyer sets of pairs of creators."""
    orders = sample.table("orders").filter(pl.col("creator_id").is_in(creators))
    sets = [set(rows["buyer_id"]) for _key, rows in orders.group_by("creator_id")]
    pairs = list(itertools.combinations(sets, 2))
    return float(np.mean([len(a & b) / len(a | b) for a, b in pairs]))


def test_an_unknown_behaviour_is_refused() -> None:
    """A story that misspells what an audience does is told so, with what there is."""
    one = np.array([1])
    with pytest.raises(TypeError, match="watch_meen"):
        sessions_of(one, one, one, one, np.ones(1), watch_meen=3.0)

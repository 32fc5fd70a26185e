"""A creator: from view to refund by channel, and its videos, each with a page of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard.charts.details import video_chart
from dashboard.components import address, look
from dashboard.panels.investigate.looks_like import draw_looks_like
from dashboard.state import EntityRef
from dashboard.store import data_version, read
from dashboard.text import md_escape
from dashboard.view_models.details import (
    MOST_ROWS,
    funnel_sentence,
    funnel_table,
    video_sentence,
    videos_sentence,
    videos_table,
)

if TYPE_CHECKING:
    import polars as pl

    from dashboard.view_models.header import HeaderView


def _funnel(entity: EntityRef, head: HeaderView) -> None:
    funnel = read(
        "pages/investigate/creator_funnel", entity_id=entity.entity_id, peer_group=head.peer_group
    )
    st.markdown("**From view to refund, by channel**")
    st.caption(md_escape(funnel_sentence(funnel, head.peer_group)))
    if funnel.is_empty():
        return
    rate = look.PERCENT
    look.table(
        funnel_table(funnel),
        {
            "channel": look.text_column("Channel", width=92),
            "views": look.number_column("Views", width=64),
            "clicks": look.number_column("Clicks", width=60),
            "orders": look.number_column("Orders", width=60),
            "refunds": look.number_column("Refunds", width=66),
            "paid_usd": look.money_column("Paid", whole=False, width=80),
            "click_rate": look.number_column("Clicks / views", rate, width=94),
            "peer_click_rate": look.number_column("Peers", rate, width=60),
            "order_rate": look.number_column("Orders / clicks", rate, width=98),
            "peer_order_rate": look.number_column("Peers", rate, width=60),
            "refund_rate": look.number_column("Refunds / orders", rate, width=108),
            "peer_refund_rate": look.number_column("Peers", rate, width=60),
        },
        alt="Views, clicks, orders and refunds by channel, with rates and those of peers",
        key=f"funnel-{data_version()}-{entity.key}",
    )


def _videos(entity: EntityRef, _: HeaderView) -> None:
    videos = read("pages/investigate/creator_videos", entity_id=entity.entity_id, limit=MOST_ROWS)
    ids = videos["video_id"].to_list()
    chosen = st.query_params.get("video", "")
    if chosen in ids:
        _video(entity, videos.row(ids.index(chosen), named=True))
    st.markdown("**Short videos**")
    st.caption(md_escape(videos_sentence(videos)))
    if videos.is_empty():
        return
    key = f"videos-{data_version()}-{entity.key}"
    slot = f"{key}-title"
    look.table(
        videos_table(videos),
        {
            "title": look.button_column("Video", slot, _open, (slot, tuple(ids)), width=210),
            "published_at": st.column_config.DateColumn("Out", format="YYYY-MM-DD", width=88),
            "daily_views": st.column_config.LineChartColumn("Views by day", width=110, y_min=0),
            "views": look.number_column("Views", width=64),
            "likes": look.number_column("Likes", width=58),
            "comments": look.number_column("Comments", width=82),
            "clicks": look.number_column("Clicks", width=60),
            "orders": look.number_column("Orders", width=60),
            "paid_usd": look.money_column("Paid", whole=False, width=78),
            "refunds": look.number_column("Refunds", width=66),
        },
        alt=f"{len(videos)} short videos, the most watched first",
        key=key,
        most_rows=12,
    )


def _video(entity: EntityRef, video: dict[str, object]) -> None:
    """One video by itself: its days and what was bought of it."""
    days: pl.DataFrame = read(
        "pages/investigate/video_days", entity_id=entity.entity_id, video_id=video["video_id"]
    )
    sentence = video_sentence(days)
    with st.container(border=True):
        with st.container(horizontal=True, horizontal_alignment="distribute"):
            st.markdown(f"**Video: {md_escape(video['title'] or '', length=80)}**")
            st.button("Close", type="tertiary", on_click=address.setter(video=""))
        st.caption(f"{md_escape(video['video_id'])} · published {video['published_at']:%Y-%m-%d}")
        st.markdown(md_escape(sentence))
        if not days.is_empty():
            look.chart(
                video_chart(days, look.palette()),
                alt=f"Views, likes, clicks and orders by day. {sentence}",
                key=f"video-{entity.key}-{video['video_id']}",
            )
            _day_table(entity, days)
        draw_looks_like(EntityRef("video", str(video["video_id"])))


def _day_table(entity: EntityRef, days: pl.DataFrame) -> None:
    look.table(
        days,
        {
            "day": st.column_config.DateColumn("Day", format="YYYY-MM-DD", width=96),
            **{
                name: look.number_column(name.capitalize(), width=84)
                for name in ("views", "likes", "comments", "clicks", "orders")
            },
            "paid_usd": look.money_column("Paid", whole=False, width=90),
        },
        alt=f"{len(days)} days of the video",
        key=f"video-days-{data_version()}-{entity.key}-{len(days)}-{days['day'][0]}",
        most_rows=8,
    )


def _open(slot: str, ids: tuple[str, ...]) -> None:
    address.put({"video": ids[st.session_state[slot]["row"]]})


draw_creator = (_funnel, _videos)

"""Short videos to look at: below the cases, for no signal and no score is about a video."""

from __future__ import annotations

import streamlit as st

from dashboard.components import look, scope
from dashboard.components.links import go
from dashboard.components.open_column import name_column
from dashboard.store import data_version, has_table, read
from dashboard.text import md_escape
from dashboard.view_models.video_list import MOST, STATEMENT, list_sentence, video_list


def draw_videos() -> None:
    """A closed box that reads nothing until somebody opens it."""
    if not has_table("staging.video_days"):
        return
    box = st.expander(
        "Short videos with likes that came alone", key="queue.videos", on_change="rerun"
    )
    if box.open:
        with box:
            _videos()


def _videos() -> None:
    videos = read("pages/queue/videos", markets=scope.markets([]), limit=MOST)
    st.caption(md_escape(f"{list_sentence(videos)} {STATEMENT}"))
    if videos.is_empty():
        return
    key = f"videos-{data_version()}"
    slot = f"{key}-title"
    pairs = tuple(videos.select("creator_id", "video_id").iter_rows())
    look.table(
        video_list(videos),
        {
            "title": look.button_column("Video", slot, _open, (slot, pairs), width=230),
            "creator": name_column(
                "Creator", key, tuple(f"creator:{one}" for one, _ in pairs), width=150
            ),
            "published_at": st.column_config.DateColumn("Out", format="YYYY-MM-DD", width=90),
            "times": look.number_column("Unlike usual", "%.1f ×", width=92, tip=_TIMES),
            "views": look.number_column("Views", width=70),
            "likes": look.number_column("Likes", width=64),
            "like_rate": look.number_column("Likes / 100 views", "%.1f", width=116),
            "usual_likes": look.number_column("Usual", "%.1f", width=58),
            "talk_rate": look.number_column("Comments / 100 likes", "%.1f", width=142),
            "usual_talk": look.number_column("Usual", "%.1f", width=58),
            "clicks": look.number_column("Clicks", width=60),
        },
        alt=f"{len(videos)} short videos, those most unlike their creator's usual first",
        key=key,
        most_rows=12,
    )


def _open(slot: str, pairs: tuple[tuple[str, str], ...]) -> None:
    """The video's own part of its creator's page."""
    creator, video = pairs[st.session_state[slot]["row"]]
    go("investigate", {"entity": f"creator:{creator}", "tab": "details", "video": video})


_TIMES = "Likes per view over the usual, or the usual comments per like over its own: the lesser"

"""What a story may say about an audience."""

import numpy as np
import polars as pl
import pytest

from sample_data.actors.programme import Programme, sessions_of


def test_an_unknown_behaviour_is_refused() -> None:
    """A story that misspells what an audience does is told so, with what there is."""
    one = np.array([1])
    with pytest.raises(TypeError, match="watch_meen"):
        sessions_of(one, one, one, one, np.ones(1), watch_meen=3.0)


def test_bought_likes_go_to_the_first_videos_of_the_weeks_alone() -> None:
    """Another creator's and an earlier one keep theirs; nobody talks more of a bought one."""
    videos = pl.DataFrame(
        {
            "creator": [1, 1, 2, 1, 1],
            "published": [5, 10, 11, 12, 13],
            "like_factor": [1.0, 1.0, 1.0, 2.0, 1.0],
            "comment_factor": [1.0] * 5,
        }
    )
    programme = Programme(sessions=pl.DataFrame({"creator": [1]}), videos=videos)
    assert programme.buy_likes(1, 10, 20, np.array([3.0, 4.0])) == 2
    assert programme.videos["like_factor"].to_list() == [1.0, 3.0, 1.0, 8.0, 1.0]
    assert programme.videos["comment_factor"].to_list() == [1.0] * 5
    assert programme.buy_likes(3, 10, 20, np.array([3.0])) == 0

"""What a story may say about an audience."""

import numpy as np
import pytest

from sample_data.actors.programme import sessions_of


def test_an_unknown_behaviour_is_refused() -> None:
    """A story that misspells what an audience does is told so, with what there is."""
    one = np.array([1])
    with pytest.raises(TypeError, match="watch_meen"):
        sessions_of(one, one, one, one, np.ones(1), watch_meen=3.0)

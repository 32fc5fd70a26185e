"""What a caller may choose, and what is too small to hold its stories."""

import pytest

from sample_data import (
    BadSettings,
    WorldSettings,
)


@pytest.mark.parametrize("setting", ["orders", "merchants", "creators", "buyers", "days"])
def test_a_world_too_small_for_its_stories_is_refused(setting: str) -> None:
    """The message names the setting and the smallest value that works."""
    with pytest.raises(BadSettings, match=f"{setting} is 3; .* at least"):
        WorldSettings(**{setting: 3})  # type: ignore[arg-type]

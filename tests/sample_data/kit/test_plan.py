"""What stories hand in is written down once, and nothing begins before it exists."""

import numpy as np
import pytest

from sample_data.kit.plan import PlannedStories
from sample_data.kit.plan_records import Membership, Ring

END_S = 1_000


def planned(group: Membership, exists_since: list[int]) -> PlannedStories:
    """One ring with one group of members."""
    stories = PlannedStories(rings=[Ring("T1_BRUSHING", "naive")])
    stories.admit(0, group, np.array(exists_since), END_S)
    return stories


def test_a_member_is_written_once_and_begins_when_it_exists() -> None:
    """Entities given twice count once; each span lies inside the entity's life and the data."""
    stories = planned(Membership("buyer", np.array([7, 3, 7]), 100, 2_000), [50, 400, 50])
    rows = stories.members.rows().sort("entity")
    assert rows["entity"].to_list() == [3, 7]
    assert rows["since"].to_list() == [400, 100]
    assert rows["until"].to_list() == [END_S - 1, END_S - 1]
    assert rows["role"].unique().to_list() == ["actor"]


def test_an_unknown_role_is_refused() -> None:
    """The message names the role and those there are."""
    with pytest.raises(ValueError, match=r"'bystander' is unknown; use one of .*victim"):
        planned(Membership("buyer", np.array([1]), 0, 1, "bystander"), [0])


def test_entities_are_listed_by_type_and_typology() -> None:
    """Each entity once, whatever number of rings hold it."""
    stories = planned(Membership("buyer", np.array([5, 2]), 0, 9), [0, 0])
    stories.rings.append(Ring("T3_INCENTIVE_ABUSE", "naive"))
    stories.admit(1, Membership("buyer", np.array([5, 8]), 0, 9), np.array([0, 0]), END_S)
    assert stories.entities_of("buyer", ["T1_BRUSHING"]).tolist() == [2, 5]
    assert stories.entities_of("buyer", ["T1_BRUSHING", "T3_INCENTIVE_ABUSE"]).tolist() == [2, 5, 8]
    assert stories.entities_of("merchant", ["T1_BRUSHING"]).tolist() == []

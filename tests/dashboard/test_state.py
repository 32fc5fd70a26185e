"""The URL as state: what fits arrives, what does not becomes a sentence."""

from __future__ import annotations

import pytest

from dashboard.state import (
    CommunityState,
    EntityRef,
    InvestigateState,
    QueueFilters,
)
from queries.contract import LONGEST_ID


@pytest.mark.parametrize(
    "key",
    [
        "shop:mer_1", "Merchant:mer_1", "merchant:", ":mer_1", "merchant", "merchant:mer_1\n",
        " merchant:mer_1", "merchant:" + "a" * (LONGEST_ID + 1), "", None,
    ],
)  # fmt: skip
def test_only_a_node_key_is_an_entity(key: str | None) -> None:
    """Anything but `type:id` is no entity; what an id may hold is in test_odd_ids."""
    assert EntityRef.parse(key) is None


def test_an_entity_survives_the_round_trip() -> None:
    """The key read back is the key."""
    ref = EntityRef.parse("merchant:mer_000001")
    assert ref == EntityRef("merchant", "mer_000001")
    assert ref is not None
    assert ref.key == "merchant:mer_000001"


def test_what_fits_is_taken_over() -> None:
    """Every parameter of a good link arrives, and nothing is refused."""
    queue = QueueFilters.parse(
        {"entity_type": "creator", "typology": "T4_X", "market": "SG", "band": "HIGH",
         "search": "=x<b>", "sort": "probability", "page": "3", "size": "50"}
    )  # fmt: skip
    assert queue == QueueFilters("creator", "T4_X", "SG", "HIGH", "=x<b>", "probability", 3, 50)
    params = {"entity": "buyer:buy_9", "tab": "drift", "feature": "orders_7d"}
    entity = InvestigateState.parse(params)
    assert entity == InvestigateState(EntityRef("buyer", "buy_9"), "drift", "orders_7d")
    community = CommunityState.parse({"community": "com_abc"})
    assert community.community == "com_abc"
    assert (queue.problems, entity.problems, community.problems) == ((), (), ())


def test_bad_parameters_become_sentences() -> None:
    """Each refused value is named and replaced by its default."""
    filters = QueueFilters.parse(
        {"page": "-1", "size": "999999999999", "band": "x", "market": "a\n", "junk": "1"}
    )
    assert filters == QueueFilters()
    assert len(filters.problems) == 4
    assert all(problem.endswith("ignored.") for problem in filters.problems)


def test_a_repeated_parameter_takes_the_last() -> None:
    """Streamlit hands lists for repeated keys."""
    assert QueueFilters.parse({"market": ["US", "SG"]}).market == "SG"

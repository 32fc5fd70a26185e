"""What a playbook asks for, in words."""

from __future__ import annotations

import polars as pl

from dashboard.view_models.playbook_facts import agency_sentence, figures_of


def test_a_declared_agency_says_what_its_creators_share() -> None:
    """An office of 37 on one network is no ring: the sentence that clears it stands on the page."""
    office = {"agency_id": "agc_1", "creators": 37, "on_device": 1, "on_network": 36}
    said = agency_sentence(pl.DataFrame([{**office, "on_account": 0}]))
    assert said == (
        "It declares an agency, as 36 other creators do; "
        "it shares its device with 1 of them and its network with 36 of them."
    )
    alone = {"agency_id": "agc_1", "creators": 2, "on_device": 0, "on_network": 0, "on_account": 0}
    assert agency_sentence(pl.DataFrame([alone])) == (
        "It declares an agency, as 1 other creator does; "
        "it shares no device, network or payout account with them."
    )
    assert not agency_sentence(pl.DataFrame())


def test_an_answer_has_no_bound_and_a_number_has_one() -> None:
    """`no` is no end of a range; what nine of ten peers do not reach stands first, marked."""
    peers = {"is_group": True, "entities": 40, "p10": 0.5, "p50": 1.0}
    rows = [
        {"feature": "is_turned", "figure": 0.0, **peers, "p90": 0.0},
        {"feature": "edits_30d", "figure": 9.0, **peers, "p90": 2.0},
    ]
    first, second = figures_of("product", pl.DataFrame(rows))
    assert (first.value, first.bound, first.is_beyond) == ("▲ 9", "≤ 2", True)
    assert (second.value, second.bound, second.is_beyond) == ("no", "no", False)

"""What a playbook asks for, in words."""

from __future__ import annotations

import polars as pl

from dashboard.view_models.playbook_facts import agency_sentence


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

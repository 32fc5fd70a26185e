"""A list in the address holds whatever its values hold."""

from __future__ import annotations

import pytest
import streamlit as st

from dashboard.components import address


@pytest.mark.parametrize(
    "values",
    [["SG", "MY"], ["Shoes, bags", "Toys"], ["100%"], ["a%2Cb", "a,b"], ["%25"], ["R&D=x?"], []],
)
def test_a_list_is_read_back_to_the_letter(
    monkeypatch: pytest.MonkeyPatch, values: list[str]
) -> None:
    """A category with a comma is one category."""
    monkeypatch.setattr(st, "query_params", {"category": address.listed(values)})
    assert address.items("category") == values
    assert address.refused("category", values) == []

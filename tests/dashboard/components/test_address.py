"""A list in the address holds whatever its values hold."""

from __future__ import annotations

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from dashboard.components import address
from tests.patience import PATIENCE_SECONDS


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


def _changes_its_address() -> None:
    import streamlit as st

    from dashboard.components import address

    with address.settled():
        st.button("Next", on_click=address.setter(page="2"))
        st.text(str(address.current()))


def test_a_late_message_undoes_no_change_of_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sent before the browser had heard of it; whoever then goes back does go back."""
    monkeypatch.setattr(address, "_ON_ITS_WAY_SECONDS", PATIENCE_SECONDS)
    app = AppTest.from_function(_changes_its_address)
    app.run().button[0].click().run()
    assert app.text[0].value == "{'page': '2'}"
    app.query_params.clear()
    assert app.run().text[0].value == "{'page': '2'}"
    app.query_params.clear()
    assert app.run().text[0].value == "{}"

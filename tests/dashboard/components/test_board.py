"""What travels to the board is text on one line, and each name's own address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.dashboard import tiny_database as tiny
from tests.dashboard.harness import sent_data

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    Open = Callable[..., AppTest]


def test_every_name_leads_to_its_subject_and_none_is_markup(open_page: Open) -> None:
    """Of rows and of cards; whoever came from the queue stays in it."""
    app = open_page("investigate", {"entity": "merchant:mer_1", "fact": "orders"})
    assert not app.exception
    (sent,) = [one for one in sent_data(app) if "tables" in one]
    linked = {key for table in sent["tables"] for one in table["columns"] for key in one["keys"]}
    linked |= {one["key"] for card in sent["cards"] for one in card["subjects"]}
    linked.discard("")
    assert linked
    assert set(sent["addresses"]) == linked
    for key, address in sent["addresses"].items():
        kind, _, name = key.partition(":")
        assert address.startswith(f"investigate?entity={kind}%3A{name}")
    cells = [cell for table in sent["tables"] for one in table["columns"] for cell in one["cells"]]
    assert not any(tiny.HOSTILE in cell or "\n" in cell for cell in cells)
    for table in sent["tables"]:
        assert len({len(one["cells"]) for one in table["columns"]}) == 1
        assert all(len(one["values"]) in (0, len(one["cells"])) for one in table["columns"])

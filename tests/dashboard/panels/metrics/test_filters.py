"""The metrics to choose from are those that have a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.queries.new_metric import NEW, copied_queries

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest
    from streamlit.testing.v1 import AppTest

    Open = Callable[..., AppTest]


def test_a_metric_that_is_added_is_offered_and_shown(
    open_page: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file, no line of code: the page lists it, says its level and what it is."""
    with copied_queries(tmp_path, monkeypatch) as folder:
        (folder / "kpis" / "voucher_rate.sql").write_text(NEW, encoding="utf-8")
        app = open_page("metrics", {"metric": "voucher_rate"})
    assert "Orders with a voucher" in app.selectbox[0].options
    said = " ".join(part.value for part in app.markdown).replace("\\", "")
    assert "Orders with a voucher: 20.0% from" in said
    assert any("voucher_orders" in block.value for block in app.code)


def test_a_metric_of_its_own_rows_is_shown_without_shops(open_page: Open) -> None:
    """No order makes it, so no shop is behind it; its unit stands at the number."""
    app = open_page("metrics", {"metric": "appeal_overturn_rate", "split": "market"})
    said = " ".join(part.value for part in app.markdown).replace("\\", "")
    assert "Appeal overturn rate: 25.0% from" in said
    assert "Who is behind it" not in said

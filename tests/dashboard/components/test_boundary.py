"""Whatever goes wrong, the page shows a sentence."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from tests.patience import PATIENCE_SECONDS


def _faulty_page() -> None:
    from dashboard.components.boundary import boundary, panel

    def draw() -> None:
        raise ValueError("/srv/secret/path")

    panel(draw)()
    with boundary():
        raise KeyError("inner")


def test_an_unforeseen_fault_is_a_number_not_a_trace() -> None:
    """Inside a fragment or on the page: neutral words, details only in the log."""
    app = AppTest.from_function(_faulty_page, default_timeout=PATIENCE_SECONDS).run()
    assert not app.exception
    assert _text(app).count("Something went wrong here") == 2
    assert "secret" not in _text(app)


def _text(app: AppTest) -> str:
    return " ".join(element.value.replace("\\", "") for element in [*app.markdown, *app.caption])

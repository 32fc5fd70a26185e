"""Stored contributions reach shap's own plots whole."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
import pytest

import queries
from pipeline.errors import StageError
from pipeline.explaining import shap_export
from pipeline.explaining import stage as explanations
from pipeline.explaining.shap_export import explanation_of
from pipeline.scoring import stage as scores
from pipeline.settings.build import Settings
from pipeline.settings.models import ModelSettings
from tests.pipeline import tiny

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

SOURCE = Path(shap_export.__file__).read_text(encoding="utf-8")
SETTINGS = Settings(model=ModelSettings(trees=30))


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that is scored and explained."""
    path = tmp_path_factory.mktemp("explained") / "build" / "ringfence.duckdb"
    path.parent.mkdir()
    with tiny.build() as con:
        scores.write(con, SETTINGS, tiny.unheard, packs_in_use=[])
        explanations.write(con, SETTINGS, tiny.unheard)
        con.execute(f"attach '{path}' as file")
        con.execute("copy from database memory to file")
    return path


@pytest.fixture(scope="module")
def con(database: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """It, read as anybody reads it."""
    with queries.connect(database) as connection:
        yield connection


def test_an_explanation_carries_all_that_a_shap_plot_reads(con: duckdb.DuckDBPyConnection) -> None:
    """Values, base, the data and its names, for everybody and for one row cut out of it."""
    merchants = explanation_of(con, "merchant")
    assert merchants.shape == (tiny.SIZES["merchant"], 5)
    assert list(merchants.instance_names) == [
        tiny.name("merchant", n) for n in range(tiny.SIZES["merchant"])
    ]
    columns = ", ".join(merchants.feature_names)
    latest = f"from features.merchant where as_of = '{tiny.AS_OF}' order by merchant_id"
    wide = con.sql(f"select {columns} {latest}").pl()
    np.testing.assert_array_equal(merchants.data, wide.to_numpy().astype(float))
    scored = f"from scores.scores where as_of = '{tiny.AS_OF}' and entity_type = 'merchant'"
    margin = con.sql(f"select margin {scored} order by entity_id").pl()["margin"].to_numpy()
    total = merchants.base_values + merchants.values.sum(axis=1)
    np.testing.assert_allclose(total, margin, atol=1e-9)
    one = merchants[3]
    assert one.base_values + one.values.sum() == pytest.approx(margin[3])
    assert merchants.abs.mean(0).values.argmax() == np.abs(merchants.values).mean(axis=0).argmax()


def test_a_type_without_contributions_is_a_sentence(con: duckdb.DuckDBPyConnection) -> None:
    """Too few labels, or a day that is not the build's."""
    with pytest.raises(StageError, match="no contributions of type creator"):
        explanation_of(con, "creator")
    with pytest.raises(StageError, match=str(tiny.WEEKS[0])):
        explanation_of(con, "merchant", tiny.WEEKS[0])


def test_the_documented_example_draws_a_beeswarm(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As it stands in the docstring, beside a folder `build`: the strongest feature on top."""
    mpl.use("Agg")
    folder, names = database.parent.parent, dict[str, Any]()
    monkeypatch.chdir(folder)
    exec(compile(example(), "example", "exec"), names)  # noqa: S102 - our own docstring
    assert (folder / "merchants.png").read_bytes().startswith(b"\x89PNG")
    labels = [label.get_text() for label in names["axes"].get_yticklabels()]
    assert labels[-1] in {"burst_7d", "shared_device_rate_30d"}
    assert len(labels) == 5


def example() -> str:
    """The code of the module's docstring."""
    code = str(ast.get_docstring(ast.parse(SOURCE))).partition("::\n")[2]
    return "\n".join(row[4:] for row in code.splitlines() if row.startswith("    ") or not row)

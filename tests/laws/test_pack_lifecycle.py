"""A pack comes and goes as a file: found everywhere when added, nowhere when deleted."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import duckdb
import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

import queries
from benchmarks.savings import at_stake, savings
from dashboard.view_models import words
from pipeline.build import Order, Report, build, fingerprint
from pipeline.errors import PackError
from pipeline.learning.label_maturity import Delays, matured_labels
from pipeline.scoring.pack_tables import pack_tables, pack_terms
from pipeline.scoring.signal_odds import Evidence, Today, signal_outcomes
from pipeline.scoring.training_run import held_out_scores
from pipeline.settings.build import Settings
from pipeline.signals import stage as signals
from pipeline.tables import latest_snapshot, query, store
from queries.packs import FOLDER, PackRefused, packs
from tests.dashboard import harness
from tests.dashboard.harness import titles
from tests.patience import PATIENCE_SECONDS
from tests.pipeline.tiny import unheard
from tests.schemas import write_schemas

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

SETTINGS = Settings()
TOY = "T99_LATE_NIGHT_TOY"
TOY_PACK = """
code = "T99_LATE_NIGHT_TOY"
title = "Late-night toys"
summary = "A toy that a test plays with."
entity_types = ["merchant"]
policy_clause = "No toys after midnight"
actions = ["NO_ACTION", "MONITOR", "WARN", "TRAFFIC_REDUCE"]
clears = ["The shop sells lamps"]
recoverable_share = 0.5
review_minutes = 5.0
horizon_days = 30.0
label_delay_days = 2.0

[[losses]]
entity_type = "merchant"
flow = "gmv_usd"
share = 0.5
bearer = "rival"

[[playbook]]
step = "Look at the clock"
is_mandatory = true
evidence = "The hour of five orders"

[reason_codes."T99.R01_OPEN_LATE"]
analyst = "Sells toys at night"
manager = "Toys at night"
subject = "Your shop sold toys after midnight."

[[signals]]
code = "T99.S01_BUSY"
entity_type = "merchant"
predicate = "orders_90d >= 60.0"
severity = 0.99
reason = "T99.R01_OPEN_LATE"
text = "Many orders, some of them surely late"
"""
GONE = "T9_REFUND_ABUSE"


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two folders of packs: the house's with a toy, and the house's without one of them."""
    root = tmp_path_factory.mktemp("packs")
    shutil.copytree(FOLDER, root / "more")
    (root / "more" / "t99_toy.toml").write_text(TOY_PACK, encoding="utf-8")
    shutil.copytree(FOLDER, root / "fewer")
    (root / "fewer" / "t9_refund_abuse.toml").unlink()
    return root


@pytest.fixture(scope="module")
def rebuilt(built: Report, folders: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of two databases: the stages that read packs were run again with each folder."""
    out = tmp_path_factory.mktemp("rebuilt")
    for name in ("more", "fewer"):
        shutil.copyfile(built.database, out / f"{name}.duckdb")
        with duckdb.connect(str(out / f"{name}.duckdb")) as con:
            as_of = latest_snapshot(con)
            own = replace(SETTINGS, packs_folder=str(folders / name))
            write_schemas(con, ("features",), own)
            signals.write(con, own, unheard)
            known = list(packs(folders / name).values())
            delays = Delays.of(pack_terms(known))
            labels = matured_labels(con, as_of, SETTINGS.labels, delays)
            tables = pack_tables(con, as_of, known, SETTINGS)
            # A database keeps no held-out scores: verdicts alone say what signals are worth.
            unseen = held_out_scores([])
            sql = "select entity_type, base_rate from scores.models"
            rates = dict(query(con, sql).iter_rows())
            today = Today(tables["typologies"], {})
            evidence = Evidence(known, labels, unseen, rates, today)
            tables["signal_outcomes"] = signal_outcomes(con, evidence, SETTINGS)
            for table, frame in tables.items():
                store(con, f"scores.{table}", frame)
            write_schemas(con, ("alerts",), SETTINGS)
    return out


@pytest.fixture
def open_app(
    rebuilt: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., AppTest]]:
    """`open_app(database, page, **params)` runs a page of the app on one of the two."""

    def run(database: str, page: str, **params: str) -> AppTest:
        monkeypatch.setenv("RINGFENCE_DATABASE", str(rebuilt / f"{database}.duckdb"))
        monkeypatch.setenv("RINGFENCE_CASEBOOK_URL", f"sqlite:///{tmp_path / 'casebook.sqlite'}")
        app = AppTest.from_function(harness.script, args=(page,), default_timeout=PATIENCE_SECONDS)
        for key, value in params.items():
            app.query_params[key] = value
        return app.run()

    yield run
    words.serve(None)


def options(app: AppTest, label: str) -> str:
    """What the widgets with a label offer, in one string."""
    found = [one for kind in ("selectbox", "multiselect") for one in app.get(kind)]
    return "; ".join(str(option) for one in found if one.label == label for option in one.options)


def rows(path: Path, sql: str) -> pl.DataFrame:
    """Rows of one statement."""
    with queries.connect(path) as con:
        found: pl.DataFrame = con.sql(sql).pl()
    return found


def toy_alert(rebuilt: Path) -> str:
    """A shop whose alert is the toy's."""
    sql = f"select entity_id from alerts.alerts where typology = '{TOY}' order by queue_place"
    return str(rows(rebuilt / "more.duckdb", sql)["entity_id"][0])


def test_an_added_pack_opens_alerts_and_is_counted(rebuilt: Path) -> None:
    """Its signals reach alerts with its own prices, and the counts by typology."""
    base = rebuilt / "more.duckdb"
    alerts = rows(base, f"select * from alerts.alerts where typology = '{TOY}'")
    assert alerts.height > 0
    assert set(alerts["review_minutes"]) == {5.0}
    assert set(alerts["recoverable_share"]) == {0.5}
    calm = alerts.filter(pl.col("lane") == "signals")
    assert calm.height > 0
    assert calm["probability"].is_between(0.0, 1.0, closed="none").all()
    days = rows(base, f"select sum(opened) as n from alerts.typology_days where typology = '{TOY}'")
    assert days["n"][0] == alerts.height


def test_a_packs_probability_is_what_verdicts_bear_out(rebuilt: Path) -> None:
    """A toy that fires on everybody busy says what verdicts on them do, and not what it claims.

    Their confirmed share, mended for reviewers' errors (Rogan and Gladen).
    """
    sql = "select * from scores.signal_outcomes where entity_type = 'merchant'"
    outcomes = rows(rebuilt / "more.duckdb", sql)
    toy = outcomes.filter(pl.col("typology") == TOY).row(0, named=True)
    assert toy["labelled"] > 20
    assert toy["confirmed"] < toy["labelled"]
    assert toy["log_odds"] == outcomes["log_odds"].min()
    sql = f"from alerts.probabilities where typology = '{TOY}' and signal_share is not null"
    fired = rows(rebuilt / "more.duckdb", sql)
    assert fired.height > 20
    errors, seen = SETTINGS.labels.errors, toy["confirmed"] / toy["labelled"]
    share = (seen - 1.0 + errors.specificity) / (errors.sensitivity + errors.specificity - 1.0)
    assert share < SETTINGS.alerts.most_strength - 0.15
    assert (fired["signal_share"] - share).abs().max() < 0.15, (toy, share)


def test_a_pack_moves_what_the_model_is_asked(rebuilt: Path, built: Report) -> None:
    """One signal more for whom the toy's holds, strong as it says; less where a pack is gone."""
    of_shops = "count(*) as held, sum(firing_signals) as n, min(signal_strength) as least"
    shops = f"select {of_shops} from features.merchant where orders_90d >= 60.0"
    before, after = (rows(base, shops) for base in (built.database, rebuilt / "more.duckdb"))
    assert before["held"][0] > 0
    assert after["n"][0] == before["n"][0] + before["held"][0]
    assert after["least"][0] >= 0.99 - 1e-9 > before["least"][0]
    buyers = "select sum(firing_signals) as n from features.buyer"
    assert rows(rebuilt / "fewer.duckdb", buyers)["n"][0] < rows(built.database, buyers)["n"][0]
    sql = f"select count(*) as n from signals.firings where typology = '{GONE}'"
    assert rows(rebuilt / "fewer.duckdb", sql)["n"][0] == 0


def test_a_predicate_that_fails_on_a_value_names_its_pack(built: Report, tmp_path: Path) -> None:
    """What cannot be seen before the rows are there is a sentence too, and names the signal."""
    broken, copy = tmp_path / "broken", tmp_path / "copy.duckdb"
    broken.mkdir()
    text = TOY_PACK.replace("orders_90d >= 60.0", "orders_90d >= cast(merchant_id as integer)")
    (broken / "t99.toml").write_text(text, encoding="utf-8")
    shutil.copyfile(built.database, copy)
    with duckdb.connect(str(copy)) as con, pytest.raises(PackError, match=r"T99\.S01_BUSY of pack"):
        write_schemas(con, ("features",), replace(SETTINGS, packs_folder=str(broken)))


def test_an_added_pack_is_on_the_pages(rebuilt: Path, open_app: Callable[..., AppTest]) -> None:
    """The queue can be filtered by it, and the decide panel offers its reasons and actions."""
    app = open_app("more", "queue", typology=TOY)
    assert not app.exception
    assert any("Late-night toys" in title for title in titles(app))
    app = open_app("more", "investigate", entity=f"merchant:{toy_alert(rebuilt)}")
    assert not app.exception
    assert "Late-night toys" in options(app, "Typology")
    text = harness.words(app)
    assert "Your shop sold toys after midnight" in text
    assert any(box.help == "The hour of five orders" for box in app.checkbox)
    assert "Traffic reduce" in options(app, "Action")


def test_an_added_pack_is_on_the_metrics_page(open_app: Callable[..., AppTest]) -> None:
    """A manager sees what each typology brought."""
    app = open_app("more", "metrics")
    assert not app.exception
    counts = [one.value for one in app.dataframe if "overturned" in one.value.columns]
    assert "Late-night toys" in set(counts[0]["typology"])


def test_a_deleted_pack_is_nowhere_and_every_page_opens(
    rebuilt: Path, open_app: Callable[..., AppTest]
) -> None:
    """No alert, signal, text or choice of it is left, and the app starts as before."""
    base = rebuilt / "fewer.duckdb"
    for table in (
        *("scores.signals", "scores.typologies", "scores.packs", "scores.pack_losses"),
        *("scores.pack_harms",),
        *("scores.pack_texts", "scores.signal_outcomes", "scores.signal_openings"),
        *("alerts.alerts", "alerts.loss_terms"),
    ):
        sql = f"select count(*) as n from {table} where typology = '{GONE}'"
        assert rows(base, sql)["n"][0] == 0, table
    buyer = rows(base, "select entity_id from alerts.alerts where entity_type = 'buyer' limit 1")
    pages = {
        "queue": {},
        "investigate": {"entity": f"buyer:{buyer['entity_id'][0]}"},
        "rings": {},
        "community": {},
        "metrics": {},
        "model": {},
        "tour": {},
    }
    for page, params in pages.items():
        app = open_app("fewer", page, **params)
        assert not app.exception, page
        assert "Something went wrong" not in harness.words(app), page
    app = open_app("fewer", "investigate", **pages["investigate"])
    assert "Refund abuse" not in options(app, "Typology")
    assert "Brushing" in options(app, "Typology")


def test_a_build_depends_on_its_packs(folders: Path, small_world: Path, tmp_path: Path) -> None:
    """Another folder of packs is another build; a broken pack is refused before any work."""
    order = Order(small_world, tmp_path / "out")
    more = replace(order, settings=replace(SETTINGS, packs_folder=str(folders / "more")))
    assert fingerprint(order) != fingerprint(more)
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "t99.toml").write_text(TOY_PACK.replace("0.99", "9.9"), encoding="utf-8")
    with pytest.raises(PackRefused, match=r"t99\.toml, key signals 1\.severity"):
        build(replace(order, settings=replace(SETTINGS, packs_folder=str(broken))))
    assert not (tmp_path / "out").exists()


def test_priority_saves_more_than_any_other_order(built: Report, small_world: Path) -> None:
    """A day of reviews saves more true loss and harm by priority than by any other order."""
    alerts = rows(built.database, "select * from alerts.alerts")
    alerts = alerts.filter(~pl.col("is_ended"))
    stakes = at_stake(small_world, built.as_of)
    assert float(stakes["loss_usd"].sum()) > 0.0
    assert float(stakes["harm_usd"].sum()) > 0.0
    for minutes in (240.0, 720.0):
        saved = savings(alerts, stakes, minutes)
        assert saved["priority"] > 0.0
        assert saved["priority"] == max(saved.values()), saved
        assert len(set(saved.values())) == len(saved), saved

"""The six commands: each parses its options, calls what does the work and prints.

Imports are inside the commands because a person who asks for `--help` should
not wait for a boosting library, and a person who serves must not load one.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.cli.databases import casebook_labels, existing, finished
from dashboard.cli.errors import Refusal
from dashboard.cli.progress import bars, order_bar, print_report, stage_bars
from dashboard.cli.terminal import err, out
from dashboard.web.process import Address, refuse_taken
from dashboard.web.process import serve as run_server

if TYPE_CHECKING:
    from pipeline.build import Report
    from sample_data import WorldSettings

app = typer.Typer(
    name="ringfence",
    help="Find, understand and stop risky merchants, creators, products, buyers and live rooms.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

World = Annotated[Path, typer.Option("--out", help="Folder to write the raw tables to.")]
Data = Annotated[Path, typer.Option("--data", help="Folder of raw tables, Parquet or CSV.")]
Build = Annotated[Path, typer.Option("--out", help="Folder of the served database.")]
Scores = Annotated[
    Path | None,
    typer.Option(help="Folder of scores and contributions of another model, in place of ours."),
]
Orders = Annotated[int, typer.Option(min=5_000, help="Orders to generate.")]
Days = Annotated[int, typer.Option(min=90, help="Days the data covers.")]
Seed = Annotated[int, typer.Option(help="Same seed, same bytes.")]
Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[int, typer.Option(min=1, max=65_535, help="Port to listen on.")]
Browser = Annotated[bool, typer.Option("--open", help="Open the address in a browser.")]

WORLD = Path("build/world")
BUILD = Path("build")


@app.command()
def generate(
    folder: World = WORLD, orders: Orders = 300_000, days: Days = 120, seed: Seed = 7
) -> None:
    """Generate the sample marketplace with its stories."""
    from sample_data import WorldSettings

    _generate(folder, WorldSettings(orders=orders, days=days, seed=seed))


@app.command()
def check(folder: Annotated[Path, typer.Argument(help="Folder of raw tables.")]) -> None:
    """Check raw tables against the contract, fault by fault."""
    import duckdb

    from pipeline.inputs.raw_check import check as faults_of
    from queries.contract import raw_tables

    with duckdb.connect() as con:
        faults = faults_of(con, folder)
    if not faults:
        out.print(f"{folder}: {len(raw_tables())} tables keep the contract.", soft_wrap=True)
        return
    for fault in faults:
        err.print(str(fault), markup=False, soft_wrap=True)
    raise Refusal(
        f"{len(faults)} {'fault' if len(faults) == 1 else 'faults'} in {folder}. "
        "Mend the files above, or see queries/contracts/raw.toml for what is expected."
    )


@app.command()
def build(data: Data = WORLD, folder: Build = BUILD, scores: Scores = None) -> None:
    """Build the scored tables from raw tables."""
    print_report(_build(data, folder, scores))


@app.command()
def serve(
    folder: Annotated[Path, typer.Option("--build", help="Folder of the database.")] = BUILD,
    host: Host = "127.0.0.1",
    port: Port = 8501,
    browser: Browser = False,
) -> None:
    """Serve the dashboard over a built database."""
    raise typer.Exit(run_server(existing(folder), Address(host, port), browser, out))


@app.command()
def tour(
    folder: Annotated[Path, typer.Option("--build", help="Folder of the database.")] = BUILD,
    host: Annotated[str, typer.Option(help="Address of the app.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65_535, help="Port of the app.")] = 8501,
) -> None:
    """Print five stories of the data with links into the app."""
    from functools import partial

    import queries
    from dashboard.access import viewer
    from dashboard.view_models.tour import CLOSING_HINT, lines, stop
    from queries.tours import tour as tour_of

    stories = tour_of().stories
    with finished(existing(folder)) as con:
        read, markets = partial(queries.run, con), sorted(viewer().markets)
        stops = [stop(read, stories, number, markets) for number in range(1, len(stories) + 1)]
    for one in stops:
        for line in lines(one, Address(host, port).url):
            out.print(line, markup=False, soft_wrap=True)
    out.print(CLOSING_HINT, markup=False, soft_wrap=True)


@app.command()
def demo(
    folder: Build = BUILD,
    orders: Orders = 300_000,
    seed: Seed = 7,
    host: Host = "127.0.0.1",
    port: Port = 8501,
    browser: Browser = False,
) -> None:
    """Generate, build and serve the sample in one go."""
    from sample_data import WorldSettings, is_current

    world, settings = folder / "world", WorldSettings(orders=orders, seed=seed)
    address = Address(host, port)
    refuse_taken(address)
    if is_current(world, settings):
        out.print(f"Sample marketplace in {world} is up to date.")
    else:
        _generate(world, settings)
    report = _build(world, folder)
    print_report(report)
    raise typer.Exit(run_server(report.database, address, browser, out))


def _generate(folder: Path, settings: WorldSettings) -> None:
    from sample_data import generate as generate_world

    with bars() as progress:
        generate_world(folder, settings, order_bar(progress, settings.orders))
    out.print(f"Sample marketplace of {settings.orders:,} orders in {folder}.")


def _build(data: Path, folder: Path, scores: Path | None = None) -> Report:
    from pipeline.build import Order
    from pipeline.build import build as build_tables
    from pipeline.settings.build import Settings

    labels = casebook_labels(folder)
    settings = Settings(scores_folder=str(scores) if scores else "")
    with bars() as progress:
        return build_tables(Order(data, folder, settings, labels), stage_bars(progress))

"""The console script `ringfence`: parse, call, print.

Imports are inside the commands because a person who asks for `--help` should
not wait for a boosting library, and a person who serves must not load one.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from dashboard.web.process import refuse_taken
from dashboard.web.process import serve as run_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import duckdb
    import polars as pl
    from rich.progress import Progress, TaskID

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
out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

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

STOPPED = threading.Event()
"""Set by Ctrl-C."""
INTERRUPTED = 130
"""Exit code of a process ended by Ctrl-C, as shells have it."""
WORLD = Path("build/world")
BUILD = Path("build")


class Refusal(Exception):
    """Something the person at the keyboard can mend; printed as one sentence."""


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
    _print_report(_build(data, folder, scores))


@app.command()
def serve(
    folder: Annotated[Path, typer.Option("--build", help="Folder of the database.")] = BUILD,
    host: Host = "127.0.0.1",
    port: Port = 8501,
    browser: Browser = False,
) -> None:
    """Serve the dashboard over a built database."""
    raise typer.Exit(run_server(_existing(folder), (host, port), browser, out))


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
    with _finished(_existing(folder)) as con:
        ask, markets = partial(queries.run, con), sorted(viewer().markets)
        stops = [stop(ask, stories, number, markets) for number in range(1, len(stories) + 1)]
    for one in stops:
        for line in lines(one, f"http://{host}:{port}"):
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
    refuse_taken(host, port)
    if is_current(world, settings):
        out.print(f"Sample marketplace in {world} is up to date.")
    else:
        _generate(world, settings)
    report = _build(world, folder)
    _print_report(report)
    raise typer.Exit(run_server(report.database, (host, port), browser, out))


def _existing(folder: Path) -> Path:
    """The built database of a folder; a Refusal where there is none."""
    from pipeline.settings.build import DATABASE

    database = folder / DATABASE
    if not database.is_file():
        raise Refusal(f"No database at {database}. Make one: ringfence build --data DIR")
    return database


@contextlib.contextmanager
def _finished(database: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection to a finished build of this release; otherwise a Refusal."""
    import duckdb

    from queries import connect, scalar
    from queries.contract import CONTRACT_VERSION

    again = "Build it again: ringfence build --data DIR"
    try:
        with connect(database) as con:
            version = scalar(con, "select contract_version from meta.build")
            if version != CONTRACT_VERSION:
                raise Refusal(
                    f"{database} follows contract {version}, this release reads contract "
                    f"{CONTRACT_VERSION}. {again}"
                )
            yield con
    except duckdb.Error as error:
        reason = str(error).partition("\n")[0]
        raise Refusal(f"{database} is not a finished build ({reason}). {again}") from error


def _generate(folder: Path, settings: WorldSettings) -> None:
    from sample_data import generate as generate_world

    with _progress() as progress:
        generate_world(folder, settings, _counter(progress, settings.orders))
    out.print(f"Sample marketplace of {settings.orders:,} orders in {folder}.")


def _build(data: Path, folder: Path, scores: Path | None = None) -> Report:
    from pipeline.build import Order
    from pipeline.build import build as build_tables
    from pipeline.settings.build import Settings

    labels = _casebook_labels(folder)
    settings = Settings(scores_folder=str(scores) if scores else "")
    with _progress() as progress:
        return build_tables(Order(data, folder, settings, labels), _shower(progress))


def _casebook_labels(folder: Path) -> pl.DataFrame | None:
    """Verdicts of the casebook beside the build, if analysts have opened one."""
    from dashboard.casebook import open_casebook

    beside = (folder / "casebook.sqlite").absolute()
    url = os.environ.get("RINGFENCE_CASEBOOK", "")
    if not url and not beside.is_file():
        return None
    return open_casebook(url or f"sqlite:///{beside}").labels_frame()


def _progress() -> Progress:
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    return Progress(
        SpinnerColumn(finished_text=" "),
        TextColumn("{task.description:<14}"),
        BarColumn(bar_width=24),
        TextColumn("{task.fields[rows]:>12,} rows"),
        TextColumn("{task.fields[table]}", markup=False),
        TimeElapsedColumn(),
        console=err,
    )


def _shower(progress: Progress) -> Callable[[str, str, int], None]:
    """Show a bar per stage that grows by table and sums the rows."""
    tasks: dict[str, tuple[TaskID, int]] = {}

    def show(stage: str, table: str, rows: int) -> None:
        for name, (task, _) in tasks.items():
            if name != stage:
                progress.update(task, total=1, completed=1, table="")
        if stage not in tasks:
            tasks[stage] = (progress.add_task(stage, total=None, rows=0, table=""), 0)
        task, before = tasks[stage]
        tasks[stage] = (task, before + rows)
        progress.update(task, rows=before + rows, table=table)

    return show


def _counter(progress: Progress, orders: int) -> Callable[[str, int], None]:
    """A bar over the orders of a world; the other tables pass by beside it."""
    task = progress.add_task("generate", total=orders, rows=0, table="actors")

    def show(table: str, rows: int) -> None:
        if table == "orders":
            progress.update(task, completed=min(rows, orders), rows=rows)
        progress.update(task, table=table)

    return show


def _print_report(report: Report) -> None:
    if not report.is_fresh:
        out.print(f"{report.database} is up to date: what was known at {report.as_of}.")
        return
    table = Table("stage", box=None, pad_edge=False)
    for column in ("tables", "rows", "wall s", "CPU s"):
        table.add_column(column, justify="right")
    for stage in report.stages:
        table.add_row(
            stage.stage,
            f"{stage.tables}",
            f"{stage.rows:,}",
            f"{stage.wall_seconds:.1f}",
            f"{stage.cpu_seconds:.1f}",
        )
    out.print(table)
    size = report.database.stat().st_size / 1e6
    out.print(f"{report.database} is ready: {size:,.0f} MB, what was known at {report.as_of}.")


def _stop(*_: object) -> None:
    STOPPED.set()
    sys.exit(INTERRUPTED)


def main() -> None:
    """Run the command line; every error is a sentence with a remedy and exit code 1."""
    signal.signal(signal.SIGINT, _stop)
    try:
        app()
    except BaseException as error:
        # Ctrl-C surfaces as whatever it met: an exit, or a library's own exception.
        if STOPPED.is_set():
            err.print("Stopped. What was finished is kept; the same command goes on from there.")
            sys.exit(INTERRUPTED)
        if not isinstance(error, Exception) or not _is_foreseen(error):
            raise
        err.print(str(error), style="red", markup=False, soft_wrap=True)
        sys.exit(1)


def _is_foreseen(error: Exception) -> bool:
    """Whether it is one of our own refusals, which are sentences already."""
    roots = {"Refusal", "PipelineError", "QueryError", "SampleDataError", "RingfenceError"}
    return any(kind.__name__ in roots for kind in type(error).__mro__)


if __name__ == "__main__":
    main()

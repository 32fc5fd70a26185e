"""The commands: each parses its options, calls what does the work and prints.

Imports are inside the commands because a person who asks for `--help` should
not wait for a boosting library, and a person who serves must not load one.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.cli.building import BuildOptions, build_and_report
from dashboard.cli.databases import existing, finished, held_from
from dashboard.cli.deliveries import TOLERATE, input_settings, print_checked
from dashboard.cli.errors import storing
from dashboard.cli.live import watch
from dashboard.cli.next_steps import BUILD, serve_command
from dashboard.cli.outbox import outbox
from dashboard.cli.progress import bars, order_bar
from dashboard.cli.records import anchor_end, audit_app, casebook_app
from dashboard.cli.redress import appeals, report, statements
from dashboard.cli.terminal import out
from dashboard.errors import RingfenceError
from dashboard.web.process import Address, refuse_taken, refuse_unsafe
from dashboard.web.process import serve as run_server

if TYPE_CHECKING:
    from sample_data import WorldSettings

app = typer.Typer(
    name="ringfence",
    help="Find, understand and stop risky merchants, creators, products, buyers and live rooms.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.add_typer(statements, name="statements")
app.add_typer(appeals, name="appeals")

app.add_typer(outbox, name="outbox")
app.add_typer(audit_app)
app.add_typer(casebook_app)

World = Annotated[Path, typer.Option("--out", help="Folder to write the raw tables to.")]
Data = Annotated[str, typer.Option("--data", help="Raw tables: a folder, a file or an address.")]
Vectors = Annotated[
    Path, typer.Option("--out", help="File to write, among the raw tables to be built from.")
]
Build = Annotated[Path, typer.Option("--out", help="Folder of the served database.")]
Scores = Annotated[
    Path | None,
    typer.Option(help="Folder of scores and contributions of another model, in place of ours."),
]
Memory = Annotated[
    str | None,
    typer.Option(help="Memory that a build may use, such as 4GB; as much as there is without it."),
]
AsJudged = Annotated[
    bool,
    typer.Option(
        "--as-judged",
        help="Let decisions count from the snapshot they judged, not from the day they were taken.",
    ),
]
AsOf = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%d"], help="Day of the build: whatever came on it or later is left out."
    ),
]
Tolerate = Annotated[
    str, typer.Option(help="Share of a table that may be set aside for breaking rules.")
]
Force = Annotated[
    bool, typer.Option("--force", help="Publish even far fewer alerts or rows than are served.")
]
Train = Annotated[
    bool, typer.Option("--train", help="Train the models now, whatever the schedule says.")
]
Full = Annotated[
    bool, typer.Option("--full", help="Compute every row anew, also those that would stand.")
]
Server = Annotated[
    str | None,
    typer.Option(help="Run the SQL stages on a Spark Connect server, as in sc://HOST:PORT."),
]
Lake = Annotated[
    Path | None,
    typer.Option(help="Folder of that server's tables, under one path there and here."),
]
Orders = Annotated[int, typer.Option(min=5_000, help="Orders to generate.")]
Days = Annotated[int, typer.Option(min=90, help="Days the data covers.")]
Ahead = Annotated[
    int, typer.Option(min=0, help="Further days to make and hold back: ringfence advance.")
]
Seed = Annotated[int, typer.Option(help="Same seed, same bytes.")]
Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[int, typer.Option(min=1, max=65_535, help="Port to listen on.")]
Browser = Annotated[bool, typer.Option("--open", help="Open the address in a browser.")]
Base = Annotated[
    str,
    typer.Option(
        envvar="STREAMLIT_SERVER_BASE_URL_PATH", help="Path a proxy serves it below, as in /risk."
    ),
]
Origins = Annotated[
    list[str] | None,
    typer.Option("--allow-origin", help="A site it is served as, like https://risk.example.com."),
]

WORLD = Path("build/world")
DEMO_AHEAD = 28
"""Days the demo holds back, so that four weeks can pass."""


@app.command()
def generate(
    folder: World = WORLD,
    orders: Orders = 300_000,
    days: Days = 120,
    seed: Seed = 7,
    ahead: Ahead = 0,
) -> None:
    """Generate the sample marketplace with its stories."""
    from sample_data import WorldSettings

    _generate(folder, _with_ahead(WorldSettings(orders=orders, days=days, seed=seed), ahead))


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="Folder to write the mapping file to.")],
    source: Annotated[
        str, typer.Option("--from", help="Your tables: a folder, a file or an address.")
    ],
    force: Annotated[bool, typer.Option(help="Write over a mapping file that is there.")] = False,
) -> None:
    """Propose a mapping file from your own tables to the contract."""
    from pipeline.inputs.mapping_start import propose

    with storing(folder):
        for sentence in propose(folder, source, force=force):
            out.print(sentence, markup=False, soft_wrap=True)


@app.command()
def check(
    source: Annotated[str, typer.Argument(help="Raw tables: a folder, a file or an address.")],
    as_of: AsOf = None,
    tolerate: Tolerate = TOLERATE,
) -> None:
    """Check raw tables against the contract, fault by fault."""
    import duckdb

    from pipeline.inputs.raw_check import examine

    with duckdb.connect() as con:
        print_checked(source, examine(con, source, input_settings(as_of, tolerate)))


@app.command()
def build(  # noqa: PLR0913, PLR0917 - an option of a command is an argument
    context: typer.Context,
    data: Data = str(WORLD),
    folder: Build = BUILD,
    scores: Scores = None,
    memory: Memory = None,
    as_judged: AsJudged = False,
    as_of: AsOf = None,
    tolerate: Tolerate = TOLERATE,
    force: Force = False,
    train: Train = False,
    full: Full = False,
    engine: Server = None,
    lake: Lake = None,
) -> None:
    """Build the scored tables from raw tables, or from scores alone."""
    from pipeline.publishing.order import Engine
    from pipeline.settings.build import Settings

    source = context.get_parameter_source("data")
    is_default = source is not None and source.name == "DEFAULT"
    raw = None if scores and is_default else data
    settings = Settings(
        scores_folder=str(scores) if scores else "", inputs=input_settings(as_of, tolerate)
    )
    server = Engine(engine, lake or folder / "lake") if engine else None
    own = BuildOptions(
        memory, as_judged=as_judged, force=force, train=train, full=full, engine=server
    )
    build_and_report(raw, folder, settings, own)
    out.print(serve_command(folder), markup=False, soft_wrap=True)


@app.command()
def embed(data: Data = str(WORLD), target: Vectors = WORLD / "entity_embedding.parquet") -> None:
    """Write vectors of titles for Looks like; needs ringfence[text]."""
    from pipeline.embedding import titles
    from pipeline.whole_files import whole_file

    with storing(target), whole_file(target) as partial:
        rows = titles.write(data, partial)
    out.print(f"{rows:,} vectors of titles in {target}.", markup=False, soft_wrap=True)
    out.print(f"Next: ringfence build --data {data}", markup=False, soft_wrap=True)


@app.command()
def advance(
    days: Annotated[int, typer.Option(min=1, help="Days to let pass.")] = 7,
    data: Annotated[Path, typer.Option(help="Folder of the sample marketplace.")] = WORLD,
    folder: Build = BUILD,
    memory: Memory = None,
) -> None:
    """Let days of the sample marketplace pass, and build again."""
    from sample_data import advance as deliver
    from sample_data import read_world

    with storing(data):
        delivered = deliver(data, days)
    today = read_world(data)[0].day_after(delivered).date()
    out.print(f"{days} {'day' if days == 1 else 'days'} later: it is {today} in {data}.")
    build_and_report(data, folder, options=BuildOptions(memory))
    out.print(
        "Look at Open for who is back and why, at Monitoring for whose day of review has come."
    )
    out.print(serve_command(folder), markup=False, soft_wrap=True)


@app.command()
def serve(
    folder: Annotated[Path, typer.Option("--build", help="Folder of the database.")] = BUILD,
    host: Host = "127.0.0.1",
    port: Port = 8501,
    base_path: Base = "/",
    origins: Origins = None,
    browser: Browser = False,
) -> None:
    """Serve the dashboard over a built database."""
    address = Address.of(host, port, base_path, origins or [])
    with suppress(RingfenceError):  # the page says what is wrong with the casebook
        anchor_end(folder, "serve")
    raise typer.Exit(run_server(existing(folder), address, browser, out))


@app.command()
def draw_reviews(
    folder: Annotated[Path, typer.Option("--build", help="Folder of the database.")] = BUILD,
    share: Annotated[float, typer.Option(min=0.0, max=1.0, help="Share of each stratum.")] = 0.1,
    seed: Annotated[int, typer.Option(help="The same decisions and seed draw the same.")] = 1,
) -> None:
    """Draw decisions for a blind second review, with sure cases among them."""
    from dashboard.cases.reviews import Sample
    from dashboard.cli.reviews import draw

    out.print(draw(existing(folder), Sample(share, seed)), markup=False, soft_wrap=True)


@app.command()
def doctor(
    folder: Annotated[Path, typer.Option("--build", help="Folder of the database.")] = BUILD,
    host: Host = "127.0.0.1",
    port: Port = 8501,
    is_json: Annotated[bool, typer.Option("--json", help="Say it as JSON.")] = False,
) -> None:
    """Look at machine, database and casebook, and say what each needs."""
    from dashboard.cli.doctor import as_json, examine, has_failed

    findings = examine(folder, Address(host, port))
    for line in [as_json(findings)] if is_json else findings:
        out.print(str(line), markup=False, soft_wrap=True)
    if has_failed(findings):
        raise typer.Exit(1)


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
    from dashboard.components.served_build import currency_of
    from dashboard.currency import show_in
    from dashboard.view_models.tour import CLOSING_HINT, lines, stop
    from queries.tours import tour as tour_of

    stories = tour_of().stories
    with finished(existing(folder)) as con:
        show_in(currency_of(partial(queries.run, con)))
        read, markets = partial(queries.run, con), sorted(viewer().markets)
        numbers, held = range(1, len(stories) + 1), held_from(viewer(), folder)
        stops = [stop(read, stories, one, markets, held) for one in numbers]
    for one in stops:
        for line in lines(one, Address(host, port).url):
            out.print(line, markup=False, soft_wrap=True)
    out.print(CLOSING_HINT, markup=False, soft_wrap=True)


@app.command()
def demo(  # noqa: PLR0913, PLR0917 - an option of a command is an argument
    folder: Build = BUILD,
    orders: Orders = 300_000,
    seed: Seed = 7,
    host: Host = "127.0.0.1",
    port: Port = 8501,
    browser: Browser = False,
    memory: Memory = None,
) -> None:
    """Generate, build and serve the sample in one go."""
    from sample_data import WorldSettings, is_current

    world = folder / "world"
    settings = _with_ahead(WorldSettings(orders=orders, seed=seed), DEMO_AHEAD)
    address = Address(host, port)
    refuse_unsafe(address)
    refuse_taken(address)
    if is_current(world, settings):
        out.print(f"Sample marketplace in {world} is up to date.")
    else:
        _generate(world, settings)
    report = build_and_report(world, folder, options=BuildOptions(memory))
    raise typer.Exit(run_server(report.database, address, browser, out))


def _generate(folder: Path, settings: WorldSettings) -> None:
    from sample_data import generate as generate_world

    with storing(folder), bars() as progress:
        world = generate_world(folder, settings, order_bar(progress, settings.orders))
    today = settings.day_after(settings.present_day).date()
    orders = world.row_counts["orders"]
    out.print(
        f"Sample marketplace of {orders:,} orders in {folder}: it is {today}.", soft_wrap=True
    )
    if settings.held_back:
        out.print(f"{settings.held_back} more days lie ahead: ringfence advance --days 7")


def _with_ahead(settings: WorldSettings, days: int) -> WorldSettings:
    from sample_data import with_weeks_ahead

    return with_weeks_ahead(settings, days) if days else settings


app.command()(watch)
app.command()(report)

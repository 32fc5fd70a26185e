"""A build as the commands start it: what the casebook says goes in, what came of it is printed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dashboard.cli.changes import Snapshot, sentences
from dashboard.cli.databases import (
    casebook_labels,
    promoted_models,
    proposals_sentence,
    rejected_links,
)
from dashboard.cli.next_steps import Waiting
from dashboard.cli.progress import bars, print_report, stage_bars
from dashboard.cli.records import anchor_end
from dashboard.cli.terminal import out

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.build import Report
    from pipeline.publishing.order import Engine
    from pipeline.settings.build import Settings


@dataclass(frozen=True)
class BuildOptions:
    """How a build is made, beside what it reads."""

    memory: str | None = None
    as_judged: bool = False
    force: bool = False
    train: bool = False
    full: bool = False
    engine: Engine | None = None


def build_and_report(
    data: Path | str | None,
    folder: Path,
    settings: Settings | None = None,
    options: BuildOptions = BuildOptions(),
) -> Report:
    """Build with what the casebook says; then print what came of it, and what waits for a person.

    Raises RingfenceError as `pipeline.build.build` does.
    """
    from pipeline.build import Order
    from pipeline.build import build as build_tables
    from pipeline.orchestration.memory import parsed
    from pipeline.settings.build import Settings

    how = settings or Settings()
    promoted = replace(how.challenger, promoted=promoted_models(folder))
    order = Order(
        data,
        folder,
        replace(how, challenger=promoted),
        casebook_labels(folder, as_judged=options.as_judged),
        rejected_links(folder),
        force=options.force,
        train=options.train,
        full=options.full,
        engine=options.engine,
        memory=parsed(options.memory) if options.memory else None,
    )
    before = Snapshot.of(order.database)
    with bars() as progress:
        report = build_tables(order, stage_bars(progress))
    print_report(report)
    anchor_end(folder, "build")
    if waiting := proposals_sentence(folder):
        out.print(waiting, markup=False, soft_wrap=True)
    after = Snapshot.of(order.database) if report.is_fresh else None
    for sentence in sentences(before, after) if after else ():
        out.print(sentence, markup=False, soft_wrap=True)
    out.print(Waiting.of(order.database, folder).sentence(), markup=False, soft_wrap=True)
    return report

"""How long from an event to an open live alert, while orders come in and the app serves.

    python -m benchmarks.live --world build/world --build build --seconds 300

A writer drops a file of orders every few seconds, at so many orders a second, made of the last
day's orders of the world with new ids and times. Among them buyers try six cards each; every one
of these must open an alert. The lane is killed with SIGKILL as often as asked and started again.
The app is served meanwhile and asked for its health and its page. Printed: p50 and p95 of
seconds from the last event of a trial to its alert, rows lost or doubled, CPU of the lane.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import quantiles

import duckdb
import polars as pl

from benchmarks.measuring import SAMPLE_ORDERS
from benchmarks.sample import built, world
from pipeline.live.record import read_record
from pipeline.settings.build import DATABASE

DAY = timedelta(days=1)
TRIES = 6
PORT = 8599


@dataclass
class Stream:
    """What is written, and when each trial's last event was."""

    world: Path
    drop: Path
    rate: float
    day: datetime
    rng: random.Random = field(default_factory=lambda: random.Random(7))
    trials: dict[str, float] = field(default_factory=dict)
    orders: int = 0

    def __post_init__(self) -> None:
        orders = pl.read_parquet(self.world / "orders.parquet")
        recent = orders.filter(pl.col("created_at") >= pl.col("created_at").max() - DAY)
        self._orders = recent.filter(pl.col("paid_at").is_not_null())
        self._declined = pl.read_parquet(self.world / "declined_payments.parquet").head(TRIES)
        self._buyers = sorted(set(recent["buyer_id"].drop_nulls()))

    def write(self, number: int, seconds: float) -> None:
        """A file of the orders of so many seconds, and one trial of cards."""
        count = round(self.rate * seconds)
        now = self.day + timedelta(seconds=number * seconds)
        rows = self._orders.sample(count, with_replacement=True, seed=number)
        gap = pl.col("paid_at") - pl.col("created_at")
        at = pl.lit(now).cast(pl.Datetime("us"))
        rows = rows.with_columns(
            order_id=pl.Series([f"live_{number}_{i}" for i in range(count)]),
            checkout_id=pl.Series([f"live_{number}_{i}" for i in range(count)]),
            created_at=at,
            paid_at=at + gap.clip(timedelta(0), timedelta(minutes=5)),
            cancelled_at=pl.lit(None, dtype=pl.Datetime("us")),
            voucher_id=pl.lit(None, dtype=pl.String),
            live_session_id=pl.lit(None, dtype=pl.String),
            video_id=pl.lit(None, dtype=pl.String),
        )
        buyer = self._buyers.pop(self.rng.randrange(len(self._buyers)))
        tries = self._declined.with_columns(
            attempt_id=pl.Series([f"{buyer}_{i}" for i in range(TRIES)]),
            buyer_id=pl.lit(buyer),
            order_id=pl.lit(None, dtype=pl.String),
            payment_token_id=pl.Series([f"{buyer}_card_{i}" for i in range(TRIES)]),
            attempted_at=at,
        )
        self._put(f"orders-{number}.parquet", rows)
        self._put(f"declined_payments-{number}.parquet", tries)
        self.trials[buyer] = time.time()
        self.orders += count

    def _put(self, name: str, rows: pl.DataFrame) -> None:
        part = self.drop / f"{name}.part"
        rows.write_parquet(part)
        part.replace(self.drop / name)


def run(folder: Path) -> None:
    """Run it beside the built sample; prints the figures."""
    report = built(folder, SAMPLE_ORDERS)
    raw = world(folder, SAMPLE_ORDERS)
    main(["--world", str(raw), "--build", str(report.database.parent)])


def main(words: list[str] | None = None) -> None:
    """Run it and print the figures; without `words` as the command line says."""
    args = _arguments(words)
    with tempfile.TemporaryDirectory(prefix="ringfence-live-") as folder:
        out, drop = Path(folder) / "build", Path(folder) / "drop"
        out.mkdir()
        drop.mkdir()
        shutil.copy(args.build / DATABASE, out / DATABASE)
        with duckdb.connect(str(out / DATABASE), read_only=True) as con:
            as_of = con.execute("select as_of from meta.build").fetchall()[0][0]
        noon = datetime.combine(as_of, datetime.min.time()) + timedelta(hours=12)
        stream = Stream(args.world, drop, args.rate, noon)
        env = os.environ | {"RINGFENCE_DATABASE": str(out / DATABASE)}
        command = [sys.executable, "-m", "dashboard.cli"]
        app = subprocess.Popen(
            [*command, "serve", "--build", str(out), "--port", str(PORT)],
            env=env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _run(stream, args, [*command, "watch", "--data", str(drop), "--build", str(out)], out)
        finally:
            app.send_signal(signal.SIGINT)
            app.wait(30)


def _run(stream: Stream, args: argparse.Namespace, command: list[str], out: Path) -> None:
    lane = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    steps = round(args.seconds / args.every)
    kills = {round((i + 1) * steps / (args.kills + 1)) for i in range(args.kills)}
    asked = 0
    cpu = 0.0
    _await_beat(out)
    for number in range(steps):
        began = time.time()
        stream.write(number, args.every)
        if number in kills:
            cpu += _cpu(lane.pid)
            lane.kill()
            lane.wait()
            lane = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        asked += _ask()
        time.sleep(max(0.0, args.every - (time.time() - began)))
    deadline = time.time() + args.patience
    while time.time() < deadline and not _is_done(out, stream):
        time.sleep(2)
    cpu += _cpu(lane.pid)
    lane.send_signal(signal.SIGINT)
    lane.wait(60)
    _print(stream, args, out, (cpu, asked))


def _print(stream: Stream, args: argparse.Namespace, out: Path, spent: tuple[float, int]) -> None:
    record = read_record(out)
    alerts = record["live.alerts"]
    opened = dict(alerts.select("entity_id", "opened_at").iter_rows())
    waits = sorted(
        opened[buyer].replace(tzinfo=UTC).timestamp() - at
        for buyer, at in stream.trials.items()
        if buyer in opened
    )
    rows = record["live.batches"]
    taken = int(rows.filter(pl.col("table_name") == "orders")["row_count"].sum())
    held = rows["rows_set_aside"].sum() + rows["is_refused"].sum()
    cuts = quantiles(waits, n=20) if len(waits) > 1 else waits * 20
    print(f"{stream.orders} orders in {args.seconds:.0f} s ({args.rate:g}/s), {args.kills} kills")
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print(
        f"trials {len(stream.trials)}, alerts {len(waits)}, other alerts {len(opened) - len(waits)}"
    )
    print(f"event to alert: p50 {cuts[9]:.1f} s, p95 {cuts[18]:.1f} s, most {waits[-1]:.1f} s")
    print(f"orders lost or doubled {stream.orders - taken}, rows set aside {held}")
    print(f"alerts lost {len(stream.trials) - len(waits)}")
    minutes = args.seconds / 60
    print(f"lane CPU {spent[0]:.0f} s, {spent[0] / minutes:.1f} s a minute of orders")
    print(f"the app answered {spent[1]} times")


def _is_done(out: Path, stream: Stream) -> bool:
    return set(stream.trials) <= set(read_record(out)["live.alerts"]["entity_id"])


def _await_beat(out: Path) -> None:
    while not (out / "live.beat").exists():
        time.sleep(0.5)


def _ask() -> int:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/_stcore/health", timeout=5) as said:
            return int(said.status == 200)  # noqa: PLR2004 - OK
    except OSError:
        return 0


def _cpu(pid: int) -> float:
    parts = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")


def _arguments(words: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--world", type=Path, default=Path("build/world"))
    parser.add_argument("--build", type=Path, default=Path("build"))
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--every", type=float, default=5.0, help="seconds of orders in a file")
    parser.add_argument("--rate", type=float, default=50.0, help="orders a second")
    parser.add_argument("--kills", type=int, default=2)
    parser.add_argument("--patience", type=float, default=180.0)
    return parser.parse_args(words)


if __name__ == "__main__":
    main()

"""A session of a Spark Connect endpoint, set so that SQL means there what it means on DuckDB."""

from __future__ import annotations

import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pipeline.errors import BuildError, InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyspark.sql.connect.session import SparkSession

PORT = 15002
"""Where a Spark Connect server listens if its address names no port."""
ANSWER_SECONDS = 10.0
"""A server that is there takes a connection at once; the client itself would try for minutes."""
SETTINGS = {
    # A time without zone is UTC, whatever zone the driver's machine is in.
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    # A product of decimals keeps every digit behind the point.
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",
    # A quotient in a branch of a `case` that is not taken may divide by zero.
    "spark.sql.ansi.enabled": "false",
    # A folder `day=007` is the text that DuckDB reads too, no number.
    "spark.sql.sources.partitionColumnTypeInference.enabled": "false",
}


@contextmanager
def connected(address: str) -> Iterator[SparkSession]:
    """A session at `sc://HOST:PORT`, ended with the block.

    Raises InputError for another kind of address and without the client, BuildError where
    nothing listens.
    """
    refuse_without_client()
    _refuse_silent(address)
    from pyspark.sql.connect.session import SparkSession

    session = SparkSession.builder.remote(address).create()
    try:
        for name, value in SETTINGS.items():
            session.conf.set(name, value)
        yield session
    finally:
        session.stop()


def refuse_without_client() -> None:
    """Raise InputError where the packages of the extra are not installed."""
    try:
        import sqlglot  # noqa: F401
        from pyspark.sql.connect.session import SparkSession  # noqa: F401
    except ImportError as error:
        raise InputError(
            f"The client of Spark Connect is not installed ({error.name}).",
            "It is an extra of Ringfence.",
            "Install it: pip install 'ringfence[spark]'",
        ) from error


def _refuse_silent(address: str) -> None:
    parts = urlsplit(address)
    if parts.scheme != "sc" or not parts.hostname:
        raise InputError(
            f"{address!r} is no address of an engine.",
            "An address of Spark Connect was expected, such as sc://localhost:15002.",
            "Name it: ringfence build --engine sc://HOST:PORT --lake PATH",
        )
    place = (parts.hostname, parts.port or PORT)
    try:
        socket.create_connection(place, ANSWER_SECONDS).close()
    except OSError as error:
        raise BuildError(
            f"Nothing answers at {address} ({error.strerror or error}).",
            "A Spark Connect server was expected to listen there.",
            "Start it, or name another: --engine sc://HOST:PORT. Without --engine DuckDB builds.",
        ) from error

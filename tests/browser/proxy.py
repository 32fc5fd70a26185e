"""A reverse proxy: serves the app below a path, takes that off or not, and says who comes."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_PIECE = 65_536


@contextlib.contextmanager
def proxy(
    upstream: int, prefix: str, *, strips: bool, said: Mapping[str, str] | None = None
) -> Iterator[int]:
    """The port of a proxy for 127.0.0.1:`upstream`; outside `prefix` it answers 404.

    It adds the headers `said` to every request, those that open a socket included.
    """
    lines = "".join(f"{name}: {value}\r\n" for name, value in (said or {}).items())
    threads: list[threading.Thread] = []
    clients: list[socket.socket] = []

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = door.accept()
                clients.append(client)
                threads.append(threading.Thread(target=serve, args=(client,)))
                threads[-1].start()

    def serve(client: socket.socket) -> None:
        with client, contextlib.suppress(OSError):
            head = _rewritten(_head(client), prefix if strips else "", prefix, lines.encode())
            if not head:
                client.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
                return
            with socket.create_connection(("127.0.0.1", upstream)) as server:
                server.sendall(head)
                back = threading.Thread(target=_pump, args=(server, client))
                back.start()
                _pump(client, server)
                back.join()

    with socket.create_server(("127.0.0.1", 0)) as door:
        accepting = threading.Thread(target=accept)
        accepting.start()
        yield door.getsockname()[1]
        door.shutdown(socket.SHUT_RDWR)
        accepting.join()
        for client in clients:
            with contextlib.suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)
        for thread in threads:
            thread.join()


def _head(client: socket.socket) -> bytes:
    """A request up to its empty line; ours have no bodies."""
    head = b""
    while b"\r\n\r\n" not in head:
        piece = client.recv(_PIECE)
        if not piece:
            break
        head += piece
    return head


def _rewritten(head: bytes, taken_off: str, prefix: str, added: bytes) -> bytes:
    """The request as the server gets it; empty for one outside the prefix."""
    line, _, rest = head.partition(b"\r\n")
    method, _, path = line.partition(b" ")
    if not path.startswith(prefix.encode()):
        return b""
    path = path[len(taken_off) :]
    path = path if path.startswith(b"/") else b"/" + path
    if b"upgrade: websocket" not in rest.lower():  # one request a connection
        rest = b"Connection: close\r\n" + rest.replace(b"Connection: keep-alive\r\n", b"")
    return b" ".join([method, path]) + b"\r\n" + added + rest


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while piece := source.recv(_PIECE):
            sink.sendall(piece)
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_WR)

"""Clients that are in no hurry."""

import select
import socket
import threading
import time
from dataclasses import dataclass

from tests.helpers.nginx import NAME, Nginx

DRIP_SECONDS = 0.5  # between two bytes
PAGE = f"GET /sign-in HTTP/1.1\r\nHost: {NAME}\r\n\r\n".encode()
LARGEST = f"GET /api/openapi.json HTTP/1.1\r\nHost: {NAME}\r\n\r\n".encode()
FORM = (
    f"POST /sign-in HTTP/1.1\r\nHost: {NAME}\r\nContent-Length: 1000\r\n"
    "Content-Type: application/x-www-form-urlencoded\r\n\r\n"
).encode()
HUNG_UP = select.POLLRDHUP | select.POLLHUP | select.POLLERR


@dataclass(frozen=True)
class Kind:
    """What a client sends at once, and what it then drips, byte by byte."""

    name: str
    at_once: bytes = b""
    drips: bytes = b""
    window: int = 0  # bytes of an answer that the network may hold for it; 0: as usual
    tls: bool = True  # whether it shakes hands
    clear: bool = False  # whether it comes to the port without TLS


ENDLESS = PAGE[:-2] + b"X: " + b"a" * 1000
MUTE = Kind("shakes no hands", tls=False)
SILENT = Kind("asks for nothing")
HEADER = Kind("drips a header without end", drips=ENDLESS)
CLEAR = Kind("drips it in clear text", drips=ENDLESS, tls=False, clear=True)
BODY = Kind("drips a body, and stops", FORM, drips=b"a" * 10)
READER = Kind("does not read the answers", LARGEST * 4, window=4096)
IDLE = Kind("stays after a page", PAGE)
KINDS = (MUTE, SILENT, HEADER, CLEAR, BODY, READER, READER, IDLE)


class SlowClients:
    """Connected until `close`, from `sources` addresses of loopback in turn."""

    def __init__(self, site: Nginx, kinds: tuple[Kind, ...], count: int, sources: int = 1) -> None:
        self.connected: list[tuple[Kind, socket.socket]] = []
        for number in range(count):
            kind = kinds[number % len(kinds)]
            source = f"127.0.1.{1 + number % sources}"
            connection = site.connect(source, kind.window, clear=kind.clear)
            if kind.tls:
                connection = site.wrap(connection)
            connection.sendall(kind.at_once)
            self.connected.append((kind, connection))
        self._stop = threading.Event()
        self._dripping = threading.Thread(target=self._drip)
        self._dripping.start()

    def __enter__(self) -> "SlowClients":
        return self

    def __exit__(self, *_) -> None:
        self._stop.set()
        self._dripping.join()
        for _, connection in self.connected:
            connection.close()

    def _drip(self) -> None:
        left = {connection: kind.drips for kind, connection in self.connected if kind.drips}
        while not self._stop.wait(DRIP_SECONDS):
            for connection, drips in list(left.items()):
                try:
                    connection.sendall(drips[:1])
                    left[connection] = drips[1:]
                except OSError:
                    del left[connection]

    def left_after(self, seconds: float) -> dict[str, int]:
        """Wait until nginx has hung up on all; return whom it has not by then, by kind.

        Nothing is read meanwhile: that would be a client in a hurry.
        """
        kinds = {connection.fileno(): kind.name for kind, connection in self.connected}
        watch = select.poll()
        for number in kinds:
            watch.register(number, HUNG_UP)
        deadline = time.monotonic() + seconds
        while kinds:
            for number, _ in watch.poll(100):
                watch.unregister(number)
                del kinds[number]
            if time.monotonic() >= deadline:
                break
        return {name: list(kinds.values()).count(name) for name in kinds.values()}

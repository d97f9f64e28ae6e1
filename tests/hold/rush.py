"""Many requests at the same instant, against a real server."""

import http.client
import re
import threading
import time
from dataclasses import dataclass
from urllib.parse import urlencode

from tests.helpers.served import Served

PATIENCE = 60  # seconds; hundreds at once wait for each other


@dataclass(frozen=True)
class Answer:
    """What came back, after how many seconds; `cookie` is what the browser holds from then on."""

    status: int
    location: str
    text: str
    cookie: str
    took: float


def at_once(server: Served, times: int, path: str, form: dict[str, str], cookie: str) -> list:
    """Post the same form on `times` connections, all of which are open before the first is used."""
    connections = [_connection(server) for _ in range(times)]
    ready, answers = threading.Barrier(times), []

    def send(connection: http.client.HTTPConnection) -> None:
        ready.wait()
        answers.append(_sent(connection, server, "POST", path, cookie, urlencode(form)))

    threads = [threading.Thread(target=send, args=(one,)) for one in connections]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == times, "a connection broke"
    return answers


def get(server: Served, path: str, cookie: str) -> Answer:
    """Open a page as the browser that holds `cookie`."""
    return _sent(_connection(server), server, "GET", path, cookie)


def post(server: Served, path: str, form: dict[str, str], cookie: str) -> Answer:
    """Send a form as the browser that holds `cookie`."""
    return _sent(_connection(server), server, "POST", path, cookie, urlencode(form))


def _connection(server: Served) -> http.client.HTTPConnection:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
    connection.connect()
    return connection


def _sent(
    connection: http.client.HTTPConnection,
    server: Served,
    method: str,
    path: str,
    cookie: str,
    body: str = "",
) -> Answer:
    headers = {"Cookie": cookie, "Origin": server.url}
    if body:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    began = time.perf_counter()
    connection.request(method, path, body or None, headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    took = time.perf_counter() - began
    connection.close()
    held = re.search(r"(?:^|\n)otpapp=([^;]*)", "\n".join(answer.msg.get_all("Set-Cookie") or ()))
    return Answer(
        answer.status,
        answer.headers.get("Location", ""),
        text,
        f"otpapp={held[1]}" if held else cookie,
        took,
    )

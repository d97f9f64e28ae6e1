"""The three measurements, each of one server at a time."""

import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from bench.browser import Browser, hidden_fields
from bench.contenders import address_of
from bench.servers import Server
from bench.sink import Sink

SETTLE = 0.1  # seconds; what a server does after its answer is part of its cost


@dataclass(frozen=True)
class Sample:
    """What one stretch of work showed: how much a second, its CPU ms each, and how long each."""

    rate: float
    cpu: float
    milliseconds: list[float]


def hand_overs(
    server: Server, sink: Sink, times: int, name: str
) -> tuple[list[float], list[float]]:
    """Ask for codes, one after another, for people called `name` who are new here.

    Returns the milliseconds from asking until the mail server has the mail, and until the page.
    """
    handed, answered = [], []
    for address in (f"{name}{index}@example.org" for index in range(times)):
        browser = Browser(server.port)
        fields = _filled(server, browser.get(server.contender.entry), address)
        asked_at = time.perf_counter()
        answer = browser.exchange("POST", server.contender.ask, fields)
        answered.append((time.perf_counter() - asked_at) * 1000)
        assert answer.status == 303, answer
        at, _ = sink.mail_for(address)
        handed.append((at - asked_at) * 1000)
        browser.close()
    return handed, answered


def sign_in(server: Server, sink: Sink, address: str) -> Browser:
    """Sign in as a person would: form, address, code from the mail, code, protected page."""
    app = server.contender
    browser = Browser(server.port)
    page = browser.post(app.ask, _filled(server, browser.get(app.entry), address))
    _, mail = sink.mail_for(address)
    code = app.code_in_mail.search(mail)
    assert code, mail
    fields = hidden_fields(page) | {app.identifier: address, app.code: code[1].decode()}
    page = browser.post(app.answer, fields)
    assert address.encode() in page.replace(b"<wbr>", b""), page
    return browser


def sign_ins(server: Server, sink: Sink, users: range, clients: int, seconds: float) -> Sample:
    """Sign `users` in by so many clients at once; none begins after `seconds`."""
    left: queue.SimpleQueue[str] = queue.SimpleQueue()
    for index in users:
        left.put(address_of(index))
    deadline = time.perf_counter() + seconds

    def client(_: int) -> list[float]:
        took = []
        while (began := time.perf_counter()) < deadline:
            try:
                address = left.get_nowait()
            except queue.Empty:
                break
            sign_in(server, sink, address).close()
            took.append((time.perf_counter() - began) * 1000)
        return took

    return _sample(server, clients, client)


def pages(server: Server, sink: Sink, users: range, seconds: float) -> Sample:
    """Sign `users` in, then open the protected page again and again in all their browsers."""
    with ThreadPoolExecutor(len(users)) as pool:
        browsers = list(pool.map(lambda index: sign_in(server, sink, address_of(index)), users))
    over = threading.Event()
    timer = threading.Timer(seconds, over.set)

    def client(number: int) -> list[float]:
        took = []
        while not over.is_set():
            began = time.perf_counter()
            answer = browsers[number].exchange("GET", "/")
            took.append((time.perf_counter() - began) * 1000)
            assert answer.status == 200, answer
        return took

    timer.start()
    sample = _sample(server, len(browsers), client)
    for browser in browsers:
        browser.close()
    return sample


def _sample(server: Server, clients: int, client: Callable[[int], list[float]]) -> Sample:
    cpu_before, began = server.cpu_seconds(), time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        took = [one for part in pool.map(client, range(clients)) for one in part]
    elapsed = time.perf_counter() - began
    time.sleep(SETTLE)
    cpu = server.cpu_seconds() - cpu_before
    return Sample(len(took) / elapsed, cpu * 1000 / len(took), took)


def _filled(server: Server, page: bytes, address: str) -> dict[str, str]:
    app = server.contender
    return {**hidden_fields(page), **app.ask_fields, app.identifier: address}

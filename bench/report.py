"""What the benchmark prints."""

import os
import platform
import re
import sqlite3
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median, quantiles

from bench import environment
from bench.contenders import OURS
from bench.measures import Sample
from bench.plan import CASES, EIGHT, ONE, PAGE, Plan

BUSY = 1.0  # load average of the last minute, before anything is measured
PROMISE = 100  # ms from asking until the mail server has the mail, at the median
OUR_PACKAGES = ("granian", "Flask", "SQLAlchemy")
PEER_PACKAGES = ("granian", "Flask-Security-Too", "Django", "django-allauth")
Results = dict[str, dict[str, list[Sample]]]


def head(plan: Plan) -> str:
    """Return where and with what this was measured."""
    found = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    ours = ", ".join(f"{name} {version(name)}" for name in OUR_PACKAGES)
    pins = environment.pins()
    theirs = ", ".join(f"{name} {pins[name]}" for name in PEER_PACKAGES)
    load = os.getloadavg()[0]
    busy = "; other work runs here, so measure again before quoting" if load > BUSY else ""
    cores = f"{os.cpu_count()} cores ({found[1] if found else platform.machine()})"
    return f"""otpapp, measured {datetime.now(UTC):%Y-%m-%d %H:%M} UTC

Machine    {cores}, {platform.system()} {platform.release()}
           load {load:.1f} at the start{busy}
Python     {platform.python_version()}, SQLite {sqlite3.sqlite_version}
otpapp     {ours}; SQLite WAL, synchronous FULL
peers      {theirs};
           tuned: WAL, synchronous NORMAL (allauth also: BEGIN IMMEDIATE, connections kept)
How        every app on granian, one blocking thread a worker, and one mail server on loopback.
           Clients and mail server share the cores with the apps. {plan.rounds} rounds, all apps in
           each, in a new order each time. Quote medians and ratios, no single figure; a
           ratio under 1.25 is no difference."""


def hand_over(handed: list[float], answered: list[float]) -> str:
    """Return the part about the way of a code to the mail server."""
    kept = "kept" if median(handed) <= PROMISE else "BROKEN"
    return f"""
1. From asking for a code until the mail server has it
   ({len(handed)} people who are new, one after another; 1 worker)

   {"":24}{"p50":>9}{"p95":>9}{"max":>9}
   {"mail handed over, ms":24}{_three(handed)}    promise: p50 <= {PROMISE} ms: {kept}
   {"page answered, ms":24}{_three(answered)}"""


def sign_ins(results: Results, plan: Plan) -> str:
    """Return the part about complete sign-ins."""
    lines = [_sign_in_line(name, results[name]) for name in results]
    return f"""
2. A complete sign-in: form, address, code from the mail, code, protected page
   ({plan.workers} workers; CPU is the server's, user and system, for one sign-in)

   {"":27}{"1 client":^30}  {"8 clients":>19}
   {"":27}{_heads("/s", "p50 ms", "p99 ms", "CPU ms")}  {_heads("/s", "p50 ms", "p99 ms", "CPU ms")}
{chr(10).join(lines)}"""


def pages(results: Results, plan: Plan) -> str:
    """Return the part about pages for somebody who is signed in."""
    lines = [_page_line(name, results[name][PAGE]) for name in results]
    return f"""
3. A page for somebody who is signed in
   ({plan.browsers} connections; ours is the real home page, a peer's is one line with the address)

   {"":27}{_heads("/s", "p50 ms", "p99 ms", "CPU us")}
{chr(10).join(lines)}"""


def ratios(results: Results) -> str:
    """Return how many times better otpapp is than each peer."""
    columns = [(case, kind) for case in CASES for kind in ("rate", "cpu")]
    lines = []
    for name in (name for name in results if name != OURS):
        shown = "".join(f"{_ratio(results, name, case, kind):>9.2f}" for case, kind in columns)
        lines.append(f"   {name:27}{shown}")
    widest = max(_spread(samples) for cases in results.values() for samples in cases.values())
    return f"""
4. How many times better otpapp is: rate ours / theirs, CPU theirs / ours
   (the ratio within each round, then the median over the rounds; above 1 is for otpapp)

   {"":27}{"1 client":>18}{"8 clients":>18}{"page":>18}
   {"":27}{"rate      CPU".rjust(18) * 3}
{chr(10).join(lines)}

   Noise: the rate of one app moved by up to {widest:.0%} of its median between rounds.
"""


def _sign_in_line(name: str, cases: dict[str, list[Sample]]) -> str:
    return f"   {name:27}{_figures(cases[ONE])}  {_figures(cases[EIGHT])}"


def _page_line(name: str, samples: list[Sample]) -> str:
    return f"   {name:27}{_figures(samples, cpu_unit=1000, digits=0)}"


def _figures(samples: list[Sample], cpu_unit: float = 1, digits: int = 1) -> str:
    took = [one for sample in samples for one in sample.milliseconds]
    rate = median(sample.rate for sample in samples)
    cpu = median(sample.cpu for sample in samples) * cpu_unit
    p99 = _percentile(took, 99)
    return f"{rate:>6.{digits}f}{median(took):>8.1f}{p99:>8.1f}{cpu:>8.{digits}f}"


def _heads(*words: str) -> str:
    return words[0].rjust(6) + "".join(word.rjust(8) for word in words[1:])


def _three(took: list[float]) -> str:
    return f"{median(took):>9.1f}{_percentile(took, 95):>9.1f}{max(took):>9.1f}"


def _ratio(results: Results, peer: str, case: str, kind: str) -> float:
    pairs = zip(results[OURS][case], results[peer][case], strict=True)
    if kind == "rate":
        return median(ours.rate / theirs.rate for ours, theirs in pairs)
    return median(theirs.cpu / ours.cpu for ours, theirs in pairs)


def _percentile(values: list[float], percent: int) -> float:
    return quantiles(values, n=100, method="inclusive")[percent - 1]


def _spread(samples: list[Sample]) -> float:
    rates = [sample.rate for sample in samples]
    return (max(rates) - min(rates)) / median(rates)

"""Measures and prints: `python -m bench`, or in less time `python -m bench --quick`."""

import argparse
import random
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench import crowd, environment, gate, measures, report
from bench.contenders import OTPAPP, Contender, peers
from bench.measures import Sample
from bench.plan import EIGHT, FULL, ONE, PAGE, QUICK, Plan
from bench.servers import Server
from bench.sink import Sink

WARM_UP_SECONDS = 5.0


def main() -> None:
    """Run the measurements one after another, saying each as soon as it is known."""
    arguments = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    arguments.add_argument("--quick", action="store_true", help="about a minute, noisier")
    plan = QUICK if arguments.parse_args().quick else FULL
    environment.make()
    print(report.head(plan), flush=True)
    with Sink() as sink, tempfile.TemporaryDirectory() as folder:
        with _served([OTPAPP], Path(folder, "alone"), sink, workers=1, users=0) as (server,):
            measures.hand_overs(server, sink, plan.warm_up, "warm")
            print(
                report.hand_over(*measures.hand_overs(server, sink, plan.asks, "new")), flush=True
            )
        side_by_side = Path(folder, "side-by-side")
        everybody = [OTPAPP, *peers()]
        with _served(everybody, side_by_side, sink, plan.workers, plan.users) as servers:
            results = _rounds(servers, sink, plan)
    for part in (report.sign_ins(results, plan), report.pages(results, plan)):
        print(part)
    print(report.ratios(results))
    with tempfile.TemporaryDirectory() as folder:
        print(gate.measure(Path(folder), plan.rounds, plan.check_seconds))
    with Sink() as sink, tempfile.TemporaryDirectory() as folder:
        print(crowd.measure(Path(folder), sink, plan))


@contextmanager
def _served(
    contenders: list[Contender], folder: Path, sink: Sink, workers: int, users: int
) -> Iterator[list[Server]]:
    with ExitStack() as stack:
        servers = []
        for number, contender in enumerate(contenders):
            own = folder / str(number)
            own.mkdir(parents=True)
            servers.append(Server(contender, own, sink.port, workers))
        with ThreadPoolExecutor() as pool:
            list(pool.map(lambda server: server.prepare(users), servers))
        for server in servers:
            stack.callback(server.stop)
            server.start()
        try:
            yield servers
        except Exception:
            for server in servers:
                print(f"\n{server.contender.name} printed:\n{server.log}", file=sys.stderr)
            raise


def _rounds(servers: list[Server], sink: Sink, plan: Plan) -> report.Results:
    results: report.Results = {
        server.contender.name: {ONE: [], EIGHT: [], PAGE: []} for server in servers
    }
    for server in servers:
        measures.sign_ins(server, sink, range(plan.warm_up), 4, WARM_UP_SECONDS)
    for number in range(plan.rounds):
        for server in random.sample(servers, len(servers)):
            for case, sample in _round(server, sink, plan, number).items():
                results[server.contender.name][case].append(sample)
    return results


def _round(server: Server, sink: Sink, plan: Plan, number: int) -> dict[str, Sample]:
    """Measure one server once; its users are those that no round before has used."""
    first = plan.warm_up + number * plan.users_a_round
    alone = first + plan.sign_ins_of_one
    together = alone + plan.sign_ins_of_eight
    samples = {
        ONE: measures.sign_ins(server, sink, range(first, alone), 1, plan.seconds_of_one),
        EIGHT: measures.sign_ins(server, sink, range(alone, together), 8, plan.seconds_of_eight),
    }
    readers = range(together, together + plan.browsers)
    samples[PAGE] = measures.pages(server, sink, readers, plan.page_seconds)
    return samples


if __name__ == "__main__":
    main()

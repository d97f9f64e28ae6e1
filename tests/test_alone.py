"""Tests that measure time are not disturbed by others, and get their turn."""

import threading
import time

from tests.helpers.alone import in_turn

MOMENT = 0.05  # seconds; what a test takes here


def test_nothing_runs_beside_a_test_that_is_alone_and_it_gets_its_turn(tmp_path):
    inside, seen, over = [], [], threading.Event()

    def others() -> None:
        while not over.is_set():
            with in_turn(tmp_path, alone=False):
                inside.append("another")
                time.sleep(MOMENT)
                inside.pop()

    threads = [threading.Thread(target=others) for _ in range(2)]
    for thread in threads:
        thread.start()
    time.sleep(MOMENT)
    assert inside, "two may run side by side"
    with in_turn(tmp_path, alone=True):
        for _ in range(5):
            seen.append(list(inside))
            time.sleep(MOMENT)
    over.set()
    for thread in threads:
        thread.join()
    assert seen == [[]] * 5

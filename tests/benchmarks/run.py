"""One size of registry, every work."""

import time

from tests.benchmarks import agreement, creating, details, digests, exporting, lists, moving, patterns, similar
from tests.benchmarks.database import raw_connection
from tests.benchmarks.measuring import cells_of
from tests.benchmarks.requests import quiet_log
from tests.benchmarks.synthetic import fill


def measure_size(n, owner_url, *, works, seconds, say):
    """Fill the database with `n` cases and return the rows of the works asked for."""
    started = time.perf_counter()
    with raw_connection(url=owner_url, autocommit=False) as owner:
        registry = fill(owner, n)
    say(f"{n:,} cases filled in: {time.perf_counter() - started:.0f} s")
    measures = {
        "list": lambda: lists.measure(registry, seconds=seconds),
        "page": lambda: lists.measure_list_page(registry, seconds=seconds),
        "detail": lambda: details.measure(registry, seconds=seconds),
        "recompute": lambda: patterns.measure(registry, owner_url, seconds=seconds),
        "export": lambda: exporting.measure(registry, seconds=seconds),
        "create": lambda: creating.measure(registry, seconds=seconds),
        "similar": lambda: similar.measure(registry, owner_url, seconds=seconds),
        "agreement": lambda: agreement.measure(registry, owner_url, seconds=seconds),
        "move": lambda: moving.measure(registry, seconds=seconds),
        "digest": lambda: digests.measure(registry, owner_url, seconds=seconds),
    }
    with quiet_log():
        return [row for name, measure in measures.items() if name in works for row in told(measure(), say)]


def told(rows, say):
    """The rows, each said as soon as it is measured: a benchmark that is stopped has still shown something."""
    for row in rows:
        say("  ".join(cells_of(row)))
        yield row

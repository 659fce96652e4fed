"""`make bench`: fill registries of several sizes, measure each, print one table."""

import argparse
import os
import time

from tests.benchmarks.measuring import exponent_rows, flat_rows, table
from tests.benchmarks.services import durable_services

WORKS = ("list", "page", "detail", "create", "recompute", "similar", "export", "agreement", "move", "digest")


def main():
    options = parse()
    with durable_services() as owner_url:
        import django

        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        django.setup()
        from tests.benchmarks.run import measure_size

        rows = []
        for n in options.sizes:
            started = time.perf_counter()
            rows += measure_size(n, owner_url, works=options.works, seconds=options.seconds, say=say)
            say(f"{n:,} cases: {time.perf_counter() - started:.0f} s")
    print("\n".join(["", *table([*rows, *flat_rows(rows), *exponent_rows(rows)])]))


def parse():
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--sizes", type=sizes, default=[10_000, 100_000], help="numbers of cases, with commas")
    parser.add_argument("--works", type=works, default=list(WORKS), help=f"some of {','.join(WORKS)}")
    parser.add_argument("--seconds", type=float, default=20, help="how long each comparison runs")
    parser.add_argument("--quick", action="store_true", help="a look at 2,000 cases, too short to trust")
    options = parser.parse_args()
    if options.quick:
        options.sizes, options.seconds = [2000], 1
    return options


def sizes(text):
    return sorted(int(part) for part in text.split(","))


def works(text):
    chosen = text.split(",")
    if unknown := set(chosen) - set(WORKS):
        raise argparse.ArgumentTypeError(f"there is no work {', '.join(sorted(unknown))}")
    return chosen


def say(line):
    print(line, flush=True)


if __name__ == "__main__":
    main()

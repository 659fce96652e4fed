"""Does one work once, in this process alone, and prints the most memory that it held, in megabytes."""

import re
import resource
import sys
from pathlib import Path

import django

django.setup()

from registry.choices import Role  # noqa: E402  (models need the settings)
from registry.models import Person  # noqa: E402
from tests.benchmarks import exporting, patterns  # noqa: E402
from tests.benchmarks.database import raw_connection  # noqa: E402


def main(work):
    if work in ("export", "stream"):
        person = Person.objects.filter(role=Role.REVIEWER).order_by("pk").first()
        exporting.export(person, "csv") if work == "export" else exporting.stream(person, "ndjson")
    elif work == "product":
        patterns.recompute(at=patterns.at_noon(patterns.LAST_DAY))
    else:
        with raw_connection() as connection:
            patterns.statistics(*patterns.count_arrays(connection))
    print(most_memory())


def most_memory():
    """Megabytes. On Linux of this program alone: `getrusage` also knows the process it was started from."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(re.search(r"VmHWM:\s+(\d+) kB", status.read_text())[1]) / 1024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1024 * 1024 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    main(sys.argv[1])

"""W7: “possibly the same”, the whole hint against looking the bands up alone, and how often it finds what it should."""

import random

from registry import fingerprint, similar
from registry.models import System
from tests import planting
from tests.benchmarks.database import raw_connection
from tests.benchmarks.lists import database_times
from tests.benchmarks.measuring import Goal, Row, against, alone, interleave
from tests.benchmarks.synthetic import SEED, copy_rows, resting, reviewer_of, tidy

FLOOR = "SELECT id FROM registry_case WHERE text_bands && %s::integer[]"
REWRITE = """
    UPDATE registry_case SET title = t.title, observed_behaviour = t.text, text_bands = t.bands
    FROM told t WHERE t.id = registry_case.id
"""
N_PLANTED = 300
HINT = Goal(5, unit="ms")
RECALL = Goal(0.9, least=True, unit="")


def measure(registry, owner_url, *, seconds):
    """Rows of W7. Gives every case a text as people write them, so it comes last."""
    choose = random.Random(SEED)
    with raw_connection(url=owner_url, autocommit=False) as owner:
        texts = rewrite(owner, registry.n, choose)
    planted = plant(texts, choose)
    person, systems = reviewer_of(registry), frozenset(System.objects.order_by("pk").values_list("pk", flat=True)[:1])
    sought = [similar.Sought(title=title, text=text, systems=systems) for _, title, text in planted]
    asked, looked_up = endless(sought), endless([fingerprint.bands(one.title, one.text) for one in sought])
    with raw_connection() as floor:
        works = {
            "hint": lambda: hint(person, next(asked)),
            "bands": lambda: floor.execute(FLOOR, [next(looked_up)]).fetchall(),
        }
        taken = interleave(works, seconds=seconds)
    clocked = database_times(works["hint"], seconds)
    found = sum(
        number in {hit.case.pk for hit in hint(person, one)} for (number, *_), one in zip(planted, sought, strict=True)
    )
    recall = found / len(planted)
    return [
        against("W7 hint / bands alone", registry.n, taken["hint"], taken["bands"], Goal(None)),
        alone("W7 hint, database time", registry.n, clocked, HINT),
        Row("W7 recall in the first five", registry.n, recall, None, recall, None, None, RECALL),
    ]


def hint(person, sought):
    """All that a hint asks of the database."""
    similar.compared_with(person)
    return similar.alike(person, sought)


def rewrite(owner, n, choose):
    """A title and text for each of `n` cases, those of the catalogue among them; returns them by case number."""
    told = [*planting.catalogue_texts(), *planting.others(n, choose)][:n]
    texts = dict(enumerate(told, start=1))
    with owner.transaction(), resting(owner):
        owner.execute("CREATE TEMP TABLE told (id serial, title text, text text, bands integer[]) ON COMMIT DROP")
        lines = (
            f"{number}\t{title}\t{text}\t{{{','.join(map(str, fingerprint.bands(title, text)))}}}"
            for number, (title, text) in texts.items()
        )
        copy_rows(owner, "told", "id, title, text, bands", lines)
        owner.execute(REWRITE)
    tidy(owner)
    return texts


def plant(texts, choose):
    """(case number, title, text) of near-duplicates of visible cases."""
    numbers = choose.sample(sorted(texts), min(N_PLANTED, len(texts)))
    visible = set(similar.access.counted_cases().filter(pk__in=numbers).values_list("pk", flat=True))
    return [(number, *planting.near_duplicate(*texts[number], choose)) for number in numbers if number in visible]


def endless(things):
    while True:
        yield from things

"""What safeguards made of events: counted in the database for a run, and kept with it.

One of the modules that talk to the database.
"""

import hashlib
from dataclasses import dataclass

from django.db import connection

from registry.choices import Deployed, Expected, Outcome
from registry.models import PatternLayers, PatternMiss
from registry.patterns.behind import MOST_CASES_KEPT
from registry.patterns.reading import selected

# An event is its group, or the case that stands alone; over the cases of a group, missed wins over caught. Partly
# stopped counts as missed. Only what is recorded as in place: of the rest nobody knows that it could have caught it.
KNOWN = """
WITH counted AS ({cases}),
known AS MATERIALIZED (
    SELECT coalesce(-counted.event_group_id, counted.id) AS event, counted.id AS case_id, kept.technique_id,
           kept.failure_mode_id, kept.outcome <> %(caught)s AS missed, kept.outcome = %(partial)s AS partial
    FROM counted JOIN registry_safeguard AS kept ON kept.case_id = counted.id
    WHERE kept.deployed = %(yes)s AND kept.outcome = ANY(%(outcomes)s)
)
"""
LAYERS = f"""{KNOWN},
outcomes AS (
    SELECT event, technique_id, bool_or(missed) AS missed FROM known GROUP BY event, technique_id
), events AS (
    SELECT event, coalesce(array_agg(technique_id ORDER BY technique_id) FILTER (WHERE missed), '{{{{}}}}') AS missed,
           coalesce(array_agg(technique_id ORDER BY technique_id) FILTER (WHERE NOT missed), '{{{{}}}}') AS caught
    FROM outcomes GROUP BY event
), behind AS (SELECT DISTINCT event, case_id FROM known)
SELECT events.missed, events.caught, count(DISTINCT event),
       (array_agg(behind.case_id ORDER BY behind.case_id DESC))[:%(most)s]
FROM events JOIN behind USING (event) GROUP BY events.missed, events.caught ORDER BY events.missed, events.caught
"""  # noqa: S608
# A mode that one case of an event names is not unsaid because another case does not name it.
MISSES = f"""{KNOWN},
misses AS (
    SELECT event, case_id, technique_id, failure_mode_id,
           bool_and(partial) OVER (PARTITION BY event, technique_id, failure_mode_id) AS partial,
           bool_or(failure_mode_id IS NOT NULL) OVER (PARTITION BY event, technique_id) AS said
    FROM known WHERE missed
)
SELECT technique_id, failure_mode_id, false, count(DISTINCT event), count(DISTINCT event) FILTER (WHERE partial),
       (array_agg(case_id ORDER BY case_id DESC))[:%(most)s]
FROM misses WHERE failure_mode_id IS NOT NULL OR NOT said
GROUP BY technique_id, failure_mode_id ORDER BY technique_id, failure_mode_id NULLS LAST
"""  # noqa: S608
# Where one case of an event says that it was in place, the event did not happen without it.
ABSENT = """
WITH counted AS ({cases}),
kept AS MATERIALIZED (
    SELECT coalesce(-counted.event_group_id, counted.id) AS event, counted.id AS case_id, kept.technique_id,
           kept.deployed = %(yes)s AS present, kept.deployed = %(no)s AND kept.expected = %(expected)s AS absent
    FROM counted JOIN registry_safeguard AS kept ON kept.case_id = counted.id
), events AS (
    SELECT event, technique_id, array_agg(case_id) FILTER (WHERE absent) AS cases
    FROM kept GROUP BY event, technique_id HAVING bool_or(absent) AND NOT bool_or(present)
)
SELECT technique_id, NULL, true, count(DISTINCT event), 0, (array_agg(case_id ORDER BY case_id DESC))[:%(most)s]
FROM events, unnest(events.cases) AS case_id GROUP BY technique_id ORDER BY technique_id
"""
WORDS = {
    "yes": Deployed.YES.value,
    "no": Deployed.NO.value,
    "expected": Expected.YES.value,
    "caught": Outcome.CAUGHT.value,
    "partial": Outcome.PARTIAL.value,
    "outcomes": [Outcome.CAUGHT.value, Outcome.PARTIAL.value, Outcome.MISSED.value],
    "most": MOST_CASES_KEPT,
}


@dataclass(frozen=True)
class ReadSafeguards:
    """What a run keeps of safeguards.

    layers   (missed, caught, events, cases), techniques as sorted ids
    misses   (technique, failure mode or None, whether it was absent, events, of these partly stopped, cases)
    """

    layers: tuple
    misses: tuple

    def digest(self):
        """Changes whenever one of the rows does."""
        return hashlib.sha256(repr((self.layers, self.misses)).encode()).digest()

    def keep(self, run):
        """Write the rows of `run`."""
        PatternLayers.objects.bulk_create(
            PatternLayers(run=run, missed=missed, caught=caught, n=n, case_ids=cases)
            for missed, caught, n, cases in self.layers
        )
        PatternMiss.objects.bulk_create(
            PatternMiss(
                run=run,
                technique_id=technique,
                failure_mode_id=mode,
                absent=absent,
                n=n,
                n_partial=n_partial,
                case_ids=cases,
            )
            for technique, mode, absent, n, n_partial, cases in self.misses
        )


def read_safeguards(cases):
    """The safeguards of these counted cases. Three statements; what they answer with does not grow with the cases."""
    found = selected(cases, "id", "event_group_id")
    if found is None:
        return ReadSafeguards((), ())
    inner, given = found
    # The query's own values stand where its places are; ours have names.
    inner = inner.replace("%%", "%%%%") % tuple(f"%(case{place})s" for place in range(len(given)))
    values = WORDS | {f"case{place}": value for place, value in enumerate(given)}
    with connection.cursor() as cursor:
        layers, misses, absent = (
            _rows(cursor, statement.format(cases=inner), values) for statement in (LAYERS, MISSES, ABSENT)
        )
    return ReadSafeguards(layers, misses + absent)


def _rows(cursor, statement, values):
    cursor.execute(statement, values)
    return tuple(cursor.fetchall())

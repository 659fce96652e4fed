"""A registry of any size in seconds: the same cases every time, written with COPY.

History triggers rest while it is filled, and what they would derive is computed here and compared
with the database's own function afterwards.
"""

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import product

import numpy as np

from registry.choices import Kind, Method, Precision, Role, Stage, Status, SystemRole, Visibility
from registry.models import Person
from registry.models.case import NARRATIVE_FIELDS, OPTIONAL_CHOICES
from taxonomy.models import Node, Scheme
from tests.factories import make_person

SEED = 20261120
LAST_DAY = date(2026, 11, 20)
N_DAYS = 5 * 365
N_SCHEMES = 8
LEVELS = (2, 4, 7, 12)  # nodes on each level of a scheme: 25, so 200 in all
LABELS_A_CASE = 4
N_SYSTEMS = 300
N_PEOPLE = 20
N_TEAMS = 5
NARRATIVE_CHARACTERS = 600
COPIED_AT_ONCE = 20_000

TABLES = ("registry_case", "registry_casesystem", "registry_classification", "registry_system", "registry_eventgroup")
EMPTIED = """
    TRUNCATE registry_person, registry_team, registry_system, registry_eventgroup, taxonomy_scheme
    RESTART IDENTITY CASCADE
"""
SYLLABLES = [consonant + vowel for consonant in "bdfgklmnprstv" for vowel in "aeiou"]
VARIED = """
    id, title, kind, status, visibility, team_id, reporter_id, owner_id, reviewer_id, occurred_from, detected_at,
    reported_at, closed_at, created_at, updated_at, observed_behaviour, potential_severity_id, realised_severity_id,
    event_group_id, node_path
"""
RATIONALES = {"predictability_reason", "warning_url", "realised_rationale", "potential_rationale"}
EMPTY = {*NARRATIVE_FIELDS, *OPTIONAL_CHOICES, *RATIONALES} - {"observed_behaviour", "stage"}
CONSTANT = {
    "version": "1",
    "text_bands": "{}",
    "occurred_precision": Precision.DAY.value,
    "stage": Stage.DEPLOYMENT.value,
}
CONSTANT |= dict.fromkeys(sorted(EMPTY), "")


@dataclass(frozen=True)
class Registry:
    """What was filled in: `n` cases and the people who log, own and review them."""

    n: int
    people: list


def fill(connection, n, *, seed=SEED):
    """Replace everything but the severity tiers by `n` cases. `connection` is psycopg's, of the owner of the tables."""
    random = np.random.default_rng(seed)
    connection.execute(EMPTIED)
    connection.commit()
    people = make_people()
    nodes = make_nodes(random)
    with connection.transaction(), resting(connection):
        copy_systems(connection)
        copy_event_groups(connection, n)
        copy_teams(connection, people)
        copy_cases(connection, random, n, people, nodes)
    tidy(connection)
    require_true_paths(connection)
    return Registry(n, people)


def make_people():
    roles = [Role.ADMINISTRATOR, Role.REVIEWER, *[Role.ANALYST] * (N_PEOPLE - 2)]
    return [make_person(role=role, username=f"rater{i}", email=f"rater{i}@example.org") for i, role in enumerate(roles)]


def make_nodes(random):
    """Schemes of four levels; the nodes in the order of how often cases carry them."""
    nodes = []
    for number in range(N_SCHEMES):
        scheme = Scheme.objects.create(slug=f"scheme-{number}", name=f"Scheme {number}", kind="imported", order=number)
        above = [None]
        for level, width in enumerate(LEVELS):
            above = [make_node(scheme, above[i % len(above)], f"level-{level}-{i}") for i in range(width)]
            nodes += above
    return [nodes[place] for place in random.permutation(len(nodes))]


def make_node(scheme, parent, slug):
    words = {"name": slug.title(), "definition": f"What {slug} means.", "definition_status": "provisional"}
    return Node.objects.create(scheme=scheme, parent=parent, slug=slug, **words)


SET_ASIDE = """
    SELECT format('DROP INDEX %%I', indexname), indexdef
    FROM pg_indexes WHERE tablename = ANY(%(tables)s) AND indexdef LIKE '%%USING gin%%'
    UNION ALL
    SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
           format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname, pg_get_constraintdef(oid))
    FROM pg_constraint WHERE contype = 'f' AND conrelid::regclass::text = ANY(%(tables)s)
    UNION ALL
    SELECT format('ALTER TABLE %%s DISABLE TRIGGER USER', name), format('ALTER TABLE %%s ENABLE TRIGGER USER', name)
    FROM unnest(%(tables)s) AS name
"""


@contextmanager
def resting(connection):
    """Nothing is done row by row that can be done once at the end: inverted indexes, foreign keys, history."""
    set_aside = connection.execute(SET_ASIDE, {"tables": list(TABLES)}).fetchall()
    for removal, _ in set_aside:
        connection.execute(removal)
    yield
    connection.execute("SET LOCAL maintenance_work_mem = '512MB'")
    for _, return_ in set_aside:
        connection.execute(return_)


def copy_rows(connection, table, columns, lines):
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
        copy.write("".join(f"{line}\n" for line in lines))
    serial = connection.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table]).fetchone()[0]
    connection.execute(f"SELECT setval(%s, coalesce((SELECT max(id) FROM {table}), 1))", [serial])


def copy_systems(connection):
    lines = (f"{i}\tsystem {i}\t{LAST_DAY}" for i in range(1, N_SYSTEMS + 1))
    copy_rows(connection, "registry_system", "id, name, created_at", lines)


def copy_teams(connection, people):
    """Every person is in one team."""
    copy_rows(
        connection,
        "registry_team",
        "id, name, email, created_at",
        (f"{i}\tteam {i}\t\t{LAST_DAY}" for i in range(1, N_TEAMS + 1)),
    )
    lines = (f"{i % N_TEAMS + 1}\t{person.pk}" for i, person in enumerate(people))
    copy_rows(connection, "registry_teammember", "team_id, person_id", lines)


def n_event_groups(n):
    return n // 150


def copy_event_groups(connection, n):
    """Each event is reported by two cases, somewhere among all."""
    lines = (f"{i}\tevent {i}\t{LAST_DAY}" for i in range(1, n_event_groups(n) + 1))
    copy_rows(connection, "registry_eventgroup", "id, name, created_at", lines)


def copy_cases(connection, random, n, people, nodes):
    sentences = make_sentences(random)
    above = paths(nodes)
    groups = np.zeros(n, dtype=int)
    reporting = random.permutation(n)[: 2 * n_event_groups(n)]
    groups[reporting] = np.repeat(np.arange(1, n_event_groups(n) + 1), 2)
    for start in range(0, n, COPIED_AT_ONCE):
        some = np.arange(start, min(start + COPIED_AT_ONCE, n))
        labels = zipf(random, len(nodes), (len(some), LABELS_A_CASE))
        columns = ", ".join([VARIED, *CONSTANT])
        lines = case_lines(random, some + 1, people, sentences, groups[some], [path_of(row, above) for row in labels])
        copy_rows(connection, "registry_case", columns, lines)
        copy_labels(connection, some + 1, labels, nodes)
        copy_case_systems(connection, random, some + 1)


def zipf(random, n, size):
    """Distinct places in each row, place i chosen in proportion to 1 / (i + 1)."""
    weights = np.cumsum(1 / np.arange(1, n + 1))
    rows = np.searchsorted(weights / weights[-1], random.random(size))
    while True:
        ordered = np.sort(rows, axis=1)
        twice = np.flatnonzero((ordered[:, 1:] == ordered[:, :-1]).any(axis=1))
        if not len(twice):
            return rows
        rows[twice] = np.searchsorted(weights / weights[-1], random.random((len(twice), size[1])))


def make_sentences(random, n=4000):
    """Sentences of eight made-up words, which are as unequally used as in real reports."""
    words = ["".join(parts) for parts in product(SYLLABLES, repeat=2)]
    chosen = zipf(random, len(words), (n, 8))
    return [" ".join(words[place] for place in row).capitalize() + "." for row in chosen]


def paths(nodes):
    """For each node the set of its id and those above it."""
    by_id = {node.pk: node for node in nodes}

    def up(node):
        return {node.pk} | (up(by_id[node.parent_id]) if node.parent_id else set())

    return [up(node) for node in nodes]


def path_of(labels, above):
    return "{" + ",".join(map(str, sorted(set().union(*(above[place] for place in labels))))) + "}"


def case_lines(random, ids, people, sentences, groups, node_paths):
    """One line of COPY's text format a case, in the order of VARIED and CONSTANT."""
    n = len(ids)
    statuses = random.choice(Status.values, n, p=[0.02, 0.15, 0.25, 0.05, 0.5, 0.03])
    kinds = random.choice(Kind.values, n, p=[0.45, 0.15, 0.25, 0.1, 0.05])
    visibilities = random.choice(Visibility.values, n, p=[0.95, 0.02, 0.03])
    persons = np.array([person.pk for person in people])
    reporters, owners = persons[random.integers(0, N_PEOPLE, (2, n))]
    reviewers = persons[(owners - persons[0] + 1) % N_PEOPLE]
    # The registry grows steadily: nine times as many cases in the last year as in the first.
    days = [LAST_DAY - timedelta(days=int(back)) for back in N_DAYS * (1 - np.sqrt(random.random(n)))]
    severities = random.choice(["\\N", "0", "1", "2", "3", "4"], (2, n), p=[0.1, 0.1, 0.3, 0.3, 0.15, 0.05])
    texts = random.integers(0, len(sentences), (n, 16))
    constant = "\t".join(CONSTANT.values())
    for i, pk in enumerate(ids):
        words = " ".join(sentences[place] for place in texts[i])
        yield "\t".join((
            str(pk), words[-60:], kinds[i], statuses[i],
            visibilities[i], team_of(pk, visibilities[i]), str(reporters[i]),
            *decided(statuses[i], owners[i], reviewers[i]),
            f"{days[i]}", f"{days[i]} 09:00Z", f"{days[i]} 10:00Z",
            f"{days[i] + timedelta(days=30)} 09:00Z" if statuses[i] == Status.CLOSED else "\\N",
            f"{days[i]} 10:00Z", f"{days[i]} 10:{pk % 60:02}Z",
            words[:NARRATIVE_CHARACTERS], *severities[:, i], str(groups[i] or "\\N"), node_paths[i], constant,
        ))  # fmt: skip


def team_of(pk, visibility):
    return str(pk % N_TEAMS + 1) if visibility == Visibility.TEAM else "\\N"


def decided(status, owner, reviewer):
    """(owner, reviewer) as the status wants them."""
    owned = status in (Status.ANALYSIS, Status.REVIEW, Status.CLOSED)
    return str(owner) if owned else "\\N", str(reviewer) if status == Status.CLOSED else "\\N"


def copy_labels(connection, ids, labels, nodes):
    pks = np.array([node.pk for node in nodes])[labels]
    rest = f"{Method.IMPORTED.value}\t{LAST_DAY}"
    lines = (f"{case}\t{node}\t{rest}" for case, row in zip(ids, pks, strict=True) for node in row)
    copy_rows(connection, "registry_classification", "case_id, node_id, method, decided_at", lines)


def copy_case_systems(connection, random, ids):
    """One system a case, a second one for every third."""
    chosen = zipf(random, N_SYSTEMS, (len(ids), 2)) + 1
    counts = np.where(random.random(len(ids)) < 1 / 3, 2, 1)
    lines = (
        f"{case}\t{system}\t{system % 4}.0\t{SystemRole.SUBJECT.value}"
        for case, row, count in zip(ids, chosen, counts, strict=True)
        for system in row[:count]
    )
    copy_rows(connection, "registry_casesystem", "case_id, system_id, version, role", lines)


def tidy(connection):
    """What autovacuum would have done by the next day."""
    connection.autocommit = True
    connection.execute("VACUUM ANALYZE")
    connection.autocommit = False


def require_true_paths(connection):
    """Raises ValueError unless a sample's paths are what the triggers would have written."""
    wrong = connection.execute(
        "SELECT count(*) FROM (SELECT id, node_path FROM registry_case ORDER BY md5(id::text) LIMIT 500) AS sample"
        " WHERE node_path <> registry_node_path(id)"
    ).fetchone()[0]
    connection.commit()
    if wrong:
        raise ValueError(f"{wrong} of 500 synthetic cases have another path than the database would give them")


def reviewer_of(registry):
    """Whoever asks in the measurements: sees every open case, and may log."""
    return Person.objects.get(pk=registry.people[1].pk)


def at_noon(day):
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)

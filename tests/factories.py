"""Valid, boring rows. Give a test only what it is about; the rest is filled in."""

from datetime import UTC, date, datetime
from itertools import count

from registry import fingerprint
from registry.actions import cases as case_actions
from registry.actions import labels as label_actions
from registry.actions import ratings as rating_actions
from registry.choices import Kind, Method, Movement, PairState, Precision, Role, Status, Visibility
from registry.models import (
    Case,
    CaseSystem,
    Classification,
    Draft,
    Exposure,
    ExternalId,
    PatternExposure,
    PatternForesight,
    PatternLayers,
    PatternMiss,
    PatternPair,
    PatternRun,
    PatternSplit,
    PatternTrend,
    Person,
    SavedView,
    System,
    Team,
    TeamMember,
)
from taxonomy.models import Node, Scheme

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
numbers = count(1)


def make_person(*, role=Role.ANALYST, **values):
    number = next(numbers)
    values = {
        "username": f"person{number}",
        "email": f"person{number}@example.org",
        "name": f"Person {number}",
    } | values
    person = Person(role=role, **values)
    person.set_unusable_password()
    person.save()
    return person


def make_team(*members, name=None):
    team = Team.objects.create(name=name or f"Team {next(numbers)}")
    TeamMember.objects.bulk_create(TeamMember(team=team, person=person) for person in members)
    return team


def make_view(owner, name=None, **values):
    """A saved view of cases in triage."""
    name = name or f"View {next(numbers)}"
    values = {"slug": name.lower().replace(" ", "-"), "query": "status=triage&ordering=-severity"} | values
    return SavedView.objects.create(owner=owner, name=name, created_at=NOW, updated_at=NOW, **values)


def make_scheme(slug="colours", **values):
    return Scheme.objects.create(slug=slug, **{"name": slug.capitalize(), "kind": "imported"} | values)


def make_node(slug=None, *, scheme=None, **values):
    slug = slug or f"node-{next(numbers)}"
    scheme = scheme or Scheme.objects.filter(slug="colours").first() or make_scheme()
    values = {
        "name": slug.capitalize(),
        "definition": f"What {slug} means.",
        "definition_status": "provisional",
    } | values
    return Node.objects.create(scheme=scheme, slug=slug, **values)


def case_values(**values):
    """What a complete log form sends."""
    return {
        "title": f"Agent edits a failing test, case {next(numbers)}",
        "kind": Kind.INCIDENT,
        "visibility": Visibility.EVERYONE,
        "observed_behaviour": "It changed the assertion instead of the code.",
        "occurred_from": date(2026, 11, 12),
        "occurred_precision": Precision.DAY,
        "systems": [("code-agent", "2.1")],
    } | values


def log(*, by=None, submit=True, at=NOW, **values):
    """A case logged the way the product logs it."""
    return case_actions.log_case(
        by=by or make_person(role=Role.REPORTER), at=at, submit=submit, **case_values(**values)
    )


def make_draft(author=None, *, at=NOW, **answers):
    """A draft that holds `answers`: a text or a list of texts for each field."""
    texts = {name: [answer] if isinstance(answer, str) else answer for name, answer in answers.items()}
    author = author or make_person(role=Role.REPORTER)
    return Draft.objects.create(author=author, answers=texts, created_at=at, updated_at=at)


def make_case(*, status=Status.TRIAGE, nodes=(), reporter=None, **values):
    """A case put straight into a state, without walking there."""
    owner = values.pop("owner", None) or (make_person() if status not in (Status.DRAFT, Status.TRIAGE) else None)
    values = {
        "title": f"Agent edits a failing test, case {next(numbers)}",
        "kind": Kind.INCIDENT,
        "observed_behaviour": "It changed the assertion instead of the code.",
        "occurred_from": date(2026, 11, 12),
        "occurred_precision": Precision.DAY,
        "created_at": NOW,
        "updated_at": NOW,
        "reported_at": NOW,
        "closed_at": NOW if status == Status.CLOSED else None,
    } | values
    case = Case(status=status, owner=owner, reporter=reporter or make_person(role=Role.REPORTER), **values)
    fingerprint.sign(case)
    case.save()
    system, _ = System.objects.get_or_create(name="code-agent")
    CaseSystem.objects.create(case=case, system=system)
    agree(case, *nodes)
    return case


def make_cases(n, **values):
    """`n` open cases by one reporter, with the same values."""
    values.setdefault("reporter", make_person(role=Role.REPORTER))
    return [make_case(**values) for _ in range(n)]


def make_number(case, source, value=None, *, imported=None):
    """The number of a case elsewhere; `imported` holds what was imported under it."""
    value = value or f"{source} {next(numbers)}"
    return ExternalId.objects.create(case=case, source=source, value=value, imported=imported)


def agree(case, *nodes):
    for node in nodes:
        Classification.objects.create(case=case, node=node, method=Method.IMPORTED, decided_at=NOW)
    case.refresh_from_db()
    return case


def label(case, node, *, by=None, at=NOW, **rating):
    return label_actions.label_case(case=case, node=node, by=by or make_person(), at=at, **rating)


def seen_by_standing_aside(case, person, *, at=NOW):
    """The case, whose labels `person` sees from now on."""
    rating_actions.stand_aside(case=case, by=person, at=at)
    return case


def adjudicate(case, node, *, by=None, at=NOW, applies=True, reason="The reward says so."):
    """A reviewer stands aside and decides."""
    by = by or make_person(role=Role.REVIEWER)
    rating_actions.stand_aside(case=case, by=by, at=at)
    return label_actions.adjudicate_label(case=case, node=node, by=by, at=at, applies=applies, reason=reason)


RULES = {"min_rate_n": 5, "min_joint": 3, "min_test_n": 10, "min_support": 5, "max_q": 0.1}


def make_run(*, at=NOW, **values):
    """A kept pattern run without rows; `make_pair` and `make_trend` add them."""
    values = {
        "code_version": "1",
        "taxonomy_version": "t",
        "fingerprint": f"f{next(numbers)}",
        "rules": RULES | {"sentences": ["Lift and Jaccard are hidden below 3 joint cases."]},
        "n_cases": 61,
        "n_groups": 60,
        "n_pairs": 2,
        "n_tests": 1,
        "n_flagged": 1,
        "occurred_from": date(2020, 1, 1),
        "occurred_to": date(2026, 11, 12),
        "seconds": 0.5,
    } | values
    return PatternRun.objects.create(computed_at=at, **values)


def make_pair(run, node_a, node_b, **values):
    """A flagged pair: 14 of 61 cases, up from 9; its nodes in the order the database asks for."""
    node_a, node_b = sorted((node_a, node_b), key=lambda node: node.pk)
    values = {
        "state": PairState.TESTED,
        "joint": 14,
        "k_a": 20,
        "k_b": 16,
        "n": 61,
        "expected": 5.2,
        "rate_low": 0.1428,
        "rate_high": 0.3492,
        "phi": 0.6,
        "lift": 2.6,
        "jaccard": 0.5,
        "odds_ratio": 30.0,
        "odds_low": 8.0,
        "odds_high": 110.0,
        "p": 0.001,
        "q": 0.009,
        "effect": 2.1,
        "flagged": True,
        "movement": Movement.NEW,
        "joint_before": 9,
        "q_before": 0.2,
    } | values
    return PatternPair.objects.create(run=run, node_a=node_a, node_b=node_b, **values)


def make_trend(run, node=None, **values):
    """Thirty complete weeks and one that has begun; of one node, or of all cases."""
    values = {
        "first_week": date(2026, 4, 20),
        "weeks": [1] * 26 + [4] * 4 + [2],
        "recent": 16,
        "baseline": 26,
        "ratio": 4.0,
        "low": 2.0,
        "high": 7.7,
        "p": 0.00005,
        "q": 0.0004 if node else None,
        "flagged": bool(node),
    } | values
    return PatternTrend.objects.create(run=run, node=node, **values)


def make_exposure(system=None, *, month=date(2026, 10, 1), unit="conversations", amount=12_000, **values):
    """The recorded use of one system in one month; of a new one that one case names where none is given."""
    system = system or make_system()
    values = {"source": "The usage report.", "created_at": NOW, "updated_at": NOW} | values
    return Exposure.objects.create(system=system, month=month, unit=unit, amount=amount, **values)


def make_system(name=None, *cases):
    """A system that `cases` name, or one new case where none is given."""
    system = System.objects.create(name=name or f"system-{next(numbers)}")
    for case in cases or [make_case()]:
        CaseSystem.objects.create(case=case, system=system)
    return system


def make_run_exposure(run, system, **values):
    """The events of one system in one recorded month of a run."""
    values = {
        "unit": "conversations",
        "n": 3,
        "n_outside": 1,
        "amount": 12_000,
        "months": [date(2026, 10, 1)],
    } | values
    return PatternExposure.objects.create(run=run, system=system, **values)


def make_layers(run, *, missed=(), caught=(), n=4, **values):
    """A combination of outcomes in a run; `missed` and `caught` are nodes."""
    numbered = {"missed": sorted(node.pk for node in missed), "caught": sorted(node.pk for node in caught)}
    return PatternLayers.objects.create(run=run, n=n, **numbered | values)


def make_miss(run, technique, failure_mode=None, **values):
    """How often a technique missed in a run."""
    return PatternMiss.objects.create(
        **{"run": run, "technique": technique, "failure_mode": failure_mode, "n": 4} | values
    )


def make_split(pair, **values):
    """A pair by setting: it holds in the laboratory and in production, and 3 joint cases are of neither."""
    values = {
        "dimension": "setting",
        "strata": ["laboratory", "production", ""],
        "joint": [30, 30, 3],
        "k_a": [40, 40, 5],
        "k_b": [40, 40, 5],
        "n": [100, 100, 20],
    } | values
    return PatternSplit.objects.create(pair=pair, **values)


def make_foresight(run, node=None, **values):
    """Of 34 events judged 21 could have been foreseen; eight warnings are dated."""
    values = {
        "warned": 12,
        "foreseeable": 9,
        "not_foreseeable": 13,
        "unknown": 20,
        "lead_days": [10, 30, 90, 365, 410, 500, 700, 800],
    } | values
    return PatternForesight.objects.create(run=run, node=node, **values)

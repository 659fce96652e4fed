"""Loading the demonstration catalogue of published cases, and taking it away again."""

from datetime import date
from pathlib import Path

from django.db.models import Q

from registry import fingerprint
from registry.actions import jobs, parties
from registry.actions.signing import check, signed
from registry.choices import Grounds, Method, PartyRole, Precision, RatingState, Role, Scope, SourceKind, Stance, Status
from registry.models import (
    Adjudication,
    Case,
    CaseLink,
    CaseParty,
    CaseReader,
    CaseSource,
    CaseSystem,
    CaseWatch,
    Classification,
    ExternalId,
    Label,
    Notification,
    Organisation,
    Person,
    RatedScheme,
    Rating,
    Relabel,
    System,
)
from taxonomy.actions import read_shipped
from taxonomy.models import Node, SeverityTier

CATALOGUE = Path(__file__).parent.parent / "data" / "catalogue.yaml"
SOURCE = "catalogue"
RATER = "catalogue"
PEOPLES_WORK = ("evidence", "safeguards", "answers", "comments", "debt_acceptances")
TEXTS = ("title", "observed_behaviour", "intended_objective", "specified_objective", "kind", "stage", "scope", "triage")


@signed
def load_demonstration(*, by, at):
    """Make a case for each catalogue entry that has none yet. Returns how many were made.

    Cases at the core of alignment stand in analysis with the catalogue as owner, those at its boundary
    wait in triage. Their labels are the catalogue's; it is one rater, and nobody can sign in as it.
    """
    entries = read_shipped(CATALOGUE)
    present = set(ExternalId.objects.filter(source=SOURCE).values_list("value", flat=True))
    nodes = {node.key: node for node in Node.objects.select_related("scheme")}
    tiers = {tier.slug: tier for tier in SeverityTier.objects.all()}
    new = [entry for entry in entries if entry["slug"] not in present]
    rater = _rater() if new else None
    for entry in new:
        _make_case(entry, rater=rater, nodes=nodes, tiers=tiers, at=at)
    if new:
        jobs.leave_recompute(at=at)
    return len(new)


@signed
def remove_demonstration(*, by, at):
    """Delete every catalogue case and what hangs on it; the history keeps them. Returns how many were deleted.

    One that was ever merged with another case stays: it is part of that case's history, or is that case. So does one
    that people wrote more to than labels: evidence, safeguards, mitigations, comments, or who carries its debt.
    """
    cases = Case.objects.filter(external_ids__source=SOURCE, external_ids__imported__isnull=False)
    untouched = cases.filter(merges=None, merged_away=None, **dict.fromkeys(PEOPLES_WORK))
    numbers = list(untouched.values_list("pk", flat=True))
    CaseLink.objects.filter(Q(case__in=numbers) | Q(other__in=numbers)).delete()
    RatedScheme.objects.filter(rating__case__in=numbers).delete()
    for model in (
        Notification,
        CaseWatch,
        Relabel,
        Adjudication,
        Classification,
        Label,
        Rating,
        CaseSystem,
        CaseParty,
        CaseSource,
        CaseReader,
        ExternalId,
    ):
        model.objects.filter(case__in=numbers).delete()
    Case.objects.filter(pk__in=numbers).delete()
    if numbers:
        jobs.leave_recompute(at=at)
    return len(numbers)


def _rater():
    rater = Person.objects.filter(username=RATER).first()
    if rater is None:
        rater = Person(
            username=RATER,
            name="Published catalogue",
            email="catalogue@registry.invalid",
            role=Role.ANALYST,
            is_active=False,
        )
        rater.set_unusable_password()
        check(rater)
        rater.save(force_insert=True)
    return rater


def _make_case(entry, *, rater, nodes, tiers, at):
    core = entry["scope"] == Scope.CORE
    case = Case(
        **{name: entry.get(name, "") for name in TEXTS},
        context=_context(entry),
        status=Status.ANALYSIS if core else Status.TRIAGE,
        reporter=rater,
        owner=rater if core else None,
        occurred_from=date(entry["year"], 1, 1),
        occurred_to=date(entry["year"], 12, 31),
        occurred_precision=Precision.YEAR,
        realised_severity=tiers[entry["severity"]["realised"]],
        potential_severity=tiers[entry["severity"]["potential"]],
        created_at=at,
        updated_at=at,
        reported_at=at,
    )
    check(case)
    fingerprint.sign(case)
    case.save(force_insert=True)
    _add_related(case, entry)
    _add_labels(case, entry, rater=rater, nodes=nodes, at=at)


def _context(entry):
    inferred = "Nobody published the objectives; ours are inferred." if entry.get("objectives_inferred") else ""
    checked = f"What was checked: {entry['verification']}" if entry.get("verification") else ""
    return "\n\n".join(filter(None, (entry.get("context", ""), inferred, entry.get("note", ""), checked)))


def _add_related(case, entry):
    systems = parties.rows_named(System, entry["systems"])
    developers = parties.rows_named(Organisation, entry.get("developers", []))
    CaseSystem.objects.bulk_create(CaseSystem(case=case, system_id=number) for number in systems.values())
    CaseParty.objects.bulk_create(
        CaseParty(case=case, organisation_id=number, role=PartyRole.DEVELOPER) for number in developers.values()
    )
    sources = [_source(source) for source in entry.get("sources", [])]
    CaseSource.objects.bulk_create((CaseSource(case=case, source=source) for source in sources), ignore_conflicts=True)
    own = ExternalId(case=case, source=SOURCE, value=entry["slug"], imported={"slug": entry["slug"]})
    others = [
        ExternalId(case=case, source=other["source"], value=str(other["id"])) for other in entry.get("external_ids", [])
    ]
    ExternalId.objects.bulk_create([own, *others])


def _source(entry):
    source = parties.source(
        title=entry["title"],
        url=entry.get("url", ""),
        publisher=entry.get("publisher", ""),
        kind=entry.get("kind", SourceKind.SECONDARY),
    )
    if entry.get("verification") and source.verification != entry["verification"]:
        source.verification = entry["verification"]
        source.save(update_fields=["verification"])
    return source


def _add_labels(case, entry, *, rater, nodes, at):
    labels = [(nodes[label["node"]], label.get("confidence")) for label in entry["labels"]]
    rating = Rating(case=case, rater=rater, state=RatingState.SUBMITTED, opened_at=at, created_at=at, updated_at=at)
    rating.save(force_insert=True)
    schemes = {node.scheme_id for node, _ in labels}
    RatedScheme.objects.bulk_create(RatedScheme(rating=rating, scheme_id=number) for number in sorted(schemes))
    given = {"grounds": Grounds.INFERRED, "submitted_at": at, "blind_stance": Stance.PRESENT}
    Label.objects.bulk_create(
        Label(case=case, node=node, rater=rater, confidence=confidence, **given) for node, confidence in labels
    )
    Classification.objects.bulk_create(
        Classification(case=case, node=node, method=Method.IMPORTED, decided_at=at) for node, _ in labels
    )

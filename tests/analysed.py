"""Rows a team adds to a case while it works on it, written past the actions: valid and boring."""

from datetime import date

from registry.models import (
    Adjudication,
    AgreementRun,
    AgreementScore,
    CaseWatch,
    Comment,
    CommentMention,
    Confusion,
    DebtAcceptance,
    Mitigation,
    MitigationCase,
    Notification,
    RatedScheme,
    RaterPair,
    Rating,
    Relabel,
    Safeguard,
    TaxonomyChange,
)
from taxonomy.models import Scheme
from tests.factories import NOW, make_case, make_node, make_person, make_scheme

TIMES = {"created_at": NOW, "updated_at": NOW}


def made(model, rows, values):
    """A row of `model` with `values`; what `rows` names and they leave out is made."""
    return model.objects.create(**{name: make() for name, make in rows.items() if name not in values} | values)


def node_of_kind(kind):
    """A node of a scheme of this kind."""
    slug = f"some-{kind.replace(' ', '-')}"
    return make_node(scheme=Scheme.objects.filter(slug=slug).first() or make_scheme(slug=slug, kind=kind))


def rating(**values):
    return made(Rating, {"case": make_case, "rater": make_person}, TIMES | values)


def rated_scheme(**values):
    return RatedScheme.objects.create(**values)


def adjudication(**values):
    values = {"applies": True, "reason": "Two transcripts show it.", "decided_at": NOW} | values
    return made(Adjudication, {"case": make_case, "node": make_node, "decided_by": make_person}, values)


def safeguard(**values):
    return made(Safeguard, {"case": make_case, "technique": lambda: node_of_kind("technique")}, TIMES | values)


def mitigation(*cases, **values):
    row = made(Mitigation, {"proposed_by": make_person}, {"title": "A second grader"} | TIMES | values)
    MitigationCase.objects.bulk_create(MitigationCase(mitigation=row, case=case) for case in cases)
    return row


def accepted_debt(**values):
    values = {"reason": "Until the audit.", "expires_on": date(2027, 1, 1), "accepted_at": NOW} | values
    return made(DebtAcceptance, {"case": make_case, "owner": make_person, "accepted_by": make_person}, values)


def comment(**values):
    values = {"text": "Was it the grader?", "written_at": NOW} | values
    return made(Comment, {"case": make_case, "author": make_person}, values)


def mention(**values):
    return CommentMention.objects.create(**values)


def watch(**values):
    return made(CaseWatch, {"case": make_case, "person": make_person}, values)


def notification(**values):
    values = {"kind": "assigned", "at": NOW} | values
    return made(Notification, {"case": make_case, "person": make_person}, values)


def taxonomy_change(**values):
    values = {"kind": "split", "reason": "It was two things.", "n_cases": 1, "made_at": NOW} | values
    return made(TaxonomyChange, {"node": make_node, "made_by": make_person}, values)


def relabel(**values):
    return made(Relabel, {"change": taxonomy_change, "case": make_case}, values)


def agreement_run(**values):
    counts = dict.fromkeys(("n_cases", "n_raters", "n_labels", "seed", "n_resamples"), 2)
    values = {"computed_at": NOW, "period": "all", "fingerprint": "f", "code_version": "1", "seconds": 0.1} | values
    return AgreementRun.objects.create(**counts | values)


def agreement_score(**values):
    counts = {"n_cases": 5, "n_raters": 2, "n_values": 10, "n_disputed": 1}
    values = {"measure": "label", "alpha": 0.5, "low": 0.2, "high": 0.7} | values
    return AgreementScore.objects.create(**counts | values)


def rater_pair(**values):
    values = {"n_cases": 5, "n_judgements": 10, "n_agreed": 8, "kappa": 0.6} | values
    return made(
        RaterPair,
        {"run": agreement_run, "scheme": lambda: make_node().scheme, "first": make_person, "second": make_person},
        values,
    )


def confusion(first=None, second=None, **values):
    first, second = first or make_node(), second or make_node()
    values = {"node_a": first, "node_b": second, "n_cases": 1, "n_together": 4} | values
    return made(Confusion, {"run": agreement_run}, values)

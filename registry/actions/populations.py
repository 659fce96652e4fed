"""Asking for a run of the statistics over some of the cases, or with other labels than those agreed."""

from datetime import date, datetime
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import QueryDict

from registry import access
from registry.actions import jobs
from registry.actions.signing import signed
from registry.choices import About, JobKind, JobState, LabelRule
from registry.filter_fields import ME, DayFilter, MomentFilter, days_ago
from registry.filters import REPEATABLE, CaseFilterSet
from registry.models import CaseSystem, Job, Person, Population
from registry.saved_views import canonical, contents_of, values_of
from taxonomy.models import Node

LONGEST_QUERY = 2000
MOST_WAITING = 5
NUL = "\x00"
OPEN_ONLY = "A run counts only cases open to everyone signed in."
WHO_ASKS = "A run is the same for everybody who reads it, so it cannot rest on what one person may see."
OF_A_RUN = "It names the cases behind a number of another run."
REFUSED = {
    "visibility": OPEN_ONLY,
    "visibility__not": OPEN_ONLY,
    "team": OPEN_ONLY,
    "confidence__gte": WHO_ASKS,
    **dict.fromkeys(("pair", "miss", "layers", "missed", "caught", "judged"), OF_A_RUN),
}


@signed
def ask_for_run(*, by, at, label_rule, query):
    """The job that computes the patterns over the cases that `query` finds, with the labels that `label_rule` counts.

    `query` holds filters of the case list as an address does. Who asks twice, or for what somebody else asked for,
    gets the job that waits already. Raises ValidationError by field, and PermissionDenied.
    """
    if not by.may_label:
        raise PermissionDenied("Only analysts, reviewers and administrators ask for a new run.")
    population = population_asked(label_rule=label_rule, query=query)
    if population is None:
        return jobs.ask_for_recompute(by=by, at=at)
    Person.objects.select_for_update().get(pk=by.pk)
    known, _ = Population.objects.get_or_create(
        label_rule=population.label_rule, query=population.query, defaults={"asked_by": by, "created_at": at}
    )
    _require_few_waiting(by, besides=known)
    return jobs.ask_for_recompute(by=by, at=at, population=known)


@signed
def keep_population_of(*, subscription, by, at):
    """The population of what `subscription` follows, with its first run on the way; None where all runs tell of it,
    where no population can, for people who may not ask for runs, and for a view that is not shared: everybody reads
    what a run counts.
    """
    query = query_followed(subscription)
    private = subscription.about == About.VIEW and not (subscription.view and subscription.view.shared)
    if private or not query or not by.may_label:
        return None
    known, is_new = Population.objects.get_or_create(
        label_rule=LabelRule.AGREED, query=query, defaults={"asked_by": by, "created_at": at}
    )
    if is_new:
        jobs.leave_recompute(at=at, population=known)
    return known


def query_followed(subscription):
    """The query of the population whose runs tell of what `subscription` follows: empty where every run does, None
    where no population can stand for it, which is the same on every day and for everybody.
    """
    if subscription.about == About.VIEW:
        return lasting_query(subscription.view.query) if subscription.view else None
    if subscription.about == About.SYSTEM:
        return lasting_query(urlencode({"system": subscription.system.name}))
    return None if subscription.about == About.QUEUE else ""


def lasting_query(query):
    """`query` as `canonical_query` writes it; None where a run cannot count by it, or where its days move on."""
    try:
        return None if _has_moving_days(query) else canonical_query(query)
    except ValidationError:
        return None


def _has_moving_days(query):
    filters = CaseFilterSet.base_filters
    return any(
        isinstance(filters.get(name), (DayFilter, MomentFilter)) and any(map(days_ago, texts))
        for name, texts in contents_of(query)[0].lists()
    )


def population_asked(*, label_rule, query):
    """The population these words describe, as it is kept or would be; None for all cases with their agreed labels."""
    if label_rule not in LabelRule.values:
        raise ValidationError({"label_rule": f"Choose one of {', '.join(LabelRule.values)}."})
    query = canonical_query(query)
    if label_rule == LabelRule.AGREED and not query:
        return None
    known = Population.objects.filter(label_rule=label_rule, query=query).first()
    return known or Population(label_rule=label_rule, query=query)


def canonical_query(query):
    """`query` in one way of writing: the same text for the same filters. Days ago become the day that they mean now.

    Raises ValidationError by name of the filter for what is unknown or wrong, and for what differs by who asks.
    """
    if NUL in query:
        raise ValidationError({"query": "Null characters are not allowed."})
    parameters, _ = contents_of(query)
    if NUL in "".join((*parameters, *(text for _, values in parameters.lists() for text in values))):
        raise ValidationError({"query": "Null characters are not allowed."})
    given = {name: values for name, texts in parameters.lists() if (values := values_of(name, texts))}
    problems = {name[:80]: [problem] for name in given if (problem := _problem_with(name, given[name]))}
    filters = QueryDict(mutable=True)
    for name in given.keys() - problems.keys():
        filters.setlist(name, given[name] if name in REPEATABLE else given[name][-1:])
    form = CaseFilterSet(filters, queryset=None).form
    problems |= {name: [str(error) for error in errors] for name, errors in form.errors.items()}
    if problems:
        raise ValidationError(problems)
    for name in filters:
        filters.setlist(name, _written(filters.getlist(name), form.cleaned_data[name]))
    kept = canonical(filters, "")
    if len(kept) > LONGEST_QUERY:
        raise ValidationError({"query": f"The filters have more than {LONGEST_QUERY:,} characters."})
    return kept


def _problem_with(name, values):
    """Why a run cannot be asked for with this filter; empty text where nothing is against it."""
    if name not in CaseFilterSet.base_filters:
        return "There is no such filter."
    if name.startswith(("owner", "reporter")) and ME in values:
        return "Write a user name: “me” means somebody else to whoever reads the run."
    if name == "has" and "links" in values:
        return WHO_ASKS
    if name == "system" and (unknown := [text for text in values if not _is_counted(text)]):
        return f"No case open to everyone names the system “{unknown[0][:80]}”."
    return REFUSED.get(name, "")


def _is_counted(name):
    """Whether a case that runs count names this system; everybody reads the words of a population."""
    named = Q(system__name__iexact=name) | Q(system__aliases__name__iexact=name)
    return CaseSystem.objects.filter(named, case__in=access.counted_cases()).exists()


def _written(texts, cleaned):
    """The values of one filter in one way of writing."""
    if isinstance(cleaned, bool):
        return ["true" if cleaned else "false"]
    if isinstance(cleaned, date):
        # A time stands as it was written; a day may have been written as so many days ago.
        return texts if isinstance(cleaned, datetime) else [cleaned.isoformat()]
    if isinstance(cleaned, list):
        texts = [_key_of(value) for value in cleaned]
    return list(dict.fromkeys(texts))


def _key_of(value):
    if isinstance(value, Node):
        return value.key
    return value.username if isinstance(value, Person) else str(value)


def _require_few_waiting(by, *, besides):
    asked = Job.objects.filter(kind=JobKind.RECOMPUTE, asked_by=by, state=JobState.PENDING)
    if asked.exclude(key__in=["", str(besides.pk)]).count() >= MOST_WAITING:
        raise ValidationError(f"You asked for {MOST_WAITING} runs that wait for their turn. Let them finish first.")

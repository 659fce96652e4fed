"""What a subscription may follow and where it may go: found by the names people give it, and whether they may."""

from django.core.exceptions import ValidationError
from django.db.models import Q

from registry import access
from registry.choices import About
from registry.models import CaseSystem, SavedView, Team
from registry.picking import SYSTEMS, node_words, seen
from taxonomy.models import Node

# Which field names what is followed.
NAMED_BY = {About.VIEW: "view", About.BRANCH: "node", About.SYSTEM: "system"}
CHOOSE = {
    "view": "Choose the view to follow.",
    "node": "Choose the branch of the taxonomy to follow.",
    "system": "Choose the system to follow.",
}
MOST_NAMED = 6


def require_followable(wish):
    """Raise ValidationError by field unless `wish`, a subscription not saved yet, names one thing that its person may
    follow, and a team it may be sent to.
    """
    problems = {}
    needed = NAMED_BY.get(wish.about)
    for name, words in CHOOSE.items():
        row = getattr(wish, name)
        if name == needed and row is None:
            problems[name] = words
        elif name != needed and row is not None:
            problems[name] = f"A {name} is given only where the subscription follows one."
        elif row is not None and (problem := PROBLEM_WITH[name](wish)):
            problems[name] = problem
    if wish.team_id and (problem := _problem_with_team(wish)):
        problems["team"] = problem
    if problems:
        raise ValidationError(problems)


def _problem_with_view(wish):
    if not SavedView.objects.for_person(wish.person).filter(pk=wish.view.pk).exists():
        return "There is no such view that you may use."
    if wish.team_id and not wish.view.shared:
        return f"“{wish.view.name}” is private. Share it first: the whole team is told what it holds."
    return ""


def _problem_with_system(wish):
    if not seen(wish.person, SYSTEMS).filter(pk=wish.system.pk).exists():
        return "There is no such system in a case that you may see."
    # The name of a system that only confidential cases carry is not for everybody on the team's list.
    counted = CaseSystem.objects.filter(system=wish.system, case__in=access.counted_cases())
    if wish.team_id and not counted.exists():
        return "No case open to everyone names this system, so a team cannot be told of it."
    return ""


PROBLEM_WITH = {"view": _problem_with_view, "node": lambda wish: "", "system": _problem_with_system}


def _problem_with_team(wish):
    if wish.about == About.QUEUE:
        return "What waits for one person is not sent to a team."
    if not wish.team.email:
        return f"{wish.team.name} has no address yet; an administrator sets it."
    return ""


def teams_for(person):
    """The teams `person` may have digests sent to: theirs that have an address, by name; all for an administrator."""
    teams = Team.objects.exclude(email="").order_by("name", "pk")
    return teams if person.is_administrator else teams.filter(members__person=person)


def team_named(person, name):
    """One of `teams_for(person)`; unknown, of others and without an address answer alike."""
    team = teams_for(person).filter(name__iexact=name.replace("\x00", "")).first()
    if team is None:
        raise ValidationError(f"You have no team “{name[:80]}” with an address.", code="unknown_row")
    return team


def system_named(person, name):
    """The system that goes by `name` in a case `person` may see; unknown and hidden answer alike."""
    name = " ".join(name.replace("\x00", "").split())
    named = Q(name__iexact=name) | Q(aliases__name__iexact=name)
    found = seen(person, SYSTEMS).filter(named).order_by("pk").first() if name else None
    if found is None:
        raise ValidationError(f"No case that you may see names the system “{name[:80]}”.", code="unknown_row")
    return found


def node_named(words):
    """The node that `words` name: its key (`cause:inner`), its name where only one node is called so, or its name with
    the scheme behind it, “Inner misalignment (Causes)”. Nodes out of use are found too: their cases are still there.
    """
    words = " ".join(words.replace("\x00", "").split())
    scheme, _, slug = words.partition(":")
    name, _, of = words.removesuffix(")").rpartition(" (")
    called = Q(scheme__slug=scheme.strip(), slug=slug.strip()) | Q(name__iexact=words)
    called |= Q(name__iexact=name, scheme__name__iexact=of)
    found = list(Node.objects.filter(called).select_related("scheme").order_by("scheme__order", "pk")[:MOST_NAMED])
    if not found:
        raise ValidationError(f"There is no node “{words[:80]}” in the taxonomy.", code="unknown_row")
    if len(found) > 1:
        names = "; ".join(node_words(node) for node in found)
        raise ValidationError(f"Several nodes are called so. Write one of: {names}.", code="ambiguous")
    return found[0]

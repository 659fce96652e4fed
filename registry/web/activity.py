"""One line on what goes on in a case: the last step, the talk, who has rated, when it is due."""

from registry.choices import RatingState
from registry.models import Case, Person, Rating
from registry.web.due import due

STEPS = {
    "log_case": "logged it",
    "log_at_once": "logged it",
    "submit_draft": "logged it",
    "submit_case": "submitted it",
    "claim_case": "claimed it",
    "assign_case": "handed it over",
    "accept_case": "accepted it",
    "request_review": "asked for review",
    "approve_case": "approved it",
    "return_to_analysis": "returned it",
    "withdraw_case": "withdrew it",
    "reopen_case": "reopened it",
}


def context(case, *, blind, today, n_comments, n_open):
    """`activity`: the last step (who, what, when) or None, and the rest in words. Whoever is blind reads of no rating.

    Three queries, or two for whoever is blind.
    """
    parts = [talk(n_comments, n_open)] if n_comments else []
    if not blind and (n := Rating.objects.filter(case=case, state=RatingState.SUBMITTED).count()):
        parts.append(f"rated by {n}")
    return {"activity": {"step": last_step(case), "parts": parts, "due": due(case.due_on, today)}}


def talk(n_comments, n_open):
    words = f"{n_comments} comment{'s' if n_comments > 1 else ''}"
    return f"{words}, {n_open} open" if n_open else f"{words}, all resolved"


def last_step(case):
    """(who, what they did, when) of the latest step that somebody took."""
    events = Case._meta.get_field("events").related_model.objects
    steps = events.filter(pgh_obj=case, pgh_context__metadata__action__in=list(STEPS))
    latest = steps.order_by("-pgh_id").values_list("pgh_context__metadata", "pgh_created_at").first()
    if latest is None:
        return None
    signature, at = latest
    who = Person.objects.filter(pk=signature["person"]).values_list("name", flat=True).first()
    return {"who": who or "The registry", "did": STEPS[signature["action"]], "at": at}

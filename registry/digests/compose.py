"""From rows to content: what one reader is told about one period, with their rights as they are now."""

from zoneinfo import ZoneInfo

from registry.choices import About, Cadence, DigestState
from registry.digests import links
from registry.digests.cases import changed_and_merged_cases, closed_cases, new_cases
from registry.digests.conditions import reasons
from registry.digests.content import Content
from registry.digests.moved import headline, patterns_between
from registry.digests.periods import days_in_words, schedule_in_words
from registry.digests.queue import debt_of, queue_of
from registry.digests.runs import run_before, run_for
from registry.digests.scope import scope_of
from registry.digests.weekly import weeks_before
from registry.digests.wording import counted, in_words, listed, one_line, sentence, span
from registry.models import Digest
from taxonomy.models import SeverityTier

HIGH = 3  # from this rank on a new case is named in the subject
USUAL_DAYS = {Cadence.HOURLY: 1, Cadence.DAILY: 1, Cadence.WEEKLY: 7, Cadence.MONTHLY: 31}


def compose(*, digest):
    """The Content of `digest` for its reader, as they may see it now. Neither it nor its subscription need be saved."""
    scope = scope_of(digest.subscription)
    if scope.gone:
        return _last_words(digest, scope)
    within = {"start": digest.period_start, "end": digest.period_end}
    earlier, run = earlier_digest(digest), run_for(scope)
    before = run_before(digest, earlier, run)
    met = reasons(digest=digest, scope=scope, now=run, before=before, earlier=earlier)
    if digest.subscription.has_conditions and not (met or digest.asked):
        return _nothing_met(digest, scope, run)
    patterns = patterns_between(before=before, now=run, scope=scope)
    new, ranks = new_cases(scope, **within)
    changed, merged = changed_and_merged_cases(scope, **within)
    told = {"new": new, "changed": changed, "merged": merged, "closed": closed_cases(scope, **within)}
    zone, holds = digest.subscription.time_zone, scope.cases.count()
    queue, n_waiting = queue_of(scope.reader, time_zone=zone) if scope.reader else ((), 0)
    came_in, n_high = _came_in(new.total, ranks)
    waiting = n_waiting if scope.about == About.QUEUE else None
    return Content(
        **_frame(digest, scope),
        **told,
        run=run,
        reasons=met,
        subject=_subject(scope, patterns, told, n_high, waiting),
        covers=_covers(digest, earlier),
        bottom_line=_bottom_line(scope, patterns, told, came_in, waiting),
        context=_context(scope, patterns, came_in, waiting, holds=holds),
        weeks=None if scope.about == About.QUEUE else weeks_before(scope.cases, end=within["end"], time_zone=zone),
        patterns=patterns,
        queue=queue,
        debt=debt_of(scope.reader, **within) if scope.reader else None,
        quiet=_quiet(patterns, told),
    )


def earlier_digest(digest):
    """The digest this reader surely received last, where this one takes up; None after a stop or at first."""
    if digest.subscription.pk is None:
        return None
    sent = Digest.objects.filter(subscription=digest.subscription, state=DigestState.SENT).select_related("run")
    since = sent.filter(period_end__gte=digest.period_start, period_end__lt=digest.period_end)
    return since.defer("text", "html", "chart").order_by("-period_end").first()


def _nothing_met(digest, scope, run):
    """The content of a digest that nobody is sent: none of its conditions is met, so nothing more was read."""
    said = "Nothing happened that you asked to be told of."
    return Content(**_frame(digest, scope), subject=said, bottom_line=said, run=run)


def _frame(digest, scope):
    """What stands around the news: when, about what, and where it is changed or stopped."""
    subscription = digest.subscription
    pk = subscription.pk
    own_page = links.address("subscription", pk=pk) if pk else links.address("subscription-list")
    return {
        "period": days_in_words(digest.period_start, digest.period_end, time_zone=subscription.time_zone),
        "scope": scope.words,
        "why": _why(subscription, scope),
        "urls": {
            "browser": links.address("digest", pk=digest.pk) if digest.pk else links.address("digest-list"),
            "subscription": own_page,
            # One member must not stop it for all.
            "stop": links.stop(subscription) if scope.reader else own_page,
            "home": links.address("home"),
            "cases": scope.url,
        },
    }


def _why(subscription, scope):
    when = schedule_in_words(subscription)
    when = when if when.startswith(("every", "as")) else f"on {when}"
    what = f"{scope.words[:1].lower()}{scope.words[1:]}"
    if scope.reader:
        return f"You get this {when} because you follow {what}."
    return f"{one_line(subscription.team.name, at_most=60)} gets this {when} because it follows {what}."


def _last_words(digest, scope):
    """The content of the last digest: there is nothing to follow any more."""
    words = {About.VIEW: "view", About.BRANCH: "branch", About.SYSTEM: "system"}[scope.about]
    return Content(
        **_frame(digest, scope) | {"why": "This was the last digest of this subscription."},
        subject=f"The {words} you followed is gone" if scope.reader else f"The {words} of this digest is gone",
        bottom_line=scope.why_gone,
        context="Nothing more comes of this subscription: it is stopped.",
        gone=scope.why_gone,
    )


def _came_in(total, ranks):
    """(how many cases came in and how bad the worst could have been, (how many of the worst, its name)).

    `ranks` counts by potential severity those that are open to everyone.
    """
    if not total:
        return "No case came in.", None
    said, worst = f"{in_words(total)} {'case' if total == 1 else 'cases'} came in", max(ranks, default=-1)
    tier = SeverityTier.objects.filter(pk=worst).first() if worst >= HIGH else None
    if tier is None:
        return sentence(said), None
    n, name = ranks[worst], tier.name.lower()
    share = f"{in_words(n)} of them " if total > n else "both " if n == 2 else "all of them " if n > 1 else ""
    return sentence(f"{said}, {share}{name} in potential"), (n, name)


def _subject(scope, patterns, told, n_high, waiting):
    parts = [f"{waiting:,} waiting"] if waiting else []
    if patterns.total:
        parts.append(f"{counted(patterns.total, 'pattern')} moved")
    if told["new"].total:
        parts.append(counted(told["new"].total, "new case"))
    if n_high:
        parts.append(f"{n_high[0]:,} {n_high[1]}")
    if not told["new"].total:
        parts += [f"{told[verb].total:,} {verb}" for verb in ("changed", "closed", "merged") if told[verb].total]
    said = ", ".join(parts) or "Nothing changed"
    return said if scope.about == About.EVERYTHING else f"{said} · {scope.words}"


def _bottom_line(scope, patterns, told, came_in, waiting):
    moved = (*patterns.moved, *patterns.passive)
    if waiting is not None:
        things = {0: "nothing waits", 1: "one thing waits"}
        return sentence(f"{things.get(waiting, f'{in_words(waiting)} things wait')} for you")
    if moved:
        return headline(moved[0])
    if told["new"].total:
        return came_in
    quantities = [(told[verb].total, verb) for verb in ("changed", "closed", "merged") if told[verb].total]
    if quantities:
        parts = [f"{in_words(n)} {'was' if n == 1 else 'were'} {verb}" for n, verb in quantities]
        return f"No case came in; {listed(parts)}."
    return f"Nothing changed in {_where(scope)}."


def _where(scope):
    return {
        About.EVERYTHING: "the cases you may see" if scope.reader else "the cases open to everyone",
        About.VIEW: "this view",
        About.BRANCH: "this branch",
        About.SYSTEM: "the cases of this system",
        About.QUEUE: "your cases",
    }[scope.about]


def _context(scope, patterns, came_in, waiting, *, holds):
    """The sentence after the bottom line; says what that one did not."""
    if waiting is not None:
        return f"{came_in} {counted(holds, 'case')} in all you report, own or review, or rate."
    first = came_in if patterns.total else "No pattern moved." if patterns.url else ""
    held = f"{counted(holds, 'case')} {'you may see' if scope.reader else 'open to everyone'}"
    whose = "The registry holds" if scope.about == About.EVERYTHING else f"{scope.words} covers"
    return f"{first} {whose} {held}.".strip()


def _quiet(patterns, told):
    """What did not change, so that silence is never mistaken for it."""
    verbs = {"new": "logged", "changed": "changed", "closed": "closed"}
    still = [verb for name, verb in verbs.items() if not told[name].total]
    # What came in is told as it stands now: it may have been changed and closed since.
    case = "case" if "logged" in still else "earlier case"
    said = [f"No {case} was {listed(still, last='or')}."] if still else []
    return (*said, patterns.quiet) if patterns.quiet else tuple(said)


def _covers(digest, earlier):
    """A sentence where the period is not simply the time since the last digest that was due."""
    subscription, length = digest.subscription, digest.period_end - digest.period_start
    paused = subscription.paused_until
    if paused and digest.period_start < paused <= digest.period_end:
        return f"It covers {span(length)}: it was paused until {_day_of(paused, subscription)}."
    if length.days > USUAL_DAYS[subscription.cadence] * 1.5:
        whom = "the team" if subscription.team_id else "you"
        return f"It covers {span(length)}: nothing of it had surely reached {whom} before."
    return "" if earlier else f"This subscription begins here; its first digest looks back {span(length)}."


def _day_of(moment, subscription):
    return f"{moment.astimezone(ZoneInfo(subscription.time_zone)):%-d %B}"

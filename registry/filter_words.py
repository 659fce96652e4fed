"""How filters read: the name of each and its values in words."""

from registry.choices import STATUS_WORDS, Kind, Method, Predictability, Scope, Stage, Visibility
from registry.filters import HAS, ME, MISSING

NAMES = {
    "q": "Search",
    "status": "Status",
    "status__not": "Not in status",
    "kind": "Kind",
    "kind__not": "Not of kind",
    "stage": "Stage",
    "stage__not": "Not in stage",
    "scope": "Scope",
    "scope__not": "Not of scope",
    "predictability": "Predictability",
    "title__contains": "Title contains",
    "severity": "Potential severity",
    "severity__not": "Potential severity not",
    "severity__gte": "Potential severity at least",
    "severity__gt": "Potential severity above",
    "severity__lte": "Potential severity at most",
    "severity__lt": "Potential severity below",
    "severity__isnull": "Potential severity not set",
    "realised_severity": "Realised severity",
    "realised_severity__not": "Realised severity not",
    "realised_severity__gte": "Realised severity at least",
    "realised_severity__lte": "Realised severity at most",
    "realised_severity__isnull": "Realised severity not set",
    "label": "Any label of",
    "label__all": "Label",
    "label__none": "Without label",
    "label__under": "Any label under",
    "label_method": "Label agreed by",
    "confidence__gte": "A label at least so sure",
    "system": "System",
    "owner": "Owner",
    "owner__not": "Not owned by",
    "owner__isnull": "Without owner",
    "reporter": "Reporter",
    "reporter__not": "Not reported by",
    "visibility": "Open to",
    "visibility__not": "Not open to",
    "team": "Team",
    "event_group": "Event group",
    "event_group__isnull": "Without event group",
    "missing": "Missing",
    "has": "Has",
    "occurred__gte": "Occurred from",
    "occurred__gt": "Occurred after",
    "occurred__lte": "Occurred until",
    "occurred__lt": "Occurred before",
    "occurred__isnull": "Date unknown",
    "reported__gte": "Logged from",
    "reported__lte": "Logged until",
    "reported__gt": "Logged after",
    "reported__lt": "Logged before",
    "updated__gte": "Changed from",
    "updated__lte": "Changed until",
    "updated__gt": "Changed after",
    "updated__lt": "Changed before",
    "closed__gte": "Closed from",
    "closed__lte": "Closed until",
    "closed__gt": "Closed after",
    "closed__lt": "Closed before",
    "closed__isnull": "Never closed",
    "source": "In database",
    "source__not": "Not in database",
    "pair": "Behind pattern pair",
    "layers": "Safeguards in pattern run",
    "missed": "Missed by",
    "caught": "Caught by",
    "judged": "Outcome known of",
    "miss": "Behind way to miss",
}
WORDS = {
    "status": STATUS_WORDS,
    "kind": dict(Kind.choices),
    "stage": dict(Stage.choices),
    "scope": dict(Scope.choices),
    "predictability": dict(Predictability.choices),
    "visibility": dict(Visibility.choices),
    "label_method": dict(Method.choices),
    "missing": dict(MISSING),
    "has": dict(HAS),
}


def chip_words(name, value, cleaned):
    """A filter's value as a chip shows it; `cleaned` holds the rows that keys name."""
    if name.removesuffix("__not") in WORDS:
        return WORDS[name.removesuffix("__not")].get(value, value)
    if name in ("owner", "reporter", "owner__not", "reporter__not"):
        return "Me" if value == ME else person_words(value, cleaned.get(name) or ())
    if name.startswith("label") or name in ("missed", "caught", "judged"):
        named = {key: node.name for node in cleaned.get(name) or () for key in (node.key, node.slug)}
        return named.get(value, value)
    if name.endswith("__isnull"):
        return "yes" if value.lower() in ("true", "1") else "no"
    if name == "confidence__gte":
        return f"{value} %"
    if name.startswith(("occurred", "reported", "updated", "closed")):
        return relative_words(value)
    return value.replace("-", " ").capitalize() if "severity" in name else value


def person_words(value, people):
    known = [person for person in people if person != ME]
    named = {key.lower(): person.name for person in known for key in (person.username, person.name)}
    return named.get(value.lower(), value)


def relative_words(value):
    """`-7d` as people say it; other days as they are written."""
    number = value[1:-1]
    if not (value.startswith("-") and value.endswith("d") and number.isascii() and number.isdecimal()):
        return value
    return {"0": "today", "1": "yesterday"}.get(number, f"{number} days ago")

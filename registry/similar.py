"""“Have we seen this before?”: the visible cases most like a text or another case, each with its reasons.

Candidates come from three statements at most, all of them over what the reader may see, so that a hidden case
can neither show nor push a visible one out: the same source or evidence, bands of the wording (fingerprint.py)
and agreed labels. A score then orders the few that were found:

    same source, or same evidence      6    two reports of one thing; divided by the cases that have it, because a
                                            list of a hundred cases is the source of each
    wording                        0 to 6   bands in common, as a share of the shorter one's
    title                          0 to 4   trigrams in common (also finds what is spelled differently)
    same system                        1    a reason to look, not enough to be shown by itself
    agreed labels                  0 to 2   those in common, as a share of all that either has

What reaches neither `LEAST` nor a reason is left out: five weak hints teach people to ignore the good one.
"""

from dataclasses import dataclass, field

from django.contrib.postgres.search import TrigramSimilarity
from django.db import connection
from django.db.models import F, Q
from django.db.models.expressions import RawSQL
from django.db.models.functions import Left, Upper

from registry import access, blind, fingerprint
from registry.choices import LinkKind, Status
from registry.models import Case, CaseLink, CaseSource, CaseSystem, Evidence

MOST = 5
SAME, WORDING, TITLE, SYSTEM, LABELS = 6, 6, 4, 1, 2
LEAST = 1.5
# A band or label carried by more cases than this tells little; its further cases are not looked at.
MOST_WITH_ONE_BAND = 25
MOST_WITH_ONE_LABEL = 40
MOST_CANDIDATES = 20
COUNTED = 500
READ_CHARACTERS = 4000
# A title is near from here on; PostgreSQL's own threshold for `%` is the same.
NEAR_TITLE = 0.3
NEAR_WORDING = 0.12
FEWEST_BANDS = 2


@dataclass(frozen=True)
class Sought:
    """What to find the like of: a draft, or the case numbered `case`. `labels` and `systems` are ids."""

    title: str = ""
    text: str = ""
    systems: frozenset = frozenset()
    urls: frozenset = frozenset()
    sources: frozenset = frozenset()
    hashes: frozenset = frozenset()
    labels: frozenset = frozenset()
    case: int | None = None

    @property
    def says_something(self):
        return bool(fingerprint.words(self.title) or fingerprint.words(self.text) or self.urls or self.hashes)


@dataclass(frozen=True)
class Reason:
    """Why a case is shown: in bold, and what exactly."""

    what: str
    detail: str = ""


@dataclass
class Hit:
    case: Case
    score: float = 0.0
    reasons: list = field(default_factory=list)


def compared_with(person):
    """How many cases `person` may see, counted up to one more than COUNTED."""
    return access.visible_to(person)[: COUNTED + 1].count()


def alike(person, sought, *, limit=MOST):
    """The Hits most like `sought` among the cases `person` may see, best first."""
    if not sought.says_something:
        return []
    bands = fingerprint.bands(sought.title, sought.text)
    found = candidates(person, sought, bands)
    if not found:
        return []
    cases = details(person, sought, found)
    shared = Shared.of(person, sought, cases)
    alone = {way: SAME / max(sum(way in ways for ways in found.values()), 1) for way in ("source", "evidence")}
    # Found by labels alone, and by none that may be known: that they are there at all would tell of them.
    cases = [case for case in cases if found[case.pk] != {"labels"} or case.pk in shared.labels]
    hits = [judged(case, sought, set(bands), found[case.pk], alone, shared) for case in cases]
    hits = [hit for hit in hits if hit.reasons and hit.score >= LEAST]
    return sorted(hits, key=lambda hit: (-hit.score, -hit.case.pk))[:limit]


def sought_of(person, case):
    """The Sought of a case as `person` sees it: without labels that rest on raters they are blind to."""
    hashes = Evidence.objects.filter(case=case, removed_at=None).values_list("sha256", flat=True)
    labels = blind.seen_classifications(person).filter(case=case).values_list("node_id", flat=True)
    sources = list(CaseSource.objects.filter(case=case).values_list("source_id", "source__url"))
    return Sought(
        title=case.title,
        text=case.observed_behaviour,
        systems=frozenset(CaseSystem.objects.filter(case=case).values_list("system_id", flat=True)),
        sources=frozenset(number for number, _ in sources),
        # Whoever cannot see a source gets one of their own for its address.
        urls=frozenset(url for _, url in sources if url),
        hashes=frozenset(hashes),
        labels=frozenset(labels),
        case=case.pk,
    )


def visible(person, sought):
    """The cases that may be shown: no drafts of others, not the case itself, none that was said to be different."""
    cases = access.visible_to(person).exclude(Q(status=Status.DRAFT) & ~Q(reporter=person)).order_by()
    if sought.case is None:
        return cases
    different = CaseLink.objects.filter(Q(case=sought.case) | Q(other=sought.case), kind=LinkKind.DIFFERENT)
    numbers = {number for pair in different.values_list("case_id", "other_id") for number in pair}
    return cases.exclude(pk__in=numbers | {sought.case})


def candidates(person, sought, bands):
    """{case id: the ways it was found}, by one statement. A rare band weighs more than one that many cases have."""
    cases = visible(person, sought)
    parts = [part for part in parts_of(cases, sought, bands) if part]
    found = {}
    if parts:
        sql = " UNION ALL ".join(f"({part})" for part, _ in parts)
        with connection.cursor() as cursor:
            cursor.execute(sql, [value for _, values in parts for value in values])
            for number, way in cursor.fetchall():
                found.setdefault(number, set()).add(way)
    return found


def parts_of(cases, sought, bands):
    """(SQL, values) of each way to find candidates."""
    if bands:
        yield sharing(cases, "text_bands", bands, most=MOST_WITH_ONE_BAND, way="wording")
    if sought.labels:
        yield sharing(cases, "node_path", sorted(sought.labels), most=MOST_WITH_ONE_LABEL, way="labels")
    if sought.urls or sought.sources:
        known = Q(sources__in=sought.sources) | Q(sources__url__in=sought.urls)
        yield plain(cases.filter(known), way="source")
    if sought.hashes:
        yield plain(cases.filter(evidence__sha256__in=sought.hashes, evidence__removed_at=None), way="evidence")


def sharing(cases, column, wanted, *, most, way):
    """The cases that share the rarest elements of an array column. Each element is looked up by itself and gives
    `most` cases at most, so that a phrase or label of thousands costs no more than a rare one.
    """
    with_one = cases.filter(**{f"{column}__contains": [RawSQL("wanted.element", ())]})
    inner, values = with_one.values("pk")[:most].query.sql_with_params()
    sql = f"""
        SELECT found.id, '{way}' FROM (
            SELECT one.id, wanted.element, count(*) OVER (PARTITION BY wanted.element) AS n
            FROM unnest(%s::integer[]) AS wanted (element) CROSS JOIN LATERAL ({inner}) AS one (id)
        ) AS found GROUP BY found.id ORDER BY sum(1.0 / found.n) DESC, found.id DESC LIMIT {MOST_CANDIDATES}
    """  # noqa: S608
    return sql, [wanted, *values]


def plain(cases, *, way):
    inner, values = cases.values("pk")[:MOST_CANDIDATES].query.sql_with_params()
    return f"SELECT one.id, '{way}' FROM ({inner}) AS one (id)", values  # noqa: S608


def details(person, sought, found):
    """What the hint shows and compares of the cases found, still only those `person` may see."""
    cases = access.visible_to(person).filter(pk__in=found).select_related("potential_severity")
    return list(
        cases.only("title", "status", "text_bands", "potential_severity")
        .annotate(beginning=Left("observed_behaviour", READ_CHARACTERS))
        .annotate(title_likeness=TrigramSimilarity(Upper(F("title")), sought.title.upper()[:200]))
    )


@dataclass
class Shared:
    """What the candidates have in common with what is sought: {case id: names}, and what their words are."""

    systems: dict
    labels: dict
    n_labels: dict
    words: dict

    @classmethod
    def of(cls, person, sought, cases):
        numbers, labels, n_labels = [case.pk for case in cases], {}, {}
        if sought.labels:
            for row in blind.seen_classifications(person).filter(case__in=numbers):
                n_labels[row.case_id] = n_labels.get(row.case_id, 0) + 1
                if row.node_id in sought.labels:
                    labels.setdefault(row.case_id, []).append(row.node.name)
        systems = {}
        if sought.systems:
            rows = CaseSystem.objects.filter(case__in=numbers, system__in=sought.systems)
            for number, name in rows.values_list("case_id", "system__name").order_by("pk").distinct():
                systems.setdefault(number, name)
        return cls(systems, labels, n_labels, {case.pk: stems(f"{case.title} {case.beginning}") for case in cases})

    def share_of_labels(self, number, sought):
        common = len(self.labels.get(number, ()))
        return common / (len(sought.labels) + self.n_labels[number] - common) if common else 0.0


def stems(text):
    return {fingerprint.stem(word) for word in fingerprint.words(text)}


def judged(case, sought, bands, ways, alone, shared):
    """The Hit of one candidate: its score and its reasons, the weightiest first. `alone` is what a source and a
    piece of evidence weigh.
    """
    common = len(bands.intersection(case.text_bands))
    wording = common / min(len(bands), len(case.text_bands)) if common else 0.0
    labels, title = shared.share_of_labels(case.pk, sought), case.title_likeness
    parts = [
        (alone["source"], Reason("Same source"), "source" in ways),
        (alone["evidence"], Reason("Same evidence"), "evidence" in ways),
        (
            WORDING * wording + TITLE * title,
            Reason("Near in wording", quoted(rare_words(sought, case, shared))),
            title >= NEAR_TITLE or (common >= FEWEST_BANDS and wording >= NEAR_WORDING),
        ),
        (LABELS * labels, Reason("Same labels", ", ".join(shared.labels.get(case.pk, [])[:3])), labels > 0),
        (SYSTEM, Reason("Same system", shared.systems.get(case.pk, "")), case.pk in shared.systems),
    ]
    holding = sorted((part for part in parts if part[2]), key=lambda part: -part[0])
    return Hit(case, sum(weight for weight, _, _ in holding), [reason for _, reason, _ in holding])


def rare_words(sought, case, shared, most=3):
    """The words both use that the fewest of the other candidates use; longer ones first where that is equal."""
    theirs, written = shared.words[case.pk], {}
    for word in fingerprint.words(f"{sought.title} {sought.text[:READ_CHARACTERS]}"):
        if fingerprint.stem(word) in theirs:
            written.setdefault(fingerprint.stem(word), word)
    used = {stem: sum(stem in words for words in shared.words.values()) for stem in written}
    chosen = sorted(written, key=lambda stem: (used[stem], -len(written[stem])))[:most]
    return [word for stem, word in written.items() if stem in chosen]


def quoted(words):
    return ", ".join(f"“{word}”" for word in words)

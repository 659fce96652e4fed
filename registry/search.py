"""Full-text search: what words mean, which cases fit them best, and the passages that hold them."""

from django.conf import settings
from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db import connection
from django.db.models import Case as Choice
from django.db.models import F, IntegerField, Q, Value, When
from django.db.models.functions import Cast
from django.utils.html import escape
from django.utils.safestring import SafeString

from registry.models import Case
from registry.models.case import SEARCHED_CHARACTERS

# Ranking reads the search vector of each candidate: bounded, so that a common word costs as much at any size.
RANKED = 2_000
LONGEST = 500
RELEVANCE = "-relevance"
FIRST = 2_000_000_000  # before everything a text can score
# The order in which a passage is looked for.
PASSAGES = (
    "observed_behaviour",
    "context",
    "root_cause",
    "intended_objective",
    "optimised_objective",
    "evaluation_breakdown",
    "mitigation_strategy",
    "alignment_lesson",
    "specified_objective",
    "endorsed_goal",
)
# Private-use characters, taken out of the text before they mark anything.
START, STOP = "\ue000", "\ue001"
OPTIONS = (
    f'StartSel={START}, StopSel={STOP}, MaxFragments=2, MinWords=8, MaxWords=22, ShortWord=0, FragmentDelimiter=" … "'
)
EDGE, SHORT = 30, 220
WHOLE = f"StartSel={START}, StopSel={STOP}, HighlightAll=true"
# Any of the words: the words of one search may stand in different fields.
ANY_WORD = r"""
SELECT CASE WHEN querytree(q) IN ('', 'T') THEN NULL
       ELSE regexp_replace(querytree(q), ' (&|<[0-9-]+>) ', ' | ', 'g')::tsquery END AS words
FROM websearch_to_tsquery('english', %(words)s) AS q
"""
FOUND = f"""
WITH query AS ({ANY_WORD})
SELECT c.id, ts_headline('english', translate(c.title, %(marks)s, ''), query.words, %(whole)s),
       passage.name, ts_headline('english', passage.text, query.words,
                                 CASE WHEN length(passage.text) <= {SHORT} THEN %(whole)s ELSE %(options)s END),
       left(passage.text, {EDGE}), right(passage.text, {EDGE})
FROM query, registry_case c LEFT JOIN LATERAL (
    SELECT field.name, translate(left(field.text, {SEARCHED_CHARACTERS}), %(marks)s, '') AS text
    FROM (VALUES {", ".join(f"('{name}', c.{name})" for name in PASSAGES)}) AS field (name, text)
    WHERE field.text <> '' AND to_tsvector('english', left(field.text, {SEARCHED_CHARACTERS})) @@ (TABLE query)
    LIMIT 1
) AS passage ON true
WHERE c.id = ANY(%(ids)s) AND query.words IS NOT NULL
"""  # noqa: S608


def query_of(words):
    """Words as people write them in a search box: "a phrase", -without, or."""
    return SearchQuery(words, config="english", search_type="websearch")


def number_in(words):
    """The case number that the words are, as in AIR-12 or 12; None where they are something else."""
    prefix, hyphen, number = words.strip().rpartition("-")
    meant = not hyphen or prefix.upper() == settings.CASE_PREFIX.upper()
    is_number = number.isascii() and number.isdecimal() and len(number) <= 10
    return int(number) if meant and is_number and 0 < int(number) < 2**31 else None


def is_reference(words):
    """Whether the words are one case's full reference and nothing else."""
    return "-" in words and number_in(words) is not None


def matching(words):
    """Of cases: those whose text fits the words, and the one whose number they are."""
    found, number = Q(search=query_of(words)), number_in(words)
    return found if number is None else found | Q(pk=number)


def ranked(cases, words):
    """The newest RANKED of `cases`, which match `words`, with `relevance` to order them by.

    The title weighs over the narrative, words that stand close together over words far apart (`ts_rank_cd`),
    and long texts do not win by their length. A whole number, so that a cursor holds it exactly.
    """
    candidates = cases.order_by("-id").values("pk")[:RANKED]
    rank = SearchRank(F("search"), query_of(words), weights=[0.1, 0.2, 0.4, 1.0], cover_density=True, normalization=1)
    relevance = Cast(rank * 1_000_000, IntegerField())
    if number := number_in(words):
        relevance = Choice(When(pk=number, then=Value(FIRST)), default=relevance, output_field=IntegerField())
    # Whoever may see `cases` may see these; the filters need not be asked twice.
    return Case.objects.filter(pk__in=candidates).annotate(relevance=relevance)


def snippets(ids, words):
    """{case id: {"title", "field", "passage"}} as safe HTML with <mark>; only what the words are found in."""
    if not ids or not words.strip():
        return {}
    values = {"words": words, "ids": ids, "marks": START + STOP, "whole": WHOLE, "options": OPTIONS}
    with connection.cursor() as cursor:
        cursor.execute(FOUND, values)
        return {
            number: {"title": marked(title), "field": label_of(field), "passage": passage_of(*passage)}
            for number, title, field, *passage in cursor.fetchall()
        }


def label_of(field):
    return Case._meta.get_field(field).verbose_name.capitalize() if field else ""


def passage_of(passage, first, last):
    """The passage with an ellipsis where the field goes on; `first` and `last` are the edges of the field."""
    if passage is None:
        return ""
    plain = passage.replace(START, "").replace(STOP, "")
    before = "" if plain.startswith(first) or first.startswith(plain) else "… "
    after = "" if plain.endswith(last) or last.endswith(plain) else " …"
    return marked(f"{before}{passage}{after}")


def marked(text):
    """`text` escaped, with the database's marks as <mark>."""
    html = escape(" ".join(text.split())).replace(START, "<mark>").replace(STOP, "</mark>")
    return SafeString(html)

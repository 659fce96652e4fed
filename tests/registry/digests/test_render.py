"""The mail as it is written. `pytest --snapshot-update` renews what it is compared with."""

from datetime import date

import pytest

from registry.digests.content import (
    CaseLine,
    CaseList,
    Content,
    Difference,
    MovedPattern,
    Patterns,
    Weeks,
)
from registry.digests.render import render

SITE = "https://registry.example"
WEEKS = Weeks(
    first=date(2026, 4, 20),
    last=date(2026, 11, 15),
    counts=(0, 0, 3, 5, 1, 1, 3, 1, 4, 8, 6, 1, 1, 3, 2, 5, 4, 3, 2, 6, 4, 6, 1, 7, 0, 3, 8, 9, 4, 3),
    n_unknown=2,
    n_recent=4,
    incomplete=True,
    mean=3.2,
)
PATTERN = MovedPattern(
    name="Test or grader gaming with Adversarial Goodhart",
    schemes=("Mechanism", "Goodhart"),
    url=f"{SITE}/patterns/pairs/7/",
    movement="new",
    sentence="6 of 76 cases (8 %, 4–16), 2.7 times the expected, q = 0.046. Newly flagged; was q = 0.10.",
    before=5,
    now=6,
    n=76,
)
PASSIVE = MovedPattern(
    name="Sycophancy with Regressional Goodhart",
    schemes=("Mechanism", "Goodhart"),
    url=f"{SITE}/patterns/pairs/8/",
    movement="new",
    sentence="6 of 76 cases (8 %, 4–16), q = 0.09. Newly flagged; was q = 0.11.",
    before=6,
    now=6,
    n=76,
)
NEW = CaseLine(
    reference="AIR-58",
    url=f"{SITE}/cases/AIR-58/",
    title="Model <b>interferes</b> & shuts down",
    summary="Told to allow shutdown, it “sabotaged” the script in 7 of 100 runs.",
    facts=("AIR-58", "Capabilities-based", "Evaluation"),
    severity="Critical",
    colour="s4",
)
RESTRICTED = CaseLine("AIR-131", f"{SITE}/cases/AIR-131/", restricted="restricted; open it to see what changed")
CHANGED = CaseLine(
    reference="AIR-66",
    url=f"{SITE}/cases/AIR-66/",
    title="A model games its evaluation",
    differences=(
        Difference("Potential severity", "moderate", "high"),
        Difference(said="The root cause was rewritten."),
    ),
)
CLOSED = CaseLine(
    reference="AIR-1",
    url=f"{SITE}/cases/AIR-1/",
    title="Boat never finishes",
    summary="Approved by Priya Raman.",
)


def content(**values):
    usual = {
        "subject": "Registry digest: 2 patterns moved, 13 new cases, 1 critical",
        "period": "9–15 November 2026",
        "covers": "It covers two weeks: nothing of it had surely reached you before.",
        "bottom_line": "Test or grader gaming with Adversarial Goodhart passed the threshold: 6 of 76 cases.",
        "context": "13 cases came in, one of them critical in potential. The registry holds 106 cases you may see.",
        "weeks": WEEKS,
        "patterns": Patterns(
            moved=(PATTERN,),
            passive=(PASSIVE,),
            passive_words="One more passed the threshold without a new case, because the rest of the registry grew.",
            n_tests=487,
            url=f"{SITE}/patterns/runs/42/",
            limits="The registry holds failures: a share is a share of recorded cases, not a chance. Run 42.",
        ),
        "new": CaseList((NEW,), 13, f"{SITE}/cases/"),
        "changed": CaseList((CHANGED, RESTRICTED), 2, f"{SITE}/cases/"),
        "closed": CaseList((CLOSED,), 1, f"{SITE}/cases/"),
        "queue": ("To analyse: 1 case of yours, untouched since 11 November.", "To review: 1 case."),
        "quiet": ("No pattern moved in Symptom and Technique.",),
        "schedule": "Mondays at 07:00 (Europe/London)",
        "urls": {
            "browser": f"{SITE}/digests/12/",
            "subscription": f"{SITE}/digests/subscription/",
            "stop": f"{SITE}/digests/stop/1:signature/",
            "home": f"{SITE}/",
        },
    }
    return Content(**usual | values)


def nothing():
    empty = CaseList()
    patterns = Patterns(n_tests=487, url=f"{SITE}/patterns/runs/42/", limits="Run 42.", quiet="No pattern moved.")
    words = {"subject": "Registry digest: nothing changed", "bottom_line": "Nothing changed in the cases you may see."}
    return content(new=empty, changed=empty, closed=empty, patterns=patterns, covers="", context="", **words)


@pytest.mark.parametrize("said", [content(), nothing()], ids=["full", "nothing"])
def test_the_mail_reads_as_it_did(said, snapshot):
    written = render(said, chart_name="chart.1@example.org")

    assert {"subject": written.subject, "text": written.text, "html": written.html} == snapshot


def test_what_people_wrote_is_text_in_the_html_and_untouched_in_the_plain_part():
    written = render(content(), chart_name="chart.1@example.org")

    assert "Model &lt;b&gt;interferes&lt;/b&gt; &amp; shuts down" in written.html
    assert "Model <b>interferes</b> & shuts down" in written.text


def test_both_parts_say_the_same():
    written = render(content(), chart_name="chart.1@example.org")
    lines = " ".join(written.text.split())

    for words in (
        PATTERN.sentence,
        PASSIVE.sentence,
        NEW.summary,
        "restricted; open it to see what changed",
        "The root cause was rewritten.",
        CLOSED.summary,
        "To review: 1 case.",
        "No pattern moved in Symptom and Technique.",
        "The last 4 weeks bring 8, 9, 4 and 3.",
    ):
        assert words in " ".join(written.html.split()), words
        assert " ".join(words.split()) in lines, words


def test_a_subject_is_one_line():
    written = render(content(subject="Digest\r\nBcc: everybody@example.org"), chart_name="c")

    assert written.subject == "Digest Bcc: everybody@example.org"


def test_the_html_brings_all_it_needs_and_stays_small():
    html = render(content(), chart_name="chart.1@example.org").html

    assert [sign for sign in ("<script", "<link", "url(", "http://") if sign in html] == []
    assert html.count("src=") == html.count('src="cid:chart.1@example.org"') == 1
    assert '<h1 class="h1" style="' in html
    assert "prefers-color-scheme:dark" in html
    assert len(html.encode()) < 100_000


def test_plain_text_has_short_lines_except_for_addresses():
    text = render(content(), chart_name="c").text

    assert [line for line in text.splitlines() if len(line) > 76 and "https://" not in line] == []

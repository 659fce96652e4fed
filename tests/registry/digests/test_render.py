"""The mail as it is written."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser

import pytest

from registry.digests.content import (
    CaseLine,
    CaseList,
    Content,
    Debt,
    Difference,
    MovedPattern,
    Patterns,
    Weeks,
)
from registry.digests.mail import message_of
from registry.digests.render import render
from registry.models import Digest, Person, Subscription

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
    summary="Approved by Priya Raman; nothing is missing.",
)
MERGED = CaseLine(
    reference="AIR-3",
    url=f"{SITE}/cases/AIR-3/",
    title="A robot drops the cup",
    summary="AIR-12 was merged into it.",
    differences=(Difference(said="The context was written."),),
)


def content(**values):
    usual = {
        "subject": "2 patterns moved, 13 new cases, 1 critical",
        "period": "9–15 November 2026",
        "covers": "It covers two weeks: nothing of it had surely reached you before.",
        "bottom_line": "Test or grader gaming with Adversarial Goodhart passed the threshold: 6 of 76 cases.",
        "scope": "Everything",
        "why": "You get this on Mondays at 07:00 (Europe/London) because you follow everything.",
        "reasons": ("A case of critical potential severity came in: AIR-58.",),
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
        "merged": CaseList((MERGED,), 1, f"{SITE}/cases/"),
        "debt": Debt("Your debt is 34, down 6.", "AIR-48", f"{SITE}/cases/AIR-48/", "−8: write the root cause"),
        "queue": ("To analyse: 1 case of yours, untouched since 11 November.", "To review: 1 case."),
        "quiet": ("No pattern moved in Symptom and Technique.",),
        "urls": {
            "browser": f"{SITE}/digests/12/",
            "subscription": f"{SITE}/digests/subscription/",
            "stop": f"{SITE}/digests/stop/1:signature/",
            "home": f"{SITE}/",
            "cases": f"{SITE}/cases/?view=all",
        },
    }
    return Content(**usual | values)


def test_what_people_wrote_is_text_in_the_html_and_untouched_in_the_plain_part():
    written = render(content(), chart_name="chart.1@example.org")

    assert "Model &lt;b&gt;interferes&lt;/b&gt; &amp; shuts down" in written.html
    assert "Model <b>interferes</b> & shuts down" in written.text


# What only takes somewhere: plain text gives the address.
CONTROLS = {"Open queue", "Open the run", "View in the browser", "Change", "Stop"}


class Words(HTMLParser):
    """Everything an HTML mail says: its texts, its pictures' words and its addresses."""

    def __init__(self, html):
        super().__init__()
        self.texts, self.addresses, self.skipped = [], [], 0
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.skipped += tag in ("style", "title")
        self.addresses += [given["href"]] if tag == "a" else []
        self.texts += [given["alt"]] if tag == "img" else []

    def handle_endtag(self, tag):
        self.skipped -= tag in ("style", "title")

    def handle_data(self, text):
        words = " ".join(text.split()).strip("· ()")
        if words and not self.skipped and words not in CONTROLS:
            self.texts.append(words)


def as_one_line(text):
    return re.sub(r"[()\[\]]", "", " ".join(text.split())).casefold()


def gone():
    words = {"gone": "The view was deleted.", "bottom_line": "The view was deleted.", "weeks": None, "queue": ()}
    empty = dict.fromkeys(("new", "changed", "closed", "merged"), CaseList())
    return content(**words, **empty, patterns=Patterns(), quiet=(), reasons=(), debt=None)


def of_a_team():
    return content(queue=(), debt=None)


@pytest.mark.parametrize("said", [content(), gone(), of_a_team()], ids=["full", "gone", "team"])
def test_all_that_the_html_says_is_in_the_plain_text(said):
    written = render(said, chart_name="chart.1@example.org")
    html, text = Words(written.html), as_one_line(written.text)

    missing = [words for words in html.texts if as_one_line(words).strip(" .:;,") not in text]
    assert missing == []
    assert [url for url in html.addresses if url not in written.text] == []


def test_all_that_the_plain_text_says_is_in_the_html():
    written = render(content(), chart_name="chart.1@example.org")
    said = as_one_line(" ".join(Words(written.html).texts))

    words = [word for line in written.text.splitlines() if SITE not in line for word in as_one_line(line).split()]
    shown = set(said.replace("·", " ").split())
    assert {word for word in words if word.strip(".:") not in {each.strip(".:") for each in shown}} <= PLAIN_ONLY


# Signs of plain text, and “Moved to” words that stand for a link.
PLAIN_ONLY = {"*", "--", "·", "and"}


def test_a_digest_without_a_chart_brings_no_picture():
    written = render(gone(), chart_name="chart.1@example.org")

    assert (written.chart, "<img" in written.html) == (b"", False)


def test_a_team_has_no_queue():
    written = render(of_a_team(), chart_name="chart.1@example.org")

    assert "queue" not in (written.html + written.text).lower()


def test_a_subject_is_one_line():
    written = render(content(subject="Digest\r\nBcc: everybody@example.org"), chart_name="c")

    assert written.subject == "Digest Bcc: everybody@example.org"


def test_the_html_brings_all_it_needs():
    html = render(content(), chart_name="chart.1@example.org").html

    assert [sign for sign in ("<script", "<link", "url(", "http://") if sign in html] == []
    assert html.count("src=") == html.count('src="cid:chart.1@example.org"') == 1
    assert '<h1 class="h1" style="' in html
    assert "prefers-color-scheme:dark" in html


def fullest():
    """As many of everything as there can be, each as long as it can be."""
    title = f"“{'Überlänge ' * 19}…”"
    new = replace(NEW, title=title, summary="ä" * 239 + "…", facts=("AIR-123456", *["A very long name of a cause"] * 2))
    differences = (
        *(Difference("Potential severity", "moderate", "high") for _ in range(5)),
        Difference("Title", title[:120], title[:120]),
        Difference(said=f"The {'optimised objective, ' * 10}and context were written."),
        Difference(said=f"The {'evaluation breakdown, ' * 10}and context were removed."),
        Difference(said=f"Labels agreed: {'Volition-based (Misalignment causes), ' * 6}."),
    )
    changed = replace(CHANGED, title=title, differences=differences)
    lists = {
        "new": CaseList((new,) * 12, 999, f"{SITE}/cases/?{'q' * 300}"),
        "changed": CaseList((changed,) * 12, 999, f"{SITE}/cases/?{'q' * 300}"),
        "closed": CaseList((replace(CLOSED, title=title),) * 12, 999, f"{SITE}/cases/?{'q' * 300}"),
        "merged": CaseList((replace(changed, summary=MERGED.summary),) * 12, 999, f"{SITE}/cases/?{'q' * 300}"),
    }
    patterns = replace(content().patterns, moved=(PATTERN,) * 6, passive=(PASSIVE,) * 6, more=90)
    return content(**lists, patterns=patterns, reasons=("A case of critical severity came in: AIR-58. " * 4,) * 4)


def mail_of(written):
    """The bytes of the mail as they are sent."""
    noor = Person(name="Noor Haddad", email="noor@example.org")
    digest = Digest(
        subscription=Subscription(pk=1, person=noor),
        person=noor,
        address=noor.email,
        message_id="<1@example.org>",
        handed_at=datetime(2026, 11, 23, 7, tzinfo=UTC),
        subject=written.subject,
        text=written.text,
        html=written.html,
        chart=written.chart,
    )
    return message_of(digest).message().as_bytes()


def test_a_full_list_of_long_titles_is_told_whole_in_less_than_a_hundred_kilobytes():
    long = "Agent edits a failing test instead of the code that it tests, and says so " * 3
    lists = {"new": replace(NEW, title=long[:200], summary=long[:240]), "changed": replace(CHANGED, title=long[:200])}
    lists |= {"closed": replace(CLOSED, title=long[:200]), "merged": replace(MERGED, title=long[:200])}
    patterns = replace(content().patterns, moved=(PATTERN,) * 6, passive=(PASSIVE,) * 6, more=90)
    full = {name: CaseList((line,) * 12, 12, f"{SITE}/cases/") for name, line in lists.items()}

    written = render(content(**full, patterns=patterns), chart_name="chart.1@example.org")

    assert written.text.count(long[:40]) >= 48
    assert len(mail_of(written)) < 100_000


def test_a_mail_that_would_be_too_large_ends_its_lists_sooner_and_says_so():
    written = render(fullest(), chart_name="chart.1@example.org")

    assert len(mail_of(written)) < 100_000
    assert "NEW CASES (999)" in written.text
    assert "And 994 more:" in written.text
    assert "994 more</a>" in written.html


def test_plain_text_has_short_lines_except_for_addresses():
    text = render(content(), chart_name="c").text

    assert [line for line in text.splitlines() if len(line) > 76 and "https://" not in line] == []

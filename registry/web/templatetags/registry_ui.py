"""Tags and filters of every page: icons, words, dates, form controls and rendered Markdown."""

from datetime import date

import nh3
from django import template
from django.conf import settings
from django.forms import CheckboxInput
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from markdown_it import MarkdownIt

from registry.choices import STATUS_WORDS, Precision
from registry.patterns.populations import words_of
from registry.wording import day

register = template.Library()

HIGHEST_LADDER = 4
NARROW_SPACE = "\N{NARROW NO-BREAK SPACE}"
MARKDOWN = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable(["table", "strikethrough"])
# No pictures: an address in a case must not make every reader's browser call another server.
MARKDOWN_TAGS = {
    *("p", "br", "hr", "em", "strong", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a"),
    *("h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"),
}


@register.simple_tag
def icon(name, css="ic", label=""):
    """One icon of the sprite; decoration unless `label` says what it means."""
    address = f"{static('img/icons.svg')}#{name}"
    if label:
        return format_html('<svg class="{}" role="img" aria-label="{}"><use href="{}"/></svg>', css, label, address)
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}"/></svg>', css, address)


@register.filter
def ladder(rank):
    """Icon name of the severity ladder filled to `rank`."""
    return f"severity-{min(int(rank), HIGHEST_LADDER)}"


@register.filter
def ring(status):
    return f"status-{status}"


@register.filter
def stance_icon(stance):
    return f"stance-{stance}"


@register.filter
def population_words(population):
    return words_of(population)


@register.filter
def status_words(status):
    return STATUS_WORDS.get(status, status)


@register.filter
def reference(number):
    """Public reference of a case number: 214 → AIR-214."""
    return f"{settings.CASE_PREFIX}-{number}"


@register.simple_tag(takes_context=True)
def current(context, url, exact=False):
    """` aria-current="page"` when the page shown is `url` or, unless `exact`, lies below it."""
    request = context.get("request")
    here = request.path if request else ""
    return SafeString(' aria-current="page"') if here == url or (not exact and here.startswith(url)) else ""


register.filter("day", day)


@register.filter
def relative_date(at):
    """How long ago, in its largest unit: 3 days ago. Only for times that have passed."""
    now = timezone.now()
    words = timesince(at, now, depth=1).replace("\xa0", " ")
    return "just now" if words.startswith("0 ") else f"{words} ago"


@register.simple_tag
def moment(at, ago=True):
    """A time with its zone and, unless `ago` is false, how long ago it was; nothing for None."""
    if at is None:
        return ""
    local = timezone.localtime(at)
    absolute = f"{date_format(local, 'j M Y, H:i')} {local.tzname()}"
    if not ago:
        return format_html('<time class="nb" datetime="{}">{}</time>', local.isoformat(), absolute)
    return format_html(
        '<time datetime="{}"><span class="nb">{}</span> <small class="quiet nb">{}</small></time>',
        local.isoformat(),
        absolute,
        relative_date(at),
    )


@register.simple_tag
def ago(at):
    """How long ago, with the exact time on hover and for machines; nothing for None."""
    if at is None:
        return ""
    local = timezone.localtime(at)
    absolute = f"{date_format(local, 'j M Y, H:i')} {local.tzname()}"
    return format_html(
        '<time class="nb" datetime="{}" title="{}">{}</time>', local.isoformat(), absolute, relative_date(at)
    )


@register.filter
def occurred(case):
    """When a case happened, as exactly as is known: 12 Nov 2026, November 2026, 2026, 2014–2016 or Unknown."""
    pattern = {Precision.DAY: "j M Y", Precision.MONTH: "F Y", Precision.YEAR: "Y"}.get(case.occurred_precision)
    if pattern is None or not isinstance(case.occurred_from, date):
        return "Unknown"
    first = date_format(case.occurred_from, pattern)
    last = date_format(case.occurred_to, pattern) if case.occurred_to else first
    if first == last:
        return first
    return f"{first}–{last}" if case.occurred_precision == Precision.YEAR else f"{first} – {last}"


@register.filter
def percent(share):
    """A share of 1 in whole per cent: 0.118 → 12 %."""
    return "" if share is None else f"{share * 100:.0f}{NARROW_SPACE}%"


@register.filter
def times(ratio):
    """A ratio with two or three figures: 2.7×, 12×; nothing when it is hidden."""
    if ratio is None:
        return ""
    return f"{ratio:.0f}×" if ratio >= 9.95 else f"{ratio:.1f}×"


@register.filter
def p_value(value):
    """A p or q as it is printed: < 0.001, 0.009, 0.10, 0.29."""
    if value is None:
        return "–"
    if value < 0.001:
        return "< 0.001"
    return f"{value:.3f}" if value < 0.0995 else f"{value:.2f}"


@register.filter
def markdown(text):
    """Markdown as safe HTML: no raw HTML, no pictures; headings start at level three."""
    return html_of(MARKDOWN.parse(text or ""))


def html_of(tokens):
    """What `MARKDOWN` parsed, as safe HTML."""
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(int(token.tag[1]) + 2, 6)}"
    html = MARKDOWN.renderer.render(tokens, MARKDOWN.options, {})
    clean = nh3.clean(
        html,
        tags=MARKDOWN_TAGS,
        attributes={"a": {"href", "title"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener noreferrer",
    )
    return SafeString(clean)


@register.filter
def control(field, extra=""):
    """A bound field's control with the class of our fields; `extra` adds classes."""
    own = field.field.widget.attrs.get("class", "")
    return field.as_widget(attrs={"class": " ".join(filter(None, ["field", own, extra]))})


@register.filter
def is_checkbox(field):
    return isinstance(field.field.widget, CheckboxInput)


@register.simple_tag
def options(field):
    """Rows of a choice with its explanations.

    `field.field.descriptions` (value → text) and `.ranks` (value → severity rank) are optional attributes of
    the form field; a field with ranks draws the ladder beside each word.
    """
    descriptions = getattr(field.field, "descriptions", {})
    ranks = getattr(field.field, "ranks", {})
    rows = [
        {
            "control": choice.tag(),
            "label": choice.choice_label,
            "description": descriptions.get(str(choice.data["value"]), ""),
            "rank": ranks.get(str(choice.data["value"]), 0),
        }
        for choice in field
    ]
    return {"rows": rows, "ranked": bool(ranks)}

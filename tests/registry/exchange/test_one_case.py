"""A case as Markdown: nothing that people wrote can pass for the file's own."""

import pytest
from markdown_it import MarkdownIt

from registry.exchange.one_case import address, as_markdown, inline, listed, paired, tabled, written

HTML = MarkdownIt("commonmark", {"html": True}).enable("table")


def test_a_file_has_its_title_its_lines_and_its_sections():
    assert as_markdown(
        title="AIR-1 The boat circles",
        lines=[("Status", "Closed"), ("Owner", "")],
        sections=[("Analysis", [written("Context", "A race.")]), ("Sources", [])],
    ) == (
        "# AIR-1 The boat circles\n\n- **Status:** Closed\n- **Owner:** not known\n\n"
        "## Analysis\n\n### Context\n\n```markdown\nA race.\n```\n\n## Sources\n\nNothing.\n"
    )


@pytest.mark.parametrize(
    "text",
    ["```", "````\n# Not a heading\n`````", "a\r\n```\r\n<script>alert(1)</script>", "~~~\n</code></pre><b>", "`" * 50],
)
def test_no_text_leaves_its_fence(text):
    html = HTML.render(as_markdown(title="T", lines=[], sections=[("S", [written("Field", text), "after"])]))

    assert html.count("<pre>") == html.count("</pre>") == 1
    assert [tag for tag in ("<script>", "<b>", "<h1>Not") if tag in html] == []
    assert html.endswith("<p>after</p>\n")


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[click](javascript:alert(1))",
        "![x](https://example.org/x.png)",
        "**bold** _it_ `code` ~~s~~",
        "&lt;b&gt;",
        "a\n# heading\n- list",
        "1. first",
        "- item",
        "a | b",
        "\\*a\\*",
    ],
)
def test_inline_text_is_text_wherever_it_stands(text):
    line = inline(text)

    places = (f"# {line}", listed([line]), paired([("n", line)]), tabled(["h"], [[line]]))
    html = [HTML.render(place).replace("\n", "") for place in places]

    shown = (
        " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    )
    assert html == [
        f"<h1>{shown}</h1>",
        f"<ul><li>{shown}</li></ul>",
        f"<ul><li><strong>n:</strong> {shown}</li></ul>",
        f"<table><thead><tr><th>h</th></tr></thead><tbody><tr><td>{shown}</td></tr></tbody></table>",
    ]


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://example.org/a?b=c", "<https://example.org/a?b=c>"),
        ("https://example.org/<b>", "https://example.org/\\<b\\>"),
        ("javascript:alert(1)", "javascript:alert(1)"),
    ],
)
def test_only_a_plain_web_address_becomes_a_link(url, link):
    assert address(url) == link

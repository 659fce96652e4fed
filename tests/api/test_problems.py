"""The pages about types of problems, open to whoever was refused."""

import json
import re
from html import unescape

import pytest

from api.problem_examples import SAID
from api.problems import PROBLEMS
from tests.api.conftest import Tool

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("slug", PROBLEMS)
def test_each_type_has_a_page_with_an_example(slug):
    page = Tool().get(f"problems/{slug}/").text

    example = json.loads(unescape(re.search(r"<pre[^>]*>(.*?)</pre>", page, re.DOTALL)[1]))
    assert (example["type"], example["status"]) == (f"/api/v1/problems/{slug}/", PROBLEMS[slug].status)
    assert example["title"] == PROBLEMS[slug].title
    assert "`" not in page


def test_one_page_lists_them_all():
    page = Tool().get("problems/").text

    assert re.findall(r'href="/api/v1/problems/([a-z-]+)/"', page) == sorted(PROBLEMS, key=lambda s: PROBLEMS[s].status)


def test_nothing_is_said_of_types_that_are_gone():
    assert set(SAID) - set(PROBLEMS) == set()
    assert Tool().get("problems/nonsense/").status_code == 404

"""Where things are: addresses of the API (`url`) and of the pages for people (`html_url`)."""

from functools import cache
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

API = "/api/v1"


class Addresses:
    """Absolute addresses for one request, made without asking the router for each row."""

    def __init__(self, request):
        self.root = f"{request.scheme}://{request.get_host()}"
        self.api = self.root + API

    def of(self, path, page, *, query="", **address):
        """`path` below the API, and the page of that name with `query`."""
        place = reverse(page, kwargs=address) + (query and f"?{query}")
        return {"url": f"{self.api}/{path}/", "html_url": self.root + place}

    def case(self, reference):
        return {"url": f"{self.api}/cases/{reference}/", "html_url": self.root + case_page(reference)}

    def beside(self, reference, path, place=""):
        """What stands beside a case, at `place` of its page."""
        page = self.root + case_page(reference) + (place and f"#{place}")
        return {"url": f"{self.api}/cases/{reference}/{path}/", "html_url": page}

    def comment(self, reference, number):
        page = f"{self.root}{case_page(reference)}#comment-{number}"
        return {"url": f"{self.api}/comments/{number}/", "html_url": page}

    def evidence(self, number):
        return {"url": f"{self.api}/evidence/{number}/", "html_url": f"{self.root}{numbered_page('evidence', number)}"}

    def source(self, number):
        return {"url": f"{self.api}/sources/{number}/", "html_url": f"{self.root}{numbered_page('source', number)}"}

    def label(self, reference, node):
        return {"url": f"{self.api}/cases/{reference}/labels/{node}/", "html_url": self.root + case_page(reference)}

    def scheme(self, slug):
        return {"url": f"{self.api}/schemes/{slug}/", "html_url": f"{self.root}{reverse('taxonomy')}#{slug}"}

    def node(self, scheme, slug):
        before, between, after = node_page()
        page = f"{before}{scheme}{between}{slug}{after}"
        return {"url": f"{self.api}/nodes/{scheme}:{slug}/", "html_url": self.root + page}

    def job(self, number):
        return {"url": f"{self.api}/jobs/{number}/", "html_url": None}

    def export(self, number):
        return {"url": f"{self.api}/exports/{number}/", "html_url": self.root + reverse("export-list")}

    def cases(self, **filters):
        """The list of cases that these filters narrow."""
        return f"{self.api}/cases/?{urlencode(filters)}"

    def claim(self, node, number):
        return f"{self.api}/nodes/{node.key}/alternative-parents/{number}/"

    def mapping(self, number, node):
        page = self.node(node.scheme.slug, node.slug)["html_url"]
        return {"url": f"{self.api}/mappings/{number}/", "html_url": page}

    def taxonomy_change(self, number):
        page = f"{reverse('relabel-list')}?change={number}"
        return {"url": f"{self.api}/taxonomy-changes/{number}/", "html_url": self.root + page}

    def relabel(self, number, change):
        page = f"{reverse('relabel-list')}?change={change}"
        return {"url": f"{self.api}/relabels/{number}/", "html_url": self.root + page}

    def party(self, kind, number):
        """`kind` is the first segment of the address; no page is about one of them."""
        return {"url": f"{self.api}/{kind}/{number}/", "html_url": None}

    def agreement_run(self, number, period):
        page = reverse("agreement") + ("" if period == "all" else f"?period={period}")
        return {"url": f"{self.api}/agreement/runs/{number}/", "html_url": self.root + page}

    def run(self, number):
        page = reverse("pattern-run", kwargs={"run": number})
        return {"url": f"{self.api}/patterns/runs/{number}/", "html_url": self.root + page}


def reference_of(number):
    return f"{settings.CASE_PREFIX}-{number}"


@cache
def case_page_parts():
    return tuple(reverse("case", kwargs={"reference": "AIR-0"}).split("AIR-0"))


def case_page(reference):
    before, after = case_page_parts()
    return f"{before}{reference}{after}"


@cache
def node_page():
    whole = reverse("node", kwargs={"scheme": "scheme-0", "slug": "slug-0"})
    before, _, rest = whole.partition("scheme-0")
    between, _, after = rest.partition("slug-0")
    return before, between, after


@cache
def numbered_page_parts(name):
    return tuple(reverse(name, kwargs={"pk": 0}).split("0"))


def numbered_page(name, number):
    before, after = numbered_page_parts(name)
    return f"{before}{number}{after}"

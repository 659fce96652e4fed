"""Where things are: addresses of the API (`url`) and of the pages for people (`html_url`)."""

from functools import cache

from django.conf import settings
from django.urls import reverse

API = "/api/v1"


class Addresses:
    """Absolute addresses for one request, made without asking the router for each row."""

    def __init__(self, request):
        self.root = f"{request.scheme}://{request.get_host()}"
        self.api = self.root + API

    def case(self, reference):
        return {"url": f"{self.api}/cases/{reference}/", "html_url": self.root + case_page(reference)}

    def label(self, reference, node):
        return {"url": f"{self.api}/cases/{reference}/labels/{node}/", "html_url": self.root + case_page(reference)}

    def scheme(self, slug):
        return {"url": f"{self.api}/schemes/{slug}/", "html_url": f"{self.root}{reverse('taxonomy')}#{slug}"}

    def node(self, scheme, slug):
        before, between, after = node_page()
        page = f"{before}{scheme}{between}{slug}{after}"
        return {"url": f"{self.api}/nodes/{scheme}:{slug}/", "html_url": self.root + page}

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

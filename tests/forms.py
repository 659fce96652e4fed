"""Filling in the forms of a page as a browser would."""

from html.parser import HTMLParser


class FormParser(HTMLParser):
    """Collects name and value of every field of the form with the id `wanted`, as a browser would send them."""

    def __init__(self, wanted):
        super().__init__()
        self.wanted, self.inside, self.values = wanted, False, {}
        self.select = self.textarea = None
        self.text = ""

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "form":
            self.inside = given.get("id") == self.wanted
        if not self.inside:
            return
        if tag == "input" and "name" in given:
            self._input(given)
        elif tag == "select":
            self.select = given.get("name")
        elif tag == "option" and self.select and "selected" in given:
            self.values[self.select] = given.get("value", "")
        elif tag == "textarea":
            self.textarea, self.text = given.get("name"), ""

    def _input(self, given):
        kind = given.get("type", "text")
        if kind in ("submit", "button", "file") or (kind in ("checkbox", "radio") and "checked" not in given):
            return
        self.values[given["name"]] = given.get("value", "on" if kind == "checkbox" else "")

    def handle_data(self, data):
        if self.textarea:
            self.text += data

    def handle_endtag(self, tag):
        if tag == "textarea" and self.textarea:
            self.values[self.textarea] = self.text.removeprefix("\n").removeprefix("\r\n")
            self.textarea = None
        elif tag == "select":
            self.select = None
        elif tag == "form":
            self.inside = False


def filled_form(response, form_id):
    """{name: value} of a form as the page shows it."""
    parser = FormParser(form_id)
    parser.feed(response.content.decode())
    return parser.values

"""One row of the change feed."""

from django.urls import reverse
from rest_framework import serializers

from registry import changes
from registry.choices import ChangeAction, ChangeOf

# Where to read what stands beside a case; what has an address of its own is below.
BESIDE_A_CASE = {
    ChangeOf.LABEL: "labels/",
    ChangeOf.SAFEGUARD: "safeguards/",
    ChangeOf.EVIDENCE: "evidence/",
    ChangeOf.COMMENT: "comments/",
    ChangeOf.LINK: "links/",
}


class ChangeShape(serializers.Serializer):
    cursor = serializers.CharField(help_text="Give it as `since` to go on after this row.")
    at = serializers.DateTimeField()
    what = serializers.ChoiceField(ChangeOf.choices)
    action = serializers.ChoiceField(
        ChangeAction.choices,
        help_text="`changed` may be the first you hear of a thing: it came into your sight. `gone`: it left it.",
    )
    id = serializers.IntegerField(allow_null=True, help_text="The number of what changed, in its own kind.")
    reference = serializers.CharField(allow_null=True, help_text="Of a case, node or scheme, where it is still there.")
    case = serializers.CharField(allow_null=True, help_text="The case it belongs to.")
    other = serializers.CharField(allow_null=True, help_text="Of a link: the case at its other end.")
    node = serializers.CharField(allow_null=True, help_text="The node it is about, as `scheme:slug`.")
    merged_into = serializers.CharField(allow_null=True, help_text="Of a case that is gone: where it went.")
    url = serializers.URLField(allow_null=True, help_text="Where to read it; null once there is nothing to read.")
    html_url = serializers.URLField(allow_null=True)
    version = serializers.IntegerField(allow_null=True)
    fields = serializers.ListField(child=serializers.CharField(), help_text="What changed; empty where it was made.")
    by = serializers.CharField(allow_null=True, help_text="A user name.")
    request_id = serializers.CharField(allow_null=True, help_text="The `X-Request-ID` of the request that did it.")


class ChangesShape(serializers.Serializer):
    results = ChangeShape(many=True)
    cursor = serializers.CharField(help_text="Give it as `since` next time. It stays as it is while nothing is new.")
    next = serializers.URLField(help_text="The same as an address.")
    more = serializers.BooleanField(help_text="Whether more rows wait already.")


def change_of(told, addresses):
    facts = changes.facts_of(told)
    return {"cursor": changes.cursor_of(told.row.position), **facts, **where_to_read(told, facts["case"], addresses)}


def where_to_read(told, case, addresses):
    row = told.row
    if told.action in (ChangeAction.GONE, ChangeAction.REMOVED):
        return {"url": None, "html_url": None}
    if row.what == ChangeOf.NODE and told.node:
        return addresses.node(told.node.scheme.slug, told.node.slug)
    if row.what == ChangeOf.SCHEME and told.scheme:
        return addresses.scheme(told.scheme)
    if row.what == ChangeOf.MITIGATION:
        page = reverse("mitigation", kwargs={"pk": row.thing})
        return {"url": f"{addresses.api}/mitigations/{row.thing}/", "html_url": addresses.root + page}
    if case is None:
        return {"url": None, "html_url": None}
    whole = addresses.case(case)
    return {**whole, "url": whole["url"] + BESIDE_A_CASE.get(row.what, "")}

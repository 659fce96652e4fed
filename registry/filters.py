"""Which cases: one filter set for the list page, its facets and the REST list."""

import django_filters as filters
from django.core.exceptions import ValidationError
from django.db.models import Exists, Func, IntegerField, OuterRef, Q
from django.http import QueryDict

from registry import access, search
from registry.blind import PUBLIC, carries, is_known, is_open_to
from registry.choices import (
    TEMPLATE_FIELDS,
    Kind,
    LinkKind,
    Method,
    Predictability,
    Scope,
    Stage,
    Stance,
    Status,
    Visibility,
)
from registry.counted_paths import counted_path
from registry.filter_fields import (
    ME,
    DayFilter,
    MomentFilter,
    NodesFilter,
    PartFilter,
    PeopleFilter,
    PersonalFilterSet,
    SearchFilter,
    SeveralFilter,
    TierFilter,
    WholeFilter,
    YesNoFilter,
    one_of,
    rows_of,
)
from registry.filter_fields import (
    find_node as find_node,
)
from registry.models import (
    Case,
    CaseLink,
    CaseSource,
    CaseSystem,
    Classification,
    Evidence,
    ExternalId,
    Label,
    PatternLayers,
    PatternMiss,
    PatternPair,
    PatternRun,
    System,
)
from registry.models.workflow import CAUSE_SCHEME
from taxonomy.models import Node, SeverityTier

# No row has this key: a filter that finds nothing stays a statement that can be counted, explained and exported.
NOBODY = (0,)
MISSING = (
    *((name, Case._meta.get_field(name).verbose_name.capitalize()) for name in TEMPLATE_FIELDS[1:]),
    ("potential_severity", "Potential severity"),
    ("realised_severity", "Realised severity"),
    ("cause", "Cause of misalignment"),
    ("predictability", "Predictability"),
    ("owner", "Owner"),
    ("date", "Date"),
    ("system", "System"),
    ("evidence", "Evidence"),
    ("source", "Source"),
)
HAS = (("evidence", "Evidence"), ("source", "Source"), ("links", "Links to other cases"))


class CaseFilterSet(PersonalFilterSet):
    """A repeated parameter means “or”, different parameters mean “and”.

    `person` is who asks: `me`, and what a rater may know of others' labels, depend on it. Without one, only
    labels that everybody may see are found.
    """

    q = SearchFilter(method="search", label="Search")
    status = one_of(Status)
    status__not = one_of(Status, field_name="status", exclude=True)
    kind = one_of(Kind)
    kind__not = one_of(Kind, field_name="kind", exclude=True)
    stage = one_of(Stage)
    stage__not = one_of(Stage, field_name="stage", exclude=True)
    scope = one_of(Scope)
    scope__not = one_of(Scope, field_name="scope", exclude=True)
    predictability = one_of(Predictability)
    title__contains = PartFilter(field_name="title", label="The title contains these characters, whatever the case")
    severity = rows_of("potential_severity", SeverityTier.objects.all(), "slug")
    severity__not = rows_of("potential_severity", SeverityTier.objects.all(), "slug", exclude=True)
    severity__gte = TierFilter(field_name="severity_rank", lookup_expr="gte", label="Potential severity at least this")
    severity__gt = TierFilter(field_name="severity_rank", lookup_expr="gt", label="Potential severity above this")
    severity__lte = TierFilter(field_name="potential_severity", lookup_expr="lte", label="At most this, and set")
    severity__lt = TierFilter(field_name="potential_severity", lookup_expr="lt", label="Below this, and set")
    severity__isnull = YesNoFilter(field_name="potential_severity", lookup_expr="isnull")
    realised_severity = rows_of("realised_severity", SeverityTier.objects.all(), "slug")
    realised_severity__not = rows_of("realised_severity", SeverityTier.objects.all(), "slug", exclude=True)
    realised_severity__gte = TierFilter(field_name="realised_severity", lookup_expr="gte", label="At least this")
    realised_severity__lte = TierFilter(
        field_name="realised_severity", lookup_expr="lte", label="At most this, and set"
    )
    realised_severity__isnull = YesNoFilter(field_name="realised_severity", lookup_expr="isnull")
    label = NodesFilter(method="with_any_label", label="Carries any of these nodes or one below them")
    label__all = NodesFilter(method="with_all_labels", label="Carries all of these nodes or ones below them")
    label__none = NodesFilter(method="with_no_label", label="Carries none of these nodes nor one below them")
    label__under = NodesFilter(method="with_any_label", label="The same as label")
    label_method = filters.MultipleChoiceFilter(
        choices=Method.choices, method="labelled_by", label="Carries an agreed label that came about in this way"
    )
    confidence__gte = WholeFilter(
        method="labelled_with_confidence",
        min_value=0,
        max_value=100,
        label="Somebody is at least so sure, in per cent, that a label applies",
    )
    system = SeveralFilter(method="about_system", label="System, by name or alias")
    owner = PeopleFilter(method="of_people", label="User name or name; `me` is who asks")
    owner__not = PeopleFilter(method="not_of_people", label="Nobody of these owns it; nobody at all may")
    owner__isnull = YesNoFilter(field_name="owner", lookup_expr="isnull")
    reporter = PeopleFilter(method="of_people", label="User name or name; `me` is who asks")
    reporter__not = PeopleFilter(method="not_of_people", label="Nobody of these reported it")
    visibility = one_of(Visibility)
    visibility__not = one_of(Visibility, field_name="visibility", exclude=True)
    team = SeveralFilter(method="of_team", label="For this team only, by its name")
    event_group = WholeFilter(method="in_group", label="Number of an event group")
    event_group__isnull = YesNoFilter(field_name="event_group", lookup_expr="isnull")
    missing = filters.MultipleChoiceFilter(choices=MISSING, method="without", label="Lacks any of these")
    has = filters.MultipleChoiceFilter(choices=HAS, method="with_any_of", label="Has any of these")
    occurred__gte = DayFilter(field_name="occurred_from", lookup_expr="gte")
    occurred__lte = DayFilter(field_name="occurred_from", lookup_expr="lte")
    occurred__gt = DayFilter(field_name="occurred_from", lookup_expr="gt")
    occurred__lt = DayFilter(field_name="occurred_from", lookup_expr="lt")
    occurred__isnull = YesNoFilter(field_name="occurred_from", lookup_expr="isnull")
    reported__gte = MomentFilter(field_name="reported_at", lookup_expr="gte")
    reported__lte = MomentFilter(field_name="reported_at", lookup_expr="lte")
    reported__gt = MomentFilter(field_name="reported_at", lookup_expr="gt")
    reported__lt = MomentFilter(field_name="reported_at", lookup_expr="lt")
    updated__gte = MomentFilter(field_name="updated_at", lookup_expr="gte")
    updated__lte = MomentFilter(field_name="updated_at", lookup_expr="lte")
    updated__gt = MomentFilter(field_name="updated_at", lookup_expr="gt")
    updated__lt = MomentFilter(field_name="updated_at", lookup_expr="lt")
    closed__gte = MomentFilter(field_name="closed_at", lookup_expr="gte")
    closed__lte = MomentFilter(field_name="closed_at", lookup_expr="lte")
    closed__gt = MomentFilter(field_name="closed_at", lookup_expr="gt")
    closed__lt = MomentFilter(field_name="closed_at", lookup_expr="lt")
    closed__isnull = YesNoFilter(field_name="closed_at", lookup_expr="isnull")
    source = filters.CharFilter(method="in_database", label="Has a number in this database")
    source__not = SeveralFilter(method="not_in_database", label="Has a number in none of these databases")
    pair = WholeFilter(method="behind_pair", label="The cases a pattern run counted for this pair")
    layers = WholeFilter(method="behind_layers", label="Cases with safeguards in this pattern run")
    missed = NodesFilter(method="where_techniques", label="All of these techniques missed it, in that run or the last")
    caught = NodesFilter(method="where_techniques", label="All of these techniques caught it, in that run or the last")
    judged = NodesFilter(method="where_techniques", label="It is known of each of these techniques, missed or caught")
    miss = WholeFilter(method="behind_miss", label="The cases a pattern run counted for this way to miss")

    class Meta:
        model = Case
        fields = []

    def search(self, queryset, name, value):
        return queryset.filter(search.matching(value)) if value.strip() else queryset

    def with_any_label(self, queryset, name, nodes):
        return queryset.filter(carries(self.person, [node.pk for node in nodes])) if nodes else queryset

    def with_all_labels(self, queryset, name, nodes):
        if not nodes:
            return queryset
        known = is_known(self.person, [[node.pk] for node in nodes])
        return queryset.filter(known, node_path__contains=[node.pk for node in nodes])

    def with_no_label(self, queryset, name, nodes):
        return queryset.exclude(carries(self.person, [node.pk for node in nodes])) if nodes else queryset

    def labelled_by(self, queryset, name, methods):
        if not methods:
            return queryset
        agreed = Classification.objects.filter(case=OuterRef("pk"), method__in=methods)
        public = agreed.filter(method__in=PUBLIC)
        return queryset.filter(Exists(public) | (Q(is_open_to(self.person)) & Exists(agreed)))

    def labelled_with_confidence(self, queryset, name, value):
        said = Label.objects.filter(case=OuterRef("pk"), submitted_at__isnull=False)
        sure = said.filter(stance=Stance.PRESENT, confidence__gte=value)
        return queryset.filter(Exists(sure), is_open_to(self.person))

    def about_system(self, queryset, name, names):
        if not names:
            return queryset
        named = Q()
        for text in names:
            named |= Q(name__iexact=text) | Q(aliases__name__iexact=text)
        # Found first: for keys the planner knows how many cases there are, for names it does not.
        systems = list(System.objects.filter(named).distinct().values_list("pk", flat=True))
        return queryset.filter(pk__in=CaseSystem.objects.filter(system__in=systems or NOBODY).values("case"))

    def of_people(self, queryset, name, people):
        if not people:
            return queryset
        keys = [(self.person and self.person.pk) if person == ME else person.pk for person in people]
        return queryset.filter(**{f"{name}__in": [key for key in keys if key] or NOBODY})

    def not_of_people(self, queryset, name, people):
        """`owner__not=me` is also what nobody owns: somebody else does not own it either."""
        keys = [
            key for person in people or () if (key := (self.person and self.person.pk) if person == ME else person.pk)
        ]
        return queryset.exclude(**{f"{name.removesuffix('__not')}__in": keys}) if keys else queryset

    def of_team(self, queryset, name, names):
        named = Q()
        for text in names or ():
            named |= Q(team__name__iexact=text)
        return queryset.filter(named)

    def in_group(self, queryset, name, value):
        return queryset.filter(event_group=value)

    def without(self, queryset, name, values):
        lacks = Q()
        for value in values:
            lacks |= self.lacking(value)
        return queryset.filter(lacks)

    def lacking(self, name):
        """Of cases: those without one thing of MISSING."""
        of_case = {"case": OuterRef("pk")}
        rows = {
            "system": CaseSystem.objects.filter(**of_case),
            "evidence": Evidence.objects.filter(removed_at=None, **of_case),
            "source": CaseSource.objects.filter(**of_case),
        }
        if name in rows:
            return ~Exists(rows[name])
        if name == "cause":
            causes = Node.objects.filter(scheme__slug=CAUSE_SCHEME).values_list("pk", flat=True)
            return ~carries(self.person, list(causes))
        if name in ("owner", "potential_severity", "realised_severity", "date"):
            return Q(**{f"{'occurred_from' if name == 'date' else name}__isnull": True})
        return Q(**{name: ""})

    def with_any_of(self, queryset, name, values):
        having = Q()
        for value in values:
            having |= self.linked() if value == "links" else ~self.lacking(value)
        return queryset.filter(having)

    def linked(self):
        """Of cases: those linked to another one that the person may see; a link to a hidden case is none."""
        seen = access.visible_to(self.person).values("pk") if self.person else Case.objects.none().values("pk")
        links = CaseLink.objects.exclude(kind=LinkKind.DIFFERENT)
        to_other = links.filter(case=OuterRef("pk"), other__in=seen)
        from_other = links.filter(other=OuterRef("pk"), case__in=seen)
        return Q(Exists(to_other)) | Q(Exists(from_other))

    def in_database(self, queryset, name, value):
        return queryset.filter(pk__in=ExternalId.objects.filter(source=value).values("case"))

    def not_in_database(self, queryset, name, values):
        numbered = ExternalId.objects.filter(case=OuterRef("pk"), source__in=values)
        return queryset.exclude(Exists(numbered)) if values else queryset

    def behind_pair(self, queryset, name, value):
        pairs = PatternPair.objects.select_related("run__population")
        pair = pairs.filter(pk=value).first()
        if pair is None:
            return queryset.filter(pk__in=NOBODY)
        nodes, population = [pair.node_a_id, pair.node_b_id], pair.run.population
        known = queryset.filter(is_known(self.person, [[node] for node in nodes]))
        # A run keeps the cases behind what it flagged; for another pair, those that carry both nodes now.
        if population is None:
            return known.filter(pk__in=pair.case_ids) if pair.case_ids else known.filter(node_path__contains=nodes)
        if not pair.case_ids:
            with_path = chosen_by(population).annotate(counted_path=counted_path(population.label_rule))
            return known.filter(pk__in=with_path.filter(counted_path__contains=nodes).values("pk"))
        # As in `kept_with`, except that what the population finds today it finds by what everybody may know.
        open_to = is_open_to(self.person)
        told = open_to | Q(pk__in=chosen_by(population).values("pk")) if open_to else Q()
        return known.filter(told, pk__in=pair.case_ids)

    def behind_layers(self, queryset, name, value):
        return self.kept_with(queryset, PatternLayers.objects.filter(run=self.run_of_layers()))

    def where_techniques(self, queryset, name, nodes):
        """A case is behind one combination of a run, so that several of these filters meet in the same one."""
        rows = PatternLayers.objects.filter(run=self.run_of_layers())
        for node in nodes or ():
            missed, caught = Q(missed__contains=[node.pk]), Q(caught__contains=[node.pk])
            rows = rows.filter({"missed": missed, "caught": caught}.get(name, missed | caught))
        return self.kept_with(queryset, rows) if nodes else queryset

    def run_of_layers(self):
        """The number of the run that `layers` names, else of the latest; 0 where there is none."""
        number = self.form.cleaned_data.get("layers")
        if number is not None:
            return number
        return PatternRun.objects.standard().values_list("pk", flat=True).first() or 0

    def behind_miss(self, queryset, name, value):
        return self.kept_with(queryset, PatternMiss.objects.filter(pk=value))

    def kept_with(self, queryset, rows):
        """The cases that runs keep with these rows. A run of some cases may have chosen them by their labels: which
        they are is not for raters who have yet to label them.
        """
        numbers = rows.annotate(number=Func("case_ids", function="unnest", output_field=IntegerField()))
        of_all = Q(pk__in=numbers.filter(run__population=None).values("number"))
        of_some = Q(pk__in=numbers.filter(run__population__isnull=False).values("number"))
        return queryset.filter(of_all | (Q(is_open_to(self.person)) & of_some))


def problems_in(filterset):
    """What of the filters it was given does not work, in words: names that no filter has, and wrong values."""
    unknown = [name for name in filterset.data if name not in CaseFilterSet.base_filters]
    wrong = [f"{name}: {error}" for name, errors in filterset.form.errors.items() for error in errors]
    return [*(f"{name[:80]}: there is no such filter." for name in unknown), *wrong]


def cases_of(population):
    """The cases that runs of `population` count; every case open to everyone for None.

    Raises ValidationError where a filter has lost its meaning since, as with a node that was renamed: leaving it out
    would count other cases than the words say.
    """
    cases = access.counted_cases()
    if population is None:
        return cases
    found = CaseFilterSet(QueryDict(population.query), queryset=cases)
    if not found.is_valid():
        raise ValidationError({name: [str(error) for error in errors] for name, errors in found.errors.items()})
    return found.qs


def chosen_by(population):
    """The same; none where a filter has lost its meaning."""
    try:
        return cases_of(population)
    except ValidationError:
        return Case.objects.none()


# The filters that may be given several times, which means “or” (lists of nodes: see each filter).
REPEATABLE = frozenset(
    name
    for name, each in CaseFilterSet.base_filters.items()
    if isinstance(each, (SeveralFilter, filters.MultipleChoiceFilter))
)
# Each ordering ends in the id, so that a page boundary is never ambiguous; all are served by an index.
ORDERINGS = {
    "-occurred_at": ("-occurred_on", "-id"),
    "occurred_at": ("occurred_on", "id"),
    "-severity": ("-severity_rank", "-id"),
    "-updated_at": ("-updated_at", "-id"),
    "-reported_at": ("-reported_at", "-id"),
    "-id": ("-id",),
    "id": ("id",),
}
DEFAULT_ORDERING = "-occurred_at"
# With words to search for: see search.ranked.
RELEVANCE = {search.RELEVANCE: ("-relevance", "-id")}
ALL_ORDERINGS = ORDERINGS | RELEVANCE

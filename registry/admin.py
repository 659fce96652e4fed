"""The administration of the product: people, subscriptions, parties and events; cases, jobs and runs to look at."""

import pghistory
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from registry import access
from registry.actions import exposures, jobs, people, subscriptions
from registry.actions.subscriptions import CONDITIONS
from registry.models import (
    Case,
    CountedRange,
    EventGroup,
    Exposure,
    Job,
    Organisation,
    OrganisationAlias,
    PatternRun,
    Person,
    Population,
    Subscription,
    System,
    SystemAlias,
    Team,
    TeamMember,
)
from taxonomy.admin import EntryAdmin, EntryForm, EntryInline, NodeAdmin, SchemeAdmin
from taxonomy.models import Node, Scheme


class Counted:
    """What the statistics read: a change leaves a recompute to be done, like every other one."""

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        jobs.leave_recompute(at=timezone.now())


@admin.register(Node)
class CountedNodeAdmin(Counted, NodeAdmin):
    pass


@admin.register(Scheme)
class CountedSchemeAdmin(Counted, SchemeAdmin):
    pass


class ReadOnlyAdmin(admin.ModelAdmin):
    """To look at; nothing is added, changed or deleted here."""

    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_readonly_fields(self, request, obj=None):
        return self.fields or [field.name for field in self.model._meta.concrete_fields]


@admin.register(Case)
class CaseAdmin(ReadOnlyAdmin):
    """Cases are changed on the product's own pages; an administrator finds only those they may see there."""

    list_display = ["reference", "title", "status", "visibility", "owner", "page"]
    list_display_links = ["reference"]
    list_filter = ["status", "visibility", "kind"]
    list_select_related = ["owner"]
    search_fields = ["title", "=id"]
    ordering = ["-pk"]
    fields = [
        *("reference", "title", "page", "kind", "status", "visibility", "reporter", "owner", "reviewer"),
        *("event_group", "version", "created_at", "updated_at"),
    ]

    def get_queryset(self, request):
        return access.visible_to(request.user).order_by(*self.ordering)

    def view_on_site(self, obj):
        return obj.get_absolute_url()

    @admin.display(description="in the registry")
    def page(self, obj):
        return format_html('<a href="{}">Open {}</a>', obj.get_absolute_url(), obj.reference)


class PersonForm(EntryForm, UserChangeForm):
    class Meta:
        model = Person
        fields = ["username", "name", "email", "role", "is_active", "time_zone", "password"]

    def clean(self):
        cleaned = super().clean()
        role, is_active = cleaned.get("role", self.instance.role), cleaned.get("is_active", self.instance.is_active)
        people.require_an_administrator_besides(self.instance, role=role, is_active=is_active)
        return cleaned


class NewPersonForm(AdminUserCreationForm):
    class Meta:
        model = Person
        fields = ["username", "name", "email", "role"]


@admin.register(Person)
class PersonAdmin(UserAdmin, EntryAdmin):
    form = PersonForm
    add_form = NewPersonForm
    list_display = ["username", "name", "email", "role", "is_active"]
    list_filter = ["role", "is_active"]
    search_fields = ["username", "name", "email"]
    ordering = ["username"]
    filter_horizontal = []
    readonly_fields = ["username", "last_login", "created_at"]
    fieldsets = [
        (None, {"fields": ["username", "name", "email", "role", "is_active", "time_zone", "password"]}),
        ("Dates", {"fields": ["created_at", "last_login"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "name", "email", "role"]}),
        ("Password", {"fields": ["usable_password", "password1", "password2"]}),
    ]

    def get_fieldsets(self, request, obj=None):
        return super().get_fieldsets(request, obj) if obj else self.add_fieldsets

    def get_readonly_fields(self, request, obj=None):
        return self.readonly_fields if obj else []

    def save_model(self, request, obj, form, change):
        at = timezone.now()
        if change:
            people.edit_person(person=obj, by=request.user, at=at, **form.changes)
            return
        values = {name: form.cleaned_data[name] for name in ("username", "name", "email", "role")}
        password = form.cleaned_data["password1"] if form.cleaned_data.get("set_usable_password", True) else None
        obj.pk = people.create_person(by=request.user, at=at, password=password or None, **values).pk

    def user_change_password(self, request, id, form_url=""):  # noqa: A002  Django's own name for it
        with pghistory.context(person=request.user.pk, action="set_password"):
            return super().user_change_password(request, id, form_url)


@admin.register(Subscription)
class SubscriptionAdmin(EntryAdmin):
    """Here one to everything is made, and any is moved or stopped; the rest is on the page of its reader.

    Names of views and systems are left out: a view may be private, and a system known from a confidential case only.
    """

    list_display = ["person", "team", "about", "cadence", "weekday", "hour", "time_zone", "paused_until", "active"]
    list_filter = ["active", "about", "cadence"]
    list_select_related = ["person", "team"]
    search_fields = ["person__name", "person__username", "team__name"]
    ordering = ["person__name", "pk"]
    raw_id_fields = ["person"]
    fields = ["person", "weekday", "hour", "time_zone"]
    known = ["team", "about", "cadence", "day", *CONDITIONS, "paused_until", "active", "created_at"]
    actions = ["stop"]

    def get_fields(self, request, obj=None):
        return [*self.fields, *self.known] if obj else self.fields

    def get_readonly_fields(self, request, obj=None):
        return ["person", *self.known] if obj else []

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """What the action refuses, such as a second one of the kind, is said above the empty form."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect(request.path)

    def save_model(self, request, obj, form, change):
        when = {name: form.cleaned_data[name] for name in ("weekday", "hour", "time_zone")}
        signature = {"by": request.user, "at": timezone.now()}
        if change:
            subscriptions.change_subscription(subscription=obj, **when, **signature)
        else:
            obj.pk = subscriptions.subscribe(person=obj.person, **when, **signature).pk

    @admin.action(description="Stop the selected subscriptions")
    def stop(self, request, queryset):
        running = list(queryset.filter(active=True))
        for subscription in running:
            subscriptions.unsubscribe(subscription=subscription, by=request.user, at=timezone.now())
        messages.success(request, f"{len(running)} stopped.")


class OrganisationAliasInline(EntryInline):
    model = OrganisationAlias


class SystemAliasInline(EntryInline):
    model = SystemAlias


@admin.register(Organisation)
class OrganisationAdmin(EntryAdmin):
    list_display = ["name", "other_names"]
    search_fields = ["name", "aliases__name"]
    ordering = ["name"]
    fields = ["name"]
    inlines = [OrganisationAliasInline]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("aliases")

    @admin.display(description="also called")
    def other_names(self, obj):
        return ", ".join(sorted(alias.name for alias in obj.aliases.all())) or None


@admin.register(System)
class SystemAdmin(OrganisationAdmin):
    list_display = ["name", "developer", "other_names"]
    list_select_related = ["developer"]
    raw_id_fields = ["developer"]
    fields = ["name", "developer"]
    inlines = [SystemAliasInline]


class TeamMemberInline(EntryInline):
    model = TeamMember
    raw_id_fields = ["person"]


@admin.register(Team)
class TeamAdmin(EntryAdmin):
    list_display = ["name", "email", "people"]
    search_fields = ["name", "email"]
    ordering = ["name"]
    fields = ["name", "email"]
    inlines = [TeamMemberInline]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("members__person")

    @admin.display(description="members")
    def people(self, obj):
        return ", ".join(sorted(member.person.name for member in obj.members.all())) or None


@admin.register(EventGroup)
class EventGroupAdmin(EntryAdmin):
    list_display = ["name", "created_at"]
    search_fields = ["name"]
    ordering = ["name", "pk"]
    fields = ["name", "cases"]
    readonly_fields = ["cases"]

    def get_object(self, request, object_id, from_field=None):
        group = super().get_object(request, object_id, from_field)
        if group:
            group.seen = list(access.visible_to(request.user).filter(event_group=group).order_by("pk"))
        return group

    @admin.display(description="cases you may see")
    def cases(self, obj):
        seen = getattr(obj, "seen", [])
        return format_html_join(", ", '<a href="{}">{}</a>', ((case.get_absolute_url(), case) for case in seen)) or None


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    list_display = ["kind", "key", "state", "attempts", "progress", "created_at", "finished_at"]
    list_filter = ["state", "kind"]
    ordering = ["-pk"]


@admin.register(PatternRun)
class PatternRunAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "computed_at", "n_cases", "n_tests", "n_flagged", "seconds"]
    list_select_related = ["compared_with"]
    ordering = ["-pk"]

    def view_on_site(self, obj):
        return obj.get_absolute_url()


@admin.register(Population)
class PopulationAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "label_rule", "query", "asked_by", "created_at"]
    list_filter = ["label_rule"]
    list_select_related = ["asked_by"]
    ordering = ["-pk"]


@admin.register(CountedRange)
class CountedRangeAdmin(ReadOnlyAdmin):
    """What is kept of counted cases; any of it may be thrown away, and is then counted again."""

    list_display = ["number", "counted_at", "made_for"]
    ordering = ["number"]
    fields = ["number", "counted_at", "made_for"]

    def get_queryset(self, request):
        return super().get_queryset(request).defer("content")


@admin.register(Exposure)
class ExposureAdmin(ReadOnlyAdmin):
    """Recorded on the pages of systems; an administrator finds only what they may see there."""

    list_display = ["__str__", "system", "month", "unit", "amount", "source"]
    list_filter = ["unit"]
    list_select_related = ["system"]
    search_fields = ["system__name"]
    ordering = ["-pk"]

    def get_queryset(self, request):
        return exposures.exposures_for(request.user).order_by(*self.ordering)

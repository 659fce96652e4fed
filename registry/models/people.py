"""The people who log, label, review and read."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower

from registry.choices import Role
from taxonomy.constraints import filled, one_of, tracked

USERNAME = RegexValidator(r"^[\w.@+-]+\Z", "Use letters, digits and . @ + - _ only.")
LABELLING = frozenset({Role.ANALYST, Role.REVIEWER, Role.ADMINISTRATOR})
REVIEWING = frozenset({Role.REVIEWER, Role.ADMINISTRATOR})


class PersonQuerySet(models.QuerySet):
    def active(self):
        return self.filter(is_active=True)

    def named(self, username):
        return self.get(username__iexact=username)


class PersonManager(BaseUserManager.from_queryset(PersonQuerySet)):
    """Adds what Django's authentication looks for; `actions/people.py` makes people."""


@tracked("password", "last_login", "export_columns")
class Person(AbstractBaseUser):
    """One row is one person who may sign in, or the name under which published labels were imported."""

    username = models.CharField(max_length=60, unique=True, validators=[USERNAME])
    name = models.CharField(max_length=120, help_text="As others see it.")
    email = models.EmailField(max_length=254)
    role = models.CharField(max_length=20, choices=Role.choices, default=Role.REPORTER)
    is_active = models.BooleanField("may sign in", default=True)
    time_zone = models.CharField(max_length=60, default="UTC")
    default_view = models.ForeignKey("SavedView", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    wants_mail = models.BooleanField(
        "notifications by mail", default=True, help_text="One mail for several, without anything confidential in it."
    )
    export_columns = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ("email",)

    objects = PersonManager()

    class Meta:
        verbose_name_plural = "people"
        constraints = [
            models.UniqueConstraint(
                Lower("username"),
                name="registry_person_username_unique",
                violation_error_message="Somebody has this user name already.",
            ),
            models.UniqueConstraint(
                Lower("email"),
                name="registry_person_email_unique",
                violation_error_message="Somebody has this e-mail address already.",
            ),
            one_of("role", Role),
            filled("username"),
            filled("name"),
            filled("email"),
        ]

    def __str__(self):
        return self.name

    def get_full_name(self):
        return self.name

    @property
    def initials(self):
        words = self.name.split()
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()

    @property
    def is_administrator(self):
        return self.role == Role.ADMINISTRATOR

    @property
    def may_log(self):
        return self.role != Role.READER

    @property
    def may_label(self):
        return self.role in LABELLING

    @property
    def may_review(self):
        return self.role in REVIEWING

    # Django's admin asks these; the registry itself asks access.py.
    @property
    def is_staff(self):
        return self.is_administrator

    @property
    def is_superuser(self):
        return self.is_administrator

    def has_perm(self, perm, obj=None):
        return self.is_active and self.is_administrator

    def has_module_perms(self, app_label):
        return self.is_active and self.is_administrator


@tracked()
class Team(models.Model):
    """One row is a group of people who may see cases kept to it."""

    name = models.CharField(max_length=120)
    email = models.EmailField(
        "address", max_length=254, blank=True, help_text="Where digests for the whole team go; a mailing list, say."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="registry_team_name_unique",
                violation_error_message="There is a team of this name already.",
            ),
            filled("name"),
        ]

    def __str__(self):
        return self.name


@tracked()
class TeamMember(models.Model):
    """One row makes one person a member of one team."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_once",
                fields=["team", "person"],
                violation_error_message="This person is in the team already.",
            )
        ]

    def __str__(self):
        return f"{self.person} in {self.team}"

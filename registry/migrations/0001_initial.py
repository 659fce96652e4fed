import datetime
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.operations
import django.contrib.postgres.search
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
import django.db.models.lookups
import pgtrigger.compiler
import registry.models.subscription
import taxonomy.operations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("pghistory", "0007_auto_20250421_0444"),
        ("taxonomy", "0001_initial"),
    ]

    operations = [
        django.contrib.postgres.operations.TrigramExtension(),
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "username",
                    models.CharField(
                        max_length=60,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[\\w.@+-]+\\Z", "Use letters, digits and . @ + - _ only."
                            )
                        ],
                    ),
                ),
                ("name", models.CharField(help_text="As others see it.", max_length=120)),
                ("email", models.EmailField(max_length=254)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("reader", "Reader"),
                            ("reporter", "Reporter"),
                            ("analyst", "Analyst"),
                            ("reviewer", "Reviewer"),
                            ("administrator", "Administrator"),
                        ],
                        default="reporter",
                        max_length=20,
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="may sign in")),
                ("time_zone", models.CharField(default="UTC", max_length=60)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name_plural": "people",
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("username"),
                        name="registry_person_username_unique",
                        violation_error_message="Somebody has this user name already.",
                    ),
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("email"),
                        name="registry_person_email_unique",
                        violation_error_message="Somebody has this e-mail address already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("role__in", ["reader", "reporter", "analyst", "reviewer", "administrator"])
                        ),
                        name="registry_person_role_known",
                        violation_error_message="Role must be one of: reader, reporter, analyst, reviewer, administrator.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("username", ""), _negated=True),
                        name="registry_person_username_filled",
                        violation_error_message="Username must not be empty.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True),
                        name="registry_person_name_filled",
                        violation_error_message="Name must not be empty.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("email", ""), _negated=True),
                        name="registry_person_email_filled",
                        violation_error_message="Email must not be empty.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_personevent" ("created_at", "email", "id", "is_active", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "time_zone", "username") VALUES (NEW."created_at", NEW."email", NEW."id", NEW."is_active", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."role", NEW."time_zone", NEW."username"); RETURN NULL;',
                            hash="71eb8baf0ff4ca76eb3ffde9c2271c463e52706f",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_2388e",
                            table="registry_person",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_active" IS DISTINCT FROM (NEW."is_active") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."role" IS DISTINCT FROM (NEW."role") OR OLD."time_zone" IS DISTINCT FROM (NEW."time_zone") OR OLD."username" IS DISTINCT FROM (NEW."username"))',
                            func='INSERT INTO "registry_personevent" ("created_at", "email", "id", "is_active", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "time_zone", "username") VALUES (NEW."created_at", NEW."email", NEW."id", NEW."is_active", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."role", NEW."time_zone", NEW."username"); RETURN NULL;',
                            hash="45df05cc29d79109009a24418d54ef0ad9a36cf3",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_56ba8",
                            table="registry_person",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_personevent" ("created_at", "email", "id", "is_active", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "time_zone", "username") VALUES (OLD."created_at", OLD."email", OLD."id", OLD."is_active", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."role", OLD."time_zone", OLD."username"); RETURN NULL;',
                            hash="455b62c313b03db1dd2720c08ca692d2a839bc6c",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_a3234",
                            table="registry_person",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EventGroup",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True),
                        name="registry_eventgroup_name_filled",
                        violation_error_message="Name must not be empty.",
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_eventgroupevent" ("created_at", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."created_at", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;',
                            hash="d4fdd1a5208d10beceed5293e44d41d97e1640a3",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_6c2a8",
                            table="registry_eventgroup",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "registry_eventgroupevent" ("created_at", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."created_at", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;',
                            hash="907d7c49ae8b3b48168fb1774c0ebb0e5292ce7b",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_84514",
                            table="registry_eventgroup",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_eventgroupevent" ("created_at", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."created_at", OLD."id", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id"); RETURN NULL;',
                            hash="3d31a9402c6e793f403f6c41ebd9fba642c11b64",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_3d98a",
                            table="registry_eventgroup",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Organisation",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("name"),
                        name="registry_organisation_name_unique",
                        violation_error_message="This name is recorded already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True),
                        name="registry_organisation_name_filled",
                        violation_error_message="Name must not be empty.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_organisationevent" ("created_at", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."created_at", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;',
                            hash="8e4fa406688469f3773750ab895977546d804666",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_921d1",
                            table="registry_organisation",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "registry_organisationevent" ("created_at", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."created_at", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;',
                            hash="6690ddbf4c7da13e4ba5dc32dcc0aebfbbe20164",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_0f791",
                            table="registry_organisation",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_organisationevent" ("created_at", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."created_at", OLD."id", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id"); RETURN NULL;',
                            hash="39ef09138c340e09881bf5be5c623d1dbf0c3007",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_8247c",
                            table="registry_organisation",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="System",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200)),
                (
                    "developer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="systems",
                        to="registry.organisation",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("name"),
                        name="registry_system_name_unique",
                        violation_error_message="This name is recorded already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True),
                        name="registry_system_name_filled",
                        violation_error_message="Name must not be empty.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_systemevent" ("created_at", "developer_id", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."created_at", NEW."developer_id", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;',
                            hash="af05d4071c36cd86f845701e976b62f6e2da1552",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_f4fe7",
                            table="registry_system",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "registry_systemevent" ("created_at", "developer_id", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."created_at", NEW."developer_id", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;',
                            hash="6483b5d25c64f54ab1e3c8e5cc19e1a56b898fef",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_c5933",
                            table="registry_system",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_systemevent" ("created_at", "developer_id", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."created_at", OLD."developer_id", OLD."id", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id"); RETURN NULL;',
                            hash="21f1c6a0cd116e3410a53752539ade528b0daa5d",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_31407",
                            table="registry_system",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Source",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("url", models.URLField(blank=True, max_length=1000)),
                ("title", models.CharField(max_length=500)),
                ("publisher", models.CharField(blank=True, max_length=200)),
                ("published_on", models.DateField(blank=True, null=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("primary", "Primary"),
                            ("secondary", "Secondary"),
                            ("database", "Database"),
                            ("internal", "Internal"),
                        ],
                        default="secondary",
                        max_length=20,
                    ),
                ),
                (
                    "verification",
                    models.CharField(
                        choices=[("seen", "Seen"), ("not-seen", "Not seen")], default="not-seen", max_length=20
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("url", ""), _negated=True),
                        fields=("url",),
                        name="registry_source_url_unique",
                        violation_error_message="A source with this address is recorded already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["primary", "secondary", "database", "internal"])),
                        name="registry_source_kind_known",
                        violation_error_message="Kind must be one of: primary, secondary, database, internal.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("verification__in", ["seen", "not-seen"])),
                        name="registry_source_verification_known",
                        violation_error_message="Verification must be one of: seen, not-seen.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("title", ""), _negated=True),
                        name="registry_source_title_filled",
                        violation_error_message="Title must not be empty.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_sourceevent" ("created_at", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_on", "publisher", "title", "url", "verification") VALUES (NEW."created_at", NEW."id", NEW."kind", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."published_on", NEW."publisher", NEW."title", NEW."url", NEW."verification"); RETURN NULL;',
                            hash="91c9722480b315f08a2a20ead658d01a0c678cf2",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_d9069",
                            table="registry_source",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "registry_sourceevent" ("created_at", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_on", "publisher", "title", "url", "verification") VALUES (NEW."created_at", NEW."id", NEW."kind", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."published_on", NEW."publisher", NEW."title", NEW."url", NEW."verification"); RETURN NULL;',
                            hash="72d1ec6e84b936fdd811979b9d05783c16c9e099",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_a0460",
                            table="registry_source",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_sourceevent" ("created_at", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_on", "publisher", "title", "url", "verification") VALUES (OLD."created_at", OLD."id", OLD."kind", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."published_on", OLD."publisher", OLD."title", OLD."url", OLD."verification"); RETURN NULL;',
                            hash="a2079a481c21becfed14a15a3514b9b073721de8",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_354d5",
                            table="registry_source",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Case",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "title",
                    models.CharField(
                        help_text="Say the behaviour, not the cause. You can change this later.",
                        max_length=200,
                        validators=[django.core.validators.MinLengthValidator(6)],
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("incident", "Incident"),
                            ("near-miss", "Near miss"),
                            ("finding", "Evaluation or red-team finding"),
                            ("training", "Training-time observation"),
                            ("hypothetical", "Hypothetical"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("triage", "Triage"),
                            ("analysis", "Analysis"),
                            ("review", "Review"),
                            ("closed", "Closed"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="draft",
                        max_length=20,
                    ),
                ),
                (
                    "visibility",
                    models.CharField(
                        choices=[("everyone", "Everyone signed in"), ("named", "Named people only")],
                        default="everyone",
                        max_length=20,
                    ),
                ),
                (
                    "reporter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reported_cases",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="owned_cases",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reviewer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviewed_cases",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("occurred_from", models.DateField(blank=True, null=True)),
                ("occurred_to", models.DateField(blank=True, null=True)),
                (
                    "occurred_precision",
                    models.CharField(
                        choices=[("day", "Day"), ("month", "Month"), ("year", "Year"), ("unknown", "Unknown")],
                        default="unknown",
                        help_text="As exact as you know it.",
                        max_length=10,
                    ),
                ),
                ("detected_at", models.DateTimeField(blank=True, null=True)),
                ("reported_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("closed_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "stage",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("pre-training", "Pre Training"),
                            ("post-training", "Post Training"),
                            ("evaluation", "Evaluation"),
                            ("staged-release", "Staged release"),
                            ("deployment", "Deployment"),
                        ],
                        max_length=30,
                    ),
                ),
                (
                    "context",
                    models.TextField(
                        blank=True,
                        help_text="Who used it, for what, and under which conditions.",
                        validators=[django.core.validators.MaxLengthValidator(50000)],
                    ),
                ),
                (
                    "intended_objective",
                    models.TextField(
                        blank=True,
                        help_text="What the people in charge meant it to do.",
                        validators=[django.core.validators.MaxLengthValidator(50000)],
                    ),
                ),
                (
                    "optimised_objective",
                    models.TextField(
                        blank=True,
                        help_text="What it behaved as if it wanted.",
                        validators=[django.core.validators.MaxLengthValidator(50000)],
                    ),
                ),
                (
                    "observed_behaviour",
                    models.TextField(
                        blank=True,
                        help_text="What you know so far; incomplete is fine. Markdown works.",
                        validators=[django.core.validators.MaxLengthValidator(50000)],
                    ),
                ),
                (
                    "root_cause",
                    models.TextField(
                        blank=True,
                        help_text="Why it did that: which of the three gaps opened, and how.",
                        validators=[django.core.validators.MaxLengthValidator(50000)],
                    ),
                ),
                (
                    "evaluation_breakdown",
                    models.TextField(
                        blank=True,
                        help_text="Where the checks failed to see it.",
                        validators=[django.core.validators.MaxLengthValidator(50000)],
                    ),
                ),
                (
                    "mitigation_strategy",
                    models.TextField(
                        blank=True,
                        help_text="What was done, or would have stopped it.",
                        validators=[django.core.validators.MaxLengthValidator(50000)],
                    ),
                ),
                (
                    "alignment_lesson",
                    models.TextField(
                        blank=True,
                        help_text="What others should take from it.",
                        validators=[django.core.validators.MaxLengthValidator(50000)],
                    ),
                ),
                (
                    "specified_objective",
                    models.TextField(
                        blank=True,
                        help_text="What was written down or rewarded.",
                        validators=[django.core.validators.MaxLengthValidator(50000)],
                    ),
                ),
                (
                    "endorsed_goal",
                    models.TextField(
                        blank=True,
                        help_text="What the people affected would want, where that differs from what was intended.",
                        validators=[django.core.validators.MaxLengthValidator(50000)],
                    ),
                ),
                (
                    "human_gap",
                    models.CharField(
                        blank=True,
                        choices=[("holds", "Holds"), ("broken", "Broken"), ("unknown", "Unknown")],
                        help_text="From the goal people should have to the intended objective.",
                        max_length=30,
                    ),
                ),
                (
                    "outer_gap",
                    models.CharField(
                        blank=True,
                        choices=[("holds", "Holds"), ("broken", "Broken"), ("unknown", "Unknown")],
                        help_text="From the intended to the specified objective.",
                        max_length=30,
                    ),
                ),
                (
                    "inner_gap",
                    models.CharField(
                        blank=True,
                        choices=[("holds", "Holds"), ("broken", "Broken"), ("unknown", "Unknown")],
                        help_text="From the specified objective to what the AI learned to optimise.",
                        max_length=30,
                    ),
                ),
                (
                    "locus",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("behavioural", "Behavioural"),
                            ("internal", "Internal"),
                            ("both", "Both"),
                            ("unknown", "Unknown"),
                        ],
                        help_text="Was the failure in behaviour or inside the model?",
                        max_length=30,
                    ),
                ),
                (
                    "predictability",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("warned", "Foreseeable and warned"),
                            ("foreseeable", "Foreseeable"),
                            ("not-foreseeable", "Not foreseeable"),
                            ("unknown", "Unknown"),
                        ],
                        max_length=30,
                    ),
                ),
                (
                    "predictability_reason",
                    models.TextField(blank=True, validators=[django.core.validators.MaxLengthValidator(10000)]),
                ),
                (
                    "warning_url",
                    models.URLField(blank=True, help_text="The earlier warning, if there was one.", max_length=1000),
                ),
                (
                    "triage",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("specification-gaming", "Specification gaming"),
                            ("goal-failure", "Goal failure"),
                            ("ordinary-bug", "Ordinary bug"),
                            ("misuse", "Misuse"),
                            ("capability-limit", "Capability limit"),
                            ("unclear", "Unclear"),
                        ],
                        max_length=30,
                    ),
                ),
                (
                    "scope",
                    models.CharField(
                        blank=True,
                        choices=[("core", "Core"), ("boundary", "Boundary"), ("out", "Out of scope")],
                        max_length=30,
                    ),
                ),
                (
                    "realised_severity",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="taxonomy.severitytier",
                    ),
                ),
                (
                    "realised_rationale",
                    models.TextField(blank=True, validators=[django.core.validators.MaxLengthValidator(10000)]),
                ),
                (
                    "potential_severity",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="taxonomy.severitytier",
                    ),
                ),
                (
                    "potential_rationale",
                    models.TextField(blank=True, validators=[django.core.validators.MaxLengthValidator(10000)]),
                ),
                (
                    "event_group",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="registry.eventgroup",
                    ),
                ),
                (
                    "node_path",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(), default=list, editable=False, size=None
                    ),
                ),
                (
                    "occurred_on",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.comparison.Coalesce(
                            "occurred_from", models.Value(datetime.date(1, 1, 1))
                        ),
                        output_field=models.DateField(),
                    ),
                ),
                (
                    "severity_rank",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.comparison.Coalesce(
                            "potential_severity", models.Value(-1)
                        ),
                        output_field=models.SmallIntegerField(),
                    ),
                ),
                (
                    "search",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.contrib.postgres.search.CombinedSearchVector(
                            django.contrib.postgres.search.CombinedSearchVector(
                                django.contrib.postgres.search.CombinedSearchVector(
                                    django.contrib.postgres.search.CombinedSearchVector(
                                        django.contrib.postgres.search.CombinedSearchVector(
                                            django.contrib.postgres.search.CombinedSearchVector(
                                                django.contrib.postgres.search.CombinedSearchVector(
                                                    django.contrib.postgres.search.CombinedSearchVector(
                                                        django.contrib.postgres.search.CombinedSearchVector(
                                                            django.contrib.postgres.search.CombinedSearchVector(
                                                                django.contrib.postgres.search.SearchVector(
                                                                    "title", config="english", weight="A"
                                                                ),
                                                                "||",
                                                                django.contrib.postgres.search.SearchVector(
                                                                    django.db.models.functions.text.Left(
                                                                        "context", 16000
                                                                    ),
                                                                    config="english",
                                                                    weight="B",
                                                                ),
                                                                django.contrib.postgres.search.SearchConfig("english"),
                                                            ),
                                                            "||",
                                                            django.contrib.postgres.search.SearchVector(
                                                                django.db.models.functions.text.Left(
                                                                    "intended_objective", 16000
                                                                ),
                                                                config="english",
                                                                weight="B",
                                                            ),
                                                            django.contrib.postgres.search.SearchConfig("english"),
                                                        ),
                                                        "||",
                                                        django.contrib.postgres.search.SearchVector(
                                                            django.db.models.functions.text.Left(
                                                                "optimised_objective", 16000
                                                            ),
                                                            config="english",
                                                            weight="B",
                                                        ),
                                                        django.contrib.postgres.search.SearchConfig("english"),
                                                    ),
                                                    "||",
                                                    django.contrib.postgres.search.SearchVector(
                                                        django.db.models.functions.text.Left(
                                                            "observed_behaviour", 16000
                                                        ),
                                                        config="english",
                                                        weight="B",
                                                    ),
                                                    django.contrib.postgres.search.SearchConfig("english"),
                                                ),
                                                "||",
                                                django.contrib.postgres.search.SearchVector(
                                                    django.db.models.functions.text.Left("root_cause", 16000),
                                                    config="english",
                                                    weight="B",
                                                ),
                                                django.contrib.postgres.search.SearchConfig("english"),
                                            ),
                                            "||",
                                            django.contrib.postgres.search.SearchVector(
                                                django.db.models.functions.text.Left("evaluation_breakdown", 16000),
                                                config="english",
                                                weight="B",
                                            ),
                                            django.contrib.postgres.search.SearchConfig("english"),
                                        ),
                                        "||",
                                        django.contrib.postgres.search.SearchVector(
                                            django.db.models.functions.text.Left("mitigation_strategy", 16000),
                                            config="english",
                                            weight="B",
                                        ),
                                        django.contrib.postgres.search.SearchConfig("english"),
                                    ),
                                    "||",
                                    django.contrib.postgres.search.SearchVector(
                                        django.db.models.functions.text.Left("alignment_lesson", 16000),
                                        config="english",
                                        weight="B",
                                    ),
                                    django.contrib.postgres.search.SearchConfig("english"),
                                ),
                                "||",
                                django.contrib.postgres.search.SearchVector(
                                    django.db.models.functions.text.Left("specified_objective", 16000),
                                    config="english",
                                    weight="B",
                                ),
                                django.contrib.postgres.search.SearchConfig("english"),
                            ),
                            "||",
                            django.contrib.postgres.search.SearchVector(
                                django.db.models.functions.text.Left("endorsed_goal", 16000),
                                config="english",
                                weight="B",
                            ),
                            django.contrib.postgres.search.SearchConfig("english"),
                        ),
                        output_field=django.contrib.postgres.search.SearchVectorField(),
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.OrderBy(models.F("occurred_on"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        include=("status", "potential_severity", "visibility"),
                        name="registry_case_by_date",
                    ),
                    models.Index(fields=["-severity_rank", "-id"], name="registry_case_by_severity"),
                    models.Index(fields=["status", "-id"], name="registry_case_by_status"),
                    models.Index(fields=["-updated_at", "-id"], name="registry_case_by_change"),
                    models.Index(fields=["-reported_at", "-id"], name="registry_case_by_report"),
                    django.contrib.postgres.indexes.GinIndex(fields=["node_path"], name="registry_case_node_path"),
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["search"], name="registry_case_search"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass(
                            django.db.models.functions.text.Upper("title"), name="gin_trgm_ops"
                        ),
                        name="registry_case_title_trigrams",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=django.db.models.lookups.GreaterThanOrEqual(
                            django.db.models.functions.text.Length("title"), 6
                        ),
                        name="registry_case_title_at_least_6",
                        violation_error_message="Title has fewer than 6 characters.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", False), ("status", "closed")),
                            models.Q(models.Q(("status", "closed"), _negated=True), ("closed_at__isnull", True)),
                            _connector="OR",
                        ),
                        name="registry_case_closed_at_iff_closed",
                        violation_error_message="A closed case has a closing time, and only a closed one.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reported_at__isnull", False), ("status__in", ["draft", "withdrawn"]), _connector="OR"
                        ),
                        name="registry_case_reported_once_submitted",
                        violation_error_message="A submitted case has a time of reporting.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", ""), _negated=True),
                            ("status__in", ["draft", "withdrawn"]),
                            _connector="OR",
                        ),
                        name="registry_case_kind_once_submitted",
                        violation_error_message="A submitted case says what kind it is.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("owner__isnull", False),
                            models.Q(("status__in", ["analysis", "review", "closed"]), _negated=True),
                            _connector="OR",
                        ),
                        name="registry_case_owner_once_accepted",
                        violation_error_message="An accepted case has an owner.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "closed"), _negated=True),
                            ("reviewer__isnull", True),
                            models.Q(("reviewer", models.F("owner")), _negated=True),
                            _connector="OR",
                        ),
                        name="registry_case_not_approved_by_its_owner",
                        violation_error_message="A case is approved by somebody other than its owner.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("occurred_from__isnull", True),
                                ("occurred_precision", "unknown"),
                                ("occurred_to__isnull", True),
                            ),
                            models.Q(
                                models.Q(("occurred_precision", "unknown"), _negated=True),
                                ("occurred_from__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="registry_case_dated_iff_known",
                        violation_error_message="Give a date, or say that it is unknown.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("occurred_to__isnull", True),
                            ("occurred_from__lte", models.F("occurred_to")),
                            _connector="OR",
                        ),
                        name="registry_case_occurred_forwards",
                        violation_error_message="The last day cannot lie before the first.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["", "incident", "near-miss", "finding", "training", "hypothetical"])
                        ),
                        name="registry_case_kind_known",
                        violation_error_message="This is no kind of case.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["draft", "triage", "analysis", "review", "closed", "withdrawn"])
                        ),
                        name="registry_case_status_known",
                        violation_error_message="Status must be one of: draft, triage, analysis, review, closed, withdrawn.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("visibility__in", ["everyone", "named"])),
                        name="registry_case_visibility_known",
                        violation_error_message="Visibility must be one of: everyone, named.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("occurred_precision__in", ["day", "month", "year", "unknown"])),
                        name="registry_case_occurred_precision_known",
                        violation_error_message="Occurred precision must be one of: day, month, year, unknown.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "stage__in",
                                ["", "pre-training", "post-training", "evaluation", "staged-release", "deployment"],
                            )
                        ),
                        name="registry_case_stage_known",
                        violation_error_message="This is no stage.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("locus__in", ["", "behavioural", "internal", "both", "unknown"])),
                        name="registry_case_locus_known",
                        violation_error_message="This is no locus.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("predictability__in", ["", "warned", "foreseeable", "not-foreseeable", "unknown"])
                        ),
                        name="registry_case_predictability_known",
                        violation_error_message="This is no predictability.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "triage__in",
                                [
                                    "",
                                    "specification-gaming",
                                    "goal-failure",
                                    "ordinary-bug",
                                    "misuse",
                                    "capability-limit",
                                    "unclear",
                                ],
                            )
                        ),
                        name="registry_case_triage_known",
                        violation_error_message="This is no triage.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("scope__in", ["", "core", "boundary", "out"])),
                        name="registry_case_scope_known",
                        violation_error_message="This is no scope.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("human_gap__in", ["", "holds", "broken", "unknown"])),
                        name="registry_case_human_gap_known",
                        violation_error_message="This is no human gap.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("outer_gap__in", ["", "holds", "broken", "unknown"])),
                        name="registry_case_outer_gap_known",
                        violation_error_message="This is no outer gap.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("inner_gap__in", ["", "holds", "broken", "unknown"])),
                        name="registry_case_inner_gap_known",
                        violation_error_message="This is no inner gap.",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("context"), 50000
                        ),
                        name="registry_case_context_at_most_50000",
                        violation_error_message="Context has more than 50,000 characters.",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("intended_objective"), 50000
                        ),
                        name="registry_case_intended_objective_at_most_50000",
                        violation_error_message="Intended objective has more than 50,000 characters.",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("optimised_objective"), 50000
                        ),
                        name="registry_case_optimised_objective_at_most_50000",
                        violation_error_message="Optimised objective has more than 50,000 characters.",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("observed_behaviour"), 50000
                        ),
                        name="registry_case_observed_behaviour_at_most_50000",
                        violation_error_message="Observed behaviour has more than 50,000 characters.",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("root_cause"), 50000
                        ),
                        name="registry_case_root_cause_at_most_50000",
                        violation_error_message="Root cause has more than 50,000 characters.",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("evaluation_breakdown"), 50000
                        ),
                        name="registry_case_evaluation_breakdown_at_most_50000",
                        violation_error_message="Evaluation breakdown has more than 50,000 characters.",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("mitigation_strategy"), 50000
                        ),
                        name="registry_case_mitigation_strategy_at_most_50000",
                        violation_error_message="Mitigation strategy has more than 50,000 characters.",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("alignment_lesson"), 50000
                        ),
                        name="registry_case_alignment_lesson_at_most_50000",
                        violation_error_message="Alignment lesson has more than 50,000 characters.",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("specified_objective"), 50000
                        ),
                        name="registry_case_specified_objective_at_most_50000",
                        violation_error_message="Specified objective has more than 50,000 characters.",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("endorsed_goal"), 50000
                        ),
                        name="registry_case_endorsed_goal_at_most_50000",
                        violation_error_message="Endorsed goal has more than 50,000 characters.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_caseevent" ("alignment_lesson", "closed_at", "context", "created_at", "detected_at", "endorsed_goal", "evaluation_breakdown", "event_group_id", "human_gap", "id", "inner_gap", "intended_objective", "kind", "locus", "mitigation_strategy", "observed_behaviour", "occurred_from", "occurred_precision", "occurred_to", "optimised_objective", "outer_gap", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "potential_rationale", "potential_severity_id", "predictability", "predictability_reason", "realised_rationale", "realised_severity_id", "reported_at", "reporter_id", "reviewer_id", "root_cause", "scope", "specified_objective", "stage", "status", "title", "triage", "updated_at", "version", "visibility", "warning_url") VALUES (NEW."alignment_lesson", NEW."closed_at", NEW."context", NEW."created_at", NEW."detected_at", NEW."endorsed_goal", NEW."evaluation_breakdown", NEW."event_group_id", NEW."human_gap", NEW."id", NEW."inner_gap", NEW."intended_objective", NEW."kind", NEW."locus", NEW."mitigation_strategy", NEW."observed_behaviour", NEW."occurred_from", NEW."occurred_precision", NEW."occurred_to", NEW."optimised_objective", NEW."outer_gap", NEW."owner_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."potential_rationale", NEW."potential_severity_id", NEW."predictability", NEW."predictability_reason", NEW."realised_rationale", NEW."realised_severity_id", NEW."reported_at", NEW."reporter_id", NEW."reviewer_id", NEW."root_cause", NEW."scope", NEW."specified_objective", NEW."stage", NEW."status", NEW."title", NEW."triage", NEW."updated_at", NEW."version", NEW."visibility", NEW."warning_url"); RETURN NULL;',
                            hash="5b61abbe02bf5d88bbe56f0715891347e31bde44",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_09bb1",
                            table="registry_case",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."alignment_lesson" IS DISTINCT FROM (NEW."alignment_lesson") OR OLD."closed_at" IS DISTINCT FROM (NEW."closed_at") OR OLD."context" IS DISTINCT FROM (NEW."context") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."detected_at" IS DISTINCT FROM (NEW."detected_at") OR OLD."endorsed_goal" IS DISTINCT FROM (NEW."endorsed_goal") OR OLD."evaluation_breakdown" IS DISTINCT FROM (NEW."evaluation_breakdown") OR OLD."event_group_id" IS DISTINCT FROM (NEW."event_group_id") OR OLD."human_gap" IS DISTINCT FROM (NEW."human_gap") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."inner_gap" IS DISTINCT FROM (NEW."inner_gap") OR OLD."intended_objective" IS DISTINCT FROM (NEW."intended_objective") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."locus" IS DISTINCT FROM (NEW."locus") OR OLD."mitigation_strategy" IS DISTINCT FROM (NEW."mitigation_strategy") OR OLD."observed_behaviour" IS DISTINCT FROM (NEW."observed_behaviour") OR OLD."occurred_from" IS DISTINCT FROM (NEW."occurred_from") OR OLD."occurred_precision" IS DISTINCT FROM (NEW."occurred_precision") OR OLD."occurred_to" IS DISTINCT FROM (NEW."occurred_to") OR OLD."optimised_objective" IS DISTINCT FROM (NEW."optimised_objective") OR OLD."outer_gap" IS DISTINCT FROM (NEW."outer_gap") OR OLD."owner_id" IS DISTINCT FROM (NEW."owner_id") OR OLD."potential_rationale" IS DISTINCT FROM (NEW."potential_rationale") OR OLD."potential_severity_id" IS DISTINCT FROM (NEW."potential_severity_id") OR OLD."predictability" IS DISTINCT FROM (NEW."predictability") OR OLD."predictability_reason" IS DISTINCT FROM (NEW."predictability_reason") OR OLD."realised_rationale" IS DISTINCT FROM (NEW."realised_rationale") OR OLD."realised_severity_id" IS DISTINCT FROM (NEW."realised_severity_id") OR OLD."reported_at" IS DISTINCT FROM (NEW."reported_at") OR OLD."reporter_id" IS DISTINCT FROM (NEW."reporter_id") OR OLD."reviewer_id" IS DISTINCT FROM (NEW."reviewer_id") OR OLD."root_cause" IS DISTINCT FROM (NEW."root_cause") OR OLD."scope" IS DISTINCT FROM (NEW."scope") OR OLD."specified_objective" IS DISTINCT FROM (NEW."specified_objective") OR OLD."stage" IS DISTINCT FROM (NEW."stage") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."title" IS DISTINCT FROM (NEW."title") OR OLD."triage" IS DISTINCT FROM (NEW."triage") OR OLD."updated_at" IS DISTINCT FROM (NEW."updated_at") OR OLD."version" IS DISTINCT FROM (NEW."version") OR OLD."visibility" IS DISTINCT FROM (NEW."visibility") OR OLD."warning_url" IS DISTINCT FROM (NEW."warning_url"))',
                            func='INSERT INTO "registry_caseevent" ("alignment_lesson", "closed_at", "context", "created_at", "detected_at", "endorsed_goal", "evaluation_breakdown", "event_group_id", "human_gap", "id", "inner_gap", "intended_objective", "kind", "locus", "mitigation_strategy", "observed_behaviour", "occurred_from", "occurred_precision", "occurred_to", "optimised_objective", "outer_gap", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "potential_rationale", "potential_severity_id", "predictability", "predictability_reason", "realised_rationale", "realised_severity_id", "reported_at", "reporter_id", "reviewer_id", "root_cause", "scope", "specified_objective", "stage", "status", "title", "triage", "updated_at", "version", "visibility", "warning_url") VALUES (NEW."alignment_lesson", NEW."closed_at", NEW."context", NEW."created_at", NEW."detected_at", NEW."endorsed_goal", NEW."evaluation_breakdown", NEW."event_group_id", NEW."human_gap", NEW."id", NEW."inner_gap", NEW."intended_objective", NEW."kind", NEW."locus", NEW."mitigation_strategy", NEW."observed_behaviour", NEW."occurred_from", NEW."occurred_precision", NEW."occurred_to", NEW."optimised_objective", NEW."outer_gap", NEW."owner_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."potential_rationale", NEW."potential_severity_id", NEW."predictability", NEW."predictability_reason", NEW."realised_rationale", NEW."realised_severity_id", NEW."reported_at", NEW."reporter_id", NEW."reviewer_id", NEW."root_cause", NEW."scope", NEW."specified_objective", NEW."stage", NEW."status", NEW."title", NEW."triage", NEW."updated_at", NEW."version", NEW."visibility", NEW."warning_url"); RETURN NULL;',
                            hash="64dbfe7e86540f367c856feac292cae693a9106b",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_6296b",
                            table="registry_case",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_caseevent" ("alignment_lesson", "closed_at", "context", "created_at", "detected_at", "endorsed_goal", "evaluation_breakdown", "event_group_id", "human_gap", "id", "inner_gap", "intended_objective", "kind", "locus", "mitigation_strategy", "observed_behaviour", "occurred_from", "occurred_precision", "occurred_to", "optimised_objective", "outer_gap", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "potential_rationale", "potential_severity_id", "predictability", "predictability_reason", "realised_rationale", "realised_severity_id", "reported_at", "reporter_id", "reviewer_id", "root_cause", "scope", "specified_objective", "stage", "status", "title", "triage", "updated_at", "version", "visibility", "warning_url") VALUES (OLD."alignment_lesson", OLD."closed_at", OLD."context", OLD."created_at", OLD."detected_at", OLD."endorsed_goal", OLD."evaluation_breakdown", OLD."event_group_id", OLD."human_gap", OLD."id", OLD."inner_gap", OLD."intended_objective", OLD."kind", OLD."locus", OLD."mitigation_strategy", OLD."observed_behaviour", OLD."occurred_from", OLD."occurred_precision", OLD."occurred_to", OLD."optimised_objective", OLD."outer_gap", OLD."owner_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."potential_rationale", OLD."potential_severity_id", OLD."predictability", OLD."predictability_reason", OLD."realised_rationale", OLD."realised_severity_id", OLD."reported_at", OLD."reporter_id", OLD."reviewer_id", OLD."root_cause", OLD."scope", OLD."specified_objective", OLD."stage", OLD."status", OLD."title", OLD."triage", OLD."updated_at", OLD."version", OLD."visibility", OLD."warning_url"); RETURN NULL;',
                            hash="310514c3ba401dae9ea9e045e79205cae9888099",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_0b012",
                            table="registry_case",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="registry.case",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                ("id", models.IntegerField()),
                (
                    "title",
                    models.CharField(
                        help_text="Say the behaviour, not the cause. You can change this later.",
                        max_length=200,
                        validators=[django.core.validators.MinLengthValidator(6)],
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("incident", "Incident"),
                            ("near-miss", "Near miss"),
                            ("finding", "Evaluation or red-team finding"),
                            ("training", "Training-time observation"),
                            ("hypothetical", "Hypothetical"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("triage", "Triage"),
                            ("analysis", "Analysis"),
                            ("review", "Review"),
                            ("closed", "Closed"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="draft",
                        max_length=20,
                    ),
                ),
                (
                    "visibility",
                    models.CharField(
                        choices=[("everyone", "Everyone signed in"), ("named", "Named people only")],
                        default="everyone",
                        max_length=20,
                    ),
                ),
                (
                    "reporter",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reviewer",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("occurred_from", models.DateField(blank=True, null=True)),
                ("occurred_to", models.DateField(blank=True, null=True)),
                (
                    "occurred_precision",
                    models.CharField(
                        choices=[("day", "Day"), ("month", "Month"), ("year", "Year"), ("unknown", "Unknown")],
                        default="unknown",
                        help_text="As exact as you know it.",
                        max_length=10,
                    ),
                ),
                ("detected_at", models.DateTimeField(blank=True, null=True)),
                ("reported_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("closed_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "stage",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("pre-training", "Pre Training"),
                            ("post-training", "Post Training"),
                            ("evaluation", "Evaluation"),
                            ("staged-release", "Staged release"),
                            ("deployment", "Deployment"),
                        ],
                        max_length=30,
                    ),
                ),
                (
                    "context",
                    models.TextField(
                        blank=True,
                        help_text="Who used it, for what, and under which conditions.",
                        validators=[django.core.validators.MaxLengthValidator(50000)],
                    ),
                ),
                (
                    "intended_objective",
                    models.TextField(
                        blank=True,
                        help_text="What the people in charge meant it to do.",
                        validators=[django.core.validators.MaxLengthValidator(50000)],
                    ),
                ),
                (
                    "optimised_objective",
                    models.TextField(
                        blank=True,
                        help_text="What it behaved as if it wanted.",
                        validators=[django.core.validators.MaxLengthValidator(50000)],
                    ),
                ),
                (
                    "observed_behaviour",
                    models.TextField(
                        blank=True,
                        help_text="What you know so far; incomplete is fine. Markdown works.",
                        validators=[django.core.validators.MaxLengthValidator(50000)],
                    ),
                ),
                (
                    "root_cause",
                    models.TextField(
                        blank=True,
                        help_text="Why it did that: which of the three gaps opened, and how.",
                        validators=[django.core.validators.MaxLengthValidator(50000)],
                    ),
                ),
                (
                    "evaluation_breakdown",
                    models.TextField(
                        blank=True,
                        help_text="Where the checks failed to see it.",
                        validators=[django.core.validators.MaxLengthValidator(50000)],
                    ),
                ),
                (
                    "mitigation_strategy",
                    models.TextField(
                        blank=True,
                        help_text="What was done, or would have stopped it.",
                        validators=[django.core.validators.MaxLengthValidator(50000)],
                    ),
                ),
                (
                    "alignment_lesson",
                    models.TextField(
                        blank=True,
                        help_text="What others should take from it.",
                        validators=[django.core.validators.MaxLengthValidator(50000)],
                    ),
                ),
                (
                    "specified_objective",
                    models.TextField(
                        blank=True,
                        help_text="What was written down or rewarded.",
                        validators=[django.core.validators.MaxLengthValidator(50000)],
                    ),
                ),
                (
                    "endorsed_goal",
                    models.TextField(
                        blank=True,
                        help_text="What the people affected would want, where that differs from what was intended.",
                        validators=[django.core.validators.MaxLengthValidator(50000)],
                    ),
                ),
                (
                    "human_gap",
                    models.CharField(
                        blank=True,
                        choices=[("holds", "Holds"), ("broken", "Broken"), ("unknown", "Unknown")],
                        help_text="From the goal people should have to the intended objective.",
                        max_length=30,
                    ),
                ),
                (
                    "outer_gap",
                    models.CharField(
                        blank=True,
                        choices=[("holds", "Holds"), ("broken", "Broken"), ("unknown", "Unknown")],
                        help_text="From the intended to the specified objective.",
                        max_length=30,
                    ),
                ),
                (
                    "inner_gap",
                    models.CharField(
                        blank=True,
                        choices=[("holds", "Holds"), ("broken", "Broken"), ("unknown", "Unknown")],
                        help_text="From the specified objective to what the AI learned to optimise.",
                        max_length=30,
                    ),
                ),
                (
                    "locus",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("behavioural", "Behavioural"),
                            ("internal", "Internal"),
                            ("both", "Both"),
                            ("unknown", "Unknown"),
                        ],
                        help_text="Was the failure in behaviour or inside the model?",
                        max_length=30,
                    ),
                ),
                (
                    "predictability",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("warned", "Foreseeable and warned"),
                            ("foreseeable", "Foreseeable"),
                            ("not-foreseeable", "Not foreseeable"),
                            ("unknown", "Unknown"),
                        ],
                        max_length=30,
                    ),
                ),
                (
                    "predictability_reason",
                    models.TextField(blank=True, validators=[django.core.validators.MaxLengthValidator(10000)]),
                ),
                (
                    "warning_url",
                    models.URLField(blank=True, help_text="The earlier warning, if there was one.", max_length=1000),
                ),
                (
                    "triage",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("specification-gaming", "Specification gaming"),
                            ("goal-failure", "Goal failure"),
                            ("ordinary-bug", "Ordinary bug"),
                            ("misuse", "Misuse"),
                            ("capability-limit", "Capability limit"),
                            ("unclear", "Unclear"),
                        ],
                        max_length=30,
                    ),
                ),
                (
                    "scope",
                    models.CharField(
                        blank=True,
                        choices=[("core", "Core"), ("boundary", "Boundary"), ("out", "Out of scope")],
                        max_length=30,
                    ),
                ),
                (
                    "realised_severity",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="taxonomy.severitytier",
                    ),
                ),
                (
                    "realised_rationale",
                    models.TextField(blank=True, validators=[django.core.validators.MaxLengthValidator(10000)]),
                ),
                (
                    "potential_severity",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="taxonomy.severitytier",
                    ),
                ),
                (
                    "potential_rationale",
                    models.TextField(blank=True, validators=[django.core.validators.MaxLengthValidator(10000)]),
                ),
                (
                    "event_group",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="registry.eventgroup",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="307dba3a45db9ea0e1911b70e69750b8aa6968d6",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_70467",
                            table="registry_caseevent",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseParty",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="case_parties", to="registry.case"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="case_parties",
                        to="registry.organisation",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[("developer", "Developer"), ("deployer", "Deployer"), ("affected", "Affected")],
                        max_length=20,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "case parties",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("case", "organisation", "role"),
                        name="registry_caseparty_once",
                        violation_error_message="This organisation is recorded for the case already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["developer", "deployer", "affected"])),
                        name="registry_caseparty_role_known",
                        violation_error_message="Role must be one of: developer, deployer, affected.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_casepartyevent" ("case_id", "id", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role") VALUES (NEW."case_id", NEW."id", NEW."organisation_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."role"); RETURN NULL;',
                            hash="d380d5935cfe986d8c52092c1639e9f673f0822e",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_e8cd7",
                            table="registry_caseparty",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "registry_casepartyevent" ("case_id", "id", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role") VALUES (NEW."case_id", NEW."id", NEW."organisation_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."role"); RETURN NULL;',
                            hash="62ea30cf4ccfb00106910f5ee1c9a393600ced66",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_16e0f",
                            table="registry_caseparty",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_casepartyevent" ("case_id", "id", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role") VALUES (OLD."case_id", OLD."id", OLD."organisation_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."role"); RETURN NULL;',
                            hash="aafd25f310d36fd95559fe899df3d756597f5be3",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_2c421",
                            table="registry_caseparty",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CasePartyEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="registry.caseparty",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                ("id", models.IntegerField()),
                (
                    "case",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="registry.case",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="registry.organisation",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[("developer", "Developer"), ("deployer", "Deployer"), ("affected", "Affected")],
                        max_length=20,
                    ),
                ),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="70eb795ef289344fa4e19437007130dea18204fb",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_b2a8a",
                            table="registry_casepartyevent",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseReader",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="readers", to="registry.case"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="named_on",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("case", "person"),
                        name="registry_casereader_once",
                        violation_error_message="This person is named already.",
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_casereaderevent" ("case_id", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."case_id", NEW."id", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;',
                            hash="84d50274bad08b5c38b279576ade9645ce3da7f5",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_e34a7",
                            table="registry_casereader",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "registry_casereaderevent" ("case_id", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."case_id", NEW."id", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;',
                            hash="60b39eaf4c60d34c260d15d757d7cf2abb1db8f9",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_9d7e7",
                            table="registry_casereader",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_casereaderevent" ("case_id", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."case_id", OLD."id", OLD."person_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id"); RETURN NULL;',
                            hash="7aa6b9b6bc61c6d161a40bbd9f4262036f62f452",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_afb0d",
                            table="registry_casereader",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseReaderEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="registry.casereader",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                ("id", models.IntegerField()),
                (
                    "case",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="registry.case",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="cf03ce48f10a3071412c688163b87d68c00166ed",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_91f9a",
                            table="registry_casereaderevent",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseSource",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="case_sources", to="registry.case"
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="case_sources", to="registry.source"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("case", "source"),
                        name="registry_casesource_once",
                        violation_error_message="This source is recorded for the case already.",
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_casesourceevent" ("case_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source_id") VALUES (NEW."case_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."source_id"); RETURN NULL;',
                            hash="94bf7b3ec65cef0b2804b5093f17638585ed754b",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_1c963",
                            table="registry_casesource",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "registry_casesourceevent" ("case_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source_id") VALUES (NEW."case_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."source_id"); RETURN NULL;',
                            hash="b1a50130f9a78870eb028fbb310c7705ca9fb2ca",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_5f3d0",
                            table="registry_casesource",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_casesourceevent" ("case_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source_id") VALUES (OLD."case_id", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."source_id"); RETURN NULL;',
                            hash="6e931cbb1125e8ad771bbec835f83bae95987ddc",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_319eb",
                            table="registry_casesource",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseSourceEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="registry.casesource",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                ("id", models.IntegerField()),
                (
                    "case",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="registry.case",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="registry.source",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="16de19939e08daed2f74fe892a4d86523b7d9692",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_591bc",
                            table="registry_casesourceevent",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseSystem",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="case_systems", to="registry.case"
                    ),
                ),
                (
                    "system",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="case_systems", to="registry.system"
                    ),
                ),
                ("version", models.CharField(blank=True, max_length=100)),
                (
                    "role",
                    models.CharField(
                        choices=[("subject", "Subject"), ("component", "Component"), ("evaluator", "Evaluator")],
                        default="subject",
                        max_length=20,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("case", "system", "version", "role"),
                        name="registry_casesystem_once",
                        violation_error_message="This system is recorded for the case already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["subject", "component", "evaluator"])),
                        name="registry_casesystem_role_known",
                        violation_error_message="Role must be one of: subject, component, evaluator.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_casesystemevent" ("case_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "system_id", "version") VALUES (NEW."case_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."role", NEW."system_id", NEW."version"); RETURN NULL;',
                            hash="50ce9dca81f96969e51cd436774e6a95bc3c89b5",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_03062",
                            table="registry_casesystem",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "registry_casesystemevent" ("case_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "system_id", "version") VALUES (NEW."case_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."role", NEW."system_id", NEW."version"); RETURN NULL;',
                            hash="cdfd84fd35eeed89a7d6e185d866c378e917bf7a",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_9ec7d",
                            table="registry_casesystem",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_casesystemevent" ("case_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "system_id", "version") VALUES (OLD."case_id", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."role", OLD."system_id", OLD."version"); RETURN NULL;',
                            hash="8aa4f20306e54de0fd92555a84c8d3c3ee843810",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_f6f2d",
                            table="registry_casesystem",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseSystemEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="registry.casesystem",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                ("id", models.IntegerField()),
                (
                    "case",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="registry.case",
                    ),
                ),
                (
                    "system",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="registry.system",
                    ),
                ),
                ("version", models.CharField(blank=True, max_length=100)),
                (
                    "role",
                    models.CharField(
                        choices=[("subject", "Subject"), ("component", "Component"), ("evaluator", "Evaluator")],
                        default="subject",
                        max_length=20,
                    ),
                ),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="0ffe9b659a2f9e2625b01ad391465bf94d0b9ab4",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_0c0c5",
                            table="registry_casesystemevent",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Classification",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="classifications", to="registry.case"
                    ),
                ),
                (
                    "node",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="classifications", to="taxonomy.node"
                    ),
                ),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("adjudicated", "Adjudicated"),
                            ("majority", "Majority"),
                            ("single-rater", "Single rater"),
                            ("imported", "Imported"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("decided_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("case", "node"),
                        name="registry_classification_once",
                        violation_error_message="This node is agreed for the case already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("method", "adjudicated"), _negated=True),
                            ("decided_by__isnull", False),
                            _connector="OR",
                        ),
                        name="registry_classification_adjudicated_by_somebody",
                        violation_error_message="An adjudicated label names who decided.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("method__in", ["adjudicated", "majority", "single-rater", "imported"])),
                        name="registry_classification_method_known",
                        violation_error_message="Method must be one of: adjudicated, majority, single-rater, imported.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="keep_node_path_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nUPDATE registry_case SET node_path = registry_node_path(id)\nWHERE id IN (SELECT case_id FROM new_rows);\nRETURN NULL;\n",
                            hash="1e92559cc3814ab3cf60d177140b62f7e349e1c5",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_keep_node_path_insert_956b7",
                            referencing="REFERENCING NEW TABLE AS new_rows ",
                            table="registry_classification",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="keep_node_path_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nUPDATE registry_case SET node_path = registry_node_path(id)\nWHERE id IN (SELECT case_id FROM new_rows UNION SELECT case_id FROM old_rows);\nRETURN NULL;\n",
                            hash="9611f1884126329b3039fbf48d2822c5c05b27ea",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_keep_node_path_update_8e46e",
                            referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                            table="registry_classification",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="keep_node_path_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nUPDATE registry_case SET node_path = registry_node_path(id)\nWHERE id IN (SELECT case_id FROM old_rows);\nRETURN NULL;\n",
                            hash="3a3cba5e2237cb2d1066a92740eaf74d146f9242",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_keep_node_path_delete_aaf2d",
                            referencing="REFERENCING OLD TABLE AS old_rows ",
                            table="registry_classification",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_classificationevent" ("case_id", "decided_at", "decided_by_id", "id", "method", "node_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."case_id", NEW."decided_at", NEW."decided_by_id", NEW."id", NEW."method", NEW."node_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;',
                            hash="972b8768a5f69b81cac6a619287b167b4864952a",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_02e78",
                            table="registry_classification",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "registry_classificationevent" ("case_id", "decided_at", "decided_by_id", "id", "method", "node_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."case_id", NEW."decided_at", NEW."decided_by_id", NEW."id", NEW."method", NEW."node_id", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;',
                            hash="3984ce3455f98c035c7987eae1fc1b2088f824ba",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_9e891",
                            table="registry_classification",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_classificationevent" ("case_id", "decided_at", "decided_by_id", "id", "method", "node_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."case_id", OLD."decided_at", OLD."decided_by_id", OLD."id", OLD."method", OLD."node_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id"); RETURN NULL;',
                            hash="a9588152199fcf2422feab155ab131b36960d7c8",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_fcebe",
                            table="registry_classification",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ClassificationEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="registry.classification",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                ("id", models.IntegerField()),
                (
                    "case",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="registry.case",
                    ),
                ),
                (
                    "node",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="taxonomy.node",
                    ),
                ),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("adjudicated", "Adjudicated"),
                            ("majority", "Majority"),
                            ("single-rater", "Single rater"),
                            ("imported", "Imported"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("decided_at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="a413704e4f167b78aa346cacbc33cfb3ebb060fd",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_c1eab",
                            table="registry_classificationevent",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Subscription",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="subscriptions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "weekday",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "Monday"),
                            (1, "Tuesday"),
                            (2, "Wednesday"),
                            (3, "Thursday"),
                            (4, "Friday"),
                            (5, "Saturday"),
                            (6, "Sunday"),
                        ],
                        default=0,
                    ),
                ),
                ("hour", models.PositiveSmallIntegerField(default=7, help_text="0 to 23, in the time zone below.")),
                (
                    "time_zone",
                    models.CharField(
                        default="UTC", max_length=60, validators=[registry.models.subscription.validate_time_zone]
                    ),
                ),
                ("active", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person",),
                        name="registry_subscription_one_per_person",
                        violation_error_message="This person is subscribed already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("weekday__lte", 6)),
                        name="registry_subscription_weekday_known",
                        violation_error_message="The weekday is 0 (Monday) to 6 (Sunday).",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("hour__lte", 23)),
                        name="registry_subscription_hour_of_day",
                        violation_error_message="The hour is 0 to 23.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_subscriptionevent" ("active", "created_at", "hour", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "time_zone", "weekday") VALUES (NEW."active", NEW."created_at", NEW."hour", NEW."id", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."time_zone", NEW."weekday"); RETURN NULL;',
                            hash="f2ce4e32c0bd8cd72129e8be7cecaea2418acdb1",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_f23ac",
                            table="registry_subscription",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "registry_subscriptionevent" ("active", "created_at", "hour", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "time_zone", "weekday") VALUES (NEW."active", NEW."created_at", NEW."hour", NEW."id", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."time_zone", NEW."weekday"); RETURN NULL;',
                            hash="e6dee88c36f7b24a237ff293f9d5dd50f5147081",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_852b6",
                            table="registry_subscription",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_subscriptionevent" ("active", "created_at", "hour", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "time_zone", "weekday") VALUES (OLD."active", OLD."created_at", OLD."hour", OLD."id", OLD."person_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."time_zone", OLD."weekday"); RETURN NULL;',
                            hash="2402ac2e3af384a3a6c880fae3414b96d1eddf98",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_21657",
                            table="registry_subscription",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PatternRun",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("computed_at", models.DateTimeField()),
                ("code_version", models.CharField(max_length=40)),
                (
                    "taxonomy_version",
                    models.CharField(help_text="A digest of the nodes, parents and mappings.", max_length=64),
                ),
                ("fingerprint", models.CharField(help_text="A digest of everything that was counted.", max_length=64)),
                ("label_rule", models.CharField(default="agreed", max_length=40)),
                ("rules", models.JSONField(help_text="The small-sample rules in force.")),
                ("n_cases", models.PositiveIntegerField()),
                (
                    "n_groups",
                    models.PositiveIntegerField(help_text="Cases after the reports of one event are counted once."),
                ),
                ("n_pairs", models.PositiveIntegerField(help_text="Pairs of labels both carried by enough cases.")),
                ("n_tests", models.PositiveIntegerField(help_text="Size of the family of tests.")),
                ("n_flagged", models.PositiveIntegerField()),
                ("occurred_from", models.DateField(null=True)),
                ("occurred_to", models.DateField(null=True)),
                (
                    "compared_with",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.patternrun",
                    ),
                ),
                ("seconds", models.FloatField(help_text="How long it took.")),
            ],
            options={
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="immutable",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="09b383941216ad2401c8952d089e2678ba53d8eb",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_immutable_2744e",
                            table="registry_patternrun",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Digest",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="digests", to="registry.subscription"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="digests", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("period_start", models.DateTimeField(help_text="Half-open: the start is in, the end is out.")),
                ("period_end", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("due", "Due"),
                            ("handing", "Handed to the mail server"),
                            ("sent", "Sent"),
                            ("refused", "Refused"),
                            ("uncertain", "Uncertain"),
                            ("failed", "Failed"),
                        ],
                        default="due",
                        max_length=10,
                    ),
                ),
                ("not_before", models.DateTimeField()),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("message_id", models.CharField(max_length=200)),
                (
                    "run",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.patternrun",
                    ),
                ),
                ("subject", models.CharField(blank=True, max_length=300)),
                ("text", models.TextField(blank=True)),
                ("html", models.TextField(blank=True)),
                ("chart", models.BinaryField(blank=True, default=b"")),
                ("handed_at", models.DateTimeField(null=True)),
                ("sent_at", models.DateTimeField(null=True)),
                ("error", models.TextField(blank=True)),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "due")), fields=["not_before"], name="registry_digest_owed"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("subscription", "period_end"),
                        name="registry_digest_once_per_period",
                        violation_error_message="This period's digest exists already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("period_start__lt", models.F("period_end"))),
                        name="registry_digest_period_forwards",
                        violation_error_message="A period ends after it starts.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sent_at__isnull", False), ("state", "sent")),
                            models.Q(models.Q(("state", "sent"), _negated=True), ("sent_at__isnull", True)),
                            _connector="OR",
                        ),
                        name="registry_digest_sent_at_iff_sent",
                        violation_error_message="A sent digest has a time of sending, and only a sent one.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["due", "handing", "sent", "refused", "uncertain", "failed"])),
                        name="registry_digest_state_known",
                        violation_error_message="State must be one of: due, handing, sent, refused, uncertain, failed.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EventGroupEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="registry.eventgroup",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                ("id", models.IntegerField()),
                ("name", models.CharField(max_length=200)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="3d11ef4c4e27b7f50c80acc31345793996da8ad5",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_f9f6e",
                            table="registry_eventgroupevent",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ExternalId",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="external_ids", to="registry.case"
                    ),
                ),
                ("source", models.SlugField(max_length=40)),
                ("value", models.CharField(max_length=200)),
                ("url", models.URLField(blank=True, max_length=1000)),
                ("imported", models.JSONField(blank=True, editable=False, null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["source", "value"], name="registry_externalid_number")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("case", "source", "value"),
                        name="registry_externalid_once",
                        violation_error_message="The case has this external number already.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("imported__isnull", False)),
                        fields=("source", "value"),
                        name="registry_externalid_imported_once",
                        violation_error_message="A case was imported under this external number already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("source", ""), _negated=True),
                        name="registry_externalid_source_filled",
                        violation_error_message="Source must not be empty.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("value", ""), _negated=True),
                        name="registry_externalid_value_filled",
                        violation_error_message="Value must not be empty.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_externalidevent" ("case_id", "id", "imported", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "url", "value") VALUES (NEW."case_id", NEW."id", NEW."imported", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."source", NEW."url", NEW."value"); RETURN NULL;',
                            hash="785461d5c7799274d9180e5508a0098504596bc5",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_9ffa0",
                            table="registry_externalid",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "registry_externalidevent" ("case_id", "id", "imported", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "url", "value") VALUES (NEW."case_id", NEW."id", NEW."imported", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."source", NEW."url", NEW."value"); RETURN NULL;',
                            hash="e0ad48b5678b2a6972c691c6d291a03038d5322c",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_0f020",
                            table="registry_externalid",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_externalidevent" ("case_id", "id", "imported", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "url", "value") VALUES (OLD."case_id", OLD."id", OLD."imported", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."source", OLD."url", OLD."value"); RETURN NULL;',
                            hash="2e896f157f7400bedd4d5133bde7bcab8c39584f",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_04bd0",
                            table="registry_externalid",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ExternalIdEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="registry.externalid",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                ("id", models.IntegerField()),
                (
                    "case",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="registry.case",
                    ),
                ),
                ("source", models.SlugField(db_index=False, max_length=40)),
                ("value", models.CharField(max_length=200)),
                ("url", models.URLField(blank=True, max_length=1000)),
                ("imported", models.JSONField(blank=True, editable=False, null=True)),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="5c7c3e43b12f934085154008e726a46061fea629",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_5a88a",
                            table="registry_externalidevent",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Job",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("recompute", "Recompute patterns")], max_length=20)),
                (
                    "key",
                    models.CharField(blank=True, help_text="What it is about; part of its identity.", max_length=100),
                ),
                ("payload", models.JSONField(blank=True, default=dict, help_text="Ids only.")),
                (
                    "state",
                    models.CharField(
                        choices=[("pending", "Pending"), ("running", "Running"), ("done", "Done"), ("dead", "Dead")],
                        default="pending",
                        max_length=10,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("not_before", models.DateTimeField()),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("progress", models.PositiveSmallIntegerField(default=0, help_text="Percent.")),
                ("result", models.JSONField(blank=True, null=True)),
                ("error", models.TextField(blank=True)),
                ("created_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["pending", "running"])),
                        fields=["not_before"],
                        name="registry_job_open",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "pending")),
                        fields=("kind", "key"),
                        name="registry_job_one_pending",
                        violation_error_message="This is waiting to be done already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("lease_until__isnull", False), ("state", "running")),
                            models.Q(models.Q(("state", "running"), _negated=True), ("lease_until__isnull", True)),
                            _connector="OR",
                        ),
                        name="registry_job_leased_iff_running",
                        violation_error_message="A running job has a lease, and only a running one.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("progress__lte", 100)),
                        name="registry_job_progress_is_percent",
                        violation_error_message="Progress lies between 0 and 100.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["pending", "running", "done", "dead"])),
                        name="registry_job_state_known",
                        violation_error_message="State must be one of: pending, running, done, dead.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["recompute"])),
                        name="registry_job_kind_known",
                        violation_error_message="Kind must be one of: recompute.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Label",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="labels", to="registry.case"
                    ),
                ),
                (
                    "node",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="labels", to="taxonomy.node"
                    ),
                ),
                (
                    "rater",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="labels", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "stance",
                    models.CharField(
                        choices=[("present", "Present"), ("absent", "Absent"), ("unsure", "Unsure")],
                        default="present",
                        max_length=10,
                    ),
                ),
                (
                    "confidence",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="0 to 100; empty when not stated.",
                        null=True,
                        validators=[django.core.validators.MaxValueValidator(100)],
                    ),
                ),
                (
                    "grounds",
                    models.CharField(
                        choices=[
                            ("speculative", "Speculative"),
                            ("inferred", "Inferred"),
                            ("documented", "Documented"),
                            ("reproduced", "Reproduced"),
                        ],
                        default="inferred",
                        max_length=20,
                    ),
                ),
                (
                    "load_bearing",
                    models.CharField(
                        choices=[("yes", "Yes"), ("no", "No"), ("unknown", "Unknown")], default="unknown", max_length=10
                    ),
                ),
                ("rationale", models.TextField(blank=True)),
                ("quote", models.TextField(blank=True, help_text="The passage of the evidence that shows it.")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("case", "node", "rater"),
                        name="registry_label_one_per_rater",
                        violation_error_message="This rater has labelled the case with this node already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("confidence__isnull", True), ("confidence__lte", 100), _connector="OR"),
                        name="registry_label_confidence_is_percent",
                        violation_error_message="Confidence lies between 0 and 100.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("stance__in", ["present", "absent", "unsure"])),
                        name="registry_label_stance_known",
                        violation_error_message="Stance must be one of: present, absent, unsure.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("grounds__in", ["speculative", "inferred", "documented", "reproduced"])),
                        name="registry_label_grounds_known",
                        violation_error_message="Grounds must be one of: speculative, inferred, documented, reproduced.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("load_bearing__in", ["yes", "no", "unknown"])),
                        name="registry_label_load_bearing_known",
                        violation_error_message="Load bearing must be one of: yes, no, unknown.",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("rationale"), 10000
                        ),
                        name="registry_label_rationale_at_most_10000",
                        violation_error_message="Rationale has more than 10,000 characters.",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("quote"), 10000
                        ),
                        name="registry_label_quote_at_most_10000",
                        violation_error_message="Quote has more than 10,000 characters.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_labelevent" ("case_id", "confidence", "created_at", "grounds", "id", "load_bearing", "node_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "quote", "rater_id", "rationale", "stance", "updated_at", "version") VALUES (NEW."case_id", NEW."confidence", NEW."created_at", NEW."grounds", NEW."id", NEW."load_bearing", NEW."node_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."quote", NEW."rater_id", NEW."rationale", NEW."stance", NEW."updated_at", NEW."version"); RETURN NULL;',
                            hash="7f2dad644796b6443917f26b7f09c73f6790dfe6",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_c6308",
                            table="registry_label",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "registry_labelevent" ("case_id", "confidence", "created_at", "grounds", "id", "load_bearing", "node_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "quote", "rater_id", "rationale", "stance", "updated_at", "version") VALUES (NEW."case_id", NEW."confidence", NEW."created_at", NEW."grounds", NEW."id", NEW."load_bearing", NEW."node_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."quote", NEW."rater_id", NEW."rationale", NEW."stance", NEW."updated_at", NEW."version"); RETURN NULL;',
                            hash="884740637dc74545d386e6d853c75fc1319a70e2",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_43bc3",
                            table="registry_label",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_labelevent" ("case_id", "confidence", "created_at", "grounds", "id", "load_bearing", "node_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "quote", "rater_id", "rationale", "stance", "updated_at", "version") VALUES (OLD."case_id", OLD."confidence", OLD."created_at", OLD."grounds", OLD."id", OLD."load_bearing", OLD."node_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."quote", OLD."rater_id", OLD."rationale", OLD."stance", OLD."updated_at", OLD."version"); RETURN NULL;',
                            hash="cffd0150b6234a52772715eb062c52cb6b0df7e4",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_75a29",
                            table="registry_label",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LabelEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="registry.label",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                ("id", models.IntegerField()),
                (
                    "case",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="registry.case",
                    ),
                ),
                (
                    "node",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="taxonomy.node",
                    ),
                ),
                (
                    "rater",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "stance",
                    models.CharField(
                        choices=[("present", "Present"), ("absent", "Absent"), ("unsure", "Unsure")],
                        default="present",
                        max_length=10,
                    ),
                ),
                (
                    "confidence",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="0 to 100; empty when not stated.",
                        null=True,
                        validators=[django.core.validators.MaxValueValidator(100)],
                    ),
                ),
                (
                    "grounds",
                    models.CharField(
                        choices=[
                            ("speculative", "Speculative"),
                            ("inferred", "Inferred"),
                            ("documented", "Documented"),
                            ("reproduced", "Reproduced"),
                        ],
                        default="inferred",
                        max_length=20,
                    ),
                ),
                (
                    "load_bearing",
                    models.CharField(
                        choices=[("yes", "Yes"), ("no", "No"), ("unknown", "Unknown")], default="unknown", max_length=10
                    ),
                ),
                ("rationale", models.TextField(blank=True)),
                ("quote", models.TextField(blank=True, help_text="The passage of the evidence that shows it.")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="da44502f71186439aaf5a5334f9d89a22700cae3",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_57b48",
                            table="registry_labelevent",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OrganisationAlias",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="aliases", to="registry.organisation"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
            ],
            options={
                "verbose_name_plural": "organisation aliases",
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("name"),
                        name="registry_organisationalias_name_unique",
                        violation_error_message="This name is recorded already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True),
                        name="registry_organisationalias_name_filled",
                        violation_error_message="Name must not be empty.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_organisationaliasevent" ("id", "name", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."id", NEW."name", NEW."organisation_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;',
                            hash="02356784a8cbde1afe7e8cf7ca7f22ffb058be92",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_c287f",
                            table="registry_organisationalias",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "registry_organisationaliasevent" ("id", "name", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."id", NEW."name", NEW."organisation_id", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;',
                            hash="15700f70aaa44b6fb84f6b986abe0b1ce484903c",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_04854",
                            table="registry_organisationalias",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_organisationaliasevent" ("id", "name", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."id", OLD."name", OLD."organisation_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id"); RETURN NULL;',
                            hash="27af9c6b5c813aabfdf5a038636fa9451300411e",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_848ea",
                            table="registry_organisationalias",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OrganisationAliasEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="registry.organisationalias",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                ("id", models.IntegerField()),
                (
                    "organisation",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="registry.organisation",
                    ),
                ),
                ("name", models.CharField(max_length=200)),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="32211836c54d75b1ec2595c851c14cbf1c8e813e",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_4b264",
                            table="registry_organisationaliasevent",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OrganisationEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="registry.organisation",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                ("id", models.IntegerField()),
                ("name", models.CharField(max_length=200)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="f0d420a9acbfae195423c3096f1632c3f6f0868f",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_85310",
                            table="registry_organisationevent",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PatternNode",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="nodes", to="registry.patternrun"
                    ),
                ),
                (
                    "node",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="taxonomy.node"
                    ),
                ),
                ("k", models.PositiveIntegerField()),
                ("n", models.PositiveIntegerField()),
                ("low", models.FloatField(null=True)),
                ("high", models.FloatField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("run", "node"), name="registry_patternnode_once"),
                    models.CheckConstraint(
                        condition=models.Q(("k__lte", models.F("n"))), name="registry_patternnode_k_of_n"
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="immutable",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="4edfec03d3cf06d77654af832609e1c0acf7de6c",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_immutable_1c329",
                            table="registry_patternnode",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PatternPair",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "run",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pairs",
                        to="registry.patternrun",
                    ),
                ),
                (
                    "node_a",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="taxonomy.node",
                    ),
                ),
                (
                    "node_b",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="taxonomy.node",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("tested", "Tested"),
                            ("related", "Related by definition"),
                            ("exclusive", "Exclude one another by definition"),
                            ("too-few", "Too few cases"),
                        ],
                        max_length=10,
                    ),
                ),
                ("joint", models.PositiveIntegerField()),
                ("k_a", models.PositiveIntegerField()),
                ("k_b", models.PositiveIntegerField()),
                ("n", models.PositiveIntegerField()),
                ("expected", models.FloatField(null=True)),
                ("rate_low", models.FloatField(null=True)),
                ("rate_high", models.FloatField(null=True)),
                ("phi", models.FloatField(null=True)),
                ("lift", models.FloatField(null=True)),
                ("jaccard", models.FloatField(null=True)),
                ("odds_ratio", models.FloatField(null=True)),
                ("odds_low", models.FloatField(null=True)),
                ("odds_high", models.FloatField(null=True)),
                ("p", models.FloatField(null=True)),
                ("q", models.FloatField(null=True)),
                ("effect", models.FloatField(help_text="Shrunken log odds ratio; pairs are ranked by it.", null=True)),
                ("flagged", models.BooleanField(default=False)),
                (
                    "movement",
                    models.CharField(
                        choices=[
                            ("new", "New"),
                            ("stronger", "Stronger"),
                            ("weaker", "Weaker"),
                            ("gone", "Gone"),
                            ("steady", "Steady"),
                            ("none", "Not flagged"),
                        ],
                        default="none",
                        max_length=10,
                    ),
                ),
                ("joint_before", models.PositiveIntegerField(null=True)),
                ("q_before", models.FloatField(null=True)),
                (
                    "case_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(),
                        default=list,
                        help_text="The cases behind the joint count, newest first.",
                        size=None,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["run", "-flagged", "q", "id"], name="registry_pair_by_q")],
                "constraints": [
                    models.UniqueConstraint(fields=("run", "node_a", "node_b"), name="registry_patternpair_once"),
                    models.CheckConstraint(
                        condition=models.Q(("node_a__lt", models.F("node_b"))), name="registry_patternpair_ordered"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("joint__lte", models.F("n"))), name="registry_patternpair_joint_of_n"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["tested", "related", "exclusive", "too-few"])),
                        name="registry_patternpair_state_known",
                        violation_error_message="State must be one of: tested, related, exclusive, too-few.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("movement__in", ["new", "stronger", "weaker", "gone", "steady", "none"])),
                        name="registry_patternpair_movement_known",
                        violation_error_message="Movement must be one of: new, stronger, weaker, gone, steady, none.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="immutable",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="8991869b6c5aded8225130136ce8cae3e427b70b",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_immutable_b8385",
                            table="registry_patternpair",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PatternTrend",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="trends", to="registry.patternrun"
                    ),
                ),
                (
                    "node",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="taxonomy.node"
                    ),
                ),
                ("first_week", models.DateField(help_text="The Monday of the first week counted.")),
                (
                    "weeks",
                    django.contrib.postgres.fields.ArrayField(base_field=models.PositiveIntegerField(), size=None),
                ),
                ("recent", models.PositiveIntegerField()),
                ("baseline", models.PositiveIntegerField()),
                ("ratio", models.FloatField(null=True)),
                ("low", models.FloatField(null=True)),
                ("high", models.FloatField(null=True)),
                ("p", models.FloatField(null=True)),
                ("q", models.FloatField(null=True)),
                ("flagged", models.BooleanField(default=False)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("run", "node"), name="registry_patterntrend_once", nulls_distinct=False
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="immutable",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="4471ccd5eb777fd5f5863b4ffd11e0f76d88724a",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_immutable_e4a16",
                            table="registry_patterntrend",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PersonEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                ("id", models.IntegerField()),
                (
                    "username",
                    models.CharField(
                        max_length=60,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[\\w.@+-]+\\Z", "Use letters, digits and . @ + - _ only."
                            )
                        ],
                    ),
                ),
                ("name", models.CharField(help_text="As others see it.", max_length=120)),
                ("email", models.EmailField(max_length=254)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("reader", "Reader"),
                            ("reporter", "Reporter"),
                            ("analyst", "Analyst"),
                            ("reviewer", "Reviewer"),
                            ("administrator", "Administrator"),
                        ],
                        default="reporter",
                        max_length=20,
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="may sign in")),
                ("time_zone", models.CharField(default="UTC", max_length=60)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="a0713d9d82dffa941d60522b902ccebf1a0353a3",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_aa3d6",
                            table="registry_personevent",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SourceEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="registry.source",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                ("id", models.IntegerField()),
                ("url", models.URLField(blank=True, max_length=1000)),
                ("title", models.CharField(max_length=500)),
                ("publisher", models.CharField(blank=True, max_length=200)),
                ("published_on", models.DateField(blank=True, null=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("primary", "Primary"),
                            ("secondary", "Secondary"),
                            ("database", "Database"),
                            ("internal", "Internal"),
                        ],
                        default="secondary",
                        max_length=20,
                    ),
                ),
                (
                    "verification",
                    models.CharField(
                        choices=[("seen", "Seen"), ("not-seen", "Not seen")], default="not-seen", max_length=20
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="4398c75d91021739c9cbfdd14e227e606610ebe5",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_50e5f",
                            table="registry_sourceevent",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SubscriptionEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="registry.subscription",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                ("id", models.IntegerField()),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "weekday",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "Monday"),
                            (1, "Tuesday"),
                            (2, "Wednesday"),
                            (3, "Thursday"),
                            (4, "Friday"),
                            (5, "Saturday"),
                            (6, "Sunday"),
                        ],
                        default=0,
                    ),
                ),
                ("hour", models.PositiveSmallIntegerField(default=7, help_text="0 to 23, in the time zone below.")),
                (
                    "time_zone",
                    models.CharField(
                        default="UTC", max_length=60, validators=[registry.models.subscription.validate_time_zone]
                    ),
                ),
                ("active", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="5f841a6b9d6c775910f736adac9218c0e097a2e5",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_f3592",
                            table="registry_subscriptionevent",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SystemAlias",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "system",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="aliases", to="registry.system"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
            ],
            options={
                "verbose_name_plural": "system aliases",
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("name"),
                        name="registry_systemalias_name_unique",
                        violation_error_message="This name is recorded already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True),
                        name="registry_systemalias_name_filled",
                        violation_error_message="Name must not be empty.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_systemaliasevent" ("id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "system_id") VALUES (NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."system_id"); RETURN NULL;',
                            hash="62dc6bbdb29aa8e3904603122f7084d873c552da",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_8c565",
                            table="registry_systemalias",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "registry_systemaliasevent" ("id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "system_id") VALUES (NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."system_id"); RETURN NULL;',
                            hash="5ba1245622f121832eef75037d435d2d6889106b",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_f624d",
                            table="registry_systemalias",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_systemaliasevent" ("id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "system_id") VALUES (OLD."id", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."system_id"); RETURN NULL;',
                            hash="643a084031dfd12db2147d0d338a7189e7263350",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_41580",
                            table="registry_systemalias",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SystemAliasEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="registry.systemalias",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                ("id", models.IntegerField()),
                (
                    "system",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="registry.system",
                    ),
                ),
                ("name", models.CharField(max_length=200)),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="0dccb58ff84ac414eb8edf8e0d394061b60a9d74",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_63eec",
                            table="registry_systemaliasevent",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SystemEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="registry.system",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                ("id", models.IntegerField()),
                ("name", models.CharField(max_length=200)),
                (
                    "developer",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="registry.organisation",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="82abde272a9f3218dc523804e4b0b211a82f566f",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_62596",
                            table="registry_systemevent",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="case",
            name="systems",
            field=models.ManyToManyField(related_name="cases", through="registry.CaseSystem", to="registry.system"),
        ),
        migrations.AddField(
            model_name="case",
            name="parties",
            field=models.ManyToManyField(
                related_name="cases", through="registry.CaseParty", to="registry.organisation"
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="sources",
            field=models.ManyToManyField(related_name="cases", through="registry.CaseSource", to="registry.source"),
        ),
        taxonomy.operations.InstallTriggers(
            models=[
                "person",
                "eventgroup",
                "organisation",
                "system",
                "source",
                "case",
                "caseevent",
                "caseparty",
                "casepartyevent",
                "casereader",
                "casereaderevent",
                "casesource",
                "casesourceevent",
                "casesystem",
                "casesystemevent",
                "classification",
                "classificationevent",
                "subscription",
                "patternrun",
                "eventgroupevent",
                "externalid",
                "externalidevent",
                "label",
                "labelevent",
                "organisationalias",
                "organisationaliasevent",
                "organisationevent",
                "patternnode",
                "patternpair",
                "patterntrend",
                "personevent",
                "sourceevent",
                "subscriptionevent",
                "systemalias",
                "systemaliasevent",
                "systemevent",
            ],
        ),
    ]

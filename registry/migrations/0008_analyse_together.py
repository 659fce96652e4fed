import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
import pgtrigger.compiler
import taxonomy.operations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("pghistory", "0007_auto_20250421_0444"),
        ("registry", "0007_sources_of_whoever_sees_them"),
        ("taxonomy", "0002_criteria_and_debt"),
    ]

    operations = [
        migrations.CreateModel(
            name="Adjudication",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="adjudications", to="registry.case"
                    ),
                ),
                (
                    "node",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="adjudications", to="taxonomy.node"
                    ),
                ),
                ("applies", models.BooleanField()),
                ("reason", models.TextField()),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="adjudications",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("decided_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("case", "node"),
                        name="registry_adjudication_once",
                        violation_error_message="This was decided already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="registry_adjudication_reason_filled",
                        violation_error_message="Reason must not be empty.",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("reason"), 10000
                        ),
                        name="registry_adjudication_reason_at_most_10000",
                        violation_error_message="Reason has more than 10,000 characters.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_adjudicationevent" ("applies", "case_id", "decided_at", "decided_by_id", "id", "node_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason") VALUES (NEW."applies", NEW."case_id", NEW."decided_at", NEW."decided_by_id", NEW."id", NEW."node_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reason"); RETURN NULL;',
                            hash="0e186266f070a431c26094c41f1ce3994125dd11",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_98c5a",
                            table="registry_adjudication",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "registry_adjudicationevent" ("applies", "case_id", "decided_at", "decided_by_id", "id", "node_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason") VALUES (NEW."applies", NEW."case_id", NEW."decided_at", NEW."decided_by_id", NEW."id", NEW."node_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason"); RETURN NULL;',
                            hash="6c62a922d181a29c1c17d1e227be954c62198f94",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_bfb10",
                            table="registry_adjudication",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_adjudicationevent" ("applies", "case_id", "decided_at", "decided_by_id", "id", "node_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason") VALUES (OLD."applies", OLD."case_id", OLD."decided_at", OLD."decided_by_id", OLD."id", OLD."node_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reason"); RETURN NULL;',
                            hash="e098397b8ebc3a23623610f6d2133fa0bd75b024",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_d6568",
                            table="registry_adjudication",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AdjudicationEvent",
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
                        to="registry.adjudication",
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
                ("applies", models.BooleanField()),
                ("reason", models.TextField()),
                (
                    "decided_by",
                    models.ForeignKey(
                        db_constraint=False,
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
                            hash="9437fad63e24f0f4bd8d0441cc1e4ed6ab192897",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_c84f0",
                            table="registry_adjudicationevent",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AgreementRun",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("computed_at", models.DateTimeField()),
                ("period", models.CharField(max_length=10)),
                ("fingerprint", models.CharField(help_text="A digest of everything that was counted.", max_length=64)),
                ("code_version", models.CharField(max_length=40)),
                ("n_cases", models.PositiveIntegerField(help_text="Cases with ratings of two raters or more.")),
                ("n_raters", models.PositiveIntegerField()),
                ("n_labels", models.PositiveIntegerField()),
                ("seed", models.PositiveBigIntegerField()),
                ("n_resamples", models.PositiveIntegerField()),
                ("seconds", models.FloatField()),
            ],
            options={
                "indexes": [models.Index(fields=["period", "-id"], name="registry_agreement_latest")],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="immutable",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="d260866a606df3a4940d9cf1ff1fcb92e9dffb10",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_immutable_fbca1",
                            table="registry_agreementrun",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AgreementScore",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="scores", to="registry.agreementrun"
                    ),
                ),
                (
                    "measure",
                    models.CharField(
                        choices=[
                            ("label", "Labels"),
                            ("realised", "Realised severity"),
                            ("potential", "Potential severity"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "scheme",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="taxonomy.scheme"
                    ),
                ),
                (
                    "node",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agreement",
                        to="taxonomy.node",
                    ),
                ),
                ("n_cases", models.PositiveIntegerField(help_text="Cases that two raters or more spoke of.")),
                ("n_raters", models.PositiveIntegerField()),
                ("n_values", models.PositiveIntegerField(help_text="Their judgements in all.")),
                ("n_disputed", models.PositiveIntegerField(help_text="Cases on which they differ.")),
                ("alpha", models.FloatField(help_text="None where all said the same, or too few spoke.", null=True)),
                ("low", models.FloatField(null=True)),
                ("high", models.FloatField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("run", "measure", "scheme", "node"),
                        name="registry_agreementscore_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("low__isnull", True), ("low__lte", models.F("high")), _connector="OR"),
                        name="registry_agreementscore_interval_holds_it",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("measure__in", ["label", "realised", "potential"])),
                        name="registry_agreementscore_measure_known",
                        violation_error_message="Measure must be one of: label, realised, potential.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="immutable",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="b282fd5914eec9b48b9537227bbbff2ced62a69f",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_immutable_87d1b",
                            table="registry_agreementscore",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseWatch",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="watches", to="registry.case"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="watches", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("watching", models.BooleanField(default=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("case", "person"),
                        name="registry_casewatch_once",
                        violation_error_message="This person has said already whether they watch the case.",
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_casewatchevent" ("case_id", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "watching") VALUES (NEW."case_id", NEW."id", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."watching"); RETURN NULL;',
                            hash="5d43e8d74e28e76ea7e87a4aee97c4327f47d23c",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_a674a",
                            table="registry_casewatch",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "registry_casewatchevent" ("case_id", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "watching") VALUES (NEW."case_id", NEW."id", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."watching"); RETURN NULL;',
                            hash="7e7ea6257735570d8f6e577c3e394842d0d84363",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_55706",
                            table="registry_casewatch",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_casewatchevent" ("case_id", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "watching") VALUES (OLD."case_id", OLD."id", OLD."person_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."watching"); RETURN NULL;',
                            hash="8e22401d8ac3ab96bb4b3ea96307dce6edca17d8",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_fd842",
                            table="registry_casewatch",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseWatchEvent",
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
                        to="registry.casewatch",
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
                ("watching", models.BooleanField(default=True)),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="e2ef76c57777852ff5cb91b1e5b7da20a99cb012",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_9dcc8",
                            table="registry_casewatchevent",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Comment",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="comments", to="registry.case"
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="comments",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "answers",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replies",
                        to="registry.comment",
                    ),
                ),
                ("text", models.TextField()),
                ("written_at", models.DateTimeField()),
                ("edited_at", models.DateTimeField(blank=True, null=True)),
                (
                    "resolved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("resolved_at", models.DateTimeField(blank=True, null=True)),
                (
                    "removed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("resolved_at__isnull", True), ("resolved_by__isnull", True)),
                            models.Q(("resolved_at__isnull", False), ("resolved_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="registry_comment_resolved_by_somebody",
                        violation_error_message="A resolved comment says who resolved it and when.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("removed_at__isnull", True), ("removed_by__isnull", True)),
                            models.Q(("removed_at__isnull", False), ("removed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="registry_comment_removed_by_somebody",
                        violation_error_message="A removed comment says who removed it and when.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("answers__isnull", True), ("resolved_at__isnull", True), _connector="OR"),
                        name="registry_comment_answers_are_not_resolved",
                        violation_error_message="A thread is resolved at its first comment.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True),
                        name="registry_comment_text_filled",
                        violation_error_message="Text must not be empty.",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("text"), 10000
                        ),
                        name="registry_comment_text_at_most_10000",
                        violation_error_message="Text has more than 10,000 characters.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_commentevent" ("answers_id", "author_id", "case_id", "edited_at", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "removed_at", "removed_by_id", "resolved_at", "resolved_by_id", "text", "version", "written_at") VALUES (NEW."answers_id", NEW."author_id", NEW."case_id", NEW."edited_at", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."removed_at", NEW."removed_by_id", NEW."resolved_at", NEW."resolved_by_id", NEW."text", NEW."version", NEW."written_at"); RETURN NULL;',
                            hash="860a6db797f4bef23c5f33788c4173a2c19ccdb2",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_46003",
                            table="registry_comment",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "registry_commentevent" ("answers_id", "author_id", "case_id", "edited_at", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "removed_at", "removed_by_id", "resolved_at", "resolved_by_id", "text", "version", "written_at") VALUES (NEW."answers_id", NEW."author_id", NEW."case_id", NEW."edited_at", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."removed_at", NEW."removed_by_id", NEW."resolved_at", NEW."resolved_by_id", NEW."text", NEW."version", NEW."written_at"); RETURN NULL;',
                            hash="b310ef8096359b15e5cf49a5cbd41d6ee8f21368",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_de534",
                            table="registry_comment",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_commentevent" ("answers_id", "author_id", "case_id", "edited_at", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "removed_at", "removed_by_id", "resolved_at", "resolved_by_id", "text", "version", "written_at") VALUES (OLD."answers_id", OLD."author_id", OLD."case_id", OLD."edited_at", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."removed_at", OLD."removed_by_id", OLD."resolved_at", OLD."resolved_by_id", OLD."text", OLD."version", OLD."written_at"); RETURN NULL;',
                            hash="5486d4ea28ce7939b2ac7a96a99c28bdffbcde58",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_0526e",
                            table="registry_comment",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CommentEvent",
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
                        to="registry.comment",
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
                    "author",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "answers",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="registry.comment",
                    ),
                ),
                ("text", models.TextField()),
                ("written_at", models.DateTimeField()),
                ("edited_at", models.DateTimeField(blank=True, null=True)),
                (
                    "resolved_by",
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
                ("resolved_at", models.DateTimeField(blank=True, null=True)),
                (
                    "removed_by",
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
                ("removed_at", models.DateTimeField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="6ce8b8f3ec2edfc2a6a022ee9761587a2a54239d",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_b78cc",
                            table="registry_commentevent",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CommentMention",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "comment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="mentions", to="registry.comment"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("comment", "person"),
                        name="registry_commentmention_once",
                        violation_error_message="This person is mentioned already.",
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_commentmentionevent" ("comment_id", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."comment_id", NEW."id", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;',
                            hash="dba5c8f44fb029072961f8c462232961e554c5eb",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_94667",
                            table="registry_commentmention",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "registry_commentmentionevent" ("comment_id", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."comment_id", NEW."id", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;',
                            hash="c60a5d9e77c6b87b6d9ca146bdd2b0f84a75c483",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_011e2",
                            table="registry_commentmention",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_commentmentionevent" ("comment_id", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."comment_id", OLD."id", OLD."person_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id"); RETURN NULL;',
                            hash="e237fe428096254f0b69b0df43c996a5a576a411",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_18c0b",
                            table="registry_commentmention",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CommentMentionEvent",
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
                        to="registry.commentmention",
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
                    "comment",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="registry.comment",
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
                            hash="b74ce0f76c868285d209bfc9023569631a4df278",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_63db5",
                            table="registry_commentmentionevent",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Confusion",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="confusions",
                        to="registry.agreementrun",
                    ),
                ),
                (
                    "node_a",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="taxonomy.node"
                    ),
                ),
                (
                    "node_b",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="taxonomy.node"
                    ),
                ),
                ("n_cases", models.PositiveIntegerField()),
                ("n_together", models.PositiveIntegerField(help_text="Cases on which any rater chose either.")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("run", "node_a", "node_b"), name="registry_confusion_once"),
                    models.CheckConstraint(
                        condition=models.Q(("node_a__lt", models.F("node_b"))), name="registry_confusion_ordered"
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="immutable",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="3e83cd0939c1d29f0de6592bc0b86f4f6ce02c02",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_immutable_79c54",
                            table="registry_confusion",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DebtAcceptance",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="debt_acceptances", to="registry.case"
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("reason", models.TextField()),
                ("expires_on", models.DateField()),
                (
                    "accepted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("accepted_at", models.DateTimeField()),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("case",),
                        name="registry_debtacceptance_one_in_force",
                        violation_error_message="The debt of this case is accepted already; end that first.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expires_on__gt", models.F("accepted_at__date"))),
                        name="registry_debtacceptance_expires_later",
                        violation_error_message="Debt is accepted until a day after today.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("ended_by__isnull", True)),
                            models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="registry_debtacceptance_ended_by_somebody",
                        violation_error_message="An acceptance that was ended says who did it and when.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="registry_debtacceptance_reason_filled",
                        violation_error_message="Reason must not be empty.",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("reason"), 10000
                        ),
                        name="registry_debtacceptance_reason_at_most_10000",
                        violation_error_message="Reason has more than 10,000 characters.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_debtacceptanceevent" ("accepted_at", "accepted_by_id", "case_id", "ended_at", "ended_by_id", "expires_on", "id", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason") VALUES (NEW."accepted_at", NEW."accepted_by_id", NEW."case_id", NEW."ended_at", NEW."ended_by_id", NEW."expires_on", NEW."id", NEW."owner_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reason"); RETURN NULL;',
                            hash="abb8eb6de171a0ea121ba44d1f64cb820ae5753d",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_cdb91",
                            table="registry_debtacceptance",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "registry_debtacceptanceevent" ("accepted_at", "accepted_by_id", "case_id", "ended_at", "ended_by_id", "expires_on", "id", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason") VALUES (NEW."accepted_at", NEW."accepted_by_id", NEW."case_id", NEW."ended_at", NEW."ended_by_id", NEW."expires_on", NEW."id", NEW."owner_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason"); RETURN NULL;',
                            hash="5f6a6cb38268be062cff1a7ea3040cd5b50c90c2",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_5956f",
                            table="registry_debtacceptance",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_debtacceptanceevent" ("accepted_at", "accepted_by_id", "case_id", "ended_at", "ended_by_id", "expires_on", "id", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason") VALUES (OLD."accepted_at", OLD."accepted_by_id", OLD."case_id", OLD."ended_at", OLD."ended_by_id", OLD."expires_on", OLD."id", OLD."owner_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reason"); RETURN NULL;',
                            hash="aadf7376d3cf17971d0f8412deac59b2de74bddc",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_bea9c",
                            table="registry_debtacceptance",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DebtAcceptanceEvent",
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
                        to="registry.debtacceptance",
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
                    "owner",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("reason", models.TextField()),
                ("expires_on", models.DateField()),
                (
                    "accepted_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("accepted_at", models.DateTimeField()),
                (
                    "ended_by",
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
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="4d932f6841e4841f34bfcd0a4156a031a86cc92a",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_d6c88",
                            table="registry_debtacceptanceevent",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Mitigation",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=200)),
                ("description", models.TextField(blank=True)),
                (
                    "node",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mitigations",
                        to="taxonomy.node",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("accepted", "Accepted"),
                            ("in-progress", "In progress"),
                            ("done", "Done"),
                            ("will-not-do", "Will not do"),
                        ],
                        default="proposed",
                        max_length=20,
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mitigations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("due_on", models.DateField(blank=True, null=True)),
                (
                    "effect",
                    models.CharField(
                        choices=[("yes", "Yes"), ("partly", "Partly"), ("no", "No"), ("unknown", "Unknown")],
                        default="unknown",
                        max_length=10,
                    ),
                ),
                ("effect_note", models.TextField(blank=True, help_text="How the effect was checked.")),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("owner__isnull", False), ("state__in", ["proposed", "will-not-do"]), _connector="OR"
                        ),
                        name="registry_mitigation_owner_once_accepted",
                        violation_error_message="A mitigation that was accepted has an owner.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("effect", "unknown"), ("state", "done"), _connector="OR"),
                        name="registry_mitigation_effect_once_done",
                        violation_error_message="The effect is verified once the mitigation is done.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["proposed", "accepted", "in-progress", "done", "will-not-do"])
                        ),
                        name="registry_mitigation_state_known",
                        violation_error_message="State must be one of: proposed, accepted, in-progress, done, will-not-do.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("effect__in", ["yes", "partly", "no", "unknown"])),
                        name="registry_mitigation_effect_known",
                        violation_error_message="Effect must be one of: yes, partly, no, unknown.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("title", ""), _negated=True),
                        name="registry_mitigation_title_filled",
                        violation_error_message="Title must not be empty.",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("description"), 10000
                        ),
                        name="registry_mitigation_description_at_most_10000",
                        violation_error_message="Description has more than 10,000 characters.",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("effect_note"), 10000
                        ),
                        name="registry_mitigation_effect_note_at_most_10000",
                        violation_error_message="Effect note has more than 10,000 characters.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_mitigationevent" ("created_at", "description", "due_on", "effect", "effect_note", "id", "node_id", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_by_id", "state", "title", "updated_at", "version") VALUES (NEW."created_at", NEW."description", NEW."due_on", NEW."effect", NEW."effect_note", NEW."id", NEW."node_id", NEW."owner_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."proposed_by_id", NEW."state", NEW."title", NEW."updated_at", NEW."version"); RETURN NULL;',
                            hash="de3e1cf34d12ff33d38cd9d2183450002597c48a",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_00a07",
                            table="registry_mitigation",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "registry_mitigationevent" ("created_at", "description", "due_on", "effect", "effect_note", "id", "node_id", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_by_id", "state", "title", "updated_at", "version") VALUES (NEW."created_at", NEW."description", NEW."due_on", NEW."effect", NEW."effect_note", NEW."id", NEW."node_id", NEW."owner_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."proposed_by_id", NEW."state", NEW."title", NEW."updated_at", NEW."version"); RETURN NULL;',
                            hash="e4585172de9a07abe9dc81ff438b8f23cf47173d",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_72c08",
                            table="registry_mitigation",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_mitigationevent" ("created_at", "description", "due_on", "effect", "effect_note", "id", "node_id", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_by_id", "state", "title", "updated_at", "version") VALUES (OLD."created_at", OLD."description", OLD."due_on", OLD."effect", OLD."effect_note", OLD."id", OLD."node_id", OLD."owner_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."proposed_by_id", OLD."state", OLD."title", OLD."updated_at", OLD."version"); RETURN NULL;',
                            hash="f4bd6dd4b4314e7196649dca92aaf04187a4855e",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_c2e34",
                            table="registry_mitigation",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MitigationCase",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "mitigation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="answered", to="registry.mitigation"
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="answers", to="registry.case"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("mitigation", "case"),
                        name="registry_mitigationcase_once",
                        violation_error_message="This mitigation answers the case already.",
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_mitigationcaseevent" ("case_id", "id", "mitigation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."case_id", NEW."id", NEW."mitigation_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;',
                            hash="60c7d22a0df7fc981c2f36ee2f29456190814f4d",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_df8f0",
                            table="registry_mitigationcase",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "registry_mitigationcaseevent" ("case_id", "id", "mitigation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."case_id", NEW."id", NEW."mitigation_id", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;',
                            hash="ed5b6475d989f5445faad6d74e70dc9d53a7a624",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_d0379",
                            table="registry_mitigationcase",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_mitigationcaseevent" ("case_id", "id", "mitigation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."case_id", OLD."id", OLD."mitigation_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id"); RETURN NULL;',
                            hash="c9dcf6af6c938bd2ec13645b773c18d3822d4dd1",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_d74a3",
                            table="registry_mitigationcase",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MitigationCaseEvent",
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
                        to="registry.mitigationcase",
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
                    "mitigation",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="registry.mitigation",
                    ),
                ),
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
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="377287d14030698f3bd65af2934e5803bb33a32c",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_060aa",
                            table="registry_mitigationcaseevent",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MitigationEvent",
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
                        to="registry.mitigation",
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
                ("title", models.CharField(max_length=200)),
                ("description", models.TextField(blank=True)),
                (
                    "node",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="taxonomy.node",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("accepted", "Accepted"),
                            ("in-progress", "In progress"),
                            ("done", "Done"),
                            ("will-not-do", "Will not do"),
                        ],
                        default="proposed",
                        max_length=20,
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
                ("due_on", models.DateField(blank=True, null=True)),
                (
                    "effect",
                    models.CharField(
                        choices=[("yes", "Yes"), ("partly", "Partly"), ("no", "No"), ("unknown", "Unknown")],
                        default="unknown",
                        max_length=10,
                    ),
                ),
                ("effect_note", models.TextField(blank=True, help_text="How the effect was checked.")),
                (
                    "proposed_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="ebd68ce3d62d4a40aeb37f2dba4c3511c3579080",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_6cc56",
                            table="registry_mitigationevent",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Notification",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notifications",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="notifications", to="registry.case"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("assigned", "Made you its owner"),
                            ("mentioned", "Mentioned you"),
                            ("commented", "Commented"),
                            ("resolved", "Resolved a comment"),
                            ("moved", "Moved it on"),
                            ("returned", "Returned it to analysis"),
                            ("closed", "Approved and closed it"),
                            ("reopened", "Reopened it"),
                            ("withdrawn", "Withdrew it"),
                            ("adjudicated", "Decided between the raters"),
                            ("due", "Is due"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "actor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "comment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notifications",
                        to="registry.comment",
                    ),
                ),
                ("at", models.DateTimeField()),
                ("seen_at", models.DateTimeField(blank=True, null=True)),
                ("mailed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["person", "-id"], name="registry_notification_of"),
                    models.Index(
                        condition=models.Q(("mailed_at__isnull", True), ("seen_at__isnull", True)),
                        fields=["person"],
                        name="registry_notification_unmailed",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("comment__isnull", False),
                            models.Q(("kind__in", ["mentioned", "commented", "resolved"]), _negated=True),
                            _connector="OR",
                        ),
                        name="registry_notification_comment_known",
                        violation_error_message="What is told of a comment names the comment.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "assigned",
                                    "mentioned",
                                    "commented",
                                    "resolved",
                                    "moved",
                                    "returned",
                                    "closed",
                                    "reopened",
                                    "withdrawn",
                                    "adjudicated",
                                    "due",
                                ],
                            )
                        ),
                        name="registry_notification_kind_known",
                        violation_error_message="Kind must be one of: assigned, mentioned, commented, resolved, moved, returned, closed, reopened, withdrawn, adjudicated, due.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Rating",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="ratings", to="registry.case"
                    ),
                ),
                (
                    "rater",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="ratings", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("working", "At work"), ("submitted", "Submitted"), ("aside", "Stood aside")],
                        default="working",
                        max_length=10,
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
                    "potential_severity",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="taxonomy.severitytier",
                    ),
                ),
                ("opened_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("case", "rater"),
                        name="registry_rating_one_per_rater",
                        violation_error_message="This rater is at work on the case already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("opened_at__isnull", True), ("state", "working")),
                            models.Q(models.Q(("state", "working"), _negated=True), ("opened_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="registry_rating_opened_unless_at_work",
                        violation_error_message="Others' labels are open to whoever submitted or stood aside, to nobody else.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["working", "submitted", "aside"])),
                        name="registry_rating_state_known",
                        violation_error_message="State must be one of: working, submitted, aside.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_ratingevent" ("case_id", "created_at", "id", "opened_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "potential_severity_id", "rater_id", "realised_severity_id", "state", "updated_at", "version") VALUES (NEW."case_id", NEW."created_at", NEW."id", NEW."opened_at", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."potential_severity_id", NEW."rater_id", NEW."realised_severity_id", NEW."state", NEW."updated_at", NEW."version"); RETURN NULL;',
                            hash="582a0a3eb1ab152b4f0363df15bccdf68ee66661",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_f429b",
                            table="registry_rating",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "registry_ratingevent" ("case_id", "created_at", "id", "opened_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "potential_severity_id", "rater_id", "realised_severity_id", "state", "updated_at", "version") VALUES (NEW."case_id", NEW."created_at", NEW."id", NEW."opened_at", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."potential_severity_id", NEW."rater_id", NEW."realised_severity_id", NEW."state", NEW."updated_at", NEW."version"); RETURN NULL;',
                            hash="40c056339a11510758b512866a1d18a1e7d76683",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_a98fa",
                            table="registry_rating",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_ratingevent" ("case_id", "created_at", "id", "opened_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "potential_severity_id", "rater_id", "realised_severity_id", "state", "updated_at", "version") VALUES (OLD."case_id", OLD."created_at", OLD."id", OLD."opened_at", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."potential_severity_id", OLD."rater_id", OLD."realised_severity_id", OLD."state", OLD."updated_at", OLD."version"); RETURN NULL;',
                            hash="b1443c0d44ef4dc0fdae9c876cc6c34109e305c7",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_3cc87",
                            table="registry_rating",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RatedScheme",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "rating",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="schemes", to="registry.rating"
                    ),
                ),
                (
                    "scheme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="taxonomy.scheme"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("rating", "scheme"),
                        name="registry_ratedscheme_once",
                        violation_error_message="This scheme is marked as done already.",
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_ratedschemeevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rating_id", "scheme_id") VALUES (NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."rating_id", NEW."scheme_id"); RETURN NULL;',
                            hash="46941203a49b469faeb72c5c1dd7be76ebff0fa4",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_c0194",
                            table="registry_ratedscheme",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "registry_ratedschemeevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rating_id", "scheme_id") VALUES (NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."rating_id", NEW."scheme_id"); RETURN NULL;',
                            hash="c2af3a7e0b991815e0ebeb683556442b5326e147",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_ad67d",
                            table="registry_ratedscheme",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_ratedschemeevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rating_id", "scheme_id") VALUES (OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."rating_id", OLD."scheme_id"); RETURN NULL;',
                            hash="78065e3ddb980b6b1e60b9e409f3a7f32d4e6d02",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_f1f24",
                            table="registry_ratedscheme",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RatedSchemeEvent",
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
                        to="registry.ratedscheme",
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
                    "rating",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="registry.rating",
                    ),
                ),
                (
                    "scheme",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="taxonomy.scheme",
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
                            hash="e2fd2a73045f3bc8628bce9d07683e86dcc40b42",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_b9e0b",
                            table="registry_ratedschemeevent",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RaterPair",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rater_pairs",
                        to="registry.agreementrun",
                    ),
                ),
                (
                    "scheme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="taxonomy.scheme"
                    ),
                ),
                (
                    "first",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("n_cases", models.PositiveIntegerField()),
                ("n_judgements", models.PositiveIntegerField()),
                ("n_agreed", models.PositiveIntegerField()),
                ("kappa", models.FloatField(help_text="None where chance alone would agree always.", null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("run", "scheme", "first", "second"), name="registry_raterpair_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("n_agreed__lte", models.F("n_judgements"))),
                        name="registry_raterpair_agreed_of_all",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="immutable",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="bb3ab693adf157951c3ddfdb9a7525d43b22164b",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_immutable_f0581",
                            table="registry_raterpair",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RatingEvent",
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
                        to="registry.rating",
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
                    "state",
                    models.CharField(
                        choices=[("working", "At work"), ("submitted", "Submitted"), ("aside", "Stood aside")],
                        default="working",
                        max_length=10,
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
                ("opened_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="4f4d3763d00ba3af1a6c7f7b7498781f261271a3",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_7ac0d",
                            table="registry_ratingevent",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TaxonomyChange",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("retire", "Retired"),
                            ("replace", "Replaced by another"),
                            ("split", "Split into several"),
                            ("merge", "Merged into another"),
                            ("move", "Moved under another parent"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "node",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="taxonomy.node"
                    ),
                ),
                ("reason", models.TextField()),
                ("n_cases", models.PositiveIntegerField(help_text="Cases that carried the node or one below it.")),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("targets", models.ManyToManyField(blank=True, related_name="+", to="taxonomy.node")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["retire", "replace", "split", "merge", "move"])),
                        name="registry_taxonomychange_kind_known",
                        violation_error_message="Kind must be one of: retire, replace, split, merge, move.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="registry_taxonomychange_reason_filled",
                        violation_error_message="Reason must not be empty.",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("reason"), 10000
                        ),
                        name="registry_taxonomychange_reason_at_most_10000",
                        violation_error_message="Reason has more than 10,000 characters.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_taxonomychangeevent" ("id", "kind", "made_at", "made_by_id", "n_cases", "node_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason") VALUES (NEW."id", NEW."kind", NEW."made_at", NEW."made_by_id", NEW."n_cases", NEW."node_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reason"); RETURN NULL;',
                            hash="edc27038491ad1c4f27e9ab1db1d72fb9a7c0c56",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_ca808",
                            table="registry_taxonomychange",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "registry_taxonomychangeevent" ("id", "kind", "made_at", "made_by_id", "n_cases", "node_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason") VALUES (NEW."id", NEW."kind", NEW."made_at", NEW."made_by_id", NEW."n_cases", NEW."node_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason"); RETURN NULL;',
                            hash="8e23e742af6a714f2bc886a1be4e059504d1f312",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_6f0d5",
                            table="registry_taxonomychange",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_taxonomychangeevent" ("id", "kind", "made_at", "made_by_id", "n_cases", "node_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason") VALUES (OLD."id", OLD."kind", OLD."made_at", OLD."made_by_id", OLD."n_cases", OLD."node_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reason"); RETURN NULL;',
                            hash="888aff9740330f2ff4b829518056d83d9a290b84",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_f6de7",
                            table="registry_taxonomychange",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Relabel",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "change",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="relabels",
                        to="registry.taxonomychange",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="relabels", to="registry.case"
                    ),
                ),
                (
                    "done_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("done_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("done_at__isnull", True)),
                        fields=["change", "case"],
                        name="registry_relabel_waiting",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("change", "case"),
                        name="registry_relabel_once",
                        violation_error_message="This case waits for this change already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("done_at__isnull", True), ("done_by__isnull", True)),
                            models.Q(("done_at__isnull", False), ("done_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="registry_relabel_done_by_somebody",
                        violation_error_message="What is labelled again says who did it and when.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_relabelevent" ("case_id", "change_id", "done_at", "done_by_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."case_id", NEW."change_id", NEW."done_at", NEW."done_by_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;',
                            hash="1a05c5d823cfb98c080c06b2775a17288bec704a",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_199bd",
                            table="registry_relabel",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "registry_relabelevent" ("case_id", "change_id", "done_at", "done_by_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."case_id", NEW."change_id", NEW."done_at", NEW."done_by_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;',
                            hash="a1d3134c44be64f17c3c14581252f71ca220baf9",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_c7c09",
                            table="registry_relabel",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_relabelevent" ("case_id", "change_id", "done_at", "done_by_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."case_id", OLD."change_id", OLD."done_at", OLD."done_by_id", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id"); RETURN NULL;',
                            hash="6f51398d9eec18d3789c7c30c05909ea543c9c9b",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_03805",
                            table="registry_relabel",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RelabelEvent",
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
                        to="registry.relabel",
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
                    "change",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="registry.taxonomychange",
                    ),
                ),
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
                    "done_by",
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
                ("done_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="8a1bf51a1765a0bed0d05604d06dc9732f29335c",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_78c73",
                            table="registry_relabelevent",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Safeguard",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="safeguards", to="registry.case"
                    ),
                ),
                (
                    "technique",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="safeguards", to="taxonomy.node"
                    ),
                ),
                (
                    "deployed",
                    models.CharField(
                        choices=[("yes", "Yes"), ("no", "No"), ("unknown", "Unknown")], default="unknown", max_length=10
                    ),
                ),
                (
                    "expected",
                    models.CharField(
                        choices=[("yes", "Yes"), ("no", "No"), ("unknown", "Unknown")], default="unknown", max_length=10
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("caught", "Caught"),
                            ("partial", "Stopped part of it"),
                            ("missed", "Missed"),
                            ("not-exercised", "Not exercised"),
                            ("unknown", "Unknown"),
                        ],
                        default="unknown",
                        max_length=20,
                    ),
                ),
                (
                    "failure_mode",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="failed_safeguards",
                        to="taxonomy.node",
                    ),
                ),
                ("how", models.TextField(blank=True, help_text="How it caught it, or got past it.")),
                (
                    "order",
                    models.PositiveSmallIntegerField(default=0, help_text="In the order the behaviour met them."),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("case", "technique"),
                        name="registry_safeguard_once",
                        violation_error_message="This safeguard is recorded for the case already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("deployed", "no"), _negated=True),
                            ("outcome__in", ["not-exercised", "unknown"]),
                            _connector="OR",
                        ),
                        name="registry_safeguard_outcome_only_if_deployed",
                        violation_error_message="What was not deployed neither caught nor missed anything.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("failure_mode__isnull", True), ("outcome__in", ["missed", "partial"]), _connector="OR"
                        ),
                        name="registry_safeguard_mode_only_if_it_failed",
                        violation_error_message="Only a safeguard that missed all or part of it has a failure mode.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("deployed__in", ["yes", "no", "unknown"])),
                        name="registry_safeguard_deployed_known",
                        violation_error_message="Deployed must be one of: yes, no, unknown.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expected__in", ["yes", "no", "unknown"])),
                        name="registry_safeguard_expected_known",
                        violation_error_message="Expected must be one of: yes, no, unknown.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("outcome__in", ["caught", "partial", "missed", "not-exercised", "unknown"])
                        ),
                        name="registry_safeguard_outcome_known",
                        violation_error_message="Outcome must be one of: caught, partial, missed, not-exercised, unknown.",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("how"), 10000
                        ),
                        name="registry_safeguard_how_at_most_10000",
                        violation_error_message="How has more than 10,000 characters.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="technique_and_failure_mode",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF NOT EXISTS (\n    SELECT 1 FROM taxonomy_node n JOIN taxonomy_scheme s ON s.id = n.scheme_id\n    WHERE n.id = NEW.technique_id AND s.kind = 'technique'\n) THEN\n    RAISE EXCEPTION 'A safeguard is a node of a scheme of techniques.' USING ERRCODE = 'check_violation';\nEND IF;\nIF NEW.failure_mode_id IS NOT NULL AND NOT EXISTS (\n    SELECT 1 FROM taxonomy_node n JOIN taxonomy_scheme s ON s.id = n.scheme_id\n    WHERE n.id = NEW.failure_mode_id AND s.kind = 'failure mode'\n) THEN\n    RAISE EXCEPTION 'How a safeguard failed is a node of a scheme of failure modes.' USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NEW;\n",
                            hash="5775db619cce93a790ac567526a63f101ecbb048",
                            operation='INSERT OR UPDATE OF "technique_id", "failure_mode_id"',
                            pgid="pgtrigger_technique_and_failure_mode_197c0",
                            table="registry_safeguard",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_safeguardevent" ("case_id", "created_at", "deployed", "expected", "failure_mode_id", "how", "id", "order", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "technique_id", "updated_at", "version") VALUES (NEW."case_id", NEW."created_at", NEW."deployed", NEW."expected", NEW."failure_mode_id", NEW."how", NEW."id", NEW."order", NEW."outcome", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."technique_id", NEW."updated_at", NEW."version"); RETURN NULL;',
                            hash="4731ce8c79604ba31e153372f69403699e056560",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_99238",
                            table="registry_safeguard",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "registry_safeguardevent" ("case_id", "created_at", "deployed", "expected", "failure_mode_id", "how", "id", "order", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "technique_id", "updated_at", "version") VALUES (NEW."case_id", NEW."created_at", NEW."deployed", NEW."expected", NEW."failure_mode_id", NEW."how", NEW."id", NEW."order", NEW."outcome", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."technique_id", NEW."updated_at", NEW."version"); RETURN NULL;',
                            hash="839c76083d2be16dd4434fbaf412755722713d99",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_60ff0",
                            table="registry_safeguard",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_safeguardevent" ("case_id", "created_at", "deployed", "expected", "failure_mode_id", "how", "id", "order", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "technique_id", "updated_at", "version") VALUES (OLD."case_id", OLD."created_at", OLD."deployed", OLD."expected", OLD."failure_mode_id", OLD."how", OLD."id", OLD."order", OLD."outcome", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."technique_id", OLD."updated_at", OLD."version"); RETURN NULL;',
                            hash="1875225eb5fd831746bc053df0c023e6aefb30e0",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_28a39",
                            table="registry_safeguard",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SafeguardEvent",
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
                        to="registry.safeguard",
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
                    "technique",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="taxonomy.node",
                    ),
                ),
                (
                    "deployed",
                    models.CharField(
                        choices=[("yes", "Yes"), ("no", "No"), ("unknown", "Unknown")], default="unknown", max_length=10
                    ),
                ),
                (
                    "expected",
                    models.CharField(
                        choices=[("yes", "Yes"), ("no", "No"), ("unknown", "Unknown")], default="unknown", max_length=10
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("caught", "Caught"),
                            ("partial", "Stopped part of it"),
                            ("missed", "Missed"),
                            ("not-exercised", "Not exercised"),
                            ("unknown", "Unknown"),
                        ],
                        default="unknown",
                        max_length=20,
                    ),
                ),
                (
                    "failure_mode",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="taxonomy.node",
                    ),
                ),
                ("how", models.TextField(blank=True, help_text="How it caught it, or got past it.")),
                (
                    "order",
                    models.PositiveSmallIntegerField(default=0, help_text="In the order the behaviour met them."),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="a2a8a44b8f839c25c2ef8e7ff42159f24d886d71",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_fa65e",
                            table="registry_safeguardevent",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TaxonomyChangeEvent",
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
                        to="registry.taxonomychange",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("retire", "Retired"),
                            ("replace", "Replaced by another"),
                            ("split", "Split into several"),
                            ("merge", "Merged into another"),
                            ("move", "Moved under another parent"),
                        ],
                        max_length=10,
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
                ("reason", models.TextField()),
                ("n_cases", models.PositiveIntegerField(help_text="Cases that carried the node or one below it.")),
                (
                    "made_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="86a32c0c9d727d000fdb634253171384a515d6c4",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_e208d",
                            table="registry_taxonomychangeevent",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="mitigation",
            name="cases",
            field=models.ManyToManyField(
                related_name="mitigations", through="registry.MitigationCase", to="registry.case"
            ),
        ),
        migrations.RemoveConstraint(
            model_name="job",
            name="registry_job_kind_known",
        ),
        migrations.AddField(
            model_name="case",
            name="due_on",
            field=models.DateField(blank=True, help_text="When the next step is due.", null=True),
        ),
        migrations.AddField(
            model_name="case",
            name="warned_on",
            field=models.DateField(blank=True, help_text="When that warning was published.", null=True),
        ),
        migrations.AddField(
            model_name="caseevent",
            name="due_on",
            field=models.DateField(blank=True, help_text="When the next step is due.", null=True),
        ),
        migrations.AddField(
            model_name="caseevent",
            name="warned_on",
            field=models.DateField(blank=True, help_text="When that warning was published.", null=True),
        ),
        migrations.AddField(
            model_name="label",
            name="blind_stance",
            field=models.CharField(
                blank=True,
                choices=[("present", "Present"), ("absent", "Absent"), ("unsure", "Unsure")],
                editable=False,
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="label",
            name="criteria_shown",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.TextField(),
                blank=True,
                default=list,
                help_text="The criteria of the node that the rater found shown, in the node's words at the time.",
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="label",
            name="submitted_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="labelevent",
            name="blind_stance",
            field=models.CharField(
                blank=True,
                choices=[("present", "Present"), ("absent", "Absent"), ("unsure", "Unsure")],
                editable=False,
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="labelevent",
            name="criteria_shown",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.TextField(),
                blank=True,
                default=list,
                help_text="The criteria of the node that the rater found shown, in the node's words at the time.",
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="labelevent",
            name="submitted_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="person",
            name="wants_mail",
            field=models.BooleanField(
                default=True,
                help_text="One mail for several, without anything confidential in it.",
                verbose_name="notifications by mail",
            ),
        ),
        migrations.AddField(
            model_name="personevent",
            name="wants_mail",
            field=models.BooleanField(
                default=True,
                help_text="One mail for several, without anything confidential in it.",
                verbose_name="notifications by mail",
            ),
        ),
        migrations.AlterField(
            model_name="job",
            name="kind",
            field=models.CharField(
                choices=[
                    ("recompute", "Recompute patterns"),
                    ("export", "Export cases"),
                    ("bulk", "Change many cases"),
                    ("agreement", "Recompute the agreement of raters"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="job",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["recompute", "export", "bulk", "agreement"])),
                name="registry_job_kind_known",
                violation_error_message="Kind must be one of: recompute, export, bulk, agreement.",
            ),
        ),
        migrations.AddConstraint(
            model_name="label",
            constraint=models.CheckConstraint(
                condition=models.Q(("blind_stance", ""), ("submitted_at__isnull", False), _connector="OR"),
                name="registry_label_blind_only_once_submitted",
                violation_error_message="What was said blind is known once the label is submitted.",
            ),
        ),
        migrations.AddConstraint(
            model_name="label",
            constraint=models.CheckConstraint(
                condition=models.Q(("blind_stance__in", ["", "present", "absent", "unsure"])),
                name="registry_label_blind_stance_known",
                violation_error_message="This is no stance.",
            ),
        ),
        taxonomy.operations.InstallTriggers(
            models=[
                "adjudication",
                "adjudicationevent",
                "agreementrun",
                "agreementscore",
                "casewatch",
                "casewatchevent",
                "comment",
                "commentevent",
                "commentmention",
                "commentmentionevent",
                "confusion",
                "debtacceptance",
                "debtacceptanceevent",
                "mitigation",
                "mitigationcase",
                "mitigationcaseevent",
                "mitigationevent",
                "rating",
                "ratedscheme",
                "ratedschemeevent",
                "raterpair",
                "ratingevent",
                "taxonomychange",
                "relabel",
                "relabelevent",
                "safeguard",
                "safeguardevent",
                "taxonomychangeevent",
            ],
        ),
        taxonomy.operations.ReplaceTriggers(
            triggers={
                "case": [
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_caseevent" ("alignment_lesson", "closed_at", "context", "created_at", "detected_at", "due_on", "endorsed_goal", "evaluation_breakdown", "event_group_id", "human_gap", "id", "inner_gap", "intended_objective", "kind", "locus", "merged_into_id", "mitigation_strategy", "observed_behaviour", "occurred_from", "occurred_precision", "occurred_to", "optimised_objective", "outer_gap", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "potential_rationale", "potential_severity_id", "predictability", "predictability_reason", "realised_rationale", "realised_severity_id", "reported_at", "reporter_id", "reviewer_id", "root_cause", "scope", "specified_objective", "stage", "status", "team_id", "title", "triage", "updated_at", "version", "visibility", "warned_on", "warning_url") VALUES (NEW."alignment_lesson", NEW."closed_at", NEW."context", NEW."created_at", NEW."detected_at", NEW."due_on", NEW."endorsed_goal", NEW."evaluation_breakdown", NEW."event_group_id", NEW."human_gap", NEW."id", NEW."inner_gap", NEW."intended_objective", NEW."kind", NEW."locus", NEW."merged_into_id", NEW."mitigation_strategy", NEW."observed_behaviour", NEW."occurred_from", NEW."occurred_precision", NEW."occurred_to", NEW."optimised_objective", NEW."outer_gap", NEW."owner_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."potential_rationale", NEW."potential_severity_id", NEW."predictability", NEW."predictability_reason", NEW."realised_rationale", NEW."realised_severity_id", NEW."reported_at", NEW."reporter_id", NEW."reviewer_id", NEW."root_cause", NEW."scope", NEW."specified_objective", NEW."stage", NEW."status", NEW."team_id", NEW."title", NEW."triage", NEW."updated_at", NEW."version", NEW."visibility", NEW."warned_on", NEW."warning_url"); RETURN NULL;',
                            hash="2f3e0f6ea697f32e5af3571ed35c825465eab4e2",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_09bb1",
                            table="registry_case",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."alignment_lesson" IS DISTINCT FROM (NEW."alignment_lesson") OR OLD."closed_at" IS DISTINCT FROM (NEW."closed_at") OR OLD."context" IS DISTINCT FROM (NEW."context") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."detected_at" IS DISTINCT FROM (NEW."detected_at") OR OLD."due_on" IS DISTINCT FROM (NEW."due_on") OR OLD."endorsed_goal" IS DISTINCT FROM (NEW."endorsed_goal") OR OLD."evaluation_breakdown" IS DISTINCT FROM (NEW."evaluation_breakdown") OR OLD."event_group_id" IS DISTINCT FROM (NEW."event_group_id") OR OLD."human_gap" IS DISTINCT FROM (NEW."human_gap") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."inner_gap" IS DISTINCT FROM (NEW."inner_gap") OR OLD."intended_objective" IS DISTINCT FROM (NEW."intended_objective") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."locus" IS DISTINCT FROM (NEW."locus") OR OLD."merged_into_id" IS DISTINCT FROM (NEW."merged_into_id") OR OLD."mitigation_strategy" IS DISTINCT FROM (NEW."mitigation_strategy") OR OLD."observed_behaviour" IS DISTINCT FROM (NEW."observed_behaviour") OR OLD."occurred_from" IS DISTINCT FROM (NEW."occurred_from") OR OLD."occurred_precision" IS DISTINCT FROM (NEW."occurred_precision") OR OLD."occurred_to" IS DISTINCT FROM (NEW."occurred_to") OR OLD."optimised_objective" IS DISTINCT FROM (NEW."optimised_objective") OR OLD."outer_gap" IS DISTINCT FROM (NEW."outer_gap") OR OLD."owner_id" IS DISTINCT FROM (NEW."owner_id") OR OLD."potential_rationale" IS DISTINCT FROM (NEW."potential_rationale") OR OLD."potential_severity_id" IS DISTINCT FROM (NEW."potential_severity_id") OR OLD."predictability" IS DISTINCT FROM (NEW."predictability") OR OLD."predictability_reason" IS DISTINCT FROM (NEW."predictability_reason") OR OLD."realised_rationale" IS DISTINCT FROM (NEW."realised_rationale") OR OLD."realised_severity_id" IS DISTINCT FROM (NEW."realised_severity_id") OR OLD."reported_at" IS DISTINCT FROM (NEW."reported_at") OR OLD."reporter_id" IS DISTINCT FROM (NEW."reporter_id") OR OLD."reviewer_id" IS DISTINCT FROM (NEW."reviewer_id") OR OLD."root_cause" IS DISTINCT FROM (NEW."root_cause") OR OLD."scope" IS DISTINCT FROM (NEW."scope") OR OLD."specified_objective" IS DISTINCT FROM (NEW."specified_objective") OR OLD."stage" IS DISTINCT FROM (NEW."stage") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."team_id" IS DISTINCT FROM (NEW."team_id") OR OLD."title" IS DISTINCT FROM (NEW."title") OR OLD."triage" IS DISTINCT FROM (NEW."triage") OR OLD."updated_at" IS DISTINCT FROM (NEW."updated_at") OR OLD."version" IS DISTINCT FROM (NEW."version") OR OLD."visibility" IS DISTINCT FROM (NEW."visibility") OR OLD."warned_on" IS DISTINCT FROM (NEW."warned_on") OR OLD."warning_url" IS DISTINCT FROM (NEW."warning_url"))',
                            func='INSERT INTO "registry_caseevent" ("alignment_lesson", "closed_at", "context", "created_at", "detected_at", "due_on", "endorsed_goal", "evaluation_breakdown", "event_group_id", "human_gap", "id", "inner_gap", "intended_objective", "kind", "locus", "merged_into_id", "mitigation_strategy", "observed_behaviour", "occurred_from", "occurred_precision", "occurred_to", "optimised_objective", "outer_gap", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "potential_rationale", "potential_severity_id", "predictability", "predictability_reason", "realised_rationale", "realised_severity_id", "reported_at", "reporter_id", "reviewer_id", "root_cause", "scope", "specified_objective", "stage", "status", "team_id", "title", "triage", "updated_at", "version", "visibility", "warned_on", "warning_url") VALUES (NEW."alignment_lesson", NEW."closed_at", NEW."context", NEW."created_at", NEW."detected_at", NEW."due_on", NEW."endorsed_goal", NEW."evaluation_breakdown", NEW."event_group_id", NEW."human_gap", NEW."id", NEW."inner_gap", NEW."intended_objective", NEW."kind", NEW."locus", NEW."merged_into_id", NEW."mitigation_strategy", NEW."observed_behaviour", NEW."occurred_from", NEW."occurred_precision", NEW."occurred_to", NEW."optimised_objective", NEW."outer_gap", NEW."owner_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."potential_rationale", NEW."potential_severity_id", NEW."predictability", NEW."predictability_reason", NEW."realised_rationale", NEW."realised_severity_id", NEW."reported_at", NEW."reporter_id", NEW."reviewer_id", NEW."root_cause", NEW."scope", NEW."specified_objective", NEW."stage", NEW."status", NEW."team_id", NEW."title", NEW."triage", NEW."updated_at", NEW."version", NEW."visibility", NEW."warned_on", NEW."warning_url"); RETURN NULL;',
                            hash="0340ee22e6413efde93735b4c90bd31baa452cca",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_6296b",
                            table="registry_case",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_caseevent" ("alignment_lesson", "closed_at", "context", "created_at", "detected_at", "due_on", "endorsed_goal", "evaluation_breakdown", "event_group_id", "human_gap", "id", "inner_gap", "intended_objective", "kind", "locus", "merged_into_id", "mitigation_strategy", "observed_behaviour", "occurred_from", "occurred_precision", "occurred_to", "optimised_objective", "outer_gap", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "potential_rationale", "potential_severity_id", "predictability", "predictability_reason", "realised_rationale", "realised_severity_id", "reported_at", "reporter_id", "reviewer_id", "root_cause", "scope", "specified_objective", "stage", "status", "team_id", "title", "triage", "updated_at", "version", "visibility", "warned_on", "warning_url") VALUES (OLD."alignment_lesson", OLD."closed_at", OLD."context", OLD."created_at", OLD."detected_at", OLD."due_on", OLD."endorsed_goal", OLD."evaluation_breakdown", OLD."event_group_id", OLD."human_gap", OLD."id", OLD."inner_gap", OLD."intended_objective", OLD."kind", OLD."locus", OLD."merged_into_id", OLD."mitigation_strategy", OLD."observed_behaviour", OLD."occurred_from", OLD."occurred_precision", OLD."occurred_to", OLD."optimised_objective", OLD."outer_gap", OLD."owner_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."potential_rationale", OLD."potential_severity_id", OLD."predictability", OLD."predictability_reason", OLD."realised_rationale", OLD."realised_severity_id", OLD."reported_at", OLD."reporter_id", OLD."reviewer_id", OLD."root_cause", OLD."scope", OLD."specified_objective", OLD."stage", OLD."status", OLD."team_id", OLD."title", OLD."triage", OLD."updated_at", OLD."version", OLD."visibility", OLD."warned_on", OLD."warning_url"); RETURN NULL;',
                            hash="7c6cacd360940c438ca090771685a3f0e694032e",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_0b012",
                            table="registry_case",
                            when="AFTER",
                        ),
                    ),
                ],
                "label": [
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_labelevent" ("blind_stance", "case_id", "confidence", "created_at", "criteria_shown", "grounds", "id", "load_bearing", "node_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "quote", "rater_id", "rationale", "stance", "submitted_at", "updated_at", "version") VALUES (NEW."blind_stance", NEW."case_id", NEW."confidence", NEW."created_at", NEW."criteria_shown", NEW."grounds", NEW."id", NEW."load_bearing", NEW."node_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."quote", NEW."rater_id", NEW."rationale", NEW."stance", NEW."submitted_at", NEW."updated_at", NEW."version"); RETURN NULL;',
                            hash="7751fb20a25dc83d8ab2175a47dbc582f61ce8e4",
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
                            func='INSERT INTO "registry_labelevent" ("blind_stance", "case_id", "confidence", "created_at", "criteria_shown", "grounds", "id", "load_bearing", "node_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "quote", "rater_id", "rationale", "stance", "submitted_at", "updated_at", "version") VALUES (NEW."blind_stance", NEW."case_id", NEW."confidence", NEW."created_at", NEW."criteria_shown", NEW."grounds", NEW."id", NEW."load_bearing", NEW."node_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."quote", NEW."rater_id", NEW."rationale", NEW."stance", NEW."submitted_at", NEW."updated_at", NEW."version"); RETURN NULL;',
                            hash="dff044b0fdfdd8a05e39a20586deadd43100d1dd",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_43bc3",
                            table="registry_label",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_labelevent" ("blind_stance", "case_id", "confidence", "created_at", "criteria_shown", "grounds", "id", "load_bearing", "node_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "quote", "rater_id", "rationale", "stance", "submitted_at", "updated_at", "version") VALUES (OLD."blind_stance", OLD."case_id", OLD."confidence", OLD."created_at", OLD."criteria_shown", OLD."grounds", OLD."id", OLD."load_bearing", OLD."node_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."quote", OLD."rater_id", OLD."rationale", OLD."stance", OLD."submitted_at", OLD."updated_at", OLD."version"); RETURN NULL;',
                            hash="05ca7df15f7eea3f876874ff4df3021c903cb2f7",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_75a29",
                            table="registry_label",
                            when="AFTER",
                        ),
                    ),
                ],
                "person": [
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_personevent" ("created_at", "default_view_id", "email", "id", "is_active", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "time_zone", "username", "wants_mail") VALUES (NEW."created_at", NEW."default_view_id", NEW."email", NEW."id", NEW."is_active", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."role", NEW."time_zone", NEW."username", NEW."wants_mail"); RETURN NULL;',
                            hash="762b2a4cc21b8b80fb2749a11e8c10dcceb4b5bf",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_2388e",
                            table="registry_person",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."default_view_id" IS DISTINCT FROM (NEW."default_view_id") OR OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_active" IS DISTINCT FROM (NEW."is_active") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."role" IS DISTINCT FROM (NEW."role") OR OLD."time_zone" IS DISTINCT FROM (NEW."time_zone") OR OLD."username" IS DISTINCT FROM (NEW."username") OR OLD."wants_mail" IS DISTINCT FROM (NEW."wants_mail"))',
                            func='INSERT INTO "registry_personevent" ("created_at", "default_view_id", "email", "id", "is_active", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "time_zone", "username", "wants_mail") VALUES (NEW."created_at", NEW."default_view_id", NEW."email", NEW."id", NEW."is_active", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."role", NEW."time_zone", NEW."username", NEW."wants_mail"); RETURN NULL;',
                            hash="4c64a935d0ebd35cea5049b7f782ea696e76750f",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_56ba8",
                            table="registry_person",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_personevent" ("created_at", "default_view_id", "email", "id", "is_active", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "time_zone", "username", "wants_mail") VALUES (OLD."created_at", OLD."default_view_id", OLD."email", OLD."id", OLD."is_active", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."role", OLD."time_zone", OLD."username", OLD."wants_mail"); RETURN NULL;',
                            hash="e7a255e9f8c2e6b5c4ee7e3dc76122e5cf7963f6",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_a3234",
                            table="registry_person",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
    ]

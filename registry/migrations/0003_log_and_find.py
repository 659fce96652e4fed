import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
import django.db.models.lookups
import pgtrigger.compiler
import registry.models.evidence
import taxonomy.operations
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("pghistory", "0007_auto_20250421_0444"),
        ("registry", "0002_node_path"),
        ("taxonomy", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="BulkChange",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("assign", "Assign an owner"),
                            ("label", "Add a label"),
                            ("status", "Change the status"),
                            ("event-group", "Add to an event group"),
                        ],
                        max_length=20,
                    ),
                ),
                ("arguments", models.JSONField(blank=True, default=dict)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "undone_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("action__in", ["assign", "label", "status", "event-group"])),
                        name="registry_bulkchange_action_known",
                        violation_error_message="Action must be one of: assign, label, status, event-group.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("undone_at__isnull", True), ("undone_by__isnull", True)),
                            models.Q(("undone_at__isnull", False), ("undone_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="registry_bulkchange_undone_by_somebody",
                        violation_error_message="An undone change says who undid it and when.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BulkChangeRow",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "change",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rows", to="registry.bulkchange"
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="registry.case"
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("done", "Done"),
                            ("unchanged", "Unchanged"),
                            ("refused", "Refused"),
                            ("undone", "Undone"),
                            ("kept", "Changed since, and kept"),
                        ],
                        default="waiting",
                        max_length=20,
                    ),
                ),
                ("message", models.TextField(blank=True)),
                ("before", models.JSONField(blank=True, null=True)),
                ("after", models.JSONField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("outcome__in", ["waiting", "done", "unchanged", "refused", "undone", "kept"])
                        ),
                        name="registry_bulkchangerow_outcome_known",
                        violation_error_message="Outcome must be one of: waiting, done, unchanged, refused, undone, kept.",
                    ),
                    models.UniqueConstraint(
                        fields=("change", "case"),
                        name="registry_bulkchangerow_once",
                        violation_error_message="The case is part of this change already.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Team",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("name"),
                        name="registry_team_name_unique",
                        violation_error_message="There is a team of this name already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True),
                        name="registry_team_name_filled",
                        violation_error_message="Name must not be empty.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_teamevent" ("created_at", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."created_at", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;',
                            hash="67a0363863901194f61a112a35c2a1729daab8db",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_c28ad",
                            table="registry_team",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "registry_teamevent" ("created_at", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."created_at", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;',
                            hash="5997cf255c41e4c81b2763a98f8558a7f710c9eb",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_04316",
                            table="registry_team",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_teamevent" ("created_at", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."created_at", OLD."id", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id"); RETURN NULL;',
                            hash="6853c6239b4b90b200857917c926613a06e55bbb",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_1eba9",
                            table="registry_team",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TeamEvent",
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
                        to="registry.team",
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
                ("name", models.CharField(max_length=120)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="3c721fb173352d57c51e382250d902ba3708ca24",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_b2c5a",
                            table="registry_teamevent",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TeamMember",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="members", to="registry.team"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("team", "person"),
                        name="registry_teammember_once",
                        violation_error_message="This person is in the team already.",
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_teammemberevent" ("id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "team_id") VALUES (NEW."id", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."team_id"); RETURN NULL;',
                            hash="131cde33413a2fbb982c6b6ff138ea5e3a396869",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_03cb6",
                            table="registry_teammember",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "registry_teammemberevent" ("id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "team_id") VALUES (NEW."id", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."team_id"); RETURN NULL;',
                            hash="701bb0c842f412e8b7ee2a808e730ce11ebca0c8",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_f37c8",
                            table="registry_teammember",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_teammemberevent" ("id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "team_id") VALUES (OLD."id", OLD."person_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."team_id"); RETURN NULL;',
                            hash="2b813578ad76ec023dd65b9cdcc39d0b3149d1b8",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_159e1",
                            table="registry_teammember",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TeamMemberEvent",
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
                        to="registry.teammember",
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
                    "team",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="registry.team",
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
                            hash="ffde0c646a5a702dfbb7102de96c8749ace5b142",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_638a5",
                            table="registry_teammemberevent",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="drafts", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("answers", models.JSONField(blank=True, default=dict)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                (
                    "warned_at",
                    models.DateTimeField(
                        blank=True, help_text="When its author was told that it will expire.", null=True
                    ),
                ),
                ("discarded_at", models.DateTimeField(blank=True, null=True)),
                (
                    "case",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="draft",
                        to="registry.case",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["author", "-updated_at"], name="registry_draft_of_author")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("case__isnull", True), ("discarded_at__isnull", True), _connector="OR"),
                        name="registry_draft_not_submitted_and_discarded",
                        violation_error_message="A submitted draft cannot be discarded.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("case__isnull", True), ("answers", {}), _connector="OR"),
                        name="registry_draft_empty_once_submitted",
                        violation_error_message="What a submitted draft held stands in its case.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DraftEditor",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="editors", to="registry.draft"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shared_drafts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("draft", "person"),
                        name="registry_drafteditor_once",
                        violation_error_message="The draft is shared with this person already.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="registry.case",
                    ),
                ),
                (
                    "draft",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="registry.draft",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("file", "File"), ("transcript", "Transcript"), ("note", "Note")], max_length=20
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("note", models.TextField(blank=True)),
                ("turns", models.JSONField(blank=True, default=list)),
                ("file", models.FileField(blank=True, upload_to=registry.models.evidence.stored_name)),
                ("file_name", models.CharField(blank=True, help_text="What the file was called.", max_length=255)),
                (
                    "media_type",
                    models.CharField(
                        blank=True, help_text="As found in its bytes, not as its name says.", max_length=100
                    ),
                ),
                ("size", models.PositiveBigIntegerField(blank=True, help_text="Bytes.", null=True)),
                ("sha256", models.CharField(max_length=64)),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("added_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
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
            ],
            options={
                "verbose_name_plural": "evidence",
                "indexes": [models.Index(fields=["sha256"], name="registry_evidence_hash")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("case__isnull", True), ("draft__isnull", False)),
                            models.Q(("case__isnull", False), ("draft__isnull", True)),
                            _connector="OR",
                        ),
                        name="registry_evidence_of_a_case_or_a_draft",
                        violation_error_message="Evidence belongs to a case or to a draft.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind", "file"),
                                ("size__isnull", False),
                                models.Q(("file", ""), _negated=True),
                                models.Q(("media_type", ""), _negated=True),
                            ),
                            models.Q(models.Q(("kind", "file"), _negated=True), ("file", ""), ("size__isnull", True)),
                            _connector="OR",
                        ),
                        name="registry_evidence_file_iff_file",
                        violation_error_message="A file has bytes and a type, and nothing else has.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "transcript"), models.Q(("turns", []), _negated=True)),
                            models.Q(models.Q(("kind", "transcript"), _negated=True), ("turns", [])),
                            _connector="OR",
                        ),
                        name="registry_evidence_turns_iff_transcript",
                        violation_error_message="A transcript has turns, and nothing else has.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("removed_at__isnull", True), ("removed_by__isnull", True)),
                            models.Q(("removed_at__isnull", False), ("removed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="registry_evidence_removed_by_somebody",
                        violation_error_message="Removed evidence says who removed it and when.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")),
                        name="registry_evidence_hashed",
                        violation_error_message="Evidence carries its SHA-256.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["file", "transcript", "note"])),
                        name="registry_evidence_kind_known",
                        violation_error_message="Kind must be one of: file, transcript, note.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("title", ""), _negated=True),
                        name="registry_evidence_title_filled",
                        violation_error_message="Title must not be empty.",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("note"), 50000
                        ),
                        name="registry_evidence_note_at_most_50000",
                        violation_error_message="Note has more than 50,000 characters.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_evidenceevent" ("added_at", "added_by_id", "case_id", "draft_id", "file", "file_name", "id", "kind", "media_type", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "removed_at", "removed_by_id", "sha256", "size", "title", "turns") VALUES (NEW."added_at", NEW."added_by_id", NEW."case_id", NEW."draft_id", NEW."file", NEW."file_name", NEW."id", NEW."kind", NEW."media_type", NEW."note", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."removed_at", NEW."removed_by_id", NEW."sha256", NEW."size", NEW."title", NEW."turns"); RETURN NULL;',
                            hash="d37d8327804479343f51d8f65144e14c95467469",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_31766",
                            table="registry_evidence",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "registry_evidenceevent" ("added_at", "added_by_id", "case_id", "draft_id", "file", "file_name", "id", "kind", "media_type", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "removed_at", "removed_by_id", "sha256", "size", "title", "turns") VALUES (NEW."added_at", NEW."added_by_id", NEW."case_id", NEW."draft_id", NEW."file", NEW."file_name", NEW."id", NEW."kind", NEW."media_type", NEW."note", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."removed_at", NEW."removed_by_id", NEW."sha256", NEW."size", NEW."title", NEW."turns"); RETURN NULL;',
                            hash="c9b081d227e54c843b364b88336b2b4e25cb6583",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_16c5d",
                            table="registry_evidence",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_evidenceevent" ("added_at", "added_by_id", "case_id", "draft_id", "file", "file_name", "id", "kind", "media_type", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "removed_at", "removed_by_id", "sha256", "size", "title", "turns") VALUES (OLD."added_at", OLD."added_by_id", OLD."case_id", OLD."draft_id", OLD."file", OLD."file_name", OLD."id", OLD."kind", OLD."media_type", OLD."note", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."removed_at", OLD."removed_by_id", OLD."sha256", OLD."size", OLD."title", OLD."turns"); RETURN NULL;',
                            hash="3bc5626aca1f1f007ebe4d898e787c48022375cb",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_36a92",
                            table="registry_evidence",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EvidenceEvent",
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
                        to="registry.evidence",
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
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="registry.case",
                    ),
                ),
                (
                    "draft",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="registry.draft",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("file", "File"), ("transcript", "Transcript"), ("note", "Note")], max_length=20
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("note", models.TextField(blank=True)),
                ("turns", models.JSONField(blank=True, default=list)),
                ("file", models.FileField(blank=True, upload_to=registry.models.evidence.stored_name)),
                ("file_name", models.CharField(blank=True, help_text="What the file was called.", max_length=255)),
                (
                    "media_type",
                    models.CharField(
                        blank=True, help_text="As found in its bytes, not as its name says.", max_length=100
                    ),
                ),
                ("size", models.PositiveBigIntegerField(blank=True, help_text="Bytes.", null=True)),
                ("sha256", models.CharField(max_length=64)),
                (
                    "added_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("added_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
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
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="3d98b5dca97146ea162bf5c0db383e857ddbf5b7",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_9d9b3",
                            table="registry_evidenceevent",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseLink",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="links", to="registry.case"
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="linked_from", to="registry.case"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("duplicate", "Duplicate of"),
                            ("variant", "Variant of"),
                            ("related", "Related to"),
                            ("caused-by", "Caused by"),
                            ("different", "Different from"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "answered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("answered_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.comparison.Least("case", "other"),
                        django.db.models.functions.comparison.Greatest("case", "other"),
                        name="registry_caselink_once",
                        violation_error_message="It is said already how these two cases stand to one another.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("case", models.F("other")), _negated=True),
                        name="registry_caselink_of_two_cases",
                        violation_error_message="A case is not linked to itself.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["duplicate", "variant", "related", "caused-by", "different"])),
                        name="registry_caselink_kind_known",
                        violation_error_message="Kind must be one of: duplicate, variant, related, caused-by, different.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_caselinkevent" ("answered_at", "answered_by_id", "case_id", "id", "kind", "other_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."answered_at", NEW."answered_by_id", NEW."case_id", NEW."id", NEW."kind", NEW."other_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;',
                            hash="ddf70e421c38833f1a5398f2459a124cf620f872",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_65bb1",
                            table="registry_caselink",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "registry_caselinkevent" ("answered_at", "answered_by_id", "case_id", "id", "kind", "other_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."answered_at", NEW."answered_by_id", NEW."case_id", NEW."id", NEW."kind", NEW."other_id", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;',
                            hash="70a475f6f31d680cc5ff138da8d80bff12e3e897",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_d6dcf",
                            table="registry_caselink",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_caselinkevent" ("answered_at", "answered_by_id", "case_id", "id", "kind", "other_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."answered_at", OLD."answered_by_id", OLD."case_id", OLD."id", OLD."kind", OLD."other_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id"); RETURN NULL;',
                            hash="27925db91d4106ea8af962b778d463c2f6553d69",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_51243",
                            table="registry_caselink",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseLinkEvent",
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
                        to="registry.caselink",
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
                    "other",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="registry.case",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("duplicate", "Duplicate of"),
                            ("variant", "Variant of"),
                            ("related", "Related to"),
                            ("caused-by", "Caused by"),
                            ("different", "Different from"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "answered_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("answered_at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="c45506406c1ab0a1be9b4190be395330bf4a7b6f",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_5fd79",
                            table="registry_caselinkevent",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseMerge",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kept",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="merges", to="registry.case"
                    ),
                ),
                (
                    "merged",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="merged_away", to="registry.case"
                    ),
                ),
                ("reason", models.TextField()),
                ("moved", models.JSONField()),
                (
                    "merged_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("merged_at", models.DateTimeField()),
                (
                    "undone_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("undone_at__isnull", True)),
                        fields=("merged",),
                        name="registry_casemerge_into_one_case",
                        violation_error_message="This case is merged into another already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kept", models.F("merged")), _negated=True),
                        name="registry_casemerge_of_two_cases",
                        violation_error_message="A case is not merged into itself.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("undone_at__isnull", True), ("undone_by__isnull", True)),
                            models.Q(("undone_at__isnull", False), ("undone_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="registry_casemerge_undone_by_somebody",
                        violation_error_message="A merge that was taken back says who did it and when.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_casemergeevent" ("id", "kept_id", "merged_at", "merged_by_id", "merged_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "undone_at", "undone_by_id") VALUES (NEW."id", NEW."kept_id", NEW."merged_at", NEW."merged_by_id", NEW."merged_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reason", NEW."undone_at", NEW."undone_by_id"); RETURN NULL;',
                            hash="7fbd7669c8f5dbadee241636d33f12d1566a2cb0",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_2397f",
                            table="registry_casemerge",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."kept_id" IS DISTINCT FROM (NEW."kept_id") OR OLD."merged_id" IS DISTINCT FROM (NEW."merged_id") OR OLD."merged_at" IS DISTINCT FROM (NEW."merged_at") OR OLD."merged_by_id" IS DISTINCT FROM (NEW."merged_by_id") OR OLD."reason" IS DISTINCT FROM (NEW."reason") OR OLD."undone_at" IS DISTINCT FROM (NEW."undone_at") OR OLD."undone_by_id" IS DISTINCT FROM (NEW."undone_by_id"))',
                            func='INSERT INTO "registry_casemergeevent" ("id", "kept_id", "merged_at", "merged_by_id", "merged_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "undone_at", "undone_by_id") VALUES (NEW."id", NEW."kept_id", NEW."merged_at", NEW."merged_by_id", NEW."merged_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason", NEW."undone_at", NEW."undone_by_id"); RETURN NULL;',
                            hash="22c4caa6764b8ca1907c73a73e12a7cd98e893dd",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_104a9",
                            table="registry_casemerge",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_casemergeevent" ("id", "kept_id", "merged_at", "merged_by_id", "merged_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "undone_at", "undone_by_id") VALUES (OLD."id", OLD."kept_id", OLD."merged_at", OLD."merged_by_id", OLD."merged_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reason", OLD."undone_at", OLD."undone_by_id"); RETURN NULL;',
                            hash="d64fa67725de5674cf01662cd7a52bdc09b1d31a",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_747d5",
                            table="registry_casemerge",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseMergeEvent",
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
                        to="registry.casemerge",
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
                    "kept",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="registry.case",
                    ),
                ),
                (
                    "merged",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="registry.case",
                    ),
                ),
                ("reason", models.TextField()),
                (
                    "merged_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("merged_at", models.DateTimeField()),
                (
                    "undone_by",
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
                ("undone_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="29217d3b4f05e6db39b8300ce17ccb4ec8834ace",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_80111",
                            table="registry_casemergeevent",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="views", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("slug", models.SlugField(max_length=80, unique=True)),
                ("query", models.TextField(blank=True, help_text="As in the list's address, the ordering with it.")),
                (
                    "shared",
                    models.BooleanField(
                        default=False, help_text="Everyone signed in may use it; each sees their own cases."
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("owner", "name"),
                        name="registry_savedview_name_once",
                        violation_error_message="You have a view of this name already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True),
                        name="registry_savedview_name_filled",
                        violation_error_message="Name must not be empty.",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("query"), 4000
                        ),
                        name="registry_savedview_query_at_most_4000",
                        violation_error_message="Query has more than 4,000 characters.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_savedviewevent" ("created_at", "id", "name", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "query", "shared", "slug", "updated_at", "version") VALUES (NEW."created_at", NEW."id", NEW."name", NEW."owner_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."query", NEW."shared", NEW."slug", NEW."updated_at", NEW."version"); RETURN NULL;',
                            hash="9bb22a7d9a94ad17c613d5a1a5cbfbd920a8efbe",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_670df",
                            table="registry_savedview",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "registry_savedviewevent" ("created_at", "id", "name", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "query", "shared", "slug", "updated_at", "version") VALUES (NEW."created_at", NEW."id", NEW."name", NEW."owner_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."query", NEW."shared", NEW."slug", NEW."updated_at", NEW."version"); RETURN NULL;',
                            hash="623653921f01e8405c249a59a2f569e956124398",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_c5096",
                            table="registry_savedview",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_savedviewevent" ("created_at", "id", "name", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "query", "shared", "slug", "updated_at", "version") VALUES (OLD."created_at", OLD."id", OLD."name", OLD."owner_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."query", OLD."shared", OLD."slug", OLD."updated_at", OLD."version"); RETURN NULL;',
                            hash="ec2df2e4d9cde255ac2692f281f5a61ee8baf5bf",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_f3ec0",
                            table="registry_savedview",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SavedViewEvent",
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
                        to="registry.savedview",
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
                    "owner",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("slug", models.SlugField(db_index=False, max_length=80)),
                ("query", models.TextField(blank=True, help_text="As in the list's address, the ordering with it.")),
                (
                    "shared",
                    models.BooleanField(
                        default=False, help_text="Everyone signed in may use it; each sees their own cases."
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
                            hash="e50f6fb2381197c1887d732cb604c78fe902ceb1",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_c4f6b",
                            table="registry_savedviewevent",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.RemoveConstraint(
            model_name="case",
            name="registry_case_visibility_known",
        ),
        migrations.RemoveConstraint(
            model_name="job",
            name="registry_job_kind_known",
        ),
        migrations.AddField(
            model_name="case",
            name="merged_into",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged_cases",
                to="registry.case",
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="text_bands",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.IntegerField(), default=list, editable=False, size=None
            ),
        ),
        migrations.AddField(
            model_name="caseevent",
            name="merged_into",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="registry.case",
            ),
        ),
        migrations.AddField(
            model_name="job",
            name="asked_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="jobs",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="person",
            name="export_columns",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=60), blank=True, default=list, size=None
            ),
        ),
        migrations.AlterField(
            model_name="case",
            name="visibility",
            field=models.CharField(
                choices=[("everyone", "Everyone signed in"), ("team", "One team only"), ("named", "Named people only")],
                default="everyone",
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="caseevent",
            name="visibility",
            field=models.CharField(
                choices=[("everyone", "Everyone signed in"), ("team", "One team only"), ("named", "Named people only")],
                default="everyone",
                max_length=20,
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
                ],
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="job",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["recompute", "export", "bulk"])),
                name="registry_job_kind_known",
                violation_error_message="Kind must be one of: recompute, export, bulk.",
            ),
        ),
        migrations.AddField(
            model_name="person",
            name="default_view",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="registry.savedview",
            ),
        ),
        migrations.AddField(
            model_name="personevent",
            name="default_view",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="registry.savedview",
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="team",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="cases",
                to="registry.team",
            ),
        ),
        migrations.AddField(
            model_name="caseevent",
            name="team",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="registry.team",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=django.contrib.postgres.indexes.GinIndex(
                fastupdate=False, fields=["text_bands"], name="registry_case_text_bands"
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("team__isnull", False), ("visibility", "team")),
                    models.Q(models.Q(("visibility", "team"), _negated=True), ("team__isnull", True)),
                    _connector="OR",
                ),
                name="registry_case_team_iff_for_a_team",
                violation_error_message="A case for one team names the team, and only such a case does.",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(("merged_into__isnull", True), ("status", "withdrawn"), _connector="OR"),
                name="registry_case_withdrawn_once_merged",
                violation_error_message="A case merged into another is withdrawn.",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("merged_into__isnull", True),
                    models.Q(("merged_into", models.F("id")), _negated=True),
                    _connector="OR",
                ),
                name="registry_case_not_merged_into_itself",
                violation_error_message="A case is not merged into itself.",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(("visibility__in", ["everyone", "team", "named"])),
                name="registry_case_visibility_known",
                violation_error_message="Visibility must be one of: everyone, team, named.",
            ),
        ),
        taxonomy.operations.InstallTriggers(
            models=[
                "team",
                "teamevent",
                "teammember",
                "teammemberevent",
                "evidence",
                "evidenceevent",
                "caselink",
                "caselinkevent",
                "casemerge",
                "casemergeevent",
                "savedview",
                "savedviewevent",
            ],
        ),
        taxonomy.operations.ReplaceTriggers(
            triggers={
                "case": [
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_caseevent" ("alignment_lesson", "closed_at", "context", "created_at", "detected_at", "endorsed_goal", "evaluation_breakdown", "event_group_id", "human_gap", "id", "inner_gap", "intended_objective", "kind", "locus", "merged_into_id", "mitigation_strategy", "observed_behaviour", "occurred_from", "occurred_precision", "occurred_to", "optimised_objective", "outer_gap", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "potential_rationale", "potential_severity_id", "predictability", "predictability_reason", "realised_rationale", "realised_severity_id", "reported_at", "reporter_id", "reviewer_id", "root_cause", "scope", "specified_objective", "stage", "status", "team_id", "title", "triage", "updated_at", "version", "visibility", "warning_url") VALUES (NEW."alignment_lesson", NEW."closed_at", NEW."context", NEW."created_at", NEW."detected_at", NEW."endorsed_goal", NEW."evaluation_breakdown", NEW."event_group_id", NEW."human_gap", NEW."id", NEW."inner_gap", NEW."intended_objective", NEW."kind", NEW."locus", NEW."merged_into_id", NEW."mitigation_strategy", NEW."observed_behaviour", NEW."occurred_from", NEW."occurred_precision", NEW."occurred_to", NEW."optimised_objective", NEW."outer_gap", NEW."owner_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."potential_rationale", NEW."potential_severity_id", NEW."predictability", NEW."predictability_reason", NEW."realised_rationale", NEW."realised_severity_id", NEW."reported_at", NEW."reporter_id", NEW."reviewer_id", NEW."root_cause", NEW."scope", NEW."specified_objective", NEW."stage", NEW."status", NEW."team_id", NEW."title", NEW."triage", NEW."updated_at", NEW."version", NEW."visibility", NEW."warning_url"); RETURN NULL;',
                            hash="1dbd20244c82ee83847ecc1475ffb66d1d2ef2ba",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_09bb1",
                            table="registry_case",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."alignment_lesson" IS DISTINCT FROM (NEW."alignment_lesson") OR OLD."closed_at" IS DISTINCT FROM (NEW."closed_at") OR OLD."context" IS DISTINCT FROM (NEW."context") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."detected_at" IS DISTINCT FROM (NEW."detected_at") OR OLD."endorsed_goal" IS DISTINCT FROM (NEW."endorsed_goal") OR OLD."evaluation_breakdown" IS DISTINCT FROM (NEW."evaluation_breakdown") OR OLD."event_group_id" IS DISTINCT FROM (NEW."event_group_id") OR OLD."human_gap" IS DISTINCT FROM (NEW."human_gap") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."inner_gap" IS DISTINCT FROM (NEW."inner_gap") OR OLD."intended_objective" IS DISTINCT FROM (NEW."intended_objective") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."locus" IS DISTINCT FROM (NEW."locus") OR OLD."merged_into_id" IS DISTINCT FROM (NEW."merged_into_id") OR OLD."mitigation_strategy" IS DISTINCT FROM (NEW."mitigation_strategy") OR OLD."observed_behaviour" IS DISTINCT FROM (NEW."observed_behaviour") OR OLD."occurred_from" IS DISTINCT FROM (NEW."occurred_from") OR OLD."occurred_precision" IS DISTINCT FROM (NEW."occurred_precision") OR OLD."occurred_to" IS DISTINCT FROM (NEW."occurred_to") OR OLD."optimised_objective" IS DISTINCT FROM (NEW."optimised_objective") OR OLD."outer_gap" IS DISTINCT FROM (NEW."outer_gap") OR OLD."owner_id" IS DISTINCT FROM (NEW."owner_id") OR OLD."potential_rationale" IS DISTINCT FROM (NEW."potential_rationale") OR OLD."potential_severity_id" IS DISTINCT FROM (NEW."potential_severity_id") OR OLD."predictability" IS DISTINCT FROM (NEW."predictability") OR OLD."predictability_reason" IS DISTINCT FROM (NEW."predictability_reason") OR OLD."realised_rationale" IS DISTINCT FROM (NEW."realised_rationale") OR OLD."realised_severity_id" IS DISTINCT FROM (NEW."realised_severity_id") OR OLD."reported_at" IS DISTINCT FROM (NEW."reported_at") OR OLD."reporter_id" IS DISTINCT FROM (NEW."reporter_id") OR OLD."reviewer_id" IS DISTINCT FROM (NEW."reviewer_id") OR OLD."root_cause" IS DISTINCT FROM (NEW."root_cause") OR OLD."scope" IS DISTINCT FROM (NEW."scope") OR OLD."specified_objective" IS DISTINCT FROM (NEW."specified_objective") OR OLD."stage" IS DISTINCT FROM (NEW."stage") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."team_id" IS DISTINCT FROM (NEW."team_id") OR OLD."title" IS DISTINCT FROM (NEW."title") OR OLD."triage" IS DISTINCT FROM (NEW."triage") OR OLD."updated_at" IS DISTINCT FROM (NEW."updated_at") OR OLD."version" IS DISTINCT FROM (NEW."version") OR OLD."visibility" IS DISTINCT FROM (NEW."visibility") OR OLD."warning_url" IS DISTINCT FROM (NEW."warning_url"))',
                            func='INSERT INTO "registry_caseevent" ("alignment_lesson", "closed_at", "context", "created_at", "detected_at", "endorsed_goal", "evaluation_breakdown", "event_group_id", "human_gap", "id", "inner_gap", "intended_objective", "kind", "locus", "merged_into_id", "mitigation_strategy", "observed_behaviour", "occurred_from", "occurred_precision", "occurred_to", "optimised_objective", "outer_gap", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "potential_rationale", "potential_severity_id", "predictability", "predictability_reason", "realised_rationale", "realised_severity_id", "reported_at", "reporter_id", "reviewer_id", "root_cause", "scope", "specified_objective", "stage", "status", "team_id", "title", "triage", "updated_at", "version", "visibility", "warning_url") VALUES (NEW."alignment_lesson", NEW."closed_at", NEW."context", NEW."created_at", NEW."detected_at", NEW."endorsed_goal", NEW."evaluation_breakdown", NEW."event_group_id", NEW."human_gap", NEW."id", NEW."inner_gap", NEW."intended_objective", NEW."kind", NEW."locus", NEW."merged_into_id", NEW."mitigation_strategy", NEW."observed_behaviour", NEW."occurred_from", NEW."occurred_precision", NEW."occurred_to", NEW."optimised_objective", NEW."outer_gap", NEW."owner_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."potential_rationale", NEW."potential_severity_id", NEW."predictability", NEW."predictability_reason", NEW."realised_rationale", NEW."realised_severity_id", NEW."reported_at", NEW."reporter_id", NEW."reviewer_id", NEW."root_cause", NEW."scope", NEW."specified_objective", NEW."stage", NEW."status", NEW."team_id", NEW."title", NEW."triage", NEW."updated_at", NEW."version", NEW."visibility", NEW."warning_url"); RETURN NULL;',
                            hash="5c2c94d947a47f63f167359ce71d7fb37f2efd04",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_6296b",
                            table="registry_case",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_caseevent" ("alignment_lesson", "closed_at", "context", "created_at", "detected_at", "endorsed_goal", "evaluation_breakdown", "event_group_id", "human_gap", "id", "inner_gap", "intended_objective", "kind", "locus", "merged_into_id", "mitigation_strategy", "observed_behaviour", "occurred_from", "occurred_precision", "occurred_to", "optimised_objective", "outer_gap", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "potential_rationale", "potential_severity_id", "predictability", "predictability_reason", "realised_rationale", "realised_severity_id", "reported_at", "reporter_id", "reviewer_id", "root_cause", "scope", "specified_objective", "stage", "status", "team_id", "title", "triage", "updated_at", "version", "visibility", "warning_url") VALUES (OLD."alignment_lesson", OLD."closed_at", OLD."context", OLD."created_at", OLD."detected_at", OLD."endorsed_goal", OLD."evaluation_breakdown", OLD."event_group_id", OLD."human_gap", OLD."id", OLD."inner_gap", OLD."intended_objective", OLD."kind", OLD."locus", OLD."merged_into_id", OLD."mitigation_strategy", OLD."observed_behaviour", OLD."occurred_from", OLD."occurred_precision", OLD."occurred_to", OLD."optimised_objective", OLD."outer_gap", OLD."owner_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."potential_rationale", OLD."potential_severity_id", OLD."predictability", OLD."predictability_reason", OLD."realised_rationale", OLD."realised_severity_id", OLD."reported_at", OLD."reporter_id", OLD."reviewer_id", OLD."root_cause", OLD."scope", OLD."specified_objective", OLD."stage", OLD."status", OLD."team_id", OLD."title", OLD."triage", OLD."updated_at", OLD."version", OLD."visibility", OLD."warning_url"); RETURN NULL;',
                            hash="6e2c9511ef732dfd7de4b2aa0c4c9b1b642524da",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_0b012",
                            table="registry_case",
                            when="AFTER",
                        ),
                    ),
                ],
                "person": [
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_personevent" ("created_at", "default_view_id", "email", "id", "is_active", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "time_zone", "username") VALUES (NEW."created_at", NEW."default_view_id", NEW."email", NEW."id", NEW."is_active", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."role", NEW."time_zone", NEW."username"); RETURN NULL;',
                            hash="416fbcd80a5dc876ccda35296644950328e18e8e",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_2388e",
                            table="registry_person",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."default_view_id" IS DISTINCT FROM (NEW."default_view_id") OR OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_active" IS DISTINCT FROM (NEW."is_active") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."role" IS DISTINCT FROM (NEW."role") OR OLD."time_zone" IS DISTINCT FROM (NEW."time_zone") OR OLD."username" IS DISTINCT FROM (NEW."username"))',
                            func='INSERT INTO "registry_personevent" ("created_at", "default_view_id", "email", "id", "is_active", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "time_zone", "username") VALUES (NEW."created_at", NEW."default_view_id", NEW."email", NEW."id", NEW."is_active", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."role", NEW."time_zone", NEW."username"); RETURN NULL;',
                            hash="f57eb6b621f6617df75a2cd40c5ef40b1395c66e",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_56ba8",
                            table="registry_person",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "registry_personevent" ("created_at", "default_view_id", "email", "id", "is_active", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "time_zone", "username") VALUES (OLD."created_at", OLD."default_view_id", OLD."email", OLD."id", OLD."is_active", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."role", OLD."time_zone", OLD."username"); RETURN NULL;',
                            hash="b014c380182980597816167da92e5f76942b5f36",
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

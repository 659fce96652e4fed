import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import taxonomy.operations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("pghistory", "0007_auto_20250421_0444"),
        ("registry", "0002_node_path"),
    ]

    operations = [
        migrations.CreateModel(
            name="ApiToken",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="api_tokens",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("name", models.CharField(help_text="What uses it.", max_length=60)),
                ("key", models.CharField(editable=False, max_length=12, unique=True)),
                ("digest", models.CharField(editable=False, max_length=64)),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("cases:read", "Read cases and patterns"),
                                ("cases:write", "Log and change cases"),
                                ("labels:write", "Label cases"),
                                ("taxonomy:write", "Change vocabularies"),
                                ("export", "Export"),
                                ("admin", "Administer"),
                            ],
                            max_length=20,
                        ),
                        size=None,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("last_used_at", models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                "verbose_name": "API token",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True),
                        name="api_apitoken_name_filled",
                        violation_error_message="Name must not be empty.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("key", ""), _negated=True),
                        name="api_apitoken_key_filled",
                        violation_error_message="Key must not be empty.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "scopes__contained_by",
                                ["cases:read", "cases:write", "labels:write", "taxonomy:write", "export", "admin"],
                            ),
                            ("scopes__len__gt", 0),
                        ),
                        name="api_apitoken_scopes_known",
                        violation_error_message="A token has one or more of the scopes: cases:read, cases:write, labels:write, taxonomy:write, export, admin.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("created_at"))),
                        name="api_apitoken_expires_after_it_was_made",
                        violation_error_message="A token expires after it was made.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("digest__regex", "^[0-9a-f]{64}$")),
                        name="api_apitoken_digest_is_sha256",
                        violation_error_message="Only the SHA-256 of a secret is kept.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "api_apitokenevent" ("created_at", "expires_at", "id", "key", "name", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revoked_at", "scopes") VALUES (NEW."created_at", NEW."expires_at", NEW."id", NEW."key", NEW."name", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."revoked_at", NEW."scopes"); RETURN NULL;',
                            hash="07b9a64cc3ee1732435ae525862c135392371a76",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_d7986",
                            table="api_apitoken",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."expires_at" IS DISTINCT FROM (NEW."expires_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."key" IS DISTINCT FROM (NEW."key") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."person_id" IS DISTINCT FROM (NEW."person_id") OR OLD."revoked_at" IS DISTINCT FROM (NEW."revoked_at") OR OLD."scopes" IS DISTINCT FROM (NEW."scopes"))',
                            func='INSERT INTO "api_apitokenevent" ("created_at", "expires_at", "id", "key", "name", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revoked_at", "scopes") VALUES (NEW."created_at", NEW."expires_at", NEW."id", NEW."key", NEW."name", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."revoked_at", NEW."scopes"); RETURN NULL;',
                            hash="27cc61e968ba2f38a4e33cc8d48e86fe78b5941f",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_55b1f",
                            table="api_apitoken",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "api_apitokenevent" ("created_at", "expires_at", "id", "key", "name", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revoked_at", "scopes") VALUES (OLD."created_at", OLD."expires_at", OLD."id", OLD."key", OLD."name", OLD."person_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."revoked_at", OLD."scopes"); RETURN NULL;',
                            hash="9db5e9b8994f0e50b400595f207d43a4f2c32041",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_c6793",
                            table="api_apitoken",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ApiTokenEvent",
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
                        to="api.apitoken",
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
                ("name", models.CharField(help_text="What uses it.", max_length=60)),
                ("key", models.CharField(editable=False, max_length=12)),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("cases:read", "Read cases and patterns"),
                                ("cases:write", "Log and change cases"),
                                ("labels:write", "Label cases"),
                                ("taxonomy:write", "Change vocabularies"),
                                ("export", "Export"),
                                ("admin", "Administer"),
                            ],
                            max_length=20,
                        ),
                        size=None,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="1df8a2cc41dd5a6607c1efbe89ab9e567748ccac",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_b8b46",
                            table="api_apitokenevent",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        taxonomy.operations.InstallTriggers(
            models=["apitoken", "apitokenevent"],
        ),
    ]

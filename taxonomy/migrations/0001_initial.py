import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import pgtrigger.compiler
import taxonomy.operations
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        migrations.CreateModel(
            name="Scheme",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "slug",
                    models.CharField(
                        max_length=60,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9]+(-[a-z0-9]+)*$", "Use lower-case letters, digits and single hyphens."
                            )
                        ],
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("cause", "Cause"),
                            ("type", "Type"),
                            ("framework", "Framework"),
                            ("mechanism", "Mechanism"),
                            ("goodhart", "Goodhart"),
                            ("technique", "Technique"),
                            ("failure mode", "Failure Mode"),
                            ("mitigation", "Mitigation"),
                            ("symptom", "Symptom"),
                            ("concept", "Concept"),
                            ("imported", "Imported"),
                        ],
                        max_length=20,
                    ),
                ),
                ("description", models.TextField(blank=True)),
                ("source", models.TextField(blank=True, help_text="Citation.")),
                ("source_url", models.URLField(blank=True, max_length=500)),
                (
                    "edition",
                    models.CharField(
                        blank=True, help_text="The scheme's own version, for example 2026.1.", max_length=40
                    ),
                ),
                (
                    "guidance",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(),
                        blank=True,
                        default=list,
                        help_text="How to label with it, step by step.",
                        size=None,
                    ),
                ),
                (
                    "allows_several",
                    models.BooleanField(default=True, help_text="A case may carry several labels of this scheme."),
                ),
                ("order", models.PositiveSmallIntegerField(default=0)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "cause",
                                    "type",
                                    "framework",
                                    "mechanism",
                                    "goodhart",
                                    "technique",
                                    "failure mode",
                                    "mitigation",
                                    "symptom",
                                    "concept",
                                    "imported",
                                ],
                            )
                        ),
                        name="taxonomy_scheme_kind_known",
                        violation_error_message="Kind must be one of: cause, type, framework, mechanism, goodhart, technique, failure mode, mitigation, symptom, concept, imported.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("slug", ""), _negated=True),
                        name="taxonomy_scheme_slug_filled",
                        violation_error_message="Slug must not be empty.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True),
                        name="taxonomy_scheme_name_filled",
                        violation_error_message="Name must not be empty.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "taxonomy_schemeevent" ("allows_several", "created_at", "description", "edition", "guidance", "id", "kind", "name", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug", "source", "source_url", "updated_at", "version") VALUES (NEW."allows_several", NEW."created_at", NEW."description", NEW."edition", NEW."guidance", NEW."id", NEW."kind", NEW."name", NEW."order", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."slug", NEW."source", NEW."source_url", NEW."updated_at", NEW."version"); RETURN NULL;',
                            hash="d57d454d9ff23e856cf7dd6aa8e39b02de0c1b87",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_f7e28",
                            table="taxonomy_scheme",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "taxonomy_schemeevent" ("allows_several", "created_at", "description", "edition", "guidance", "id", "kind", "name", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug", "source", "source_url", "updated_at", "version") VALUES (NEW."allows_several", NEW."created_at", NEW."description", NEW."edition", NEW."guidance", NEW."id", NEW."kind", NEW."name", NEW."order", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."slug", NEW."source", NEW."source_url", NEW."updated_at", NEW."version"); RETURN NULL;',
                            hash="1ee83ace0a5faadb7c676a7077e0f1506c581073",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_12b18",
                            table="taxonomy_scheme",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "taxonomy_schemeevent" ("allows_several", "created_at", "description", "edition", "guidance", "id", "kind", "name", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug", "source", "source_url", "updated_at", "version") VALUES (OLD."allows_several", OLD."created_at", OLD."description", OLD."edition", OLD."guidance", OLD."id", OLD."kind", OLD."name", OLD."order", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."slug", OLD."source", OLD."source_url", OLD."updated_at", OLD."version"); RETURN NULL;',
                            hash="95c87547531bbbac6916860012b377f08d909821",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_7cb5d",
                            table="taxonomy_scheme",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Node",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "scheme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="nodes", to="taxonomy.scheme"
                    ),
                ),
                (
                    "slug",
                    models.CharField(
                        max_length=60,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9]+(-[a-z0-9]+)*$", "Use lower-case letters, digits and single hyphens."
                            )
                        ],
                    ),
                ),
                ("name", models.CharField(max_length=160)),
                (
                    "aliases",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=160), blank=True, default=list, size=None
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="taxonomy.node",
                    ),
                ),
                ("definition", models.TextField(help_text="In our own words.")),
                (
                    "definition_status",
                    models.CharField(
                        choices=[
                            ("from source", "From Source"),
                            ("reconstructed", "Reconstructed"),
                            ("provisional", "Provisional"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "applies_when",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), blank=True, default=list, size=None
                    ),
                ),
                (
                    "does_not_apply_when",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), blank=True, default=list, size=None
                    ),
                ),
                (
                    "examples",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), blank=True, default=list, size=None
                    ),
                ),
                ("source", models.TextField(blank=True)),
                (
                    "exclusive_group",
                    models.CharField(
                        blank=True,
                        help_text="A case carries at most one node of such a group of its scheme.",
                        max_length=60,
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(default=0)),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
                (
                    "replaced_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaces",
                        to="taxonomy.node",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("scheme", "slug"),
                        name="taxonomy_node_slug_unique_in_scheme",
                        violation_error_message="This scheme already has a node with that slug.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("replaced_by__isnull", True), ("retired_at__isnull", False), _connector="OR"
                        ),
                        name="taxonomy_node_replaced_only_if_retired",
                        violation_error_message="Only a retired node is replaced by another.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("replaced_by__isnull", True),
                            models.Q(("replaced_by", models.F("id")), _negated=True),
                            _connector="OR",
                        ),
                        name="taxonomy_node_not_replaced_by_itself",
                        violation_error_message="A node cannot replace itself.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("definition_status__in", ["from source", "reconstructed", "provisional"])),
                        name="taxonomy_node_definition_status_known",
                        violation_error_message="Definition status must be one of: from source, reconstructed, provisional.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("slug", ""), _negated=True),
                        name="taxonomy_node_slug_filled",
                        violation_error_message="Slug must not be empty.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True),
                        name="taxonomy_node_name_filled",
                        violation_error_message="Name must not be empty.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="parent_in_scheme_without_cycle",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF NEW.parent_id IS NOT NULL THEN\n    IF NOT EXISTS (SELECT 1 FROM taxonomy_node WHERE id = NEW.parent_id AND scheme_id = NEW.scheme_id) THEN\n        RAISE EXCEPTION 'A node and its parent belong to one scheme.' USING ERRCODE = 'check_violation';\n    END IF;\n    IF EXISTS (\n        WITH RECURSIVE above AS (\n            SELECT id, parent_id FROM taxonomy_node WHERE id = NEW.parent_id\n            UNION SELECT n.id, n.parent_id FROM taxonomy_node n JOIN above ON n.id = above.parent_id\n        ) SELECT 1 FROM above WHERE id = NEW.id\n    ) THEN\n        RAISE EXCEPTION 'A node cannot stand below itself.' USING ERRCODE = 'check_violation';\n    END IF;\nEND IF;\nRETURN NEW;\n",
                            hash="e59e33f3e65783b48b9d4d49a972fe6f8f89670c",
                            operation='INSERT OR UPDATE OF "parent_id", "scheme_id"',
                            pgid="pgtrigger_parent_in_scheme_without_cycle_34079",
                            table="taxonomy_node",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "taxonomy_nodeevent" ("aliases", "applies_when", "created_at", "definition", "definition_status", "does_not_apply_when", "examples", "exclusive_group", "id", "name", "order", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "replaced_by_id", "retired_at", "scheme_id", "slug", "source", "updated_at", "version") VALUES (NEW."aliases", NEW."applies_when", NEW."created_at", NEW."definition", NEW."definition_status", NEW."does_not_apply_when", NEW."examples", NEW."exclusive_group", NEW."id", NEW."name", NEW."order", NEW."parent_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."replaced_by_id", NEW."retired_at", NEW."scheme_id", NEW."slug", NEW."source", NEW."updated_at", NEW."version"); RETURN NULL;',
                            hash="53feecc4d8761b12ceb42a62efbbe1bae7fb1b49",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_2bb86",
                            table="taxonomy_node",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "taxonomy_nodeevent" ("aliases", "applies_when", "created_at", "definition", "definition_status", "does_not_apply_when", "examples", "exclusive_group", "id", "name", "order", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "replaced_by_id", "retired_at", "scheme_id", "slug", "source", "updated_at", "version") VALUES (NEW."aliases", NEW."applies_when", NEW."created_at", NEW."definition", NEW."definition_status", NEW."does_not_apply_when", NEW."examples", NEW."exclusive_group", NEW."id", NEW."name", NEW."order", NEW."parent_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."replaced_by_id", NEW."retired_at", NEW."scheme_id", NEW."slug", NEW."source", NEW."updated_at", NEW."version"); RETURN NULL;',
                            hash="90eb55355fbfe90abb6ce05d8ecd15daa2e708e1",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_d8568",
                            table="taxonomy_node",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "taxonomy_nodeevent" ("aliases", "applies_when", "created_at", "definition", "definition_status", "does_not_apply_when", "examples", "exclusive_group", "id", "name", "order", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "replaced_by_id", "retired_at", "scheme_id", "slug", "source", "updated_at", "version") VALUES (OLD."aliases", OLD."applies_when", OLD."created_at", OLD."definition", OLD."definition_status", OLD."does_not_apply_when", OLD."examples", OLD."exclusive_group", OLD."id", OLD."name", OLD."order", OLD."parent_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."replaced_by_id", OLD."retired_at", OLD."scheme_id", OLD."slug", OLD."source", OLD."updated_at", OLD."version"); RETURN NULL;',
                            hash="681802468f9b03c76cce28302a3a69e3263e2c6b",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_1a779",
                            table="taxonomy_node",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AlternativeParent",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "node",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alternative_parents",
                        to="taxonomy.node",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alternative_children",
                        to="taxonomy.node",
                    ),
                ),
                ("asserted_by", models.CharField(max_length=200)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("node", "parent", "asserted_by"),
                        name="taxonomy_alternativeparent_once",
                        violation_error_message="This is recorded already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("node", models.F("parent")), _negated=True),
                        name="taxonomy_alternativeparent_not_itself",
                        violation_error_message="A node cannot be its own parent.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("asserted_by", ""), _negated=True),
                        name="taxonomy_alternativeparent_asserted_by_filled",
                        violation_error_message="Asserted by must not be empty.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "taxonomy_alternativeparentevent" ("asserted_by", "id", "node_id", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."asserted_by", NEW."id", NEW."node_id", NEW."parent_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;',
                            hash="da8a772c19aadb8b6e445ac48686b9a19c1733bb",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_bb69e",
                            table="taxonomy_alternativeparent",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "taxonomy_alternativeparentevent" ("asserted_by", "id", "node_id", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."asserted_by", NEW."id", NEW."node_id", NEW."parent_id", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;',
                            hash="f70d9c841790329657976277bbf4803caa6ccd94",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_b8b2e",
                            table="taxonomy_alternativeparent",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "taxonomy_alternativeparentevent" ("asserted_by", "id", "node_id", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."asserted_by", OLD."id", OLD."node_id", OLD."parent_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id"); RETURN NULL;',
                            hash="1a0379a540f37542aef8a026b66c3a06fa740681",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_3ed9f",
                            table="taxonomy_alternativeparent",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AlternativeParentEvent",
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
                        to="taxonomy.alternativeparent",
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
                    "parent",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="taxonomy.node",
                    ),
                ),
                ("asserted_by", models.CharField(max_length=200)),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="61648222512e79e0165d4f8ddb97d4ab94dd862a",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_0de9b",
                            table="taxonomy_alternativeparentevent",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Mapping",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "from_node",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="mappings_from", to="taxonomy.node"
                    ),
                ),
                (
                    "to_node",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="mappings_to", to="taxonomy.node"
                    ),
                ),
                (
                    "relation",
                    models.CharField(
                        choices=[
                            ("exact", "Exact"),
                            ("close", "Close"),
                            ("broad", "Broad"),
                            ("narrow", "Narrow"),
                            ("related", "Related"),
                        ],
                        max_length=10,
                    ),
                ),
                ("source", models.TextField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("from_node", "to_node"),
                        name="taxonomy_mapping_once",
                        violation_error_message="These two nodes are mapped already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("relation__in", ["exact", "close", "broad", "narrow", "related"])),
                        name="taxonomy_mapping_relation_known",
                        violation_error_message="Relation must be one of: exact, close, broad, narrow, related.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("source", ""), _negated=True),
                        name="taxonomy_mapping_source_filled",
                        violation_error_message="Source must not be empty.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="between_schemes",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF (SELECT scheme_id FROM taxonomy_node WHERE id = NEW.from_node_id)\n = (SELECT scheme_id FROM taxonomy_node WHERE id = NEW.to_node_id) THEN\n    RAISE EXCEPTION 'A mapping connects nodes of different schemes.' USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NEW;\n",
                            hash="9c8bf75d479f1eb3bea97e959a86c74ca5a93af5",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_between_schemes_28e90",
                            table="taxonomy_mapping",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "taxonomy_mappingevent" ("from_node_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "relation", "source", "to_node_id") VALUES (NEW."from_node_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."relation", NEW."source", NEW."to_node_id"); RETURN NULL;',
                            hash="741c5bb9d7f23dec6226df003379961fb76cd144",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_2a968",
                            table="taxonomy_mapping",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "taxonomy_mappingevent" ("from_node_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "relation", "source", "to_node_id") VALUES (NEW."from_node_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."relation", NEW."source", NEW."to_node_id"); RETURN NULL;',
                            hash="ff8e87332a0ad969bf9f7025ffe8ad55c56f1918",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_c532a",
                            table="taxonomy_mapping",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "taxonomy_mappingevent" ("from_node_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "relation", "source", "to_node_id") VALUES (OLD."from_node_id", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."relation", OLD."source", OLD."to_node_id"); RETURN NULL;',
                            hash="fbcf1c80911c9b4639a9424c025c28c3043f6cfc",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_ca6d6",
                            table="taxonomy_mapping",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MappingEvent",
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
                        to="taxonomy.mapping",
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
                    "from_node",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="taxonomy.node",
                    ),
                ),
                (
                    "to_node",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="taxonomy.node",
                    ),
                ),
                (
                    "relation",
                    models.CharField(
                        choices=[
                            ("exact", "Exact"),
                            ("close", "Close"),
                            ("broad", "Broad"),
                            ("narrow", "Narrow"),
                            ("related", "Related"),
                        ],
                        max_length=10,
                    ),
                ),
                ("source", models.TextField()),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="93ad7b5e7362b14356ae03cd7587af4a67b03a2b",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_53235",
                            table="taxonomy_mappingevent",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="NodeEvent",
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
                        to="taxonomy.node",
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
                    "scheme",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="taxonomy.scheme",
                    ),
                ),
                (
                    "slug",
                    models.CharField(
                        max_length=60,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9]+(-[a-z0-9]+)*$", "Use lower-case letters, digits and single hyphens."
                            )
                        ],
                    ),
                ),
                ("name", models.CharField(max_length=160)),
                (
                    "aliases",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=160), blank=True, default=list, size=None
                    ),
                ),
                (
                    "parent",
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
                ("definition", models.TextField(help_text="In our own words.")),
                (
                    "definition_status",
                    models.CharField(
                        choices=[
                            ("from source", "From Source"),
                            ("reconstructed", "Reconstructed"),
                            ("provisional", "Provisional"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "applies_when",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), blank=True, default=list, size=None
                    ),
                ),
                (
                    "does_not_apply_when",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), blank=True, default=list, size=None
                    ),
                ),
                (
                    "examples",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), blank=True, default=list, size=None
                    ),
                ),
                ("source", models.TextField(blank=True)),
                (
                    "exclusive_group",
                    models.CharField(
                        blank=True,
                        help_text="A case carries at most one node of such a group of its scheme.",
                        max_length=60,
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(default=0)),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
                (
                    "replaced_by",
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
                            hash="32a3c3a303b302daca73289926b526816e1bf602",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_2cbd4",
                            table="taxonomy_nodeevent",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReferenceCell",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "technique",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reference_as_technique",
                        to="taxonomy.node",
                    ),
                ),
                (
                    "failure_mode",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reference_as_failure_mode",
                        to="taxonomy.node",
                    ),
                ),
                (
                    "verdict",
                    models.CharField(
                        choices=[("vulnerable", "Vulnerable"), ("resistant", "Resistant"), ("uncertain", "Uncertain")],
                        max_length=10,
                    ),
                ),
                (
                    "certainty",
                    models.CharField(choices=[("high", "High"), ("medium", "Medium"), ("low", "Low")], max_length=10),
                ),
                ("source", models.TextField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("technique", "failure_mode"),
                        name="taxonomy_referencecell_once",
                        violation_error_message="This cell exists already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("verdict__in", ["vulnerable", "resistant", "uncertain"])),
                        name="taxonomy_referencecell_verdict_known",
                        violation_error_message="Verdict must be one of: vulnerable, resistant, uncertain.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("certainty__in", ["high", "medium", "low"])),
                        name="taxonomy_referencecell_certainty_known",
                        violation_error_message="Certainty must be one of: high, medium, low.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("source", ""), _negated=True),
                        name="taxonomy_referencecell_source_filled",
                        violation_error_message="Source must not be empty.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "taxonomy_referencecellevent" ("certainty", "failure_mode_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "technique_id", "verdict") VALUES (NEW."certainty", NEW."failure_mode_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."source", NEW."technique_id", NEW."verdict"); RETURN NULL;',
                            hash="f0969fc282218bb0f4133693b6541e95866ee240",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_95177",
                            table="taxonomy_referencecell",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "taxonomy_referencecellevent" ("certainty", "failure_mode_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "technique_id", "verdict") VALUES (NEW."certainty", NEW."failure_mode_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."source", NEW."technique_id", NEW."verdict"); RETURN NULL;',
                            hash="df543c609ef49afa5284273101f74cef6fd77601",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_0a026",
                            table="taxonomy_referencecell",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "taxonomy_referencecellevent" ("certainty", "failure_mode_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "technique_id", "verdict") VALUES (OLD."certainty", OLD."failure_mode_id", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."source", OLD."technique_id", OLD."verdict"); RETURN NULL;',
                            hash="f0cda31a7c7b75d52c5ad449d1eeafd93e51b8e6",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_7b178",
                            table="taxonomy_referencecell",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReferenceCellEvent",
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
                        to="taxonomy.referencecell",
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
                    "failure_mode",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="taxonomy.node",
                    ),
                ),
                (
                    "verdict",
                    models.CharField(
                        choices=[("vulnerable", "Vulnerable"), ("resistant", "Resistant"), ("uncertain", "Uncertain")],
                        max_length=10,
                    ),
                ),
                (
                    "certainty",
                    models.CharField(choices=[("high", "High"), ("medium", "Medium"), ("low", "Low")], max_length=10),
                ),
                ("source", models.TextField()),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="ff744c6166b125cd924f732950f40a6c4fde6a11",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_5e50c",
                            table="taxonomy_referencecellevent",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SchemeEvent",
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
                        to="taxonomy.scheme",
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
                    "slug",
                    models.CharField(
                        max_length=60,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9]+(-[a-z0-9]+)*$", "Use lower-case letters, digits and single hyphens."
                            )
                        ],
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("cause", "Cause"),
                            ("type", "Type"),
                            ("framework", "Framework"),
                            ("mechanism", "Mechanism"),
                            ("goodhart", "Goodhart"),
                            ("technique", "Technique"),
                            ("failure mode", "Failure Mode"),
                            ("mitigation", "Mitigation"),
                            ("symptom", "Symptom"),
                            ("concept", "Concept"),
                            ("imported", "Imported"),
                        ],
                        max_length=20,
                    ),
                ),
                ("description", models.TextField(blank=True)),
                ("source", models.TextField(blank=True, help_text="Citation.")),
                ("source_url", models.URLField(blank=True, max_length=500)),
                (
                    "edition",
                    models.CharField(
                        blank=True, help_text="The scheme's own version, for example 2026.1.", max_length=40
                    ),
                ),
                (
                    "guidance",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(),
                        blank=True,
                        default=list,
                        help_text="How to label with it, step by step.",
                        size=None,
                    ),
                ),
                (
                    "allows_several",
                    models.BooleanField(default=True, help_text="A case may carry several labels of this scheme."),
                ),
                ("order", models.PositiveSmallIntegerField(default=0)),
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
                            hash="c4db36c96f7d6ff77052e5fffa976dee40aad3b0",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_997c2",
                            table="taxonomy_schemeevent",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SeverityTier",
            fields=[
                (
                    "rank",
                    models.PositiveSmallIntegerField(
                        primary_key=True, serialize=False, validators=[django.core.validators.MaxValueValidator(9)]
                    ),
                ),
                (
                    "slug",
                    models.CharField(
                        max_length=40,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9]+(-[a-z0-9]+)*$", "Use lower-case letters, digits and single hyphens."
                            )
                        ],
                    ),
                ),
                ("name", models.CharField(max_length=60, unique=True)),
                ("criteria", models.TextField(help_text="When to choose this tier.")),
                ("example", models.TextField(blank=True, help_text="An anchored example, shown beside the choice.")),
                (
                    "colour",
                    models.CharField(default="s0", help_text="Colour token of the stylesheet, s0 to s4.", max_length=8),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("slug", ""), _negated=True),
                        name="taxonomy_severitytier_slug_filled",
                        violation_error_message="Slug must not be empty.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True),
                        name="taxonomy_severitytier_name_filled",
                        violation_error_message="Name must not be empty.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "taxonomy_severitytierevent" ("colour", "criteria", "example", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rank", "slug") VALUES (NEW."colour", NEW."criteria", NEW."example", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."rank", NEW."rank", NEW."slug"); RETURN NULL;',
                            hash="fed16bb462113752eeac13ae147d5af33e42af3d",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_05349",
                            table="taxonomy_severitytier",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "taxonomy_severitytierevent" ("colour", "criteria", "example", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rank", "slug") VALUES (NEW."colour", NEW."criteria", NEW."example", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."rank", NEW."rank", NEW."slug"); RETURN NULL;',
                            hash="8e4544add9dfd17ba17e0da52108220441793b0f",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_19421",
                            table="taxonomy_severitytier",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "taxonomy_severitytierevent" ("colour", "criteria", "example", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rank", "slug") VALUES (OLD."colour", OLD."criteria", OLD."example", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."rank", OLD."rank", OLD."slug"); RETURN NULL;',
                            hash="9a82aa490b9795418389f8168842d93311533a62",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_5b1ed",
                            table="taxonomy_severitytier",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SeverityTierEvent",
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
                        to="taxonomy.severitytier",
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
                (
                    "rank",
                    models.PositiveSmallIntegerField(
                        serialize=False, validators=[django.core.validators.MaxValueValidator(9)]
                    ),
                ),
                (
                    "slug",
                    models.CharField(
                        max_length=40,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9]+(-[a-z0-9]+)*$", "Use lower-case letters, digits and single hyphens."
                            )
                        ],
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("criteria", models.TextField(help_text="When to choose this tier.")),
                ("example", models.TextField(blank=True, help_text="An anchored example, shown beside the choice.")),
                (
                    "colour",
                    models.CharField(default="s0", help_text="Colour token of the stylesheet, s0 to s4.", max_length=8),
                ),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="9076a0dc271297daa46ccebfcedb50db33472342",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_5d633",
                            table="taxonomy_severitytierevent",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ShippedRow",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=200, unique=True)),
                ("content", models.JSONField()),
            ],
        ),
        taxonomy.operations.InstallTriggers(
            models=[
                "scheme",
                "node",
                "alternativeparent",
                "alternativeparentevent",
                "mapping",
                "mappingevent",
                "nodeevent",
                "referencecell",
                "referencecellevent",
                "schemeevent",
                "severitytier",
                "severitytierevent",
            ],
        ),
    ]

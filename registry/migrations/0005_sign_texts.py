"""Give the cases that exist already the bands of their texts."""

from django.db import migrations

from registry import fingerprint

AT_ONCE = 500
UPDATE = "UPDATE registry_case SET text_bands = %s WHERE id = %s"


def sign_texts(apps, schema_editor):
    """In batches by number; what was signed meanwhile by the running product is signed alike."""
    case = apps.get_model("registry", "Case")
    last = 0
    while True:
        unsigned = case.objects.filter(pk__gt=last).order_by("pk").only(*fingerprint.SIGNED)[:AT_ONCE]
        rows = [(fingerprint.bands(*(getattr(row, name) for name in fingerprint.SIGNED)), row.pk) for row in unsigned]
        if not rows:
            return
        with schema_editor.connection.cursor() as cursor:
            cursor.executemany(UPDATE, rows)
        last = rows[-1][1]


class Migration(migrations.Migration):
    # Each batch by itself: no case is locked longer than its batch takes.
    atomic = False

    dependencies = [("registry", "0004_name_trigrams")]
    operations = [migrations.RunPython(sign_texts, migrations.RunPython.noop)]

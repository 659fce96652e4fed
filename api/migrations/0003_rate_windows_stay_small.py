from django.db import migrations, models

# Room on each page, so that counting up rewrites the row in place and touches no index.
ROOMY = "ALTER TABLE api_ratewindow SET (fillfactor = 40, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000)"
PLAIN = "ALTER TABLE api_ratewindow RESET (fillfactor, autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold)"


class Migration(migrations.Migration):

    dependencies = [
        ("api", "0002_kept_answers_and_batches"),
    ]

    operations = [
        migrations.AlterField(
            model_name="ratewindow",
            name="caller",
            field=models.CharField(
                help_text="t and a token's id, p and a person's, or i and the hash of an address that sent wrong tokens.",
                max_length=20,
                primary_key=True,
                serialize=False,
            ),
        ),
        migrations.RunSQL(ROOMY, reverse_sql=PLAIN),
    ]

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("registry", "0006_labels_that_rest_on_raters")]
    operations = [
        migrations.RemoveConstraint(model_name="source", name="registry_source_url_unique"),
        migrations.AddIndex(
            model_name="source",
            index=models.Index(fields=["url"], condition=~Q(url=""), name="registry_source_by_url"),
        ),
    ]

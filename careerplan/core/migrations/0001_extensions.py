"""The extensions of PostgreSQL that other apps rely on; written by hand, all other migrations are generated."""

from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension
from django.db import migrations


class Migration(migrations.Migration):
    """Both extensions are trusted: the owner of the database may create them."""

    # Search by similarity in the catalogue; pauses of a plan that may not overlap.
    run_before = [("catalogue", "0001_initial"), ("plans", "0001_initial")]
    operations = [TrigramExtension(), BtreeGistExtension()]

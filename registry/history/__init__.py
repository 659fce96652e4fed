"""What happened to one case, read from the tables that the database's triggers write."""

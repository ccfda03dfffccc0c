"""The database's tables, version by version; Alembic runs them at each start."""

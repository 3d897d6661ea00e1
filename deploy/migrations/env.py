"""Runs the migrations on the connection, and in the transaction, that `services/event_log/migrate.py` opened."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()

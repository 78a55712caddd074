"""Alembic's entry: runs the migrations on the connection that `procure.migrations` hands it."""

from alembic import context

from procure.migrations.schema import SCHEMA

context.configure(connection=context.config.attributes["connection"], target_metadata=SCHEMA)
context.run_migrations()

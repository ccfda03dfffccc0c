"""Alembic runs this file: the migrations go through the connection that the room has opened."""

from alembic import context

from lumbargrade.serving.reading_room.store.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()

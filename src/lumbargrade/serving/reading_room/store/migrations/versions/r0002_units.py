"""Discs are read beside slices."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0002"
down_revision = "r0001"


def upgrade() -> None:
    """Say of each slice what it is; those of before were slices."""
    unit = sa.Column("unit", sa.String(length=8), server_default="slice", nullable=False)
    op.add_column("slice", unit)

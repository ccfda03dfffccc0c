"""Read the table that ``cohort index`` wrote, whole."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from lumbargrade.archive.index.columns import DESCRIPTION_FILE, INDEX_FILE, INDEX_SCHEMA, TABLE
from lumbargrade.errors import CohortError


def read_index(folder: Path) -> pa.Table:
    """Return the table of an index, with the columns of ``index_table.COLUMNS``.

    Raises CohortError if the folder is not an index of this version, or its table cannot be read.
    """
    described = folder / DESCRIPTION_FILE
    try:
        schema = json.loads(described.read_text(encoding="utf-8")).get("schema")
    except (OSError, ValueError, AttributeError):
        raise CohortError(
            f"{folder}: is not an index (no readable {DESCRIPTION_FILE}): give the folder that "
            "'lumbargrade cohort index' wrote"
        ) from None
    if schema != INDEX_SCHEMA:
        raise CohortError(
            f"{folder}: its schema is {schema!r}, this version reads {INDEX_SCHEMA!r}: index again"
        )
    return read_table(folder / INDEX_FILE, TABLE)


def read_table(path: Path, schema: pa.Schema) -> pa.Table:
    """Return the columns of a schema from a Parquet file.

    Raises CohortError if the file cannot be read, or lacks one of them or has it in another type.
    """
    try:
        table = pq.read_table(path)
    except (OSError, pa.ArrowException) as error:
        reason = getattr(error, "strerror", None) or "not a Parquet table"
        raise CohortError(f"{path}: cannot be read ({reason}): make it again") from None
    for field in schema:
        if (
            field.name not in table.column_names
            or table.schema.field(field.name).type != field.type
        ):
            raise CohortError(
                f"{path}: has no column {field.name!r} of {field.type}: make it again"
            )
    return table.select(schema.names)

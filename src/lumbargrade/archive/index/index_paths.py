"""Where an index, its key and its table of files lie, and that they belong together."""

from __future__ import annotations

import json
import os
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lumbargrade.archive.index.columns import DESCRIPTION_FILE, INDEX_FILE, INDEX_SCHEMA
from lumbargrade.archive.pseudonym import Pseudonyms, key_of, read_key
from lumbargrade.errors import CohortError, OutputError
from lumbargrade.files.write import UNFINISHED, write_json

FILES_SCHEMA = "lumbargrade.index-files/1"
FILES_FILE, ARCHIVE_FILE = "files.parquet", "archive.json"
PARTS = "parts"


@dataclass(frozen=True)
class IndexPaths:
    """The paths of one index: a folder of pseudonyms and words, which alone may be shown.

    ``key`` is the file with the key, ``files`` the folder beside it with the paths of the files.
    """

    index: Path
    key: Path
    files: Path

    @classmethod
    def of(cls, index: Path, key: Path | None = None) -> IndexPaths:
        """Return the paths for an index folder; the key lies beside it if not elsewhere."""
        index = Path(os.path.abspath(index))
        key = index.with_name(index.name + ".key") if key is None else Path(os.path.abspath(key))
        return cls(index, key, key.with_name(index.name + ".files"))

    @property
    def table(self) -> Path:
        """The pseudonymised table."""
        return self.index / INDEX_FILE

    @property
    def files_table(self) -> Path:
        """The table of paths."""
        return self.files / FILES_FILE

    @property
    def description(self) -> Path:
        """What the index says of itself."""
        return self.index / DESCRIPTION_FILE


def open_places(places: IndexPaths, archive: Path) -> Pseudonyms:
    """Make the folders and the key of a new index, or check those of an old one.

    Raises CohortError if the archive is no folder, holds the index, or is another one than before;
    or if the key is missing or another one; OutputError if the places cannot be written or hold
    something else.
    """
    archive = Path(os.path.abspath(archive))
    if not archive.is_dir():
        raise CohortError(f"{archive}: no such folder: give the folder that holds the archive")
    for place in (places.index, places.key, places.files):
        if place.resolve().is_relative_to(archive.resolve()):
            raise CohortError(
                f"{place}: lies in the archive, which is only read: give a place outside, "
                "with -o and --key"
            )
    for place in (places.key, places.files):
        if place.resolve().is_relative_to(places.index.resolve()):
            raise CohortError(
                f"{place}: lies in {places.index}, which is shared without names: give a place "
                "outside, with --key"
            )
    if places.description.exists():
        return _open(places, archive)
    if places.index.exists() and not _is_begun(places.index):
        raise OutputError(
            f"{places.index}: holds files but no index: give a new or empty folder with -o"
        )
    return _make(places, archive)


def _is_begun(index: Path) -> bool:
    """Whether a folder is empty, or holds no more than a run that was killed at once."""
    found = [one for one in index.iterdir() if not one.name.endswith(UNFINISHED)]
    return all(one.name == PARTS and not any(one.iterdir()) for one in found)


def _make(places: IndexPaths, archive: Path) -> Pseudonyms:
    if places.files_table.exists():
        raise OutputError(
            f"{places.files}: belongs to another index: give another --key or another -o"
        )
    pseudonyms = Pseudonyms(key_of(places.key))
    index_id = uuid.uuid4().hex
    (places.index / PARTS).mkdir(parents=True, exist_ok=True)
    places.files.mkdir(mode=0o700, exist_ok=True)
    (places.files / PARTS).mkdir(exist_ok=True)
    told = {"schema": FILES_SCHEMA, "index_id": index_id, "archive": str(archive)}
    write_json(places.files / ARCHIVE_FILE, told)
    told = {"schema": INDEX_SCHEMA, "index_id": index_id, "key_check": pseudonyms.check}
    write_json(places.description, told)  # last: from now on it is an index
    return pseudonyms


def _open(places: IndexPaths, archive: Path) -> Pseudonyms:
    described = _read(places.description, INDEX_SCHEMA)
    pseudonyms = Pseudonyms(read_key(places.key))
    if described.get("key_check") != pseudonyms.check:
        raise CohortError(
            f"{places.index}: was made with another key than {places.key}: give the key that it "
            "was made with (--key), or a new folder (-o)"
        )
    known = _read(places.files / ARCHIVE_FILE, FILES_SCHEMA)
    if known.get("index_id") != described.get("index_id"):
        raise CohortError(
            f"{places.files}: belongs to another index than {places.index}: put its own files "
            "folder beside the key"
        )
    if known.get("archive") != str(archive):
        raise CohortError(
            f"{places.index}: is of the archive {known.get('archive')}, not of {archive}: give a "
            f"new folder (-o); or, if it has moved, say so in {places.files / ARCHIVE_FILE}"
        )
    return pseudonyms


def _read(path: Path, schema: str) -> dict[str, Any]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not JSON"
        raise CohortError(
            f"{path}: cannot be read ({reason}): bring it back, or index into a new folder (-o)"
        ) from None
    if not isinstance(data, dict) or data.get("schema") != schema:
        raise CohortError(
            f"{path}: is not of the schema {schema!r}: index the archive into a new folder (-o)"
        )
    return data


def describe(places: IndexPaths, counts: dict[str, int]) -> None:
    """Write into the description how many rows there are."""
    told = _read(places.description, INDEX_SCHEMA)
    if told.get("rows") != counts:
        write_json(places.description, told | {"rows": counts})

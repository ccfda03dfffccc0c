"""A bundle while it is made: whole at its path in the end, or not there at all."""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lumbargrade.errors import OutputError
from lumbargrade.files.write import write_json
from lumbargrade.inference.bundle_json import MANIFEST_FILE
from lumbargrade.inference.integrity.known_answer import KNOWN_FILE
from lumbargrade.inference.integrity.sums import SUMS_FILE

CARD_FILE = "MODEL_CARD.md"

PARITY_TOLERANCE = 2e-3
"""Largest allowed difference of a probability between torch and ONNX, both in float32."""


@contextlib.contextmanager
def drafted(out: Path) -> Iterator[Path]:
    """Yield an empty folder; if the block ends well, it becomes ``out``, a folder or a ``.zip``.

    Raises OutputError if ``out`` exists or its folder cannot be created.
    """
    if out.exists():
        raise OutputError(f"{out}: exists already; remove it or choose another path")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{out.parent}: cannot be created ({error.strerror})") from None
    with tempfile.TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as staging:
        draft = Path(staging, "bundle")
        draft.mkdir()
        yield draft
        if out.suffix == ".zip":
            draft = Path(shutil.make_archive(str(draft), "zip", draft))
        draft.rename(out)


def write_manifest(manifest: dict[str, Any], folder: Path) -> None:
    """Write ``manifest`` into a draft, with the SHA-256 of every network and of the card there."""
    others = (MANIFEST_FILE, KNOWN_FILE, SUMS_FILE)
    files = sorted(path for path in folder.iterdir() if path.name not in others)
    manifest["files"] = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    write_json(folder / MANIFEST_FILE, manifest, indent=2)

"""``SHA256SUMS``: the list of every file of a bundle, as ``sha256sum -c`` reads it.

``bundle.json`` holds the SHA-256 of the networks and of the model card, and its own SHA-256 is
the model's identity in every result. The list holds that of ``bundle.json`` as well, and what
is not in the list is not in the bundle: a weight, a space or a stray file that was altered,
added or lost is found before anything of it is used.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

from lumbargrade.errors import BundleError
from lumbargrade.files.write import write_text

SUMS_FILE = "SHA256SUMS"

LARGEST_BYTES = 64 << 10
"""A list has some five lines of 80 bytes."""

_LINE = re.compile(r"([0-9a-f]{64})  ([^/\\\n]+)\n")


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal digits. Raises OSError if it cannot be read."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def write_sums(folder: Path) -> None:
    """List every file of a bundle's folder in ``SHA256SUMS``. Raises OSError."""
    names = (path.name for path in folder.iterdir() if path.name != SUMS_FILE)
    write_text(folder / SUMS_FILE, _text({name: sha256_of(folder / name) for name in names}))


def check_sums(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file of a bundle but the list, each computed now.

    Raises BundleError if there is no list, a file is altered or lost, or one is not in the list;
    OSError if one cannot be read.
    """
    listed = _read(folder)
    there = {path.name for path in folder.iterdir()} - {SUMS_FILE}
    if stray := sorted(there - set(listed)):
        raise BundleError(
            f"model bundle {folder} holds {stray[0]}, which is none of its files ({SUMS_FILE}): "
            "remove it, or export or download the bundle again"
        )
    for name, expected in listed.items():
        check_file(folder / name, expected)
    return listed


def check_file(path: Path, expected: str) -> None:
    """Raises BundleError if a file of a bundle is missing or has another SHA-256."""
    if not path.is_file():
        raise BundleError(f"model bundle lacks {path}, which it lists: export it again")
    refuse_altered(path, sha256_of(path), expected)


def refuse_altered(path: Path, found: str, expected: str) -> None:
    """Raises BundleError if the SHA-256 that was ``found`` is not the expected one."""
    if found != expected:
        raise BundleError(
            f"{path} has SHA-256 {found[:12]}..., the bundle says {expected[:12]}...: the file was "
            "altered or damaged and is not used; export or download the bundle again"
        )


def _read(folder: Path) -> dict[str, str]:
    path = folder / SUMS_FILE
    if not path.is_file():
        raise BundleError(
            f"model bundle {folder} has no {SUMS_FILE}, as from an earlier version: check where it "
            f"comes from, then seal it with 'lumbargrade export {folder} -o NEW' and give NEW"
        )
    with path.open("rb") as stream:
        text = stream.read(LARGEST_BYTES).decode("utf-8", "replace")
    listed = {name: digest for digest, name in _LINE.findall(text)}
    if not listed or text != _text(listed):
        raise BundleError(
            f"{path} is no list of SHA-256 and file names: it was altered or damaged; export or "
            "download the bundle again"
        )
    return listed


def _text(digests: Mapping[str, str]) -> str:
    return "".join(f"{digests[name]}  {name}\n" for name in sorted(digests))

"""One altered byte at a time, in a bundle, in a zip of it and in the cache of compiled networks.

Each must be refused (the bundle), or refused or without effect (the zip, whose dates and
attributes mean nothing), or compiled anew with the same answers to the bit (the cache).
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from lumbargrade.errors import BundleError
from lumbargrade.inference.bundle import Bundle, load_bundle
from lumbargrade.inference.engine import Engine, Precision

SEED = 13
PLACES = {"bundle": 500, "zip": 100, "cache": 500}

REFUSED, SAME, REBUILT, WRONG = "refused", "without effect", "compiled anew", "TAKEN AS IT IS"

Judge = Callable[[Path], str]


def run(options: argparse.Namespace) -> None:
    """Print how many altered bytes were refused, compiled anew or taken."""
    with tempfile.TemporaryDirectory() as place:
        found = alter(load_bundle(options.model), Path(place), PLACES)
    for part, counts in found.items():
        told = ", ".join(f"{outcome} {count}" for outcome, count in sorted(counts.items()))
        print(f"{part:8}{counts.total():5} bytes altered, one at a time: {told}")


def alter(bundle: Bundle, folder: Path, places: dict[str, int]) -> dict[str, Counter[str]]:
    """Alter bytes of copies of ``bundle`` in ``folder``; return the outcomes by part."""
    copy, pick = Path(shutil.copytree(bundle.folder, folder / "bundle")), random.Random(SEED)
    zipped = Path(shutil.make_archive(str(folder / "zipped"), "zip", copy))
    with _cache_in(folder / "cache"):
        wanted = _answers(copy)
        compiled = folder / "cache" / "lumbargrade" / "openvino"
        return {
            "bundle": _each(lambda: sorted(copy.iterdir()), places["bundle"], pick, _of_bundle),
            "zip": _each(lambda: [zipped], places["zip"], pick, _of_zip),
            "cache": _each(
                lambda: sorted(compiled.iterdir()),
                places["cache"],
                pick,
                lambda path: _of_cache(path, copy, wanted),
            ),
        }


def _each(
    files: Callable[[], list[Path]], count: int, pick: random.Random, judge: Judge
) -> Counter[str]:
    """Alter one byte at a time: of any file alike, so that the small ones are not left out."""
    outcomes: Counter[str] = Counter()
    for _ in range(count):
        path = pick.choice(files())
        place, change = pick.randrange(path.stat().st_size), pick.randrange(1, 256)
        before = _exchange(path, place, change)
        outcomes[judge(path)] += 1
        if path.is_file() and _byte(path, place) == before ^ change:
            _exchange(path, place, change)
    return outcomes


def _exchange(path: Path, place: int, change: int) -> int:
    """Change the bits of one byte; return what it was."""
    with path.open("rb+") as stream:
        stream.seek(place)
        before = stream.read(1)[0]
        stream.seek(place)
        stream.write(bytes([before ^ change]))
    return before


def _byte(path: Path, place: int) -> int:
    with path.open("rb") as stream:
        stream.seek(place)
        return (stream.read(1) or b"\0")[0]


def _of_bundle(path: Path) -> str:
    try:
        load_bundle(path.parent)
    except BundleError:
        return REFUSED
    return WRONG


def _of_zip(path: Path) -> str:
    unpacked = Path(os.environ["XDG_CACHE_HOME"], "lumbargrade", "bundles")
    there = set(unpacked.iterdir()) if unpacked.is_dir() else set()
    try:
        load_bundle(path)  # whose files are those of its list, or it is refused
    except BundleError:
        left = set(unpacked.iterdir()) - there if unpacked.is_dir() else set()
        return f"refused, but left {len(left)} in the cache" if left else REFUSED
    return SAME


def _of_cache(path: Path, bundle: Path, wanted: bytes) -> str:
    altered = path.stat().st_ino
    if _answers(bundle) != wanted:
        return WRONG
    return REBUILT if path.stat().st_ino != altered else WRONG


def _answers(bundle: Path) -> bytes:
    """Return what every network answers to one picture, to the bit."""
    engine = Engine(load_bundle(bundle), Precision.F32)
    manifest = engine.bundle.manifest
    edge, channels = manifest.patch.pixels, len(manifest.grader_input)
    draw = np.random.default_rng(SEED).random
    given = [*engine.grade(draw((1, channels, edge, edge), dtype=np.float32)).values()]
    if manifest.locator is not None:
        given.append(engine.locate(draw((1, *[manifest.locator.pixels] * 2), dtype=np.float32)))
    if manifest.outliner is not None:
        edge = manifest.outliner.patch.pixels
        given.extend(engine.draw(draw((1, edge, edge), dtype=np.float32)) or ())
    return b"".join(one.tobytes() for one in given)


@contextmanager
def _cache_in(folder: Path) -> Iterator[None]:
    before = os.environ.get("XDG_CACHE_HOME")
    os.environ["XDG_CACHE_HOME"] = str(folder)
    try:
        yield
    finally:
        if before is None:
            del os.environ["XDG_CACHE_HOME"]
        else:
            os.environ["XDG_CACHE_HOME"] = before

"""The kinds of changed inputs: each writes one case into a folder, from a seed."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import os
import struct
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import nibabel
import numpy as np
from PIL import Image

from benchmarks.fuzzed import data, dicom
from lumbargrade.inference.integrity.sums import write_sums

_SEALED = 0.8
"""Of the bundles with another JSON: the seal alone refuses the rest, whatever is in it."""
GRADE, BUNDLE, TABLE, MASK = "grade", "bundle", "table", "mask"
"""What is done with a case: ``judge`` knows how."""


@dataclass(frozen=True)
class Material:
    """What is valid: DICOM slices, and the folder of a model bundle."""

    slices: tuple[bytes, ...]
    bundle: Path


@dataclass(frozen=True)
class Kind:
    """Writes the input of a case into an empty folder and returns its path; ``share`` of all."""

    use: str
    write: Callable[[Random, Material, Path], Path]
    share: float = 1.0


def _files(slices: Mapping[str, bytes], folder: Path) -> Path:
    for name, content in slices.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def _named(material: Material) -> dict[str, bytes]:
    return {f"{number:04d}.dcm": one for number, one in enumerate(material.slices)}


def _slice(
    change: Callable[[bytes, Random], bytes], random: Random, material: Material, folder: Path
) -> Path:
    """One slice, or all, changed in one way; the others stay."""
    files = _named(material)
    for name in list(files) if random.random() < 0.3 else [random.choice(list(files))]:
        files[name] = change(files[name], random)
    return _files(files, folder)


def _study(random: Random, material: Material, folder: Path) -> Path:
    """Files of several kinds, doubled, renamed, nested, empty, and links."""
    files = _named(material)
    for name in list(files):
        drawn = random.random()
        if drawn < 0.2:
            files[f"copy {random.random()}"] = files[name]
        elif drawn < 0.4:
            files["/".join(["deep"] * random.choice((1, 5, 60))) + "/" + name] = files.pop(name)
        elif drawn < 0.6:
            hostile = random.choice(
                ("=1+1.dcm", "a\nb", "\x1b[31m", "\u202ex", "grades.json", "-o")
            )
            files[hostile] = files.pop(name)
    extras = (_picture(random), _nifti(random), _zipped(files), b"", bytes(500), b"text")
    for content in random.sample(extras, random.randint(0, 4)):
        files[f"extra{random.randrange(100)}"] = content
    _files(files, folder)
    target = random.choice(("..", "/dev/zero", "/etc", "nothing", "."))
    if random.random() < 0.5:
        os.symlink(target, folder / "link.dcm")
    return folder


def _volume(random: Random, material: Material, folder: Path) -> Path:
    del material
    path = folder / random.choice(("v.nii", "v.nii.gz"))
    content = _nifti(random)
    if path.suffix == ".gz":
        content = data.anyhow(gzip.compress(content, 1, mtime=0), random)
        return _files({path.name: content}, folder) / path.name
    return _files({path.name: data.anyhow(content, random)}, folder) / path.name


def _nifti(random: Random) -> bytes:
    values = np.random.default_rng(random.randrange(2**32)).integers(0, 900, (64, 64, 3))
    image: Any = nibabel.Nifti1Image(values.astype(np.int16), np.diag([1.5, 1.5, 4.0, 1.0]))
    return bytes(image.to_bytes())


def _mask(random: Random, material: Material, folder: Path) -> Path:
    del material
    if random.random() < 0.3:
        return _files({"m.nii": data.anyhow(_nifti(random), random)}, folder) / "m.nii"
    fields = {
        "ObjectType": "Image", "NDims": "3", "BinaryData": "True", "CompressedData": "False",
        "TransformMatrix": "1 0 0 0 1 0 0 0 1", "Offset": "0 0 0", "ElementSpacing": "1 1 4",
        "DimSize": "8 8 2", "ElementType": "MET_UCHAR", "ElementDataFile": "LOCAL",
    }  # fmt: skip
    for name in random.sample(list(fields), random.randint(0, 3)):
        fields[name] = random.choice(("", "0", "-1 8 2", "99999 99999 99999", *data.HOSTILE_TEXTS))
    head = "".join(f"{name} = {value}\n" for name, value in fields.items())
    content = head.encode("utf-8", "replace") + bytes(64) + b"\x01" * 64
    return _files({"m.mha": data.anyhow(content, random)}, folder) / "m.mha"


def _picture(random: Random) -> bytes:
    values = np.random.default_rng(random.randrange(2**32)).integers(0, 255, (200, 200))
    stream = io.BytesIO()
    form = random.choice(("PNG", "TIFF", "JPEG"))
    Image.fromarray(values.astype(np.uint8)).save(stream, form)
    return stream.getvalue()


def _image(random: Random, material: Material, folder: Path) -> Path:
    del material
    content = _picture(random)
    content = data.anyhow(content, random) if random.random() < 0.8 else content
    return _files({"p.png": content}, folder) / "p.png"


def _zipped(files: Mapping[str, bytes], form: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", form) as archive:
        for name, content in files.items():
            # Without a ZipInfo the member bears the time of day, and no seed brings that back.
            member = zipfile.ZipInfo(name.replace("\x00", "_") or " ")
            archive.writestr(member, content, form)
    return stream.getvalue()


def _zip(random: Random, material: Material, folder: Path) -> Path:
    """Any field of a zip's headers set, or bytes of it changed."""
    content = bytearray(_zipped(_named(material)))
    for _ in range(random.randint(1, 4)):
        mark, fields = random.choice(_ZIP_HEADERS)
        start = content.find(mark, random.randrange(len(content)))
        start = content.find(mark) if start < 0 else start
        place, size = random.choice(fields)
        value = random.choice((*data.LENGTHS, 8, 12, 14, 99)) & (1 << 8 * size) - 1
        struct.pack_into("<H" if size == 2 else "<I", content, start + place, value)
    if random.random() < 0.3:
        content = bytearray(data.anyhow(bytes(content), random))
    return _files({"s.zip": bytes(content)}, folder) / "s.zip"


_ZIP_HEADERS = (
    (b"PK\x03\x04", ((4, 2), (6, 2), (8, 2), (14, 4), (18, 4), (22, 4), (26, 2), (28, 2))),
    (b"PK\x01\x02", ((8, 2), (10, 2), (16, 4), (20, 4), (24, 4), (28, 2), (38, 4), (42, 4))),
    (b"PK\x05\x06", ((4, 2), (8, 2), (10, 2), (12, 4), (16, 4), (20, 2))),
)  # fmt: skip
"""APPNOTE 6.3: mark of a header, and (place, bytes) of its fields."""


def _members(random: Random, material: Material, folder: Path) -> Path:
    """A zip whose members have names that lead out, say nothing, or are doubled."""
    names = (
        *(
            "../out.dcm",
            "/tmp/lumbargrade-fuzz-outside",
            "..\\x",
            "C:\\x",
            "a/../../b",
            "",
            "a" * 300,
        ),
        *("=1+1", "x\x1b[31m", "dir/", "\u202e", "grades.json", "con", "a.zip", "./.", "//x"),
    )
    files = {random.choice(names): one for one in material.slices}
    files[random.choice(names) + "2"] = _zipped(files)
    form = random.choice((zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA, 8))
    return _files({"s.zip": _zipped(files, form)}, folder) / "s.zip"


def _manifest(random: Random, material: Material, folder: Path) -> Path:
    """A bundle with one to three fields of its JSON changed, most of them sealed anew."""
    content = json.loads((material.bundle / "bundle.json").read_text(encoding="utf-8"))
    for _ in range(random.randint(1, 3)):
        _change_field(content, random)
    text = json.dumps(content)
    if random.random() < 0.2:
        text = data.anyhow(text.encode(), random).decode("utf-8", "replace")
    _bundle(material, folder, {"bundle.json": text.encode("utf-8", "replace")})
    if random.random() < _SEALED:
        write_sums(folder)
    return folder


def _change_field(content: Any, random: Random) -> None:
    """Walk down at random, and change what stands there."""
    while True:
        keys = list(content) if isinstance(content, dict) else list(range(len(content)))
        if not keys:
            return
        key = random.choice(keys)
        if isinstance(content[key], dict | list) and content[key] and random.random() < 0.85:
            content = content[key]
            continue
        values: tuple[Any, ...] = (
            None, True, -1, 0, 1e-300, float("nan"), float("inf"), 10**6, 10**30, [], {}, "",
            [content[key]], "../x", random.choice(data.HOSTILE_TEXTS),
        )  # fmt: skip
        if random.random() < 0.15:
            del content[key]
        else:
            content[key] = random.choice(values)
        return


def _network(random: Random, material: Material, folder: Path) -> Path:
    """A bundle with bytes of a file changed; half of them under its new hash, and sealed anew."""
    manifest = json.loads((material.bundle / "bundle.json").read_text(encoding="utf-8"))
    name = random.choice(
        [one for one in manifest["files"] if one != "grader.onnx"] or ["grader.onnx"]
    )
    content = data.anyhow((material.bundle / name).read_bytes(), random)
    is_sealed = random.random() < 0.5
    if is_sealed:
        manifest["files"][name] = hashlib.sha256(content).hexdigest()
    _bundle(material, folder, {name: content, "bundle.json": json.dumps(manifest).encode()})
    if is_sealed:
        write_sums(folder)
    return folder


def _bundle(material: Material, folder: Path, changed: Mapping[str, bytes]) -> Path:
    for path in material.bundle.iterdir():
        if path.name not in changed and path.is_file():
            os.symlink(path.resolve(), folder / path.name)
    return _files(changed, folder)


def _table(random: Random, material: Material, folder: Path) -> Path:
    """A table of regions and grades with hostile cells, rows and delimiters."""
    del material
    columns = ["sop", "patient", "reader", "system", "side", "grade", "level", "x", "y", "w", "h"]
    row = ["1.2.3", "P1", "R1", "LDH", "", "2", "L4/L5", "10", "10", "40", "40"]
    rows = [columns, *([*row] for _ in range(random.randint(1, 5)))]
    for _ in range(random.randint(1, 6)):
        line = random.choice(rows)
        line[random.randrange(len(line))] = random.choice(("", "-1", "LNRC", *data.HOSTILE_TEXTS))
    stream = io.StringIO()
    csv.writer(stream, delimiter=random.choice(",;\t")).writerows(rows)
    content = stream.getvalue().encode("utf-8", "replace")
    content = data.anyhow(content, random) if random.random() < 0.4 else content
    return _files({"t.csv": content}, folder) / "t.csv"


KINDS: Mapping[str, Kind] = {
    **{
        f"DICOM: {name}": Kind(GRADE, partial(_slice, change))
        for name, change in dicom.CHANGES.items()
    },
    "studies": Kind(GRADE, _study, 2.0),
    "NIfTI": Kind(GRADE, _volume),
    "PNG, TIFF, JPEG": Kind(GRADE, _image),
    "MetaImage and NIfTI masks": Kind(MASK, _mask),
    "zip: fields": Kind(GRADE, _zip),
    "zip: members": Kind(GRADE, _members),
    "bundle: JSON": Kind(BUNDLE, _manifest),
    "bundle: networks": Kind(BUNDLE, _network, 0.1),
    "tables": Kind(TABLE, _table),
}

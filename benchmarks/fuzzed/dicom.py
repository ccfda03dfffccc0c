"""One DICOM slice changed at random, in its elements: what a bit seldom hits."""

from __future__ import annotations

import struct
from collections.abc import Callable
from io import BytesIO
from itertools import pairwise
from random import Random

import pydicom
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.tag import Tag
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
)

from benchmarks.fuzzed.data import HOSTILE_TEXTS, LENGTHS, bits, truncated

_SYNTAXES = (
    ImplicitVRLittleEndian, ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian, JPEGLosslessSV1,
    JPEG2000Lossless, JPEGLSLossless, RLELossless, "1.2.3.4", "",
)  # fmt: skip
_VRS = (b"US", b"DS", b"LO", b"SQ", b"OW", b"FD", b"UN", b"PN", b"AT", b"ZZ", b"\x00\x00")
_TEXT_VRS = ("LO", "SH", "PN", "CS", "DS", "IS", "DA", "TM", "UI", "LT", "AS")
_ELEMENTS_BEGIN = 132


def elements(data: bytes) -> list[int]:
    """Return where elements of an explicit little-endian file begin, its items left out."""
    found: list[int] = []
    place = _ELEMENTS_BEGIN
    while place + 8 <= len(data) and len(found) < 500:
        vr = data[place + 4 : place + 6]
        is_long = vr in (b"OB", b"OW", b"SQ", b"UN", b"UT", b"OF", b"OD", b"UC", b"UR")
        size = struct.unpack_from("<I" if is_long else "<H", data, place + (8 if is_long else 6))[0]
        found.append(place)
        if not vr.isalpha() or size == 0xFFFFFFFF:
            break
        place += (12 if is_long else 8) + size
    return found


def length(data: bytes, random: Random) -> bytes:
    """Return the file with another length of some elements."""
    changed = bytearray(data)
    for start in random.sample(places := elements(data), min(len(places), random.randint(1, 3))):
        struct.pack_into("<H", changed, start + 6, random.choice(LENGTHS) & 0xFFFF)
        if random.random() < 0.3 and start + 12 <= len(changed):
            struct.pack_into("<I", changed, start + 8, random.choice(LENGTHS))
    return bytes(changed)


def representation(data: bytes, random: Random) -> bytes:
    """Return the file with another VR of some elements."""
    changed = bytearray(data)
    for start in random.sample(places := elements(data), min(len(places), random.randint(1, 4))):
        changed[start + 4 : start + 6] = random.choice(_VRS)
    return bytes(changed)


def order(data: bytes, random: Random) -> bytes:
    """Return the file with elements left out, repeated or in another place."""
    places = [*elements(data), len(data)]
    pieces = [data[a:b] for a, b in pairwise(places)]
    for _ in range(random.randint(1, 4)):
        taken = random.randrange(max(len(pieces), 1))
        piece = pieces[taken : taken + 1]
        target = random.randrange(len(pieces) + 1)
        pieces[target:target] = piece * random.choice((0, 1, 1, 50))
        if random.random() < 0.5:
            del pieces[taken : taken + 1]
    return data[:_ELEMENTS_BEGIN] + b"".join(pieces)


def syntax(data: bytes, random: Random) -> bytes:
    """Return the file under another transfer syntax, its bytes as they were."""
    named = pydicom.uid.ExplicitVRLittleEndian.encode()
    other = str(random.choice(_SYNTAXES)).encode()[: len(named) + 1]
    start = data.find(named)
    return data[:start] + other.ljust(len(named) + 1, b"\x00") + data[start + len(named) + 1 :]


def pixels(data: bytes, random: Random) -> bytes:
    """Return the file with other sizes of the picture, or pixels that are too few or damaged."""
    dataset = pydicom.dcmread(BytesIO(data))
    for keyword in random.sample(("Rows", "Columns", "BitsAllocated", "SamplesPerPixel"), 2):
        if random.random() < 0.6:
            setattr(dataset, keyword, random.choice((0, 1, 7, 8, 16, 17, 4096, 65535)))
    if random.random() < 0.5:
        dataset.PixelData = random.choice((bits, truncated))(dataset.PixelData, random)
    if random.random() < 0.3:
        dataset.NumberOfFrames = str(random.choice((-1, 0, 2, 5000, 2**31)))
    return _stored(dataset, data)


def texts(data: bytes, random: Random) -> bytes:
    """Return the file with hostile texts in its elements."""
    dataset = pydicom.dcmread(BytesIO(data))
    if random.random() < 0.5:
        dataset.SpecificCharacterSet = random.choice(("ISO_IR 192", "ISO 2022 IR 87", "nonsense"))
    there = [one.tag for one in dataset if one.VR in _TEXT_VRS]
    added = [Tag("PatientName"), Tag("PatientID"), Tag("SeriesDescription"), Tag("ProtocolName")]
    for tag in random.sample([*there, *added], random.randint(1, 8)):
        value = random.choice(HOSTILE_TEXTS).encode("utf-8", "replace")[:0xFFFE]
        vr = pydicom.datadict.dictionary_VR(tag)
        value += b" " * (len(value) % 2)
        dataset[tag] = RawDataElement(tag, vr, len(value), value, 0, False, True)
    return _stored(dataset, data)


def _stored(dataset: Dataset, data: bytes) -> bytes:
    """A change that pydicom does not write leaves the file as it was, less its end."""
    stream = BytesIO()
    try:
        dataset.save_as(stream, enforce_file_format=True)
    except Exception:  # it refuses in many ways
        return data[:-1]
    return stream.getvalue()


CHANGES: dict[str, Callable[[bytes, Random], bytes]] = {
    "bits turned": bits,
    "truncated": truncated,
    "lengths": length,
    "VRs": representation,
    "elements moved": order,
    "transfer syntax": syntax,
    "pixels": pixels,
    "hostile texts": texts,
}

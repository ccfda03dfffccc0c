"""Compiled networks kept between runs, each with a hash that is checked before it is used.

OpenVINO takes a compiled network from a file as it is: a few flipped bits change grades without
a word. So each file ends with a hash of the rest and of what it was compiled from and for; one
that does not fit is compiled anew. A network is compiled from the very bytes whose SHA-256 was
checked, and its compilation is found by that SHA-256, so nothing can come between.
"""

from __future__ import annotations

import binascii
import hashlib
import mmap
import os
import platform
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lumbargrade.errors import BundleError
from lumbargrade.files.write import whole
from lumbargrade.inference.cache import cache_folder, prune
from lumbargrade.inference.openvino_runtime import load_openvino

KEPT = 18
"""Compiled networks that stay in the cache: those of six bundles, which were used last."""

DIGEST_BYTES = 32
BLOCK_BYTES = 1 << 20

_OUTSIDE = b"\x0a\x08location\x12"
"""How ONNX writes that a tensor lies in another file (``external_data``, key ``location``)."""


@dataclass(frozen=True)
class OnnxFile:
    """A network of a bundle: where it lies, its SHA-256, and how its bytes are read and checked."""

    path: Path
    sha256: str
    read: Callable[[], bytes]


@dataclass(frozen=True)
class Compiled:
    """A network that can be asked; ``memory`` is what its weights lie in, and must stay."""

    ask: Any
    memory: object = None


def compiled(core: Any, file: OnnxFile, options: Mapping[str, str]) -> Compiled:
    """Return a network compiled by OpenVINO's ``core`` with its ``options``, from the cache where
    it is there.

    Raises BundleError if it is no network, its weights lie outside of the file or are not finite,
    or it cannot be compiled.
    """
    folder, purpose = cache_folder("openvino"), _purpose(core, file, options)
    if folder is None:
        return Compiled(_compile(core, file, options))
    path = folder / f"{hashlib.sha256(purpose).hexdigest()[:32]}.blob"
    kept = _kept(core, path, purpose, options)
    if kept is not None:
        return kept
    made = _compile(core, file, options)
    with suppress(OSError, RuntimeError):  # a full disk costs time in the next run, and no more
        _keep(made, path, purpose)
        prune(folder, KEPT)
    return Compiled(made)


def _purpose(core: Any, file: OnnxFile, options: Mapping[str, str]) -> bytes:
    """Return what a compilation is made from and for; a home may be shared between machines."""
    processor = core.get_property("CPU", "FULL_DEVICE_NAME")
    able = sorted(core.get_property("CPU", "OPTIMIZATION_CAPABILITIES"))
    parts = (load_openvino().__version__, processor, platform.machine(), *able)
    return repr((file.sha256, sorted(options.items()), parts)).encode()


def _kept(core: Any, path: Path, purpose: bytes, options: Mapping[str, str]) -> Compiled | None:
    """Return the network of a file of the cache, or None where it is absent or not whole."""
    try:
        with path.open("rb") as stream:
            # Private and mapped: as fast as OpenVINO's own cache, and its pages are shared.
            memory = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_COPY)
        os.utime(path)
    except (OSError, ValueError):  # the latter for an empty file
        return None
    given: NDArray[np.uint8] = np.frombuffer(memory, dtype=np.uint8)
    network, digest = given[:-DIGEST_BYTES], given[-DIGEST_BYTES:].tobytes()
    if digest != _digest(network, purpose):
        return None
    try:
        tensor = load_openvino().Tensor(network, shared_memory=True)
        return Compiled(core.import_model(tensor, "CPU", dict(options)), (memory, network, tensor))
    except RuntimeError:  # whole, but of an OpenVINO that names itself alike
        return None


def _keep(network: Any, path: Path, purpose: bytes) -> None:
    exported = network.export_model()
    data = exported if isinstance(exported, bytes) else exported.getbuffer()
    with whole(path) as draft, draft.open("wb") as stream:
        stream.write(data)
        stream.write(_digest(data, purpose))


def _digest(network: Any, purpose: bytes) -> bytes:
    """Return a BLAKE2b of the purpose and of the CRC-32 of every block of a network.

    A CRC-32 never misses up to 32 flipped bits in a row, and another accident once in 4e9 blocks;
    a BLAKE2b of all would cost a start 0.2 s, where 100 MB take 0.05 s so. Against a person who
    may write into the cache neither is a guard: they may exchange the program too.
    """
    found, view = hashlib.blake2b(purpose, digest_size=DIGEST_BYTES), memoryview(network)
    found.update(len(view).to_bytes(8, "little"))
    for start in range(0, len(view), BLOCK_BYTES):
        found.update(binascii.crc32(view[start : start + BLOCK_BYTES]).to_bytes(4, "little"))
    return found.digest()


def _compile(core: Any, file: OnnxFile, options: Mapping[str, str]) -> Any:
    data = file.read()
    if _OUTSIDE in data:
        # OpenVINO would look for them in the folder that it is started in.
        raise BundleError(
            f"{file.path} keeps weights in another file, which is not read: export the model "
            "again, with all weights in the network's own file"
        )
    try:
        model = core.read_model(data)
        _check_weights(model, file.path)
        return core.compile_model(model, "CPU", dict(options))
    except (RuntimeError, UnicodeDecodeError) as error:  # the latter of a name in OpenVINO's words
        reason = (str(error).strip().splitlines() or ["no reason given"])[-1]
        raise BundleError(
            f"{file.path} cannot be compiled by OpenVINO ({reason}): export the model again"
        ) from error


def _check_weights(model: Any, path: Path) -> None:
    # The network alone would not tell: a ReLU may turn NaN into 0.
    for one in model.get_ops():
        if one.get_type_name() != "Constant":
            continue
        weights = one.data
        if weights.dtype.kind == "f" and not np.all(np.isfinite(weights)):
            raise BundleError(
                f"{path}: its weights {one.get_friendly_name()!r} are not finite numbers: train or "
                "export the model again"
            )

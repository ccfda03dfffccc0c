"""Run the bundle's networks with OpenVINO on the CPU.

bf16 is used where the processor has it (AVX-512 BF16 or AMX), f32 elsewhere and on
request. Batches are padded to one size, so that kernels are made once; compiled
networks are kept in the user's cache folder, so that only the first run compiles.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lumbargrade.errors import BundleError
from lumbargrade.grading.finding import Plane
from lumbargrade.inference.answers.mirror import both_ways, mirror_averaged, mirror_names
from lumbargrade.inference.bundle import Bundle
from lumbargrade.inference.cache import cache_folder, filled_at_once
from lumbargrade.inference.measures.names import MEASURES
from lumbargrade.inference.openvino_runtime import load_openvino

FloatArray = NDArray[np.float32]

BATCH = 16
"""Slices that go through a network together: a usual study is one batch."""


class Precision(StrEnum):
    """Arithmetic of the networks."""

    AUTO = "auto"
    """bf16 where the processor has it, else f32."""
    F32 = "f32"
    BF16 = "bf16"


def resolve_precision(precision: str) -> Precision:
    """Return the arithmetic that is used on this processor for ``auto``, ``bf16`` or ``f32``."""
    wanted = Precision(precision)
    if wanted is not Precision.AUTO:
        return wanted
    capabilities = load_openvino().Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    return Precision.BF16 if "BF16" in capabilities else Precision.F32


class Engine:
    """The compiled networks of one bundle.

    ``threads`` of the processor are used; None: all of them.

    Raises
    ------
    BundleError
        If a network cannot be compiled or lacks an output or an input that the manifest names.
    """

    def __init__(
        self, bundle: Bundle, precision: str = Precision.AUTO, threads: int | None = None
    ) -> None:
        self.bundle = bundle
        self._threads = threads
        self.precision = resolve_precision(precision)
        ov = load_openvino()
        self._core = ov.Core()
        manifest = bundle.manifest
        graded: dict[str, int | None] = {o.name: o.grades for o in manifest.outputs}
        if manifest.disc_output is not None:
            graded[manifest.disc_output] = 2
        if manifest.measure_outputs:
            graded[MEASURES] = len(manifest.measure_outputs)
        # Compiled networks are told apart by the bundle's hash and not only by their
        # path, so that an exchanged file never meets an old compilation.
        key = f"{bundle.sha256} {bundle.folder.resolve()} {self.precision} {ov.__version__}"
        if threads is not None:
            key = f"{key} {threads}"
        name = hashlib.sha256(key.encode()).hexdigest()[:32]
        with filled_at_once(cache_folder("openvino"), name) as cache:
            self._grader = self._compile(bundle.grader_path, cache, graded)
            _check_channels(bundle.grader_path, self._grader, len(manifest.grader_input))
            self._locator = None
            if bundle.locator_path is not None:
                self._locator = self._compile(bundle.locator_path, cache, {"heatmap": None})
            self._outliner = None
            if bundle.outliner_path is not None:
                drawn: dict[str, int | None] = {"layers": None, "plane": len(Plane)}
                self._outliner = self._compile(bundle.outliner_path, cache, drawn)

    def grade(self, inputs: FloatArray) -> dict[str, FloatArray]:
        """Return every output of the grader for inputs (n, c, p, p), by name.

        The channels are those of the manifest's ``grader_input``; pictures alone may come as
        (n, p, p). Logits (n, grades) and, as ``measures`` (n, m), those of the manifest's
        ``measure_outputs`` in their units, averaged over a slice and its mirror image where the
        manifest says so; for outputs that have one, the class activation map of the slice as it
        is (n, grades, h, w) as ``NAME_map``.

        Raises ValueError if the number of channels is another one.
        """
        manifest, path = self.bundle.manifest, self.bundle.grader_path
        channels = inputs if inputs.ndim == 4 else inputs[:, np.newaxis]
        if channels.shape[1] != len(manifest.grader_input):
            raise ValueError(
                f"the grader of {manifest.name} reads {', '.join(manifest.grader_input)}, "
                f"not {channels.shape[1]} channels"
            )
        if not manifest.mirror_average:
            return _run(self._grader, channels, path)
        given = _run(self._grader, both_ways(channels), path)
        measures = [one.name for one in manifest.measure_outputs]
        return mirror_averaged(given, mirror_names(manifest.outputs), measures)

    def locate(self, overviews: FloatArray) -> FloatArray:
        """Return the locator's logits (n, h, w) for overviews (n, p, p).

        Raises BundleError if the bundle has no locator.
        """
        if self._locator is None or self.bundle.locator_path is None:
            raise BundleError(
                f"model {self.bundle.manifest.name} has no region locator: "
                "give the position of the canal with --box X,Y,W,H"
            )
        given = _run(self._locator, overviews[:, np.newaxis], self.bundle.locator_path)
        return given["heatmap"][:, 0]

    def draw(self, patches: FloatArray) -> tuple[FloatArray, FloatArray] | None:
        """Return logits of the layers (n, layers, p, p) and of the plane (n, 3) for squares
        (n, p, p); None if the bundle has no outline network.
        """
        if self._outliner is None or self.bundle.outliner_path is None:
            return None
        given = _run(self._outliner, patches[:, np.newaxis], self.bundle.outliner_path)
        return given["layers"], given["plane"]

    def _compile(self, path: Path, cache: Path | None, needed: Mapping[str, int | None]) -> Any:
        options = {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": str(self.precision)}
        if self._threads is not None:
            options["INFERENCE_NUM_THREADS"] = str(self._threads)
        if cache is not None:
            options["CACHE_DIR"] = str(cache)
        try:
            network = self._core.compile_model(str(path), "CPU", options)
        except RuntimeError as error:
            reason = (str(error).strip().splitlines() or ["no reason given"])[-1]
            raise BundleError(
                f"{path} cannot be compiled by OpenVINO ({reason}): export the model again"
            ) from error
        _check_outputs(path, network, needed)
        return network


def _check_outputs(path: Path, network: Any, needed: Mapping[str, int | None]) -> None:
    found = {name: port for port in network.outputs for name in port.get_names()}
    for name, width in needed.items():
        shape = found[name].get_partial_shape() if name in found else None
        if shape is None or (width is not None and shape[-1].is_static and shape[-1] != width):
            wanted = f"output {name!r}" + ("" if width is None else f" with {width} values")
            raise BundleError(
                f"{path} has no {wanted}, which the manifest needs: export the model again"
            )


def _check_channels(path: Path, network: Any, channels: int) -> None:
    given = network.inputs[0].get_partial_shape()[1]
    if given.is_static and given.get_length() != channels:
        raise BundleError(
            f"{path} reads {given.get_length()} channels, the manifest names {channels}: "
            "export the model again"
        )


def _run(network: Any, pictures: FloatArray, path: Path) -> dict[str, FloatArray]:
    """Return the outputs of pictures (n, channels, p, p) by name."""
    names = [port.get_any_name() for port in network.outputs]
    chunks: list[list[FloatArray]] = []
    for start in range(0, len(pictures), BATCH):
        chunk = pictures[start : start + BATCH]
        padded = np.zeros((BATCH, *pictures.shape[1:]), dtype=np.float32)
        padded[: len(chunk)] = chunk
        results = network(padded)
        chunks.append([np.array(results[index][: len(chunk)]) for index in range(len(names))])
    joined = {
        name: np.concatenate([chunk[index] for chunk in chunks]) for index, name in enumerate(names)
    }
    for name, values in joined.items():
        if not np.all(np.isfinite(values)):
            raise BundleError(
                f"{path}: output {name!r} is not a finite number: try --precision f32, "
                "or export the model again"
            )
    return joined

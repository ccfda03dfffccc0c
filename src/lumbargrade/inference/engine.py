"""Run the bundle's networks with OpenVINO on the CPU.

bf16 is used where the processor has it (AVX-512 BF16 or AMX), f32 elsewhere and on
request. Compiled networks are kept in the user's cache folder, so that only the first run
compiles; hashes and known answers guard them (``integrity``).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lumbargrade.errors import BundleError
from lumbargrade.grading.finding import Plane
from lumbargrade.inference.answers.mirror import both_ways, mirror_averaged, mirror_names
from lumbargrade.inference.bundle import Bundle
from lumbargrade.inference.integrity.network import Network
from lumbargrade.inference.measures.names import MEASURES
from lumbargrade.inference.openvino_runtime import load_openvino

FloatArray = NDArray[np.float32]


DISC_GRADES = "grades"
"""Output of the disc grader."""


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
        self._core = load_openvino().Core()
        manifest = bundle.manifest
        graded: dict[str, int | None] = {o.name: o.grades for o in manifest.outputs}
        if manifest.disc_output is not None:
            graded[manifest.disc_output] = 2
        if manifest.measure_outputs:
            graded[MEASURES] = len(manifest.measure_outputs)
        self._grader = self._network(bundle.grader_path, graded)
        _check_channels(self._grader, len(manifest.grader_input))
        self._locator = None
        if bundle.locator_path is not None:
            self._locator = self._network(bundle.locator_path, {"heatmap": None})
        self._outliner = None
        if bundle.outliner_path is not None:
            drawn: dict[str, int | None] = {"layers": None, "plane": len(Plane)}
            self._outliner = self._network(bundle.outliner_path, drawn)
        self._finder = None
        if bundle.disc_finder_path is not None:
            self._finder = self._network(
                bundle.disc_finder_path, {"middles": None, "corners": None}
            )
        self._disc_grader = None
        if bundle.disc_grader_path is not None and manifest.disc_grader is not None:
            given = {DISC_GRADES: manifest.disc_grader.logits}
            self._disc_grader = self._network(bundle.disc_grader_path, given)

    @property
    def by(self) -> str:
        """The model (SHA-256) and its arithmetic, by which a batch is told from another one."""
        return f"{self.bundle.sha256} {self.precision}"

    def grade(self, inputs: FloatArray) -> dict[str, FloatArray]:
        """Return every output of the grader for inputs (n, c, p, p), by name.

        The channels are those of the manifest's ``grader_input``; pictures alone may come as
        (n, p, p). Logits (n, grades) and, as ``measures`` (n, m), those of the manifest's
        ``measure_outputs`` in their units, averaged over a slice and its mirror image where the
        manifest says so; for outputs that have one, the class activation map of the slice as it
        is (n, grades, h, w) as ``NAME_map``.

        Raises ValueError if the number of channels is another one.
        """
        manifest = self.bundle.manifest
        channels = inputs if inputs.ndim == 4 else inputs[:, np.newaxis]
        if channels.shape[1] != len(manifest.grader_input):
            raise ValueError(
                f"the grader of {manifest.name} reads {', '.join(manifest.grader_input)}, "
                f"not {channels.shape[1]} channels"
            )
        if not manifest.mirror_average:
            return self._grader.run(channels)
        given = self._grader.run(both_ways(channels))
        measures = [one.name for one in manifest.measure_outputs]
        return mirror_averaged(given, mirror_names(manifest.outputs), measures)

    def locate(self, overviews: FloatArray) -> FloatArray:
        """Return the locator's logits (n, h, w) for overviews (n, p, p).

        Raises BundleError if the bundle has no locator.
        """
        if self._locator is None:
            raise BundleError(
                f"model {self.bundle.manifest.name} has no region locator: "
                "give the position of the canal with --box X,Y,W,H"
            )
        return self._locator.run(overviews[:, np.newaxis])["heatmap"][:, 0]

    def draw(self, patches: FloatArray) -> tuple[FloatArray, FloatArray] | None:
        """Return logits of the layers (n, layers, p, p) and of the plane (n, 3) for squares
        (n, p, p); None if the bundle has no outline network.
        """
        if self._outliner is None:
            return None
        given = self._outliner.run(patches[:, np.newaxis])
        return given["layers"], given["plane"]

    def find_discs(self, squares: FloatArray) -> tuple[FloatArray, FloatArray] | None:
        """Return logits of disc middles (n, 2, c, c) and their corners (n, 8, c, c) in cm, as
        ``sagittal.decode`` reads them, for sagittal squares (n, p, p); None if the bundle finds no
        discs.
        """
        if self._finder is None:
            return None
        given = self._finder.run(squares[:, np.newaxis])
        return given["middles"], given["corners"]

    def grade_discs(self, squares: FloatArray) -> FloatArray | None:
        """Return logits (n, g) for squares (n, p, p) as ``discs.square`` cuts them, those of one
        system after those of another (``DiscGraderEntry.apart``); None if the bundle grades no
        discs.
        """
        if self._disc_grader is None:
            return None
        return self._disc_grader.run(squares[:, np.newaxis])[DISC_GRADES]

    def check(self) -> None:
        """Ask every network for its known answer now, and not with the first study.

        Raises BundleError if one answers otherwise than where it was exported.
        """
        graders = (self._grader, self._disc_grader)
        for network in filter(None, (*graders, self._locator, self._outliner, self._finder)):
            network.check()

    def _network(self, path: Path, needed: Mapping[str, int | None]) -> Network:
        options = {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": str(self.precision)}
        if self._threads is not None:
            options["INFERENCE_NUM_THREADS"] = str(self._threads)
            # Each process would bind its threads to the first cores, and several to the same ones.
            options["ENABLE_CPU_PINNING"] = "NO"
        known = self.bundle.known.get(path.name)
        network = Network(self._core, self.bundle.network(path), options, known)
        _check_outputs(network, needed)
        return network


def _check_outputs(network: Network, needed: Mapping[str, int | None]) -> None:
    found = {name: port for port in network.ports[1] for name in port.get_names()}
    for name, width in needed.items():
        shape = found[name].get_partial_shape() if name in found else None
        if shape is None or (width is not None and shape[-1].is_static and shape[-1] != width):
            wanted = f"output {name!r}" + ("" if width is None else f" with {width} values")
            raise BundleError(
                f"{network.path} has no {wanted}, which the manifest needs: export the model again"
            )


def _check_channels(network: Network, channels: int) -> None:
    given = network.ports[0][0].get_partial_shape()[1]
    if given.is_static and given.get_length() != channels:
        raise BundleError(
            f"{network.path} reads {given.get_length()} channels, the manifest names {channels}: "
            "export the model again"
        )

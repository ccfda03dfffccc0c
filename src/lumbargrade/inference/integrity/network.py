"""One network of a bundle, run in batches, and checked by its known answer as it runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lumbargrade.errors import BundleError, OtherNumbersError
from lumbargrade.inference.integrity.compiled import OnnxFile, compiled
from lumbargrade.inference.integrity.known_answer import TOLERANCES, Known, condensed, farthest

FloatArray = NDArray[np.float32]

BATCH = 16
"""Slices that go through a network together: a usual study is one batch."""

SIZES = (2, 4, 8, 12, BATCH)
"""Batches are padded to one of these: kernels are made for few sizes, and little is computed for
nothing. In float32 the answer to a slice is the same in each, to the last bit."""


class Network:
    """A network that is compiled, from the cache or anew.

    ``core`` and ``options`` are OpenVINO's, with the arithmetic as ``INFERENCE_PRECISION_HINT``;
    ``known`` is what it must answer, or None while a bundle is made. Raises BundleError as
    :func:`lumbargrade.inference.integrity.compiled.compiled`.
    """

    def __init__(
        self, core: Any, file: OnnxFile, options: Mapping[str, str], known: Known | None
    ) -> None:
        self.path = file.path
        self._known, self._checked = known, known is None
        self._precision = options["INFERENCE_PRECISION_HINT"]
        self._compiled = compiled(core, file, options)

    @property
    def ports(self) -> tuple[list[Any], list[Any]]:
        """OpenVINO's inputs and outputs."""
        return self._compiled.ask.inputs, self._compiled.ask.outputs

    def run(self, pictures: FloatArray) -> dict[str, FloatArray]:
        """Return the outputs of pictures (n, channels, p, p) by name.

        Batches are padded to one of ``SIZES``. The known picture is asked behind the last of them,
        but of whole batches with the first run only, where it needs one more batch. Raises
        BundleError if an output is not finite, OtherNumbersError if the known answer is another.
        """
        count = len(pictures)
        known = self._known if count % BATCH or not self._checked else None
        asked = count if known is None else count + 1
        names = [port.get_any_name() for port in self._compiled.ask.outputs]
        chunks: list[list[FloatArray]] = []
        for start in range(0, asked, BATCH):
            chunk, taken = pictures[start : start + BATCH], min(BATCH, asked - start)
            size = next(one for one in SIZES if one >= taken)
            padded = np.zeros((size, *pictures.shape[1:]), dtype=np.float32)
            padded[: len(chunk)] = chunk
            if known is not None and start + BATCH > count:
                padded[len(chunk)] = known.picture
            results = self._compiled.ask(padded)
            chunks.append([np.array(results[index][:taken]) for index in range(len(names))])
        joined = {
            name: np.concatenate([chunk[index] for chunk in chunks])
            for index, name in enumerate(names)
        }
        if known is not None:
            self._check(known, {name: values[count] for name, values in joined.items()})
        outputs = {name: values[:count] for name, values in joined.items()}
        self._refuse_not_finite(outputs)
        return outputs

    def check(self) -> None:
        """Ask the known picture alone. Raises BundleError as :meth:`run`."""
        if self._known is not None:
            self.run(self._known.picture[np.newaxis])

    def answer(self, picture: FloatArray) -> Known:
        """Return what the network answers to a picture (channels, p, p), to be known from now."""
        given = self.run(picture[np.newaxis])
        return Known(picture, {name: condensed(values[0]) for name, values in given.items()})

    def _refuse_not_finite(self, outputs: Mapping[str, FloatArray]) -> None:
        for name, values in outputs.items():
            if not np.all(np.isfinite(values)):
                raise BundleError(
                    f"{self.path}: output {name!r} is not a finite number: try --precision f32, "
                    "or export the model again"
                )

    def _check(self, known: Known, given: Mapping[str, FloatArray]) -> None:
        name, apart = farthest(known, given)
        if not apart <= TOLERANCES[self._precision]:
            raise OtherNumbersError(
                f"{self.path}: this machine computes other numbers than the one that exported it "
                f"(output {name!r} of the known picture differs by {apart:.2g}, "
                f"{TOLERANCES[self._precision]:g} is allowed), so nothing is graded: try "
                "--precision f32, or another version of OpenVINO"
            )
        self._checked = True

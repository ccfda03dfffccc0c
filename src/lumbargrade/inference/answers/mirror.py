"""Answers averaged over a slice and its mirror image: a mirrored slice gets the mirrored grades.

Logits are averaged, which is the geometric mean of the probabilities: temperatures, weights
and sets then apply to one set of logits, as they do without the mirror.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from lumbargrade.inference.bundle_json import OutputSpec
from lumbargrade.inference.measures.names import MEASURES, mirror_columns

FloatArray = NDArray[np.float32]

MAP = "_map"
"""Ends the name of a class activation map."""


def both_ways(pictures: FloatArray) -> FloatArray:
    """Return pictures (n, ..., p, p) and then their mirror images, (2 n, ..., p, p)."""
    return np.concatenate([pictures, pictures[..., ::-1]])


def mirror_names(outputs: Sequence[OutputSpec]) -> dict[str, str]:
    """Return for each output the one that it becomes in a mirror.

    Examples
    --------
    >>> from lumbargrade.grading.finding import Side
    >>> left, right = (OutputSpec(f"LNRC_{side}", "LNRC", side, 4) for side in Side)
    >>> mirror_names([left, right])["LNRC_left"]
    'LNRC_right'
    """
    return {
        one.name: next(
            other.name
            for other in outputs
            if other.system == one.system and (other.name == one.name) == (one.side is None)
        )
        for one in outputs
    }


def mirror_averaged(
    given: Mapping[str, FloatArray], names: Mapping[str, str], measures: Sequence[str] = ()
) -> dict[str, FloatArray]:
    """Return the means (n, grades) of logits (2 n, grades) of :func:`both_ways`.

    ``names`` come from :func:`mirror_names`; an output without a name there has no sides.
    ``measures`` are those of the output ``MEASURES``, whose sides are exchanged as well. Class
    activation maps are those of the slice as it is.
    """
    columns, signs = mirror_columns(measures)
    found: dict[str, FloatArray] = {}
    for name, values in given.items():
        count = len(values) // 2
        if name.endswith(MAP):
            found[name] = values[:count]
        else:
            mirrored = given[names.get(name, name)][count:]
            if name == MEASURES:
                mirrored = mirrored[:, columns] * np.asarray(signs, dtype=np.float32)
            found[name] = np.asarray((values[:count] + mirrored) / 2, dtype=np.float32)
    return found

"""An engine that remembers the answers to one study: a slice that a change left alone, to the bit,
is not asked of the networks again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from lumbargrade.inference.engine import Engine

Floats = NDArray[np.float32]
Answer = dict[str, Floats]


class RememberingEngine(Engine):
    """As its base; :meth:`learn` says whose answers are kept."""

    learning = False

    def learn(self, learning: bool) -> None:
        """Keep the answers from now on (and forget those of before), or no longer."""
        if learning:
            self._kept: dict[str, dict[bytes, Answer]] = {"grade": {}, "locate": {}, "draw": {}}
        self.learning = learning

    def grade(self, inputs: Floats) -> Answer:
        """As the base."""
        return self._answers("grade", inputs, super().grade)

    def locate(self, overviews: Floats) -> Floats:
        """As the base."""
        ask = super().locate
        return self._answers("locate", overviews, lambda given: {"": ask(given)})[""]

    def draw(self, patches: Floats) -> tuple[Floats, Floats] | None:
        """As the base."""
        if self._outliner is None:
            return None
        ask = super().draw

        def named(given: Floats) -> Answer:
            drawn = ask(given)
            assert drawn is not None
            return {"layers": drawn[0], "plane": drawn[1]}

        found = self._answers("draw", patches, named)
        return found["layers"], found["plane"]

    def _answers(self, name: str, inputs: Floats, ask: Callable[[Floats], Answer]) -> Answer:
        kept = self._kept[name]
        keys = [hashlib.sha256(one.tobytes()).digest() for one in inputs]
        unknown = [n for n, key in enumerate(keys) if key not in kept]
        new: dict[bytes, Answer] = {}
        if unknown:
            asked = ask(np.ascontiguousarray(inputs[unknown]))
            for place, n in enumerate(unknown):
                new[keys[n]] = {output: values[place] for output, values in asked.items()}
        if self.learning:
            kept.update(new)
        each = [kept.get(key) or new[key] for key in keys]
        return {output: np.stack([one[output] for one in each]) for output in each[0]}

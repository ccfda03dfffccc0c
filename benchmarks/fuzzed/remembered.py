"""Networks that remember what they answered: most changes leave the pictures as they were.

Ten thousand cases would else take hours of arithmetic that is the same each time.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from weakref import WeakKeyDictionary

from lumbargrade.inference.integrity import network
from lumbargrade.inference.integrity.network import FloatArray, Network

BATCH = 4
"""Less padding: a study of the benchmark has two slices."""
REMEMBERED = 48

Answers = OrderedDict[bytes, dict[str, FloatArray]]


def remember_answers() -> None:
    """Let every network of this process answer the same pictures from memory."""
    compute = Network.run
    known: WeakKeyDictionary[Network, Answers] = WeakKeyDictionary()

    def run(self: Network, pictures: FloatArray) -> dict[str, FloatArray]:
        answers = known.setdefault(self, OrderedDict())
        key = hashlib.sha256(repr(pictures.shape).encode() + pictures.tobytes()).digest()
        if key not in answers:
            answers[key] = compute(self, pictures)
            if len(answers) > REMEMBERED:
                answers.popitem(last=False)
        answers.move_to_end(key)
        return {name: values.copy() for name, values in answers[key].items()}

    network.BATCH = BATCH
    Network.run = run  # type: ignore[method-assign]

"""What a bundle says of its disc grader is checked."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from lumbargrade.errors import GradingSystemError
from lumbargrade.grading.system import SAGITTAL_SYSTEMS
from lumbargrade.inference.discs.entry import DiscGraderSystem, disc_grader_entry
from lumbargrade.inference.discs.square import DISC_SQUARE

SYSTEM = SAGITTAL_SYSTEMS["PFIRRMANN"]


def entry(**changes: Any) -> dict[str, Any]:
    given = {
        "system": SYSTEM.to_dict(),
        "contrasts": ["t2"],
        "depths": DISC_SQUARE.depths,
        "pixels": DISC_SQUARE.pixels,
        "backward": DISC_SQUARE.backward,
        "temperature": 1.0,
        "decision_weights": [1.0] * 5,
    }
    return {**given, **changes}


def several(*codes: str) -> dict[str, Any]:
    """As ``entry``, of these systems."""
    given = entry()
    graded = []
    for code in codes:
        system = SAGITTAL_SYSTEMS[code]
        own = {"temperature": 1.0, "decision_weights": [1.0] * len(system.grades)}
        graded.append({"system": system.to_dict(), **own})
    shared = ("contrasts", "depths", "pixels", "backward")
    return {**{name: given[name] for name in shared}, "graded": graded}


def test_an_entry_is_read() -> None:
    found = disc_grader_entry(entry(temperature=1.5, decision_weights=[1, 1, 1, 1, 2]))
    assert found is not None
    assert found.contrasts == ("t2",)
    assert found.graded == (DiscGraderSystem(SYSTEM, 1.5, (1, 1, 1, 1, 2)),)


def test_an_entry_of_several_systems_is_read() -> None:
    found = disc_grader_entry(several("PFIRRMANN", "SLIP"))
    assert found is not None
    assert [one.system.code for one in found.graded] == ["PFIRRMANN", "SLIP"]
    assert found.logits == 7
    ladder, slip = found.apart(np.arange(14, dtype=np.float32).reshape(2, 7))
    assert ladder.tolist() == [[0, 1, 2, 3, 4], [7, 8, 9, 10, 11]]
    assert slip.tolist() == [[5, 6], [12, 13]]


@pytest.mark.parametrize(("codes", "said"), [((), "nothing"), (("SLIP", "SLIP"), "SLIP, SLIP")])
def test_each_system_is_graded_once(codes: tuple[str, ...], said: str) -> None:
    with pytest.raises(ValueError, match=f"disc_grader grades {said}: each system once"):
        disc_grader_entry(several(*codes))


def test_without_an_entry_there_is_none() -> None:
    assert disc_grader_entry(None) is None


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"pixels": 32}, "disc_grader reads another square than this version cuts"),
        ({"pixels": 0}, r"disc_grader\.pixels is 0, not a number"),
        ({"depths": "1"}, r"disc_grader\.depths is '1', not a number"),
        ({"contrasts": "t2"}, r"disc_grader\.contrasts is 't2', not a list of texts"),
        ({"contrasts": [2]}, r"disc_grader\.contrasts is \[2\], not a list of texts"),
        ({"decision_weights": [1.0]}, "decision_weights of PFIRRMANN are not 5 numbers"),
        ({"temperature": 0}, "temperatures is 0, not a number"),
    ],
)
def test_a_wrong_field_is_refused(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        disc_grader_entry(entry(**changes))


def test_a_missing_field_and_a_wrong_system_are_refused() -> None:
    short = entry()
    del short["temperature"]
    with pytest.raises(KeyError, match="temperature"):
        disc_grader_entry(short)
    with pytest.raises(GradingSystemError, match="lacks"):
        disc_grader_entry(entry(system={"code": "X"}))

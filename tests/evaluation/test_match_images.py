"""Which evaluated image a reader's row means."""

from __future__ import annotations

from typing import Any

import pytest
from tests.evaluation.graded import reference_slice

from lumbargrade.archive.keyed_names import NO_KEY, KeyedNames
from lumbargrade.archive.pseudonym import Pseudonyms
from lumbargrade.errors import EvaluationError
from lumbargrade.evaluation.match_images import EvaluatedImages
from lumbargrade.readings.faults import Faults
from lumbargrade.readings.read import Reading
from lumbargrade.readings.slice_key import SliceKey

SLICES = [reference_slice("1.2.0", 0, 1), reference_slice("1.2.1", 1, 1)]


def reading(**key: Any) -> Reading:
    return Reading("r row 2", "Ann", SliceKey(**key), None, "LDH", None, 1)


def test_by_uid_and_by_its_pseudonym() -> None:
    faults, key = Faults(), Pseudonyms(bytes(32))
    assert EvaluatedImages(SLICES, NO_KEY).find(reading(image="1.2.1"), faults) == "1.2.1"
    keyed = EvaluatedImages(SLICES, KeyedNames(key))
    coded = reading(patient=key.of("patient", "P1"), sop=key.of_slice("1.2.1"))
    assert keyed.find(coded, faults) == "1.2.1"
    assert EvaluatedImages(SLICES, NO_KEY).find(coded, faults) is None
    assert not len(faults)


def test_another_patient_is_a_fault() -> None:
    faults = Faults()
    assert EvaluatedImages(SLICES, NO_KEY).find(reading(patient="P7", sop="1.2.0"), faults) is None
    with pytest.raises(EvaluationError, match="belongs to patient P7 here and to P0 in the cohort"):
        faults.check(EvaluationError)

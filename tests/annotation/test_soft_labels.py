"""How readings become probabilities of grades."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from tests.annotation.made_up_readings import ADJUDICATOR, READERS, reading, readings_of

from lumbargrade.annotation.reading import GivenGrade
from lumbargrade.annotation.soft_labels import SoftWay, soft_labels
from lumbargrade.errors import ReadingError
from lumbargrade.grading.finding import Side
from lumbargrade.statistics.agreement.dawid_skene import dawid_skene

THREE = (*READERS, ADJUDICATOR)


@given(readings_of())
def test_shares_are_those_of_the_readers(given_: list[GivenGrade]) -> None:
    found = soft_labels(given_, THREE, SoftWay.SHARE)
    graded = [one for one in given_ if one.grade is not None]
    assert set(found) == {one.item for one in graded}
    for item, shares in found.items():
        grades = [one.grade for one in graded if one.item == item]
        assert shares == pytest.approx([grades.count(grade) / len(grades) for grade in range(4)])


@given(readings_of())
def test_both_ways_label_the_same_and_sum_to_one(given_: list[GivenGrade]) -> None:
    shares = soft_labels(given_, THREE, SoftWay.SHARE)
    found = soft_labels(given_, THREE, SoftWay.DAWID_SKENE)
    assert list(found) == list(shares)
    assert all(sum(one) == pytest.approx(1) for one in found.values())


def test_readers_are_weighed_by_how_they_err() -> None:
    """Lee guesses: where Ann and Bob differ from Lee, the label is nearer to theirs."""
    random = np.random.default_rng(0)
    truth = random.integers(0, 4, 300)
    given_: list[GivenGrade] = []
    for image, grade in enumerate(truth.tolist()):
        for reader in THREE:
            errs = random.random() < (0.8 if reader == ADJUDICATOR else 0.1)
            said = int(random.integers(0, 4)) if errs else grade
            given_.append(reading(len(given_) + 1, reader, said, image=f"1.2.{image}"))
    shares = soft_labels(given_, THREE, SoftWay.SHARE)
    weighed = soft_labels(given_, THREE, SoftWay.DAWID_SKENE)
    right = {item: int(truth[int(item.image.split(".")[-1])]) for item in shares}
    by_share, by_model = (
        np.mean([label[right[item]] for item, label in some.items()]) for some in (shares, weighed)
    )
    assert by_model > by_share + 0.1


def test_sides_share_their_readers_tables() -> None:
    given_ = [
        reading(number, reader, grade, system="LNRC", side=side, image=f"1.2.{number % 7}")
        for number, (reader, side, grade) in enumerate(
            (
                (reader, side, (number + shift) % 4 if number % 3 else number % 4)
                for side in Side
                for shift, reader in enumerate(THREE)
                for number in range(7)
            ),
            start=1,
        )
    ]
    found = soft_labels(given_, THREE, SoftWay.DAWID_SKENE)
    items = list(found)
    counts = np.zeros((len(items), 3, 4))
    for one in given_:
        counts[items.index(one.item), THREE.index(one.reader), one.grade or 0] = 1
    assert np.array(list(found.values())) == pytest.approx(dawid_skene(counts).probabilities)


@pytest.mark.parametrize(
    ("readers", "one", "message"),
    [
        (READERS, {}, "soft labels by dawid-skene need 3 readers, not 2: use share"),
        (THREE, {"system": "LXX"}, "system LXX is unknown: use LDH, LCCS, LNRC"),
        (THREE, {"grade": 4}, r"reading 1 \(Ann, 1.2.3 LDH\): grade 4 is none of LDH"),
    ],
)
def test_what_cannot_be_labelled_is_refused(
    readers: tuple[str, ...], one: dict[str, object], message: str
) -> None:
    with pytest.raises(ReadingError, match=message):
        soft_labels([reading(**one)], readers, SoftWay.DAWID_SKENE)  # type: ignore[arg-type]

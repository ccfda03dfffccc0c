"""Soft labels come from the readings beside a cohort, and reach the loss."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from lumbargrade.cohort.read import CohortSlice, read_cohort
from lumbargrade.errors import ReadingError, RecipeError
from lumbargrade.grading.system import GRADING_SYSTEMS
from lumbargrade.training import task
from lumbargrade.training.heads import grading_loss, output_specs
from lumbargrade.training.material.soft import READINGS_FILE, soft_targets
from lumbargrade.training.recipe import LabelSettings
from lumbargrade.training.train import TrainOptions, train

SYSTEMS = [GRADING_SYSTEMS[code] for code in ("LDH", "LNRC")]
SPECS = output_specs(SYSTEMS, sides=True, disc_head=True)
SHARE = LabelSettings("share")


@pytest.fixture
def cohort(tiny_cohort: Path, tmp_path: Path) -> Path:
    shutil.copytree(tiny_cohort, tmp_path / "cohort")
    return tmp_path / "cohort"


def write_readings(cohort: Path, slices: Sequence[CohortSlice], readers: str = "ABC") -> None:
    """Reader A gives LDH 0, B 1, C 2, and so on; LNRC 0 left and 3 right."""
    rows = [
        f"{reader},{one.patient_id},{one.sop_instance_uid},{grade},0,3"
        for one in slices
        for grade, reader in enumerate(readers)
    ]
    text = "\n".join(["reader,patient,sop,LDH,LNRC_left,LNRC_right", *rows])
    (cohort / READINGS_FILE).write_text(text + "\n", "utf-8")


def test_shares_of_readers_stand_in_their_columns(cohort: Path) -> None:
    slices = read_cohort(cohort).slices[:3]
    write_readings(cohort, slices[:2], "AB")
    found = soft_targets(slices, 2, SPECS, SHARE)
    assert found is not None
    assert found.shape == (5, 4, 4)
    assert found[0].tolist()[:3] == [[0.5, 0.5, 0, 0], [1, 0, 0, 0], [0, 0, 0, 1]]
    assert np.isnan(found[:, 3]).all()  # the disc, which nobody graded
    assert np.isnan(found[2:]).all()  # not read, and the slices that follow


def test_an_output_of_the_image_is_the_worse_side(cohort: Path) -> None:
    slices = read_cohort(cohort).slices[:1]
    write_readings(cohort, slices)
    image = output_specs(SYSTEMS, sides=False, disc_head=False)
    found = soft_targets(slices, 0, image, SHARE)
    assert found is not None
    assert found[0, 1].tolist() == [0, 0, 0, 1]


def test_readers_may_be_weighed(cohort: Path) -> None:
    slices = read_cohort(cohort).slices[:4]
    write_readings(cohort, slices)
    found = soft_targets(slices, 0, SPECS, LabelSettings("dawid-skene"))
    assert found is not None
    assert found[:, :3].sum(2) == pytest.approx(1)
    write_readings(cohort, slices, "AB")
    with pytest.raises(ReadingError, match="need 3 readers, not 2"):
        soft_targets(slices, 0, SPECS, LabelSettings("dawid-skene"))


def test_without_readings_there_are_none_or_it_is_said(cohort: Path) -> None:
    slices = read_cohort(cohort).slices
    assert soft_targets(slices, 0, SPECS, LabelSettings()) is None
    with pytest.raises(RecipeError, match=r"soft = share: no training slice is in a readings\.csv"):
        soft_targets(slices, 0, SPECS, SHARE)
    write_readings(cohort, [replace(slices[0], sop_instance_uid="1.2.3")])
    with pytest.raises(RecipeError, match="no training slice is in a readings"):
        soft_targets(slices, 0, SPECS, SHARE)
    (cohort / READINGS_FILE).write_text("reader,patient,sop,LDH\nA,P1,1.2,9\n", "utf-8")
    with pytest.raises(RecipeError, match=r"readings\.csv row 2: LDH grade '9' is unknown"):
        soft_targets(slices, 0, SPECS, SHARE)


def test_a_recipe_lets_them_into_the_loss(
    cohort: Path, tiny_recipe: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every training batch brings them; a slice that all gave LDH 0, 1 and 2 has a third each."""
    write_readings(cohort, read_cohort(cohort).slices)
    recipe = tmp_path / "soft.toml"
    text = tiny_recipe.read_text("utf-8").replace("epochs = 3", "epochs = 1")
    recipe.write_text(f'{text}enabled = false\n[labels]\nsoft = "share"\n', "utf-8")
    seen: list[object] = []

    def noted(*given: object) -> object:
        if len(given) == 5 and given[4] is not None:
            seen.append(given[4])
        return grading_loss(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(task, "grading_loss", noted)
    train(cohort, tmp_path / "run", TrainOptions(recipe=str(recipe), workers=1))
    assert len(seen) > 1
    for soft in seen:
        assert np.asarray(soft)[:, 0, :3] == pytest.approx(1 / 3)

"""Grades follow from geometry: each criterion is driven through its grades."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import Any

import numpy as np
import pytest
from tests.phantom.anatomies import L4_L5, ROOT_AREA_SCALE, anatomy_with, disc_slice

from lumbargrade.phantom.anatomy.cauda import roots_below, stenosis_landmarks
from lumbargrade.phantom.grades import grade_slice


def grades_of(**changes: Any) -> dict[str, int | None]:
    anatomy = anatomy_with(**changes)
    return dict(grade_slice(anatomy, disc_slice(anatomy)).grades)


@pytest.mark.parametrize(("ratio", "grade"), [(0.05, 0), (0.3, 1), (0.48, 1), (0.7, 2), (1.2, 3)])
def test_herniation_size_decides_ldh(ratio: float, grade: int) -> None:
    assert grades_of(herniation_ratio=ratio)["LDH"] == grade


def test_a_diffuse_bulge_is_no_herniation() -> None:
    assert grades_of(bulge_mm=2.2)["LDH"] == 0


def test_stenosis_grows_as_the_sac_shrinks() -> None:
    marks = stenosis_landmarks(roots_below(L4_L5, ROOT_AREA_SCALE), 0.92)
    areas = (
        1.5 * marks.no_front_csf,
        (marks.no_front_csf + marks.some_clumped) / 2,
        (marks.some_clumped + marks.one_bundle) / 2,
        0.8 * marks.one_bundle,
    )
    found = [grades_of(sac_area_mm2=areas[0])["LCCS"]]
    found += [grades_of(sac_area_mm2=area, herniation_ratio=0.5)["LCCS"] for area in areas[1:]]
    assert found == [0, 1, 2, 3]


def test_roots_are_plainly_apart_or_plainly_together() -> None:
    """Few narrow sacs have a largest cluster near the third that parts grade 1 from grade 2."""
    marks = stenosis_landmarks(roots_below(L4_L5, ROOT_AREA_SCALE), 0.92)
    shares = []
    for area in np.linspace(marks.one_bundle, marks.no_front_csf, 12):
        anatomy = anatomy_with(sac_area_mm2=float(area), herniation_ratio=0.5)
        measures = grade_slice(anatomy, disc_slice(anatomy)).measures
        if measures["ventral_csf_mm"] < 1.0:
            shares.append(measures["largest_root_cluster"])
    assert len(shares) >= 10
    assert sum(0.27 < share < 0.40 for share in shares) <= 1


def test_roots_that_touch_in_a_roomy_sac_are_no_stenosis() -> None:
    """People's roots lie in groups behind the CSF; that says nothing for a grade."""
    shares = []
    for seed in range(8):
        anatomy = anatomy_with(seed, sac_area_mm2=190.0)
        truth = grade_slice(anatomy, disc_slice(anatomy))
        assert truth.grades["LCCS"] == 0
        shares.append(truth.measures["largest_root_cluster"])
    assert max(shares) > 0.4
    assert min(shares) < 0.2


def test_a_sac_may_be_severely_narrow_without_a_herniation() -> None:
    found = grades_of(sac_area_mm2=30.0, bulge_mm=2.0)
    assert (found["LDH"], found["LCCS"]) == (0, 3)


def test_a_herniation_on_the_left_compresses_the_left_root() -> None:
    found = grades_of(herniation_ratio=0.6, herniation_u_mm=9.0)
    assert found["LNRC_left"] in (2, 3)
    assert found["LNRC_right"] == 0


def test_mirroring_the_disease_mirrors_the_grades() -> None:
    left = grades_of(herniation_ratio=0.4, herniation_u_mm=8.0)
    right = grades_of(herniation_ratio=0.4, herniation_u_mm=-8.0)
    assert (left["LNRC_left"], left["LNRC_right"]) == (right["LNRC_right"], right["LNRC_left"])
    assert left["LNRC_left"] != left["LNRC_right"]


def test_root_grades_in_their_order() -> None:
    grades = [
        grades_of(bulge_mm=0.0, root_fat_mm=(fat, 2.0), recess_space_mm=(room, 3.5))["LNRC_left"]
        for fat, room in ((1.5, 3.5), (0.0, 3.5), (-1.6, 5.0), (-1.6, 0.4))
    ]
    assert grades == [0, 1, 2, 3]


def test_a_root_squeezed_by_bone_alone_stays_zero_and_is_flagged() -> None:
    anatomy = anatomy_with(root_fat_mm=(1.0, 2.0), recess_space_mm=(-1.6, 3.5))
    truth = grade_slice(anatomy, disc_slice(anatomy))
    assert truth.measures["root_squeezed_without_disc_left"] in (0.0, 1.0)
    assert truth.grades["LNRC_left"] == 0


def test_no_disc_in_the_plane_means_missing_never_zero() -> None:
    anatomy = anatomy_with(herniation_ratio=1.2)
    truth = grade_slice(anatomy, disc_slice(anatomy, offset_mm=15.0))
    assert not truth.disc_in_plane
    assert truth.grades["LDH"] is None
    assert truth.grades["LNRC_left"] is None
    assert truth.grades["LCCS"] is not None


def test_deviation_band_is_at_least_a_millimetre_wide() -> None:
    """The disc positions that mean grade 2 must not be thinner than a pixel or two."""
    fats = np.arange(1.0, -3.5, -0.1).tolist()

    def grade(fat: float) -> int:
        found = grades_of(root_fat_mm=(fat, 2.0))["LNRC_left"]
        assert found is not None
        return found

    # The less fat, the higher the grade: so its ends can be searched for.
    first, beyond = (side(fats, 2, key=grade) for side in (bisect_left, bisect_right))
    assert grade(fats[(first + beyond) // 2]) == 2
    assert 0.1 * (beyond - first) >= 1.0


def test_canal_centre_lies_in_the_sac() -> None:
    anatomy = anatomy_with()
    geometry = disc_slice(anatomy)
    column, row = grade_slice(anatomy, geometry).canal_center_px
    u, v, _ = anatomy.spine.to_spine(geometry.to_patient(column, row)[None].astype(np.float32))
    assert abs(float(u[0])) < 0.1
    assert 4 < float(v[0]) < 13

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from lumbargrade.cohort.read import CohortSlice, read_cohort
from lumbargrade.grading.level import Level
from lumbargrade.inference.bundle import load_bundle
from lumbargrade.inference.bundle_json import OUTLINER_FILE
from lumbargrade.phantom.bending.bend import bendable
from lumbargrade.study.patch import PatchSpec
from lumbargrade.training.cache import CacheSpec, pack
from lumbargrade.training.material.bends import BENDS, Source, as_slices, bend, sources_of
from lumbargrade.training.recipe import BendSettings

PER_SLICE = 2


@pytest.fixture(scope="module")
def healthy(simulated_cohort: Path) -> tuple[CohortSlice, ...]:
    """Simulated slices without findings; to a bend they are like any others."""
    found = [one for one in read_cohort(simulated_cohort).slices if bendable(one)]
    return tuple(found[:3])


@pytest.fixture(scope="module")
def bent(
    healthy: tuple[CohortSlice, ...], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, tuple[Source, ...], CacheSpec]:
    folder = tmp_path_factory.mktemp("bends") / "cache"
    bundle = load_bundle()
    sources = sources_of(healthy, lambda _: True, BendSettings(PER_SLICE, 1.0))
    spec = CacheSpec(
        "mark",
        PatchSpec(75.0, 128),
        28,
        outliner=(str(bundle.folder), bundle.manifest.files[OUTLINER_FILE]),
        bent_rows=PER_SLICE * len(sources),
    )
    pack(healthy, folder, spec)
    bend(sources, folder, spec, 1, lambda *_: None)
    return folder, sources, spec


def test_rows_lie_behind_the_slices(healthy: tuple[CohortSlice, ...]) -> None:
    ill = replace(healthy[0], grades={"LDH": 2})
    sources = sources_of((ill, *healthy[1:]), lambda _: True, BendSettings(2, 0.5))
    assert [one.row for one in sources] == [1, 2]
    assert [one.bent_rows for one in sources] == [(3, 4), (5, 6)]
    assert sources_of(healthy, lambda _: False, BendSettings(2, 0.5)) == ()
    assert sources_of(healthy, lambda _: True, BendSettings(0, 0.5)) == ()


def test_bends_are_written_with_their_truth(
    bent: tuple[Path, tuple[Source, ...], CacheSpec], healthy: tuple[CohortSlice, ...]
) -> None:
    folder, sources, spec = bent
    found = bend(sources, folder, spec, 1, lambda *_: pytest.fail("bent a second time"))
    assert len(found) >= PER_SLICE  # some slices may lack an outline
    packed = pack(healthy, folder, spec)
    for row, truth in found.items():
        source = next(one for one in sources if row in one.bent_rows)
        assert np.abs(packed.patches[row] - packed.patches[source.row]).max() > 0.2  # the sac
        assert packed.maps is not None
        assert packed.maps[row].max() > 200
        assert truth["grades"]["LDH"] in (0, 1, 2, 3)
        assert truth["measures"]["sac_area_mm2"] > 0


def test_a_bent_slice_is_its_patient_s(healthy: tuple[CohortSlice, ...]) -> None:
    source = Source(1, (3, 4), Level.L4_L5, 0.5)
    truth = {"grades": {"LDH": 2, "LCCS": None}, "measures": {"herniation_ratio": 0.7}}
    (made,) = as_slices({4: truth}, [source], healthy).values()
    assert (made.patient_id, made.site) == (healthy[1].patient_id, BENDS)
    assert made.grades["LDH"] == 2
    assert made.measures["herniation_ratio"] == 0.7
    assert made.disc_in_plane is True


def test_a_slice_that_could_not_be_packed_is_not_bent(
    bent: tuple[Path, tuple[Source, ...], CacheSpec],
    healthy: tuple[CohortSlice, ...],
    tmp_path: Path,
) -> None:
    _, sources, spec = bent
    nowhere = tuple(replace(one, center_px=None) for one in healthy)
    pack(nowhere, tmp_path / "cache", spec)
    assert bend(sources, tmp_path / "cache", spec, 1, lambda *_: None) == {}


def test_other_sources_are_bent_anew(
    healthy: tuple[CohortSlice, ...],
    tmp_path: Path,
    bent: tuple[Path, tuple[Source, ...], CacheSpec],
) -> None:
    _, sources, spec = bent
    pack(healthy, tmp_path / "cache", spec)
    counts: list[int] = []
    for some in (sources[:1], sources[:1], sources[1:2]):
        bend(some, tmp_path / "cache", spec, 1, lambda done, _: counts.append(done))
    assert counts == [1, 1]  # the second time, nothing was left to do

"""The one judgement: every element that says what a picture is, and contradictions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.study.conftest import axial_slice

from lumbargrade.study.model import Acquisition
from lumbargrade.study.read import read_study
from lumbargrade.study.series.judgement import judge, judge_slices
from lumbargrade.study.series.kind import ACQUIRED

Folder = Callable[..., Path]
T2 = Acquisition(
    modality="MR",
    echo_time_ms=100,
    repetition_time_ms=3500,
    slice_thickness_mm=4,
    body_part_examined="LSPINE",
    series_description="t2_tse_tra",
)


@pytest.mark.parametrize(
    "name",
    [
        *("t2_tse_tra_msma", "AX T2 FRFSE", "T2W_TSE_ax", "sT2W_TSE TRA", "Ax T2 L1-S1"),
        *("T2 TRA BLOCK 1", "T2 tra local shim", "ax t2 post op", "T2 tra in plane", "AX T2 W"),
        *("InPhase: AX T2 FLEX", "t2_tse_dixon_tra_in", "T2 tra ohne FS", "T2 ax LWS", "T2 W/O FS"),
        *("T2 pondéré axial", "axial T2 sin supresion grasa", "T2 lombaire", "T2W TSE lumbaal"),
    ],
)
def test_real_t2_by_many_names(name: str) -> None:
    judgement = judge(replace(T2, series_description=name))
    assert judgement.kind.name == ACQUIRED
    assert judgement.contrast.name == "t2"
    assert judgement.contradictions == judgement.notes == ()


@pytest.mark.parametrize(
    ("change", "kind", "said_by"),
    [
        ({"scanning_sequence": ("EP", "SE")}, "an echo-planar picture", "Scanning Sequence"),
        ({"b_value_s_mm2": 50.0}, "a diffusion picture", "Diffusion b-value: 50"),
        ({"sequence_name": "*ep_b800t"}, "an echo-planar picture", "Sequence Name"),
        (
            {"image_type": ("DERIVED", "PRIMARY", "DIFFUSION", "ADC")},
            "a diffusion picture",
            "Image",
        ),
        ({"image_type": ("ORIGINAL", "PRIMARY", "M", "ND", "MOSAIC")}, "a mosaic", "MOSAIC"),
        ({"complex_image_component": "PHASE"}, "a phase picture", "Complex Image Component"),
        ({"sop_class_uid": "1.2.840.10008.5.1.4.1.1.7"}, "not an MR image", "Secondary Capture"),
        ({"burned_in_annotation": "YES"}, "a picture with burned-in text", "Burned In Annotation"),
        ({"image_type": ("DERIVED", "SECONDARY")}, "a secondary picture", "DERIVED, SECONDARY"),
        ({"image_type": ("DERIVED", "SECONDARY", "T2_MAP")}, "a parameter map", "T2_MAP"),
        ({"series_description": "RESOLVE diff b800"}, "a diffusion picture", "Series Description"),
        ({"series_description": "ep2d_tra"}, "an echo-planar picture", "Series Description"),
        ({"series_description": "T2 ADC"}, "a diffusion map", "Series Description"),
        ({"series_description": "t2_tse_dixon_tra_opp"}, "an opposed-phase picture", "'opp'"),
        ({"series_description": "mDIXON TSE F"}, "a Dixon fat picture", "'f'"),
        ({"series_description": "AX T2 MPR"}, "a reformatted picture", "'mpr'"),
        ({"series_description": "SURVEY"}, "localizer", "'survey'"),
        ({"series_description": "T2 HASTE LOC"}, "localizer", "'loc'"),
        ({"series_description": "T2 loc", "slice_thickness_mm": 10}, "localizer", "'loc'"),
        ({"series_description": "", "protocol_name": "PILOT"}, "localizer", "Protocol Name"),
    ],
)
def test_what_is_no_acquired_picture(change: dict[str, Any], kind: str, said_by: str) -> None:
    judgement = judge(replace(T2, **change))
    assert judgement.kind.name == kind
    assert said_by in judgement.kind.said_by


def test_diffusion_by_name_is_no_t2_in_the_index_either() -> None:
    assert judge(replace(T2, series_description="DWI")).contrast.name == "unknown"


@pytest.mark.parametrize(
    ("change", "both"),
    [
        ({"series_description": "t1 tra"}, ("Series Description says 't1'", "TE 100, TR 3500")),
        ({"protocol_name": "pd_tse"}, ("Protocol Name says 'pd", "Echo Time and Repetition")),
        ({"series_description": "AX T2 FLAIR"}, ("says 'flair'", "say T2")),
        (
            {"image_type": ("DERIVED", "PRIMARY", "W"), "series_description": "T2 dixon in"},
            ("Image Type says W", "Series Description 'dixon in' (in phase)"),
        ),
        (
            {"image_type": ("ORIGINAL", "PRIMARY", "IN_PHASE"), "series_description": "WATER: T2"},
            ("Image Type says IN_PHASE", "'water' (water)"),
        ),
        ({"image_type": ("ORIGINAL", "PRIMARY", "T1", "NONE")}, ("Image Type says 'T1'", "say T2")),
        ({"image_type": ("ORIGINAL", "PRIMARY", "T2_STAR")}, ("says 'T2_STAR'", "TR 3500")),
        ({"series_description": "T2 CISS"}, ("says 'ciss'", "say T2")),
        ({"study_description": "MR CERVICAL SPINE"}, ("Study Description", "Body Part Examined")),
        ({"series_description": "T2 HWS"}, ("Series Description says 'hws'", "'LSPINE'")),
        ({"body_part_examined": "KNEE", "protocol_name": "LWS"}, ("'KNEE'", "Protocol Name")),
        ({"series_description": "AX T2 LOC"}, ("has the word 'loc' (localizer)", "contrast")),
        ({"series_description": "T2 cervical lumbar"}, ("lumbar spine and another part", "")),
    ],
)
def test_contradictions_name_both_elements(change: dict[str, Any], both: tuple[str, str]) -> None:
    told = judge(replace(T2, **change)).contradictions
    assert any(all(part in one for part in both) for one in told), told


@pytest.mark.parametrize(
    ("change", "note"),
    [
        ({"contrast_agent": "Gadovist"}, "Contrast/Bolus Agent is filled in ('Gadovist')"),
        ({"series_description": "T2 tra post KM"}, "says 'km': pictures after contrast agent"),
        ({"image_type": ("DERIVED", "PRIMARY", "M")}, "Image Type says DERIVED"),
        ({"series_description": "T2 HASTE tra"}, "a single-shot picture"),
        ({"series_description": "T2 tra sacrum"}, "'sacrum' (sacrum): the slices may lie below"),
        ({"series_description": "T2 SyMRI tra"}, "a synthetic picture, computed from others"),
        ({"echo_time_ms": 400}, "heavily T2-weighted (TE 400 ms)"),
        ({"echo_time_ms": None}, "contrast by name alone (Series Description: 't2')"),
    ],
)
def test_notes(change: dict[str, Any], note: str) -> None:
    assert any(note in one for one in judge(replace(T2, **change)).notes)


@pytest.mark.parametrize("agent", ["", "NONE", "no", "Ohne", "N/A", "-", "none given"])
def test_no_agent_is_no_note(agent: str) -> None:
    assert judge(replace(T2, contrast_agent=agent)).notes == ()


@pytest.mark.parametrize(
    ("change", "contrast", "said_by"),
    [
        ({"scanning_sequence": ("SE", "IR")}, "unknown", "Scanning Sequence: IR, without an inv"),
        ({"image_type": ("ORIGINAL", "PRIMARY", "M_IR")}, "unknown", "Image Type: M_IR, without"),
        ({"image_type": ("ORIGINAL", "PRIMARY", "STIR")}, "fat-suppressed", "Image Type: STIR"),
        (
            {"image_type": ("ORIGINAL", "PRIMARY", "T1"), "echo_time_ms": None},
            "unknown",
            "",
        ),
        (
            {
                "image_type": ("ORIGINAL", "PRIMARY", "T2"),
                "echo_time_ms": None,
                "series_description": "axial",
            },
            "t2",
            "Image Type: T2",
        ),
    ],
)
def test_what_inversion_and_image_type_say(
    change: dict[str, Any], contrast: str, said_by: str
) -> None:
    told = judge(replace(T2, **change)).contrast
    assert told.name == contrast
    assert said_by in told.said_by
    assert not told.proven or contrast == "fat-suppressed"


def test_b_0_of_a_diffusion_series_is_no_t2(study_folder: Folder) -> None:
    slices = [axial_slice(n) for n in (1, 2)]
    for one, b in zip(slices, (0.0, 800.0), strict=True):
        one.DiffusionBValue = b
    (series,) = read_study(study_folder(*slices)).series
    kinds = [one.kind for one in judge_slices(series.slices)]
    assert [kind.name for kind in kinds] == ["a diffusion picture"] * 2
    assert {kind.said_by for kind in kinds} == {"Diffusion b-value: up to 800 in this series"}


def test_b_0_alone_is_what_philips_writes_into_every_header(study_folder: Folder) -> None:
    one = axial_slice(1)
    one.DiffusionBValue = 0.0
    (series,) = read_study(study_folder(one)).series
    assert judge_slices(series.slices)[0].kind.name == ACQUIRED


@pytest.mark.parametrize(("times", "contrasts"), [((None, None), "pd t2"), ((20, 100), "pd t2")])
def test_the_first_of_two_echoes_is_pd(
    study_folder: Folder, times: tuple[int | None, int | None], contrasts: str
) -> None:
    slices = [axial_slice(n, EchoNumbers=n, EchoTime=times[n - 1]) for n in (1, 2)]
    (series,) = read_study(study_folder(*slices)).series
    assert [one.contrast.name for one in judge_slices(series.slices)] == contrasts.split()

"""What a report says, sentence by sentence (the sentences are made up)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumbargrade.reports.levels import LEVELS
from lumbargrade.reports.reader import LONGEST_REPORT, ReportFinding, read_report


def say(found: ReportFinding) -> str:
    """One finding as "45+bulge"; a denied one with "-", one without a level with "??"."""
    level = str(found.level).replace("L", "").replace("S", "").replace("/", "")
    return f"{level if found.level else '??'}{'-' if found.negated else '+'}{found.kind}"


def said(text: str) -> str:
    return " ".join(sorted(map(say, read_report(text))))


EVERYWHERE = ("12", "23", "34", "45", "51")


def everywhere(finding: str) -> str:
    return " ".join(level + finding for level in EVERYWHERE)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Left foraminal protrusion at L4/5.", "45+herniation"),
        ("Bulges at L3-4, L4/5 & L5-S1.", "34+bulge 45+bulge 51+bulge"),
        ("Bulging discs from L3 to S1.", "34+bulge 45+bulge 51+bulge"),
        ("The discs are dehydrated at all lumbar levels.", everywhere("+degeneration")),
        ("Bulge at L2/3. The above level is dehydrated.", "23+bulge 23+degeneration"),
        ("Buldging disks at L45", "45+bulge"),
        ("L4-L5: disc hernation", "45+herniation"),
        ("Slip, grade 1 anterolisthesis of L4 on L5", "45+spondylolisthesis"),
        ("L5-S1 extrusion pressing on the dural sac.", "51+herniation 51+sac"),
        ("Root canals fine. Bulge at C5/6. Bulge at T11/12.", ""),
        ("Bulge of a lower disc.", "??+bulge"),
        ("Multilevel bulges, mainly at L4/5.", "45+bulge ??+bulge"),
        ("Multilevel bulges at L3/4 and L4/5.", "34+bulge 45+bulge"),
        ("The canal is narrow at L3/4.", "34+stenosis"),
        ("Foraminal narrowing at L5-S1", "51+root"),
    ],
)
def test_finding_and_level(text: str, wanted: str) -> None:
    assert said(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("No herniation.", everywhere("-herniation")),
        ("No disc herniation at L3/4.", "34-herniation"),
        ("Bulge at L4/5 without root compression.", "45+bulge 45-root"),
        ("No herniation at L3/4 but a bulge at L4/5.", "34-herniation 45+bulge"),
        ("No herniation at L3/4, bulge at L4/5.", "34-herniation 45+bulge"),
        ("No herniation at L3/4, and at L4/5 a bulge.", "34-herniation 45+bulge"),
        ("No herniation, stenosis or bulge at L4/5.", "45-bulge 45-herniation 45-stenosis"),
        ("Scar rather than a new herniation at L5/S1.", "51-herniation"),
        ("A herniation is not seen at L5/S1.", "51-herniation"),
        ("Herniation at L5/S1 is ruled out.", "51-herniation"),
        ("Herniation at L5/S1 cannot be excluded.", "51+herniation"),
        ("Adequate canal.", everywhere("-stenosis")),
        ("The spinal canal is not adequate.", ""),
        ("The foramina are patent at L4/5.", "45-root"),
        ("L3/4: normal.", "34-bulge 34-herniation 34-root 34-sac 34-stenosis"),
        (
            "Bulge at L3/4. No herniation at other levels.",
            "12-herniation 23-herniation 34+bulge 45-herniation 51-herniation",
        ),
        ("No fracture. No tumour.", "??-fracture ??-malignancy"),
        ("Without contrast. Bulge at L4/5.", "45+bulge"),
        ("No change of the bulge at L4/5.", "45+bulge"),
    ],
)
def test_denial_and_its_end(text: str, wanted: str) -> None:
    assert said(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("L4/5:\nbulge, touching the sac\nL5/S1:\nprotrusion", "45+bulge 45+sac 51+herniation"),
        ("L4/5: bulge. Roots are compressed.\nL5/S1: stenosis.", "45+bulge 45+root 51+stenosis"),
        ("L5-S1: dehydrated. No bulge.", "51+degeneration 51-bulge"),
        ("Bulge at L4/5\ncompressing the thecal sac", "45+bulge 45+sac"),
        ("Bulge noted at\nL4/5", "45+bulge"),
        ("Bulge at L4/5 compressing\nthe thecal sac", "45+bulge 45+sac"),
        ("MRI C SPINE\nDisc bulge.\nMRI LSS\nBulge at L4/5", "45+bulge"),
        ("L3/4, L4/5:\nbulges, mostly at L4/5", "34+bulge 45+bulge"),
        (
            "- bulge at L4/5// protrusion at L5/S1;stenosis at L3/4",
            "34+stenosis 45+bulge 51+herniation",
        ),
    ],
)
def test_a_level_is_carried_on(text: str, wanted: str) -> None:
    assert said(text) == wanted


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        ("mild bulge at L4/5", "mild"),
        ("moderately severe bulge at L4/5", "severe"),
        ("moderate diffuse disc bulge at L4/5", "moderate"),
        ("large bulge at L4/5", "severe"),
        ("significant bulge at L4/5", "severe"),
        ("bulge at L4/5", ""),
        ("no significant bulge at L4/5", ""),
        ("no severe bulge at L4/5", "severe"),
    ],
)
def test_severity(text: str, severity: str) -> None:
    (found,) = read_report(text)
    assert found.severity == severity


@pytest.mark.parametrize(
    ("text", "severities"),
    [
        ("bulge at L4/5 mildly compressing the sac and encroaching the roots", ["mild", "mild"]),
        ("bulge at L4/5 mildly compressing the sac and compressing the roots", ["mild", ""]),
        ("mild bulge at L4/5 compressing the sac", ["mild"]),
        ("protrusion at L4/5 abutting the sac", ["mild"]),
        ("protrusion at L4/5 largely compressing the sac", ["severe"]),
    ],
)
def test_severity_of_a_compression(text: str, severities: list[str]) -> None:
    found = [one for one in read_report(text) if one.kind in ("sac", "root")]
    assert [one.severity for one in found] == severities


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("left paracentral protrusion at L4/5", "left"),
        ("Rt foraminal protrusion at L4/5", "right"),
        ("bilateral protrusion at L4/5", "bilateral"),
        ("central protrusion at L4/5", "central"),
        ("central and left paracentral protrusion at L4/5", "left"),
        ("bulge, more to the right side, at L4/5", "right"),
        ("bulge at L4/5", ""),
    ],
)
def test_side(text: str, side: str) -> None:
    (found,) = read_report(text)
    assert found.side == side


def test_side_of_the_roots() -> None:
    found = read_report("L4/5: bulge compressing left nerve root and narrowing right foramen")
    assert [one.side for one in found] == ["", "bilateral"]


@pytest.mark.parametrize(
    ("text", "wanted", "possible"),
    [
        ("Old wedge fracture of L1.", "??+fracture", False),
        ("Discitis at L2/3.", "23+inflammation", False),
        ("Suspicious of metastases.", "??+malignancy", True),
        ("A small lesion in L3.", "??+malignancy", True),
        ("Status post laminectomy at L4/5.", "45+surgery", False),
        ("Pedicle screws in place.", "??+surgery", False),
        ("Images degraded by movement.", "??+artefact", False),
        ("Metal artefacts.", "??+artefact", False),
    ],
)
def test_hints_for_exclusion(text: str, wanted: str, possible: bool) -> None:
    (found,) = read_report(text)
    assert (say(found), found.possible) == (wanted, possible)


PIECES = (
    *("no ", "bulge", " at L4/5", "L3 to S1", ", ", "\n", ". ", ":", "but ", "sac ", "//", "?"),
    *("compressing ", "other levels", "these levels", "not seen", "mild ", "MRI", "cervical"),
    *("multilevel ", "mainly ", "normal", "left ", "and ", "D12/L1", "stenosis "),
)
REPORTS = st.lists(
    st.one_of(
        st.text(max_size=20),
        st.sampled_from(PIECES),
    ),
    max_size=25,
).map("".join)


@given(REPORTS)
def test_any_text_is_read(text: str) -> None:
    for found in read_report(text):
        assert found.level is None or found.level in LEVELS
        assert text[found.start : found.start + len(found.sentence)] == found.sentence
        assert found.sentence.strip() == found.sentence != ""
        assert found.severity in ("", "mild", "moderate", "severe")
        assert found.side in ("", "left", "right", "bilateral", "central")


def test_a_report_without_end_is_cut() -> None:
    text = "bulge at L4/5. " * (LONGEST_REPORT // 5)
    assert max(one.start for one in read_report(text)) < LONGEST_REPORT

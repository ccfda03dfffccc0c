from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

from pydicom.dataset import Dataset
from tests.made_up_discs import disc, sagittal

from lumbargrade.grading.finding import Finding, Measure, Side, StudyGrades, UserWord
from lumbargrade.grading.level import DiscPlace, Level, LevelAssignment, LevelSource, Through
from lumbargrade.grading.summary import ONLY_BONE
from lumbargrade.grading.system import GRADING_SYSTEMS, SAGITTAL_SYSTEMS
from lumbargrade.outputs.page import write as html
from lumbargrade.outputs.page.pictures.drawing import PARTS
from lumbargrade.study.graded import GradedStudy, SlicePicture


class _Page(HTMLParser):
    """Collects what a browser would see."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_says_what_it_must(graded: GradedStudy, tmp_path: Path) -> None:
    page = _Page(html.write(graded, tmp_path).read_text(encoding="utf-8"))
    for text in (
        "Research use only. Not a medical device.",
        "default 0.1.0",
        "simulation: 800 patients",
        "lumbargrade 0.1.0",
        "P00001",
        "stack: lowest disc assumed to be L5/S1",
        "no disc in the plane of this slice",
        "sagittal, not axial",
        "Region reaches over the edge of the slice.",
        *(item.sop_instance_uid for item in graded.grades.slices),
        *(grade.help_text for system in GRADING_SYSTEMS.values() for grade in system.grades),
    ):
        assert text in page.text, text


def test_the_page_shows_sets_and_when_to_ask(study_grades: StudyGrades) -> None:
    shown = [found.grade_set for item in study_grades.slices for found in item.findings]
    assert {(0, 1), (1, 2)} <= set(shown)
    text = html.render(GradedStudy(study_grades))
    assert '<span class="set">1 or 2</span> <span class="ask">review needed</span>' in text
    assert '<span class="set">0 or 1</span> <span class="ask">' not in text
    assert "at least 90 % of the images" in text


def test_a_model_without_sets_leaves_no_trace_of_them(study_grades: StudyGrades) -> None:
    slices = tuple(
        replace(item, findings=tuple(replace(f, grade_set=()) for f in item.findings))
        for item in study_grades.slices
    )
    body = html.render(GradedStudy(replace(study_grades, slices=slices))).split("<body>")[1]
    for text in ('class="ask"', 'class="set"', "at least 90 %"):
        assert text not in body


def test_the_page_needs_nothing_but_itself(graded: GradedStudy) -> None:
    text = html.render(graded)
    page = _Page(text)
    sources = [attrs["href"] for tag, attrs in page.tags if tag == "image"]
    assert len(sources) == len(graded.grades.slices)
    assert all(source and source.startswith("data:image/png;base64,") for source in sources)
    assert {tag for tag, _ in page.tags} & {"img", "link", "iframe", "object"} == set()
    targets = {attrs["href"] for tag, attrs in page.tags if tag == "a"}
    assert all(target and target.startswith("#") for target in targets)
    # A filter of the page itself is no request.
    assert not re.search(r"url\((?!#)|@import|https?://|fetch\(|XMLHttp|\bimport\b", text)


def test_the_only_script_is_the_pages_own(measured: GradedStudy) -> None:
    text = html.render(measured)
    page = _Page(text)
    (script,) = re.findall(r"<script[^>]*>(.*?)</script>", text, re.DOTALL)
    (policy,) = [a["content"] for t, a in page.tags if t == "meta" and "http-equiv" in a]
    assert policy is not None
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}';" in policy
    assert policy.startswith("default-src 'none'; img-src data:;")
    assert "unsafe" not in policy.replace("style-src 'unsafe-inline'", "")


def test_the_outlines_can_be_hidden(measured: GradedStudy) -> None:
    text = html.render(measured)
    page = _Page(text)
    (box,) = [attrs for tag, attrs in page.tags if tag == "input" and attrs["type"] != "range"]
    assert (box["type"], box["id"], "checked" in box) == ("checkbox", "show-outlines", True)
    assert ".stack:has(#show-outlines:not(:checked)) .over { visibility: hidden }" in text
    drawings = [attrs for tag, attrs in page.tags if attrs.get("class") == "over"]
    assert len(drawings) == len(measured.grades.slices)
    boxes = {attrs["d"] for _, attrs in page.tags if attrs.get("class") == "box"}
    assert boxes == {"M-37.5,-37.5h75.0v75.0h-75.0z"}


def test_every_shape_has_a_colour_and_a_line_in_the_legend(measured: GradedStudy) -> None:
    text = html.render(measured)
    for part, title in PARTS.items():
        assert text.count(f'class="o-{part}"') > 1, part
        assert f"</svg>{title}</span>" in text
    style = text.partition("<style>")[2].partition("</style>")[0]
    plain = [part for part in PARTS if f".o-{part} {{" not in style]
    assert plain == []


def test_without_outlines_the_picture_stands_alone(graded: GradedStudy) -> None:
    body = html.render(graded).split("<body>")[1]
    assert 'class="o-' not in body
    assert 'id="show-outlines"' not in body
    assert "Measure" not in body


def test_measures_stand_beside_their_grade(measured: GradedStudy) -> None:
    text = html.render(measured)
    block = text.partition("<h4>LCCS: measures")[2].partition("<h4>")[0]
    assert "92 ± 6 mm²" in block
    assert "below 100 mm²: relative central stenosis (Schonstrom et al., Spine 1985" in block
    assert "not measured: the roots in the sac are not drawn" in block
    assert "3.5 mm left of midline" in text.partition("<h4>LDH: measures")[2].partition("<h4>")[0]
    assert "Measure definitions" in text
    assert "cuts the end-plate (60 %)" in text


def test_a_grade_that_its_outlines_contradict_needs_review(measured: GradedStudy) -> None:
    found = Finding("LDH", None, 3, (), "", (3,), ("by its outline it is grade 1, not 3",))
    slices = tuple(replace(item, findings=(found,)) for item in measured.grades.slices)
    text = html.render(replace(measured, grades=replace(measured.grades, slices=slices)))
    assert '<span class="ask">review needed</span>' in text.partition("<h4>LDH ")[2]
    assert "By its outline it is grade 1, not 3" in text


def test_a_grade_in_doubt_says_why_and_a_withheld_one_shows_no_bars(
    study_grades: StudyGrades,
) -> None:
    template = study_grades.slices[0]
    shared, own = "low locator confidence", "<i>the disc is in doubt</i>"
    doubted = Finding("LDH", None, 2, (0, 0, 1, 0), "", (2,), (own, shared))
    withheld = Finding("LDH", None, None, (), "no disc in the plane")
    slices = (
        replace(template, findings=(doubted,), warnings=(shared,)),
        replace(template, findings=(withheld,), warnings=()),
    )
    grades = replace(study_grades, slices=slices, user_word=UserWord(series="7"))
    text = html.render(GradedStudy(grades))
    _, second, first = text.split("<article ")  # cranial to caudal
    first = first.partition("</article>")[0]
    assert '<span class="unsure">in doubt</span>' in first
    assert "&lt;i&gt;the disc is in doubt&lt;/i&gt;" in first
    assert "<i>the disc" not in text
    assert first.count("ow locator confidence") == 1  # with its slice, not beside each grade
    assert first.count('class="bar"') + first.count('class="bar chosen"') == 4
    assert 'class="bar' not in second
    assert "no disc in the plane" in second
    assert "<dt>Said by the user</dt><dd>series 7</dd>" in text
    assert "<dt>Levels</dt><dd>stack: lowest disc assumed to be L5/S1</dd>" in text


def test_hostile_reasons_stay_text(measured: GradedStudy) -> None:
    measure = Measure("sac_area_mm2", None, None, "<script>alert(1)</script>")
    slices = tuple(replace(item, measures=(measure,)) for item in measured.grades.slices)
    text = html.render(replace(measured, grades=replace(measured.grades, slices=slices)))
    assert "<script>" not in text
    assert "not measured: &lt;script&gt;" in text


def test_without_pictures_there_are_words(study_grades: StudyGrades) -> None:
    page = _Page(html.render(GradedStudy(study_grades)))
    assert not [tag for tag, _ in page.tags if tag in ("img", "image")]
    assert "Slice 5" in page.text
    assert "No picture of this slice." in page.text


def test_hostile_text_stays_text(
    hostile_grades: StudyGrades, pictures: tuple[SlicePicture, ...]
) -> None:
    text = html.render(GradedStudy(hostile_grades, pictures))
    page = _Page(text)
    assert [tag for tag, _ in page.tags].count("script") == 1
    assert not [attrs for _, attrs in page.tags if any(key.startswith("on") for key in attrs)]
    assert "<script>alert" not in text
    assert "{{ 7 * 7 }}" in page.text
    assert text.count("http-equiv") == 1
    assert "onerror" not in text


def test_left_and_right_of_the_picture_are_the_patients(graded: GradedStudy) -> None:
    text = html.render(graded)
    assert '<b class="letter left">R</b><b class="letter right">L</b>' in text


def test_the_wording_is_that_of_the_models_systems(study_grades: StudyGrades) -> None:
    ldh = GRADING_SYSTEMS["LDH"]
    own = replace(ldh, name="A model's own name")
    text = html.render(GradedStudy(study_grades, systems={**GRADING_SYSTEMS, "LDH": own}))
    assert "A model&#39;s own name" in text
    assert ldh.name not in text


def test_what_steers_or_turns_text_round_is_not_on_the_page(graded: GradedStudy) -> None:
    hostile = replace(
        graded.grades, patient_id="P\x1b]0;x\x07 \u202e1", warnings=("a\u2028b \ud800",)
    )
    text = html.render(replace(graded, grades=hostile))
    assert "P?]0;x? ?1" in text
    assert "A?b ?" in text
    text.encode("utf-8")
    assert not set(text) & set("\x1b\x07\u202e\u2028")


def test_the_page_says_where_slices_lie_and_which_are_not_counted(
    study_grades: StudyGrades,
) -> None:
    note = "are graded and shown, but not counted for their level"
    assert note not in html.render(GradedStudy(study_grades))
    places = [DiscPlace(12.0, 5.0, Through.BONE), DiscPlace(-2.0, 5.0, Through.DISC)]
    slices = tuple(
        replace(item, level=LevelAssignment(Level.L4_L5, LevelSource.SAGITTAL, 0, place))
        for item, place in zip(study_grades.slices[:2], places, strict=True)
    )
    text = html.render(GradedStudy(replace(study_grades, slices=slices)))
    assert "12 mm above the middle of the L4/L5 disc, angled 5° to it: bone, not counted" in text
    assert "2 mm below the middle of the L4/L5 disc, angled 5° to it<" in text
    assert "<small>bone, not counted: 1</small>" in text
    assert "<small>sagittal</small>" in text
    assert note in text
    assert ONLY_BONE not in text
    assert ONLY_BONE in html.render(GradedStudy(replace(study_grades, slices=slices[:1])))


def test_the_head_line_says_what_where_and_on_which_side(study_grades: StudyGrades) -> None:
    found = (
        Finding("LCCS", None, 3, (0, 0, 0.07, 0.93)),
        Finding("LNRC", Side.LEFT, 3, (0, 0, 0.1, 0.9)),
        Finding("LNRC", Side.RIGHT, 0, (1, 0, 0, 0)),
        Finding("LNRC", None, 3, (0, 0, 0.1, 0.9)),
    )
    level = LevelAssignment(Level.L4_L5, LevelSource.SAGITTAL, 1)
    item = replace(study_grades.slices[0], findings=found, level=level)
    text = html.render(GradedStudy(replace(study_grades, slices=(item,))))
    section = _Page(text.partition('class="findings"')[2].partition("</section>")[0]).text
    said = " ".join(section.split())
    assert "L4/L5: severe central stenosis 93 %; left L5 root compressed 90 %" in said
    assert "Everything else that was graded is grade 0 or 1." in said


def test_discs_and_slices_stand_on_the_sagittal_picture(graded: GradedStudy) -> None:
    assert 'class="sagittal"' not in html.render(graded)
    doubted = Finding("LDH", None, 3, (0, 0, 0, 1.0), "", (3,), ("<b>blurred</b>",))
    discs = (disc(Level.L5_S1, z=-35.0), disc(Level.L4_L5, doubted))
    grades = replace(graded.grades, discs=discs)
    text = html.render(replace(graded, grades=grades, sagittal=sagittal()))
    part = text.partition('class="sagittal"')[2].partition('<div class="slices">')[0]
    assert "&lt;b&gt;blurred&lt;/b&gt;" in part
    for number in range(1, 6):
        assert f'class="cut" href="#slice-{number}"' in part
    assert ">L4/L5</a>" in part
    assert ">–</span>" in part  # the place of a grade that is not there
    assert '<th scope="col">LDH<small>' in text.partition("<tbody>")[0]


def test_further_findings_of_discs_share_a_column(graded: GradedStudy) -> None:
    low = (
        Finding("PFIRRMANN", None, 3, (0, 0, 0.1, 0.9, 0)),
        Finding("SLIP", None, 1, (0.3, 0.7)),
        Finding("MODIC", None, 0, (0.9, 0.1, 0, 0)),
    )
    high = (Finding("PFIRRMANN", None, 1, (0, 1, 0, 0, 0)), Finding("SLIP", None, 0, (0.8, 0.2)))
    unsure = replace(low[2], doubts=("blurred",))
    grades = replace(
        graded.grades, discs=(disc(Level.L5_S1, *low, z=-35.0), disc(Level.L4_L5, *high))
    )
    systems = {**GRADING_SYSTEMS, **SAGITTAL_SYSTEMS}
    text = html.render(replace(graded, grades=grades, sagittal=sagittal(), systems=systems))
    head = text.partition("<tbody>")[0]
    assert '<th scope="col">PFIRRMANN<small>' in head
    assert "Disc, sagittal<small>spondylolisthesis, end-plate marrow changes (Modic)" in head
    rows = dict(re.findall(r'<tr data-level="(L\d/[LS]\d)">(.*?)</tr>', text, re.DOTALL))
    assert "SLIP " in rows["L5/S1"]
    assert "MODIC" not in rows["L5/S1"]
    assert "the lowest grade of each" in rows["L4/L5"]
    beside = re.findall(r'class="tag after".*?</span></span>', text, re.DOTALL)
    assert [one.count('class="chip') for one in beside] == [1, 1]
    discs = (disc(Level.L5_S1, *low[:2], unsure), disc(Level.L4_L5, *high))
    shaken = html.render(
        replace(graded, grades=replace(grades, discs=discs), sagittal=sagittal(), systems=systems)
    )
    (row,) = re.findall(r'<tr data-level="L5/S1">(.*?)</tr>', shaken, re.DOTALL)
    assert "MODIC" in row


def test_slices_stand_cranial_to_caudal_with_their_numbers(graded: GradedStudy) -> None:
    text = html.render(graded)
    assert re.findall(r'<article id="slice-(\d)"', text) == ["5", "4", "3", "2", "1"]
    (row,) = re.findall(r'<tr data-level="L5/S1">.*?</tr>', text, re.DOTALL)
    numbers = row.partition('class="numbers"')[2]
    assert re.findall(r"#slice-(\d)", numbers) == ["2", "1"]


def test_the_page_speaks_another_language(graded: GradedStudy, tmp_path: Path) -> None:
    text = html.write(graded, tmp_path, "de").read_text(encoding="utf-8")
    assert '<html lang="de">' in text
    for said in (
        "Nur für die Forschung. Kein Medizinprodukt.",
        "keine Bandscheibe in der Ebene dieser Schicht",
        "sagittal, nicht axial",
        "LNRC links",
        "lumbale Bandscheibenhernie",
        "Befund als Text",
    ):
        assert said in text, said
    assert "Level names are assumed." in text  # nobody has put it into German


def test_hostile_words_of_headers_stay_text(graded: GradedStudy) -> None:
    hostile = '</script><script>alert(1)</script>\u202e"}</style>'
    grades = replace(
        graded.grades, patient_id=hostile, discs=(replace(disc(Level.L4_L5), warnings=(hostile,)),)
    )
    header = Dataset()
    header.PatientAge, header.PatientSex, header.StudyDate = "054Y", "F", "20260102"
    study = replace(
        graded, grades=grades, scanner=hostile, references={"1": header}, sagittal=sagittal()
    )
    text = html.render(study)
    page = _Page(text)
    assert [tag for tag, _ in page.tags].count("script") == 1
    assert [tag for tag, _ in page.tags].count("style") == 1
    assert text.count("</style>") == text.count("</script>") == 1
    assert "54 years" in text
    assert "2026-01-02" in text
    assert "\u202e" not in text

"""Words of names: whole ones only, in several languages, and those that a site adds."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumbargrade.errors import StudyError
from lumbargrade.study.series.words import LEFT_OUT, SITE_WORDS, known_words, words


@pytest.mark.parametrize(
    ("table", "text", "entries"),
    [
        ("picture", "OutPhase: AX T2", {"an opposed-phase picture"}),
        ("picture", "out_of_phase", {"an opposed-phase picture"}),
        ("picture", "PILOT HASTE", {"localizer"}),
        ("picture", "Übersichtsaufnahme", {"localizer"}),
        ("picture", "repérage", {"localizer"}),
        ("picture", "difusión axial", {"a diffusion picture"}),
        ("picture", "T2 BLOCK, local shim, allocation, mipmap", set()),
        ("contrast", "t2_tse_tra", {"t2"}),
        ("contrast", "AX T2* GRE", {"other"}),
        ("contrast", "T22 AT2", set()),
        ("region", "MR Lendenwirbelsäule", {"lumbar spine"}),
        ("region", "Rachis lombaire", {"lumbar spine", "spine"}),
        ("region", "columna cervical", {"other spine", "spine"}),
        ("region", "colonna dorsale", {"other spine", "spine"}),
        ("region", "coluna torácica", {"spine"}),
        ("region", "LWK", {"lumbar spine"}),
        ("region", "L4-5 L5-S1", {"lumbar spine"}),
        ("region", "CLUMBARX", set()),
        ("region", "腰椎T2轴位", {"lumbar spine"}),
        ("region", "МРТ пояснично-крестцового отдела", {"lumbar spine"}),
        ("region", "颈椎 T2", {"other spine"}),
        ("picture", "定位像", {"localizer"}),
        ("picture", "ЛОКАЛАЙЗЕР", {"localizer"}),
        ("contrast", "腰椎T2压脂", {"t2", "fat-suppressed"}),
        ("contrast", "T2_TSE_TRA_FSAT", {"t2", "fat-suppressed"}),
        ("contrast", "T2 TRUFI tra", {"t2", "other"}),
        ("agent", "T1+C", {"agent"}),
        ("agent", "AX T2 C+", {"agent"}),
        ("agent", "AX T2 C-SPINE, MAGiC", set()),
    ],
)
def test_whole_words(table: str, text: str, entries: set[str]) -> None:
    found = set(words().found(table, text))
    assert found == (entries | {"other spine"} if "torácica" in text else entries)


@pytest.mark.parametrize("text", ["T2 no fs", "T2 without fat sat", "T2 ohne FS", "T2 sans FS"])
def test_a_no_before_a_word_turns_it_round(text: str) -> None:
    assert "fat-suppressed" in words().found("contrast", text)
    assert "fat-suppressed" not in words().found("contrast", text, affirmed=True)


@given(st.text(max_size=80))
def test_any_text_is_looked_through(text: str) -> None:
    found = words().found("picture", text)
    assert found == words().found("picture", f" {text}_")


@given(
    st.sampled_from([w for w in words().tables["picture"]["localizer"] if w.isascii()]),
    st.text("xyz", min_size=1),
)
def test_a_word_counts_between_signs_and_not_within_letters(word: str, letters: str) -> None:
    assert "localizer" in words().found("picture", f"t2_{word}-tra")
    joined = words().found("picture", f"{letters}{word.replace(' ', '')}{letters}".lower())
    assert "localizer" not in joined


def test_a_site_adds_its_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "words.toml"
    file.write_text('[picture]\nlocalizer = ["zielaufnahme"]\n', encoding="utf-8")
    assert words().found("picture", "Zielaufnahme") == {}
    monkeypatch.setenv(SITE_WORDS, str(file))
    assert words().found("picture", "Zielaufnahme T2") == {"localizer": "zielaufnahme"}
    assert words().found("picture", "scout") == {"localizer": "scout"}


def test_a_site_adds_words_of_another_script(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "words.toml"
    file.write_text('[picture]\nlocalizer = ["ανιχνευτική", "預掃"]\n', encoding="utf-8")
    monkeypatch.setenv(SITE_WORDS, str(file))
    assert "localizer" in words().found("picture", "T2 Ανιχνευτικη")
    assert "localizer" in words().found("picture", "腰椎預掃T2")


@pytest.mark.parametrize(
    ("text", "is_none"), [("N/A", True), ("None given", True), ("0", True), ("Gadovist", False)]
)
def test_a_whole_text_that_says_none(text: str, is_none: bool) -> None:
    assert words().is_word(text, "agent", "none") is is_none


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "cannot be read: give a readable TOML file of words"),
        ("[picture", "is not TOML"),
        ("[pictures]\n", r"unknown table \[pictures\]: use negation, contrast"),
        (
            '[picture]\nlocaliser = ["x"]\n',
            r"unknown entry 'localiser' in \[picture\]: use localizer",
        ),
        ('[picture]\nlocalizer = "x"\n', r"\[picture\] 'localizer' must be a list of texts"),
        ("picture = 3\n", "unknown table"),
    ],
)
def test_a_bad_file_of_a_site_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str | None, message: str
) -> None:
    file = tmp_path / "words.toml"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    monkeypatch.setenv(SITE_WORDS, str(file))
    with pytest.raises(StudyError, match=message) as caught:
        words()
    assert str(file) in str(caught.value)
    assert "\n" not in str(caught.value)


_FRAGMENTS = st.sampled_from(
    [
        "t2",
        "T2",
        "tra",
        "Meier",
        "FatSat",
        "no ",
        "out",
        "phase",
        " ",
        "_",
        "^",
        "flair",
        "star",
        "DWI",
        "腰椎",
        "spine",
        "L",
        "c+",
        "ohne KM",
        "#",
        "7",
    ]
)


@given(st.lists(_FRAGMENTS, max_size=7).map("".join) | st.text(max_size=12))
def test_known_words_say_the_same_and_nothing_more(text: str) -> None:
    shown = known_words(text)
    for table in words().tables:
        assert set(words().found(table, shown)) == set(words().found(table, text)), (table, shown)
        assert LEFT_OUT not in words().found(table, LEFT_OUT).values()
    assert "meier" not in shown

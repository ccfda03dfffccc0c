"""The lexicon that is built of the file: look-up by first word, longest phrase first."""

from __future__ import annotations

from typing import Any

import pytest

from lumbargrade.reports.lexicon import DISC_KINDS, EXCLUSION_KINDS, Kind, Meaning, build, lexicon


def data(**changes: Any) -> dict[str, Any]:
    """A file with nothing in it but one finding and the changes."""
    tables = ("regions", "levels", "negation", "certainty", "severity", "sides")
    return {
        **{name: {} for name in tables},
        "findings": {"bulge": {"terms": ["bulge", "bulging disc"], "strong": ["squeezing"]}},
        "plain": {"words": ["the"]},
        "normal": {"says": ["normal"], "beside": ["disc"]},
        "text": {"continues_with": ["with"], "abbreviations": ["dr"], "line_goes_on_after": ["at"]},
        "spelling": {
            "tolerance": [[5, 1], [8, 2]],
            "protect": ["not"],
            "written": {"bulg": "bulge"},
        },
        **changes,
    }


def test_phrases_are_found_by_their_first_word_longest_first() -> None:
    built = build(data(severity={"mild": ["bulging"]}))
    assert built.phrases["bulging"] == (
        (("bulging", "disc"), (Meaning("terms", "bulge"),)),
        (("bulging",), (Meaning("severity", "mild"),)),
    )
    assert built.tolerance == ((5, 1), (8, 2))
    assert built.strong == {"bulge": frozenset({"squeezing"})}


def test_one_phrase_may_mean_two_things_but_each_once() -> None:
    terms = {"terms": ["narrow"], "cues": ["narrow", "narrow"]}
    built = build(data(findings={"stenosis": terms}))
    ((phrase, meanings),) = built.phrases["narrow"]
    assert phrase == ("narrow",)
    assert meanings == (Meaning("terms", "stenosis"), Meaning("cues", "stenosis"))


def test_a_misspelt_word_is_never_taken_for_a_denial() -> None:
    built = build(data(negation={"before": ["without"]}, certainty={"possible": ["maybe"]}))
    assert {"without", "maybe"} <= built.vocabulary
    assert not {"without", "maybe"} & built.targets
    assert {"bulge", "normal", "the"} <= built.targets


def test_a_file_that_lacks_a_table_is_refused() -> None:
    lacking = data()
    del lacking["levels"]
    with pytest.raises(KeyError, match="levels"):
        build(lacking)


def test_every_kind_has_words_in_the_package() -> None:
    rows = {
        meaning.row
        for phrases in lexicon().phrases.values()
        for _, meanings in phrases
        for meaning in meanings
        if meaning.table in ("terms", "weak_terms", "objects")
    }
    assert rows == {kind.value for kind in Kind}
    assert not set(DISC_KINDS) & set(EXCLUSION_KINDS)


def test_an_unknown_finding_is_refused() -> None:
    names = ("regions", "levels", "negation", "certainty", "severity", "sides")
    data = {**{name: {} for name in names}, "findings": {"scoliosis": {"terms": ["curve"]}}}
    with pytest.raises(ValueError, match="'scoliosis' is not a valid Kind"):
        build(data)

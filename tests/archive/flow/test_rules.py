"""Rules are read, and a rule that cannot be meant is refused in one line that names it."""

from __future__ import annotations

from pathlib import Path

import pytest

from lumbargrade.archive.flow.rules import (
    COUNTS,
    OPERATORS,
    REASONS,
    ColumnRule,
    ListRule,
    column_types,
    load_rules,
)
from lumbargrade.errors import CohortError

AGE = 'step="inclusion"\nreason="young"\ncolumn="age_years"\noperator="at least"\nvalue=18\n'


def write(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_the_rules_of_the_article_are_read() -> None:
    rules = load_rules("su2022")
    assert rules.name == "Su et al. 2022"
    columns = [rule.column for rule in rules.rules if isinstance(rule, ColumnRule)]
    assert columns == [
        *("body_part", "picture_kind", "plane", "contrast", "magnetic_field_strength_t"),
        *("slice_thickness_mm", "slices_per_study"),
    ]
    listed = [one for rule in rules.rules if isinstance(rule, ListRule) for one in rule.listed_for]
    assert tuple(listed) == REASONS
    assert [rule.step for rule in rules.rules] == ["inclusion"] * 7 + ["exclusion"] * 4


def test_every_commented_rule_of_the_article_holds(tmp_path: Path) -> None:
    """What a reader may uncomment is right too."""
    lines = load_rules("su2022").text.splitlines()
    start = lines.index("# Not in the article, often wanted:")
    end = next(number for number in range(start, len(lines)) if not lines[number])
    text = "\n".join(line.removeprefix("#").strip() for line in lines[start + 1 : end])
    assert len(load_rules(write(tmp_path / "r.toml", text)).rules) == 2


def test_a_rule_keeps_what_it_says(tmp_path: Path) -> None:
    text = f"""more_reasons=["tattoo"]
[[rule]]
{AGE}unknown="in"
[[rule]]
step="exclusion"
reason="ink"
listed_for=["tattoo"]
"""
    assert load_rules(write(tmp_path / "r.toml", text)).rules == (
        ColumnRule("inclusion", "young", "age_years", "at least", 18, True),
        ListRule("exclusion", "ink", ("tattoo",)),
    )


def test_every_operator_can_be_used(tmp_path: Path) -> None:
    values = {"one of": "[1]", "none of": "[1]", "between": "[1, 2]"}
    text = "".join(
        f'[[rule]]\nstep="inclusion"\nreason="{operator}"\ncolumn="slices_per_study"\n'
        f'operator="{operator}"\nvalue={values.get(operator, "1")}\n'
        for operator in OPERATORS
    )
    assert len(load_rules(write(tmp_path / "r.toml", text)).rules) == len(OPERATORS)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("age_years", "age"), r"rule 1 \(young\): column 'age' is unknown: use file_id, usable"),
        (("at least", "over"), r"rule 1 \(young\): operator 'over' is unknown: use is, is not"),
        (("inclusion", "in"), "step 'in' is unknown: use inclusion or exclusion"),
        (('reason="young"', 'reason=" "'), "rule 1: 'reason' must state why a patient is excluded"),
        (("value=18", 'value="18"'), "value '18': age_years needs a number"),
        (("value=18", "value=true"), "value True: age_years needs a number"),
        (("value=18", "value=nan"), "value nan: age_years needs a number"),
        (("value=18", ""), "value None: age_years needs a number"),
        (("value=18", "worth=18"), "unknown entry 'worth': use step, reason, column, operator"),
        (("value=18", "value=18\nunknown=true"), "unknown = True: use 'in' or 'out'"),
        (("value=18", 'value=18\nlisted_for=["fracture"]'), "has listed_for and column: give one"),
        (("at least", "between"), r"value 18: 'between' needs two numbers \[low, high\]"),
        (('"at least"', '"one of"'), "value 18: 'one of' needs a list of values"),
        (('"age_years"', '"plane"'), "'at least' needs a column of numbers, plane is none"),
        (('"age_years"', '"image_position_mm"'), "column 'image_position_mm' is unknown"),
    ],
)
def test_an_impossible_rule_is_refused(
    tmp_path: Path, change: tuple[str, str], message: str
) -> None:
    text = write(tmp_path / "r.toml", f"[[rule]]\n{AGE.replace(*change)}")
    with pytest.raises(CohortError, match=rf"r\.toml: .*{message}") as caught:
        load_rules(text)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "has no rule: write one"),
        ("rule = 3", "has no rule: write one"),
        ("rules = []", "unknown entry 'rules': use name, more_reasons and"),
        ("more_reasons = 3", "'more_reasons' must be a list of texts"),
        ("[[rule]", "is not TOML"),
        (
            '[[rule]]\nstep="exclusion"\nreason="x"\nlisted_for=["fractur"]',
            r"rule 1 \(x\): reason 'fractur' is unknown: use fracture, .*or add it to more_reasons",
        ),
        ('[[rule]]\nstep="exclusion"\nreason="x"\nlisted_for=[]', "must be a list of reasons"),
        (f"[[rule]]\n{AGE}[[rule]]\n{AGE}", "rule 2: another rule has the reason 'young' too"),
        (
            '[[rule]]\nstep="inclusion"\nreason="x"\ncolumn="plane"\noperator="is"\nvalue=1',
            "value 1: plane needs a text",
        ),
        (
            '[[rule]]\nstep="inclusion"\nreason="x"\ncolumn="usable"\noperator="is"\nvalue=1',
            "value 1: usable needs true or false",
        ),
    ],
)
def test_an_impossible_file_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(CohortError, match=rf"r\.toml: .*{message}"):
        load_rules(write(tmp_path / "r.toml", text))


def test_no_such_rules() -> None:
    with pytest.raises(CohortError, match="rules 'none' are neither a readable file nor su2022"):
        load_rules("none")


def test_columns_of_all_kinds_can_be_used() -> None:
    types = column_types()
    assert types["usable"] is bool
    assert types["plane"] is str
    assert all(types[name] is float for name in ("age_years", "echo_time_ms", *COUNTS))

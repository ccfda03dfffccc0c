"""The chain of the paper: one small hospital up to its cohort, and the parts that judge it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from tests.cli.calls import call
from tests.evaluation.graded import sixteen_slices

from benchmarks.paper_chain.checks import Checks
from benchmarks.paper_chain.compare_reading import check_flow, check_reading
from benchmarks.paper_chain.compare_report import _ac1, _worst
from benchmarks.paper_chain.hospital import Group, Plan, build_hospital
from benchmarks.paper_chain.measured import READERS, external_plan, internal_plan, read_one
from benchmarks.paper_chain.noise import (
    ReaderNoise,
    agreement_of_two,
    agreement_with_oneself,
    confusion,
)
from benchmarks.paper_chain.reading import Given, grade_of, read_rows, reference_of, write_rows
from lumbargrade.errors import LumbargradeError
from lumbargrade.evaluation.match_records import reference_of as matched_reference
from lumbargrade.grading.system import GRADING_SYSTEMS
from lumbargrade.statistics.agreement.two_raters import confusion_table, gwet


class TestChecks:
    def test_lines_say_what_was_found_and_what_must_be(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        checks = Checks()
        checks.same("n", 3, 3)
        checks.same("share", 0.1 + 0.2, 0.3)
        checks.within("k", 0.9, 0.85, 0.95, 0.88)
        checks.end()
        checks.same("names", {"a"}, {"b"})
        assert capsys.readouterr().out.splitlines() == [
            "ok     n: 3",
            "ok     share: 0.3",
            "ok     k: 0.900 (0.850 to 0.950), put in 0.880",
            "ok     intervals that hold what was put in: 1 of 1, by chance up to 1 may miss",
            "3 checks, 0 wrong",
            "WRONG  names: {'a'}, must be {'b'}",
        ]
        with pytest.raises(LumbargradeError, match="1 checks are wrong, first: names"):
            checks.end()

    def test_intervals_may_miss_as_often_as_chance_lets_them(self) -> None:
        """Of twenty 95 % intervals four may miss, and not more."""
        checks = Checks()
        for number in range(20):
            checks.within("k", 0.9, 0.85, 0.95, 0.7 if number < 4 else 0.9)
        checks.end()
        checks = Checks()
        for number in range(20):
            checks.within("k", 0.9, 0.85, 0.95, 0.7 if number < 6 else 0.9)
        with pytest.raises(LumbargradeError, match="first: intervals that hold"):
            checks.end()


class TestNoise:
    @pytest.mark.parametrize("upward", [0.0, 0.3, 1.0])
    def test_each_row_is_a_distribution(self, upward: float) -> None:
        table = confusion(0.9, upward)
        assert np.allclose(table.sum(1), 1)
        assert np.allclose(np.diag(table), 0.9)
        assert table[1, 2] == pytest.approx(0.1 * upward)
        assert table[0, 1] == table[3, 2] == pytest.approx(0.1)

    def test_the_agreement_is_that_of_many_draws(self) -> None:
        """Of two readers, and of one who repeats half of their grades."""
        random = np.random.default_rng(3)
        truth = random.choice(4, 20_000, p=[0.6, 0.25, 0.1, 0.05])
        ann, bob = READERS
        first = np.array([ann.draw("LDH", int(one), random) for one in truth])
        other = np.array([bob.draw("LDH", int(one), random) for one in truth])
        anew = np.array([ann.draw("LDH", int(one), random) for one in truth])
        again = np.where(random.random(len(truth)) < ann.repeats, first, anew)
        tables = ann.table("LDH"), bob.table("LDH")
        expected = agreement_of_two(truth.tolist(), *tables)
        assert gwet(confusion_table(first, other, 4)) == pytest.approx(expected, abs=0.008)
        expected = agreement_with_oneself(truth.tolist(), tables[0], ann.repeats)
        assert gwet(confusion_table(first, again, 4)) == pytest.approx(expected, abs=0.008)

    def test_a_reader_who_never_errs_agrees_with_everybody_like_that(self) -> None:
        sure = ReaderNoise("Sure", {"LDH": 1.0}).table("LDH")
        assert agreement_of_two([0, 1, 2, 3], sure, sure) == 1
        assert agreement_with_oneself([0, 1, 2, 3], sure, 0.0) == 1


class TestReference:
    def test_what_both_gave_stands_and_the_rest_is_settled(self) -> None:
        one: Given = {("1", "LDH"): 2, ("2", "LDH"): None, ("3", "LDH"): 1, ("4", "LDH"): None}
        other: Given = {("1", "LDH"): 2, ("2", "LDH"): None, ("3", "LDH"): 2, ("4", "LDH"): 0}
        settled: Given = {("3", "LDH"): 1, ("4", "LDH"): 0}
        assert list(reference_of(one, other, settled).values()) == [2, None, 1, 0]

    def test_tables_are_read_as_they_were_written(self, tmp_path: Path) -> None:
        write_rows(tmp_path / "t.csv", [{"a": "1", "b": "x, y"}])
        assert read_rows(tmp_path / "t.csv") == [{"a": "1", "b": "x, y"}]
        assert [grade_of(one) for one in ("", "NA", "2")] == [None, None, 2]


class TestReportHelpers:
    def test_they_agree_with_the_package_on_every_slice_and_table(self) -> None:
        for one in sixteen_slices():
            for code, system in GRADING_SYSTEMS.items():
                assert _worst(one, code) == matched_reference(one, system)
        counts = np.random.default_rng(1).integers(0, 30, (4, 4))
        assert _ac1(counts) == pytest.approx(float(gwet(counts)))


class TestPlans:
    def test_ten_patients_or_more_are_left_for_an_interval(self) -> None:
        inside, outside = internal_plan(24), external_plan(24)
        strong = [
            name for name in inside.groups[0].scanners if name not in inside.groups[0].reasons
        ]
        left = inside.groups[0].patients * len(strong) // 3 - inside.few - len(inside.listed)
        assert left >= 10
        assert outside.groups[0].patients - len(outside.listed) >= 10


@pytest.fixture(scope="module")
def small() -> Plan:
    """Three patients of 3 T, of whom a list excludes one."""
    return Plan("A", (Group(3, 5, ("verio-3t",)),), few=0, listed=("artefact",))


def test_a_hospital_comes_from_its_archive_to_its_cohort(
    small: Plan, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every command up to the cohort; few patients are enough to count, not for an interval."""
    checks = Checks()
    read = read_one(tmp_path / "chain" / "A", small, False, call, checks)
    said = capsys.readouterr().out
    assert checks.wrong == [], said
    assert checks.intervals.count(True) > len(checks.intervals) / 2
    assert checks.made > 20
    people = read.hospital.people
    assert Counter(one.reason for one in people) == {"": 2, "severe artefact": 1}
    # The simulated patients are there now, and used again.
    again = build_hospital(tmp_path / "again", tmp_path / "simulated", small, call)
    assert again.people == people
    broken = Checks()
    rows = read_rows(read.hospital.folder / "READ" / "disagreements.csv")
    write_rows(read.hospital.folder / "READ" / "disagreements.csv", rows[:-1] or [{"a": "b"}] * 3)
    check_flow(read, "A", broken)
    check_reading(read, "A", broken)
    assert "A, disagreements" in broken.wrong

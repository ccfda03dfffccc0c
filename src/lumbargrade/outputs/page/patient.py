"""Who was examined, when and by which scanner, as far as the headers say."""

from __future__ import annotations

from lumbargrade.outputs.page.words.language import Words
from lumbargrade.study.dicom.references import age_years, decoded, sex
from lumbargrade.study.graded import GradedStudy
from lumbargrade.study.intake.divide import date_of


def patient_of(graded: GradedStudy, words: Words) -> tuple[tuple[str, str], ...]:
    """Return what is known of patient and study as (title, value); the Patient ID in any case.

    No name and no date of birth: the page has the ID, as all other files.
    """
    patient = graded.grades.patient_id or words("head.not_given")
    rows = [(words("head.patient"), patient)]
    stored = next(iter(graded.references.values()), None)
    if stored is not None:
        header = decoded(stored)
        years, letter = age_years(header), sex(header)
        rows += [
            (words("head.study_date"), date_of(str(header.get("StudyDate") or ""))),
            (words("head.age"), "" if years is None else words("head.years", years=years)),
            (words("head.sex"), words(f"head.sex_{letter}") if letter else ""),
        ]
    rows.append((words("head.scanner"), graded.scanner))
    return tuple((title, value) for title, value in rows if value)

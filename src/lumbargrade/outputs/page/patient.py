"""Who was examined, when and by which scanner, as far as the headers say."""

from __future__ import annotations

import string
from collections.abc import Sequence

from lumbargrade.files.clean_text import cleaned
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


def running_head(patient: Sequence[tuple[str, str]], words: Words) -> str:
    """Return what stands at the head of each printed page, as a string of a style sheet.

    Only letters and digits of ASCII stand in it as they are: nothing can end the string.

    Examples
    --------
    >>> from lumbargrade.outputs.page.words.language import words_of
    >>> running_head([("ID", '"}')], words_of())[:26]
    '"ID\\\\00003a \\\\000020 \\\\000022'
    """
    told = [f"{title}: {value}" for title, value in patient]
    text = cleaned(" · ".join([*told, words("research_use")]))
    plain = string.ascii_letters + string.digits
    return '"' + "".join(c if c in plain else f"\\{ord(c):06x} " for c in text) + '"'

"""``lumbargrade cohort``: what comes in from readers, reports and public sets, and what goes out.

Signatures and help texts, nothing else; ``cohort_app`` adds them to its commands.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

exchange_app = typer.Typer()


class LowestLevel(StrEnum):
    """Disc levels, as an option names them."""

    L1_L2 = "L1/L2"
    L2_L3 = "L2/L3"
    L3_L4 = "L3/L4"
    L4_L5 = "L4/L5"
    L5_S1 = "L5/S1"


class ExportFormat(StrEnum):
    """What a cohort can be exported as."""

    CSV = "csv"
    PARQUET = "parquet"
    COCO = "coco"
    SR = "sr"


class PublicSet(StrEnum):
    """Public sets whose original folders can be read."""

    SPIDER = "spider"
    RSNA2024 = "rsna2024"
    LUMBAR_MENDELEY = "lumbar-mendeley"


@exchange_app.command()
def reports(
    notes: Annotated[
        Path,
        typer.Argument(
            metavar="NOTES.csv",
            help="Table with one report per row: patient_id, note.",
            readable=False,
        ),
    ],
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="OUT", help="Output folder.", readable=False)
    ],
    against: Annotated[
        Path | None,
        typer.Option(
            metavar="LEVELS.csv",
            help="A manual reading of the same reports (patient_id, level, "
            "clinical_significance, bulge) as the reference for precision and recall.",
            readable=False,
        ),
    ] = None,
    patient_column: Annotated[
        str, typer.Option(metavar="NAME", help="Column with the patient ID.")
    ] = "patient_id",
    text_column: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Column with the report text. Default: note, else text, else report.",
        ),
    ] = None,
) -> None:
    """Extract findings and weak labels from free-text reports.

    Rule-based, no network: each finding comes with the sentence that states it. Possible
    exclusions (fracture, inflammation, malignancy, surgery, artefact) are listed for manual
    review; no patient is excluded here.

    \b
    NOTES.csv:
      patient_id,note
      P1,"Left paracentral disc protrusion at L4-L5, compressing the L5 root."
    Extract the findings, then measure precision and recall:
      lumbargrade cohort reports NOTES.csv -o OUT
      lumbargrade cohort reports NOTES.csv -o OUT --against LEVELS.csv

    Writes findings.csv, weak_labels.csv and exclusions.csv; with --against also
    accuracy.csv and disagreements.csv.
    """
    from lumbargrade.cli.cohort import reports as command

    command.run(notes, out, against, patient_column, text_column)


@exchange_app.command(name="import")
def import_(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="COHORT|STUDIES",
            help="Cohort, or a folder with one subfolder of DICOM files per study.",
        ),
    ],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="NEW_COHORT", help="New folder.")],
    regions: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="Regions: .voi or .nii of MRIcroGL, .mha, CSV, COCO .json, or a folder of "
            "drawings; repeat for several.",
        ),
    ] = None,
    grades: Annotated[Path | None, typer.Option(metavar="FILE", help="CSV of grades.")] = None,
    contrast: Annotated[
        str, typer.Option(help="Contrast of the axial slices with drawn regions: t2, t1, pd.")
    ] = "t2",
    lowest_level: Annotated[
        LowestLevel | None,
        typer.Option(
            help="Disc of the most caudal axial slices; levels are counted cranially from it."
        ),
    ] = None,
    external: Annotated[
        bool,
        typer.Option("--external", help="Mark as an external test set, never used for training."),
    ] = False,
    flow: Annotated[
        Path | None,
        typer.Option(
            metavar="FLOW", help="Import only what `cohort flow` included, under its pseudonyms."
        ),
    ] = None,
    key: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Key of the index behind FLOW; the tables may name patients and UIDs by its "
            "pseudonyms.",
            readable=False,
        ),
    ] = None,
    reader: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Of several readers, whose grades are the reference. Default: grades on which "
            "two or more agree and nobody differs; the others are left out and listed.",
        ),
    ] = None,
    unread: Annotated[
        bool,
        typer.Option(
            "--unread",
            help="Take in every axial slice that `grade` would grade, for readers to read: needs "
            "neither regions nor grades.",
        ),
    ] = False,
) -> None:
    """Import readers' regions and grades into a cohort.

    \b
      lumbargrade cohort import STUDIES --regions MASKS --grades grades.csv -o COHORT
    grades.csv:
      patient,file,level,system,side,grade
      case1,axial/0004.dcm,L4/L5,LDH,,2
      case1,axial/0004.dcm,L4/L5,LNRC,left,1
    boxes.csv (pixels from the upper left corner):
      patient,file,x,y,w,h
      case1,axial/0004.dcm,120,140,80,80

    Regions are matched to slices by position in the patient. The first ten
    errors are listed with their rows, and then nothing is written. From an archive, only the
    patients a flow included:
      lumbargrade cohort import STUDIES --grades grades.csv --flow FLOW --key INDEX.key -o COHORT

    \b
    Where nobody has read yet: first a cohort to read, then one with what was read:
      lumbargrade cohort import STUDIES --unread --flow FLOW --key INDEX.key -o UNREAD
      lumbargrade cohort import UNREAD --regions boxes.csv --grades reference.csv -o COHORT
    """
    from lumbargrade.cli.cohort import imports as command
    from lumbargrade.cohort.imports.filling import ImportOptions
    from lumbargrade.grading.level import Level

    level = None if lowest_level is None else Level(lowest_level.value)
    options = ImportOptions(contrast, level, external, flow, key, reader, unread)
    command.run(source, regions or [], grades, out, options)


@exchange_app.command(name="export")
def export(
    cohort: Annotated[Path, typer.Argument(metavar="COHORT", help="Cohort with truth files.")],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="OUT", help="New folder.")],
    format_: Annotated[
        ExportFormat, typer.Option("--format", help="Table, COCO JSON or DICOM SR.")
    ] = ExportFormat.CSV,
) -> None:
    """Export regions and grades of a cohort for other software.

    \b
      lumbargrade cohort export COHORT -o OUT --format csv
    csv, parquet: one row per grade, with the region; parquet needs the `cohort` extra
    coco: boxes as annotations, grades as their attributes
    sr: one DICOM structured report (TID 1500) per study, with the patient data of its headers
    """
    from lumbargrade.cli.cohort import export as command

    command.run(cohort, out, format_.value)


@exchange_app.command(name="adapt")
def adapt(
    public_set: Annotated[PublicSet, typer.Argument(metavar="SET", help="Name of the data set.")],
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Its unpacked folder.")],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="COHORT", help="New folder.")],
) -> None:
    """Convert the original folder of a public data set to a cohort.

    \b
      lumbargrade cohort adapt rsna2024 rsna-2024-lumbar-spine -o COHORT
    SET is spider, rsna2024 or lumbar-mendeley.

    The labels of these data sets are not LDH, LCCS or LNRC and are not converted: they keep
    their own names, in the truth files and in labels.csv.
    """
    from lumbargrade.cli.cohort import adapt as command

    command.run(public_set.value, folder, out)

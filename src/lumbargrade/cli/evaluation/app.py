"""``lumbargrade evaluate``, ``agreement`` and ``matrix``: how good a model is, how alike readers.

Signatures and help texts, nothing else; ``main`` adds them to its commands.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

evaluate_app = typer.Typer()


@evaluate_app.command()
def evaluate(
    predictions: Annotated[
        Path, typer.Argument(metavar="PREDICTIONS", help="Folder that `grade` wrote.")
    ],
    cohorts: Annotated[
        list[Path],
        typer.Argument(
            metavar="COHORT...",
            help="Cohort with reference grades; several for internal and external sets.",
        ),
    ],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="OUT", help="Output folder.")],
    split: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="split.json of the training run: the evaluation is refused if any of its training "
            "or validation patients was graded.",
        ),
    ] = None,
    only_unseen: Annotated[
        bool,
        typer.Option(
            "--only-unseen",
            help="Leave graded training and validation patients out (needs --split).",
        ),
    ] = False,
    compare: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="OTHER",
            help="Another grader of the same studies, for comparison: a folder that `grade` wrote, "
            "or a table of readings (see `agreement`); repeat for several.",
        ),
    ] = None,
    measures: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="TABLE",
            help="Measures of a reader on the same slices, to compare with those of the model: a "
            "CSV as `grade` writes it (measures.csv); repeat for several readers.",
        ),
    ] = None,
    key: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Key of an index: tables of readings, or the cohort, may then name patients and "
            "images by their pseudonyms.",
            readable=False,
        ),
    ] = None,
    crosswalk: Annotated[
        str | None,
        typer.Option(
            metavar="NAME|FILE",
            help="Compare with the labels of a public set that grades otherwise (labels.csv of "
            "`cohort adapt`): rsna2024, or a TOML file that states which grades answer to which.",
        ),
    ] = None,
    model: Annotated[
        Path | None,
        typer.Option(
            metavar="BUNDLE",
            help="The bundle that graded, to show calibration before temperature scaling too. Not "
            "needed for the packaged model.",
        ),
    ] = None,
    error_limit: Annotated[
        float,
        typer.Option(
            min=0, max=1, help="Acceptable share of wrong grades; determines how many need review."
        ),
    ] = 0.05,
) -> None:
    """Compare grades with the reference grades of a cohort.

    A full results section: agreement and accuracy by image, level and patient, for each
    grade and subgroup, with intervals over patients and the figures of Su et al. 2022;
    calibration, sets of grades, and referral for review. Writes report.html, report.pdf,
    tables as CSV, evaluation.json and model-card.md. Needs the `report` extra.

    \b
    Compare a model with another model and with readers, on the same studies:
      lumbargrade evaluate GRADED COHORT -o OUT --compare GRADED_2 --compare READINGS.csv

    \b
    Compare measures with those of a reader (Bland-Altman, ICC):
      lumbargrade evaluate GRADED COHORT -o OUT --measures READER.csv
    READER.csv:
      sop_instance_uid,frame_number,measure,side,value
      1.2.840.1,1,sac_area_mm2,,112.4
      1.2.840.1,1,recess_depth_mm,left,4.1

    \b
    Compare with a public set that grades otherwise, here RSNA 2024 (LumbarDISC):
      lumbargrade cohort adapt rsna2024 rsna-2024-lumbar-spine -o COHORT
      lumbargrade grade COHORT -o GRADED
      lumbargrade evaluate GRADED COHORT -o OUT --crosswalk rsna2024
    Canal severity is compared with LCCS, subarticular severity with LNRC of the same side: order
    (area under the curve at each cut, rank correlation, concordance) by the expected grade, then
    agreement after a stated merging of grades. Writes report.html, report.pdf, crosswalk.json,
    crosswalk.csv, compared.csv (each label) and tables. FILE, for another set:
      reach_mm = 6.0
      [[maps]]
      reference = "RSNACANAL"
      model = "LCCS"
      merge = { "normal or mild" = [0, 1], "moderate" = [2], "severe" = [3] }
    with name, title, source, reach_source, and why and differs of each map, as in the package's
    grading/crosswalks/rsna2024.toml.
    """
    if crosswalk is not None:
        from lumbargrade.cli.evaluation import crosswalk as comparison

        refused = {"--compare": compare, "--measures": measures}
        comparison.run(
            predictions, cohorts, out,
            (crosswalk, split, model, only_unseen), [name for name in refused if refused[name]],
        )  # fmt: skip
        return
    from lumbargrade.cli.evaluation import evaluate as command

    command.run(
        predictions, cohorts, out, split, compare or [], model, error_limit, only_unseen,
        measures or [], key,
    )  # fmt: skip


@evaluate_app.command()
def agreement(
    readings: Annotated[
        Path,
        typer.Argument(
            metavar="READINGS.csv",
            help="Table with the columns reader, patient, image, system, grade, and side for "
            "systems graded per side; or one row per image with columns such as LDH_Ann, LDH_Bob.",
        ),
    ],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="OUT", help="Output folder.")],
    model: Annotated[
        str | None,
        typer.Option(
            metavar="READER", help="The reader that is a model; compares it with the human readers."
        ),
    ] = None,
    key: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Key of an index: some rows may then name patients and images by "
            "their pseudonyms.",
            readable=False,
        ),
    ] = None,
) -> None:
    """Measure inter-reader agreement: pairwise and overall.

    Gwet AC1 and AC2 and weighted kappas, each with three intervals. `independent`, usual in
    publications, treats images as independent and is too narrow if patients have several.
    `clustered` and `bootstrap` are over patients: report one of these.

    \b
    READINGS.csv:
      reader,patient,image,system,side,grade
      Ann,P1,P1-L4,LDH,,2
      Bob,P1,P1-L4,LDH,,1
      Ann,P1,P1-L4,LNRC,left,0
      Bob,P1,P1-L4,LNRC,left,1

    \b
    Or one image a row:
      patient,image,LDH_Ann,LDH_Bob,LNRC_left_Ann,LNRC_left_Bob
      P1,P1-L4,2,1,0,1

    The same tables go into `cohort import --grades` and `evaluate --compare`.
    An empty grade or a missing row is a missing reading. Readings of a later round, or with the
    model's help (columns round and arm), are left out: see `reader-study`. With a column level,
    agreement at each level, too.
    Writes agreement.csv, agreement.json, benchmark.csv (what it may be called) and levels.csv.
    """
    from lumbargrade.cli.evaluation import agreement as command

    command.run(readings, out, model, key)


@evaluate_app.command()
def matrix(
    counts: Annotated[
        Path,
        typer.Argument(
            metavar="COUNTS.csv",
            help="Published counts: rows reference, columns given; 2 to 10 grades.",
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="OUT", help="Also write the tables to this folder."),
    ] = None,
    claims: Annotated[
        Path | None,
        typer.Option(
            metavar="CLAIMS.csv",
            help="Figures that the paper prints, to be compared with its counts.",
        ),
    ] = None,
) -> None:
    """Compute the tables of a published confusion matrix, and check what is claimed of it.

    Accuracy beside the majority class, agreement beside its level of chance, each grade and each
    dichotomy. Intervals take images as independent, as counts do not say whose they are. With -o
    also report.html, report.pdf, matrix.csv, matrix.json and tables (needs the `report` extra).

    \b
    COUNTS.csv, or the bare numbers of one system:
      system,reference,0,1,2,3
      LDH,0,1034,85,2,0
      LDH,1,109,700,53,2
      LDH,2,1,87,182,17
      LDH,3,0,2,6,19

    \b
    CLAIMS.csv: each figure as it is printed; `of`: of how many images, if the paper says so:
      system,figure,grade,value,low,high,of
      LDH,accuracy,,84.2 %,,,2299
      LDH,precision,2,74.9,,,
      LDH,ac1,,0.80,0.78,0.82,
      LDH,sensitivity,1,90.7,,,

    A claim fits, fits if cut off instead of rounded, does not fit the counts (and which other
    figure it is, if any), or is not possible: no share of so many images has these digits.
    """
    from lumbargrade.cli.evaluation import matrix as command

    command.run(counts, out, claims)

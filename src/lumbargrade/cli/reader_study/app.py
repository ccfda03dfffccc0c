"""The ``lumbargrade reader-study`` commands: signatures and help texts, nothing else."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

reader_study_app = typer.Typer(
    name="reader-study",
    no_args_is_help=True,
    rich_markup_mode=None,
    help="""Studies of readers, with and without a model.

    \b
    Would it show if a reader were replaced by the model? Needs no reference:
      lumbargrade reader-study interchange READINGS.csv --model net --margin 0.05 -o OUT
    Does the model agree with a reference no less than readers do?
      lumbargrade reader-study noninferiority READINGS.csv --model net --reference ref \\
        --margin 0.05 -o OUT
    What does the model's proposal do to readers, in agreement and seconds?
      lumbargrade reader-study assisted READINGS.csv --reference ref -o OUT
    How well do readers agree with themselves?
      lumbargrade reader-study repeats READINGS.csv -o OUT
    Areas under the ROC curve, readers as random (Obuchowski-Rockette):
      lumbargrade reader-study areas READINGS.csv --reference ref --model net -o OUT
    How many patients and readers does the next study need?
      lumbargrade reader-study size PILOT.csv --width 0.1 -o OUT

    Agreement between readers: `lumbargrade agreement`.

    \b
    READINGS.csv, as for `agreement`, with columns that the reading room exports; give several
    tables if the model's or the reference's grades stand in one of their own:
      reader,patient,image,system,side,grade,round,arm,seconds
      Ann,P1,P1-L4,LDH,,2,1,plain,31
      Ann,P1,P1-L4,LDH,,2,2,assisted,22
      net,P1,P1-L4,LDH,,2,,,
      ref,P1,P1-L4,LDH,,1,,,
    A table without a column reader is of one reader, named as the file: ref.csv.
    """,
)

Readings = Annotated[
    list[Path],
    typer.Argument(metavar="READINGS.csv...", help="Table of readings; several are one study."),
]
Out = Annotated[Path, typer.Option("--out", "-o", metavar="OUT", help="Output folder.")]
Key = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Key of an index: tables may then name patients and images by pseudonyms.",
        readable=False,
    ),
]
Model = Annotated[str, typer.Option(metavar="READER", help="The reader that is the model.")]
Reference = Annotated[
    str, typer.Option(metavar="READER", help="The reader that is the reference standard.")
]
MaybeModel = Annotated[
    str | None, typer.Option(metavar="READER", help="The reader that is the model, if any.")
]
MaybeReference = Annotated[
    str | None,
    typer.Option(metavar="READER", help="The reader that is the reference standard, if any."),
]


class Coefficient(StrEnum):
    """Coefficients of agreement by which a study can decide."""

    AC1 = "ac1"
    AC2_LINEAR = "ac2_linear"
    AC2_QUADRATIC = "ac2_quadratic"
    AC2_ORDINAL = "ac2_ordinal"
    KAPPA = "kappa"
    KAPPA_LINEAR = "kappa_linear"
    KAPPA_QUADRATIC = "kappa_quadratic"


Decides = Annotated[
    Coefficient, typer.Option(help="The coefficient that decides; fix it before the study.")
]


@reader_study_app.callback()
def _group() -> None:
    pass


@reader_study_app.command()
def interchange(
    readings: Readings,
    out: Out,
    model: Model,
    margin: Annotated[
        float | None,
        typer.Option(
            min=0,
            max=1,
            help="Share of agreement that may be lost (0.05 = 5 %), fixed before the study.",
        ),
    ] = None,
    reference: Annotated[
        str | None,
        typer.Option(metavar="READER", help="A reference standard, left out: it is no reader."),
    ] = None,
    key: Key = None,
) -> None:
    """Test whether the model is interchangeable with a reader.

    Two readers give the same grade to a share of images. Replace one of the two by the model: the
    share changes. The difference is Obuchowski's individual equivalence index, with its interval
    over resampled patients; above 0, agreement is lost. No reference is needed, so nothing is said
    about who is right. Writes interchange.csv and interchange.json.
    """
    from lumbargrade.cli.reader_study import run as command

    command.interchange(command.Source(tuple(readings), model, reference, key), out, margin)


@reader_study_app.command()
def noninferiority(
    readings: Readings,
    out: Out,
    model: Model,
    reference: Reference,
    margin: Annotated[
        float,
        typer.Option(
            min=0, max=1, help="How much lower the coefficient may be, fixed before the study."
        ),
    ],
    coefficient: Decides = Coefficient.AC1,
    key: Key = None,
) -> None:
    """Test whether the model agrees with the reference no less than readers do.

    The mean of the readers' agreement with the reference is subtracted from the model's, on the
    same images. Non-inferior: the lower end of the 95 % interval (a one-sided bound of 97.5 %) lies
    above minus the margin. Said twice: for these readers on other patients, and for readers like
    these. The reference must not be made by these readers: it would favour them. Writes
    noninferiority.csv and noninferiority.json.
    """
    from lumbargrade.cli.reader_study import run as command

    source = command.Source(tuple(readings), model, reference, key)
    command.noninferiority(source, out, margin, coefficient.value)


@reader_study_app.command()
def assisted(
    readings: Readings,
    out: Out,
    reference: MaybeReference = None,
    model: MaybeModel = None,
    key: Key = None,
) -> None:
    """Measure what the model's proposal does to readers.

    Columns `arm` (plain or assisted) and `seconds`. A reader may read each patient in both arms,
    or some patients in one and some in the other. Agreement with the reference, and the seconds a
    grade takes (a ratio of geometric means), with intervals for these readers and for readers like
    these. Agreement between readers rises by itself if both follow the model, so it is not
    measured. Writes assisted.csv and assisted.json.
    """
    from lumbargrade.cli.reader_study import run as command

    command.assisted(command.Source(tuple(readings), model, reference, key), out)


@reader_study_app.command()
def repeats(
    readings: Readings,
    out: Out,
    reference: MaybeReference = None,
    model: MaybeModel = None,
    key: Key = None,
) -> None:
    """Measure intra-reader agreement: of rounds 1 and 2, without the model's help.

    Column `round`. Each reader, and the mean over readers. Writes repeats.csv and repeats.json.
    """
    from lumbargrade.cli.reader_study import run as command

    command.repeats(command.Source(tuple(readings), model, reference, key), out)


@reader_study_app.command()
def areas(
    readings: Readings,
    out: Out,
    reference: Reference,
    model: MaybeModel = None,
    key: Key = None,
) -> None:
    """Measure the area under the ROC curve at each dichotomy of the reference.

    The score is the grade. Readers in each arm, the change from plain to assisted, and the model
    less the readers, by the method of Obuchowski and Rockette: readers and patients vary, degrees
    of freedom by Hillis, covariances by leaving out one patient at a time. A model's area from its
    four grades is smaller than that from its probabilities (`evaluate`). Writes areas.csv and
    areas.json.
    """
    from lumbargrade.cli.reader_study import run as command

    command.areas(command.Source(tuple(readings), model, reference, key), out)


@reader_study_app.command()
def size(
    readings: Readings,
    out: Out,
    width: Annotated[
        float | None,
        typer.Option(min=0, max=2, help="Wanted width of the 95 % interval of the agreement."),
    ] = None,
    margin: Annotated[
        float | None,
        typer.Option(
            min=0, max=1, help="Margin of non-inferiority; needs --model and --reference."
        ),
    ] = None,
    expected: Annotated[
        float,
        typer.Option(min=-1, max=1, help="Expected true difference, model less readers."),
    ] = 0.0,
    power: Annotated[
        float, typer.Option(min=0.5, max=0.99, help="Chance to show non-inferiority.")
    ] = 0.8,
    coefficient: Decides = Coefficient.AC1,
    reference: MaybeReference = None,
    model: MaybeModel = None,
    key: Key = None,
) -> None:
    """Count the patients and readers that the next study needs, from a pilot.

    With --width: for an interval of the readers' agreement with the reference that is not wider,
    or, without one, of two readers' agreement. With --margin: to show non-inferiority. For the
    same readers, and for 3 to 15 readers like these. A small pilot gives an order of magnitude.
    Writes sizes.csv, size.csv (the pilot) and size.json.
    """
    from lumbargrade.cli.reader_study import run as command

    source = command.Source(tuple(readings), model, reference, key)
    command.size(source, out, coefficient.value, command.wish(width, margin, expected, power))

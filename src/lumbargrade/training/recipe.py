"""Every setting of a training run, and its meaning.

The field documentation here is the reference; ``recipes/*.toml`` repeat it line by line.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from lumbargrade.cohort.split.stratify import DEFAULT_SHARES
from lumbargrade.inference.bundle_json import OUTLINES_INPUT, PICTURE_INPUT
from lumbargrade.study.squares import DRAWN, FIXED, FIXED_SQUARE, RegionRule


@dataclass(frozen=True)
class OutputSettings:
    """What is learned."""

    systems: tuple[str, ...] = ("LDH", "LCCS", "LNRC")
    """Codes of the grading systems; one alone gives a single-task network."""
    sides: bool = True
    """One head per side for per-side systems; false: one head at image level."""
    disc_head: bool = True
    """A further head that says whether a disc lies in the plane of the slice."""
    mirror_average: bool = False
    """The bundle's grade is the mean of those of a slice and of its mirror image."""
    auxiliary: tuple[str, ...] = ()
    """Files of grading systems, seen from the recipe, that are learned and not shipped."""
    auxiliary_weight: float = 0.5
    """Weight of the loss of the auxiliary systems beside that of the others."""
    measures: tuple[str, ...] = ()
    """Measures of the truth files that are learned and shipped; those nobody knows are dropped."""
    measure_weight: float = 1.0
    """Weight of the loss of the measures."""


@dataclass(frozen=True)
class LabelSettings:
    """What is taken for the truth of a training slice that several readers graded."""

    soft: str = ""
    """share or dawid-skene: the probability of each grade by the readings.csv in a cohort's folder
    (``annotation.soft_labels``), which takes the place of its grades; empty: its grades."""


@dataclass(frozen=True)
class NetworkSettings:
    """The network."""

    backbone: str = "resnet50"
    """resnet18, resnet34 or resnet50."""
    imagenet_weights: str = ""
    """Local file with torchvision's weights to start from; empty: from scratch."""
    start_from: str = ""
    """Model bundle to go on from: default (the one in the package), a folder or a zip."""


@dataclass(frozen=True)
class InputSettings:
    """The picture that the network sees."""

    contrasts: tuple[str, ...] = ("t2",)
    """Contrasts to train on; the bundle refuses others."""
    also_contrasts: tuple[str, ...] = ()
    """Further contrasts to train on, which the bundle refuses all the same."""
    region: str = FIXED
    """fixed (a square of size_mm) or drawn (each slice's drawn box, made square and expanded; a
    slice without a box is then not learned from)."""
    expand: float = 1.2
    """Edge of a drawn region's square, as a multiple of the box's longer edge."""
    size_mm: float = 75.0
    """Edge length of a fixed square; with drawn ones, the scale of [augment] shift_mm alone."""
    pixels: int = 128
    """Edge length of the square in pixels."""
    margin_px: int = 28
    """Pixels kept around the square in the cache, so that augmentation stays inside."""
    outlines: bool = False
    """Maps of disc, sac, canal, facets and roots as further channels, drawn by the outline
    network of the bundle that the run starts from, else of the one in the package."""

    @property
    def rule(self) -> RegionRule:
        """How large the square of a slice is."""
        return RegionRule(DRAWN, self.expand) if self.region == DRAWN else FIXED_SQUARE

    @property
    def channels(self) -> tuple[str, ...]:
        """Names of the channels of the network's input."""
        return OUTLINES_INPUT if self.outlines else PICTURE_INPUT


@dataclass(frozen=True)
class AugmentSettings:
    """Random changes of a training picture; 0 switches one off."""

    rotation_deg: float = 15.0
    """Uniform in +- this."""
    shift_mm: float = 0.0
    """Uniform in +- this, along both axes: the random crop."""
    scale: float = 0.0
    """Uniform in 1 +- this."""
    mirror: float = 0.0
    """Probability of exchanging left and right, with their grades."""
    gamma: float = 0.0
    """Exponent uniform in exp(+- this)."""
    contrast: float = 0.0
    """Factor uniform in 1 +- this."""
    gradient: float = 0.0
    """Largest linear change of brightness across the picture."""
    tone: float = 0.0
    """Largest bend of the tone curve (darker or brighter fat, muscle, nucleus)."""
    noise: float = 0.0
    """Largest standard deviation of added noise; fat and CSF are near 1."""
    blur: float = 0.0
    """Probability of a slight blur."""
    any_tone: float = 0.0
    """Probability of a tone curve made at random: rising, falling, or part of neither."""
    outline_dropout: float = 0.0
    """Probability of a slice without its outlines' maps, as where nothing could be drawn."""


@dataclass(frozen=True)
class BendSettings:
    """Slices without findings that are bent to known grades (``phantom.bending``)."""

    per_slice: int = 0
    """Bends of each real slice without findings; 0: none."""
    t2_share: float = 0.5
    """Share of the bends whose sac is painted as on T2, with roots."""


@dataclass(frozen=True)
class SamplingSettings:
    """How often a slice is seen."""

    rare_power: float = 0.0
    """0: every slice once an epoch; 1: every grade equally often; between: between."""
    max_weight: float = 8.0
    """A rare slice is seen at most this many times as often as a common one."""
    sites: tuple[tuple[str, float], ...] = ()
    """(cohort folder, or "bends", and its share of an epoch): the others divide the rest."""
    parts: tuple[float, float, float] = DEFAULT_SHARES
    """Shares of the patients for training, validation and test, where no split is followed."""


@dataclass(frozen=True)
class OptimiserSettings:
    """How the weights are found."""

    name: str = "adamw"
    """adam (weight decay as L2 penalty) or adamw."""
    learning_rate: float = 1e-3
    """Peak learning rate."""
    weight_decay: float = 1e-4
    """Weight decay."""
    batch: int = 16
    """Slices a step and process."""
    epochs: int = 100
    """Passes over the training slices."""
    schedule: str = "constant"
    """constant, cosine, or onecycle (warm-up, then cosine)."""
    warmup: float = 0.1
    """Share of the training that onecycle warms up."""
    stages: tuple[tuple[float, int], ...] = ((0.0, 128),)
    """(from this share of the training, picture size in pixels): smaller is faster."""
    ema_decay: float = 0.0
    """Moving average of the weights, which is what is scored and exported; 0: off."""
    ordinal_smoothing: float = 0.0
    """Share of a label that goes to its neighbouring grades."""
    gradient_clip: float = 0.0
    """Largest norm of the gradient; 0: off."""
    precision: str = "auto"
    """auto (bf16 where the machine has it), bf16-mixed or 32-true."""
    patience: int = 0
    """Epochs without a better macro recall before an early stop; 0: off."""
    max_minutes: float = 0.0
    """Time for the grader; the schedule then follows the clock. 0: by epochs alone."""
    seed: int = 7
    """Of weights, order and augmentation."""


@dataclass(frozen=True)
class LocatorSettings:
    """The small network that finds the canal on a whole slice."""

    enabled: bool = True
    """false: no locator, `grade` then needs a box."""
    epochs: int = 6
    """Passes over the training slices."""
    max_minutes: float = 0.0
    """Time for the locator; its schedule then follows the clock. 0: by epochs alone."""
    batch: int = 32
    """Slices a step."""
    learning_rate: float = 2e-3
    """Peak learning rate (one cycle)."""
    rotation_deg: float = 20.0
    """Uniform in +- this."""
    shift_mm: float = 50.0
    """Uniform in +- this, along both axes."""
    scale: float = 0.25
    """Uniform in exp(+- this)."""


@dataclass(frozen=True)
class Recipe:
    """All settings of a run."""

    name: str = "default"
    outputs: OutputSettings = field(default_factory=OutputSettings)
    labels: LabelSettings = field(default_factory=LabelSettings)
    network: NetworkSettings = field(default_factory=NetworkSettings)
    input: InputSettings = field(default_factory=InputSettings)
    augment: AugmentSettings = field(default_factory=AugmentSettings)
    bends: BendSettings = field(default_factory=BendSettings)
    sampling: SamplingSettings = field(default_factory=SamplingSettings)
    optimiser: OptimiserSettings = field(default_factory=OptimiserSettings)
    locator: LocatorSettings = field(default_factory=LocatorSettings)

"""The Lightning module: batches, steps, moving average and scores of an epoch."""

from __future__ import annotations

import copy
import time
from pathlib import Path
from typing import Any

import lightning
import torch
from torch import Tensor
from torch.optim.swa_utils import get_ema_multi_avg_fn

from lumbargrade.inference.bundle_json import OutputSpec
from lumbargrade.study.patch import PatchSpec
from lumbargrade.training.augment import Random, augment_patches, centre_crop, swap_sides
from lumbargrade.training.data import (
    SOFT,
    Batch,
    BatchLoader,
    SliceTable,
    epoch_order,
    sampling_weights,
)
from lumbargrade.training.heads import (
    confusion,
    describe,
    grading_loss,
    mirror_order,
    side_pairs,
    worse_side_given,
)
from lumbargrade.training.material.sites import share_sites
from lumbargrade.training.network import Grader, grader_of
from lumbargrade.training.recipe import Recipe
from lumbargrade.training.schedule import rate_factor, share_over, stage_pixels
from lumbargrade.training.tasks.auxiliary import divided
from lumbargrade.training.tasks.further import FurtherTasks
from lumbargrade.training.tasks.measures import scale_of
from lumbargrade.training.warm_start import start_from, start_measures, starting_bundle

VALIDATION_BATCH = 64
WARM_START_SLICES = 128
"""Training slices on which the batch norms of a starting bundle are measured."""


class GradingTask(lightning.LightningModule):
    """Learns the grades of patches; ``specs`` are the heads in the order of the label columns.

    Auxiliary heads come last; ``self.specs`` are the others.
    """

    def __init__(
        self,
        recipe: Recipe,
        specs: tuple[OutputSpec, ...],
        train: SliceTable,
        validation: SliceTable,
    ) -> None:
        super().__init__()
        self.recipe = recipe
        self.specs, auxiliary = divided(specs, recipe.outputs)
        self.further = FurtherTasks(recipe.outputs, auxiliary)
        self.tables = {"train": train, "validation": validation}
        self.network = grader_of(recipe, specs)
        if self.network.measures is not None and train.measures is not None:
            self.network.measures.set_scale(scale_of(train.measures))
        # The layout in which convolutions are fastest on CPU and GPU alike.
        self.network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.average: Grader | None = None
        if recipe.optimiser.ema_decay > 0:
            self.average = copy.deepcopy(self.network).requires_grad_(False)
        self.order = mirror_order([spec.name for spec in specs])
        self.field = PatchSpec(recipe.input.size_mm, recipe.input.pixels)
        self.spent_s = 0.0
        self.updates = 0
        self.pixels = recipe.input.pixels
        self._tables: dict[str, Tensor] = {}
        self._loader: BatchLoader | None = None
        self._epoch_started = self._fit_started = time.perf_counter()
        self._trained_s = 0.0

    @property
    def scored(self) -> Grader:
        """The network that is scored and exported: the moving average, where there is one."""
        return self.network if self.average is None else self.average

    # ---- data

    def train_dataloader(self) -> BatchLoader:
        """Return this epoch's batches (Lightning asks anew for each epoch)."""
        table, settings = self.tables["train"], self.recipe.sampling
        weights = sampling_weights(
            table.labels, self.specs, settings.rare_power, settings.max_weight
        )
        if table.sites is not None:
            weights = share_sites(weights, table.sites, settings.sites)
        optimiser = self.recipe.optimiser
        order = epoch_order(weights, optimiser.seed, self.current_epoch)
        place = (self.trainer.global_rank, self.trainer.world_size)
        self._loader = BatchLoader.for_process(table, order, optimiser.batch, place)
        return self._loader

    def val_dataloader(self) -> BatchLoader:
        """Return this process's share of the validation slices."""
        table = self.tables["validation"]
        order = torch.arange(self.trainer.global_rank, len(table), self.trainer.world_size)
        return BatchLoader(table, order.numpy(), VALIDATION_BATCH, train=False)

    # ---- training

    def on_fit_start(self) -> None:
        """Start the clock."""
        self._fit_started = time.perf_counter() - self.spent_s

    def on_train_epoch_start(self) -> None:
        """Choose the picture size of this epoch."""
        self._epoch_started = time.perf_counter()
        self.pixels = stage_pixels(self.recipe.optimiser, self.progress(0))

    def progress(self, step: int) -> float:
        """Return the share of the training that is over at ``step`` of the present epoch."""
        steps = max(len(self._loader) if self._loader is not None else 1, 1)
        optimiser = self.recipe.optimiser
        done = (self.current_epoch + step / steps) / optimiser.epochs
        return min(share_over(done, self._fit_started, optimiser.max_minutes), 1.0)

    def on_train_batch_start(self, batch: Batch, batch_idx: int) -> None:
        """Set the learning rate for this step; stop when the time is over."""
        share = self.progress(batch_idx)
        rate = self.recipe.optimiser.learning_rate * rate_factor(self.recipe.optimiser, share)
        for optimizer in self.trainer.optimizers:
            for group in optimizer.param_groups:
                group["lr"] = rate
        if share >= 1.0:
            self.trainer.should_stop = True

    def training_step(self, batch: Batch, batch_idx: int) -> Tensor:
        """Return the loss of one augmented batch."""
        seed = self.recipe.optimiser.seed
        random = Random(seed, self.current_epoch, batch_idx, self.trainer.global_rank)
        with torch.autocast(self.device.type, enabled=False):
            pictures, mirrored = augment_patches(
                batch["pictures"], self.recipe.augment, random, self.pixels, self.field
            )
        labels = swap_sides(batch["labels"], mirrored, self.order)
        logits = self.network(pictures.to(memory_format=torch.channels_last))
        smoothing = self.recipe.optimiser.ordinal_smoothing
        soft = swap_sides(batch[SOFT], mirrored, self.order) if SOFT in batch else None
        loss = grading_loss(logits, labels, self.specs, smoothing, soft)
        measures = self.further.mirrored(batch, mirrored)
        head = self.network.measures
        loss = loss + self.further.loss(logits, labels, (measures, head), smoothing)
        self.log("train/loss", loss, on_step=False, on_epoch=True, batch_size=len(pictures))
        return loss

    def on_train_batch_end(self, outputs: Any, batch: Batch, batch_idx: int) -> None:
        """Move the average of the weights towards the present ones."""
        if self.average is None:
            return
        self.updates += 1
        # Young averages follow quickly, or they would remember the random start.
        decay = min(self.recipe.optimiser.ema_decay, self.updates / (self.updates + 10))
        present, own = self.network.state_dict(), self.average.state_dict()
        moving = [name for name, value in own.items() if value.is_floating_point()]
        # All tensors in one call: hundreds of small ones would keep a graphics card waiting.
        move = get_ema_multi_avg_fn(decay)
        move([own[name] for name in moving], [present[name] for name in moving], self.updates)
        for name in own.keys() - set(moving):
            own[name].copy_(present[name])

    def configure_optimizers(self) -> torch.optim.Optimizer:
        """Return Adam or AdamW; AdamW spares biases and batch norm."""
        settings = self.recipe.optimiser
        named = list(self.network.named_parameters())
        if settings.name == "adam":
            return torch.optim.Adam(
                [value for _, value in named],
                lr=settings.learning_rate,
                weight_decay=settings.weight_decay,
            )
        groups = [
            {"params": [v for _, v in named if v.ndim > 1], "weight_decay": settings.weight_decay},
            {"params": [v for _, v in named if v.ndim <= 1], "weight_decay": 0.0},
        ]
        return torch.optim.AdamW(groups, lr=settings.learning_rate, fused=True)

    def configure_gradient_clipping(self, *args: Any, **kwargs: Any) -> None:
        """Clip the gradient's norm; Lightning's own way refuses fused optimisers."""
        limit = self.recipe.optimiser.gradient_clip
        if limit > 0:
            torch.nn.utils.clip_grad_norm_(self.network.parameters(), limit)

    def start(self) -> None:
        """Take the weights that the recipe starts from, where it names any."""
        settings = self.recipe.network
        if settings.imagenet_weights:
            self.network.backbone.load_imagenet(Path(settings.imagenet_weights))
        if settings.start_from:
            bundle = starting_bundle(settings.start_from)
            table = self.tables["train"]
            few = table.batch(range(0, len(table), max(len(table) // WARM_START_SLICES, 1)))
            full = self.recipe.input.pixels
            pictures = centre_crop(few["pictures"], full, full)
            start_from(self.network, bundle.grader_path, "grader.", pictures)
            start_measures(self.network.measures, bundle, self.recipe.outputs.measures)
        if self.average is not None:
            self.average.load_state_dict(self.network.state_dict())

    # ---- validation

    def on_validation_epoch_start(self) -> None:
        """Empty the tables of counts."""
        self._trained_s = time.perf_counter() - self._epoch_started
        names = [(spec.name, spec.grades) for spec in self.specs]
        names += [(system, self.specs[left].grades) for system, left, _ in side_pairs(self.specs)]
        self._tables = {
            name: torch.zeros(n, n, dtype=torch.long, device=self.device) for name, n in names
        }
        self._loss = torch.zeros(2, device=self.device)
        self.further.reset(self.device)

    def validation_step(self, batch: Batch, batch_idx: int) -> None:
        """Count what the network gives against the reference."""
        full = self.recipe.input.pixels
        pictures = centre_crop(batch["pictures"], full, self.pixels)
        scored = self.scored.eval()
        logits = scored(pictures.to(memory_format=torch.channels_last))
        logits = {name: value.float() for name, value in logits.items()}
        labels = batch["labels"]
        loss = grading_loss(logits, labels, self.specs, 0.0)
        self._loss += torch.stack([loss * len(labels), loss.new_tensor(float(len(labels)))])
        for column, spec in enumerate(self.specs):
            given = logits[spec.name].argmax(1)
            self._tables[spec.name] += confusion(given, labels[:, column], spec.grades)
        for system, left, right in side_pairs(self.specs):
            given = worse_side_given(*(logits[self.specs[i].name] for i in (left, right)))
            worse = torch.maximum(labels[:, left], labels[:, right])
            self._tables[system] += confusion(given, worse, self.specs[left].grades)
        self.further.count(logits, batch, scored.measures)

    def on_validation_epoch_end(self) -> None:
        """Log the scores over all processes."""
        strategy = self.trainer.strategy
        tables = {n: strategy.reduce(t, reduce_op="sum").cpu() for n, t in self._tables.items()}
        loss = strategy.reduce(self._loss, reduce_op="sum").cpu()
        scores: dict[str, float] = {"loss": float(loss[0] / loss[1])}
        for name, table in tables.items():
            if table.sum() > 0:
                scores |= describe(name, table)
        images = {spec.system for spec in self.specs} & set(tables)
        means = [v for n, v in scores.items() if n.endswith("/macro_recall") and n[:-13] in images]
        scores["macro_recall"] = sum(means) / max(len(means), 1)
        # Only pictures of full size choose the checkpoint: it will grade at that size.
        small = self.pixels < self.recipe.input.pixels
        scores["selection"] = scores["macro_recall"] - (1.0 if small else 0.0)
        scores |= self.further.scores(lambda each: strategy.reduce(each, reduce_op="sum"))
        self.log_dict({f"val/{name}": value for name, value in scores.items()} | self._speed())

    def _speed(self) -> dict[str, float]:
        """Return images/s of the epoch's training and the share of it spent on waiting."""
        loader, trained_s = self._loader, self._trained_s
        if loader is None or trained_s <= 0:
            return {}
        self.spent_s = time.perf_counter() - self._fit_started
        images = len(loader) * loader.size * self.trainer.world_size
        return {
            "speed/images_per_s": images / trained_s,
            "speed/wait_share": loader.waited_s / trained_s,
            "speed/pixels": float(self.pixels),
            "speed/minutes": self.spent_s / 60,
            "train/rate": float(self.trainer.optimizers[0].param_groups[0]["lr"]),
        }

    # ---- checkpoints

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Keep the clock and the age of the average."""
        checkpoint["lumbargrade"] = {"spent_s": self.spent_s, "updates": self.updates}

    def on_load_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Set the clock and the age of the average."""
        self.spent_s = float(checkpoint["lumbargrade"]["spent_s"])
        self.updates = int(checkpoint["lumbargrade"]["updates"])

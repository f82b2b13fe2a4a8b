"""Stage 3: the gesture network and its training.

A copy of the landmark network's last stage looks at the hand, a linear layer at its shape, and a
small perceptron joins them.  The copy learns ten times slower than the rest: it knows hands.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from posecheck.gesture.classifier import CLASSES
from training.stage import CELLS, LastStage

HIDDEN = 256
SHAPE_WIDTH = 92
POOLED_WIDTH = 1152


@dataclass(frozen=True)
class Recipe:
    """How to train.

    Attributes:
        epochs: Passes over one random view of every example.
        batch: Examples in a step.
        rate: Peak learning rate of the one-cycle schedule, for the new layers.
        stage_rate: The same for the landmark network's last stage.
        decay: Weight decay.
        smoothing: Share of the target spread over all classes.
        members: Networks in the ensemble.
    """

    epochs: int = 8
    batch: int = 128
    rate: float = 2e-3
    stage_rate: float = 3e-4
    decay: float = 0.02
    smoothing: float = 0.03
    members: int = 2


@dataclass(frozen=True, eq=False)
class TrainingSet:
    """M views with what they are.

    Attributes:
        features: float16 (M, 2, 9408), of the hand and its mirror image.
        shapes: float32 (M, 2, 92).
        targets: bool (M, len(CLASSES)), classes any of which is right.
        weights: float32 (M,), how much a view counts.
        rows: For each example, the rows of its views.
    """

    features: np.ndarray
    shapes: np.ndarray
    targets: np.ndarray
    weights: np.ndarray
    rows: list[np.ndarray]


class GestureNetwork(nn.Module):
    """One view of a hand in, logits out; mirror images are averaged outside."""

    def __init__(self) -> None:
        super().__init__()
        self.stage = LastStage()
        for name, width in (("pooled", POOLED_WIDTH), ("shape", SHAPE_WIDTH)):
            self.register_buffer(f"{name}_mean", torch.zeros(width))
            self.register_buffer(f"{name}_scale", torch.ones(width))
        self.features = nn.Linear(POOLED_WIDTH, HIDDEN)
        self.shape = nn.Linear(SHAPE_WIDTH, HIDDEN)
        self.middle = nn.Linear(2 * HIDDEN, HIDDEN)
        self.last = nn.Linear(HIDDEN, len(CLASSES))
        self.drop_input, self.drop = nn.Dropout(0.2), nn.Dropout(0.5)

    def standardise(self, features: torch.Tensor, shapes: torch.Tensor) -> None:
        """Bring the inputs of the new layers to mean 0 and deviation 1 over these views."""
        with torch.inference_mode():  # in parts: the stage keeps what it computes on the way
            parts = features.view(-1, *CELLS).split(256)
            pooled = torch.cat([self.stage(part) for part in parts])
        for name, values in (("pooled", pooled), ("shape", shapes)):
            getattr(self, f"{name}_mean").copy_(values.mean(0))
            getattr(self, f"{name}_scale").copy_(1 / values.std(0).clamp(min=0.05))

    def forward(self, features: torch.Tensor, shapes: torch.Tensor) -> torch.Tensor:
        """Logits (N, C) of features (N, 9408) and shapes (N, 92)."""
        pooled = (self.stage(features.view(-1, *CELLS)) - self.pooled_mean) * self.pooled_scale
        shaped = (shapes - self.shape_mean) * self.shape_scale
        seen = torch.relu(self.features(self.drop_input(pooled)))
        hidden = self.drop(torch.cat([seen, torch.relu(self.shape(shaped))], dim=1))
        logits: torch.Tensor = self.last(self.drop(torch.relu(self.middle(hidden))))
        return logits


def any_of_loss(logits: torch.Tensor, targets: torch.Tensor, smoothing: float) -> torch.Tensor:
    """Cross entropy (N,) where any of several classes is right."""
    logs = torch.log_softmax(logits, dim=1)
    right = torch.logsumexp(logs.masked_fill(~targets, -1e9), dim=1)
    return -(1 - smoothing) * right - smoothing * logs.mean(dim=1)


def single_views(
    data: TrainingSet, rows: np.ndarray, mirror: np.ndarray
) -> tuple[torch.Tensor, torch.Tensor]:
    """Features (N, 9408) and shapes (N, 92) of views, as seen (0) or mirrored (1)."""
    return (
        torch.from_numpy(data.features[rows, mirror].astype(np.float32)),
        torch.from_numpy(data.shapes[rows, mirror].astype(np.float32)),
    )


def train(data: TrainingSet, recipe: Recipe, seed: int) -> GestureNetwork:
    """Train one network."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    model = GestureNetwork()
    sample = rng.permutation(np.concatenate(data.rows))[:3000]
    model.standardise(*single_views(data, sample, rng.integers(0, 2, len(sample))))
    rates = [recipe.stage_rate, recipe.rate]
    stage = list(model.stage.parameters())
    rest = [p for name, p in model.named_parameters() if not name.startswith("stage.")]
    groups = [{"params": stage}, {"params": rest}]
    optimiser = torch.optim.AdamW(groups, lr=recipe.rate, weight_decay=recipe.decay)
    steps = recipe.epochs * -(-len(data.rows) // recipe.batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rates, total_steps=steps)
    model.train()
    for epoch in range(recipe.epochs):
        chosen = np.array([rng.choice(rows) for rows in data.rows])
        rng.shuffle(chosen)
        total = 0.0
        for start in range(0, len(chosen), recipe.batch):
            batch = chosen[start : start + recipe.batch]
            logits = model(*single_views(data, batch, rng.integers(0, 2, len(batch))))
            loss = any_of_loss(logits, torch.from_numpy(data.targets[batch]), recipe.smoothing)
            loss = (loss * torch.from_numpy(data.weights[batch])).mean()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            total += float(loss.detach()) * len(batch)
        print(f"  epoch {epoch + 1} of {recipe.epochs}: loss {total / len(chosen):.3f}", flush=True)
    return model.eval()


def log_probabilities(model: GestureNetwork, data: TrainingSet, rows: np.ndarray) -> np.ndarray:
    """Logarithms of the probabilities, float32 (len(rows), C), mirror images averaged."""
    parts = []
    with torch.inference_mode():
        for start in range(0, len(rows), 256):
            part = rows[start : start + 256]
            logits = [model(*single_views(data, part, np.full(len(part), side))) for side in (0, 1)]
            parts.append(torch.log_softmax((logits[0] + logits[1]) / 2, dim=1).numpy())
    return np.concatenate(parts)

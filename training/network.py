"""Stage 3: the gesture network, a small perceptron on features and shape, and its training."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from posecheck.gesture.classifier import CLASSES

HIDDEN = 256
SHAPE_WIDTH = 92
FEATURE_WIDTH = 1152


@dataclass(frozen=True)
class Recipe:
    """How to train.

    Attributes:
        epochs: Passes over one random view of every example.
        batch: Examples in a step.
        rate: Peak learning rate of the one-cycle schedule.
        decay: Weight decay.
        smoothing: Share of the target spread over all classes.
        members: Networks in the ensemble.
    """

    epochs: int = 30
    batch: int = 256
    rate: float = 2e-3
    decay: float = 0.02
    smoothing: float = 0.03
    members: int = 3


@dataclass(frozen=True, eq=False)
class TrainingSet:
    """M views with what they are.

    Attributes:
        inputs: float16 (M, 2, 1244), features then shape, of the hand and its mirror image.
        targets: bool (M, len(CLASSES)), classes any of which is right.
        weights: float32 (M,), how much a view counts.
        rows: For each example, the rows of its views.
    """

    inputs: np.ndarray
    targets: np.ndarray
    weights: np.ndarray
    rows: list[np.ndarray]


class GestureNetwork(nn.Module):
    """Two hidden layers over standardised inputs; averages the two mirror images' logits."""

    def __init__(self, mean: torch.Tensor, scale: torch.Tensor) -> None:
        super().__init__()
        self.register_buffer("mean", mean)
        self.register_buffer("scale", scale)
        self.features = nn.Linear(FEATURE_WIDTH, HIDDEN)
        self.shape = nn.Linear(SHAPE_WIDTH, HIDDEN)
        self.middle = nn.Linear(2 * HIDDEN, HIDDEN)
        self.last = nn.Linear(HIDDEN, len(CLASSES))
        self.drop_input, self.drop = nn.Dropout(0.2), nn.Dropout(0.5)

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """Logits (N, C) of inputs (N, 2, 1244)."""
        x = (inputs - self.mean) * self.scale
        seen = torch.relu(self.features(self.drop_input(x[..., :FEATURE_WIDTH])))
        shaped = torch.relu(self.shape(x[..., FEATURE_WIDTH:]))
        hidden = self.drop(torch.cat([seen, shaped], dim=-1))
        hidden = self.drop(torch.relu(self.middle(hidden)))
        logits: torch.Tensor = self.last(hidden).mean(dim=1)
        return logits


def any_of_loss(logits: torch.Tensor, targets: torch.Tensor, smoothing: float) -> torch.Tensor:
    """Cross entropy (N,) where any of several classes is right."""
    logs = torch.log_softmax(logits, dim=1)
    right = torch.logsumexp(logs.masked_fill(~targets, -1e9), dim=1)
    return -(1 - smoothing) * right - smoothing * logs.mean(dim=1)


def standardiser(inputs: np.ndarray) -> tuple[torch.Tensor, torch.Tensor]:
    """Mean and inverse deviation of every input over both views."""
    sample = inputs[:: max(1, len(inputs) // 8000)].astype(np.float32).reshape(-1, inputs.shape[2])
    scale = 1 / np.maximum(sample.std(axis=0), 0.05)
    return torch.from_numpy(sample.mean(axis=0)), torch.from_numpy(scale)


def train(data: TrainingSet, recipe: Recipe, seed: int) -> GestureNetwork:
    """Train one network."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    model = GestureNetwork(*standardiser(data.inputs))
    optimiser = torch.optim.AdamW(model.parameters(), lr=recipe.rate, weight_decay=recipe.decay)
    steps = recipe.epochs * -(-len(data.rows) // recipe.batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, recipe.rate, total_steps=steps)
    model.train()
    for _ in range(recipe.epochs):
        chosen = np.array([rng.choice(rows) for rows in data.rows])
        rng.shuffle(chosen)
        for start in range(0, len(chosen), recipe.batch):
            batch = chosen[start : start + recipe.batch]
            inputs = torch.from_numpy(data.inputs[batch].astype(np.float32))
            loss = any_of_loss(
                model(inputs), torch.from_numpy(data.targets[batch]), recipe.smoothing
            )
            loss = (loss * torch.from_numpy(data.weights[batch])).mean()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
    return model.eval()


def log_probabilities(model: GestureNetwork, inputs: np.ndarray) -> np.ndarray:
    """Logarithms of the probabilities, float32 (M, C), of inputs (M, 2, 1244)."""
    parts = []
    with torch.inference_mode():
        for start in range(0, len(inputs), 2048):
            part = torch.from_numpy(inputs[start : start + 2048].astype(np.float32))
            parts.append(torch.log_softmax(model(part), dim=1).numpy())
    return np.concatenate(parts)

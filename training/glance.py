"""Train models/glance.onnx: a quick look at each candidate, before the landmark network's.

    python -m training.glance --photos LABELLED --cache FOLDER

A small convolutional network is taught what the landmark network will say of a candidate: whether
there is a hand, and where to look next.  It takes a twentieth of its time.  No label is used, only
photos of the `train` split.
"""

from __future__ import annotations

import argparse
import io
from pathlib import Path

import numpy as np
import onnx
import torch
from torch import nn

from posecheck.evaluation.label_files import read_labels
from posecheck.evaluation.labels import Labels, select
from posecheck.hands.glance import SIDE
from training.glance_data import SEED, Glanced, candidates

SINGLES = 1200
"""Pictures of one hand that are used."""

EPOCHS, BATCH, RATE = 10, 128, 3e-3

PLACED = 0.3
"""Presence from which the landmark network's next square is worth learning."""

SEEN = 0.5
"""Presence of what the report calls a hand."""


class Block(nn.Module):
    """Two convolutions and a shortcut around the second."""

    def __init__(self, inside: int, outside: int) -> None:
        super().__init__()
        self.down = nn.Sequential(
            nn.Conv2d(inside, outside, 3, 2, 1, bias=False), nn.BatchNorm2d(outside), nn.ReLU()
        )
        self.same = nn.Sequential(
            nn.Conv2d(outside, outside, 3, 1, 1, bias=False), nn.BatchNorm2d(outside), nn.ReLU()
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Halve height and width."""
        x = self.down(x)
        out: torch.Tensor = x + self.same(x)
        return out


class Glance(nn.Module):
    """Crops (N, SIDE, SIDE, 3), 0 to 1, to presence logits (N,) and offsets (N, 5).

    The offsets are those of `glance_data.offsets`, with the turn as its sine and cosine.
    """

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(3, 16, 3, 2, 1, bias=False),
            nn.BatchNorm2d(16),
            nn.ReLU(),
            Block(16, 32),
            Block(32, 64),
            Block(64, 96),
            nn.Conv2d(96, 32, 1, bias=False),
            nn.BatchNorm2d(32),
            nn.ReLU(),
        )
        self.dropout = nn.Dropout(0.2)
        self.hidden = nn.Linear(32 * (SIDE // 16) ** 2, 96)
        self.last = nn.Linear(96, 6)

    def forward(self, crops: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Look."""
        seen = self.body(crops.permute(0, 3, 1, 2) - 0.5).flatten(1)
        said = self.last(torch.relu(self.hidden(self.dropout(seen))))
        return said[:, 0], said[:, 1:]


def changed(
    crops: torch.Tensor, squares: torch.Tensor, generator: torch.Generator
) -> tuple[torch.Tensor, torch.Tensor]:
    """Mirror and recolour crops (N, SIDE, SIDE, 3), and mirror offsets (N, 5) with them."""
    mirrored = torch.rand(len(crops), generator=generator) < 0.5
    crops = torch.where(mirrored[:, None, None, None], crops.flip(2), crops)
    sign = torch.tensor([-1.0, 1.0, 1.0, -1.0, 1.0])
    squares = torch.where(mirrored[:, None], squares * sign, squares)
    gain = 1 + 0.25 * torch.randn(len(crops), 1, 1, 3, generator=generator) * 0.5
    gain = gain * (1 + 0.2 * torch.randn(len(crops), 1, 1, 1, generator=generator))
    shift = 0.08 * torch.randn(len(crops), 1, 1, 1, generator=generator)
    return (crops * gain + shift).clamp(0, 1), squares


def fit(data: Glanced) -> Glance:
    """Teach a network what the landmark network said."""
    torch.manual_seed(SEED)
    generator = torch.Generator().manual_seed(SEED)
    net = Glance().to(memory_format=torch.channels_last)
    optimiser = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=0.02)
    steps = EPOCHS * -(-len(data.crops) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, steps, pct_start=0.15)
    presence = torch.from_numpy(data.presence)
    turn = data.squares[:, 3:]
    squares = torch.from_numpy(
        np.concatenate([data.squares[:, :3].clip(-2, 2), np.sin(turn), np.cos(turn)], axis=1)
    )
    for _ in range(EPOCHS):
        for rows in torch.randperm(len(presence), generator=generator).split(BATCH):
            crops = torch.from_numpy(data.crops[rows.numpy()]).float() / 255
            crops, wanted = changed(crops, squares[rows], generator)
            # Half the time, where the processor has it; sums and weights stay exact.
            with torch.autocast("cpu", dtype=torch.bfloat16):
                logits, said = (part.float() for part in net(crops))
            loss = nn.functional.binary_cross_entropy_with_logits(logits, presence[rows])
            off = nn.functional.smooth_l1_loss(said, wanted, reduction="none", beta=0.1)
            placed = (presence[rows] >= PLACED).float()
            loss = loss + (off.sum(1) * placed).sum() / placed.sum().clamp(min=1)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
    return net.eval()


def said(net: Glance, crops: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Presence logits and offsets, in batches."""
    with torch.inference_mode():
        parts = [net(torch.from_numpy(some).float() / 255) for some in np.array_split(crops, 50)]
    logits, offsets = (torch.cat(column).numpy() for column in zip(*parts, strict=True))
    return logits, offsets


def report(data: Glanced) -> None:
    """What is rejected at which price, on every fifth photo."""
    held = data.photo % 5 == 0
    parts = [
        Glanced(data.crops[rows], data.presence[rows], data.squares[rows], data.photo[rows])
        for rows in (~held, held)
    ]
    net, test = fit(parts[0]), parts[1]
    logits, offsets = said(net, test.crops)
    hands = test.presence >= SEEN
    for share in (0.02, 0.01, 0.005, 0.002):
        least = float(np.quantile(logits[hands], share))
        kept = (logits >= least).mean()
        print(f"logit {least:.2f}: keeps {1 - share:.1%} of hands, {kept:.1%} of {len(hands)}")
    doubtful = (test.presence >= 0.1).mean()
    print(f"hands: {hands.mean():.1%}; presence of 0.1 and more: {doubtful:.1%}")
    off = np.abs(offsets[:, :3] - test.squares[:, :3])[hands]
    turn = np.arctan2(offsets[:, 3], offsets[:, 4])[hands] - test.squares[hands, 3]
    turn = np.abs((turn + np.pi) % (2 * np.pi) - np.pi)
    print("median offset errors", np.median(off, axis=0).round(3), np.median(turn).round(3))


def write(net: Glance, path: Path) -> None:
    """Write a network as ONNX."""
    made = io.BytesIO()
    torch.onnx.export(
        net,
        (torch.zeros(1, SIDE, SIDE, 3),),
        made,
        input_names=["crops"],
        output_names=["logits", "offsets"],
        dynamic_axes={name: {0: "batch"} for name in ("crops", "logits", "offsets")},
        opset_version=17,
        dynamo=False,
    )
    onnx.save(onnx.load_from_string(made.getvalue()), path)


def drawn(labels: Labels) -> dict[str, list[Path]]:
    """Photos of each kind."""
    rng = np.random.default_rng(SEED)
    groups = sorted(photo.path for photo in labels.groups)
    singles = sorted(photo.path for photo in labels.crops)
    return {
        "group": [groups[i] for i in rng.permutation(len(groups))],
        "single": [singles[i] for i in rng.permutation(len(singles))[:SINGLES]],
    }


def main() -> None:
    """Collect candidates, train on four fifths to report, then on all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=Path, required=True, help="folder with the label files")
    parser.add_argument("--cache", type=Path, required=True, help="folder for what stages leave")
    parser.add_argument("--models", type=Path, default=Path("models"), help="where to write")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--no-report", action="store_true", help="train once, on all")
    args = parser.parse_args()
    torch.set_num_threads(args.jobs)
    labels = select(read_labels(sorted(args.photos.glob("*.csv"))), split="train")
    data = Glanced.join(
        [candidates(paths, kind, args.cache, args.jobs) for kind, paths in drawn(labels).items()]
    )
    if not args.no_report:
        report(data)
    write(fit(data), args.models / "glance.onnx")


if __name__ == "__main__":
    main()

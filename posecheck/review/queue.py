"""The order that a reviewer goes through photos in, and which of them still need a decision."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


class Queue:
    """Photos of one filter in their order; small enough for a million of them.

    Photos keep their place when they are decided, so that back leads where one came from.
    """

    def __init__(
        self, order: Sequence[str], undecided: Iterable[str], wanted: Iterable[str] | None = None
    ) -> None:
        """Make the queue.

        Args:
            order: sha256 of every photo, in order.
            undecided: Those that nobody has decided.
            wanted: Those that `step` stops at; None for all.
        """
        self.order = order
        # A byte a photo, since the hashes of a set would be kept a second time.
        undecided_set = frozenset(undecided)
        self._undecided = bytearray(sha256 in undecided_set for sha256 in order)
        self._wanted: bytearray | None = None
        if wanted is not None:
            wanted_set = frozenset(wanted)
            self._wanted = bytearray(sha256 in wanted_set for sha256 in order)

    def __len__(self) -> int:
        return len(self.order)

    @property
    def decided(self) -> int:
        """How many photos are decided."""
        return len(self.order) - self._undecided.count(1)

    @property
    def wanted(self) -> int:
        """How many photos `step` stops at."""
        return len(self.order) if self._wanted is None else self._wanted.count(1)

    def place(self, sha256: str) -> int | None:
        """Index of a photo, or None."""
        try:
            return self.order.index(sha256)
        except ValueError:
            return None

    def mark(self, sha256: str, decided: bool) -> None:
        """Note what became of a photo."""
        place = self.place(sha256)
        if place is not None:
            self._undecided[place] = not decided

    def first(self) -> str | None:
        """Where to start: the first wanted photo that is undecided, else the first wanted one."""
        both = (bool(u and w) for u, w in zip(self._undecided, self._stops(), strict=True))
        place = next((i for i, fits in enumerate(both) if fits), None)
        if place is None:
            place = next((i for i, stop in enumerate(self._stops()) if stop), None)
        return None if place is None else self.order[place]

    def step(self, sha256: str, forward: bool) -> str | None:
        """The wanted photo after or before one, or None at the end."""
        place, stops = self.place(sha256), self._stops()
        if place is None:
            # It left the list, for example because a new scan gave it another level.
            return self.first() if forward else None
        found = stops.find(1, place + 1) if forward else stops.rfind(1, 0, place)
        return None if found < 0 else self.order[found]

    def next_undecided(self, sha256: str) -> str | None:
        """The next photo that needs a decision: after this one, else from the start, or None."""
        place = self.place(sha256)
        found = self._undecided.find(1, 0 if place is None else place + 1)
        if found < 0:
            found = self._undecided.find(1)
        return None if found < 0 or self.order[found] == sha256 else self.order[found]

    def _stops(self) -> bytearray:
        return bytearray(b"\x01") * len(self.order) if self._wanted is None else self._wanted

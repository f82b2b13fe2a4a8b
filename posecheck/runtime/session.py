"""What the rest of the code knows of a loaded network."""

from __future__ import annotations

from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

Float: TypeAlias = NDArray[np.float32]


class Session(Protocol):
    """A network, ready to run; several threads may run it at a time."""

    def run(self, names: list[str], feeds: dict[str, Float], /) -> list[Float]:
        """Run the network.

        Args:
            names: Outputs that are wanted.
            feeds: Every input, by name.

        Returns:
            One array an output, in the order of `names`; nobody else writes to them.
        """

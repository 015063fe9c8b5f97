"""Which draw, and of which part of a tensor: what a function or record that draws is told beside its parameters."""

from __future__ import annotations

from dataclasses import dataclass

from .names import OnEmpty
from .shards import Offset, Shape, shard_index, whole_shape
from .streams import Seed, check_seed, stream_of
from .threads import threads_of

__all__ = ["Where"]


@dataclass(slots=True, eq=False)  # not frozen: that would double the 0.15 us that every call pays for it
class Where:
    """The keyword arguments that all functions that draw share, as they were given; `normal_` says what they mean."""

    seed: Seed = None
    name: str | None = None
    global_shape: Shape | None = None
    offset: Offset | None = None
    threads: int | None = None
    on_empty: OnEmpty = "warn"

    def check(self, shape: tuple[int, ...]) -> None:
        """Raise what a draw into an array of this shape would, for who draws nothing."""
        stream_of(self.name)
        threads_of(self.threads)
        shard_index(shape, self.global_shape, self.offset)
        check_seed(self.seed)

    def whole_shape(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """Return the shape of the tensor of which an array of this shape is a part, checked; scales come from it."""
        if self.global_shape is None and self.offset is None:
            return shape
        return whole_shape(shape, self.global_shape, self.offset)

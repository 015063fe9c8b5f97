"""What this build of fast_init is and uses."""

from __future__ import annotations

from importlib.metadata import version

from .._core import COMPILER, active_isa, available_isas
from .streams import STREAM_VERSION
from .threads import DEFAULT_THREADS

__all__ = ["active_isa", "config", "show_config"]


def config() -> dict[str, str]:
    """Return what show_config prints, by name."""
    return {
        "fast_init": version("fast_init"),
        "stream version": str(STREAM_VERSION),
        "ISA in use": active_isa(),
        "ISAs available": ", ".join(available_isas()),
        "threads": str(DEFAULT_THREADS),
        "compiler": COMPILER,
    }


def show_config() -> None:
    """Print version, stream version, ISA level in use and available, default threads and compiler.

    ``FAST_INIT_ISA`` in the environment forces a level, ``OMP_NUM_THREADS`` the number of threads; both
    are read once.

    Examples
    --------
    >>> show_config()  # doctest: +ELLIPSIS
    fast_init      ...
    stream version 1
    ISA in use     ...
    ISAs available ...
    threads        ...
    compiler       ...
    """
    for name, value in config().items():
        print(f"{name:14} {value}")

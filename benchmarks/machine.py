"""What the figures depend on: the machine, and how fast_init runs on it."""

from __future__ import annotations

import os
import platform
from pathlib import Path
from typing import Any

import numpy as np

from fast_init._core import active_isa, available_isas
from fast_init.sampling.config import config
from fast_init.sampling.threads import DEFAULT_THREADS

__all__ = ["DEFAULT_THREADS", "active_isa", "available_isas", "cpu_name", "machine"]


def cpu_name() -> str:
    """Return the processor's name as the system gives it."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    return next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.processor())


def machine() -> dict[str, Any]:
    """Return what is kept with the figures."""
    return {"cpu": cpu_name(), "cpus": os.cpu_count(), "numpy": np.__version__, **config()}

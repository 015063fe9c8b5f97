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


# By vendor, family and model, as /proc/cpuinfo has them: what virtual machines leave out of the name.
MICROARCHITECTURES = [
    ("AuthenticAMD", 25, range(0x10, 0x20), "Zen 4"),
    ("AuthenticAMD", 25, range(0x60, 0x80), "Zen 4"),
    ("AuthenticAMD", 25, range(0xA0, 0xB0), "Zen 4"),
    ("AuthenticAMD", 25, range(0x100), "Zen 3"),
    ("AuthenticAMD", 26, range(0x100), "Zen 5"),
    ("GenuineIntel", 6, [0x8F], "Sapphire Rapids"),
    ("GenuineIntel", 6, [0xCF], "Emerald Rapids"),
    ("GenuineIntel", 6, [0xAD, 0xAE], "Granite Rapids"),
    ("GenuineIntel", 6, [0x6A, 0x6C], "Ice Lake"),
]


def cpu_name(info: Path = Path("/proc/cpuinfo")) -> str:
    """Return the processor's name as the system gives it, and its microarchitecture where that is known."""
    lines = info.read_text().split("\n\n")[0].splitlines() if info.exists() else []
    fields = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines)}
    if "model name" not in fields:
        return platform.processor() or platform.machine()
    family, model = (int(fields.get(key, -1)) for key in ("cpu family", "model"))
    known = (
        f" ({name})"
        for vendor, its, models, name in MICROARCHITECTURES
        if (vendor, its) == (fields.get("vendor_id"), family) and model in models
    )
    return fields["model name"] + next(known, "")


def machine() -> dict[str, Any]:
    """Return what is kept with the figures."""
    return {"cpu": cpu_name(), "cpus": os.cpu_count(), "numpy": np.__version__, **config()}

"""What processes are started with that run JAX."""

from __future__ import annotations

__all__ = ["EIGHT_DEVICES", "FOUR_DEVICES"]

EIGHT_DEVICES = {"XLA_FLAGS": "--xla_force_host_platform_device_count=8", "JAX_PLATFORMS": "cpu"}
FOUR_DEVICES = {**EIGHT_DEVICES, "XLA_FLAGS": "--xla_force_host_platform_device_count=4"}

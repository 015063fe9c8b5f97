"""What processes are started with that run JAX, or Keras on a backend."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

__all__ = ["EIGHT_DEVICES", "FOUR_DEVICES", "TENSORFLOW", "need_backend"]

EIGHT_DEVICES = {"XLA_FLAGS": "--xla_force_host_platform_device_count=8", "JAX_PLATFORMS": "cpu"}
FOUR_DEVICES = {**EIGHT_DEVICES, "XLA_FLAGS": "--xla_force_host_platform_device_count=4"}
TENSORFLOW = {"KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""}


def need_backend(environment: dict[str, str]) -> None:
    """Skip a test of Keras on a backend that is not installed."""
    backend = environment.get("KERAS_BACKEND")
    if backend and not find_spec(backend):
        pytest.skip(f"could not import '{backend}'")

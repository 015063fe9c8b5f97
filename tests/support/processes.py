"""Python processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys

__all__ = ["run_python"]


def run_python(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, **environment}, capture_output=True, text=True, timeout=120
    )

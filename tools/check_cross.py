"""Check that the generic kernel gives the golden digests on another processor.

Usage: python tools/check_cross.py COMPILER [EMULATOR]
       python tools/check_cross.py aarch64-linux-gnu-g++ qemu-aarch64-static     (Debian's packages)
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
from math import inf
from pathlib import Path

import ml_dtypes
import numpy as np

from fast_init import _core
from fast_init.sampling.truncation import Plan, plan, truncation_of

ROOT = Path(__file__).parent.parent
FLAGS = "-std=c++20 -O3 -static -ffp-contract=off -fno-math-errno -Wno-psabi -DFAST_INIT_ISA=generic"
# As in cpp/kernels/kernel.hpp.
DTYPES = {"uint32": 0, "float32": 1, "float16": 2, "bfloat16": 3, "float64": 4}
PLANS = {
    "bits": Plan(_core.BITS, 0.0, 0.0),
    "uniform": Plan(_core.UNIFORM, 0.0, 1.0),
    "normal": Plan(_core.NORMAL, 0.0, 1.0),
}
BOUNDS = {"trunc": (-2.0, 2.0), "tail": (2.0, inf)}  # in sigmas


def plan_of(name: str, dtype: str) -> Plan:
    """How a case of the golden digests is drawn."""
    if name not in BOUNDS:
        return PLANS[name]
    limits = truncation_of(0.0, 1.0, *BOUNDS[name], "sigma")
    return plan(limits, np.dtype(getattr(ml_dtypes, dtype) if dtype == "bfloat16" else dtype), 1e4)


def main() -> int:
    """Return 0 if every digest of tests/data/golden.json comes out."""
    compiler, *emulator = sys.argv[1:]
    stream = int.from_bytes(hashlib.blake2b(b"golden", digest_size=8).digest(), "little")
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        sources = [str(ROOT / "tools/dump.cpp"), str(ROOT / "cpp/cpu/kernel.cpp")]
        subprocess.run([compiler, *FLAGS.split(), f"-I{ROOT}/cpp", *sources, "-o", f"{folder}/dump"], check=True)
        for case, digest in json.loads((ROOT / "tests/data/golden.json").read_text()).items():
            distribution, dtype = case.split("-")
            for streaming in "01":
                law, p0, p1, table = plan_of(distribution, dtype)
                arguments = [law, DTYPES[dtype], 20261121, stream, 100_003, streaming, p0, p1, *map(float.hex, table)]
                command = [*emulator, f"{folder}/dump", *map(str, arguments)]
                data = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
                same = hashlib.sha256(data).hexdigest() == digest
                wrong += not same
                print(f"{case:18} streaming {streaming}: {'the golden digest' if same else 'OTHER BITS'}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

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
from pathlib import Path

ROOT = Path(__file__).parent.parent
FLAGS = "-std=c++20 -O3 -static -ffp-contract=off -fno-math-errno -Wno-psabi -DFAST_INIT_ISA=generic"
# As in cpp/kernels/kernel.hpp.
DISTRIBUTIONS = {"bits": 0, "uniform": 1, "normal": 2}
DTYPES = {"uint32": 0, "float32": 1, "float16": 2, "bfloat16": 3, "float64": 4}


def main() -> int:
    """Return 0 if every digest of tests/golden.json comes out."""
    compiler, *emulator = sys.argv[1:]
    stream = int.from_bytes(hashlib.blake2b(b"golden", digest_size=8).digest(), "little")
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        sources = [str(ROOT / "tools/dump.cpp"), str(ROOT / "cpp/kernels/kernel.cpp")]
        subprocess.run([compiler, *FLAGS.split(), *sources, "-o", f"{folder}/dump"], check=True)
        for case, digest in json.loads((ROOT / "tests/golden.json").read_text()).items():
            distribution, dtype = case.split("-")
            for streaming in "01":
                arguments = [DISTRIBUTIONS[distribution], DTYPES[dtype], 20261121, stream, 100_003, streaming]
                command = [*emulator, f"{folder}/dump", *map(str, arguments)]
                data = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
                same = hashlib.sha256(data).hexdigest() == digest
                wrong += not same
                print(f"{case:18} streaming {streaming}: {'the golden digest' if same else 'OTHER BITS'}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

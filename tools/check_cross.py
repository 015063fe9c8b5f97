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

from compile_commands import ROOT, kernel_commands
from fast_init import _core
from fast_init.sampling.bounds import half_open_plan
from fast_init.sampling.destinations import float_dtype
from fast_init.sampling.dtypes import dtype_named
from fast_init.sampling.truncation import truncated_plan, truncation_of

FIXED = {
    "bits": (_core.BITS, ()),
    "normal": (_core.NORMAL, (0.0, 1.0)),
}
BOUNDS = {"trunc": (-2.0, 2.0), "tail": (2.0, inf)}  # in sigmas


def distribution_of(name: str, dtype: str) -> tuple[int, tuple[float, ...]]:
    """Return the code and the parameters of a case of the golden digests."""
    if name in FIXED:
        return FIXED[name]
    known = float_dtype(dtype_named(dtype))
    if name == "uniform":
        found = half_open_plan(0.0, 1.0, known)
    else:
        found = truncated_plan(truncation_of(0.0, 1.0, *BOUNDS[name], "sigma"), known)
    return found.distribution, found.parameters


def main() -> int:
    """Return 0 if every digest of tests/data/golden.json comes out."""
    compiler, *emulator = sys.argv[1:]
    generic = next(command for command in kernel_commands(compiler) if command.isa == "generic")
    stream = int.from_bytes(hashlib.blake2b(b"golden", digest_size=8).digest(), "little")
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        generic.run("-static", str(ROOT / "tools/dump.cpp"), str(generic.source), "-o", f"{folder}/dump")
        for case, digest in json.loads((ROOT / "tests/data/golden.json").read_text()).items():
            name, dtype = case.split("-")
            distribution, parameters = distribution_of(name, dtype)
            code = getattr(_core, dtype.upper())
            for nontemporal in "01":
                arguments = [distribution, code, 20261121, stream, 100_003, nontemporal, *map(float.hex, parameters)]
                command = [*emulator, f"{folder}/dump", *map(str, arguments)]
                data = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
                same = hashlib.sha256(data).hexdigest() == digest
                wrong += not same
                print(f"{case:18} nontemporal {nontemporal}: {'the golden digest' if same else 'OTHER BITS'}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

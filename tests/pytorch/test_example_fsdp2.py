"""The example starts with the same weights on one process and on four."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

EXAMPLE = Path(__file__).parents[2] / "examples" / "train_init_fsdp2.py"
TORCHRUN = ("-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "4")


def weights(*launcher: str) -> str:
    """Run the example and return the digest that it prints."""
    command = [sys.executable, *launcher, str(EXAMPLE)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert run.returncode == 0, run.stderr[-3000:]
    (found,) = re.findall(r"weights (\w+) on \d processes, loss \d+\.\d+", run.stdout)
    return str(found)


def test_one_process_and_four_start_alike() -> None:
    assert weights() == weights(*TORCHRUN)

"""Times fast_init.torch beside torch's own initialisation and NumPy's arrays, and measures peak memory.

Usage: python -m benchmarks.adapters_torch [--threads 2] [--rounds 9] [--small]

Needs torch and transformers, and Linux. Each contestant of each round is a process of its own, so that its memory is
fresh and its peak its own, and counted is its second run; contestants take turns. Printed are medians of the rounds, of
which there are fewer, three at least, where they take more than 90 s. Peak is what the process held at most above what
it held before, divided by the bytes of the tensors made.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import subprocess
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np
import torch
from ml_dtypes import bfloat16
from torch import nn

import fast_init
from fast_init.torch import accelerate, build, materialize_, record

from .machine import cpu_name

RANKS = 4
LONGEST = 90  # seconds of a comparison
Job = Callable[[], Any]  # returns what must live until the clock has stopped


def gpt2(small: bool) -> Any:
    """GPT-2 of 180 M parameters, or less."""
    from transformers import GPT2Config

    return GPT2Config(n_layer=2, n_embd=96, vocab_size=512) if small else GPT2Config(n_layer=20)


def llama(small: bool) -> Any:
    """Llama of 1.24 * 10^9 parameters, its head tied, or less."""
    from transformers import LlamaConfig

    sizes = {"hidden_size": 2048, "intermediate_size": 8192, "num_hidden_layers": 16, "vocab_size": 128256}
    if small:
        sizes = {"hidden_size": 128, "intermediate_size": 512, "num_hidden_layers": 2, "vocab_size": 512}
    heads = {"num_attention_heads": 32, "num_key_value_heads": 8}
    return LlamaConfig(**sizes, **heads, tie_word_embeddings=True, dtype="bfloat16")


def from_config(config: Any) -> nn.Module:
    from transformers import AutoModelForCausalLM

    return AutoModelForCausalLM.from_config(config, dtype=config.dtype)


def accelerated(call: Job) -> Any:
    with accelerate(seed=42):
        return call()


def on_meta(config: Any) -> nn.Module:
    with torch.device("meta"):
        return from_config(config)


def materialized(module: nn.Module, recipe: fast_init.Recipe) -> nn.Module:
    materialize_(module, seed=42, recipe=recipe)
    return module


def meta_job(config: Any) -> Job:
    recipe = record(lambda: from_config(config))
    module = on_meta(config)
    return lambda: materialized(module, recipe)


def numpy_job(config: Any) -> Job:
    """One array of as many elements as the model has."""
    elements = sum(parameter.numel() for parameter in on_meta(config).parameters())
    scheme = fast_init.normal(0.0, 0.02)
    return lambda: scheme.fill_(np.empty(elements, bfloat16), seed=42)


def rank_job(config: Any, rank: int) -> Job:
    """A rank's share of the model under FSDP2; the other ranks are not there, and none is waited for."""
    import torch.distributed as dist
    from torch.distributed.device_mesh import init_device_mesh
    from torch.distributed.fsdp import fully_shard
    from torch.testing._internal.distributed.fake_pg import FakeStore

    if not dist.is_initialized():
        dist.init_process_group("fake", store=FakeStore(), rank=rank, world_size=RANKS)
    recipe, module = record(lambda: from_config(config)), on_meta(config)
    mesh = init_device_mesh("cpu", (RANKS,))
    for layer in module.model.layers:
        fully_shard(layer, mesh=mesh)
    fully_shard(module, mesh=mesh)
    return lambda: materialized(module, recipe)


def linear_job(side: int, wrap: Callable[[Job], Any]) -> Job:
    return lambda: wrap(lambda: nn.Linear(side, side))


def trunc_job(side: int, wrap: Callable[[Job], Any]) -> Job:
    weight = nn.Linear(side, side).weight
    return lambda: wrap(lambda: nn.init.trunc_normal_(weight, std=0.02, a=-0.04, b=0.04))


def once(call: Job) -> Any:
    return call()


def jobs(small: bool) -> dict[str, dict[str, Callable[[], Job]]]:
    """What is compared: contestants by name, of each comparison the first is the measure."""
    side, inner = (512, 500) if small else (8192, 5000)
    return {
        f"nn.Linear({side}, {side})": {
            "torch": lambda: linear_job(side, once),
            "accelerate": lambda: linear_job(side, accelerated),
        },
        f"trunc_normal_ cut at 2 sigmas, {inner}x{inner}, warm": {
            "torch": lambda: trunc_job(inner, once),
            "accelerate": lambda: trunc_job(inner, accelerated),
        },
        "GPT-2, 180 M, float32": {
            "torch": lambda: lambda: from_config(gpt2(small)),
            "accelerate": lambda: lambda: accelerated(lambda: from_config(gpt2(small))),
            "build": lambda: lambda: build(lambda: from_config(gpt2(small)), seed=42),
        },
        "Llama, 1.24 B, bfloat16": {
            "torch": lambda: lambda: from_config(llama(small)),
            "accelerate": lambda: lambda: accelerated(lambda: from_config(llama(small))),
            "build": lambda: lambda: build(lambda: from_config(llama(small)), seed=42),
        },
        "its memory filled": {
            "NumPy array": lambda: numpy_job(llama(small)),
            "materialize_": lambda: meta_job(llama(small)),
            f"the first rank of {RANKS}": lambda: rank_job(llama(small), 0),
            f"the last rank of {RANKS}": lambda: rank_job(llama(small), RANKS - 1),
        },
    }


def nbytes(made: Any) -> int:
    if not isinstance(made, nn.Module):
        return int(made.nbytes)
    parts = [getattr(tensor, "_local_tensor", tensor) for tensor in made.parameters()]
    return sum(part.numel() * part.element_size() for part in parts)


def memory(field: str) -> int:
    """Bytes: VmRSS is what the process holds, VmHWM the most since the mark was reset."""
    (line,) = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(field))
    return int(line.split()[1]) * 1024


def measure(make: Callable[[], Job]) -> dict[str, float]:
    """Run a job twice; of the second, return the seconds, and the peak over the bytes it made.

    The first pays what only a process's first model does: imports, tables that torch and fast_init make. It also makes
    a virtual machine's host find the memory, which takes several times as long as filling it. The second has new pages.
    """
    make()()
    gc.collect()
    call = make()
    Path("/proc/self/clear_refs").write_text("5")  # the mark of VmHWM
    before, start = memory("VmRSS"), perf_counter()
    made = call()
    seconds = perf_counter() - start
    return {"seconds": seconds, "peak": (memory("VmHWM") - before) / nbytes(made)}


def one_element(calls: int = 20000) -> dict[str, float]:
    """Microseconds of `normal_` of one element, by kind of destination."""
    array, tensor = np.empty(1, np.float32), torch.empty(1)
    parameter, half = nn.Parameter(tensor), tensor.bfloat16()
    kinds: dict[str, Job] = {
        "NumPy": lambda: fast_init.normal_(array, seed=1),
        "tensor": lambda: fast_init.torch.normal_(tensor, seed=1),
        "Parameter": lambda: fast_init.torch.normal_(parameter, seed=1),
        "bfloat16": lambda: fast_init.torch.normal_(half, seed=1),
    }
    times: dict[str, list[float]] = {kind: [] for kind in kinds}
    for _ in range(7):
        for kind, call in kinds.items():
            start = perf_counter()
            for _ in range(calls):
                call()
            times[kind].append((perf_counter() - start) / calls * 1e6)
    return {kind: median(taken) for kind, taken in times.items()}


def apart(options: argparse.Namespace, title: str, name: str) -> dict[str, float]:
    """Measure in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.adapters_torch", "--job", title, name, *["--small"] * options.small]
    environment = os.environ | {"OMP_NUM_THREADS": str(options.threads)}
    text = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment).stdout
    return json.loads(text.splitlines()[-1])  # type: ignore[no-any-return]


def compare(options: argparse.Namespace, title: str, names: list[str]) -> None:
    found: dict[str, list[dict[str, float]]] = {name: [] for name in names}
    start = perf_counter()
    for k in range(options.rounds):
        if k >= 3 and perf_counter() - start > LONGEST:
            break
        for name in names:
            found[name].append(apart(options, title, name))
    print(f"\n{title:<52} {'seconds':>8} {'ratio':>6} {'peak':>6}")
    first = median(each["seconds"] for each in found[names[0]])
    for name in names:
        seconds, peak = (median(each[key] for each in found[name]) for key in ("seconds", "peak"))
        print(f"    {name:<48} {seconds:8.3f} {first / seconds:6.2f} {peak:6.2f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--small", action="store_true", help="tiny sizes, to see that it runs")
    parser.add_argument("--job", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    table = jobs(options.small)
    if options.job:
        title, name = options.job
        print(json.dumps(measure(table[title][name])))
        return
    print(f"{cpu_name()}, {options.threads} threads, torch {torch.__version__}, at most {options.rounds} rounds")
    print("one element:", ", ".join(f"{kind} {us:.2f} us" for kind, us in one_element().items()))
    for title, contestants in table.items():
        compare(options, title, list(contestants))


if __name__ == "__main__":
    main()

"""Plans a checkpoint of 10^12 parameters, writes of it what `fast-init verify` looks at, and verifies that.

Usage: python -m benchmarks.trillion folder [--layers 60]

Linux only. The folder's file system must have sparse files, as ext4 and xfs: 2 TB of them take some 100 MB. What is
written there is removed. The model is a mixture of 384 experts a layer; its experts are stacked, one tensor for all of
a layer, or a tensor each.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from math import prod
from pathlib import Path
from shutil import rmtree

import numpy as np
from safetensors import safe_open

from fast_init import normal_, recipes
from fast_init.checkpoints.pieces import Piece
from fast_init.checkpoints.plan import INDEX, File, Tensors, plan_of
from fast_init.checkpoints.verification import ranges_looked_at
from fast_init.recipes.lazy_tensor import LazyTensor
from fast_init.sampling.dtypes import dtype_named

from .machine import cpu_name
from .scale import command, seconds

WIDTH, HIDDEN, EXPERTS, VOCABULARY = 7168, 2048, 384, 163_840
DTYPE, SEED, STD, MOST = "bfloat16", 1, 0.02, "5GB"
RECIPE = f"mixtral(std={STD})"
NO_PART = "1000000/1000000"  # of which no file is: planned, and nothing written


def model(layers: int, *, stacked: bool) -> Tensors:
    """Return shapes and dtypes by transformers' names."""
    shapes: dict[str, tuple[int, ...]] = {"model.embed_tokens.weight": (VOCABULARY, WIDTH)}
    for layer in (f"model.layers.{k}" for k in range(layers)):
        shapes |= {f"{layer}.self_attn.{part}_proj.weight": (WIDTH, WIDTH) for part in "qkvo"}
        shapes |= {f"{layer}.{norm}_layernorm.weight": (WIDTH,) for norm in ("input", "post_attention")}
        if stacked:
            shapes[f"{layer}.mlp.gate.weight"] = EXPERTS, WIDTH
            shapes[f"{layer}.mlp.experts.gate_up_proj"] = EXPERTS, 2 * HIDDEN, WIDTH
            shapes[f"{layer}.mlp.experts.down_proj"] = EXPERTS, WIDTH, HIDDEN
            continue
        shapes[f"{layer}.block_sparse_moe.gate.weight"] = EXPERTS, WIDTH
        for expert in (f"{layer}.block_sparse_moe.experts.{k}" for k in range(EXPERTS)):
            shapes |= {f"{expert}.{w}.weight": (HIDDEN, WIDTH) for w in ("w1", "w3")}
            shapes[f"{expert}.w2.weight"] = WIDTH, HIDDEN
    shapes |= {"model.norm.weight": (WIDTH,), "lm_head.weight": (VOCABULARY, WIDTH)}
    return {name: (shape, DTYPE) for name, shape in shapes.items()}


def plan(folder: Path, tensors: Tensors) -> str:
    """Plan by the command, in a process of its own, and return the row of what it took."""
    spec = folder / "spec.json"
    spec.write_text(json.dumps({name: {"shape": shape, "dtype": dtype} for name, (shape, dtype) in tensors.items()}))
    words = ["checkpoint", str(spec), "-o", str(folder / "planned"), "--recipe", RECIPE, "--part", NO_PART]
    taken, memory = command(*words, "--seed", str(SEED), "--max-shard-size", MOST)
    assert not any((folder / "planned").iterdir())
    return f"{taken:.1f} s | {memory:.0f} MB"


def write_sparse(folder: Path, tensors: Tensors) -> tuple[File, ...]:
    """Write files of the full size that hold headers and the ranges of each tensor that `verify` looks at."""
    recipe = recipes.mixtral(STD)
    rules = recipe.rules_for(tensors)
    drawn = {n: LazyTensor(n, shape, dtype_named(dtype), rules[n], SEED) for n, (shape, dtype) in tensors.items()}
    planned = plan_of(tensors, {"seed": str(SEED), "recipe": recipe.to_json()}, MOST)
    for file in planned.files:
        path = folder / file.name
        with path.open("wb") as out:
            out.write(file.header)
            out.truncate(file.size)
        for entry in file.entries:
            tensor = drawn[entry.name]
            for first, last in ranges_looked_at(tensor.size, every=False):
                begin, end = (entry.begin + n * tensor.dtype.itemsize for n in (first, last))
                Piece(path, len(file.header), begin, end, ((entry, tensor),)).write(1, lambda _: None)
    assert planned.index is not None
    (folder / INDEX).write_bytes(planned.index)
    return planned.files


def check_last_row(folder: Path, files: Sequence[File]) -> str:
    """Compare the end of the last stack of experts, as safetensors reads it, with a shard that `normal_` draws."""
    file, entry = next((f, e) for f in reversed(files) for e in f.entries if e.name.endswith("experts.down_proj"))
    with safe_open(folder / file.name, "numpy") as opened:
        found = opened.get_slice(entry.name)[EXPERTS - 1 :, WIDTH - 1 :, :]
    row = np.empty((1, 1, HIDDEN), found.dtype)
    offset = EXPERTS - 1, WIDTH - 1, 0
    normal_(row, 0.0, STD, seed=SEED, name=entry.name, global_shape=entry.shape, offset=offset)
    if (found.view(np.uint16) != row.view(np.uint16)).any():
        raise ValueError(f"{entry.name}: the last row is not that of normal_; one of the two is wrong: compare them")
    return entry.name


def main(words: Sequence[str] | None = None) -> int:
    """Plan, write, verify, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--layers", type=int, default=60)
    options = parser.parse_args(words)
    folder, out = options.folder, options.folder / "sparse"
    out.mkdir(parents=True)
    try:
        print(f"| {cpu_name()} | tensors | time | peak memory of the process |\n|---|---|---|---|")
        for stacked in (False, True):
            tensors = model(options.layers, stacked=stacked)
            total = sum(prod(shape) for shape, _ in tensors.values())
            what = "stacked" if stacked else "one by one"
            print(f"| plan of {total:.4g} parameters, experts {what} | {len(tensors):,} | {plan(folder, tensors)} |")
        files: list[File] = []
        writing = seconds(lambda: files.extend(write_sparse(out, tensors)))
        taken, memory = command("verify", str(out))
        print(f"| `fast-init verify` of the stacked | {len(tensors):,} | {taken:.1f} s | {memory:.0f} MB |\n")
        there = [path.stat() for path in out.iterdir()]
        size, held = sum(s.st_size for s in there) / 1e9, sum(s.st_blocks * 512 for s in there) / 1e6
        print(f"{len(files)} files of {size:.0f} GB hold {held:.0f} MB, drawn in {writing:.1f} s.")
        print(f"The last row of {check_last_row(out, files)} is that of normal_.")
    finally:
        rmtree(out)
        rmtree(folder / "planned", ignore_errors=True)
        (folder / "spec.json").unlink(missing_ok=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())

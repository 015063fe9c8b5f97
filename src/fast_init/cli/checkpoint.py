"""The command `fast-init checkpoint`."""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from time import perf_counter

from ..checkpoints.files import write_bytes
from ..checkpoints.plan import DTYPES, checked
from ..checkpoints.spec import Spec, read_spec
from ..checkpoints.writing import WriteReport, write_checkpoint
from ..recipes.printable import printable
from . import engine_option, recipe_option
from .chosen_recipe import Chosen, chosen_recipe
from .terminal import show

__all__ = ["DESCRIPTION", "EPILOG", "HELP", "add_arguments", "run"]

HELP = "write a model's initial weights as safetensors"

DESCRIPTION = """Write a model's initial weights as safetensors, in constant memory. SPEC says names and shapes: a
Hugging Face config.json (needs transformers and torch), safetensors or their index, a directory of these, or JSON such
as {"w": {"shape": [3, 4], "dtype": "bfloat16"}}. A config.json is copied beside the weights."""

EPILOG = """examples:
  fast-init checkpoint config.json -o model                    as the model's own code initialises it
  fast-init checkpoint old/ -o new --recipe rules.toml --seed 7 --dtype bfloat16
  fast-init checkpoint shapes.json -o model --recipe 'gpt2(layers=24)' --resume
  fast-init checkpoint config.json -o model --part 2/4         one of four machines
  fast-init checkpoint config.json -o model --workers 4        by four processes
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add = parser.add_argument
    add("spec", type=Path, metavar="SPEC", help="what to write; its content says which kind of file it is")
    add("-o", "--output", type=Path, required=True, metavar="DIR", help="the directory to write to")
    add("--recipe", help=f"{recipe_option.HELP} (default: see above)")
    add("--seed", type=int, default=0, help="from 0 to 2**64 - 1 (default: 0)")
    add("--dtype", help=f"{', '.join(DTYPES)} of the floats; whole numbers keep theirs (default: SPEC's)")
    add("--published-names", action="store_true", help="of a config.json: a tensor for each expert, as engines read")
    add("--max-shard-size", default="5GB", help="the most bytes of tensors in a file (default: 5GB)")
    add("--part", type=_part, default=(1, 1), metavar="K/N", help="write only the K-th of N parts, each by a process")
    add("--resume", action="store_true", help="keep the files that an earlier run has finished")
    add("--threads", type=int, help="the most to use (default: all this process may)")
    engine_option.add_arguments(parser)
    add("--progress", action="store_true", help="show a bar, if stderr is a terminal; needs rich")
    add("--json", action="store_true", help="print what was done as JSON")


def _part(text: str) -> tuple[int, int]:
    if (match := re.fullmatch("([0-9]{1,9})/([0-9]{1,9})", text)) is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not K/N, such as 1/4")
    return int(match[1]), int(match[2])


def run(arguments: argparse.Namespace) -> int:
    """Write the checkpoint, say so, and return the exit code 0; what it raises is a sentence."""
    spec = _checked(arguments.spec, arguments.dtype, published=arguments.published_names)
    chosen = chosen_recipe(arguments.recipe, spec)
    chosen.check(arguments.spec)
    config = None if spec.config is None else _to_copy(spec.config, arguments.output / "config.json")
    start = perf_counter()
    with engine_option.executor_of(arguments.workers, arguments.scheduler) as executor:
        done = write_checkpoint(
            arguments.output,
            chosen.tensors,
            chosen.recipe,
            seed=arguments.seed,
            dtype=arguments.dtype,
            max_shard_size=arguments.max_shard_size,
            part=arguments.part,
            resume=arguments.resume,
            threads=arguments.threads,
            progress=arguments.progress and sys.stderr.isatty(),
            executor=executor,
        )
    seconds = perf_counter() - start
    if config is not None:
        write_bytes(done.directory / "config.json", config)
    show(
        json.dumps(_record(done, spec, chosen, seconds), indent=2)
        if arguments.json
        else _sentences(done, spec, chosen, seconds)
    )
    return 0


def _checked(path: Path, dtype: str | None, *, published: bool) -> Spec:
    """Return what a file describes; ValueError, with its name, for what cannot be written."""
    spec = read_spec(path, published=published)
    try:
        checked(spec.tensors, dtype)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None
    return spec


def _to_copy(source: Path, target: Path) -> bytes | None:
    """Return what is to be written, None if it is there; raises before another file would be overwritten."""
    text = source.read_bytes()
    if not target.exists():
        return text
    if target.read_bytes() != text:
        raise FileExistsError(f"{target} is there and is not {source}: choose another directory, or delete it")
    return None


def _record(done: WriteReport, spec: Spec, chosen: Chosen, seconds: float) -> dict[str, object]:
    return {
        "directory": str(done.directory),
        "seed": done.seed,
        "files": done.files,
        "kept": done.kept,
        "bytes": done.size,
        "seconds": seconds,
        "complete": done.complete,
        "class": spec.class_name,
        "class_chosen_by": spec.chosen_by,
        "recipe": chosen.origin,
        "whole_numbers": chosen.whole_numbers,
        "left_out": chosen.left_out,
    }


def _sentences(done: WriteReport, spec: Spec, chosen: Chosen, seconds: float) -> str:
    written = len(done.files) - len(done.kept)
    files = f"{written} {'file' if written == 1 else 'files'}, {done.size / 1e6:,.1f} MB written in {seconds:.2f} s"
    lines = [f"{done.directory}: {files}, {len(done.kept)} kept; seed {done.seed}"]
    if spec.class_name is not None:
        lines.append(f"class: {spec.class_name}, by {spec.chosen_by}")
        lines.append(f"recipe: {chosen.origin}")
    if chosen.whole_numbers:
        lines.append(f"whole numbers, in their own dtypes: {_first(chosen.whole_numbers)}")
    if chosen.left_out:
        lines.append(f"left out, as they are no floats and the recipe does not give them: {_first(chosen.left_out)}")
    lines.append("the checkpoint is complete" if done.complete else "the checkpoint is not complete: parts are missing")
    return "\n".join(map(printable, lines))


def _first(names: tuple[str, ...]) -> str:
    return ", ".join(names[:5]) + (", ..." if len(names) > 5 else "")

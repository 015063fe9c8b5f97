"""Checkpoints written straight from a recipe: files of safetensors that never were in memory as a whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from errno import EDQUOT, ENOSPC
from pathlib import Path
from typing import Any

from ..recipes.lazy_tensor import LazyTensor
from ..recipes.progress import Track, tracked
from ..recipes.recipe import Recipe
from ..recipes.whole_numbers import tensor_of
from ..sampling.config import config
from ..sampling.dtypes import dtype_named
from ..sampling.numbers import int_of
from ..sampling.shards import Shape
from ..sampling.shown import shown
from ..sampling.streams import STREAM_VERSION, Seed, key_of
from ..sampling.threads import threads_of
from .engines import write_files_by
from .files import write_bytes, write_files
from .plan import CONFIG, INDEX, CheckpointPlan, File, checked, plan_of
from .safetensors_file import read_header
from .temporaries import remove_leftovers

__all__ = ["WriteReport", "write_checkpoint"]

STEP = 1 << 26  # bytes between two reports of progress


@dataclass(frozen=True)
class WriteReport:
    """What `write_checkpoint` did."""

    directory: Path
    seed: int
    files: tuple[str, ...]  # of this part, in order
    kept: tuple[str, ...]  # those of them that an earlier run had finished
    size: int  # bytes that were written
    complete: bool  # whether all parts are done, so that the checkpoint loads


def write_checkpoint(
    directory: str | Path,
    tensors: Mapping[str, tuple[Shape, object]],
    recipe: Recipe,
    *,
    seed: Seed = None,
    dtype: str | None = None,
    max_shard_size: int | str = "5GB",
    part: tuple[int, int] = (1, 1),
    resume: bool = False,
    threads: int | None = None,
    progress: bool | Track = False,
    executor: Executor | None = None,
) -> WriteReport:
    """Write the checkpoint that holds what ``recipe.init_`` would put in memory, in constant memory.

    The files are ``model.safetensors``, or ``model-00001-of-000NN.safetensors`` and so on and, when all of them are
    there, ``model.safetensors.index.json``: a checkpoint is complete when, and only when, the index (or the single
    file) exists. Their headers keep the seed, the recipe and the versions. A file gets its name when it is whole.

    Parameters
    ----------
    directory
        Is made if need be; must hold no other checkpoint.
    tensors
        Shape and dtype (float32, float16, bfloat16; bool, int8 to int64, uint8 to uint64 where the rule is a constant
        or a literal of such values) by name, in the order of the files. A shape has at most 32 dimensions, and a
        tensor fewer than 2^63 bytes.
    recipe
        Has a rule for each name. Tensors of orthogonal, sparse and other structured schemes are made in memory,
        one at a time.
    seed
        As in `normal_`; an int where `part` or `resume` is given.
    dtype
        Replaces the dtypes of all the tensors of floats; those of whole numbers keep theirs.
    max_shard_size
        The most bytes of a file's tensors, < 2^63, as an int or such as 5GB or 5GiB; a larger tensor has its own file.
    part
        (K, N): write only the K-th of N parts, K from 1. N processes make one checkpoint without a word between
        them; the files do not depend on N. The last to finish writes the index. Two that write the same part at once
        do no harm but the work.
    resume
        Keep files that an earlier run has finished, after a look at their headers and sizes, and write the others.
    threads, progress
        As in `Recipe.init_`. With an executor, the threads of each of its tasks, 1 if None.
    executor
        Anything with the interface of `concurrent.futures.Executor`: processes, Dask's ``client.get_executor()``,
        ``mpi4py.futures.MPIPoolExecutor()``. Its workers write slices of the files, of 256 MiB at most, in the
        directory, which all of them must see under this path; the bytes are the same. A task that is lost is run again.

    Returns
    -------
    WriteReport
        What was done, and whether the checkpoint is complete.

    Raises
    ------
    ValueError, TypeError
        An argument is not what it must be, a name has no rule, or a shape does not fit; nothing is then written.
    FileExistsError
        The directory holds (part of) a checkpoint, and `resume` is not given or it is another one.
    OSError
        The disk is full or the directory cannot be written.
    ImportError
        bfloat16 is wanted and ml_dtypes is not installed.
    ChildProcessError
        The executor broke, as one of processes does when one of them is killed: resume with a new one.

    Examples
    --------
    >>> from tempfile import mkdtemp
    >>> tensors = {"embed.weight": ((100, 16), "float32"), "head.weight": ((4, 16), "float32")}
    >>> recipe = Recipe([("embed*", normal(std=0.02)), ("*.weight", he_normal())])
    >>> done = write_checkpoint(mkdtemp(), tensors, recipe, seed=42)
    >>> done.files, done.complete
    (('model.safetensors',), True)
    """
    if executor is not None and threads is None:
        threads = 1
    folder, count, (number, parts) = Path(directory), threads_of(threads), _part(part)
    if not isinstance(recipe, Recipe):
        raise TypeError(f"recipe is {recipe!r}; it must be a Recipe: pass Recipe([...]) or Recipe.load(path)")
    if (resume or parts > 1) and int_of(seed) is None:
        raise ValueError(f"seed is {seed!r}; all runs and parts of a checkpoint need the same one: pass an int")
    shapes, key = checked(tensors, dtype), key_of(seed)
    rules = recipe.rules_for(shapes)
    drawn = {name: tensor_of(name, s, dtype_named(d), rules[name], key) for name, (s, d) in shapes.items()}
    for tensor in drawn.values():
        tensor.check()
    plan = plan_of(shapes, _metadata(recipe, key), max_shard_size)
    mine = plan.files[number - 1 :: parts]
    with _sentences(folder):
        folder.mkdir(parents=True, exist_ok=True)
        todo = _unfinished(folder, plan, mine, resume)
        _write(folder, todo, drawn, count, progress, executor)
        complete = _complete(folder, plan)
    names = tuple(file.name for file in mine)
    kept = tuple(name for name in names if name not in {file.name for file in todo})
    return WriteReport(folder, key, names, kept, sum(file.size for file in todo), complete)


def _part(part: Any) -> tuple[int, int]:
    if (
        isinstance(part, Sequence)
        and len(part) == 2
        and all(int_of(n) is not None for n in part)
        and 1 <= part[0] <= part[1]
    ):
        return part[0], part[1]
    raise ValueError(f"part is {shown(part)}; it must be K and N with 1 <= K <= N: pass such as (1, 4)")


def _metadata(recipe: Recipe, seed: int) -> dict[str, str]:
    return {
        "format": "pt",  # what transformers asks for
        "fast_init_version": config()["fast_init"],
        "stream_version": str(STREAM_VERSION),
        "seed": str(seed),
        "recipe": recipe.to_json(),
    }


def _unfinished(folder: Path, plan: CheckpointPlan, mine: Sequence[File], resume: bool) -> list[File]:
    """Return which of the files are to be written; raises if the directory holds what is not of this checkpoint."""
    index = {INDEX} if (folder / INDEX).exists() else set()
    there = {path.name for path in folder.glob("model*.safetensors")} | index
    planned = {file.name for file in plan.files} | (set() if plan.index is None else {INDEX})
    if strange := sorted(there - planned):
        raise FileExistsError(f"{folder} holds {strange[0]}, which is of another checkpoint: choose another directory")
    own = {*(file.name for file in mine), *((INDEX,) if mine else ())}  # a part without files has nothing to overwrite
    if not resume and (old := sorted(there & own)):
        raise FileExistsError(f"{folder} holds {old[0]} already: resume that run, or choose another directory")
    finished = {file.name for file in plan.files if _is_finished(folder / file.name, file)}
    todo = [file for file in mine if file.name not in finished]
    if todo:
        (folder / INDEX).unlink(missing_ok=True)
    for name in (INDEX, CONFIG, *(file.name for file in mine)):
        remove_leftovers(folder / name)
    return todo


def _is_finished(path: Path, file: File) -> bool:
    """Whether a file is there, with this header and size; raises if its header is another."""
    if not path.exists():
        return False
    with path.open("rb") as stored:
        if stored.read(len(file.header)) == file.header:
            return path.stat().st_size == file.size
    raise FileExistsError(
        f"{path} is of another run ({_difference(path, file)}): choose another directory, or delete the file"
    )


def _difference(path: Path, file: File) -> str:
    there = read_header(path).metadata
    for key in ("seed", "stream_version", "fast_init_version"):
        if there.get(key) != file.metadata[key]:
            return f"its {key} is {there.get(key)} and not {file.metadata[key]}"
    return "its recipe is another" if there.get("recipe") != file.metadata["recipe"] else "its tensors are others"


def _write(
    folder: Path,
    todo: Sequence[File],
    drawn: Mapping[str, LazyTensor],
    threads: int,
    progress: bool | Track,
    executor: Executor | None,
) -> None:
    total = sum(file.entries[-1].end for file in todo)
    done = shown = 0
    with tracked(progress) as track:

        def count(size: int) -> None:
            nonlocal done, shown
            done += size
            if done == total or done - shown >= STEP:
                shown = done
                track(done, total)

        if executor is None:
            write_files(folder, todo, drawn, threads, count)
        else:
            write_files_by(executor, folder, todo, drawn, threads, count)


def _complete(folder: Path, plan: CheckpointPlan) -> bool:
    """Whether all files of all parts are finished; the index is then there, and written last."""
    if not all(_is_finished(folder / file.name, file) for file in plan.files):
        return False
    if plan.index is not None and not _holds(folder / INDEX, plan.index):
        write_bytes(folder / INDEX, plan.index)
    return True


def _holds(path: Path, data: bytes) -> bool:
    try:
        return path.read_bytes() == data
    except FileNotFoundError:  # also one that another process has just removed
        return False


@contextmanager
def _sentences(folder: Path) -> Iterator[None]:
    """Say of an error of the system what it means for a checkpoint."""
    try:
        yield
    except OSError as error:
        if error.errno is None:  # a sentence already
            raise
        fix = "free room" if error.errno in (ENOSPC, EDQUOT) else "choose another directory or its permissions"
        reason = f"{folder} cannot be written: {error.strerror}; {fix}, then resume"
        raise OSError(error.errno, reason) from error

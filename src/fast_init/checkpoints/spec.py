"""What a checkpoint is to hold, from a file: shapes and dtypes by name."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from ..sampling.shown import shown
from .limits import shape_of
from .plan import CONFIG, INDEX, SINGLE, Tensors
from .reading import is_safetensors, read_checkpoint, read_json
from .safetensors_file import CODES, WHOLE
from .transformers_shapes import shapes_of_config

__all__ = ["Spec", "read_spec"]


class Spec(NamedTuple):
    """Tensors to write, those of whole numbers, which are written where a recipe gives them, names of what is neither,
    and the config.json of their model.

    Where that config.json says which tensors there are: the class of the model, and what says that it is this class.
    """

    tensors: Tensors
    whole_numbers: Tensors
    left_out: tuple[str, ...] = ()
    config: Path | None = None
    class_name: str | None = None
    chosen_by: str | None = None


def read_spec(path: Path, *, published: bool = False) -> Spec:
    """Return what a file or directory describes.

    A file of safetensors, an index of them, a Hugging Face config.json (needs transformers and torch), or plain JSON
    such as ``{"w": {"shape": [3, 4], "dtype": "bfloat16"}}``; which of them it is, its content says. A directory
    stands for the checkpoint in it, and the config.json beside that, else for its config.json. With `published`, which
    only a config.json takes, the names are those of published checkpoints.
    """
    if not path.is_dir():
        return _of_file(path, published)
    config = path / CONFIG
    weights = next((path / name for name in (INDEX, SINGLE) if (path / name).exists()), config)
    spec = _of_file(weights, published)
    return spec._replace(config=config) if config.exists() else spec


def _of_file(path: Path, published: bool) -> Spec:
    safetensors = is_safetensors(path)
    record = {} if safetensors else read_json(path)
    like = safetensors or (isinstance(record, dict) and "weight_map" in record)
    if not like and isinstance(record, dict) and isinstance(record.get("model_type"), str):
        return _of_config(path, record, published)
    if published:
        raise ValueError(f"{path} is no config.json; only of one published names are made: leave --published-names out")
    return _like(path) if like else Spec(_plain(path, record), {})


def _like(path: Path) -> Spec:
    names = {code: name for name, code in CODES.items()}
    entries = [entry for header in read_checkpoint(path).headers.values() for entry in header.entries]
    known = {entry.name: (entry.shape, names[entry.code]) for entry in entries if entry.code in names}
    return Spec(*_divided(known), tuple(entry.name for entry in entries if entry.code not in names))


def _divided(tensors: Tensors) -> tuple[Tensors, Tensors]:
    """Return those of floats and those of whole numbers."""
    whole = {name: given for name, given in tensors.items() if given[1] in WHOLE}
    return {name: given for name, given in tensors.items() if name not in whole}, whole


def _plain(path: Path, record: Any) -> Tensors:
    try:
        given = {name: (value["shape"], value.get("dtype", "float32")) for name, value in record.items()}
    except (AttributeError, KeyError, TypeError):
        raise ValueError(
            f"{path} is no model; a model is safetensors, their index, a config.json with a model_type, or JSON such "
            'as {"w": {"shape": [3, 4], "dtype": "bfloat16"}}: pass one of these'
        ) from None
    return {name: (_shape(path, name, shape), dtype) for name, (shape, dtype) in given.items()}


def _shape(path: Path, name: str, shape: Any) -> tuple[int, ...]:
    try:
        return shape_of(shape, 1)
    except ValueError as error:
        raise ValueError(f"{path}: tensor {shown(name)}: its {error}; correct it there") from None


def _of_config(path: Path, record: dict[str, Any], published: bool) -> Spec:
    shapes = shapes_of_config(path, record, published=published)
    return Spec(*_divided(shapes.tensors), shapes.left_out, path, shapes.class_name, shapes.chosen_by)

"""The model that a Hugging Face config.json describes, as transformers makes it, and its tensors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from textwrap import shorten
from typing import Any, NamedTuple

from ..recipes.families.config_fields import check_layers
from .plan import Tensors
from .safetensors_file import WHOLE

__all__ = ["Shapes", "maker_of_config", "shapes_of_config"]

MOST_MODULES = 200_000  # of a model, a minute's work; nearly three times DeepSeek-V3 with a module an expert


class Shapes(NamedTuple):
    """The tensors of floats and of whole numbers, the names of the others, the class of the model, and what says that
    it is this class.
    """

    tensors: Tensors
    left_out: tuple[str, ...]
    class_name: str
    chosen_by: str


def shapes_of_config(path: Path, record: dict[str, Any], *, published: bool = False) -> Shapes:
    """Return what the model holds, made without memory; tied parameters count once. Raises what its maker does.

    With `published`, under the names and in the shapes of published checkpoints, as `save_pretrained` writes them: a
    tensor for each expert, where the model has one of all.
    """
    make = maker_of_config(path, record)
    import torch

    with torch.device("meta"):
        model = make()
    seen: dict[int, str] = {}
    state = {n: v for n, v in model.state_dict(keep_vars=True).items() if seen.setdefault(id(v), n) == n}
    if published:
        state = _published(path, model, state)
    tensors, left_out = {}, []
    for name, value in state.items():
        dtype = str(value.dtype).removeprefix("torch.")
        if value.is_floating_point() or dtype in WHOLE:
            tensors[name] = tuple(value.shape), dtype
        else:
            left_out.append(name)
    name = type(model).__name__
    chosen_by = "architectures" if name in (record.get("architectures") or ()) else "model_type"
    return Shapes(tensors, tuple(left_out), name, chosen_by)


def _published(path: Path, model: Any, state: dict[str, Any]) -> dict[str, Any]:
    """Return the state as `save_pretrained` would write it; transformers 4 has the published names as its own."""
    import transformers

    try:
        from transformers.core_model_loading import revert_weight_conversion
    except ImportError:
        return state
    with _sentences(path, transformers.__version__):
        converted: dict[str, Any] = revert_weight_conversion(model, state)
    return converted


def maker_of_config(path: Path, record: dict[str, Any]) -> Callable[[], Any]:
    """Return the function that makes the model, on the device in force: of the class that architectures names.

    Without such a class it is the causal language model of model_type, else its base model. Both functions raise
    ValueError, with the path, if it is no model that transformers makes, has more than MOST_MODULES modules, or a count
    of layers above 10,000; ImportError without transformers and torch.
    """
    try:
        check_layers(record)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None
    try:
        import torch
        import transformers
    except ImportError:
        raise ImportError(
            f"{path} is a config.json, whose shapes transformers and torch know: pip install 'fast-init[hf]'"
        ) from None

    with _sentences(path, transformers.__version__):
        config = transformers.AutoConfig.from_pretrained(path, trust_remote_code=False)

    def make() -> Any:
        with _sentences(path, transformers.__version__), _few_modules(torch):
            return _class_of(transformers, config, record)(config)

    return make


@contextmanager
def _sentences(path: Path, version: str) -> Iterator[None]:
    """Raise ValueError, with the path, for whatever the code of transformers' models happens to raise."""
    try:
        yield
    except Exception as error:
        raise ValueError(
            f"{path} is no model that transformers {version} makes: {type(error).__name__}: "
            f"{shorten(str(error), 300, placeholder='...')}; correct it there, or pass its shapes as JSON"
        ) from error


def _class_of(transformers: Any, config: Any, record: dict[str, Any]) -> Any:
    for name in record.get("architectures") or ():
        if hasattr(transformers, name):
            return getattr(transformers, name)._from_config
    causal = transformers.AutoModelForCausalLM
    return (causal if type(config) in causal._model_mapping else transformers.AutoModel).from_config


@contextmanager
def _few_modules(torch: Any) -> Iterator[None]:
    """Let a model of more than MOST_MODULES modules raise ValueError while it is made."""
    made = 0

    def count(*_: object) -> None:
        nonlocal made
        made += 1
        if made > MOST_MODULES:
            raise ValueError(f"the model has more than {MOST_MODULES:,} modules")

    hook = torch.nn.modules.module.register_module_module_registration_hook(count)
    try:
        yield
    finally:
        hook.remove()

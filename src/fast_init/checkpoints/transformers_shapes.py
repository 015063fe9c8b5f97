"""The tensors of the model that a Hugging Face config.json describes, as transformers makes it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from textwrap import shorten
from typing import Any

from ..recipes.families.config_fields import check_layers
from .plan import Tensors

__all__ = ["shapes_of_config"]

MOST_MODULES = 200_000  # of a model, a minute's work; nearly three times DeepSeek-V3 with a module an expert


def shapes_of_config(path: Path, record: dict[str, Any]) -> tuple[Tensors, tuple[str, ...]]:
    """Return the tensors of floats, and the names of the others; tied parameters count once.

    The model is made without memory. ValueError, with the path, if it is not one that transformers makes, has a
    count of layers above 10,000, or more than MOST_MODULES modules; ImportError without transformers and torch.
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
    try:
        config = transformers.AutoConfig.from_pretrained(path, trust_remote_code=False)
        with torch.device("meta"), _few_modules(torch):
            model = _class_of(transformers, config, record)(config)
    except Exception as error:  # transformers raises what its models' code happens to raise
        raise ValueError(
            f"{path} is no model that transformers {transformers.__version__} makes: {type(error).__name__}: "
            f"{shorten(str(error), 300, placeholder='...')}; correct it there, or pass its shapes as JSON"
        ) from error
    seen: dict[int, str] = {}
    tensors, left_out = {}, []
    for name, value in model.state_dict(keep_vars=True).items():
        if seen.setdefault(id(value), name) != name:
            continue
        if value.is_floating_point():
            tensors[name] = tuple(value.shape), str(value.dtype).removeprefix("torch.")
        else:
            left_out.append(name)
    return tensors, tuple(left_out)


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

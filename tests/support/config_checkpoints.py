"""Checkpoints that the command writes of models of transformers made small, and what from_pretrained says of them."""

from __future__ import annotations

import json
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

from fast_init.cli.main import main
from support.torch_models import Unbuildable, small_config

__all__ = ["command", "loaded", "outcome", "save_config"]


def command(*words: object) -> tuple[int, str]:
    """Run a command and return its exit code and what it printed."""
    printed = StringIO()
    with redirect_stdout(printed), redirect_stderr(printed):
        code = main([*map(str, words)])
    return code, printed.getvalue()


def save_config(config_class: Any, model: Any, folder: Path) -> Path:
    """Write the config.json of a small model; raises Unbuildable, also if transformers makes no model of the file."""
    import torch
    from transformers import AutoConfig

    record = json.loads(small_config(config_class, model).to_json_string(use_diff=False))
    path = folder / "config.json"
    folder.mkdir(exist_ok=True)
    path.write_text(json.dumps(cut({**record, "architectures": [model.__name__]})))
    try:
        with torch.device("meta"):
            model._from_config(AutoConfig.from_pretrained(folder))
    except Exception as error:  # of the model's own code
        raise Unbuildable(f"its config.json, of {type(error).__name__}: {error}".splitlines()[0]) from error
    return path


def cut(record: Any) -> Any:
    """Return a configuration, and those within, with as many layer_types as layers, which transformers insists on."""
    if not isinstance(record, dict):
        return record
    record = {key: cut(value) for key, value in record.items()}
    for key in ("layer_types", "mlp_layer_types"):
        if isinstance(record.get(key), list) and isinstance(record.get("num_hidden_layers"), int):
            record[key] = record[key][: record["num_hidden_layers"]]
    return record


def loaded(model: Any, folder: Path) -> tuple[Any, dict[str, Any]]:
    """Return what from_pretrained makes of a checkpoint, and what it missed or did not expect."""
    module, info = model.from_pretrained(folder, output_loading_info=True)
    return module, {key: info[key] for key in ("missing_keys", "unexpected_keys", "mismatched_keys") if info[key]}


def outcome(config_class: Any, model: Any, folder: Path) -> str:
    """Return "works", or why a class has no checkpoint that loads, or "no model: " and why none was built."""
    try:
        config = save_config(config_class, model, folder)
        code, printed = command("checkpoint", config, "-o", folder / "model")
        if code:
            return printed.strip().removeprefix("fast-init: ").replace(str(folder), "")
        _, wrong = loaded(model, folder / "model")
    except Unbuildable as reason:
        return f"no model: {reason}"
    except Exception as error:  # of the model's own code
        return f"{type(error).__name__}: {error}".splitlines()[0]
    return f"{ {key: sorted(map(str, names))[:3] for key, names in wrong.items()} }" if wrong else "works"

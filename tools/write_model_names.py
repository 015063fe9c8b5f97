"""Write the names and shapes of tests/data/models/*.json anew: python tools/write_model_names.py, with the libraries.

Each file says which recipe its models have, with which options, which library they are of, and for each model the
class and the arguments that make it; to add a model, add these and an empty "tensors".
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

MODELS = Path(__file__).parent.parent / "tests" / "data" / "models"


def of_transformers(name: str, config: dict[str, Any]) -> Any:
    """Return transformers' model of a class, given its configuration's arguments."""
    model = getattr(import_module("transformers"), name)
    return model(model.config_class(**config))


def of_torchvision(name: str, config: dict[str, Any]) -> Any:
    """Return torchvision's ResNet; the class of its blocks is named in the configuration."""
    module = import_module("torchvision.models.resnet")
    return getattr(module, name)(**{**config, "block": getattr(module, config["block"])})


def of_timm(name: str, config: dict[str, Any]) -> Any:
    """Return timm's model of a name."""
    return import_module("timm").create_model(name, **config)


LIBRARIES: dict[str, Callable[[str, dict[str, Any]], Any]] = {
    "timm": of_timm,
    "torchvision": of_torchvision,
    "transformers": of_transformers,
}


def build(library: str, model: dict[str, Any]) -> Any:
    """Return a model of the library, newly initialised."""
    return LIBRARIES[library](model["class"], model["config"])


def tensors_of(model: Any) -> dict[str, Any]:
    """Return what a recipe fills: the floating-point tensors of the state dict, tied ones under each name."""
    return {name: tensor.numpy() for name, tensor in model.state_dict().items() if tensor.is_floating_point()}


def main() -> None:
    """Write each file."""
    for path in sorted(MODELS.glob("*.json")):
        family = json.loads(path.read_text(encoding="utf-8"))
        library = family["library"].split()[0]
        family["library"] = f"{library} {version(library)}"
        for model in family["models"]:
            tensors = tensors_of(build(library, model))
            model["tensors"] = {name: list(array.shape) for name, array in tensors.items()}
        text = json.dumps(family, indent=1)
        text = re.sub(
            r"\[[\d\s,]+\]", lambda found: " ".join(found[0].split()).replace("[ ", "[").replace(" ]", "]"), text
        )
        path.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

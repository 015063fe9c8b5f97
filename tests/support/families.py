"""Small models of other libraries as data, and the ready recipe of each.

tests/data/models/*.json are their names and shapes (tools/write_model_names.py).
"""

from __future__ import annotations

import json
from pathlib import Path

import fast_init as fi
from fast_init import recipes

FAMILIES = {
    path.stem: json.loads(path.read_text(encoding="utf-8"))
    for path in sorted((Path(__file__).parent.parent / "data" / "models").glob("*.json"))
}
MODELS = [(family, k) for family, content in FAMILIES.items() for k in range(len(content["models"]))]


def ready(family: str) -> fi.Recipe:
    return recipes.READY[FAMILIES[family]["recipe"]](**FAMILIES[family]["options"])

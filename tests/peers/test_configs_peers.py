"""A config.json from which transformers makes no model is refused in one sentence with its path, and soon."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from fast_init.checkpoints import transformers_shapes
from fast_init.checkpoints.spec import read_spec

pytestmark = pytest.mark.filterwarnings("ignore")  # theirs

WRONG: list[tuple[dict[str, Any], str]] = [
    ({"model_type": "whisper", "pad_token_id": 10**6}, "AssertionError"),
    ({"model_type": "smollm3", "pad_token_id": 10**6}, "AssertionError"),
    ({"model_type": "gpt2", "architectures": ["GPT2Config"]}, "AttributeError"),
    ({"model_type": "gpt2", "architectures": [1]}, "TypeError"),
    ({"model_type": "gpt2", "n_embd": "768"}, ""),
    ({"model_type": "gpt2", "n_embd": -1}, ""),
    ({"model_type": "gpt2", "n_embd": 10**30}, ""),
    ({"model_type": "gpt2", "dtype": "nonsense"}, "AttributeError"),
    ({"model_type": "no such model"}, "ValueError"),
]


@pytest.mark.parametrize(("record", "kind"), WRONG, ids=str)
def test_what_transformers_does_not_make(record: dict[str, Any], kind: str, tmp_path: Path) -> None:
    pytest.importorskip("transformers")
    path = tmp_path / "config.json"
    path.write_text(json.dumps(record))
    with pytest.raises(
        ValueError, match=f"^{re.escape(str(path))} is no model that transformers .* makes: {kind}"
    ) as no:
        read_spec(path)
    assert "\n" not in str(no.value)


def test_models_of_too_many_modules_are_left_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("transformers")
    torch = pytest.importorskip("torch")
    path = tmp_path / "config.json"
    path.write_text(json.dumps({"model_type": "gpt2", "n_layer": 2}))
    monkeypatch.setattr(transformers_shapes, "MOST_MODULES", 20)
    with pytest.raises(ValueError, match="makes: ValueError: the model has more than 20 modules; correct it there"):
        read_spec(path)
    assert len(torch.nn.Sequential(*[torch.nn.Identity() for _ in range(30)])) == 30  # others may have more

"""Write the picture of docs/recipes.md and its table: python tools/write_recipe_picture.py."""

from __future__ import annotations

from pathlib import Path

from fast_init import recipes
from fast_init.study import RecipeSignals, recipe_signals

__all__ = ["found", "table_of"]

DOCS = Path(__file__).parent.parent / "docs"
BEGIN, END = "<!-- signals: begin -->\n", "<!-- signals: end -->\n"
LAYERS, D = 12, 768  # GPT-2's
SHOWN = 0, 1, 6, 12  # layers passed
SHAPES: dict[str, tuple[int, ...]] = {
    "transformer.wte.weight": (50257, D),
    "transformer.wpe.weight": (1024, D),
    **{
        f"transformer.h.{k}.{module}.weight": shape
        for k in range(LAYERS)
        for module, shape in {
            "attn.c_attn": (D, 3 * D),
            "attn.c_proj": (D, D),
            "mlp.c_fc": (D, 4 * D),
            "mlp.c_proj": (4 * D, D),
            "ln_1": (D,),
            "ln_2": (D,),
        }.items()
    },
}


def found() -> RecipeSignals:
    """Return the signals of GPT-2's recipe."""
    return recipe_signals(recipes.gpt2(layers=LAYERS), SHAPES)


def table_of(signals: RecipeSignals) -> str:
    """Return some layers of them as a table."""
    head = "| layers passed | forward | backward | he_normal forward | he_normal backward |\n|---|---|---|---|---|\n"
    rows = (
        f"| {s.layers} | {s.forward:.3g} | {s.backward:.3g} | {s.he_forward:.3g} | {s.he_backward:.3g} |\n"
        for s in signals.signals
        if s.layers in SHOWN
    )
    return head + "".join(rows)


if __name__ == "__main__":
    from fast_init.study.page import picture_of

    signals = picture_of(recipes.gpt2(layers=LAYERS), SHAPES, DOCS / "recipes" / "gpt2.svg")
    page = DOCS / "recipes.md"
    before, rest = page.read_text(encoding="utf-8").split(BEGIN)
    page.write_text(f"{before}{BEGIN}{table_of(signals)}{END}{rest.split(END)[1]}", encoding="utf-8")

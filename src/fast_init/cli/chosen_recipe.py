"""The recipe of what a command is to write: --recipe's, the ready one of a config.json, or what its class does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ..checkpoints.plan import Tensors
from ..checkpoints.spec import Spec
from ..checkpoints.transformers_shapes import maker_of_config
from ..recipes.compaction import compacted
from ..recipes.families.from_config import TYPES
from ..recipes.matching import only_name
from ..recipes.recipe import Recipe
from ..recipes.rule import Rule
from ..recipes.whole_numbers import gives
from ..schemes.distributions import Constant
from ..schemes.literal import Literal
from . import recipe_option

__all__ = ["Chosen", "chosen_recipe"]

LARGEST = 2.0**53  # the values of a literal are of float64
SHOWN = 3  # tensors without a rule that a sentence names


class Chosen(NamedTuple):
    """A recipe, where it is from, and what it does to the tensors of a spec."""

    recipe: Recipe
    origin: str
    tensors: Tensors  # the spec's, and those of its whole numbers that the recipe gives
    whole_numbers: tuple[str, ...]  # these, which keep their dtypes
    left_out: tuple[str, ...]  # the spec's others
    without_rule: Mapping[str, str]  # by the name of a tensor, why it has none

    def check(self, source: Path) -> None:
        """Raise ValueError if a tensor has no rule."""
        if self.without_rule:
            reasons = "; ".join(islice(self.without_rule.values(), SHOWN))
            more = f"; and {len(self.without_rule) - SHOWN} more" if len(self.without_rule) > SHOWN else ""
            raise ValueError(
                f"{source}: no scheme says how the class initialises {reasons}{more}: add rules to what fast-init "
                "recipe prints of it, and pass that file as --recipe"
            )


def chosen_recipe(text: str | None, spec: Spec) -> Chosen:
    """Return the recipe that --recipe says, else the ready one, if it has a rule for each tensor, else a recorded one.

    Whole numbers (position_ids, counters) are as the class has them; of a spec without a class, as the recipe gives
    them. ValueError for what `recipe_of` refuses, and for a config.json whose model cannot be made or recorded.
    """
    recipe, origin = _known(text, spec)
    if recipe is not None and (spec.class_name is None or not spec.whole_numbers):
        given = {n: (s, d) for n, (s, d) in spec.whole_numbers.items() if gives(recipe, n, s, np.dtype(d))}
        return _chosen(recipe, origin, spec, given, {})
    assert spec.config is not None
    recording = _recorded(spec.config)
    without_rule: dict[str, str] = {}
    if recipe is None:
        rules_of = {only_name(rule.pattern): rule for rule in recording.rules}
        recipe = Recipe(compacted(rule for name, rule in rules_of.items() if name in spec.tensors))
        origin = f"recorded from the initialisation of {spec.class_name or 'its class'} itself"
        without_rule = {
            name: recording.deferred.get(name, f"{name}: only the published checkpoint has this name")
            for name in spec.tensors
            if name not in rules_of
        }
    rules = _whole_numbers(recording.buffers, spec.whole_numbers)
    recipe = Recipe([*compacted(rules.values()), *recipe.rules], recipe.sizes)
    return _chosen(recipe, origin, spec, {name: spec.whole_numbers[name] for name in rules}, without_rule)


def _chosen(recipe: Recipe, origin: str, spec: Spec, whole_numbers: Tensors, without_rule: Mapping[str, str]) -> Chosen:
    left_out = (*(name for name in spec.whole_numbers if name not in whole_numbers), *spec.left_out)
    return Chosen(recipe, origin, {**spec.tensors, **whole_numbers}, tuple(whole_numbers), left_out, without_rule)


def _known(text: str | None, spec: Spec) -> tuple[Recipe | None, str]:
    """Return the recipe that --recipe says, or the ready one, and where it is from; None if the class must tell."""
    if text is not None or spec.config is None:
        return recipe_option.recipe_of(text, spec.config), f"--recipe {text}"
    record = recipe_option.record_of(spec.config)
    if record.get("model_type") in TYPES:
        ready = recipe_option.ready_in(spec.config, record)
        if _has_all(ready, spec.tensors):
            return ready, f"the ready one of {record['model_type']}"
    return None, ""


def _has_all(recipe: Recipe, names: Iterable[str]) -> bool:
    try:
        recipe.rules_for(list(names))
    except ValueError:
        return False
    return True


def _recorded(config: Path) -> Any:
    """Return what `fast_init.torch.record` does of the class of a config.json."""
    make = maker_of_config(config, recipe_option.record_of(config))
    from ..torch import record as record_

    try:
        return record_(make, unsupported="defer")
    except ValueError:
        raise
    except Exception as error:  # of the model's own code
        sentence = f"{config}: the model's initialisation fails: {type(error).__name__}: {error}"
        raise ValueError(f"{sentence}; pass a file as --recipe") from error


def _whole_numbers(buffers: Mapping[str, Any], names: Iterable[str]) -> dict[str, Rule]:
    """Return the rules of those buffers whose values have at most the magnitude up to which float64 has all ints."""
    rules = {}
    for name in names:
        if name not in buffers:
            continue
        values = buffers[name].numpy()
        floats = values.astype(np.float64)
        if np.abs(floats).max(initial=0) > LARGEST:
            continue
        one = not floats.size or bool((floats == floats.flat[0]).all())
        scheme = Constant(float(floats.flat[0]) if floats.size else 0.0) if one else Literal.of(floats)
        rules[name] = Rule.named(name, scheme)
    return rules

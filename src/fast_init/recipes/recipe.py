"""Recipes: which tensor of a model gets which scheme, by its name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from ..sampling.filling import Array
from ..sampling.numbers import is_int
from ..sampling.streams import Seed
from ..schemes.fans import check_layout
from ..schemes.scheme import Scheme
from .in_memory import init_all
from .report import Report
from .text import from_toml, to_toml

__all__ = ["Recipe", "Rule"]


@dataclass(frozen=True)
class Rule:
    """What to do with the tensors whose names match a pattern.

    Parameters
    ----------
    pattern
        As in a shell, over the whole name: ``*`` any characters, dots too, ``?`` one, ``[...]`` one of these.
    scheme
        The record that fills them.
    layout
        Replaces the scheme's, where it has one; is then None here.
    padding_row
        Index along the first axis of a row to set to zero after the fill, such as an embedding's padding token.
    tied_to
        Name of another tensor whose values this one gets: it is drawn from that name's stream.

    Examples
    --------
    >>> Rule("lm_head.weight", normal(std=0.02), tied_to="wte.weight").stream_of("lm_head.weight")
    'wte.weight'
    """

    pattern: str
    scheme: Scheme
    layout: str | None = None
    padding_row: int | None = None
    tied_to: str | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.pattern, str):
            raise TypeError(f"pattern is {self.pattern!r}; it must be a str: pass one such as '*.weight'")
        if not isinstance(self.scheme, Scheme):
            raise TypeError(
                f"scheme is {self.scheme!r} for {self.pattern!r}; it must be a record: pass he_normal(), say"
            )
        if self.layout is not None:
            check_layout(self.layout)
            if not hasattr(self.scheme, "layout"):
                raise ValueError(
                    f"layout is {self.layout!r} for {self.pattern!r}; {self.scheme.kind} has no fans: leave it out"
                )
            object.__setattr__(self, "scheme", replace(self.scheme, layout=self.layout))  # type: ignore[type-var]
            object.__setattr__(self, "layout", None)
        if self.padding_row is not None and not is_int(self.padding_row):
            raise TypeError(f"padding_row is {self.padding_row!r}; it must be an int or None: pass a row's index")
        if self.tied_to is not None and not isinstance(self.tied_to, str):
            raise TypeError(f"tied_to is {self.tied_to!r}; it must be a str or None: pass a tensor's name")

    def check_padding_row(self, shape: tuple[int, ...]) -> None:
        """Raise ValueError if a tensor of this shape has no such row."""
        if self.padding_row is not None and not (shape and 0 <= self.padding_row < shape[0]):
            raise ValueError(
                f"padding_row is {self.padding_row} for shape {shape}; it must be a row: pass an index of axis 0"
            )

    def stream_of(self, name: str) -> str:
        """Return the name of the stream that the tensor of that name is drawn from."""
        return name if self.tied_to is None else self.tied_to


class Recipe:
    """Rules for the tensors of a model; the first whose pattern matches a name holds.

    Parameters
    ----------
    rules
        Pairs of a pattern and a scheme, or `Rule` records, in order.

    Examples
    --------
    >>> recipe = Recipe([("*.bias", zeros()), ("embed*", normal(std=0.02)), ("*.weight", he_normal())])
    >>> recipe.rule_for("layers.0.mlp.up.weight").scheme
    variance_scaling(scale=2.0, mode='fan_in', distribution='normal', layout='oi...')
    >>> model = {"embed.weight": np.empty((100, 16), np.float32), "head.weight": np.empty((4, 16), np.float32)}
    >>> print(recipe.init_(model, seed=42))
    name          shape   dtype    scheme                                      fans   std       measured
    embed.weight  100x16  float32  normal(0, 0.02)                                    0.020000  0.019662
    head.weight   4x16    float32  variance_scaling(2, fan_in, normal, oi...)  16, 4  0.353553  0.374194
    2 tensors, 1,664 parameters
    """

    def __init__(self, rules: Iterable[tuple[str, Scheme] | Rule]) -> None:
        self.rules: tuple[Rule, ...] = tuple(rule if isinstance(rule, Rule) else Rule(*rule) for rule in rules)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Recipe) and self.rules == other.rules

    def __hash__(self) -> int:
        return hash(self.rules)

    def __repr__(self) -> str:
        return f"Recipe({list(self.rules)!r})"

    def rule_for(self, name: str) -> Rule:
        """Return the rule of a tensor's name; ValueError if there is none."""
        return self.rules_for([name])[name]

    def rules_for(self, names: Sequence[str] | Mapping[str, Any]) -> dict[str, Rule]:
        """Return the rule of each name; ValueError, with the names, if some have none."""
        found = {name: next((r for r in self.rules if fnmatchcase(name, r.pattern)), None) for name in names}
        if missing := [name for name, rule in found.items() if rule is None]:
            shown = ", ".join(missing[:20]) + (f" and {len(missing) - 20} more" if len(missing) > 20 else "")
            raise ValueError(
                f"no rule matches {shown}; every tensor needs one: add a rule, such as ('*.weight', he_normal()), "
                "or a last one for '*'"
            )
        return {name: rule for name, rule in found.items() if rule is not None}

    def init_(
        self,
        tensors: Mapping[str, Array],
        *,
        seed: Seed = None,
        threads: int | None = None,
        progress: bool | Callable[[int, int], object] = False,
        on_empty: str = "warn",
    ) -> Report:
        """Fill the arrays of a model in place, each from the stream of its own name.

        Parameters
        ----------
        tensors
            Arrays by name, which must not share memory unless they are tied.
        seed, threads, on_empty
            As in `normal_`.
        progress
            True for a bar (needs rich), or a function that is called with the bytes done and the bytes in all.

        Returns
        -------
        Report
            One row for each tensor, with expected and measured standard deviation; prints as a table.

        Raises
        ------
        ValueError, TypeError
            A name has no rule, or an array or its shape is not what its scheme needs; no array is then touched.
        KeyboardInterrupt
            On Ctrl-C, soon; arrays are then partly filled.
        """
        return init_all(tensors, self.rules_for(tensors), seed, threads, progress, on_empty)

    def to_toml(self) -> str:
        """Return the recipe as TOML, which `from_toml` reads."""
        return to_toml(self.rules)

    @staticmethod
    def from_toml(text_or_path: str | Path) -> Recipe:
        """Return the recipe of a TOML text, or of the file at a path (a Path, or a str without a line break)."""
        return Recipe(from_toml(text_or_path, Rule))

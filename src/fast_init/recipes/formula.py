"""Schemes whose numbers are formulas of a tensor's place and a model's sizes: a recipe gives them their values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from inspect import Parameter, signature
from typing import Any, NoReturn

from ..sampling.numbers import number_of
from ..sampling.shown import shown
from ..schemes.scheme import FACTORIES, Scheme
from .arithmetic import names_in, value_of

__all__ = ["Formula", "formula", "scheme_of_dict"]


@dataclass(frozen=True, repr=False)
class Formula(Scheme):
    """A scheme that is made by a function of schemes once the formulas among its arguments have values."""

    kind = "formula"
    function: str  # its name in FACTORIES
    options: tuple[tuple[str, Any], ...]  # all its arguments: a str in a number's place is a formula

    @property
    def formulas(self) -> dict[str, str]:
        """The formula of each argument that has one."""
        return {name: value for name, value in self.options if name in _numbers(self.function) and type(value) is str}

    @property
    def names(self) -> frozenset[str]:
        """What the formulas need values of."""
        return frozenset().union(*map(names_in, self.formulas.values()))

    def with_values(self, numbers: Mapping[str, float]) -> Scheme:
        """Return the scheme of these values; ValueError or TypeError where there is none."""
        values = {name: value_of(text, numbers) for name, text in self.formulas.items()}
        return FACTORIES[self.function](**{**dict(self.options), **values})

    @property
    def arguments(self) -> dict[str, Any]:
        """Its options by name."""
        return dict(self.options)

    def to_dict(self) -> dict[str, Any]:
        """Return a plain dict, from which `scheme_of_dict` makes an equal record."""
        return {"scheme": self.function, **self.arguments}

    def __repr__(self) -> str:
        return f"formula({', '.join([self.function, *(f'{name}={value!r}' for name, value in self.options)])})"

    def _no_values(self) -> NoReturn:
        raise ValueError(f"scheme is {self!r}; its formulas have values in a recipe only: use Recipe.rule_for(name)")

    def apply(self, array: Any, where: Any) -> NoReturn:  # noqa: ARG002
        """Raise ValueError, as all that needs values does."""
        self._no_values()

    def plan_for(self, shape: Any, dtype: Any) -> NoReturn:  # noqa: ARG002
        """Raise ValueError."""
        self._no_values()

    def std_for(self, shape: Any) -> NoReturn:  # noqa: ARG002
        """Raise ValueError."""
        self._no_values()


def formula(function: Callable[..., Scheme], /, **arguments: Any) -> Scheme:
    """Return a scheme for a `Rule`, some of whose numbers are formulas, which the recipe gives their values.

    Parameters
    ----------
    function
        What makes the scheme: `normal`, `he_normal`, `trunc_normal` and so on.
    arguments
        What it is called with, by name. A number may be a text such as ``"0.02 / sqrt(2 * (l + 1))"``: of numbers,
        names, ``+ - * /``, minus, parentheses, ``sqrt(x)``, ``min(x, y)``, ``max(x, y)``, and ``**`` with whole
        exponents up to 1024, 0.5 and -0.5; at most 200 characters. A name is a number that the rule's pattern captures,
        as ``layers.{l}.*`` does, or one of the recipe's sizes. Values have the same bits everywhere.

    Returns
    -------
    Scheme
        A record that is data, as all schemes are; without formulas, what the function returns.

    Raises
    ------
    ValueError, TypeError
        A text is no formula, or an argument is not what the function takes.

    Examples
    --------
    >>> last = Rule("layers.{l}.*.o_proj.weight", formula(normal, std="0.02 / sqrt(2 * (l + 1))"))
    >>> small = Rule("*", formula(trunc_normal, std="1 / sqrt(d)", a=-3, b=3, bounds="sigma"))
    >>> recipe = Recipe([last, small], sizes={"d": 64})
    >>> recipe.rule_for("layers.7.attn.o_proj.weight").scheme
    normal(mean=0.0, std=0.005)
    >>> recipe.rule_for("head.weight").scheme
    trunc_normal(mean=0.0, std=0.125, a=-3.0, b=3.0, bounds='sigma')
    """
    name = getattr(function, "kind", getattr(function, "__name__", None))
    if name not in FACTORIES or FACTORIES[name] is not function:
        raise TypeError(f"function is {shown(function)}; it must make a scheme: pass normal or he_normal, say")
    return scheme_of_dict({"scheme": name, **arguments})


def scheme_of_dict(record: Mapping[str, Any]) -> Scheme:
    """Return what `Scheme.from_dict` does, or a `Formula` where a number is a text."""
    arguments = dict(record)
    kind = arguments.pop("scheme", None)
    if type(kind) is not str or kind not in FACTORIES:
        return Scheme.from_dict(record)
    texts = [value for name, value in arguments.items() if name in _numbers(kind) and type(value) is str]
    if not texts:
        return Scheme.from_dict(record)
    try:
        call = signature(FACTORIES[kind]).bind(**arguments)
    except TypeError as error:
        raise TypeError(f"the scheme {kind!r} cannot be made of {shown(arguments)}: {error}") from None
    call.apply_defaults()
    for text in texts:
        names_in(text)
    return Formula(kind, tuple((name, _checked(kind, name, value)) for name, value in call.arguments.items()))


def _checked(kind: str, name: str, value: Any) -> Any:
    return value if type(value) is str or name not in _numbers(kind) else number_of(name, value)


@lru_cache(maxsize=256)
def _numbers(kind: str) -> frozenset[str]:
    """The arguments of a function of schemes that are floats."""
    return frozenset(name for name, p in signature(FACTORIES[kind]).parameters.items() if _is_float(p))


def _is_float(parameter: Parameter) -> bool:
    return parameter.annotation in ("float", float)

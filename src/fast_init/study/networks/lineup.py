"""The schemes that the study compares, by the labels of its pictures, and schemes from text."""

from __future__ import annotations

from ...schemes.calls import parse_call
from ...schemes.distributions import Normal, Uniform
from ...schemes.orthogonal import Orthogonal
from ...schemes.scheme import FACTORIES, Scheme
from ...schemes.variance_scaling import he_normal, lecun_normal, xavier_normal

__all__ = ["HE", "LECUN", "ORTHOGONAL", "SCHEMES", "SMALL", "UNIT", "XAVIER", "scheme_of"]

SMALL, UNIT = "sigma = 0.01", "sigma = 1"
SMALL_RANGE, UNIT_RANGE = "uniform [-0.01, 0.01]", "uniform [-1, 1]"
LECUN, XAVIER, HE, ORTHOGONAL = "LeCun, sqrt(1/n)", "Xavier", "He, sqrt(2/n)", "orthogonal"

SCHEMES: dict[str, Scheme] = {
    SMALL: Normal(std=0.01),
    UNIT: Normal(std=1.0),
    SMALL_RANGE: Uniform(-0.01, 0.01),
    UNIT_RANGE: Uniform(-1.0, 1.0),
    LECUN: lecun_normal(),
    XAVIER: xavier_normal(),
    HE: he_normal(),
    ORTHOGONAL: Orthogonal(),
}


def scheme_of(text: str) -> Scheme:
    """Return the scheme that a text names: ``he_normal``, or a call with literal arguments; any scheme's repr is one.

    Parameters
    ----------
    text
        The name of a scheme's function, with its arguments in parentheses if it takes any.

    Raises
    ------
    ValueError, TypeError
        The text is no such call, the name is unknown or an argument has a value it must not have.

    Examples
    --------
    >>> scheme_of("he_normal") == he_normal()
    True
    >>> scheme_of("normal(std=0.01)")
    normal(mean=0.0, std=0.01)
    """
    call = parse_call(text)
    if call is None:
        raise ValueError(
            f"scheme is {text!r}; it must be a name or a call with numbers and strings: "
            "pass one such as he_normal or 'normal(std=0.01)'"
        )
    if call.name not in FACTORIES:
        raise ValueError(
            f"scheme is {call.name!r}; it must be one of {', '.join(sorted(FACTORIES))}: pass one of these"
        )
    try:
        return FACTORIES[call.name](*call.arguments, **call.options)
    except TypeError as error:
        raise TypeError(f"the scheme {text!r} cannot be made: {error}") from None

"""LSTM and GRU, whose gates begin open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import sqrt

from ...sampling.numbers import finite, positive_int
from ...sampling.shown import shown
from ...schemes.distributions import Constant, Uniform, zeros
from ...schemes.log_of_uniform import LogOfUniform
from ...schemes.scheme import Scheme
from ..recipe import Recipe
from ..rule import Rule
from .config_fields import MOST_LAYERS
from .layers import every

__all__ = ["gru", "lstm"]


def lstm(hidden_size: int, layers: int = 1, forget_bias: float = 1.0, max_time: float | None = None) -> Recipe:
    """Return the recipe of torch.nn.LSTM with forget gates that begin open: PyTorch's law, and a bias of one.

    - all weights, and biases of the input, cell and output gates: U(-1 / sqrt(n), 1 / sqrt(n)), n = hidden_size
    - forget gate: forget_bias in bias_ih, 0 in bias_hh, since the gate is the sigmoid of a sum with both
    - with max_time, chrono initialisation: b_f = log(U([1, max_time - 1])) and b_i = -b_f exactly, unit by unit, in
      bias_ih, and 0 in bias_hh; a forget gate of that bias keeps for 2 to max_time steps

    The rows of a bias are the gates i, f, g, o, hidden_size of each; those of the gates but f are drawn from streams of
    their own, named bias_ih_l0_i and so on; with max_time i is drawn from the stream of f.

    Source: Jozefowicz, Zaremba and Sutskever, "An empirical exploration of recurrent network architectures", ICML 2015,
    abstract ("a bias of 1 to the LSTM's forget gate"), after Gers et al., "Learning to forget", 2000. Tallec and
    Ollivier, "Can recurrent neural networks warp time?", arXiv 1804.11188: chrono initialisation. The rest: torch 2.13,
    nn/modules/rnn.py, RNNBase.reset_parameters, which leaves the forget gate at the uniform law too.

    Parameters
    ----------
    hidden_size
        Of the module.
    layers
        num_layers of the module; with them both directions have rules.
    forget_bias
        1 in the paper.
    max_time
        The longest dependence that is to be learnt, in time steps, at least 2: 784 for the pixels of a digit. Then
        forget_bias has no place, and is 1. None for a forget gate of forget_bias.

    Returns
    -------
    Recipe
        For the parameters of torch.nn.LSTM, alone or within a model, bidirectional or with a projection (proj_size).

    Raises
    ------
    TypeError, ValueError
        An argument is not what it must be.

    Examples
    --------
    >>> from fast_init.recipes import lstm
    >>> model = {"rnn.bias_ih_l0": np.empty(12), "rnn.bias_hh_l0": np.empty(12)}
    >>> report = lstm(hidden_size=3).init_(model, seed=42)
    >>> model["rnn.bias_ih_l0"].round(2)  # gates i, f, g, o
    array([ 0.18,  0.56, -0.14,  1.  ,  1.  ,  1.  ,  0.34, -0.56,  0.02,
           -0.5 , -0.23, -0.12])
    >>> report = lstm(hidden_size=3, max_time=784).init_(model, seed=42)
    >>> model["rnn.bias_ih_l0"][:6].round(2)
    array([-5.  , -6.65, -6.64,  5.  ,  6.65,  6.64])
    """
    forget = _keeping("forget_bias", forget_bias, max_time)
    gates = {"f": forget} if max_time is None else {"f": forget, "i": forget.times(-1, 1)}
    return _recurrent("ifgo", gates, hidden_size, layers)


def gru(hidden_size: int, layers: int = 1, update_bias: float = 1.0, max_time: float | None = None) -> Recipe:
    """Return the recipe of torch.nn.GRU with update gates that begin by keeping the state: PyTorch's law, and a bias.

    - all weights, and biases of the reset gate and of the new state: U(-1 / sqrt(n), 1 / sqrt(n)), n = hidden_size
    - update gate z, by which PyTorch's h' = (1 - z) h_new + z h: update_bias in bias_ih, 0 in bias_hh
    - with max_time, chrono initialisation: log(U([1, max_time - 1])) in bias_ih, 0 in bias_hh

    The rows of a bias are the gates r, z, n; all as in `lstm`, of whose forget gate z is what a GRU has.

    Source: Tallec and Ollivier, "Can recurrent neural networks warp time?", arXiv 1804.11188, chrono initialization: a
    gate that keeps for T steps has a bias near log(T - 1), which 1 is for T = 3.7. The rest: torch 2.13,
    nn/modules/rnn.py, RNNBase.reset_parameters.

    Parameters
    ----------
    hidden_size, layers
        As in `lstm`.
    update_bias
        1 as in `lstm`.
    max_time
        As in `lstm`.

    Returns
    -------
    Recipe
        For the parameters of torch.nn.GRU, alone or within a model, also bidirectional.

    Raises
    ------
    TypeError, ValueError
        An argument is not what it must be.

    Examples
    --------
    >>> from fast_init.recipes import gru
    >>> gru(hidden_size=4).rule_for("bias_hh_l0").parts[1]
    ('bias_hh_l0_z', 4, constant(val=0.0))
    """
    return _recurrent("rzn", {"z": _keeping("update_bias", update_bias, max_time)}, hidden_size, layers)


def _keeping(name: str, constant: float, max_time: float | None) -> Scheme:
    """Return the law of the biases of a gate that keeps."""
    if max_time is None:
        return Constant(constant)
    if constant != 1:
        raise ValueError(f"{name} is {shown(constant)} and max_time is {shown(max_time)}; either is the bias: pass one")
    steps = finite("max_time", max_time)
    if steps < 2:
        raise ValueError(
            f"max_time is {shown(max_time)}; it must be at least 2 time steps: pass the longest dependence"
        )
    return LogOfUniform(1.0, steps - 1)


def _recurrent(gates: str, own: Mapping[str, Scheme], hidden_size: int, layers: int) -> Recipe:
    """Return the recipe of gates in the order of their rows; those with a law of their own are of the first's stream
    in bias_ih, and 0 in bias_hh.
    """
    size = positive_int("hidden_size", hidden_size)
    if positive_int("layers", layers) > MOST_LAYERS:
        raise ValueError(f"layers is {shown(layers)}; a model has at most {MOST_LAYERS:,}: pass no more")
    plain, stream = Uniform(-1 / sqrt(size), 1 / sqrt(size)), next(iter(own))

    def part(term: str, name: str, gate: str) -> tuple[str, int, Scheme | None]:
        if gate in own and term == "bias_ih":
            return f"{name}_{stream}", size, own[gate]
        return f"{name}_{gate}", size, zeros() if gate in own else None

    def biases() -> Iterable[Rule]:
        for layer in range(layers):
            for term in ("bias_ih", "bias_hh"):
                for name in (f"{term}_l{layer}", f"{term}_l{layer}_reverse"):
                    parts = [part(term, name, gate) for gate in gates]
                    yield from (Rule(pattern, plain, parts=parts) for pattern in (name, f"*.{name}"))

    weights = [f"{prefix}weight_{term}_l*" for prefix in ("", "*.") for term in ("ih", "hh", "hr")]
    return Recipe([*every(plain, *weights), *biases()])

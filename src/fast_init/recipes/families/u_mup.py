"""u-muP: every weight of unit variance, and multipliers in its place."""

from __future__ import annotations

from ...sampling.numbers import positive_int
from ...schemes.distributions import Normal
from ..recipe import Recipe
from .decoder_roles import BRANCH_ENDS, INNER, decoder
from .multipliers import Multipliers, multipliers_of

__all__ = ["u_mup", "u_mup_multipliers"]


def u_mup(*, tied_to: str | None = None) -> Recipe:
    """Return the recipe of u-muP, the unit-scaled maximal update parametrisation: N(0, 1) for every matrix.

    Norms: 1; biases: 0. It is no initialisation without `u_mup_multipliers`, which keep activations and gradients of
    unit variance.

    Source: Blake et al., "u-muP: The Unit-Scaled Maximal Update Parametrization", arXiv 2407.17465, section
    4; unit-scaling 0.3.5, unit_scaling/_modules.py, Linear.reset_parameters.

    Parameters
    ----------
    tied_to
        The name of the token embedding whose values the head has; None for a head of its own.

    Returns
    -------
    Recipe
        For the names of several decoders.

    Raises
    ------
    TypeError
        tied_to is not what it must be.

    Examples
    --------
    >>> from fast_init.recipes import u_mup
    >>> u_mup().rule_for("model.layers.0.mlp.up_proj.weight").scheme
    normal(mean=0.0, std=1.0)
    """
    unit = Normal(0.0, 1.0)
    return decoder({"embedding": unit, **dict.fromkeys((*INNER, *BRANCH_ENDS), unit), "head": unit}, tied_to=tied_to)


def u_mup_multipliers(d_model: int, d_ff: int, layers: int) -> Multipliers:
    """Return what u-muP multiplies, beside the weights of `u_mup`: outputs of matrices and Adam's learning rates.

    - embedding: learning rate 1 / sqrt(fan_out)
    - hidden: output 1 / sqrt(fan_in), learning rate 1 / sqrt(fan_in layers)
    - output: 1 / fan_in; norms of a block: learning rate 1 / sqrt(layers)
    - residual: x and f(x) are added with the weights 1 / sqrt(1 + t) and sqrt(t / (1 + t)), where branch j = 0, 1, ...
      of all 2 layers has t = 1 / (layers + j), if attention, MLP and embedding are to contribute alike

    fan_in is d_model, but d_ff of the last matrix of the MLP. These are without the hyperparameters alpha, which are
    1; attention logits are divided by the width of a head, not by its root.

    Source: Blake et al., arXiv 2407.17465, section 4 and appendix G; unit-scaling 0.3.5, optim.py, lr_scale_func_adam;
    functional.py, linear and linear_readout; core/functional.py, transformer_residual_scaling_rule.

    Parameters
    ----------
    d_model, d_ff
        Width, and inputs of the last matrix of the MLP.
    layers
        Blocks of attention and MLP.

    Returns
    -------
    Multipliers
        A table, whose values are ``table["hidden", "learning rate"]`` and so on.

    Raises
    ------
    TypeError, ValueError
        An argument is not what it must be.

    Examples
    --------
    >>> from fast_init.recipes import u_mup_multipliers
    >>> table = u_mup_multipliers(d_model=64, d_ff=256, layers=4)
    >>> table["hidden", "forward"], table["down", "learning rate"], table["output", "forward"]
    (0.125, 0.03125, 0.015625)
    """
    count = positive_int("layers", layers)
    sizes = {"d": positive_int("d_model", d_model), "f": positive_int("d_ff", d_ff), "L": count}
    rows = [
        ("embedding", "learning rate", "1 / sqrt(d)"),
        ("hidden", "forward", "1 / sqrt(d)"),
        ("hidden", "learning rate", "1 / sqrt(d * L)"),
        ("down", "forward", "1 / sqrt(f)"),
        ("down", "learning rate", "1 / sqrt(f * L)"),
        ("norms of a block", "learning rate", "1 / sqrt(L)"),
        ("output", "forward", "1 / d"),
    ]
    for j in range(2 * count):
        rows.append((f"skip {j}", "forward", f"sqrt((L + {j}) / (L + {j} + 1))"))
        rows.append((f"branch {j}", "forward", f"1 / sqrt(L + {j} + 1)"))
    return multipliers_of(rows, sizes)

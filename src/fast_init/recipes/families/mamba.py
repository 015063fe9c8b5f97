"""Mamba and Mamba-2, state-space models."""

from __future__ import annotations

from math import sqrt

from ...sampling.numbers import non_negative, positive_int
from ...schemes.distributions import Normal, ones
from ...schemes.log_uniform import InvSoftplusLogUniform
from ...schemes.ramps import LogArange
from ...schemes.variance_scaling import he_uniform
from ..recipe import Recipe
from ..rule import Rule
from .layers import every, linear, norm

__all__ = ["mamba"]


def mamba(
    std: float = 0.1,
    *,
    layers: int | None = None,
    dt_min: float = 0.001,
    dt_max: float = 0.1,
    dt_floor: float = 1e-4,
    dt_scale: float = 1.0,
    tied: bool = True,
) -> Recipe:
    """Return the recipe of Mamba and Mamba-2: N(0, std^2), and the laws of a diagonal state space.

    - token embedding, in_proj, x_proj: N(0, std^2)
    - conv1d, out_proj: U(-1 / sqrt(fan_in), 1 / sqrt(fan_in)), PyTorch's default; out_proj / sqrt(layers) if given
    - A_log: log(1), ..., log(N), of N states in each row (Mamba) or of N heads (Mamba-2), so that A = -1, ..., -N; D: 1
    - dt_proj.bias (Mamba), dt_bias (Mamba-2): softplus' inverse of max(dt, dt_floor), where
      dt = exp(U[log dt_min, log dt_max))
    - dt_proj.weight: U(-dt_scale / sqrt(rank), dt_scale / sqrt(rank)), rank being its fan_in
    - RMS norms: 1; other biases: 0

    Source: transformers 5.24, models/mamba/modeling_mamba.py, MambaMixer.init_mamba_weights and _init_weights;
    models/mamba2/modeling_mamba2.py, the same. Gu and Dao, arXiv 2312.00752, section 3.6 and appendix E.5, and
    Dao and Gu, arXiv 2405.21060, have these laws of A, D and dt; their code, mamba_ssm, draws embeddings with std 0.02,
    has PyTorch's default for in_proj and x_proj, rescales out_proj, and begins Mamba-2's A at random.

    Parameters
    ----------
    std
        initializer_range.
    layers
        Blocks, by whose root out_proj is divided: rescale_prenorm_residual; None for no division.
    dt_min, dt_max, dt_floor, dt_scale
        time_step_min, time_step_max, time_step_floor, time_step_scale (Mamba's alone).
    tied
        tie_word_embeddings: Mamba's configuration has true, Mamba-2's false.

    Returns
    -------
    Recipe
        For transformers' Mamba and Mamba-2; time_step_init_scheme is "random".

    Raises
    ------
    TypeError, ValueError
        An argument is not what it must be.

    Examples
    --------
    >>> from fast_init.recipes import mamba
    >>> recipe = mamba(layers=16)
    >>> recipe.rule_for("backbone.layers.0.mixer.A_log").scheme.fill_(np.empty(3)).round(4)
    array([0.    , 0.6931, 1.0986])
    >>> recipe.rule_for("backbone.layers.0.mixer.dt_bias").scheme
    inv_softplus_log_uniform(a=0.001, b=0.1, floor=0.0001)
    """
    plain, default = Normal(0.0, std), he_uniform(sqrt(5))
    last = default if layers is None else default.times(positive_int("layers", layers), -0.5)
    time_step = default.times(non_negative("dt_scale", dt_scale), 1.0)
    return Recipe(
        [
            *every(plain, "*embeddings.weight"),
            Rule("lm_head.weight", plain, tied_to="backbone.embeddings.weight" if tied else None),
            *every(InvSoftplusLogUniform(dt_min, dt_max, dt_floor), "*.mixer.dt_proj.bias", "*.mixer.dt_bias"),
            Rule("*.mixer.dt_proj.weight", time_step),
            Rule("*.mixer.A_log", LogArange()),
            Rule("*.mixer.D", ones()),
            *linear(default, "*.mixer.conv1d"),
            *linear(last, "*.mixer.out_proj"),
            *linear(plain, "*.mixer.in_proj", "*.mixer.x_proj"),
            *norm("*norm", "*norm_f"),
        ]
    )

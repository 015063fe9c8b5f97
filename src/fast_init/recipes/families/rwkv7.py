"""RWKV-7, whose decays and mixes begin as ramps over the channels that depend on the layer."""

from __future__ import annotations

from decimal import Decimal, localcontext
from math import sqrt

import numpy as np

from ...sampling.normal_tail import DIGITS
from ...sampling.numbers import positive_int
from ...sampling.shown import shown
from ...schemes.distributions import Constant, Uniform, zeros
from ...schemes.literal import Literal
from ...schemes.orthogonal import Orthogonal
from ...schemes.ramps import LONGEST, Ramp
from ...schemes.scheme import Scheme
from ..formula import formula
from ..recipe import Recipe
from ..rule import Rule
from .config_fields import MOST_LAYERS
from .layers import every, norm

__all__ = ["rwkv7"]

MIXES = {"r": 0.2, "w": 0.9, "k": 0.7, "v": 0.7, "a": 0.9, "g": 0.2}  # powers of the token shifts in the first layer


def rwkv7(layers: int = 12, width: int = 768, vocab_size: int = 65536, head_size: int = 64) -> Recipe:
    """Return the recipe of RWKV-7: with layer l of L, channel n of C, t = n / (C - 1), and N channels in a head:

    - att.x_r and so on: 1 - (n / C)^(p (1 - l / L)), p = 0.2 (r, g), 0.7 (k, v), 0.9 (w, a); ffn.x_k: with
      the power (1 - l / L)^4
    - att.w0, the decay: -5.5 + 6 t^(1 + (l / (L - 1))^0.3) + 2.5 z, z = s |s|, s = 2 (n mod N) / (N - 1) - 1
    - att.a0: -0.19 + 0.3 z + 0.4 (t - 0.5); att.v0: 0.73 - 0.4 (t - 0.5)
    - att.k_k: 0.71 - 0.1 (t - 0.5); att.k_a: 1.02; att.r_k: -0.04
    - att.w1, a1, v1, g1, att.output, ffn.value: 0; att.w2, a2, v2, g2, att.key: orthogonal of gain 0.1
    - att.receptance, att.value, ffn.key: orthogonal; head: orthogonal of gain sqrt(max(1, vocab_size / C)) / 2
    - emb: U(-1e-4, 1e-4); att.ln_x.weight: ((1 + l) / L)^0.7; other norms: 1 and 0

    Source: Peng et al., arXiv 2503.14456, appendix; BlinkDL/RWKV-LM, RWKV-v7/train_temp/src/model.py, RWKV_Tmix_x070,
    RWKV_CMix_x070 and generate_init_weight, at commit 118e451; earlier ones have other numbers.

    Parameters
    ----------
    layers, width, vocab_size
        n_layer, at least 2; n_embd; vocab_size.
    head_size
        64 in the code; it divides the width.

    Returns
    -------
    Recipe
        For the names of RWKV-LM; w0 and a0 are literals, rounded to float32 from 60 digits.

    Raises
    ------
    TypeError, ValueError
        An argument is not what it must be.

    Examples
    --------
    >>> from fast_init.recipes import rwkv7
    >>> recipe = rwkv7(layers=4, width=128)
    >>> recipe.rule_for("blocks.1.att.x_r").scheme
    ramp(a=1.0, b=0.0, power=0.15000000000000002, endpoint=False, axis=-1)
    >>> recipe.rule_for("blocks.0.att.w0").scheme.values[0, 0, [0, -1]]
    array([-8.,  3.], dtype=float32)
    """
    count, channels = positive_int("layers", layers), positive_int("width", width)
    vocabulary, head = positive_int("vocab_size", vocab_size), positive_int("head_size", head_size)
    if not 2 <= count <= MOST_LAYERS or channels > LONGEST or head < 2 or channels % head:
        raise ValueError(
            f"layers, width and head_size are {shown(count)}, {shown(channels)} and {shown(head)}; RWKV-7 has 2 to "
            f"{MOST_LAYERS:,} layers, at most {LONGEST:,} channels, and heads of 2 or more that divide them: pass such"
        )
    gain = sqrt(max(1.0, vocabulary / channels)) / 2
    return Recipe(
        [
            *(Rule(f"blocks.{{l}}.att.x_{x}", _mix(f"{power} * (1 - l / L)")) for x, power in MIXES.items()),
            Rule("blocks.{l}.ffn.x_k", _mix("(1 - l / L) ** 4")),
            *_computed(count, channels, head),
            Rule("blocks.*.att.v0", Ramp(0.93, 0.53)),
            Rule("blocks.*.att.k_k", Ramp(0.76, 0.66)),
            Rule("blocks.*.att.k_a", Constant(1.02)),
            Rule("blocks.*.att.r_k", Constant(-0.04)),
            *every(zeros(), "blocks.*.att.[wavg]1", "blocks.*.att.output.weight", "blocks.*.ffn.value.weight"),
            *every(Orthogonal(0.1), "blocks.*.att.[wavg]2", "blocks.*.att.key.weight"),
            *every(Orthogonal(), "blocks.*.att.receptance.weight", "blocks.*.att.value.weight"),
            Rule("blocks.*.ffn.key.weight", Orthogonal()),
            Rule("emb.weight", Uniform(-1e-4, 1e-4)),
            Rule("head.weight", Orthogonal(gain)),
            Rule("blocks.*.att.ln_x.bias", zeros()),
            *norm("blocks.*.ln?", "ln_out"),
        ],
        sizes={"L": count},
    )


def _mix(power: str) -> Scheme:
    return formula(Ramp, a=1.0, b=0.0, power=power, endpoint=False)


def _computed(layers: int, width: int, head: int) -> list[Rule]:
    """What no formula says: the decays and rates, in which heads zigzag, and the scale of each layer's last norm."""
    with localcontext(DIGITS):
        line = [Decimal(n) / (width - 1) for n in range(width)]
        signed = [2 * Decimal(n % head) / (head - 1) - 1 for n in range(width)]
        channels = [(t, s * abs(s)) for t, s in zip(line, signed, strict=True)]
        rates = [Decimal("-0.39") + Decimal("0.3") * z + Decimal("0.4") * t for t, z in channels]
        rules = [Rule("blocks.*.att.a0", _literal(rates))]
        for layer in range(layers):
            power = 1 + _power(Decimal(layer) / (layers - 1), Decimal("0.3"))
            decays = [Decimal("-5.5") + 6 * _power(t, power) + Decimal("2.5") * z for t, z in channels]
            scale = _power(Decimal(1 + layer) / layers, Decimal("0.7"))
            rules.append(Rule(f"blocks.{layer}.att.w0", _literal(decays)))
            rules.append(Rule(f"blocks.{layer}.att.ln_x.weight", Constant(float(scale))))
    return rules


def _power(x: Decimal, power: Decimal) -> Decimal:
    return (x.ln() * power).exp() if x else x


def _literal(values: list[Decimal]) -> Literal:
    return Literal.of(np.array([float(value) for value in values], np.float32).reshape(1, 1, -1))

"""Whisper, an encoder of sound and a decoder of text."""

from __future__ import annotations

from ...schemes.distributions import Normal
from ...schemes.sinusoids import Sinusoidal
from ..recipe import Recipe
from ..rule import Rule
from .layers import every, linear, norm

__all__ = ["whisper"]


def whisper(std: float = 0.02, *, padding_row: int | None = 50256, tied: bool = True) -> Recipe:
    """Return the recipe of transformers' Whisper: N(0, std^2) for every matrix, convolution and embedding.

    - convolutions, projections, fc1, fc2, the decoder's positions: N(0, std^2); biases: 0
    - the encoder's positions, not trained: sines and cosines, `sinusoidal` with halves and the endpoint
    - token embedding: N(0, std^2), the row of the padding token 0
    - layer norms: 1 and 0
    - proj_out.weight: model.decoder.embed_tokens.weight with its row of zeros, if tied

    Source: transformers 5.24, models/whisper/modeling_whisper.py, WhisperPreTrainedModel._init_weights, sinusoids.
    Radford et al., arXiv 2212.04356, have the sines (section 2.2) and give no initialisation; their code,
    openai/whisper, has PyTorch's defaults.

    Parameters
    ----------
    std
        init_std.
    padding_row, tied
        As in `llama`.

    Returns
    -------
    Recipe
        For WhisperModel, WhisperForConditionalGeneration and WhisperForCausalLM.

    Raises
    ------
    TypeError, ValueError
        An argument is not what it must be.

    Examples
    --------
    >>> from fast_init.recipes import whisper
    >>> whisper().rule_for("model.decoder.layers.0.encoder_attn.out_proj.weight").scheme
    normal(mean=0.0, std=0.02)
    """
    plain = Normal(0.0, std)
    return Recipe(
        [
            Rule("*decoder.embed_tokens.weight", plain, padding_row=padding_row),
            Rule("proj_out.weight", plain, padding_row=padding_row, tied_to="model.decoder.embed_tokens.weight")
            if tied
            else Rule("proj_out.weight", plain),
            Rule("*encoder.embed_positions.weight", Sinusoidal("halves", endpoint=True)),
            *every(plain, "*decoder.embed_positions.weight"),
            *linear(plain, "*encoder.conv?", "*coder.layers.*_attn.*_proj", "*coder.layers.*.fc?"),
            *norm("*layer_norm"),
        ]
    )

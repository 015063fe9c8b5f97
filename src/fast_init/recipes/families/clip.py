"""CLIP: a text tower and an image tower."""

from __future__ import annotations

from math import sqrt

from ...sampling.numbers import finite, positive_int
from ...schemes.distributions import Constant, Normal
from ..recipe import Recipe
from ..rule import Rule
from .layers import every, linear, norm

__all__ = ["clip"]


def clip(
    text_width: int = 512,
    text_layers: int = 12,
    vision_width: int = 768,
    vision_layers: int = 12,
    *,
    std: float = 0.02,
    factor: float = 1.0,
    logit_scale: float = 2.6592,
) -> Recipe:
    """Return the recipe of transformers' CLIP: standard deviations by the width d and the layers L of each tower.

    - q, k, v projections, and fc2: factor / sqrt(2 L d)
    - output of attention: factor / sqrt(d); fc1: factor / sqrt(2 d)
    - token embedding and positions of the text: 0.02 factor; patches and positions of the image: std factor
    - class_embedding, text_projection, visual_projection, classifier: factor / sqrt(d)
    - biases: 0; layer norms: 1 and 0; logit_scale: itself

    Source: transformers 5.24, models/clip/modeling_clip.py, CLIPPreTrainedModel._init_weights. The code of Radford et
    al., arXiv 2103.00020, openai/CLIP, clip/model.py, CLIP.initialize_parameters, draws otherwise: in the text tower
    q, k, v have 1 / sqrt(d) and the output of attention 1 / sqrt(2 L d), and positions 0.01; in the image tower
    class_embedding, positions and projection have 1 / sqrt(d), all else PyTorch's defaults.

    Parameters
    ----------
    text_width, text_layers, vision_width, vision_layers
        hidden_size and num_hidden_layers of text_config and vision_config.
    std
        initializer_range of vision_config.
    factor
        initializer_factor.
    logit_scale
        logit_scale_init_value: log(1 / 0.07), rounded.

    Returns
    -------
    Recipe
        For CLIPModel, CLIP*ModelWithProjection and CLIPForImageClassification, whose names say the tower; not for
        CLIPTextModel and CLIPVisionModel alone, whose names do not.

    Raises
    ------
    TypeError, ValueError
        An argument is not what it must be.

    Examples
    --------
    >>> from fast_init.recipes import clip
    >>> clip(text_width=512, text_layers=4).rule_for("text_model.encoder.layers.0.mlp.fc2.weight").scheme
    normal(mean=0.0, std=0.015625)
    """
    factor, std = finite("factor", factor), finite("std", std)
    text, vision = positive_int("text_width", text_width), positive_int("vision_width", vision_width)
    return Recipe(
        [
            *_encoder("text_model", text, positive_int("text_layers", text_layers), factor),
            *_encoder("vision_model", vision, positive_int("vision_layers", vision_layers), factor),
            *every(Normal(0.0, 0.02 * factor), *(f"text_model.embeddings.{x}_embedding.weight" for x in TABLES)),
            *every(Normal(0.0, std * factor), *(f"vision_model.embeddings.{x}_embedding.weight" for x in TABLES)),
            Rule("vision_model.embeddings.class_embedding", Normal(0.0, factor / sqrt(vision))),
            Rule("text_projection.weight", Normal(0.0, factor / sqrt(text))),
            Rule("visual_projection.weight", Normal(0.0, factor / sqrt(vision))),
            *linear(Normal(0.0, factor / sqrt(vision)), "classifier"),
            *norm("*layernorm", "*layrnorm", "*layer_norm", "*layer_norm?"),
            Rule("logit_scale", Constant(logit_scale)),
        ]
    )


TABLES = ("token", "position", "patch")


def _encoder(tower: str, width: int, layers: int, factor: float) -> list[Rule]:
    """Attention and MLP of a tower."""
    module = f"{tower}.encoder.layers.*"
    return [
        *linear(Normal(0.0, factor / sqrt(width)), f"{module}.self_attn.out_proj"),
        *linear(Normal(0.0, factor / sqrt(2 * width)), f"{module}.mlp.fc1"),
        *linear(Normal(0.0, factor / sqrt(2 * layers * width)), f"{module}.self_attn.[qkv]_proj", f"{module}.mlp.fc2"),
    ]

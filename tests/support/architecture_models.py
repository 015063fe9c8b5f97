"""Small models of recipes by architecture that have no model of a library in tests/data/models."""

from __future__ import annotations

from support.depth_models import Shapes

__all__ = ["MODELS"]

RWKV: Shapes = {
    "emb.weight": (8, 64),
    "blocks.1.att.x_r": (1, 1, 64),
    "blocks.1.att.w0": (1, 1, 64),
    "blocks.1.att.key.weight": (64, 64),
    "blocks.1.att.output.weight": (64, 64),
    "blocks.1.ln1.weight": (64,),
    "head.weight": (8, 64),
}
MODELS: dict[str, Shapes] = {
    "dit": {
        "pos_embed": (1, 4, 8),
        "x_embedder.proj.weight": (8, 3, 2, 2),
        "t_embedder.mlp.0.weight": (8, 6),
        "blocks.0.attn.qkv.weight": (24, 8),
        "blocks.0.adaLN_modulation.1.weight": (48, 8),
        "final_layer.linear.bias": (4,),
    },
    "fixup_resnet": {
        "conv1.weight": (6, 3, 3, 3),
        "bias1": (1,),
        "layer1.0.bias1a": (1,),
        "layer1.0.conv1.weight": (4, 6, 1, 1),
        "layer1.0.conv3.weight": (8, 4, 1, 1),
        "layer1.0.scale": (1,),
        "layer1.0.downsample.weight": (8, 6, 1, 1),
        "fc.weight": (5, 8),
        "fc.bias": (5,),
    },
    "fourier_features": {"B": (16, 2), "layers.0.weight": (8, 32), "layers.0.bias": (8,)},
    "gru": {"weight_ih_l0": (12, 3), "weight_hh_l0": (12, 4), "bias_ih_l0": (12,), "bias_hh_l0": (12,)},
    "hash_grid": {"encoder.embeddings": (64, 2), "sigma_net.0.weight": (8, 32)},
    "lstm": {"weight_ih_l0": (16, 3), "weight_hh_l0": (16, 4), "bias_ih_l0": (16,), "bias_hh_l0": (16,)},
    "rwkv7": RWKV,
    "siren": {"net.0.linear.weight": (8, 2), "net.1.linear.weight": (8, 8), "net.2.bias": (3,)},
    "unet_diffusion": {
        "time_embed.0.weight": (16, 4),
        "time_embed.0.bias": (16,),
        "label_emb.weight": (3, 16),
        "input_blocks.0.0.weight": (4, 3, 3, 3),
        "input_blocks.1.0.in_layers.0.weight": (4,),
        "input_blocks.1.0.in_layers.2.weight": (8, 4, 3, 3),
        "input_blocks.1.0.in_layers.2.bias": (8,),
        "input_blocks.1.0.out_layers.3.weight": (8, 8, 3, 3),
        "middle_block.1.qkv.weight": (24, 8, 1),
        "middle_block.1.proj_out.bias": (8,),
        "out.2.weight": (3, 4, 3, 3),
    },
    "whisper": {
        "model.decoder.embed_tokens.weight": (8, 6),
        "model.encoder.embed_positions.weight": (10, 6),
        "model.encoder.conv1.weight": (6, 4, 3),
        "model.encoder.layers.0.self_attn.q_proj.weight": (6, 6),
        "model.decoder.layers.0.fc1.bias": (12,),
        "model.decoder.layer_norm.weight": (6,),
        "proj_out.weight": (8, 6),
    },
}

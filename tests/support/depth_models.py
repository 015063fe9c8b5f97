"""Small models of recipes by depth and width: three layers of width 64, as several libraries name their tensors."""

from __future__ import annotations

D, F, LAYERS, VOCABULARY = 64, 160, 3, 96

Shapes = dict[str, tuple[int, ...]]

# Of a block: outputs and inputs of each matrix, or the width of a norm.
LLAMA: Shapes = {
    "self_attn.q_proj": (D, D),
    "self_attn.k_proj": (D // 2, D),
    "self_attn.v_proj": (D // 2, D),
    "self_attn.o_proj": (D, D),
    "mlp.gate_proj": (F, D),
    "mlp.up_proj": (F, D),
    "mlp.down_proj": (D, F),
    "input_layernorm": (D,),
    "post_attention_layernorm": (D,),
}
TORCHTITAN: Shapes = {
    "attention.qkv_linear.wqkv": (2 * D, D),
    "attention.wo": (D, D),
    "feed_forward.w1": (F, D),
    "feed_forward.w2": (D, F),
    "feed_forward.w3": (F, D),
    "attention_norm": (D,),
    "ffn_norm": (D,),
}
NEOX: Shapes = {
    "attention.query_key_value": (3 * D, D),
    "attention.dense": (D, D),
    "mlp.dense_h_to_4h": (F, D),
    "mlp.dense_4h_to_h": (D, F),
    "input_layernorm": (D,),
    "post_attention_layernorm": (D,),
}
MEGATRON: Shapes = {
    "self_attention.linear_qkv": (3 * D, D),
    "self_attention.linear_proj": (D, D),
    "mlp.linear_fc1": (F, D),
    "mlp.linear_fc2": (D, F),
    "input_layernorm": (D,),
    "pre_mlp_layernorm": (D,),
}
BART: Shapes = {  # of an encoder; a decoder has encoder_attn too
    "self_attn.q_proj": (D, D),
    "self_attn.k_proj": (D, D),
    "self_attn.v_proj": (D, D),
    "self_attn.out_proj": (D, D),
    "fc1": (F, D),
    "fc2": (D, F),
    "self_attn_layer_norm": (D,),
    "final_layer_norm": (D,),
}
OLMO: Shapes = {
    "att_proj": (2 * D, D),
    "attn_out": (D, D),
    "ff_proj": (2 * F, D),
    "ff_out": (D, F),
    "attn_norm": (D,),
}


def model(blocks: str, block: Shapes, others: Shapes, *, biases: bool = False) -> Shapes:
    """Return the shapes of all tensors, given what stands before the number of a block."""
    modules = {f"{blocks}.{layer}.{name}": shape for layer in range(LAYERS) for name, shape in block.items()} | others
    weights = {f"{name}.weight": shape for name, shape in modules.items()}
    return weights | ({f"{name}.bias": shape[:1] for name, shape in modules.items()} if biases else {})


VOCABULARIES = (VOCABULARY, D)
LLAMA_MODEL = model(
    "model.layers", LLAMA, {"model.embed_tokens": VOCABULARIES, "lm_head": VOCABULARIES, "model.norm": (D,)}
)
TORCHTITAN_MODEL = model("layers", TORCHTITAN, {"tok_embeddings": VOCABULARIES, "lm_head": VOCABULARIES, "norm": (D,)})
NEOX_MODEL = model(
    "gpt_neox.layers",
    NEOX,
    {"gpt_neox.embed_in": VOCABULARIES, "embed_out": VOCABULARIES, "gpt_neox.final_layer_norm": (D,)},
    biases=True,
)
MEGATRON_MODEL: Shapes = {
    **model("decoder.layers", MEGATRON, {"output_layer": VOCABULARIES, "decoder.final_layernorm": (D,)}, biases=True),
    "embedding.word_embeddings.weight": VOCABULARIES,
    "embedding.position_embeddings.weight": (32, D),
    "decoder.layers.0.mlp.linear_fc1.layer_norm_weight": (D,),
}
OLMO_MODEL = model(
    "transformer.blocks",
    OLMO,
    {"transformer.wte": VOCABULARIES, "transformer.ff_out": VOCABULARIES, "transformer.ln_f": (D,)},
)
LORA_MODEL: Shapes = {
    "base_model.model.model.layers.0.self_attn.q_proj.lora_A.default.weight": (8, D),
    "base_model.model.model.layers.0.self_attn.q_proj.lora_B.default.weight": (D, 8),
    "base_model.model.model.embed_tokens.lora_embedding_A.default": (8, VOCABULARY),
    "base_model.model.model.embed_tokens.lora_embedding_B.default": (D, 8),
}
BART_MODEL: Shapes = {
    **model("encoder.layers", BART, {"encoder.embed_tokens": VOCABULARIES}, biases=True),
    **model("decoder.layers", BART, {"decoder.embed_tokens": VOCABULARIES}, biases=True),
    "decoder.layers.0.encoder_attn.q_proj.weight": (D, D),
    "decoder.layers.0.encoder_attn.v_proj.weight": (D, D),
    "decoder.layers.0.encoder_attn.out_proj.weight": (D, D),
    "decoder.layers.0.encoder_attn_layer_norm.weight": (D,),
}
WITHOUT_NORMS: Shapes = {name: shape for name, shape in BART_MODEL.items() if "norm" not in name}

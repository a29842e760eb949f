"""Converts names of diffusers to those of the original code (CompVis, Stability AI) and OpenCLIP."""

import re

RESNET = {
    "norm1": "in_layers.0",
    "conv1": "in_layers.2",
    "norm2": "out_layers.0",
    "conv2": "out_layers.3",
    "time_emb_proj": "emb_layers.1",
    "conv_shortcut": "skip_connection",
}
FIXED = {
    "time_embedding.linear_1": "time_embed.0",
    "time_embedding.linear_2": "time_embed.2",
    "class_embedding": "label_emb",
    "add_embedding.linear_1": "label_emb.0.0",
    "add_embedding.linear_2": "label_emb.0.2",
    "conv_in": "input_blocks.0.0",
    "conv_norm_out": "out.0",
    "conv_out": "out.2",
}


def original_unet_name(name: str, layers: int, with_attention: set[int] | None = None) -> str:
    """`with_attention`: the up blocks that have transformers; their upsampler is the third module."""
    for own, original in FIXED.items():
        if name == own or name.startswith(own + "."):
            return original + name.removeprefix(own)
    block, rest = re.match(r"(down_blocks\.\d+|mid_block|up_blocks\.\d+)\.(.*)", name).groups()
    kind, index, rest = re.match(r"(resnets|attentions|downsamplers|upsamplers)\.(\d+)\.(.*)", rest).groups()
    index = int(index)
    if kind == "resnets":
        member, dot, parameter = rest.partition(".")
        rest = RESNET[member] + dot + parameter
    if block == "mid_block":
        return f"middle_block.{1 if kind == 'attentions' else 2 * index}.{rest}"
    level = int(block.split(".")[1])
    first = level * (layers + 1)
    if block.startswith("down"):
        if kind == "downsamplers":
            return f"input_blocks.{first + layers + 1}.0.op" + rest.removeprefix("conv")
        return f"input_blocks.{first + 1 + index}.{0 if kind == 'resnets' else 1}.{rest}"
    if kind == "upsamplers":
        member = 2 if with_attention is None or level in with_attention else 1
        return f"output_blocks.{first + layers}.{member}.{rest}"
    return f"output_blocks.{first + index}.{0 if kind == 'resnets' else 1}.{rest}"


def original_controlnet_name(name: str, layers: int) -> str:
    """The names of cldm.py (lllyasviel/ControlNet), whose image layers are 0, 2, .. 14 of a Sequential."""
    name = re.sub(r"^controlnet_down_blocks\.(\d+)", r"zero_convs.\1.0", name)
    name = name.replace("controlnet_mid_block", "middle_block_out.0")
    name = name.replace("controlnet_cond_embedding.conv_in", "input_hint_block.0")
    name = name.replace("controlnet_cond_embedding.conv_out", "input_hint_block.14")
    hint = re.match(r"controlnet_cond_embedding\.blocks\.(\d+)\.(.*)", name)
    if hint:
        return f"input_hint_block.{2 * int(hint[1]) + 2}.{hint[2]}"
    if name.startswith(("zero_convs", "middle_block_out", "input_hint_block")):
        return name
    return original_unet_name(name, layers)


def original_adapter_name(name: str, config: dict) -> str:
    """The names of adapter.py (TencentARC/T2I-Adapter), where full adapters have one list of blocks."""
    name = name.removeprefix("adapter.")
    if config["adapter_type"] == "light_adapter":
        return name.replace(".resnets.", ".body.")
    member = re.match(r"body\.(\d+)\.(?:resnets\.(\d+)\.)?(.*)", name)
    if not member:
        return name
    first = int(member[1]) * config["num_res_blocks"]
    return f"body.{first + int(member[2] or 0)}.{member[3]}"


def original_vae_name(name: str, levels: int) -> str:
    """`levels`: the number of up blocks, which the original code counts from the other end."""
    attention = {"group_norm": "norm", "to_q": "q", "to_k": "k", "to_v": "v", "to_out.0": "proj_out"}
    for own, original in attention.items():
        name = name.replace(f"mid_block.attentions.0.{own}.", f"mid.attn_1.{original}.")
    name = re.sub(r"mid_block\.resnets\.(\d)", lambda m: f"mid.block_{int(m[1]) + 1}", name)
    name = re.sub(r"down_blocks\.(\d)\.resnets\.", r"down.\1.block.", name)
    name = re.sub(r"down_blocks\.(\d)\.downsamplers\.0", r"down.\1.downsample", name)
    name = re.sub(r"up_blocks\.(\d)\.resnets\.", lambda m: f"up.{levels - 1 - int(m[1])}.block.", name)
    name = re.sub(r"up_blocks\.(\d)\.upsamplers\.0", lambda m: f"up.{levels - 1 - int(m[1])}.upsample", name)
    return name.replace("conv_norm_out", "norm_out").replace("conv_shortcut", "nin_shortcut")


OPEN_CLIP = {
    "embeddings.position_embedding.weight": "positional_embedding",
    "embeddings.token_embedding.weight": "token_embedding.weight",
    "final_layer_norm": "ln_final",
    "encoder.layers.": "transformer.resblocks.",
    "layer_norm1": "ln_1",
    "layer_norm2": "ln_2",
    "mlp.fc1": "mlp.c_fc",
    "mlp.fc2": "mlp.c_proj",
    "self_attn.out_proj": "attn.out_proj",
}


def original_open_clip(shapes: dict[str, list[int]]) -> dict[str, list[int]]:
    """Names and shapes of OpenCLIP: queries, keys and values in one, the projection transposed."""
    original = {}
    for name, shape in shapes.items():
        if name == "text_projection.weight":
            original["text_projection"] = shape[::-1]
            continue
        name = name.removeprefix("text_model.")
        for own, other in OPEN_CLIP.items():
            name = name.replace(own, other)
        if re.search(r"self_attn\.[kv]_proj", name):
            continue
        fused = re.match(r"(.*)\.self_attn\.q_proj\.(weight|bias)", name)
        if fused:
            original[f"{fused[1]}.attn.in_proj_{fused[2]}"] = [3 * shape[0], *shape[1:]]
        else:
            original[name] = shape
    return original

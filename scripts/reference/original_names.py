"""Names that the original code (CompVis, Stability AI) gives to what diffusers calls otherwise."""

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
    "add_embedding.linear_1": "label_emb.0.0",
    "add_embedding.linear_2": "label_emb.0.2",
    "conv_in": "input_blocks.0.0",
    "conv_norm_out": "out.0",
    "conv_out": "out.2",
}


def original_unet_name(name: str, layers: int, with_attention: set[int] | None = None) -> str:
    """`with_attention`: levels of the way up that have transformers; there an upsampler comes third."""
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

"""Writes test/fixtures/other-families.json: names of tensors of networks that Easel does not draw.

    python scripts/reference/other_families.py

Each network is built by diffusers without values. Of names that differ in numbers only, the first is
written.
"""

import json
import pathlib
import re

import diffusers
import torch
from diffusers.pipelines.deprecated.wuerstchen.modeling_wuerstchen_diffnext import WuerstchenDiffNeXt
from diffusers.pipelines.deprecated.wuerstchen.modeling_wuerstchen_prior import WuerstchenPrior

FILE = pathlib.Path(__file__).parents[2] / "test" / "fixtures" / "other-families.json"

CROSS = "SimpleCrossAttn{}Block2D"
CROSS_UNET = {
    "cross_attention_dim": 768,
    "down_block_types": ["ResnetDownsampleBlock2D"] + [CROSS.format("Down")] * 3,
    "mid_block_type": "UNetMidBlock2DSimpleCrossAttn",
    "resnet_time_scale_shift": "scale_shift",
    "up_block_types": [CROSS.format("Up")] * 3 + ["ResnetUpsampleBlock2D"],
}
# kandinsky-community/kandinsky-2-2-decoder, kandinsky-community/kandinsky-2-1 and DeepFloyd/IF-I-M-v1.0
KANDINSKY_22 = CROSS_UNET | {
    "addition_embed_type": "image",
    "encoder_hid_dim": 1280,
    "encoder_hid_dim_type": "image_proj",
}
KANDINSKY_21 = CROSS_UNET | {
    "addition_embed_type": "text_image",
    "encoder_hid_dim": 1024,
    "encoder_hid_dim_type": "text_image_proj",
}
IF = CROSS_UNET | {"addition_embed_type": "text", "encoder_hid_dim": 4096}

# Family, network, config. Families have the names that Easel gives them.
NETWORKS = [
    ("FLUX.1", diffusers.FluxTransformer2DModel, {"guidance_embeds": True}),
    ("FLUX.2", diffusers.Flux2Transformer2DModel, {}),
    ("Stable Diffusion 3 or 3.5", diffusers.SD3Transformer2DModel, {}),
    (
        "Stable Diffusion 3 or 3.5",
        diffusers.SD3Transformer2DModel,
        {"num_layers": 38, "qk_norm": "rms_norm", "dual_attention_layers": (0, 1)},
    ),
    ("Kandinsky", diffusers.UNet2DConditionModel, KANDINSKY_22),
    ("Kandinsky", diffusers.UNet2DConditionModel, KANDINSKY_21),
    ("Kandinsky", diffusers.PriorTransformer, {}),
    ("Kandinsky", diffusers.Kandinsky3UNet, {}),
    ("Kandinsky", diffusers.Kandinsky5Transformer3DModel, {}),
    ("a model similar to FLUX.1", diffusers.LongCatImageTransformer2DModel, {}),
    ("a model similar to FLUX.1", diffusers.OvisImageTransformer2DModel, {}),
    ("Wan", diffusers.WanTransformer3DModel, {}),
    ("Qwen-Image", diffusers.QwenImageTransformer2DModel, {}),
    ("PixArt", diffusers.PixArtTransformer2DModel, {"caption_channels": 4096}),
    ("AuraFlow", diffusers.AuraFlowTransformer2DModel, {}),
    (
        "HunyuanDiT",
        diffusers.HunyuanDiT2DModel,
        {"in_channels": 4, "patch_size": 2, "sample_size": 128, "activation_fn": "gelu-approximate"},
    ),
    ("HunyuanImage or HunyuanVideo", diffusers.HunyuanVideoTransformer3DModel, {}),
    ("Z-Image", diffusers.ZImageTransformer2DModel, {}),
    ("Chroma", diffusers.ChromaTransformer2DModel, {}),
    ("Lumina", diffusers.LuminaNextDiT2DModel, {"num_kv_heads": 8, "ffn_dim_multiplier": 1.0}),
    ("Lumina", diffusers.Lumina2Transformer2DModel, {}),
    ("Sana", diffusers.SanaTransformer2DModel, {}),
    ("LTX", diffusers.LTXVideoTransformer3DModel, {}),
    (
        "HiDream",
        diffusers.HiDreamImageTransformer2DModel,
        {
            "patch_size": 2,
            "in_channels": 16,
            "out_channels": 16,
            "caption_channels": [4096, 4096],
            "llama_layers": [0, 1],
        },
    ),
    ("CogVideoX or CogView", diffusers.CogVideoXTransformer3DModel, {}),
    ("CogVideoX or CogView", diffusers.CogView4Transformer2DModel, {}),
    ("Cosmos", diffusers.CosmosTransformer3DModel, {}),
    ("ERNIE-Image", diffusers.ErnieImageTransformer2DModel, {}),
    ("GLM-Image", diffusers.GlmImageTransformer2DModel, {}),
    ("Ideogram", diffusers.Ideogram4Transformer2DModel, {}),
    ("Krea 2", diffusers.Krea2Transformer2DModel, {}),
    ("Mochi", diffusers.MochiTransformer3DModel, {}),
    ("PRX", diffusers.PRXTransformer2DModel, {}),
    ("Qwen-Image", diffusers.QwenImage21Transformer2DModel, {}),
    ("DeepFloyd IF", diffusers.UNet2DConditionModel, IF),
    ("Würstchen", WuerstchenDiffNeXt, {}),
    ("Würstchen", WuerstchenPrior, {}),
    (
        "Stable Cascade",
        diffusers.StableCascadeUNet,
        {
            "clip_image_in_channels": 768,
            "clip_text_in_channels": 1280,
            "clip_text_pooled_in_channels": 1280,
            "conditioning_dim": 2048,
        },
    ),
    (
        "Stable Cascade",
        diffusers.StableCascadeUNet,
        {"clip_text_pooled_in_channels": 1280, "effnet_in_channels": 16, "conditioning_dim": 1280},
    ),
]


def names(network: torch.nn.Module) -> list[str]:
    first = {}
    for name in network.state_dict():
        first.setdefault(re.sub(r"\d+", "0", name), name)
    return list(first.values())


def main() -> None:
    lines = []
    for family, kind, config in NETWORKS:
        with torch.device("meta"):
            network = kind(**config)
        entry = {"family": family, "class": kind.__name__, "config": config, "tensors": names(network)}
        lines.append(json.dumps(entry, ensure_ascii=False))
    FILE.write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()

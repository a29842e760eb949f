"""Names of the original Stable Diffusion code for those of diffusers."""

import pytest

from shared.original_names import original_open_clip, original_unet_name, original_vae_name


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("conv_in.weight", "input_blocks.0.0.weight"),
        ("time_embedding.linear_1.bias", "time_embed.0.bias"),
        ("down_blocks.0.resnets.1.conv1.weight", "input_blocks.2.0.in_layers.2.weight"),
        ("down_blocks.1.attentions.0.proj_in.weight", "input_blocks.4.1.proj_in.weight"),
        ("down_blocks.0.downsamplers.0.conv.weight", "input_blocks.3.0.op.weight"),
        ("mid_block.resnets.1.norm2.bias", "middle_block.2.out_layers.0.bias"),
        ("mid_block.attentions.0.norm.bias", "middle_block.1.norm.bias"),
        ("up_blocks.1.resnets.2.conv_shortcut.weight", "output_blocks.5.0.skip_connection.weight"),
        ("up_blocks.1.upsamplers.0.conv.weight", "output_blocks.5.2.conv.weight"),
    ],
)
def test_unet(name, expected):
    assert original_unet_name(name, layers=2) == expected


def test_an_upsampler_comes_second_without_attention():
    name = "up_blocks.0.upsamplers.0.conv.weight"
    assert original_unet_name(name, 2, with_attention={1}) == "output_blocks.2.1.conv.weight"
    assert original_unet_name(name, 2, with_attention={0}) == "output_blocks.2.2.conv.weight"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("encoder.mid_block.attentions.0.to_q.weight", "encoder.mid.attn_1.q.weight"),
        ("encoder.mid_block.resnets.0.conv1.weight", "encoder.mid.block_1.conv1.weight"),
        ("encoder.down_blocks.1.downsamplers.0.conv.bias", "encoder.down.1.downsample.conv.bias"),
        ("decoder.up_blocks.0.resnets.2.conv_shortcut.weight", "decoder.up.3.block.2.nin_shortcut.weight"),
        ("decoder.conv_norm_out.weight", "decoder.norm_out.weight"),
    ],
)
def test_vae(name, expected):
    assert original_vae_name(name, levels=4) == expected


def test_open_clip_fuses_the_projections_of_attention():
    attention = "text_model.encoder.layers.0.self_attn"
    shapes = {f"{attention}.{part}_proj.weight": [8, 8] for part in "qkv"}
    shapes |= {"text_projection.weight": [4, 8], "text_model.final_layer_norm.bias": [8]}
    assert original_open_clip(shapes) == {
        "transformer.resblocks.0.attn.in_proj_weight": [24, 8],
        "text_projection": [8, 4],
        "ln_final.bias": [8],
    }

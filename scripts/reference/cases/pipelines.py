"""The small models of test/fixtures/pipelines and the runs of each.

Configs have only the fields that configs of published repositories have.
"""

from cases.components import COMPONENT_CASES
from cases.editing import EDIT_CASES
from cases.image_to_image import (
    IMAGE_CASES,
    LCM_IMAGE_RUNS,
    SD1_IMAGE_RUNS,
    SD1_LARGE_RUNS,
    SD1_SOLVER_IMAGE_RUNS,
    SD2_IMAGE_RUNS,
    TAESD_IMAGE_RUNS,
    TURBO_IMAGE_RUNS,
    img2img,
)
from cases.latent_upscale import LATENT_UPSCALE_CASES
from cases.refiner import REFINER_CASES
from cases.runs import run
from cases.small_configs import NEGATIVE, PROMPT, euler, scheduler, text_encoder, tiny_vae, unet, vae
from cases.super_resolution import UPSCALE_CASES
from cases.xl import XL_CASES

PNDM = scheduler("PNDMScheduler", skip_prk_steps=True, set_alpha_to_one=False, steps_offset=1)


FREEU = {"s1": 0.9, "s2": 0.2, "b1": 1.2, "b2": 1.4}

LATENT_SIZES = {"width": 64, "height": 64, "steps": 5, "stages": False}


def scheduler_run(name: str, **config) -> dict:
    return run(scheduler=name, schedulerConfig=config, **LATENT_SIZES)


SD1_RUNS = {
    "default": run(steps=6),
    "two-images": run(scheduler="EulerAncestralDiscreteScheduler", numImages=2, steps=3, seed=7),
    "odd-size": run(width=72, height=40, steps=3, negativePrompt=""),
    "no-guidance": run(guidanceScale=1.0, steps=3),
    "guided-at-first": run(guidanceInterval={"start": 0, "end": 0.5}, stages=False),
    "one-step": run(steps=1, scheduler="DDIMScheduler"),
    "long-prompt": run(prompt=", ".join([PROMPT] * 9) + "!", steps=2),
    "ddim": scheduler_run("DDIMScheduler"),
    "ddpm": scheduler_run("DDPMScheduler"),
    "pndm-prk": run(scheduler="PNDMScheduler", schedulerConfig={"skip_prk_steps": False}) | LATENT_SIZES,
    "lms": scheduler_run("LMSDiscreteScheduler"),
    "euler": scheduler_run("EulerDiscreteScheduler"),
    "euler-ancestral": scheduler_run("EulerAncestralDiscreteScheduler"),
    "heun": scheduler_run("HeunDiscreteScheduler"),
    "dpm-multistep": scheduler_run("DPMSolverMultistepScheduler"),
    "dpm-multistep-karras": scheduler_run(
        "DPMSolverMultistepScheduler", use_karras_sigmas=True, solver_order=3
    ),
    "unipc": scheduler_run("UniPCMultistepScheduler"),
    "lcm": scheduler_run("LCMScheduler"),
}

# After all others, so that the values of those stay where they are.
SD1_SOLVER_RUNS = {
    "dpm-singlestep": scheduler_run("DPMSolverSinglestepScheduler"),
    "dpm-sde": scheduler_run("DPMSolverSDEScheduler") | {"numImages": 2, "steps": 3},
    "deis": scheduler_run("DEISMultistepScheduler"),
    "sa-solver": scheduler_run("SASolverScheduler"),
    "tcd": scheduler_run("TCDScheduler"),
    "kdpm2-ancestral": scheduler_run("KDPM2AncestralDiscreteScheduler"),
}
SD1_SOLVER_RUNS |= SD1_SOLVER_IMAGE_RUNS | {"tcd-eta": scheduler_run("TCDScheduler") | {"eta": 0.3}}
SD1_FURTHER_RUNS = {
    "clip-skip": run(clipSkip=1, steps=2, stages=False),
    # All layers: what is left are the features of the tokens.
    "clip-skip-all": run(clipSkip=3, steps=2, stages=False),
    "img2img-clip-skip": img2img(clipSkip=2, steps=2),
    "seamless": run(seamless="xy", width=72, height=40, steps=2, stages=False),
    "seamless-x": run(seamless="x", steps=2, stages=False),
    "img2img-seamless": img2img(seamless="y", steps=2),
    "freeu": run(freeu=FREEU, width=72, height=40, steps=2, stages=False),
    "variations": run(
        variationSeed=5,
        variationStrength=0.3,
        numImages=2,
        steps=2,
        scheduler="EulerAncestralDiscreteScheduler",
        stages=False,
    ),
}

SD2_TEXT = text_encoder(hidden_act="gelu", num_hidden_layers=2, projection_dim=512)
SD2_UNET = unet(
    attention_head_dim=[2, 4],
    use_linear_projection=True,
    upcast_attention=True,
    dual_cross_attention=False,
    only_cross_attention=False,
    num_class_embeds=None,
)
SD2_DDIM = scheduler(
    "DDIMScheduler",
    clip_sample=False,
    prediction_type="v_prediction",
    set_alpha_to_one=False,
    skip_prk_steps=True,
    steps_offset=1,
)

TURBO_EULER = euler(steps_offset=0, timestep_spacing="trailing")


def one_step(**changes) -> dict:
    return run(**({"steps": 1, "guidanceScale": 0.0, "negativePrompt": ""} | changes))


TAESD = tiny_vae()

CASES = (
    {
        # Stable Diffusion 1.x: quick_gelu, conv projections, a number of heads, quant convs.
        "sd1": {
            "tokenizer": "sd1",
            "text_encoder": text_encoder(),
            "unet": unet(),
            "vae": vae(),
            "scheduler": PNDM,
            "alone": {
                "text_encoder": {"texts": [PROMPT, NEGATIVE]},
                "unet": {"batch": 1, "height": 8, "width": 12, "timestep": 601},
                "vae": {"batch": 1, "height": 4, "width": 6},
            },
            "runs": SD1_RUNS | SD1_IMAGE_RUNS | SD1_LARGE_RUNS | SD1_SOLVER_RUNS | SD1_FURTHER_RUNS,
        },
        # Stable Diffusion 2.x: gelu, a list of heads, linear projections, v-prediction, "!" as padding; the
        # VAE's attention has the names that files from before 2023 have.
        "sd2": {
            "tokenizer": "sd2",
            "text_encoder": SD2_TEXT,
            "unet": SD2_UNET,
            "vae": vae(),
            "oldAttentionNames": True,
            "scheduler": SD2_DDIM,
            "alone": {"text_encoder": {"texts": [PROMPT, "hello!! world"]}},
            "runs": {
                "default": run(),
                "euler": run(scheduler="EulerDiscreteScheduler", stages=False),
                "dpm-multistep": run(scheduler="DPMSolverMultistepScheduler", stages=False),
                "unipc": run(scheduler="UniPCMultistepScheduler", stages=False),
            }
            | SD2_IMAGE_RUNS
            | {"clip-skip": run(clipSkip=1, steps=2, stages=False)},
        },
        # Zero terminal SNR (https://arxiv.org/abs/2305.08891), float16 weights.
        "zero-snr": {
            "tokenizer": "sd2",
            "text_encoder": SD2_TEXT,
            "unet": SD2_UNET,
            "vae": vae(),
            "dtype": "F16",
            "scheduler": SD2_DDIM | {"rescale_betas_zero_snr": True, "timestep_spacing": "trailing"},
            "runs": {
                "default": run(guidanceRescale=0.7, steps=5),
                "euler": run(guidanceRescale=0.7, scheduler="EulerDiscreteScheduler", stages=False),
            },
        },
        # SD-Turbo: one step and no guidance. The scheduler's steps_offset is what old configs have; the
        # pipeline sets it to 1.
        "turbo": {
            "tokenizer": "sd2",
            "text_encoder": SD2_TEXT,
            "unet": SD2_UNET,
            "vae": vae(),
            "dtype": "F16",
            "scheduler": TURBO_EULER,
            "runs": {
                "default": run(steps=1, guidanceScale=0.0, negativePrompt=""),
                "four-steps": run(steps=4, guidanceScale=0.0, negativePrompt="", stages=False),
            }
            | TURBO_IMAGE_RUNS,
        },
        # LCM: the guidance is an input of the UNet, and no second pass is made.
        "lcm": {
            "pipeline": "LatentConsistencyModelPipeline",
            "tokenizer": "sd1",
            "text_encoder": text_encoder(),
            "unet": unet(time_cond_proj_dim=24),
            "vae": vae(),
            "scheduler": scheduler(
                "LCMScheduler",
                clip_sample=False,
                original_inference_steps=50,
                prediction_type="epsilon",
                rescale_betas_zero_snr=False,
                set_alpha_to_one=True,
                steps_offset=1,
                timestep_spacing="leading",
            ),
            "runs": {"default": run(guidanceScale=8.5, negativePrompt="")} | LCM_IMAGE_RUNS,
        },
        # Weights in float8, as e4m3fn.
        "float8": {
            "tokenizer": "sd1",
            "text_encoder": text_encoder(),
            "unet": unet(),
            "vae": vae(),
            "dtype": "F8_E4M3",
            "scheduler": PNDM,
            "runs": {"default": run()},
        },
        # More levels, several transformer layers, lists per level, bfloat16 weights, predicts the sample.
        "deep": {
            "tokenizer": "sd1",
            "text_encoder": text_encoder(),
            "unet": unet(
                attention_head_dim=[2, 2, 4, 4],
                block_out_channels=[8, 8, 16, 16],
                cross_attention_dim=[32, 32, 32, 32],
                down_block_types=["CrossAttnDownBlock2D"] * 3 + ["DownBlock2D"],
                layers_per_block=[1, 3, 1, 2],
                norm_num_groups=4,
                transformer_layers_per_block=[1, 2, 1, 2],
                up_block_types=["UpBlock2D"] + ["CrossAttnUpBlock2D"] * 3,
            ),
            "vae": vae(),
            "dtype": "BF16",
            "scheduler": scheduler(
                "DDPMScheduler", clip_sample=True, prediction_type="sample", variance_type="fixed_small"
            ),
            "alone": {"unet": {"batch": 2, "height": 5, "width": 7, "timestep": 12}},
            "runs": {
                "default": run(steps=3),
                "odd-size": run(steps=2, width=104, height=72, scheduler="DDIMScheduler", stages=False),
            },
        },
        # A VAE of sixteen channels without quant convs or attention. The pipeline ignores its shift_factor.
        "vae16": {
            "tokenizer": "sd1",
            "text_encoder": text_encoder(),
            "unet": unet(in_channels=16, out_channels=16),
            "vae": vae(
                block_out_channels=[8, 16],
                down_block_types=["DownEncoderBlock2D"] * 2,
                latent_channels=16,
                layers_per_block=2,
                mid_block_add_attention=False,
                scaling_factor=0.3611,
                shift_factor=0.1159,
                up_block_types=["UpDecoderBlock2D"] * 2,
                use_post_quant_conv=False,
                use_quant_conv=False,
            ),
            "scheduler": PNDM,
            "alone": {"vae": {"batch": 2, "height": 5, "width": 3}},
            "runs": {"default": run(steps=2, width=24, height=16)},
        },
        # TAESD in its real depth, as the VAE of a Stable Diffusion 1.
        "taesd": {
            "tokenizer": "sd1",
            "text_encoder": text_encoder(),
            "unet": unet(),
            "vae": TAESD,
            "scheduler": PNDM,
            "alone": {"vae": {"batch": 1, "height": 5, "width": 3}},
            "runs": {"default": run(steps=2)}
            | TAESD_IMAGE_RUNS
            | {"seamless": run(seamless="xy", steps=2, stages=False)},
        },
        # SDXS: one step of a UNet without a middle, with attention on every level, and TAESD as its own VAE.
        "sdxs": {
            "tokenizer": "sd2",
            "text_encoder": SD2_TEXT,
            "unet": SD2_UNET
            | {
                "down_block_types": ["CrossAttnDownBlock2D"] * 2,
                "mid_block_type": None,
                "up_block_types": ["CrossAttnUpBlock2D"] * 2,
            },
            "vae": TAESD,
            "dtype": "F16",
            "scheduler": TURBO_EULER | {"steps_offset": 1},
            "runs": {
                "default": one_step(),
                "two-images": one_step(numImages=2, seed=7, stages=False),
                "odd-size": one_step(width=72, height=40, stages=False),
                "ddpm": one_step(scheduler="DDPMScheduler", stages=False),
                "dpm-multistep": one_step(scheduler="DPMSolverMultistepScheduler", stages=False),
                "img2img": img2img(steps=2, strength=0.5, guidanceScale=0.0, negativePrompt="", stages=False),
                "freeu": one_step(freeu=FREEU, stages=False),
            },
        },
        # The shape of the starter model: a tiny autoencoder of five stages, v-prediction, zero terminal SNR,
        # and a text encoder as transformers 5 saves it.
        "starter": {
            "tokenizer": "sd1",
            "text_encoder": text_encoder(bos_token_id=845, eos_token_id=846, pad_token_id=846),
            "bareNames": True,
            "unet": unet(in_channels=8, out_channels=8, use_linear_projection=True),
            "vae": {
                "_class_name": "AutoencoderTiny",
                "_diffusers_version": "0.42.1",
                "decoder_block_out_channels": [8, 8, 8, 8, 8],
                "encoder_block_out_channels": [8, 8, 8, 8, 8],
                "latent_channels": 8,
                "num_decoder_blocks": [2, 1, 1, 1, 0],
                "num_encoder_blocks": [0, 1, 1, 1, 2],
                "scaling_factor": 0.8,
            },
            "dtype": "F16",
            "scheduler": scheduler(
                "DDIMScheduler",
                clip_sample=False,
                prediction_type="v_prediction",
                rescale_betas_zero_snr=True,
                set_alpha_to_one=True,
                timestep_spacing="trailing",
            ),
            "alone": {"text_encoder": {"texts": [PROMPT]}, "vae": {"batch": 1, "height": 2, "width": 3}},
            "runs": {"default": run(width=128, height=96, guidanceRescale=0.5)},
        },
    }
    | IMAGE_CASES
    | XL_CASES
    | REFINER_CASES
    | EDIT_CASES
    | UPSCALE_CASES
    | LATENT_UPSCALE_CASES
    | COMPONENT_CASES
)

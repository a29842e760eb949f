"""Makes test/fixtures/recipes: images with the metadata of other tools.

    python scripts/reference/recipes.py     (Pillow, piexif)

Texts follow the documented formats of the tools. The files are written with Pillow and piexif, as those tools do.
The images are 8 x 8 pixels.
"""

import json
import pathlib

import piexif
import piexif.helper
from PIL import Image, PngImagePlugin

FOLDER = pathlib.Path(__file__).parents[2] / "test" / "fixtures" / "recipes"
PICTURE = Image.linear_gradient("L").resize((8, 8)).convert("RGB")

PARAMETERS = """a (red:1.2) apple, \u706f\u53f0 <lora:ink style:0.7>
on a table
Negative prompt: blurry, low quality
Steps: 20, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 7.5, Seed: 42, Size: 512x768, Model hash: 6ce0161689, Model: v1-5-pruned, Clip skip: 2, RNG: CPU, Lora hashes: "ink style: 1234, b: 5678", Version: v1.10.1"""
OLD_PARAMETERS = """a red apple
Steps: 30, Sampler: Euler a, CFG scale: 7, Seed: 965400086, Size: 512x512, Model hash: 45dee52b, Denoising strength: 0.6, Hires upscale: 2"""
SDCPP = """a red apple
Negative prompt: blurry
Steps: 20, CFG scale: 7.000000, Guidance: 3.500000, Seed: 42, Size: 512x512, Model: sd-v1-4.safetensors, RNG: cuda, Sampler: dpm++2m karras, Version: stable-diffusion.cpp"""
SDCPP_JSON = {
    "schema": "sdcpp.image.params/v1",
    "generator": {"name": "stable-diffusion.cpp", "version": "1.0.0", "commit": "abc123"},
    "seed": 7,
    "width": 640,
    "height": 512,
    "prompt": {"positive": "Seed: 999, a sunflower", "negative": "sky"},
    "sampling": {"steps": 30, "method": "euler_a", "scheduler": "discrete", "guidance": {"txt_cfg": 5}},
    "models": {"model": "v1-5.safetensors"},
    "rng": "cpu",
}
INVOKE = {
    "generation_mode": "txt2img",
    "positive_prompt": "a red apple",
    "negative_prompt": "blurry",
    "width": 512,
    "height": 640,
    "seed": 42,
    "rand_device": "cpu",
    "cfg_scale": 7.5,
    "cfg_rescale_multiplier": 0.2,
    "steps": 30,
    "scheduler": "dpmpp_2m_sde_k",
    "model": {"key": "1", "hash": "blake3:0", "name": "dreamshaper-8", "base": "sd-1", "type": "main"},
    "loras": [{"model": {"name": "ink"}, "weight": 0.75}],
    "app_version": "5.6.0",
}
INVOKE_2 = {
    "model": "stable diffusion",
    "model_weights": "stable-diffusion-1.5",
    "model_hash": "cc6cb27103417325ff94f52b7a5d2dde45a7515b25c255d8e396c90014281516",
    "app_id": "invoke-ai/InvokeAI",
    "app_version": "v2.3.5",
    "image": {
        "prompt": [{"prompt": "a red apple [blurry]", "weight": 1}],
        "steps": 50,
        "cfg_scale": 7.5,
        "threshold": 0,
        "perlin": 0,
        "height": 512,
        "width": 512,
        "seed": 42,
        "seamless": False,
        "type": "txt2img",
        "sampler": "k_euler_a",
        "variations": [],
    },
}
DREAM = '"a \\"red\\" apple [blurry]" -s 50 -S 42 -W 512 -H 640 -C 7.5 -A k_lms'
FOOOCUS = {
    "adm_guidance": "(1.5, 0.8, 0.3)",
    "base_model": "juggernautXL_v8Rundiffusion",
    "full_negative_prompt": ["blurry", "low quality"],
    "full_prompt": ["cinematic still a red apple", "a red apple, detailed"],
    "guidance_scale": 4,
    "lora_combined_1": "sd_xl_offset_example-lora_1.0 : 0.1",
    "loras": [["sd_xl_offset_example-lora_1.0", 0.1, "4852686128"]],
    "metadata_scheme": "fooocus",
    "negative_prompt": "",
    "performance": "Speed",
    "prompt": "a red apple",
    "refiner_model": "None",
    "resolution": "(1152, 896)",
    "sampler": "dpmpp_2m_sde_gpu",
    "scheduler": "karras",
    "seed": "2336846113",
    "sharpness": 2,
    "steps": 30,
    "styles": "['Fooocus V2', 'Fooocus Enhance']",
    "version": "Fooocus v2.5.5",
}
NOVELAI = {
    "prompt": "a {red} apple",
    "steps": 28,
    "height": 1216,
    "width": 832,
    "scale": 5.0,
    "uncond_scale": 0.0,
    "cfg_rescale": 0.0,
    "seed": 42,
    "n_samples": 1,
    "noise_schedule": "karras",
    "sampler": "k_euler_ancestral",
    "uc": "lowres, blurry",
    "request_type": "PromptGenerateRequest",
}


def node(kind: str, **inputs) -> dict:
    return {"class_type": kind, "inputs": inputs}


COMFY = {
    "3": node(
        "KSampler",
        seed=42,
        steps=20,
        cfg=8.0,
        sampler_name="dpmpp_2m",
        scheduler="karras",
        denoise=1.0,
        model=["10", 0],
        positive=["6", 0],
        negative=["7", 0],
        latent_image=["5", 0],
    ),
    "4": node("CheckpointLoaderSimple", ckpt_name="v1-5-pruned-emaonly.safetensors"),
    "5": node("EmptyLatentImage", width=512, height=768, batch_size=1),
    "6": node("CLIPTextEncode", text=["12", 0], clip=["10", 1]),
    "7": node("CLIPTextEncode", text="text, watermark", clip=["10", 1]),
    "8": node("VAEDecode", samples=["11", 0], vae=["4", 2]),
    "9": node("SaveImage", filename_prefix="ComfyUI", images=["8", 0]),
    "10": node(
        "LoraLoader",
        lora_name="ink.safetensors",
        strength_model=0.8,
        strength_clip=1.0,
        model=["4", 0],
        clip=["4", 1],
    ),
    "11": node(
        "KSampler",
        seed=7,
        steps=10,
        cfg=5.0,
        sampler_name="euler",
        scheduler="normal",
        denoise=0.5,
        model=["10", 0],
        positive=["6", 0],
        negative=["7", 0],
        latent_image=["3", 0],
    ),
    "12": node("PrimitiveString", value="a red apple"),
}
COMFY_CUSTOM = {
    "1": node(
        "SamplerCustomAdvanced",
        noise=["2", 0],
        guider=["3", 0],
        sampler=["4", 0],
        sigmas=["5", 0],
        latent_image=["6", 0],
    ),
    "2": node("RandomNoise", noise_seed=11),
    "3": node("CFGGuider", cfg=3.5, model=["7", 0], positive=["8", 0], negative=["9", 0]),
    "4": node("KSamplerSelect", sampler_name="euler_ancestral"),
    "5": node("BasicScheduler", scheduler="normal", steps=12, denoise=0.6, model=["7", 0]),
    "6": node("VAEEncode", pixels=["10", 0], vae=["7", 2]),
    "7": node("CheckpointLoaderSimple", ckpt_name="sdxl.safetensors"),
    "8": node("ConditioningCombine", conditioning_1=["11", 0], conditioning_2=["12", 0]),
    "9": node("CLIPTextEncode", text="blurry", clip=["7", 1]),
    "10": node("LoadImage", image="sketch.png"),
    "11": node("CLIPTextEncode", text="an apple", clip=["7", 1]),
    "12": node("CLIPTextEncode", text="a table", clip=["7", 1]),
}


def png(name: str, **texts: str) -> None:
    info = PngImagePlugin.PngInfo()
    for key, text in texts.items():
        info.add_text(key.replace("__", "-"), text)
    PICTURE.save(FOLDER / f"{name}.png", pnginfo=info)


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    png("automatic1111", parameters=PARAMETERS)
    png("automatic1111-old", parameters=OLD_PARAMETERS)
    zipped = PngImagePlugin.PngInfo()
    zipped.add_text("parameters", PARAMETERS, zip=True)
    PICTURE.save(FOLDER / "automatic1111-compressed.png", pnginfo=zipped)
    comment = piexif.helper.UserComment.dump(PARAMETERS, encoding="unicode")
    exif = piexif.dump({"Exif": {piexif.ExifIFD.UserComment: comment}})
    PICTURE.save(FOLDER / "automatic1111.jpg", exif=exif)
    PICTURE.save(FOLDER / "automatic1111.webp", exif=exif)
    png("sdcpp", parameters=SDCPP)
    png("sdcpp-json", parameters=f"{SDCPP}, SDCPP: {json.dumps(SDCPP_JSON)}")
    png("invokeai", invokeai_metadata=json.dumps(INVOKE), invokeai_graph="{}")
    png("invokeai-2", sd__metadata=json.dumps(INVOKE_2), Dream=DREAM)
    png("invokeai-1", Dream=DREAM)
    png("fooocus", parameters=json.dumps(FOOOCUS), fooocus_scheme="fooocus")
    exif = Image.Exif()
    exif[0x9286] = json.dumps(FOOOCUS)
    exif[0x927C] = "fooocus"
    PICTURE.save(FOLDER / "fooocus.jpg", exif=exif)
    png(
        "novelai",
        Title="AI generated image",
        Description=NOVELAI["prompt"],
        Software="NovelAI",
        Source="Stable Diffusion XL 7BCCAA2C",
        Comment=json.dumps(NOVELAI),
    )
    png("comfyui", prompt=json.dumps(COMFY), workflow="{}")
    png("comfyui-custom", prompt=json.dumps(COMFY_CUSTOM))
    exif = PICTURE.getexif()
    exif[0x0110] = "prompt:" + json.dumps(COMFY)
    PICTURE.save(FOLDER / "comfyui.webp", exif=exif)
    png("no-recipe", Comment="a holiday")


if __name__ == "__main__":
    main()

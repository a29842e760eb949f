"""Draws with other people's clients on a running `easel serve`: OpenAI's own for Python, and webuiapi.

    python scripts/serve_clients.py ADDRESS TOKEN

Run by `npm run check:clients`, which starts the server and makes the environment (the group `clients`).
"""

import base64
import io
import sys
import threading
from urllib.parse import urlsplit

import openai
import webuiapi
from PIL import Image, ImageDraw

PROMPT = "a red apple"
STEPS = 4


def decode(text: str) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(text)))


def png(image: Image.Image) -> io.BytesIO:
    file = io.BytesIO()
    image.save(file, "PNG")
    file.seek(0)
    file.name = "image.png"  # the client takes the type from it
    return file


def is_red(image: Image.Image) -> bool:
    """Whether the middle of an image is more red than anything else."""
    width, height = image.size
    red, green, blue = image.convert("RGB").getpixel((width // 2, height // 2))
    return red > 150 and green < 120 and blue < 120


def check_openai(address: str, token: str) -> None:
    client = openai.OpenAI(base_url=f"{address}/v1", api_key=token, max_retries=0)
    assert "starter" in [model.id for model in client.models.list()]
    assert client.models.retrieve("starter").object == "model"

    extra = {"seed": 1, "num_inference_steps": STEPS}
    answer = client.images.generate(prompt=PROMPT, model="gpt-image-1", size="256x256", extra_body=extra)
    image = decode(answer.data[0].b64_json)
    assert image.size == (256, 256), image.size
    assert is_red(image)

    stream = client.images.generate(prompt=PROMPT, stream=True, partial_images=1, extra_body=extra)
    events = list(stream)
    assert events[-1].type == "image_generation.completed", events
    assert is_red(decode(events[-1].b64_json))

    mask = Image.new("RGBA", image.size, "white")
    ImageDraw.Draw(mask).rectangle((0, 0, 127, 255), fill=(0, 0, 0, 0))
    edited = client.images.edit(image=png(image), mask=png(mask), prompt="a green apple", extra_body=extra)
    kept = (200, 0, 256, 40)  # far from what the mask opens
    after, before = decode(edited.data[0].b64_json), image
    assert after.convert("RGB").crop(kept).tobytes() == before.convert("RGB").crop(kept).tobytes()

    assert len(client.images.create_variation(image=png(image), n=2, size="256x256").data) == 2
    linked = client.images.generate(prompt=PROMPT, response_format="url", extra_body=extra)
    assert linked.data[0].url.startswith(f"{address}/v1/images/files/"), linked.data[0].url

    for wrong, kind in (
        ({"model": "org/none"}, openai.NotFoundError),
        ({"size": "90000x1"}, openai.BadRequestError),
    ):
        try:
            client.images.generate(prompt=PROMPT, **wrong)
        except kind as error:
            assert error.type == "invalid_request_error"
        else:
            raise AssertionError(f"{wrong} was drawn")
    try:
        openai.OpenAI(base_url=f"{address}/v1", api_key="wrong", max_retries=0).models.list()
    except openai.AuthenticationError:
        pass
    else:
        raise AssertionError("a wrong key was taken")


def check_webuiapi(address: str, token: str) -> None:
    parts = urlsplit(address)
    api = webuiapi.WebUIApi(host=parts.hostname, port=parts.port, username="easel", password=token)
    assert "Euler a" in api.util_get_sampler_names()
    assert api.util_get_model_names() == ["starter"]
    api.util_set_model("starter")
    assert api.util_get_current_model() == "starter"
    for name in (
        "schedulers",
        "upscalers",
        "latent_upscale_modes",
        "prompt_styles",
        "sd_vae",
        "hypernetworks",
    ):
        assert isinstance(getattr(api, f"get_{name}")(), list), name
    api.get_embeddings()
    api.get_cmd_flags()
    api.refresh_checkpoints()
    assert api.controlnet_version() == 3
    assert api.controlnet_model_list() == []
    assert "canny" in api.controlnet_module_list()

    drawn = api.txt2img(prompt=PROMPT, seed=1, steps=STEPS, width=256, height=256, cfg_scale=2, batch_size=2)
    assert len(drawn.images) == 2
    assert drawn.info["all_seeds"] == [1, 2], drawn.info
    assert is_red(drawn.image)
    again = api.img2img(images=[drawn.image], prompt=PROMPT, seed=1, steps=STEPS, denoising_strength=0.5)
    assert is_red(again.image)
    mask = Image.new("L", drawn.image.size, "white")
    api.img2img(images=[drawn.image], mask_image=mask, prompt=PROMPT, steps=STEPS, inpainting_mask_invert=0)
    assert "Seed: 1" in api.png_info(drawn.image).info

    ended = threading.Event()
    images: list[Image.Image] = []

    def draw() -> None:
        images.extend(api.txt2img(prompt=PROMPT, steps=150, batch_size=8, width=256, height=256).images)
        ended.set()

    threading.Thread(target=draw, daemon=True).start()
    # As fast as the server answers, until the job draws; it cannot end before.
    while api.get_progress()["state"]["sampling_step"] == 0:
        assert not ended.is_set()
    api.interrupt()
    assert ended.wait(120)
    assert len(images) < 8


def main() -> None:
    address, token = sys.argv[1:]
    for check in (check_openai, check_webuiapi):
        check(address, token)
        print(f"✔ {check.__name__.removeprefix('check_')}")


if __name__ == "__main__":
    main()

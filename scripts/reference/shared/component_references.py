"""Reference values of single components: inputs and outputs of one call each."""

import torch

from shared.fixture_arrays import Arrays


def component_arrays(alone: dict, parts: dict, tokenizers: dict, arrays: Arrays) -> None:
    """Adds `<component>.<input or output>` for every component of `alone`."""
    for part in ("text_encoder", "text_encoder_2"):
        if part in alone:
            tokenizer = tokenizers[part.replace("text_encoder", "tokenizer")]
            texts = alone[part]["texts"]
            tokens = tokenizer(texts, padding="max_length", truncation=True, return_tensors="pt")
            text_arrays(part, parts[part], tokens.input_ids, arrays)
    if "unet" in alone:
        unet_arrays(parts["unet"], alone["unet"], arrays)
    if "vae" in alone:
        vae_arrays(parts["vae"], alone["vae"], arrays)


def text_arrays(part: str, model: torch.nn.Module, ids: torch.Tensor, arrays: Arrays) -> None:
    """`ids`: token ids (batch, sequence)."""
    arrays.add(f"{part}.input_ids", ids)
    output = model(ids.long(), output_hidden_states=True)
    arrays.add(f"{part}.last_hidden_state", output.last_hidden_state)
    arrays.add(f"{part}.hidden_states.-2", output.hidden_states[-2])
    pooled = getattr(output, "text_embeds", None)
    if pooled is None:
        arrays.add(f"{part}.pooler_output", output.pooler_output)
    else:
        arrays.add(f"{part}.text_embeds", pooled)


def unet_arrays(
    model: torch.nn.Module, settings: dict, arrays: Arrays, controls: list[torch.nn.Module] | None = None
) -> None:
    """`settings`: batch, height, width (latent), timestep, sequence (tokens) and tokenDownsampling.

    With ControlNets also `scales` (of each, for each row of the batch) and `guesses` (of each); with
    `features` the shapes of those that T2I-Adapters add; with classes `classLabel`, that of all rows.
    """
    config = model.config
    if "tokenDownsampling" in settings:
        downsample_keys(model, settings["tokenDownsampling"])
    batch = settings["batch"]

    def draw(key: str, *shape: int) -> torch.Tensor:
        return arrays.randn(f"unet.{key}", [batch, *shape])

    width = config.encoder_hid_dim or config.cross_attention_dim
    width = width if isinstance(width, int) else width[0]
    keywords = {
        "sample": draw("sample", config.in_channels, settings["height"], settings["width"]),
        "timestep": arrays.add("unet.timestep", torch.tensor([settings["timestep"]]).float()),
        "encoder_hidden_states": draw("encoder_hidden_states", settings.get("sequence", 77), width),
    }
    if config.time_cond_proj_dim is not None:
        keywords["timestep_cond"] = draw("timestep_cond", config.time_cond_proj_dim)
    if config.addition_embed_type == "text_time":
        told = len(settings["timeIds"]) * config.addition_time_embed_dim
        pooled = config.projection_class_embeddings_input_dim - told
        text_embeds = draw("text_embeds", pooled)
        time_ids = arrays.add("unet.time_ids", torch.tensor([settings["timeIds"]] * batch).float())
        keywords["added_cond_kwargs"] = {"text_embeds": text_embeds, "time_ids": time_ids}
    if "classLabel" in settings:
        label = arrays.add("unet.class_labels", torch.tensor([settings["classLabel"]]).int())
        keywords["class_labels"] = label.long().repeat(batch)
    if controls:
        keywords |= control_residuals(controls, settings, keywords, arrays)
    if "features" in settings:
        shapes = [[1, *shape] for shape in settings["features"]]
        features = [arrays.randn(f"unet.adapter_feature_{k}", shape) for k, shape in enumerate(shapes)]
        keywords["down_intrablock_additional_residuals"] = [
            feature.repeat(batch, 1, 1, 1) for feature in features
        ]
    arrays.add("unet.out_sample", model(**keywords).sample)


def adapter_arrays(model: torch.nn.Module, settings: dict, arrays: Arrays) -> None:
    """`settings`: height and width of the control image, in pixels."""
    channels = model.config.in_channels
    image = arrays.randn("adapter.image", [1, channels, settings["height"], settings["width"]])
    for index, feature in enumerate(model(image)):
        arrays.add(f"adapter.feature_{index}", feature)


def control_residuals(nets: list[torch.nn.Module], settings: dict, keywords: dict, arrays: Arrays) -> dict:
    """What ControlNets add to a UNet, as the pipelines add it up."""
    batch, height, width = settings["batch"], settings["height"], settings["width"]
    down, mid = None, 0
    for index, net in enumerate(nets):
        factor = 2 ** (len(net.config.conditioning_embedding_out_channels) - 1)
        cond = arrays.randn(f"unet.controlnet_cond_{index}", [1, 3, height * factor, width * factor])
        scale = torch.tensor(settings["scales"][index]).reshape(batch, 1, 1, 1)
        arrays.add(f"unet.conditioning_scale_{index}", scale)
        residuals, middle = net(
            **keywords | {"sample": keywords["sample"][:, : net.config.in_channels]},
            controlnet_cond=cond.expand(batch, -1, -1, -1),
            guess_mode=settings["guesses"][index],
            return_dict=False,
        )
        residuals = [residual * scale for residual in residuals]
        down = residuals if down is None else [a + b for a, b in zip(down, residuals, strict=True)]
        mid = mid + middle * scale
    return {"down_block_additional_residuals": down, "mid_block_additional_residual": mid}


def downsample_keys(model: torch.nn.Module, factor: float) -> None:
    """Self-attention over the most tokens takes keys and values from fewer: ToDo, arXiv 2402.13573.

    As in the authors' code, F.interpolate picks them from the attention's normalised input.
    """
    grids: list[tuple[int, int]] = []

    def see_grid(_module: torch.nn.Module, inputs: tuple) -> None:
        grids.append(tuple(inputs[0].shape[-2:]))

    def pick(_module: torch.nn.Module, inputs: tuple, keywords: dict) -> tuple[tuple, dict]:
        height, width = grids[-1]
        # The first transformer of a UNet has the most tokens.
        if (height, width) != grids[0]:
            return inputs, keywords
        fewer = [max(1, int(height / factor)), max(1, int(width / factor))]
        grid = inputs[0].mT.unflatten(2, (height, width))
        picked = torch.nn.functional.interpolate(grid, size=fewer, mode="nearest-exact")
        return inputs, keywords | {"encoder_hidden_states": picked.flatten(2).mT}

    for name, module in model.named_modules():
        if type(module).__name__ == "Transformer2DModel":
            module.register_forward_pre_hook(see_grid)
        elif name.endswith(".attn1"):
            module.register_forward_pre_hook(pick, with_kwargs=True)


def vae_arrays(model: torch.nn.Module, settings: dict, arrays: Arrays) -> None:
    """`settings`: batch, height, width (latent). `decoded` is of `latents` as `decode` takes them."""
    batch, height, width = settings["batch"], settings["height"], settings["width"]
    latents = arrays.randn("vae.latents", [batch, model.config.latent_channels, height, width])
    decoded = arrays.add("vae.decoded", model.decode(latents).sample)
    image = arrays.randn("vae.image", list(decoded.shape))
    encoded = model.encode(image)
    if hasattr(encoded, "latents"):
        arrays.add("vae.encoded", encoded.latents)
    else:
        arrays.add("vae.moments", encoded.latent_dist.parameters)

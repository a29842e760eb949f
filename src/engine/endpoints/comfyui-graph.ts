import type { JsonObject } from '../../core/json';
import { twoStrengths } from './lora-strengths';
import type { RemoteSampler } from './remote-samplers';
import type { RemoteRequest } from './protocol';

/** What a graph needs besides the request. */
export interface GraphInputs {
  /** The checkpoint's file, as the server lists it. */
  readonly checkpoint: string;
  readonly sampler: RemoteSampler | undefined;
  readonly seed: number;
  /** Files that were uploaded. */
  readonly image?: string | undefined;
  readonly mask?: string | undefined;
}

/** A node of ComfyUI's API format: its inputs are values, or `[node, output]`. */
interface Node {
  readonly class_type: string;
  readonly inputs: JsonObject;
}

type Link = readonly [node: string, output: number];

/** The usual values of ComfyUI's own example, where the request leaves them open. */
const USUAL = {
  steps: 20,
  cfg: 7,
  sampler: 'euler',
  scheduler: 'normal',
  size: 512,
  strength: 0.8,
};

/**
 * A graph for checkpoints of SD 1.x, 2.x and SDXL: text to image, image to image and inpainting, with LoRAs
 * (nodes.py in ComfyUI). Its images are temporary there.
 */
export function checkpointGraph(request: RemoteRequest, given: GraphInputs): JsonObject {
  const nodes = new Map<string, Node>();
  const add = (class_type: string, inputs: JsonObject): string => {
    const id = String(nodes.size + 1);
    nodes.set(id, { class_type, inputs });
    return id;
  };
  const checkpoint = add('CheckpointLoaderSimple', { ckpt_name: given.checkpoint });
  const vae: Link = [checkpoint, 2];
  let model: Link = [checkpoint, 0];
  let clip: Link = [checkpoint, 1];
  for (const { path, ...strengths } of request.loras) {
    const { text, unet } = twoStrengths({ path, ...strengths });
    const lora = add('LoraLoader', {
      ...{ model, clip, lora_name: path, strength_model: unet, strength_clip: text },
    });
    [model, clip] = [
      [lora, 0],
      [lora, 1],
    ];
  }
  if (request.clipSkip > 0) {
    const stop = add('CLIPSetLastLayer', { clip, stop_at_clip_layer: -1 - request.clipSkip });
    clip = [stop, 0];
  }
  const latent = addLatent(request, given, add, vae);
  const sampled = add('KSampler', {
    ...{ model, latent_image: latent, seed: given.seed },
    positive: [add('CLIPTextEncode', { clip, text: request.prompt }), 0],
    negative: [add('CLIPTextEncode', { clip, text: request.negativePrompt }), 0],
    steps: request.steps ?? USUAL.steps,
    cfg: request.guidanceScale ?? USUAL.cfg,
    sampler_name: given.sampler?.sampler ?? USUAL.sampler,
    scheduler: given.sampler?.karras ? 'karras' : USUAL.scheduler,
    denoise: given.image === undefined ? 1 : (request.strength ?? USUAL.strength),
  });
  const decoded = add('VAEDecode', { samples: [sampled, 0], vae });
  add('PreviewImage', { images: [decoded, 0] });
  return Object.fromEntries(nodes);
}

/** What is denoised: nothing, or an image, all of it or where a mask is white. */
function addLatent(
  request: RemoteRequest,
  { image, mask }: GraphInputs,
  add: (class_type: string, inputs: JsonObject) => string,
  vae: Link,
): Link {
  if (image === undefined) {
    const { width = USUAL.size, height = USUAL.size } = request;
    return [add('EmptyLatentImage', { width, height, batch_size: 1 }), 0];
  }
  const pixels = [add('LoadImage', { image }), 0];
  const encoded: Link = [add('VAEEncode', { pixels, vae }), 0];
  if (mask === undefined) return encoded;
  const white = [add('LoadImageMask', { image: mask, channel: 'red' }), 0];
  return [add('SetLatentNoiseMask', { samples: encoded, mask: white }), 0];
}

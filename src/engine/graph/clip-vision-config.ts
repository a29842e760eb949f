import { ConfigReader } from '../../core/config-reader';
import { isRecord } from '../../core/json';
import {
  HIDDEN_ACTIVATIONS,
  IGNORED,
  refusePruned,
  type ClipLayerConfig,
} from './clip-layer-config';
import { EPSILON, MOST_LAYERS } from './config-limits';

/** A CLIPVisionModelWithProjection (transformers, models/clip/configuration_clip.py, CLIPVisionConfig). */
export interface ClipVisionConfig extends ClipLayerConfig {
  readonly layers: number;
  /** Pixels of the image's sides. */
  readonly imageSize: number;
  /** Pixels of a patch's sides. */
  readonly patchSize: number;
  /** Width of `image_embeds`. */
  readonly projectionDim: number;
}

/** Positions of an image encoder's features: the patches of an image, and the class token before them. */
export function positionsOf({ imageSize, patchSize }: ClipVisionConfig): number {
  return Math.floor(imageSize / patchSize) ** 2 + 1;
}

/**
 * Reads an image encoder's config.json with transformers' defaults.
 *
 * @param where the config's path, for messages
 * @throws EaselError `unsupported-config`; the message names the field
 */
export function parseClipVisionConfig(json: unknown, where: string): ClipVisionConfig {
  const outer = new ConfigReader(json, where);
  outer.only('model_type', 'clip_vision_model', 'clip');
  // The config of a whole CLIP model has that of its vision model in it (CLIPVisionConfig.from_pretrained).
  const nested = outer.raw('model_type') === 'clip' ? visionOf(outer) : undefined;
  const config = isRecord(nested) ? new ConfigReader(nested, where) : outer;
  refusePruned(config);
  config.only('num_channels', 3);
  const hiddenSize = config.integer('hidden_size', 768);
  const heads = config.integer('num_attention_heads', 12);
  if (hiddenSize % heads !== 0) {
    throw config.refuse('num_attention_heads', 'a divisor of hidden_size');
  }
  const imageSize = config.integer('image_size', 224, 1, MOST_SIDE);
  const patchSize = config.integer('patch_size', 32, 1, imageSize);
  const parsed: ClipVisionConfig = {
    hiddenSize,
    intermediateSize: config.integer('intermediate_size', 3072),
    layers: config.integer('num_hidden_layers', 12, 1, MOST_LAYERS),
    heads,
    imageSize,
    patchSize,
    activation: config.choice('hidden_act', HIDDEN_ACTIVATIONS, 'quick_gelu'),
    layerNormEps: config.number('layer_norm_eps', 1e-5, EPSILON),
    // That of the whole model counts (CLIPModel).
    projectionDim: (isRecord(nested) ? outer : config).integer('projection_dim', 512),
  };
  config.finish(IGNORED);
  return parsed;
}

/** Older versions wrote the config of the vision model also as `vision_config_dict`, which counts (CLIPConfig). */
function visionOf(outer: ConfigReader): unknown {
  const [own, older] = [outer.raw('vision_config'), outer.raw('vision_config_dict')];
  return isRecord(older) ? { ...(isRecord(own) && own), ...older } : own;
}

/** More than the images of any published encoder. */
const MOST_SIDE = 1024;

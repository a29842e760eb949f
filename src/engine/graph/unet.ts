import type { FreeU } from '../../core/request/free-u';
import type { WeightSource } from '../weights/source';
import { Builder, type BuildOptions } from './builder';
import { controlResiduals, type Control } from './controlnet';
import type { BuiltGraph, Value } from './graph';
import { KUNetBlocks } from './k-unet-blocks';
import { ImagePrompts, type ImagePrompt } from './image-prompts';
import { activation } from './ops/activation';
import { cast, scaleShift } from './ops/arithmetic';
import { convolution } from './ops/convolution';
import { groupNorm } from './ops/normalization';
import { featurePlaces } from './feature-places';
import type { PerturbedLayers } from './perturbed';
import { UNetBlocks } from './unet-blocks';
import {
  unetConditions,
  unetInputs,
  type UNetConditions,
  type UNetInputs,
} from './unet-conditions';
import type { UNetConfig } from './unet-config';

export interface UNetOptions extends BuildOptions {
  readonly batch: number;
  /** Size of the latents: an eighth of the image's in Stable Diffusion. Any size of at least 1. */
  readonly height: number;
  readonly width: number;
  /** Text tokens; default 77. */
  readonly sequenceLength?: number;
  /**
   * In self-attention over the most tokens, keys and values are of one token in this many rows and columns
   * (ToDo, arXiv:2402.13573): faster, with other results than the model's own. At least 1, can be fractional.
   * Default: 1, all tokens.
   */
  readonly tokenDownsampling?: number | undefined;
  /** ControlNets, which are computed in the same graph. Default: none. */
  readonly controls?: readonly Control[];
  /** How many features T2I-Adapters add, at most one for each of `featurePlaces`. Default: none. */
  readonly features?: number | undefined;
  /** IP-Adapters. Default: none. */
  readonly imagePrompts?: readonly ImagePrompt[];
  /** Default: off. */
  readonly freeu?: FreeU | undefined;
  /** Self-attentions of which the last row of the batch is perturbed. Default: none. */
  readonly perturbed?: PerturbedLayers | undefined;
}

/**
 * Writes the graph of UNet2DConditionModel (diffusers, models/unets/unet_2d_condition.py). All inputs and
 * outputs are float32, but for `class_labels`:
 * - `sample` [batch, inChannels, height, width];
 * - `timestep` [1], can be fractional;
 * - `encoder_hidden_states` [batch, sequenceLength, D]; D is the width of the text features;
 * - `timestep_cond` [batch, time_cond_proj_dim], only if the config has that field (LCM);
 * - `text_embeds` [batch, P] and `time_ids` [batch, 6] (of a refiner [batch, 5]), only if addition_embed_type is text_time (SDXL);
 * - `class_labels` int32 [1], the class of all rows, only if the config has num_class_embeds;
 * - for ControlNet k `controlnet_cond_k` [1, 3, height · f, width · f] and `conditioning_scale_k`
 *   [batch, 1, 1, 1]: see `controlResiduals`;
 * - for T2I-Adapters `adapter_feature_k` [1, channels, h, w], what they add at the k-th of `featurePlaces`;
 * - for IP-Adapter k `image_tokens_k` [batch, tokens, crossAttentionDim] and `ip_adapter_scale_k` [1]: see
 *   `ImagePrompts`.
 *
 * Output `out_sample` [batch, outChannels, height, width].
 *
 * @throws EaselError `model-incomplete` if a weight is missing; `bad-file` if it has another shape or type
 */
export function buildUNet(
  config: UNetConfig,
  weights: WeightSource,
  options: UNetOptions,
): BuiltGraph {
  const { sequenceLength = 77, ...sizes } = options;
  const b = Builder.create(weights, options);
  const inputs = unetInputs(b, config, { ...sizes, sequenceLength });
  const conditions = unetConditions(b, config, inputs);
  const plain = cast(b, inputs.sample, b.computeType);
  const input = config.centerInputSample ? scaleShift(b, plain, 2, -1) : plain;
  const first = convolution(b.at('conv_in'), input, config.down[0]!.channels, {
    kernel: config.convInKernel,
  });
  const hidden = config.k
    ? new KUNetBlocks(config.k, {
        activation: config.activation,
        eps: config.normEps,
        conditions,
      }).run(b, first)
    : blocksOf(b, config, { first, inputs, conditions, options });
  const last = config.normsOutput
    ? activation(
        b,
        groupNorm(b.at('conv_norm_out'), hidden, config.normGroups, config.normEps),
        config.activation,
      )
    : hidden;
  const out = convolution(b.at('conv_out'), last, config.outChannels, {
    kernel: config.convOutKernel,
  });
  b.graph.output('out_sample', cast(b, out, 'float32'));
  return b.finish('unet');
}

interface Beginning {
  /** What `conv_in` gives. */
  readonly first: Value;
  readonly inputs: UNetInputs;
  readonly conditions: UNetConditions;
  readonly options: UNetOptions;
}

/** All between `conv_in` and `conv_norm_out`. */
function blocksOf(
  b: Builder,
  config: UNetConfig,
  { first, inputs, conditions, options }: Beginning,
): Value {
  const { tokenDownsampling, freeu, perturbed, batch } = options;
  const { controls = [], features = 0, imagePrompts = [] } = options;
  const images =
    imagePrompts.length > 0 ? new ImagePrompts(b, config, batch, imagePrompts) : undefined;
  const blocks = new UNetBlocks(config, conditions, {
    tokenDownsampling,
    images,
    freeu,
    perturbed,
  });
  const added = featurePlaces(config, options)
    .slice(0, features)
    .map(({ channels, height, width }, index) => {
      const shape = [1, channels, height, width];
      return cast(b, b.graph.input(`adapter_feature_${index}`, 'float32', shape), b.computeType);
    });
  const descent = blocks.descend(b, first, added);
  const residuals = controls.map((control, index) => controlResiduals(b, control, inputs, index));
  return blocks.ascend(b, descent, residuals);
}

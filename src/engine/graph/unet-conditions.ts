import type { Builder } from './builder';
import type { Value } from './graph';
import { activation } from './ops/activation';
import { add, cast } from './ops/arithmetic';
import { linear } from './ops/linear';
import {
  fourierFeatures,
  sinusoidalFeatures,
  textTimeFeatures,
  timestepEmbedding,
} from './time-embedding';
import type { UNetConfig } from './unet-config';

/** The inputs of a UNet's graph, which ControlNets beside it read too. All but `classLabels` are float32. */
export interface UNetInputs {
  /** [batch, inChannels, height, width] */
  readonly sample: Value;
  /** [1] */
  readonly timestep: Value;
  /** [batch, sequenceLength, D]; D is the width of the text features. */
  readonly states: Value;
  /** [batch, time_cond_proj_dim] */
  readonly timestepCond: Value | undefined;
  /** [batch, P] and [batch, 6]: SDXL; of its refiner [batch, 5]. */
  readonly textEmbeds: Value | undefined;
  readonly timeIds: Value | undefined;
  /** int32 [1], of all rows: the noise level of an upscaler. */
  readonly classLabels: Value | undefined;
}

export interface UNetInputSizes {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly sequenceLength: number;
}

/** Adds a UNet's inputs to its graph. */
export function unetInputs(b: Builder, config: UNetConfig, sizes: UNetInputSizes): UNetInputs {
  const { batch, height, width, sequenceLength } = sizes;
  const { inChannels, encoderHidDim, crossAttentionDim, textTime, timeEmbedding, classCount } =
    config;
  const input = (name: string, shape: readonly number[]) => b.graph.input(name, 'float32', shape);
  const { condProjDim } = timeEmbedding;
  const pooled = textTime && textTime.inputDim - textTime.timeIds * textTime.timeDim;
  const textWidth = encoderHidDim ?? crossAttentionDim;
  return {
    sample: input('sample', [batch, inChannels, height, width]),
    timestep: input('timestep', [1]),
    states: input('encoder_hidden_states', [batch, sequenceLength, textWidth]),
    timestepCond:
      condProjDim === undefined ? undefined : input('timestep_cond', [batch, condProjDim]),
    textEmbeds: pooled === undefined ? undefined : input('text_embeds', [batch, pooled]),
    timeIds: textTime && input('time_ids', [batch, textTime.timeIds]),
    classLabels: classCount === undefined ? undefined : b.graph.input('class_labels', 'int32', [1]),
  };
}

/** What every block of a UNet reads. */
export interface UNetConditions {
  /** The time embedding after its activation, [1 or batch, T]; k-diffusion's blocks take it without one more. */
  readonly time: Value;
  /** [batch, sequenceLength, crossAttentionDim] */
  readonly text: Value;
}

/** The time embedding and the text features of a UNet or a ControlNet. */
export function unetConditions(b: Builder, config: UNetConfig, inputs: UNetInputs): UNetConditions {
  const embedding = timeEmbedding(b.inFloat32, config, inputs);
  const active = config.k ? embedding : activation(b.inFloat32, embedding, config.activation);
  const time = cast(b, active, b.computeType);
  const states = cast(b, inputs.states, b.computeType);
  const text =
    config.encoderHidDim === undefined
      ? states
      : linear(b.at('encoder_hid_proj'), states, config.crossAttentionDim);
  return { time, text };
}

/** In float32: it is small, and all layers depend on it. */
function timeEmbedding(b: Builder, config: UNetConfig, inputs: UNetInputs): Value {
  const { flipSinToCos, freqShift, textTime, classCount } = config;
  const { timestep, timestepCond, textEmbeds, timeIds, classLabels } = inputs;
  const { kind, inputDim, dim, condProjDim, postActivation, finalActivation } =
    config.timeEmbedding;
  const features =
    kind === 'fourier'
      ? fourierFeatures(b.at('time_proj'), timestep, inputDim, flipSinToCos)
      : sinusoidalFeatures(b.at('time_proj'), timestep, inputDim, flipSinToCos, freqShift);
  const condition = condProjDim === undefined ? undefined : timestepCond;
  let embedding = timestepEmbedding(b.at('time_embedding'), features, {
    dim,
    activation: config.activation,
    postActivation,
    condition: condition === undefined ? undefined : cast(b, condition, b.computeType),
  });
  if (classCount !== undefined && classLabels !== undefined) {
    const table = b.at('class_embedding').weight('weight', [classCount, dim]);
    embedding = add(b, embedding, b.node('Gather', [table, classLabels], [1, dim]));
  }
  if (textTime !== undefined && textEmbeds !== undefined && timeIds !== undefined) {
    const added = textTimeFeatures(
      b.at('add_time_proj'),
      textEmbeds,
      timeIds,
      textTime.timeDim,
      flipSinToCos,
      freqShift,
    );
    const addition = timestepEmbedding(b.at('add_embedding'), added, { dim, activation: 'silu' });
    embedding = add(b, embedding, addition);
  }
  return finalActivation === undefined ? embedding : activation(b, embedding, finalActivation);
}

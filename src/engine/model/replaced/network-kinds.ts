import type { JsonObject } from '../../../core/json';
import { parseUNetConfig } from '../../graph/unet-config';
import {
  AUTOENCODER_PREFIXES,
  diffusersUNetName,
  diffusersVaeName,
  UNET_PREFIX,
} from '../../weights/original-names';
import type { TensorRef } from '../../weights/source';
import { textWidthOf, unetLabel } from '../components/unet/unet';
import { refusedNetwork, type NetworkKind } from './network-file';

type Tensors = ReadonlyMap<string, TensorRef>;

export const UNETS: NetworkKind = {
  component: 'unet',
  field: 'unet',
  label: 'UNet',
  classes: ['UNet2DConditionModel'],
  prefixes: [UNET_PREFIX],
  names: /^(down_blocks|input_blocks)\./,
  rename: (name, { layers_per_block: layers }) =>
    diffusersUNetName(name, typeof layers === 'number' ? layers : 2),
  configOf: (own, tensors) => ({
    ...own,
    in_channels: sizeOf(tensors, 'conv_in.weight', 1) ?? own.in_channels,
    cross_attention_dim: textWidthOf(tensors) ?? own.cross_attention_dim,
    time_cond_proj_dim: sizeOf(tensors, 'time_embedding.cond_proj.weight', 1) ?? null,
    addition_embed_type: tensors.has('add_embedding.linear_1.weight') ? 'text_time' : null,
  }),
  requireFit: (given, { config, where }) => {
    const { own, model } = given;
    // The family, and what the UNet is for: models that fill masks or edit take other inputs.
    const [found, wanted] = [config, own.config].map((one) =>
      unetLabel({ ...one, time_cond_proj_dim: null }),
    );
    if (found !== wanted) {
      const named = [found, wanted].map((family) => (family === '' ? 'another family' : family));
      const [its, models] = named;
      throw refusedNetwork(
        UNETS,
        given,
        `is a UNet for ${its}, and ${model} has one for ${models}`,
      );
    }
    const [its, models] = [parseUNetConfig(config, where), parseUNetConfig(own.config, own.where)];
    for (const [field, what] of [
      ['crossAttentionDim', 'text features of this width'],
      ['inChannels', 'this number of input channels'],
      ['outChannels', 'this number of output channels'],
    ] as const) {
      if (its[field] === models[field]) continue;
      const numbers = `${its[field]} and not ${models[field]} as that of ${model}`;
      throw refusedNetwork(UNETS, given, `is a UNet for ${what}: ${numbers}`);
    }
  },
};

export const AUTOENCODERS: NetworkKind = {
  component: 'vae',
  field: 'vae',
  label: 'autoencoder',
  classes: ['AutoencoderKL', 'AutoencoderTiny'],
  prefixes: AUTOENCODER_PREFIXES,
  names: /^decoder\.(conv_in|mid|mid_block)\./,
  rename: (name, { block_out_channels: channels }) =>
    diffusersVaeName(name, Array.isArray(channels) ? channels.length : 0),
  configOf: (own) => own,
  requireFit: (given, { config }) => {
    const [found, wanted] = [config, given.own.config].map(latentChannels);
    if (found === wanted) return;
    throw refusedNetwork(
      AUTOENCODERS,
      given,
      `is an autoencoder with ${found} latent channels, and ${given.model} has ${wanted}`,
    );
  },
};

/** The default of both classes in diffusers. */
function latentChannels({ latent_channels: channels }: JsonObject): number {
  return typeof channels === 'number' ? channels : 4;
}

function sizeOf(tensors: Tensors, name: string, axis: number): number | undefined {
  return tensors.get(name)?.shape[axis];
}

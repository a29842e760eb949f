import { parseClipTextConfig } from '../../graph/clip-text-config';
import { parseUNetConfig } from '../../graph/unet-config';
import { parseVaeConfig } from '../../graph/vae-config';
import type { SingleFileConfigs } from './published-configs';
import { openSingleFile } from './single-file';
import { readDefaults } from '../defaults';
import { familyOf } from '../families';
import type { Model } from '../model';
import { makeScheduler } from '../scheduler-config';

/** A whole model in one file. */
export interface SingleFileLocation {
  /** What people call it. */
  readonly id: string;
  /** The folder that the file lies in: what says more of a model, such as easel.json, lies beside it. */
  readonly folder: string;
  readonly file: string;
}

/**
 * Reads a checkpoint in the original layout as a model.
 *
 * @param configs instead of the published ones, for a model of other sizes.
 * @throws EaselError as `openSingleFile`.
 */
export async function openSingleFileModel(
  { id, folder, file }: SingleFileLocation,
  configs?: SingleFileConfigs,
): Promise<Model> {
  const single = await openSingleFile(file, configs);
  const { pipeline, schedulerConfig } = single;
  const family = familyOf(id, { pipeline, components: {}, raw: {} });
  makeScheduler({ family, schedulerConfig });
  return {
    id,
    folder: file,
    family,
    textEncoders: single.textEncoders.map(({ config, weights, tokenizer }) => ({
      config: parseClipTextConfig(config, file),
      weights,
      tokenizer,
    })),
    unet: { config: parseUNetConfig(single.unet.config, file), weights: single.unet.weights },
    vae: {
      kind: 'full',
      config: parseVaeConfig(single.vae.config, file),
      weights: single.vae.weights,
    },
    zeroEmptyNegative: true,
    schedulerConfig,
    defaults: await readDefaults(folder, family.defaults),
  };
}

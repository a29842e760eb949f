import { EaselError } from '../../../../core/errors';
import type { WeightSource } from '../../../weights/source';
import type { ModelLayout } from '../layout';
import type { SingleFileConfigs } from './published-configs';
import {
  openSingleFile,
  type SingleFileComponent,
  type SingleFileTextEncoder,
} from './single-file';

/** A whole model in one file. */
export interface SingleFileLocation {
  /** The id or path that the user gives as `model`. */
  readonly id: string;
  /** The folder that contains the file. Other files of the model, such as easel.json, are there too. */
  readonly folder: string;
  readonly file: string;
}

/**
 * Reads a checkpoint in the original layout; its components have diffusers' names.
 * @param configs replaces the published configs, for models of other sizes
 * @throws EaselError `unsupported-model` (another kind of file), `model-incomplete` (no such file, or a part
 *   of the model is missing), `bad-file`, `unsafe-file`
 */
export async function singleFileLayout(
  { id, folder, file }: SingleFileLocation,
  configs?: SingleFileConfigs,
): Promise<ModelLayout> {
  const model = await openSingleFile(file, configs);
  const { pipeline, schedulerConfig, lowResScheduler, unet, vae, textEncoders, title, index } =
    model;
  const [first, second] = (['', '_2'] as const).map((suffix) =>
    textEncoders.find((encoder) => encoder.suffix === suffix),
  );
  const components: Readonly<Record<string, SingleFileComponent | undefined>> = {
    unet,
    vae,
    text_encoder: first,
    text_encoder_2: second,
  };
  const tokenizers: Readonly<Record<string, SingleFileTextEncoder | undefined>> = {
    tokenizer: first,
    tokenizer_2: second,
  };
  const known = <T>(table: Readonly<Record<string, T | undefined>>, name: string): T => {
    const found = table[name];
    if (found === undefined) throw new EaselError('model-incomplete', `${file} has no ${name}.`);
    return found;
  };
  return {
    id,
    folder,
    file,
    title,
    place: file,
    pipeline,
    index,
    schedulerConfig: (name = 'scheduler') =>
      Promise.resolve(
        known({ scheduler: schedulerConfig, low_res_scheduler: lowResScheduler }, name),
      ),
    component: async (name, kind) => {
      const component = known(components, name);
      const { config } = component;
      const openWeights = () =>
        new Promise<WeightSource>((resolve) => {
          resolve(component.weights);
        });
      return kind.read({
        name,
        className: undefined,
        config,
        where: file,
        openWeights,
        folder: undefined,
      });
    },
    tokenizer: (name, kind) => kind.published(known(tokenizers, name).padding),
  };
}

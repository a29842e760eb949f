import path from 'node:path';
import { fewStepsOf } from '../../../core/catalogue/few-steps';
import { EaselError } from '../../../core/errors';
import { autoencoder } from '../components/autoencoder/open';
import { openClipText } from '../components/clip-text/encoder';
import { namesSafetyChecker, openSafetyChecker } from '../components/safety-checker/safety-checker';
import { unetKind } from '../components/unet/unet';
import { readDefaults } from '../defaults';
import { fewStepsOfUNet, inFewSteps } from '../few-steps';
import type { ModelLayout } from '../layouts/layout';
import { repoIdOfSnapshot } from '../../store/hub-cache';
import { UNetModel } from '../unet-model';
import type { UNetTraits } from '../unet-model/parts';

/**
 * Reads a model of text encoders, a UNet and an autoencoder.
 * @param encoders suffixes of the text encoders' component names: `''`, `_2`
 * @throws EaselError see `openModel`
 */
export async function openUNetModel(
  layout: ModelLayout,
  encoders: readonly string[],
  traits: UNetTraits,
): Promise<UNetModel> {
  // The scheduler is made from it for each job: a request can name another one than the model's.
  const schedulerConfig = await layout.schedulerConfig();
  const textEncoders = [];
  for (const suffix of encoders) textEncoders.push(await openClipText(layout, suffix));
  const { file, folder, title, unetNames } = layout;
  const names =
    file === undefined
      ? [repoIdOfSnapshot(folder) ?? path.basename(folder)]
      : [path.basename(file), title ?? ''];
  const few = unetNames ? undefined : fewStepsOf(names);
  const unet = await layout.component('unet', unetKind(traits.refines === true));
  const parts = {
    id: layout.id,
    sessionKey: layout.place,
    folder: file === undefined ? folder : undefined,
    textEncoders,
    unet,
    autoencoder: await layout.component('vae', autoencoder(traits.heedsForceUpcast)),
    // A folder has its own scheduler; a single file has none.
    schedulerConfig:
      file === undefined ? schedulerConfig : { ...schedulerConfig, ...few?.scheduler },
    ...(namesSafetyChecker(layout) && { openSafetyChecker: () => openSafetyChecker(layout) }),
    defaults: await readDefaults(folder, {
      ...traits.defaults,
      ...(few && { steps: few.steps, guidanceScale: few.guidanceScale }),
    }),
    traits,
  };
  const taught = unetNames && fewStepsOfUNet(unetNames, unet.config);
  return new UNetModel(taught ? inFewSteps(parts, taught) : parts);
}

/** The error of a model with something that its family does not draw with. @param what `a UNet of other channels` */
export function unfit({ id }: ModelLayout, what: string): EaselError {
  return new EaselError('unsupported-model', `${id} has ${what}. Easel cannot draw with it.`, {
    model: id,
  });
}

import path from 'node:path';
import { fewStepsOf } from '../../../core/catalogue/few-steps';
import { autoencoder } from '../components/autoencoder/open';
import { openClipText } from '../components/clip-text/encoder';
import { namesSafetyChecker, openSafetyChecker } from '../components/safety-checker/safety-checker';
import { unetKind } from '../components/unet/unet';
import { readDefaults } from '../defaults';
import { fewStepsOfUNet, inFewSteps } from '../few-steps';
import type { ModelLayout } from '../layouts/layout';
import { UNetModel, type UNetTraits } from '../unet-model';

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
  const { file, unetNames } = layout;
  // A folder has its own scheduler; a single file has none.
  const few = file !== undefined && !unetNames ? fewStepsOf([path.basename(file)]) : undefined;
  const unet = await layout.component('unet', unetKind(traits.refines === true));
  const parts = {
    id: layout.id,
    sessionKey: layout.place,
    folder: file === undefined ? layout.folder : undefined,
    textEncoders,
    unet,
    autoencoder: await layout.component('vae', autoencoder(traits.heedsForceUpcast)),
    schedulerConfig: { ...schedulerConfig, ...few?.scheduler },
    ...(namesSafetyChecker(layout) && { openSafetyChecker: () => openSafetyChecker(layout) }),
    defaults: await readDefaults(layout.folder, {
      ...traits.defaults,
      ...(few && { steps: few.steps, guidanceScale: few.guidanceScale }),
    }),
    traits,
  };
  const taught = unetNames && fewStepsOfUNet(unetNames, unet.config);
  return new UNetModel(taught ? inFewSteps(parts, taught) : parts);
}

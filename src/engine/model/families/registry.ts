import { EaselError } from '../../../core/errors';
import type { ModelLayout } from '../layouts/layout';
import type { ModelFamily } from './family';
import { latentConsistency } from './latent-consistency';
import { stableDiffusion } from './stable-diffusion';
import { stableDiffusionXl } from './stable-diffusion-xl';

/** Every family there is. */
const FAMILIES: readonly ModelFamily[] = [stableDiffusion, stableDiffusionXl, latentConsistency];

/**
 * The family of a model.
 * @throws EaselError `unsupported-model`, naming the pipelines that are read
 */
export function familyOf({ id, pipeline }: ModelLayout): ModelFamily {
  // Folders of finished ONNX graphs may lie beside weights under their own class.
  const plain = pipeline.replace(/^(Onnx|ORT)/, '');
  const family = FAMILIES.find(({ pipelines }) => pipelines.includes(plain));
  if (family) return family;
  const known = FAMILIES.flatMap(({ pipelines }) => pipelines).join(', ');
  throw new EaselError(
    'unsupported-model',
    `${id} is a ${pipeline}, which Easel does not draw with. Read: ${known}.`,
    { pipeline },
  );
}

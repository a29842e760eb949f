import { EaselError } from '../../core/errors';
import { isPerturbed, selfAttentions } from '../graph/perturbed';
import type { UNet } from './components/unet/unet';
import type { AskedConditions } from './model';

/**
 * Refuses perturbed-attention guidance where a model cannot have it.
 * @param edits whether the model edits an image by words
 * @throws EaselError `bad-request` for a layer that the UNet does not have, for models that edit, and with steps
 *   without guidance; `unsupported-model` for exported graphs
 */
export function checkPerturbed(
  model: string,
  { config, weights }: Pick<UNet, 'config' | 'weights'>,
  edits: boolean,
  { pagScale = 0, pagAppliedLayers = [], guidanceInterval }: Omit<AskedConditions, 'clipSkip'>,
): void {
  if (pagScale === 0) return;
  const refuse = (message: string, code: 'bad-request' | 'unsupported-model' = 'bad-request') =>
    new EaselError(code, message, { field: 'pagScale', model });
  if (!weights) {
    throw refuse(`${model} consists of exported ONNX graphs, whose attention cannot be perturbed. Leave pagScale out, or use the model as a diffusers folder or a single file.`, 'unsupported-model'); // prettier-ignore
  }
  if (edits) throw refuse(`${model} edits images by words, and has no pagScale. Leave it out.`);
  if (guidanceInterval) {
    throw refuse('pagScale and guidanceInterval cannot be combined: leave out one of them.');
  }
  const modules = selfAttentions(config);
  for (const layer of pagAppliedLayers) {
    if (modules.some((module) => isPerturbed(module, [layer]))) continue;
    const blocks = [...new Set(modules.map((module) => module.split('.attentions')[0]))];
    throw new EaselError(
      'bad-request',
      `pagAppliedLayers: ${model} has no self-attention "${layer}". It has some in ${blocks.join(', ')}.`,
      { field: 'pagAppliedLayers', model },
    );
  }
}

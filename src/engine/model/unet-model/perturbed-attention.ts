import { EaselError } from '../../../core/errors';
import { layerFault, layerMatcher, selfAttentions } from '../../graph/perturbed';
import type { UNet } from '../components/unet/unet';
import type { AskedConditions } from '../model';

/**
 * Refuses perturbed-attention guidance where a model cannot have it.
 * @param does what the model does to a given image, where it draws no new ones, such as `edits images by words`
 * @throws EaselError `bad-request` for a layer that the UNet does not have and for what is no regular expression, for
 *   models that need an image, and with steps without guidance; `unsupported-model` for exported graphs
 */
export function checkPerturbed(
  model: string,
  { config, weights }: Pick<UNet, 'config' | 'weights'>,
  does: string | undefined,
  { pagScale = 0, pagAppliedLayers = [], guidanceInterval }: Omit<AskedConditions, 'clipSkip'>,
): void {
  if (pagScale === 0) return;
  const refuse = (message: string, code: 'bad-request' | 'unsupported-model' = 'bad-request') =>
    new EaselError(code, message, { field: 'pagScale', model });
  if (!weights) {
    throw refuse(`${model} consists of exported ONNX graphs, whose attention cannot be perturbed. Leave pagScale out, or use the model as a diffusers folder or a single file.`, 'unsupported-model'); // prettier-ignore
  }
  if (does !== undefined) throw refuse(`${model} ${does}, and has no pagScale. Leave it out.`);
  if (guidanceInterval) {
    throw refuse('pagScale and guidanceInterval cannot be combined: leave out one of them.');
  }
  const modules = selfAttentions(config);
  const isFound = (layer: string) => modules.some(layerMatcher(layer));
  for (const layer of pagAppliedLayers) {
    const fault = layerFault(layer);
    if (fault !== undefined) {
      throw new EaselError(
        'bad-request',
        `pagAppliedLayers: "${layer}" is no regular expression of RE2: ${fault}. Give names, or regular expressions such as mid, up_blocks.1 or down_blocks.(1|2).`,
        { field: 'pagAppliedLayers', model },
      );
    }
    if (isFound(layer)) continue;
    const blocks = [...new Set(modules.map((module) => module.split('.attentions')[0]))];
    const now = nameNow(layer);
    const meant = now !== layer && isFound(now) ? `Did you mean "${now}"? ` : '';
    throw new EaselError(
      'bad-request',
      `pagAppliedLayers: ${model} has no self-attention "${layer}". ${meant}It has some in ${blocks.join(', ')}.`,
      { field: 'pagAppliedLayers', model },
    );
  }
}

/** A name as the first examples of diffusers have it, such as `down.block_1.attentions_0`, as it is in models. */
function nameNow(layer: string): string {
  return layer
    .replace(/\b(down|up)[._]blocks?[._](?=\d)/, '$1_blocks.')
    .replace(/\bmid[._]blocks?([._]0)?/, 'mid_block')
    .replace(/\battentions?[._](?=\d)/, 'attentions.');
}

import { describeComposition } from '../../core/composition/describe';
import { applyEffect } from '../../core/image/effects/index';
import { withOpacity } from '../../core/image/layers';
import type { DrawnImage } from '../../core/image/pixels';
import type { Drawing } from '../../core/recipe/index';
import type { GenerationRequest } from '../../core/request/request';
import type { ImageFile } from '../../protocol/images';
import { arrangeScene, renderScene, sceneAsVectors } from '../composition/compose';
import { takeOutOfFrame } from '../composition/frame';
import { renderStyledScene } from '../composition/styled-scene';
import { encodeComposedImage, encodeDrawnImage, encodeVectors } from '../images/image-file';
import { traceBody } from '../images/trace';
import { seedAfter, type JobPlan } from './plan';

/**
 * The file of an image of a job, from what the model drew for it.
 * @param image its place in the job, from 0
 * @param said of the image, for its recipe
 * @param job `asked` is the request without its style applied, for the recipe
 */
export async function finishImage(
  image: number,
  drawings: readonly DrawnImage[],
  said: Pick<Drawing, 'doubt' | 'flagged'>,
  { plan, asked }: { readonly plan: JobPlan; readonly asked: GenerationRequest },
): Promise<ImageFile & { readonly seed: number }> {
  const { model, settings, composed, frame, start } = plan;
  const { scheduler } = settings;
  const { palette } = asked;
  const effect = asked.style?.effect;
  const planned = composed?.images[image];
  const seed = planned?.seed ?? plan.images[image]!.seed;
  const { variationSeed: first } = settings;
  const variationSeed = first === undefined ? undefined : seedAfter(first, image);
  // Only compositions vary by number: in other recipes it would say nothing.
  const request = { ...asked, variation: 0, variationSeed, ...changedBy(plan), ...refinedBy(plan) };
  const drawing = { request, settings, scheduler, seed, model: model.id, ...said };
  if (frame) {
    const made = await takeOutOfFrame(drawings[0]!, frame, asked);
    const styled = effect ? applyEffect(effect, withOpacity(made), { seed, palette }) : made;
    return { seed, ...(await encodeComposedImage(styled, drawing)) };
  }
  if (!composed || !planned) {
    const recorded = start
      ? {
          ...drawing,
          request: { ...request, composition: start, strength: settings.strength },
          composed: `${describeComposition(start)}, and drawn over`,
        }
      : drawing;
    return { seed, ...(await encodeDrawnImage(drawings[0]!, recorded)) };
  }
  const { variation, recorded: composition, varied } = planned;
  const asDrawn = { ...drawing, request: { ...asked, variation, variationSeed, composition } };
  if (!varied) return { seed, ...(await encodeDrawnImage(drawings[0]!, asDrawn)) };
  const asComposed = { ...asDrawn, composed: describeComposition(varied.composition) };
  const scene = arrangeScene(planned, drawings, { ...composed, palette });
  if (effect) {
    const styled = await renderStyledScene(scene, { effect, seed, palette });
    return { seed, ...(await encodeComposedImage(styled, asComposed)) };
  }
  const file =
    asked.format === 'svg'
      ? encodeVectors(sceneAsVectors(scene, traceBody), asComposed)
      : await encodeComposedImage(await renderScene(scene), asComposed);
  return { seed, ...file };
}

/** Where a refiner went on. */
function refinedBy({ settings: { denoisingEnd } }: JobPlan): Partial<GenerationRequest> {
  return denoisingEnd === undefined ? {} : { denoisingEnd };
}

/**
 * Of a model that edits an image by words or makes it larger: the values that were used, and no strength, which it does
 * not have.
 */
function changedBy({ model, settings }: JobPlan): Partial<GenerationRequest> {
  const { imageGuidanceScale, noiseLevel } = settings;
  if (model.upscaling) return { noiseLevel, strength: undefined };
  return model.takesImage ? { imageGuidanceScale, strength: undefined } : {};
}

import { inAskedLight, namedGround } from '../../core/composition/ground-choice';
import type { Composition } from '../../core/composition/composition';
import { hash } from '../../core/composition/random';
import { vary } from '../../core/composition/variation';
import { readPrompt, starterVocabulary } from '../../core/composition/words';
import { withoutOpacity } from '../../core/image/layers';
import type { RgbImage } from '../../core/image/pixels';
import type { Size } from '../../core/image/resize';
import type { GenerationRequest } from '../../core/request/request';
import { arrangeScene, renderScene } from './compose';
import { isDrawnByModel } from './subjects';

/**
 * What a model that does not compose starts from where a request names a ground: the ground with what needs no
 * model on it. The model then draws over it, as over any initial image.
 * @returns undefined where no ground is named, or where the request has an initial image
 */
export function startComposition(request: GenerationRequest): Composition | undefined {
  const { prompt, ground, initImage, composition } = request;
  const named = namedGround(ground);
  if (named === undefined || named === 'transparent' || initImage) return undefined;
  const read = composition ?? readPrompt(prompt, starterVocabulary()).composition;
  return {
    ...read,
    subjects: read.subjects.filter((subject) => !isDrawnByModel(subject)),
    ground: inAskedLight(named, read.ground),
  };
}

/** Draws it. The same prompt has the same ground with every seed, so that an image's recipe repeats it. */
export async function drawStart(
  composition: Composition,
  { prompt, palette }: GenerationRequest,
  size: Size,
): Promise<RgbImage> {
  const seed = hash(prompt);
  const varied = vary(composition, { variation: 0, seed, words: prompt });
  const scene = arrangeScene(
    { seed, variation: 0, recorded: composition, varied, draws: [], leftOut: [] },
    [],
    {
      size,
      palette,
    },
  );
  const image = await renderScene(scene);
  return 'alpha' in image ? withoutOpacity(image) : image;
}

import { inAskedLight, namedGround } from '../../core/composition/ground-choice';
import { COMPOSED_SIDE, type Composition } from '../../core/composition/composition';
import { readPrompt, starterVocabulary } from '../../core/composition/words';
import { vary, type Variation } from '../../core/composition/variation';
import { EaselError } from '../../core/errors';
import type { Size } from '../../core/image/resize';
import { expandWildcards } from '../../core/prompt/wildcards';
import { randomSeed, type GenerationRequest } from '../../core/request/request';
import { styledPrompts } from '../../core/request/styles';
import type { Model, PromptPair } from '../model/model';
import { isDrawnByModel } from './subjects';

/** What the model draws for one subject of an image. */
export interface SubjectDraw {
  readonly subject: number;
  /** Of the subject, without those of a style. */
  readonly words: string;
  readonly seed: number;
  readonly prompts: PromptPair;
}

export interface ComposedImage {
  /** Of the image; the recipe has it. */
  readonly seed: number;
  readonly variation: number;
  /** For the recipe: as the words were read, or as the request has it. Absent: the request's words say it. */
  readonly recorded: Composition | undefined;
  /** What is drawn. Absent: the only drawing of the model is the image as it is. */
  readonly varied: Variation | undefined;
  readonly draws: readonly SubjectDraw[];
  /** Words of the prompt of which nothing is in the image, because they were not understood. */
  readonly leftOut: readonly string[];
}

/** The composed images of a job. The model draws their subjects at its own size. */
export interface ComposedJob {
  /** Of the images, in pixels. */
  readonly size: Size;
  /** Of the first image. */
  readonly seed: number;
  readonly images: readonly ComposedImage[];
}

/**
 * Plans the images of a request for a model that composes.
 * @throws EaselError `bad-size` for a side that is too small or too large; `bad-request` for a second pass
 */
export function planComposition(request: GenerationRequest, model: Model): ComposedJob {
  refuseEnlarging(request, model);
  const seed = request.seed ?? randomSeed();
  const readings = readAll(request, seed);
  const size = sizeFor(request, model.nativeSize, readings[0]!.size);
  const images = readings.map(({ composition, words, unread, wordsOnly }, k) => {
    const variation = request.variation + k;
    const isPlain = variation === 0 && isModelsOwn(composition, size, model.nativeSize);
    const varied = isPlain ? undefined : vary(composition, { variation, seed: seed + k, words });
    const drawn = varied?.composition ?? composition;
    const isSaid = request.ground === 'none' || (isPlain && wordsOnly);
    return {
      seed: seed + k,
      variation,
      recorded: isSaid ? undefined : composition,
      varied,
      draws: drawsOf(request, drawn, seed + k),
      leftOut: leftOutOf(unread, composition),
    };
  });
  return { size, seed, images };
}

/** @throws EaselError `bad-request` where a request for a model that composes is to be made larger afterwards */
export function refuseEnlarging(
  { hires, hiresUpscaler, upscale }: GenerationRequest,
  { id }: Pick<Model, 'id'>,
): void {
  const asked = { hires, 'hires-upscaler': hiresUpscaler, upscale };
  const [option] = Object.entries(asked).flatMap(([name, value]) => (value ? [name] : []));
  if (option === undefined) return;
  const way = option === 'upscale' ? 'larger by itself' : 'without a second pass';
  throw new EaselError(
    'bad-request',
    `${id} makes images of any size ${way}. Give --width and --height instead of --${option}.`,
    { field: option === 'upscale' ? 'upscale' : 'hires' },
  );
}

/**
 * The words for the model where an initial image is the composition: those of the only thing that the prompt
 * names, without words such as "photo of"; else the prompt.
 * @param detail whether only a part of the image is drawn: of "a house with a blue door" that is the door
 */
export function subjectWords({ prompt, ground }: GenerationRequest, detail: boolean): string {
  if (ground === 'none') return prompt;
  const { subjects } = readPrompt(prompt, starterVocabulary()).composition;
  const drawn = subjects.filter(({ source }) => source === 'model');
  const chosen = detail || subjects.length === 1 ? drawn.at(-1) : undefined;
  return chosen?.words ?? prompt;
}

interface Reading {
  readonly composition: Composition;
  readonly words: string;
  readonly size?: Size | undefined;
  readonly unread?: readonly string[] | undefined;
  /** The prompt alone says the composition: the model draws its very words. */
  readonly wordsOnly: boolean;
}

/** The reading of each image. Only wildcards make another prompt of another seed. */
function readAll(request: GenerationRequest, seed: number): Reading[] {
  const { numImages, wildcards } = request;
  if (wildcards) return Array.from({ length: numImages }, (_, k) => read(request, seed + k));
  return Array<Reading>(numImages).fill(read(request, seed));
}

function read(request: GenerationRequest, seed: number): Reading {
  const { prompt, wildcards, ground, transparent } = request;
  const words = wildcards ? expandWildcards(prompt, seed, 'prompt') : prompt;
  const whole: Composition = { kind: 'thing', subjects: [{ words, source: 'model', count: 1 }] };
  if (ground === 'none') return { composition: whole, words, wordsOnly: true };
  const reading =
    request.composition === undefined
      ? readPrompt(words, starterVocabulary())
      : { composition: request.composition, size: undefined, unread: undefined };
  const { subjects } = reading.composition;
  const isEmpty = subjects.length === 0 && reading.composition.ground === undefined;
  const composition = isEmpty ? whole : reading.composition;
  const chosen: Composition['ground'] = transparent ? 'transparent' : namedGround(ground);
  return {
    words,
    size: reading.size,
    unread: reading.unread,
    composition:
      chosen === undefined
        ? composition
        : { ...composition, ground: inAskedLight(chosen, composition.ground) },
    wordsOnly: composition.subjects[0]?.words === words,
  };
}

/** Words that were not understood and that no subject has either. */
function leftOutOf(unread: readonly string[] = [], { subjects }: Composition): string[] {
  const drawn = subjects.map(({ words }) => words.toLowerCase()).join(' ');
  return unread.filter((words) => !drawn.includes(words.toLowerCase()));
}

/** Whether an image is what the model itself draws: one thing at the model's own size, without a ground. */
function isModelsOwn(
  { kind, subjects, ground, tiled }: Composition,
  size: Size,
  own: Size,
): boolean {
  const [subject] = subjects;
  return (
    (kind === 'thing' || kind === 'icon') &&
    subjects.length === 1 &&
    subject?.source === 'model' &&
    subject.count === 1 &&
    (ground === undefined || ground === 'transparent') &&
    tiled !== true &&
    size.width === own.width &&
    size.height === own.height
  );
}

/** Seeds of an image's further subjects are this far from its own. */
const SEED_STEP = 1_000_003;

function drawsOf(
  { negativePrompt, style, wildcards }: GenerationRequest,
  { subjects }: Composition,
  seed: number,
): SubjectDraw[] {
  const negative = wildcards
    ? expandWildcards(negativePrompt, seed, 'negativePrompt')
    : negativePrompt;
  return subjects.flatMap((one, subject) => {
    if (!isDrawnByModel(one)) return [];
    const prompts = styledPrompts({
      prompt: one.words,
      negativePrompt: negative,
      ...(style && { style }),
    });
    const own = (seed + subject * SEED_STEP) % Number.MAX_SAFE_INTEGER;
    return [{ subject, words: one.words, seed: own, prompts }];
  });
}

/**
 * The size of the images in pixels: what is asked for, with one side as a square or in the shape that suits
 * the words; else what suits the words; else the model's own.
 */
function sizeFor(
  { width, height, fit }: GenerationRequest,
  own: Size,
  suited: Size | undefined,
): Size {
  const ratio = suited ? suited.width / suited.height : own.width / own.height;
  const size =
    fit ??
    (width === undefined && height === undefined
      ? (suited ?? own)
      : {
          width: width ?? Math.round(height! * ratio),
          height: height ?? Math.round(width! / ratio),
        });
  requireComposable(size);
  return size;
}

/** @throws EaselError `bad-size` */
export function requireComposable({ width, height }: Size): void {
  const { min, max } = COMPOSED_SIDE;
  if (Math.min(width, height) >= min && Math.max(width, height) <= max) return;
  throw new EaselError(
    'bad-size',
    `${width} × ${height} pixels cannot be composed: each side must have ${min} to ${max} pixels.`,
    { width, height },
  );
}

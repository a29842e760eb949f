import { backdropFor, circleColour } from '../../core/composition/backdrop';
import type { Composition, Ground } from '../../core/composition/composition';
import { drawGround, type GroundDrawing } from '../../core/composition/grounds';
import { layOut, type Placement } from '../../core/composition/layout';
import type { VectorImage } from '../../core/composition/vector-image';
import { drawLayer, meanColourOf, withoutOpacity, type Box } from '../../core/image/layers';
import type { DrawnImage, RgbaImage, RgbImage } from '../../core/image/pixels';
import type { Size } from '../../core/image/resize';
import { cutOutSubject } from './cut-out';
import { resizeSubject } from './enlarge';
import type { ComposedImage } from './plan-composition';
import { rasterise } from './rasterise';
import { contactShadowOf, drawHalo } from './shadows';
import { drawSubject, inCircle, type SubjectImage } from './subjects';

export interface ComposeOptions {
  readonly size: Size;
  readonly palette: readonly string[];
}

/** A composed image before it is pixels: its ground, and what stands on it from back to front. */
export interface Scene {
  readonly size: Size;
  /** Absent: transparent. */
  readonly ground: GroundDrawing | undefined;
  readonly layers: readonly SceneLayer[];
}

export interface SceneLayer {
  readonly image: SubjectImage;
  readonly placement: Placement;
}

/**
 * Arranges an image's subjects on its ground.
 * @param drawings what the model drew, one for each of the image's draws
 */
export function arrangeScene(
  { seed, variation, varied, draws }: ComposedImage,
  drawings: readonly DrawnImage[],
  { size, palette }: ComposeOptions,
): Scene {
  const { composition, arrangement, backdrop } = varied!;
  const { subjects } = composition;
  const drawn = new Map(draws.map(({ subject }, at) => [subject, cutOutSubject(drawings[at]!)]));
  const chosen = chooseGround(composition, [...drawn.values()], { size, palette, backdrop, seed });
  const ground =
    chosen &&
    drawGround(chosen, {
      ...{ ...size, palette },
      seed: seed + variation,
      quiet: subjects.length > 0,
      subject: meanOf([...drawn.values()]),
    });
  const facts = {
    ...{ seed, variation, palette },
    behind: ground?.behind ?? '#ffffff',
    dark: ground?.dark ?? false,
  };
  const vectors = new Map<string, VectorImage>();
  const vectorOf = (index: number, copy: number): VectorImage => {
    const key = `${index} ${copy}`;
    const vector = vectors.get(key) ?? drawSubject(subjects[index]!, copy, facts);
    vectors.set(key, vector);
    return vector;
  };
  const imageOf = (index: number, copy: number): SubjectImage | undefined => {
    if (!drawn.has(index)) return { vector: vectorOf(index, copy) };
    const pixels = drawn.get(index);
    return pixels && { pixels };
  };
  const placements = layOut(composition, size, {
    aspects: subjects.map((_, index) => aspectOf(imageOf(index, 0))),
    floor: ground?.floor,
    horizon: ground?.horizon,
    seed,
    arrangement,
  });
  const layers = placements.flatMap((placement, nth): SceneLayer[] => {
    const image = imageOf(placement.subject, placement.copy);
    if (!image) return [];
    if (!placement.circled || !image.vector) return [{ image, placement }];
    const colour = circleColour(seed, nth, palette);
    return [{ image: { vector: inCircle(image.vector, colour, `circle-${nth}`) }, placement }];
  });
  return { size, ground, layers };
}

function aspectOf(image: SubjectImage | undefined): number {
  const drawing = image?.pixels ?? image?.vector;
  return drawing ? drawing.width / drawing.height : 1;
}

/** The mean colour of the first subject that the model drew; undefined where there is none. */
function meanOf([first]: readonly (RgbaImage | undefined)[]): string | undefined {
  return first && meanColourOf(first);
}

function chooseGround(
  { ground, kind, subjects, tiled = false }: Composition,
  drawn: readonly (RgbaImage | undefined)[],
  { size, palette, backdrop, seed }: ComposeOptions & { backdrop: number; seed: number },
): Ground | undefined {
  if (ground === 'transparent') return undefined;
  if (ground) return ground;
  return backdropFor({
    ...{ kind, palette, backdrop, seed, tiled },
    many: subjects.length > 1 || (subjects[0]?.count ?? 1) > 1,
    ratio: size.width / size.height,
    subject: meanOf(drawn),
  });
}

/** The pixels of a scene; without opacity where it has a ground. */
export async function renderScene({ size, ground, layers }: Scene): Promise<RgbaImage | RgbImage> {
  const canvas = ground ? await rasterise(ground.image, size) : clear(size);
  const scaled = new Map<string, RgbaImage>();
  const render = async ({ image, placement }: SceneLayer): Promise<RgbaImage> => {
    const { width, height, subject, copy } = placement;
    const key = `${subject} ${copy} ${width} ${height}`;
    const known = scaled.get(key);
    if (known) return known;
    const pixels = image.pixels
      ? await resizeSubject(image.pixels, { width, height })
      : await rasterise(image.vector, { width, height });
    scaled.set(key, pixels);
    return pixels;
  };
  for (const layer of layers) {
    const { placement } = layer;
    const pixels = await render(layer);
    if (placement.stands && ground) {
      const [shadow, place] = contactShadowOf(placement, ground);
      drawLayer(canvas, await rasterise(shadow, place), place);
    }
    if (ground && layer.image.pixels) await drawHalo(canvas, pixels, placement, ground);
    drawLayer(canvas, pixels, placement);
  }
  return ground === undefined ? canvas : withoutOpacity(canvas);
}

function clear({ width, height }: Size): RgbaImage {
  return { width, height, alpha: true, data: new Uint8Array(width * height * 4) };
}

/** The scene as the elements of an SVG; `trace` makes vectors of the model's pixels. */
export function sceneAsVectors(
  { size, ground, layers }: Scene,
  trace: (image: RgbaImage) => VectorImage,
): VectorImage {
  const parts: string[] = ground ? [nested(ground.image, { left: 0, top: 0, ...size })] : [];
  const traced = new Set<number>();
  for (const { image, placement } of layers) {
    if (placement.stands && ground) parts.push(nested(...contactShadowOf(placement, ground)));
    if (image.vector) {
      parts.push(turned(nested(image.vector, placement), placement));
      continue;
    }
    // What is shown several times is in the file once.
    const id = `subject-${placement.subject}`;
    if (!traced.has(placement.subject)) {
      const { width, height, body } = trace(image.pixels);
      const box = `viewBox="0 0 ${width} ${height}" preserveAspectRatio="none"`;
      parts.push(`<symbol id="${id}" ${box}>${body}</symbol>`);
      traced.add(placement.subject);
    }
    parts.push(turned(`<use href="#${id}" ${boxOf(placement)}/>`, placement));
  }
  return { ...size, body: parts.join('') };
}

function boxOf({ left, top, width, height }: Box): string {
  return `x="${left}" y="${top}" width="${width}" height="${height}"`;
}

function nested({ width, height, body }: VectorImage, place: Box): string {
  const box = `${boxOf(place)} viewBox="0 0 ${width} ${height}" preserveAspectRatio="none"`;
  return `<svg ${box}>${body}</svg>`;
}

function turned(element: string, { left, top, width, height, mirrored, turn }: Placement): string {
  const [x, y] = [left + width / 2, top + height / 2];
  const steps = [
    ...(turn === 0 ? [] : [`rotate(${Math.round(turn * 100) / 100} ${x} ${y})`]),
    ...(mirrored ? [`translate(${2 * x} 0) scale(-1 1)`] : []),
  ];
  return steps.length === 0 ? element : `<g transform="${steps.join(' ')}">${element}</g>`;
}

import { applyEffect, EFFECTS, type EffectName } from '../../core/image/effects/index';
import { drawLayer, withOpacity, withoutOpacity } from '../../core/image/layers';
import type { RgbaImage, RgbImage } from '../../core/image/pixels';
import type { Size } from '../../core/image/resize';
import { renderScene, type Scene, type SceneLayer } from './compose';

export interface StyleOptions {
  readonly effect: EffectName;
  readonly seed: number;
  readonly palette: readonly string[];
}

/** A subject's frame is this much larger than it: the effect's outline, shadow or tile needs room. */
const FRAME = 1.35;

/** Of more, such as those of a pattern, each is a subject of its own. */
const FEW = 4;

/** The pixels of a scene in the manner of an effect; without opacity where it has a ground. */
export async function renderStyledScene(
  scene: Scene,
  { effect, ...options }: StyleOptions,
): Promise<RgbaImage | RgbImage> {
  const { on } = EFFECTS[effect];
  const { ground, layers, size } = scene;
  const draw = async (part: Scene, fixed = true) =>
    applyEffect(effect, withOpacity(await renderScene(part)), { ...options, fixed });
  if (on === 'image' || (on === 'layers' && !ground)) return asScene(await draw(scene), scene);
  if (on === 'layers') {
    const canvas = await draw({ ...scene, layers: [] });
    drawLayer(canvas, await draw({ ...scene, ground: undefined }), { left: 0, top: 0 });
    return withoutOpacity(canvas);
  }
  // A few things that stand on nothing are one subject: three balloons are on one tile.
  if (layers.length <= FEW && !layers.some(({ placement }) => placement.stands)) {
    const subject = await draw({ size, ground: undefined, layers }, false);
    if (!ground) return subject;
    const canvas = withOpacity(await renderScene({ ...scene, layers: [] }));
    drawLayer(canvas, subject, { left: 0, top: 0 });
    return withoutOpacity(canvas);
  }
  const styled: SceneLayer[] = [];
  for (const layer of layers) {
    const { frame, alone } = inFrame(layer, size);
    styled.push({ image: { pixels: await draw(alone) }, placement: frame });
  }
  return renderScene({ ...scene, layers: styled });
}

/** A layer in the middle of a square frame of its own, and where that lies in the scene. */
function inFrame(
  { image, placement }: SceneLayer,
  size: Size,
): {
  readonly frame: SceneLayer['placement'];
  readonly alone: Scene;
} {
  const { left, top, width, height } = placement;
  const side = Math.ceil(Math.max(width, height) * FRAME);
  const x = Math.round((side - width) / 2);
  const y = Math.round((side - height) / 2);
  // The parts of a pattern go on beyond its sides; what stands in a scene is shown whole.
  const place = (start: number, whole: number) =>
    placement.stands ? within(start, side, whole) : start;
  const frame = {
    ...placement,
    left: place(left - x, size.width),
    top: place(top - y, size.height),
    width: side,
    height: side,
  };
  const upright = { ...placement, left: x, top: y, mirrored: false, turn: 0 };
  return {
    // What it stands on is the effect's matter.
    frame: { ...frame, stands: undefined },
    alone: {
      size: { width: side, height: side },
      ground: undefined,
      layers: [{ image, placement: upright }],
    },
  };
}

/** The start of a frame moved so that all of it is in the image, where it is not larger than that. */
function within(start: number, length: number, whole: number): number {
  return length > whole ? start : Math.max(0, Math.min(start, whole - length));
}

function asScene(image: RgbaImage, { ground }: Scene): RgbaImage | RgbImage {
  return ground ? withoutOpacity(image) : image;
}

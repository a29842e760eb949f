import type { RgbImage } from '../../core/image/pixels';
import { preprocessControl } from '../../core/image/control/preprocess';
import { resizeLanczos, type Size } from '../../core/image/resize';
import {
  controlImageName,
  requestedControls,
  type RequestedControl,
} from '../../core/request/controls';
import type { GenerationRequest } from '../../core/request/request';
import { decodeImage } from '../images/sharp-image';
import type { ControlInput } from '../model/model';
import { binaryMask } from './source-image';

/** A control image of a request, decoded, at its own size. */
export interface ControlSource extends Pick<
  RequestedControl,
  'scale' | 'start' | 'end' | 'preprocess'
> {
  readonly image: RgbImage;
  /** White where an inpainting ControlNet is not told the image. Absent: it is told all. */
  readonly mask?: RgbImage | undefined;
}

/** Lines, poses and depths are bright on black. */
const BEHIND = '#000000';

/**
 * Decodes the control images of a request.
 * @throws EaselError `bad-file`; `bad-request` as `requestedControls`
 */
export async function readControls(request: GenerationRequest): Promise<readonly ControlSource[]> {
  const { background, mask } = request;
  const sources: ControlSource[] = [];
  for (const [index, control] of requestedControls(request).entries()) {
    const { image: file, scale, start, end, preprocess } = control;
    // An image that is not lines yet may be a sketch, whose ground is that of other images.
    const behind = preprocess === 'none' ? BEHIND : background;
    sources.push({
      ...{ scale, start, end, preprocess },
      image: await decodeImage(file, behind, controlImageName(index)),
      ...(preprocess === 'inpaint' && mask && { mask: await decodeImage(mask, BEHIND, 'mask') }),
    });
  }
  return sources;
}

/** The control images at the size that is drawn, as diffusers' `control_image_processor` makes them. */
export function controlInputs(
  sources: readonly ControlSource[],
  { width, height }: Size,
): readonly ControlInput[] {
  return sources.map(({ image, mask, preprocess, scale, start, end }) => {
    const planes = unitPlanes(preprocessControl(preprocess, image, { width, height }));
    if (mask) blankOut(planes, binaryMask(resizeLanczos(mask, width, height)));
    return { image: planes, scale, start, end };
  });
}

/** Interleaved RGB bytes as planes: float32 [3, height, width], 0..1. */
function unitPlanes({ width, height, data }: RgbImage): Float32Array {
  const cells = width * height;
  const planes = new Float32Array(3 * cells);
  for (let i = 0; i < cells; i++) {
    for (let c = 0; c < 3; c++) planes[c * cells + i] = Math.fround(data[i * 3 + c]! / 255);
  }
  return planes;
}

/** What ControlNets for inpainting were taught for pixels that are not told (diffusers, `make_inpaint_condition`). */
const UNTOLD = -1;

function blankOut(planes: Float32Array, mask: Float32Array): void {
  for (let i = 0; i < planes.length; i++) if (mask[i % mask.length] === 1) planes[i] = UNTOLD;
}

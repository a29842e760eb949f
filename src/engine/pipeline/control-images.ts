import type { RgbImage } from '../../core/image/pixels';
import { resizeLanczos, type Size } from '../../core/image/resize';
import {
  controlImageName,
  requestedControls,
  type RequestedControl,
} from '../../core/request/controls';
import type { GenerationRequest } from '../../core/request/request';
import { decodeImage } from '../images/sharp-image';
import type { ControlInput } from '../model/model';

/** A control image of a request, decoded, at its own size. */
export interface ControlSource extends Pick<RequestedControl, 'scale' | 'start' | 'end'> {
  readonly image: RgbImage;
}

/** Lines, poses and depths are bright on black. */
const BEHIND = '#000000';

/**
 * Decodes the control images of a request.
 * @throws EaselError `bad-file`; `bad-request` as `requestedControls`
 */
export async function readControls(request: GenerationRequest): Promise<readonly ControlSource[]> {
  const sources: ControlSource[] = [];
  for (const [index, { image: file, scale, start, end }] of requestedControls(request).entries()) {
    const image = await decodeImage(file, BEHIND, controlImageName(index));
    sources.push({ image, scale, start, end });
  }
  return sources;
}

/** The control images at the size that is drawn, as diffusers' `control_image_processor` makes them. */
export function controlInputs(
  sources: readonly ControlSource[],
  { width, height }: Size,
): readonly ControlInput[] {
  return sources.map(({ image, scale, start, end }) => {
    const planes = unitPlanes(resizeLanczos(image, width, height));
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

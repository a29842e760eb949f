import type { PendingImage, RgbImage } from '../../core/image/pixels';
import { preprocessControl } from '../../core/image/control/preprocess';
import { multipleWithin, type Size } from '../../core/image/resize';
import {
  controlImageName,
  requestedControls,
  type RequestedControl,
} from '../../core/request/controls';
import type { GenerationRequest } from '../../core/request/request';
import type { ControlInput, Model } from '../model/model';
import { openGivenImage } from './given-image';
import { prepareMask, type SourceImage } from './source-image';

/** A control image of a request, at its own size. */
export interface ControlSource extends Pick<
  RequestedControl,
  'scale' | 'start' | 'end' | 'preprocess'
> {
  readonly image: PendingImage;
  /** White where an inpainting ControlNet is not told the image. Absent: it is told all. */
  readonly mask?: PendingImage | undefined;
}

/** What a network is given in a pass. Its image is made when the pass is prepared. */
export interface PlannedControl extends ControlSource {
  readonly scale: number;
}

/** Lines, poses and depths are bright on black. */
const BEHIND = '#000000';

/**
 * Opens the control images of a request.
 * @throws EaselError as `openGivenImage`; `bad-request` as `requestedControls`
 */
export async function openControls(request: GenerationRequest): Promise<readonly ControlSource[]> {
  const { background, mask } = request;
  const sources: ControlSource[] = [];
  for (const [index, control] of requestedControls(request).entries()) {
    const { image: file, scale, start, end, preprocess } = control;
    // An image that is not lines yet may be a sketch, whose ground is that of other images.
    const behind = preprocess === 'none' ? BEHIND : background;
    sources.push({
      ...{ scale, start, end, preprocess },
      image: await openGivenImage(file, behind, controlImageName(index)),
      ...(preprocess === 'inpaint' && mask && { mask: await openGivenImage(mask, BEHIND, 'mask') }),
    });
  }
  return sources;
}

/**
 * The size that the control images give to what is drawn from a prompt alone: that of the first one, rounded down to
 * what the model and its network take (diffusers, StableDiffusionControlNetPipeline and StableDiffusionAdapterPipeline).
 * @returns undefined without control images, and for a QR code, which is drawn anew at any size
 */
export function sizeOfControls(
  [first]: readonly ControlSource[],
  { controls, latents }: Pick<Model, 'controls' | 'latents'>,
): Size | undefined {
  if (!first || first.preprocess === 'qr') return undefined;
  const multiple = Math.max(latents.factor, ...controls.map((one) => one.multiple));
  const { width, height } = first.image;
  return { width: multipleWithin(width, multiple), height: multipleWithin(height, multiple) };
}

/**
 * How much each network of a model counts where the request does not say: the defaults of diffusers' pipelines.
 * @param source what the image begins with; absent: nothing
 */
export function usualScales(
  { controls, defaults, takesMask }: Pick<Model, 'controls' | 'defaults' | 'takesMask'>,
  source: Pick<SourceImage, 'mask'> | undefined,
): readonly number[] {
  const { scale = 1, inpaintScale = 1 } = defaults.controlled ?? {};
  const inpaints = takesMask || source?.mask !== undefined;
  const ofControlNets = !source ? 1 : inpaints ? inpaintScale : scale;
  return controls.map(({ kind }) => (kind === 'controlnet' ? ofControlNets : 1));
}

/** What the networks of a model are given in a pass. @param scales as `usualScales`; default: 1 for each */
export function planControls(
  sources: readonly ControlSource[],
  scales: readonly number[] = [],
): readonly PlannedControl[] {
  return sources.map((source, index) => ({
    ...source,
    scale: source.scale ?? scales[index] ?? 1,
  }));
}

/**
 * The control images at the size that is drawn, as diffusers' `control_image_processor` makes them. They are decoded one
 * after the other.
 * @throws EaselError `bad-file`; `bad-size` as `preprocessControl`
 */
export async function controlInputs(
  planned: readonly PlannedControl[],
  { width, height }: Size,
): Promise<readonly ControlInput[]> {
  const inputs: ControlInput[] = [];
  for (const { image, mask, preprocess, scale, start, end } of planned) {
    const made = preprocessControl(preprocess, await image.pixels(), { width, height });
    const planes = unitPlanes(made);
    if (mask) blankOut(planes, await prepareMask(mask, { width, height }));
    inputs.push({ image: planes, scale, start, end });
  }
  return inputs;
}

/**
 * What the networks of a pass from noise are given. T2I-Adapters of SDXL end after a share of the steps that are asked
 * for, also with schedulers that make more calls than steps (StableDiffusionXLAdapterPipeline:
 * `i < int(num_inference_steps * adapter_conditioning_factor)`).
 */
export function endedBySteps(
  inputs: readonly PlannedControl[],
  { controls, isXl }: Pick<Model, 'controls' | 'isXl'>,
  { steps, calls }: { readonly steps: number; readonly calls: number },
): readonly PlannedControl[] {
  if (!isXl) return inputs;
  return inputs.map((input, index) =>
    controls[index]?.kind === 't2i-adapter'
      ? { ...input, end: Math.floor(steps * input.end) / calls }
      : input,
  );
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

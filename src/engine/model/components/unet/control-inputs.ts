import type { StepPlace } from '../../../../core/diffusion/denoise';
import { imageFactor } from '../../../graph/controlnet';
import type { Feed } from '../../../runtime/session';
import type { ControlInput } from '../../model';
import type { UNetControl } from './unet';

/** A ControlNet that a model was given. */
export type ControlNetPart = Omit<UNetControl, 'guesses'>;

type Feeds = Readonly<Record<string, Feed>>;

/**
 * Whether ControlNets work for the prompt's row alone: diffusers' `guess_mode`, which its pipelines turn on where
 * the first ControlNet pools (`global_pool_conditions`).
 */
function guessesOf(controlNets: readonly ControlNetPart[]): boolean {
  return controlNets[0]?.config.globalPool ?? false;
}

/** The ControlNets as a UNet's graph takes them. */
export function controlsOfUNet(controlNets: readonly ControlNetPart[]): readonly UNetControl[] {
  const guesses = guessesOf(controlNets);
  return controlNets.map(({ config, weights }) => ({ config, weights, guesses }));
}

/** The inputs `controlnet_cond_k`, which are the same for all steps. */
export function controlImages(
  controlNets: readonly ControlNetPart[],
  controls: readonly ControlInput[],
  { width, height }: { readonly width: number; readonly height: number },
): Feeds {
  return feeds('controlnet_cond', controlNets, ({ config }, index) => {
    const factor = imageFactor(config);
    const { image } = controls[index]!;
    return {
      type: 'float32',
      data: config.isBgr ? withBlueFirst(image) : image,
      dims: [1, 3, height * factor, width * factor],
    };
  });
}

/**
 * The inputs `conditioning_scale_k` of a step: 0 where the ControlNet has not begun or has ended.
 * @param ofPrompt which rows of the batch are those of the prompt; the others are the negative prompt's
 */
export function controlScales(
  controlNets: readonly ControlNetPart[],
  controls: readonly ControlInput[],
  { place, ofPrompt }: { readonly place: StepPlace; readonly ofPrompt: readonly boolean[] },
): Feeds {
  const guesses = guessesOf(controlNets);
  return feeds('conditioning_scale', controlNets, (_, index) => {
    const { scale, start, end } = controls[index]!;
    const isOn = isControlled(place, { start, end });
    const data = ofPrompt.map((isPrompt) => (isOn && (isPrompt || !guesses) ? scale : 0));
    return { type: 'float32', data: Float32Array.from(data), dims: [data.length, 1, 1, 1] };
  });
}

/** Whether a network controls a step: diffusers' `controlnet_keep`. */
export function isControlled(
  { index, count }: StepPlace,
  { start, end }: Pick<ControlInput, 'start' | 'end'>,
): boolean {
  return !(index / count < start || (index + 1) / count > end);
}

function feeds(
  name: string,
  controlNets: readonly ControlNetPart[],
  feed: (controlNet: ControlNetPart, index: number) => Feed,
): Feeds {
  return Object.fromEntries(
    controlNets.map((one, index) => [`${name}_${index}`, feed(one, index)]),
  );
}

function withBlueFirst(planes: Float32Array): Float32Array {
  const plane = planes.length / 3;
  const turned = new Float32Array(planes.length);
  for (const [to, from] of [2, 1, 0].entries()) {
    turned.set(planes.subarray(from * plane, (from + 1) * plane), to * plane);
  }
  return turned;
}

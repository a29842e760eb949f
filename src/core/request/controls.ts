import { EaselError } from '../errors';
import type { ControlPreprocessor } from '../image/control/names';
import { requestField, type FieldName } from './fields';
import type { GenerationRequest, GenerationRequestInput } from './request';

/**
 * The fields of ControlNets and T2I-Adapters, which `controlnets` names alike: lists, of which the k-th entry belongs to the k-th ControlNet. None of them means
 * anything without the control images, which no recipe has.
 */
export const CONTROL_FIELDS = [
  'controlnets',
  'controlImages',
  'controlnetConditioningScale',
  'controlGuidanceStart',
  'controlGuidanceEnd',
  'controlPreprocess',
] as const satisfies readonly FieldName[];
export type ControlField = (typeof CONTROL_FIELDS)[number];

/** A ControlNet of a request, with what belongs to it. */
export interface RequestedControl {
  /** A folder, a file, or a repository in the cache. */
  readonly model: string;
  /** The bytes of an image file. */
  readonly image: Uint8Array;
  /** What its residuals are multiplied by. */
  readonly scale: number;
  /** The shares of the steps at which it begins and ends. */
  readonly start: number;
  readonly end: number;
  /** What is made of the image. */
  readonly preprocess: ControlPreprocessor;
}

/** What one entry of a field is. */
const ENTRIES: Readonly<Record<Exclude<ControlField, 'controlnets'>, string>> = {
  controlImages: 'control image',
  controlnetConditioningScale: 'conditioning scale',
  controlGuidanceStart: 'start of the guidance',
  controlGuidanceEnd: 'end of the guidance',
  controlPreprocess: 'preprocessor',
};

/** The role of a control image in messages. @param index 0-based */
export function controlImageName(index: number): string {
  return `control image ${index + 1}`;
}

/**
 * Checks that what belongs to ControlNets is there for each of them, or for none where it has a default.
 * @param lengths of the fields' lists; absent: none
 * @throws EaselError `bad-request` naming the option of a list of another length
 */
export function requireControlCounts(
  lengths: Readonly<Partial<Record<ControlField, number>>>,
): void {
  const { controlnets: wanted = 0 } = lengths;
  for (const [field, entry] of Object.entries(ENTRIES) as [keyof typeof ENTRIES, string][]) {
    const { [field]: given = 0 } = lengths;
    if (given === wanted || (given === 0 && field !== 'controlImages')) continue;
    const option = `--${requestField(field).option?.name ?? field}`;
    const message =
      wanted === 0
        ? `${option} belongs to a ControlNet, and none is given. Give one with --controlnet, or leave it out.`
        : `--controlnet is given ${times(wanted)}, and ${option} ${times(given)}. Give one ${entry} for each ControlNet, in the same order.`;
    throw new EaselError('bad-request', message, { field, controlnets: wanted, given });
  }
}

function times(count: number): string {
  return count === 0 ? 'not at all' : count === 1 ? 'once' : `${count} times`;
}

/** The control fields of a request without those of some ControlNets. @param isRefused of a ControlNet's name */
export function withoutControlnets(
  request: GenerationRequestInput,
  isRefused: (controlnet: string) => boolean,
): Pick<GenerationRequestInput, ControlField> {
  const { controlnets = [] } = request;
  const kept = CONTROL_FIELDS.map((field) => {
    const entries: readonly unknown[] | undefined = request[field];
    return [field, entries?.filter((_, index) => !isRefused(controlnets[index] ?? ''))];
  });
  return Object.fromEntries(kept) as Pick<GenerationRequestInput, ControlField>;
}

/**
 * The ControlNets of a request.
 * @throws EaselError `bad-request` where a list has another length, or one ends before it begins
 */
export function requestedControls(request: GenerationRequest): readonly RequestedControl[] {
  const { controlnets, controlImages, controlnetConditioningScale: scales } = request;
  const { controlGuidanceStart: starts, controlGuidanceEnd: ends } = request;
  requireControlCounts(
    Object.fromEntries(CONTROL_FIELDS.map((field) => [field, request[field].length])),
  );
  return controlnets.map((model, index) => {
    const [scale = 1, start = 0, end = 1] = [scales[index], starts[index], ends[index]];
    if (start >= end) {
      throw new EaselError(
        'bad-request',
        `--control-guidance-start ${start} is not before --control-guidance-end ${end}: ${model} would control no step.`,
        { field: 'controlGuidanceStart', start, end },
      );
    }
    const preprocess = request.controlPreprocess[index] ?? 'none';
    if (preprocess === 'inpaint' && !request.mask) {
      throw new EaselError(
        'bad-request',
        '--control-preprocess inpaint leaves out of the control image what the mask says, and there is none. Give one with --mask and --init-image.',
        { field: 'controlPreprocess' },
      );
    }
    return { model, image: controlImages[index]!, scale, start, end, preprocess };
  });
}

import { EaselError } from '../errors';
import type { ControlPreprocessor } from '../image/control/names';
import type { FieldName } from './fields';
import { IP_ADAPTER_FIELDS } from './ip-adapters';
import { requireListCounts, type CountedLists } from './list-counts';
import type { GenerationRequest, GenerationRequestInput } from './request';

/**
 * The fields of ControlNets and T2I-Adapters, which `controlnets` names alike: lists, of which the k-th entry belongs
 * to the k-th ControlNet.
 */
const CONTROLNET_FIELDS = [
  'controlnets',
  'controlImages',
  'controlnetConditioningScale',
  'controlGuidanceStart',
  'controlGuidanceEnd',
  'controlPreprocess',
] as const satisfies readonly FieldName[];

/** The fields of networks that follow given images. None means anything without the images, which no recipe has. */
export const CONTROL_FIELDS = [...CONTROLNET_FIELDS, ...IP_ADAPTER_FIELDS] as const;
export type ControlField = (typeof CONTROL_FIELDS)[number];

/** A ControlNet of a request, with what belongs to it. */
export interface RequestedControl {
  /** A folder, a file, or a repository in the cache. */
  readonly model: string;
  /** The bytes of an image file. */
  readonly image: Uint8Array;
  /** What its residuals are multiplied by. Absent: what the model's pipeline takes. */
  readonly scale: number | undefined;
  /** The shares of the steps at which it begins and ends. */
  readonly start: number;
  readonly end: number;
  /** What is made of the image. */
  readonly preprocess: ControlPreprocessor;
}

const LISTS: CountedLists = {
  networks: 'controlnets',
  network: ['a', 'ControlNet'],
  entries: {
    controlImages: 'control image',
    controlnetConditioningScale: 'conditioning scale',
    controlGuidanceStart: 'start of the guidance',
    controlGuidanceEnd: 'end of the guidance',
    controlPreprocess: 'preprocessor',
  },
  required: ['controlImages'],
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
  lengths: Readonly<Partial<Record<(typeof CONTROLNET_FIELDS)[number], number>>>,
): void {
  requireListCounts(LISTS, lengths);
}

/** The ControlNets, IP-Adapters and image encoders that a request names. */
export function controlNetworks(request: GenerationRequestInput): readonly string[] {
  const { controlnets = [], ipAdapters = [], ipAdapterImageEncoder: encoder } = request;
  return [...controlnets, ...ipAdapters, ...(encoder === undefined ? [] : [encoder])];
}

/**
 * The control fields of a request without those of some networks. Of several IP-Adapters, none is left where one is
 * left out: their images belong together.
 */
export function withoutNetworks(
  request: GenerationRequestInput,
  isRefused: (network: string) => boolean,
): Pick<GenerationRequestInput, ControlField> {
  const { controlnets = [], ipAdapters = [], ipAdapterImageEncoder: encoder = '' } = request;
  const kept = CONTROLNET_FIELDS.map((field) => {
    const entries: readonly unknown[] | undefined = request[field];
    return [field, entries?.filter((_, index) => !isRefused(controlnets[index] ?? ''))];
  });
  const isLeft = ![...ipAdapters, encoder].some(isRefused);
  const images = IP_ADAPTER_FIELDS.map((field) => [field, isLeft ? request[field] : undefined]);
  return Object.fromEntries([...kept, ...images]) as Pick<GenerationRequestInput, ControlField>;
}

/**
 * The ControlNets of a request.
 * @throws EaselError `bad-request` where a list has another length, or one ends before it begins
 */
export function requestedControls(request: GenerationRequest): readonly RequestedControl[] {
  const { controlnets, controlImages, controlnetConditioningScale: scales } = request;
  const { controlGuidanceStart: starts, controlGuidanceEnd: ends } = request;
  requireControlCounts(
    Object.fromEntries(CONTROLNET_FIELDS.map((field) => [field, request[field].length])),
  );
  return controlnets.map((model, index) => {
    const { [index]: scale } = scales;
    const [start = 0, end = 1] = [starts[index], ends[index]];
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

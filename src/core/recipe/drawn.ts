import type { GenerationRequestInput } from '../request/request';
import { flaggedFact, type Flagged } from '../request/safety';
import {
  COMPOSED,
  controlNotes,
  DOUBT,
  ENDPOINT,
  FLAGGED,
  START,
  startNotes,
} from './readers/easel';
import { keptFields, type Recipe } from './recipe';

/** An image that Easel has drawn. */
export interface Drawing {
  readonly request: GenerationRequestInput;
  /** The values that were used, with the model's defaults; what an endpoint does not tell is absent. */
  readonly settings: Readonly<
    Partial<Record<'steps' | 'guidanceScale' | 'width' | 'height', number>>
  >;
  /** The scheduler that was used, by its class name in diffusers. Absent: an endpoint's own. */
  readonly scheduler?: string;
  /** The seed of this image. Absent: the endpoint takes none. */
  readonly seed?: number;
  /** The id or path for `--model`; empty where an endpoint does not tell. */
  readonly model: string;
  /** The protocol of the endpoint that drew. Absent: this machine did. */
  readonly endpoint?: string;
  readonly version: string;
  /** What the image is composed of, in words. Absent: it is not composed. */
  readonly composed?: string;
  /** What the model may not know of what it drew, in sentences; empty where it knows all. */
  readonly doubt?: string;
  /** What was done to it after the model's safety checker flagged it. Absent: it was not flagged. */
  readonly flagged?: Flagged | undefined;
}

/**
 * The fields that are kept only where they say something: the files of other images stay as
 * they were.
 */
function unlessUsual({
  clipSkip,
  controlGuidanceEnd,
  controlGuidanceStart,
  controlnetConditioningScale,
  controlnets,
  controlPreprocess,
  ground,
  ipAdapterBlocks,
  ipAdapters,
  ipAdapterScale,
  pagAdaptiveScale,
  pagAppliedLayers,
  pagScale,
  palette = [],
  precision,
  tokenDownsampling,
  variation,
  variationSeed,
  variationStrength,
}: GenerationRequestInput): Pick<
  GenerationRequestInput,
  | 'clipSkip'
  | 'controlGuidanceEnd'
  | 'controlGuidanceStart'
  | 'controlnetConditioningScale'
  | 'controlnets'
  | 'controlPreprocess'
  | 'ground'
  | 'ipAdapterBlocks'
  | 'ipAdapters'
  | 'ipAdapterScale'
  | 'pagAdaptiveScale'
  | 'pagAppliedLayers'
  | 'pagScale'
  | 'palette'
  | 'precision'
  | 'speed'
  | 'tokenDownsampling'
  | 'variation'
  | 'variationSeed'
  | 'variationStrength'
> {
  return {
    // The fields that it stands for are there.
    speed: undefined,
    clipSkip: clipSkip === 0 ? undefined : clipSkip,
    controlnets: unlessEmpty(controlnets),
    controlnetConditioningScale: unlessEmpty(controlnetConditioningScale),
    controlGuidanceStart: unlessEmpty(controlGuidanceStart),
    controlGuidanceEnd: unlessEmpty(controlGuidanceEnd),
    controlPreprocess: unlessEmpty(controlPreprocess),
    ipAdapters: unlessEmpty(ipAdapters),
    ipAdapterScale: unlessEmpty(ipAdapterScale),
    ipAdapterBlocks: unlessEmpty(ipAdapterBlocks),
    tokenDownsampling: tokenDownsampling === 1 ? undefined : tokenDownsampling,
    precision: precision === 'auto' ? undefined : precision,
    pagScale: pagScale === 0 ? undefined : pagScale,
    pagAdaptiveScale: pagScale && pagAdaptiveScale ? pagAdaptiveScale : undefined,
    pagAppliedLayers: pagScale ? pagAppliedLayers : undefined,
    ground: ground === 'auto' ? undefined : ground,
    palette: palette.length === 0 ? undefined : palette,
    variation: variation === 0 ? undefined : variation,
    // Without a strength, the seed says nothing.
    variationSeed: variationStrength ? variationSeed : undefined,
    variationStrength: variationStrength === 0 ? undefined : variationStrength,
  };
}

function unlessEmpty<Entry>(list: Entry[] | undefined): Entry[] | undefined {
  return list?.length === 0 ? undefined : list;
}

/** The recipe of an image that Easel has drawn: the request with all defaults filled in. */
export function drawnRecipe(drawing: Drawing): Recipe {
  const { request, settings, scheduler, seed, model, version, composed, doubt, flagged, endpoint } =
    drawing;
  const { steps, guidanceScale, width, height } = settings;
  const start = [request.initImage && 'a picture', request.mask && 'a mask'].filter(Boolean);
  return {
    tool: 'Easel',
    toolVersion: version,
    ...(model !== '' && { model }),
    request: keptFields({
      ...request,
      ...unlessUsual(request),
      model: model === '' ? undefined : model,
      steps,
      guidanceScale,
      width,
      height,
      seed,
      scheduler: request.scheduler ?? scheduler,
    }),
    details: {
      ...(start.length > 0 && { [START]: start.join(' and ') }),
      ...(composed !== undefined && { [COMPOSED]: composed }),
      ...(doubt && { [DOUBT]: doubt }),
      ...(flagged && { [FLAGGED]: flaggedFact(flagged) }),
      ...(endpoint !== undefined && { [ENDPOINT]: endpoint }),
    },
    notes: [...startNotes(start.length > 0), ...controlNotes(request)],
  };
}

import { findInCatalogue } from '../catalogue/catalogue';
import { describeBytes } from '../quantities';
import { oneLine } from '../shown-text';

/** An installed model, as the engine lists it. */
export interface ListedModel {
  readonly id: string;
  readonly kind: string;
  readonly family: string;
  readonly sizeBytes: number;
  readonly runnable: boolean;
  readonly reason: string;
  readonly defaults?: {
    readonly steps: number;
    readonly guidanceScale: number;
    readonly width: number;
    readonly height: number;
    readonly multiple: number;
    readonly edits?: true;
    readonly upscales?: number;
  };
}

/** The models of an endpoint that the user has agreed to. */
export interface ListedEndpoint {
  /** Where it draws. */
  readonly host: string;
  /** As `MODEL@ENDPOINT`. */
  readonly models: readonly string[];
}

/** Models of one endpoint that are listed: some services have thousands. */
const MOST_MODELS = 50;

const STARTER = {
  speed: 'fast',
  summary:
    'part of Easel: icons and simple illustrations of one or two everyday things on a plain background, no scenes, no text.',
} as const;

/**
 * The result text of `list_image_models`: a line for each model, whatever the files of a model say.
 * @param chosen the id of the default model
 * @param elsewhere what draws on other machines
 */
export function describeModels(
  models: readonly ListedModel[],
  chosen: string,
  elsewhere: readonly ListedEndpoint[] = [],
): string {
  const pipelines = models.filter(({ kind }) => kind === 'pipeline');
  const usable = pipelines.filter(({ runnable }) => runnable);
  const others = pipelines.filter(({ runnable }) => !runnable);
  const isChosen = ({ id }: ListedModel) => id === chosen;
  return [
    `Models on this machine (${usable.length}):`,
    ...usable.map((model) => describe(model, isChosen(model))),
    ...elsewhere.flatMap((endpoint) => describeEndpoint(endpoint, chosen)),
    ...(usable.some(isChosen) || elsewhere.some((one) => one.models.includes(chosen))
      ? []
      : [`The user has chosen ${oneLine(chosen)}, which is not among them.`]),
    ...(others.length === 0 ? [] : ['Not usable:']),
    ...others.map(({ id, reason }) => `- ${oneLine(id)}: ${oneLine(reason)}`),
    'Only the user can download others (Easel: Download Model, or `easel models download`).',
  ].join('\n');
}

function describeEndpoint({ host, models }: ListedEndpoint, chosen: string): string[] {
  const left = models.length - MOST_MODELS;
  return [
    `Models at ${oneLine(host, 200)}, to which prompts and images are sent (${models.length}):`,
    ...models
      .slice(0, MOST_MODELS)
      .map((id) => `- ${oneLine(id, 300)}${id === chosen ? ' (default)' : ''}`),
    ...(left > 0 ? [`- and ${left} more`] : []),
  ];
}

function describe(model: ListedModel, isChosen: boolean): string {
  const { id, family, sizeBytes, defaults } = model;
  const known = id === 'starter' ? STARTER : findInCatalogue(id);
  const facts = [
    oneLine(family, 100),
    describeBytes(sizeBytes),
    known ? `${known.speed} on a processor` : '',
    defaults
      ? `${defaults.width} × ${defaults.height}, ${defaults.steps} steps, guidance ${defaults.guidanceScale} by default`
      : '',
  ];
  const summary = `${onlyEdits(defaults ?? {})}${known ? ` ${known.summary}` : ''}`;
  return `- ${oneLine(id)}${isChosen ? ' (default)' : ''}: ${facts.filter(Boolean).join('; ')}.${summary}`;
}

/** What a model does to images, where it draws no new ones. */
function onlyEdits({ edits, upscales }: Partial<NonNullable<ListedModel['defaults']>>): string {
  if (upscales !== undefined) {
    return ` Makes images ${upscales} times as large: for edit_image alone.`;
  }
  return edits ? ' Edits by words: for edit_image alone.' : '';
}

import { isRecord, parseRecord } from '../../json';
import { readString } from '../foreign';
import {
  checkFields,
  type Recipe,
  type RecipeNote,
  RECIPE_TOOLS,
  START_IMAGE_MISSING,
} from '../recipe';

/** Version of the record. Increase it if older readers would misread newer records. */
const FORMAT = 1;

/** Easel's own record of a recipe. It has all fields, without rounding. */
export function writeEaselRecord({ tool, toolVersion, model, request, details }: Recipe): string {
  return JSON.stringify({ format: FORMAT, tool, toolVersion, model, request, details });
}

/** @returns undefined for other texts, and for records of a later format */
export function readEaselRecord(text: string): Recipe | undefined {
  const json = parseRecord(text);
  if (json?.format !== FORMAT || !isRecord(json.request)) return undefined;
  const { request, notes } = checkFields(json.request);
  const details = Object.entries(isRecord(json.details) ? json.details : {}).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  const toolVersion = readString(json.toolVersion);
  const model = readString(json.model);
  // What an endpoint drew with is no model of this machine, and a file chooses no endpoint.
  const isElsewhere = details.some(([name]) => name === ENDPOINT);
  return {
    tool: RECIPE_TOOLS.find((known) => known === json.tool) ?? 'Easel',
    ...(toolVersion === undefined ? {} : { toolVersion }),
    ...(model === undefined ? {} : { model }),
    request: isElsewhere ? { ...request, model: undefined } : request,
    details: Object.fromEntries(details),
    notes: [
      ...notes,
      ...startNotes(details.some(([name]) => name === START)),
      ...controlNotes(request),
    ],
  };
}

/** The detail of an image that was made from an initial image. */
export const START = 'Started from';

/** The detail of an image that is composed: what of, in words. */
export const COMPOSED = 'Composed';
/** The detail of an image that was made larger: how many times, and by what. */
export const UPSCALED = 'Upscaled';
/** The detail of an image of what the model may not know, in sentences. */
export const DOUBT = 'Doubt';
/** The detail of a contact sheet: its axes and their values. */
export const GRID = 'Grid';
/** The detail of an image that the model's safety checker flagged: what was done to it. */
export const FLAGGED = 'Safety checker';
/** The detail of an image that an endpoint drew: its protocol. */
export const ENDPOINT = 'Endpoint';

export function startNotes(started: boolean): RecipeNote[] {
  if (!started) return [];
  return [{ about: 'start-image', message: START_IMAGE_MISSING }];
}

/** That the images of ControlNets and IP-Adapters are to be given again. */
export function controlNotes({
  controlnets = [],
  ipAdapters = [],
}: Pick<Recipe['request'], 'controlnets' | 'ipAdapters'>): RecipeNote[] {
  const [images, are, them] =
    controlnets.length === 1 ? ['image', 'is', 'it'] : ['images', 'are', 'them'];
  const messages = [
    ...(controlnets.length > 0
      ? [`ControlNets, whose control ${images} ${are} not in the file. Choose ${them} again.`]
      : []),
    ...(ipAdapters.length > 0
      ? ['IP-Adapters, whose images are not in the file. Choose them again.']
      : []),
  ];
  return messages.map((names) => ({ about: 'start-image', message: `It was drawn with ${names}` }));
}

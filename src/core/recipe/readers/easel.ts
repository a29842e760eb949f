import { isRecord, parseRecord } from '../../json';
import { readString } from '../foreign';
import { checkFields, type Recipe, type RecipeNote, RECIPE_TOOLS } from '../recipe';

/** Raised when a reader of older files could misread newer ones. */
const FORMAT = 1;

/** Easel's own record of a recipe, exact where other tools' texts are not. */
export function writeEaselRecord({ tool, toolVersion, model, request, details }: Recipe): string {
  return JSON.stringify({ format: FORMAT, tool, toolVersion, model, request, details });
}

/** @returns undefined for what is no such record, or of a later format */
export function readEaselRecord(text: string): Recipe | undefined {
  const json = parseRecord(text);
  if (json?.format !== FORMAT || !isRecord(json.request)) return undefined;
  const { request, notes } = checkFields(json.request);
  const details = Object.entries(isRecord(json.details) ? json.details : {}).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  const toolVersion = readString(json.toolVersion);
  const model = readString(json.model);
  return {
    tool: RECIPE_TOOLS.find((known) => known === json.tool) ?? 'Easel',
    ...(toolVersion === undefined ? {} : { toolVersion }),
    ...(model === undefined ? {} : { model }),
    request,
    details: Object.fromEntries(details),
    notes: [...notes, ...startNotes(details.some(([name]) => name === START))],
  };
}

/** The detail that tells that a picture was drawn from another. */
export const START = 'Started from';

export function startNotes(started: boolean): RecipeNote[] {
  if (!started) return [];
  return [
    {
      about: 'start-image',
      message: 'It was drawn from another picture, which is not in the file.',
    },
  ];
}

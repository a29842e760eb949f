import { EaselError } from '../core/errors';
import { readRecipe, writeParameters, type Recipe } from '../core/recipe';
import { otherOptions, writeOption } from '../core/recipe/other-options';
import type { RecipeField } from '../core/request/fields';
import { readImageFile } from './input-file';
import { plainText } from '../core/shown-text';
import { parseOptions } from './parse-options';
import { expandHome } from './paths';
import { printJson, stdout } from './streams';

export interface RecipeCommand {
  readonly verb: 'recipe';
  readonly file: string;
  readonly json: boolean;
}

/** @throws EaselError `bad-request` naming the argument */
export function parseRecipeCommand(args: readonly string[]): RecipeCommand {
  const { values, positionals } = parseOptions(args, { json: { type: 'boolean' } }, true);
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) {
    throw new EaselError('bad-request', 'Name one image: easel recipe FILE');
  }
  return { verb: 'recipe', file: expandHome(file), json: values.json === true };
}

/**
 * Prints how an image was made.
 * @throws EaselError `bad-request` where the file cannot be read, `bad-file` where it has no recipe
 */
export async function printRecipe({ file, json }: RecipeCommand): Promise<void> {
  const recipe = readRecipe(await readImageFile(file));
  if (!recipe) {
    throw new EaselError('bad-file', `${file} does not say how it was made.`, { file });
  }
  if (json) printJson(forJson(recipe));
  else stdout.write(describe(recipe));
}

/** The object that `--json` prints. */
function forJson(recipe: Recipe): object {
  const { tool, toolVersion, model, request, details, notes } = recipe;
  return { tool, toolVersion, model, request, details, notes };
}

/** What the text of AUTOMATIC1111 and the lines below it say. */
const SAID: readonly RecipeField[] = [
  ...(['prompt', 'negativePrompt', 'style', 'wildcards', 'clipSkip', 'model', 'seed'] as const),
  ...(['variationSeed', 'variationStrength', 'steps', 'guidanceScale', 'width', 'height'] as const),
  ...([
    'scheduler',
    'strength',
    'imageGuidanceScale',
    'noiseLevel',
    'hires',
    'hiresUpscaler',
  ] as const),
  ...(['refiner', 'loras', 'upscale', 'vae'] as const),
];

function describe(recipe: Recipe): string {
  const details = Object.entries(recipe.details).map(([name, value]) => `${name}: ${value}`);
  const { style } = recipe.request;
  const styles = style ? [`Style: ${style.name}`] : [];
  const options = otherOptions(recipe.request, SAID).map(writeOption).join(' ');
  const notes = recipe.notes.map(({ message }) => `Note: ${message}`);
  return [
    writeParameters(recipe),
    ...styles,
    ...(options ? [`Options: ${options}`] : []),
    ...details,
    ...notes,
  ]
    .map((line) => `${plainText(line)}\n`)
    .join('');
}

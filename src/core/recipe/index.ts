import { EaselError } from '../errors';
import { expandWildcards } from '../prompt/wildcards';
import { styledPrompts } from '../request/styles';
import { infotextOf, writeInfotext } from './infotext';
import { EASEL, PARAMETERS, readTexts, writeTexts, type WrittenTexts } from './metadata';
import { readAutomatic1111 } from './readers/automatic1111';
import { readComfyUi } from './readers/comfyui';
import { readEaselRecord, writeEaselRecord } from './readers/easel';
import { readFooocus } from './readers/fooocus';
import { readDream, readInvokeAi, readInvokeAi2 } from './readers/invokeai';
import { readNovelAi } from './readers/novelai';
import type { Recipe } from './recipe';

export type { Recipe, RecipeRequest } from './recipe';
export { drawnRecipe, type Drawing } from './drawn';

/**
 * Writes how a picture was made into its file: AUTOMATIC1111's `parameters`, which most tools and sites
 * read, and Easel's own record with every field. Pixels stay as they are, byte for byte.
 * @param file a whole PNG, JPEG, WebP or SVG file
 * @throws EaselError `bad-file` for any other
 */
export function embedRecipe(file: Uint8Array, recipe: Recipe): Uint8Array {
  const written = writeTexts(file, recipeTexts(recipe));
  if (!written) {
    throw new EaselError('bad-file', 'A recipe can be kept in PNG, JPEG, WebP and SVG files only.');
  }
  return written;
}

/**
 * Reads how a picture was made from its file: Easel's, or as far as they tell AUTOMATIC1111's, ComfyUI's,
 * InvokeAI's, Fooocus', stable-diffusion.cpp's and NovelAI's. Never throws.
 * @returns undefined where the file says nothing, or nothing that is understood
 */
export function readRecipe(file: Uint8Array): Recipe | undefined {
  const texts = readTexts(file);
  return texts && recipeOfTexts(texts);
}

/** The recipe in a picture's texts, by the keywords that they have in PNG. */
function recipeOfTexts(texts: ReadonlyMap<string, string>): Recipe | undefined {
  const read = (keyword: string, reader: (text: string) => Recipe | undefined) => {
    const text = texts.get(keyword);
    return text === undefined ? undefined : reader(text);
  };
  return (
    read(EASEL, readEaselRecord) ??
    read(PARAMETERS, readFooocus) ??
    read(PARAMETERS, readAutomatic1111) ??
    read('invokeai_metadata', readInvokeAi) ??
    read('sd-metadata', readInvokeAi2) ??
    read('Dream', readDream) ??
    (texts.get('Software') === 'NovelAI' ? readNovelAi(texts) : undefined) ??
    read('prompt', readComfyUi)
  );
}

/** The texts that hold a recipe, for a file that this does not write itself. */
export function recipeTexts(recipe: Recipe): WrittenTexts {
  return { parameters: writeParameters(recipe), easel: writeEaselRecord(recipe) };
}

/** AUTOMATIC1111's text of a recipe, as people paste it. */
export function writeParameters({ tool, toolVersion, model, request }: Recipe): string {
  const { seed = 0, wildcards = false } = request;
  const words = styledPrompts(request);
  const expand = (which: 'prompt' | 'negativePrompt') =>
    wildcards ? expandWildcards(words[which], seed, which) : words[which];
  return writeInfotext(
    infotextOf({
      ...request,
      prompt: expand('prompt'),
      negativePrompt: expand('negativePrompt'),
      weighted: request.promptSyntax === 'weighted',
      model: shownModel(model ?? request.model),
      version: [tool, toolVersion].filter(Boolean).join(' '),
    }),
  );
}

/** A model by its name; of a path only the last part, because pictures travel. */
function shownModel(model: string | undefined): string | undefined {
  const isPath = model !== undefined && /^(?:[/\\~.]|[A-Za-z]:[/\\])/.test(model);
  return isPath ? model.split(/[/\\]/).findLast((part) => part !== '') : model;
}

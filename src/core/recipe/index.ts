import { EaselError } from '../errors';
import { otherNetworks } from '../request/other-networks';
import { expandWildcards } from '../prompt/wildcards';
import { styledPrompts } from '../request/styles';
import { infotextOf, writeInfotext } from './infotext';
import { EASEL, PARAMETERS, readTexts, writeTexts, type WrittenTexts } from './metadata';
import { readAutomatic1111 } from './readers/automatic1111';
import { readComfyUi } from './readers/comfyui';
import { COMPOSED, readEaselRecord, writeEaselRecord } from './readers/easel';
import { XMP_KEYWORD } from './files/xmp';
import { readDrawThings } from './readers/draw-things';
import { readEasyDiffusion } from './readers/easy-diffusion';
import { readFooocus } from './readers/fooocus';
import { readDream, readInvokeAi, readInvokeAi2 } from './readers/invokeai';
import { readNovelAi } from './readers/novelai';
import { readSwarmUi } from './readers/swarmui';
import type { Recipe } from './recipe';

export type { Recipe, RecipeRequest } from './recipe';
export { drawnRecipe, type Drawing } from './drawn';

/**
 * Writes a recipe into an image file: AUTOMATIC1111's `parameters`, which most tools and sites read, and
 * Easel's own record with all fields. The encoded pixels do not change.
 * @param file a whole PNG, JPEG, WebP or SVG file
 * @throws EaselError `bad-file` for other or damaged files
 */
export function embedRecipe(file: Uint8Array, recipe: Recipe): Uint8Array {
  const written = writeTexts(file, recipeTexts(recipe));
  if (!written) {
    throw new EaselError(
      'bad-file',
      'A recipe can only be saved in PNG, JPEG, WebP and SVG files. Choose one of these formats.',
    );
  }
  return written;
}

/**
 * Reads the recipe of an image file of Easel, AUTOMATIC1111, ComfyUI, InvokeAI, Fooocus, stable-diffusion.cpp,
 * NovelAI, SwarmUI, Draw Things or Easy Diffusion. Never throws.
 * @returns undefined if the file has no recipe in a known format
 */
export function readRecipe(file: Uint8Array): Recipe | undefined {
  const texts = readTexts(file);
  return texts && recipeOfTexts(texts);
}

/** Reads the recipe from the texts of a file, by their PNG keywords. */
function recipeOfTexts(texts: ReadonlyMap<string, string>): Recipe | undefined {
  const read = (keyword: string, reader: (text: string) => Recipe | undefined) => {
    const text = texts.get(keyword);
    return text === undefined ? undefined : reader(text);
  };
  return (
    read(EASEL, readEaselRecord) ??
    read(PARAMETERS, readSwarmUi) ??
    read(PARAMETERS, readFooocus) ??
    read(PARAMETERS, readAutomatic1111) ??
    read('invokeai_metadata', readInvokeAi) ??
    read('sd-metadata', readInvokeAi2) ??
    read('Dream', readDream) ??
    (texts.get('Software') === 'NovelAI' ? readNovelAi(texts) : undefined) ??
    read('prompt', readComfyUi) ??
    readEasyDiffusion(texts) ??
    read(XMP_KEYWORD, readDrawThings)
  );
}

/** The texts of a recipe, for files that are not written here. */
export function recipeTexts(recipe: Recipe): WrittenTexts {
  return { parameters: writeParameters(recipe), easel: writeEaselRecord(recipe) };
}

/** A recipe as AUTOMATIC1111's text, for the clipboard. */
export function writeParameters({ tool, toolVersion, model, request, details }: Recipe): string {
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
      loras: (request.loras ?? []).map(({ path, scale, weights }) => ({
        ...{ name: adapterName(path), scale, weights },
      })),
      hiresUpscaler: request.hiresUpscaler && adapterName(request.hiresUpscaler),
      refiner: shownModel(request.refiner),
      tinyVae: request.vae === 'tiny',
      vae: shownModel(otherNetworks(request).vae),
      model: shownModel(model ?? request.model),
      composed: details[COMPOSED],
      version: [tool, toolVersion].filter(Boolean).join(' '),
    }),
  );
}

/** The name of a LoRA in a prompt of AUTOMATIC1111: its file's, without folders and ending. */
function adapterName(path: string): string {
  const last = path.split(/[/\\]/).findLast((part) => part !== '') ?? '';
  const name = last.replace(/\.(?:safetensors|bin|pt|pth|ckpt)$/i, '');
  return name.replace(/[<>:\n\r]/g, '_');
}

/** The model's name. Only the last part of a path, because images are shared with others. */
function shownModel(model: string | undefined): string | undefined {
  const isPath = model !== undefined && /^(?:[/\\~.]|[A-Za-z]:[/\\])/.test(model);
  return isPath ? model.split(/[/\\]/).findLast((part) => part !== '') : model;
}

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readRecipe, type RecipeRequest } from '../../../src/core/recipe';
import { FIXTURES } from '../../support/paths';

const FOLDER = path.join(FIXTURES, 'recipes');
const read = (name: string) => readRecipe(new Uint8Array(readFileSync(path.join(FOLDER, name))));

interface Expected {
  readonly tool: string;
  readonly model?: string;
  readonly request: RecipeRequest;
  /** What the notes are about. */
  readonly notes: readonly string[];
}

const A1111: Expected = {
  tool: 'AUTOMATIC1111',
  model: 'v1-5-pruned',
  request: {
    prompt: 'a (red:1.2) apple, 灯台 \non a table',
    negativePrompt: 'blurry, low quality',
    promptSyntax: 'weighted',
    ...{ seed: 42, steps: 20, guidanceScale: 7.5, width: 512, height: 768 },
    ...{ scheduler: 'dpm++-karras', clipSkip: 1 },
  },
  notes: ['model', 'lora', 'setting'],
};

const COMFY: Expected = {
  tool: 'ComfyUI',
  model: 'v1-5-pruned-emaonly.safetensors',
  request: {
    prompt: 'a red apple',
    negativePrompt: 'text, watermark',
    promptSyntax: 'weighted',
    ...{ seed: 42, steps: 20, guidanceScale: 8, width: 512, height: 768 },
    scheduler: 'dpm++-karras',
  },
  notes: ['model', 'lora', 'setting'],
};

const FOOOCUS: Expected = {
  tool: 'Fooocus',
  model: 'juggernautXL_v8Rundiffusion',
  request: {
    prompt: 'cinematic still a red apple, a red apple, detailed',
    negativePrompt: 'blurry, low quality',
    promptSyntax: 'weighted',
    ...{ seed: 2336846113, steps: 30, guidanceScale: 4, width: 1152, height: 896 },
    scheduler: 'dpm++-sde-karras',
  },
  notes: ['model', 'noise', 'lora'],
};

const EXPECTED: Readonly<Record<string, Expected | undefined>> = {
  'automatic1111.png': A1111,
  'automatic1111-compressed.png': A1111,
  'automatic1111.jpg': A1111,
  'automatic1111.webp': A1111,
  'automatic1111-old.png': {
    tool: 'AUTOMATIC1111',
    model: '45dee52b',
    request: {
      ...{ prompt: 'a red apple', negativePrompt: '', promptSyntax: 'weighted' },
      ...{ seed: 965400086, steps: 30, guidanceScale: 7, width: 512, height: 512 },
      scheduler: 'euler-a',
      hires: { scale: 2, strength: 0.6, upscaler: 'latent' },
    },
    notes: ['model', 'noise'],
  },
  'sdcpp.png': {
    tool: 'stable-diffusion.cpp',
    model: 'sd-v1-4.safetensors',
    request: {
      ...{ prompt: 'a red apple', negativePrompt: 'blurry', promptSyntax: 'weighted' },
      ...{ seed: 42, steps: 20, guidanceScale: 7, width: 512, height: 512 },
      scheduler: 'dpm++-karras',
    },
    notes: ['model', 'noise'],
  },
  'sdcpp-json.png': {
    tool: 'stable-diffusion.cpp',
    model: 'v1-5.safetensors',
    request: {
      ...{ prompt: 'Seed: 999, a sunflower', negativePrompt: 'sky', promptSyntax: 'weighted' },
      ...{ seed: 7, steps: 30, guidanceScale: 5, width: 640, height: 512 },
      scheduler: 'euler-a',
    },
    notes: ['model'],
  },
  'invokeai.png': {
    tool: 'InvokeAI',
    model: 'dreamshaper-8',
    request: {
      ...{ prompt: 'a red apple', negativePrompt: 'blurry', guidanceRescale: 0.2 },
      ...{ seed: 42, steps: 30, guidanceScale: 7.5, width: 512, height: 640 },
      scheduler: 'dpm++-sde-karras',
    },
    notes: ['model', 'lora'],
  },
  'invokeai-2.png': {
    tool: 'InvokeAI',
    model: 'stable-diffusion-1.5',
    request: {
      ...{ prompt: 'a red apple', negativePrompt: 'blurry' },
      ...{ seed: 42, steps: 50, guidanceScale: 7.5, width: 512, height: 512 },
      scheduler: 'euler-a',
    },
    notes: ['model'],
  },
  'invokeai-1.png': {
    tool: 'InvokeAI',
    request: {
      ...{ prompt: 'a "red" apple', negativePrompt: 'blurry' },
      ...{ seed: 42, steps: 50, guidanceScale: 7.5, width: 512, height: 640 },
      scheduler: 'lms',
    },
    notes: [],
  },
  'fooocus.png': FOOOCUS,
  'fooocus.jpg': FOOOCUS,
  'novelai.png': {
    tool: 'NovelAI',
    model: 'Stable Diffusion XL 7BCCAA2C',
    request: {
      ...{ prompt: 'a {red} apple', negativePrompt: 'lowres, blurry', guidanceRescale: 0 },
      ...{ seed: 42, steps: 28, guidanceScale: 5, width: 832, height: 1216 },
      scheduler: 'euler-a',
    },
    notes: ['sampler', 'model', 'noise'],
  },
  'comfyui.png': COMFY,
  'comfyui.webp': COMFY,
  'comfyui-custom.png': {
    tool: 'ComfyUI',
    model: 'sdxl.safetensors',
    request: {
      ...{ prompt: 'an apple, a table', negativePrompt: 'blurry', promptSyntax: 'weighted' },
      ...{ seed: 11, steps: 12, guidanceScale: 3.5, strength: 0.6, scheduler: 'euler-a' },
    },
    notes: ['model', 'start-image'],
  },
  'no-recipe.png': undefined,
};

describe("other tools' recipes", () => {
  for (const [name, expected] of Object.entries(EXPECTED)) {
    it(`reads ${name}`, () => {
      const recipe = read(name);
      if (!expected) {
        assert.equal(recipe, undefined);
        return;
      }
      assert.ok(recipe);
      assert.deepEqual(recipe.request, expected.request);
      assert.equal(recipe.tool, expected.tool);
      assert.equal(recipe.model, expected.model);
      assert.deepEqual(
        recipe.notes.map(({ about }) => about),
        expected.notes,
      );
    });
  }
});

import assert from 'node:assert/strict';
import { parseInfotext } from '../../../src/core/recipe/infotext';
import { readAutomatic1111 } from '../../../src/core/recipe/readers/automatic1111';
import { readDrawThings } from '../../../src/core/recipe/readers/draw-things';
import { readEasyDiffusion } from '../../../src/core/recipe/readers/easy-diffusion';
import { readInvokeAi } from '../../../src/core/recipe/readers/invokeai';
import { readSwarmUi } from '../../../src/core/recipe/readers/swarmui';
import { writeParameters, type Recipe } from '../../../src/core/recipe';
import type { SeamlessAxes } from '../../../src/core/request/seamless';

const notesOf = (recipe: Recipe | undefined) =>
  recipe?.notes.map(({ message }) => message).join('\n') ?? '';

describe("Civitai's resources in AUTOMATIC1111's text", () => {
  const resources = [
    {
      type: 'checkpoint',
      modelVersionId: 128713,
      modelName: 'DreamShaper, "8"',
      modelVersionName: '8',
    },
    { type: 'lora', weight: 0.75, modelVersionId: 16576, modelName: 'Ink: a, b' },
    { type: 'lycoris', weight: 1, modelVersionId: 2, modelName: 'Seed: 7, Steps: 3' },
    { type: 'embed', weight: 1, modelVersionId: 3, modelName: 'EasyNegative' },
    { type: 'lora', weight: 0.2, modelVersionId: 99 },
  ];
  const text =
    'a red apple\nNegative prompt: blurry\n' +
    'Steps: 25, Sampler: Euler a, CFG scale: 7, Seed: 1234, Size: 512x768, Clip skip: 1, ' +
    `Created Date: 2024-05-01T10:20:30.000Z, Civitai resources: ${JSON.stringify(resources)}, ` +
    'Civitai metadata: {"remixOfId":1}';

  it('name the model and the LoRAs, and change no other setting', () => {
    const recipe = readAutomatic1111(text);
    const { seed, steps, width, height } = recipe!.request;
    assert.deepEqual([seed, steps, width, height], [1234, 25, 512, 768]);
    assert.equal(recipe!.model, 'DreamShaper, "8" (8)');
    const notes = notesOf(recipe);
    assert.match(notes, /LoRA Ink: a, b at 0\.75/);
    assert.match(notes, /LoRA Seed: 7, Steps: 3 at 1/);
    assert.match(notes, /LoRA with the version 99 on Civitai at 0\.2/);
    assert.doesNotMatch(notes, /EasyNegative/);
    assert.equal(recipe!.details['Created Date'], '2024-05-01T10:20:30.000Z');
  });

  it('are whole values, whatever is in them', () => {
    const { settings } = parseInfotext(text);
    assert.deepEqual(JSON.parse(settings.get('Civitai resources')!), resources);
    assert.equal(settings.get('Civitai metadata'), '{"remixOfId":1}');
    const odd = parseInfotext('a\nAb: [1, 2, Cd: "x, y" , Ef: {"a": "}, Gh: 3"}, Ij: [, Kl: 5');
    assert.deepEqual(Object.fromEntries(odd.settings), {
      ...{ Ab: '[1', Cd: 'x, y', Ef: '{"a": "}', Gh: '3"}', Ij: '[', Kl: '5' },
    });
  });
});

describe('images without a seam', () => {
  it('are read from the recipes of other tools', () => {
    const ofA1111 = (value: string) =>
      readAutomatic1111(`a\nSteps: 5, Sampler: Euler, Seed: 1${value}`)!;
    assert.equal(ofA1111(', Tiling: True').request.seamless, 'xy');
    assert.equal(ofA1111('').request.seamless, undefined);
    assert.doesNotMatch(notesOf(ofA1111(', Tiling: True')), /Tiling/);
    const ofInvoke = (x: unknown, y: unknown) =>
      readInvokeAi(JSON.stringify({ positive_prompt: 'a', seamless_x: x, seamless_y: y }))?.request;
    assert.equal(ofInvoke(true, true)?.seamless, 'xy');
    assert.equal(ofInvoke(false, true)?.seamless, 'y');
    assert.equal(ofInvoke(false, null)?.seamless, undefined);
    const ofSwarm = (value: string) =>
      readSwarmUi(JSON.stringify({ sui_image_params: { prompt: 'a', seamlesstileable: value } }));
    assert.equal(ofSwarm('X-Only')?.request.seamless, 'x');
    assert.equal(ofSwarm('false')?.request.seamless, undefined);
  });

  it('are written into the text of AUTOMATIC1111 where both axes are', () => {
    const request = { prompt: 'moss', seed: 1, steps: 5, scheduler: 'DDIMScheduler' };
    const drawn = { tool: 'Easel', details: {}, notes: [] } as const;
    const textOf = (seamless: SeamlessAxes) =>
      writeParameters({ ...drawn, request: { ...request, seamless } });
    assert.match(textOf('xy'), /Tiling: True/);
    assert.equal(readAutomatic1111(textOf('xy'))?.request.seamless, 'xy');
    assert.doesNotMatch(textOf('x'), /Tiling/);
  });
});

describe('recipes of further tools', () => {
  it('InvokeAI, with a style for the second text encoder of SDXL', () => {
    const record = { positive_prompt: 'a cat', negative_prompt: 'blurry', seed: 1 };
    const styled = { positive_style_prompt: 'ink', negative_style_prompt: '' };
    const { request } = readInvokeAi(JSON.stringify({ ...record, ...styled }))!;
    assert.deepEqual([request.prompt, request.prompt2], ['a cat', 'ink']);
    assert.deepEqual([request.negativePrompt, request.negativePrompt2], ['blurry', undefined]);
  });

  it('SwarmUI', () => {
    const record = {
      sui_image_params: {
        ...{ prompt: 'a red apple', negativeprompt: 'blurry', model: 'sdxl.safetensors', seed: 42 },
        ...{
          steps: 20,
          cfgscale: 6.5,
          width: 1024,
          height: 768,
          sampler: 'euler',
          scheduler: 'normal',
        },
        ...{ loras: ['ink', 'b'], loraweights: ['0.8', '1'], swarm_version: '0.9.5' },
        ...{
          refinerupscale: 1.5,
          refinercontrolpercentage: 0.4,
          refinerupscalemethod: 'latent-bilinear',
        },
      },
      sui_extra_data: {},
    };
    const recipe = readSwarmUi(JSON.stringify(record));
    assert.deepEqual(recipe?.request, {
      ...{ prompt: 'a red apple', negativePrompt: 'blurry', promptSyntax: 'weighted' },
      ...{ seed: 42, steps: 20, guidanceScale: 6.5, width: 1024, height: 768, scheduler: 'euler' },
      hires: { scale: 1.5, strength: 0.4, upscaler: 'latent' },
    });
    assert.match(notesOf(recipe), /LoRA ink at 0\.8/);
    assert.equal(recipe.model, 'sdxl.safetensors');
    assert.equal(readSwarmUi('{"prompt": "sui_image_params"}'), undefined);
  });

  it('Draw Things', () => {
    const json = {
      ...{ c: 'a <red> apple', uc: 'blurry', seed: 42, steps: 8, scale: 4.5, size: '512x768' },
      ...{ sampler: 'Euler A', model: 'sd_v1.5_f16.ckpt', strength: 1 },
      lora: [{ model: 'ink.ckpt', weight: 0.6 }],
    };
    const escaped = JSON.stringify(json).replaceAll('<', '&lt;').replaceAll('"', '&quot;');
    const xmp =
      '<x:xmpmeta><rdf:RDF><rdf:Description><exif:UserComment><rdf:Alt>' +
      `<rdf:li xml:lang="x-default">${escaped}</rdf:li></rdf:Alt></exif:UserComment>` +
      '</rdf:Description></rdf:RDF></x:xmpmeta>';
    const recipe = readDrawThings(xmp);
    assert.deepEqual(recipe?.request, {
      ...{ prompt: 'a <red> apple', negativePrompt: 'blurry', promptSyntax: 'weighted' },
      ...{ seed: 42, steps: 8, guidanceScale: 4.5, width: 512, height: 768, scheduler: 'euler-a' },
    });
    assert.match(notesOf(recipe), /LoRA ink\.ckpt at 0\.6/);
  });

  it('Easy Diffusion', () => {
    const texts = new Map(
      Object.entries({
        ...{ prompt: 'a red apple', negative_prompt: 'blurry', seed: '42', width: '512' },
        ...{
          height: '512',
          num_inference_steps: '25',
          guidance_scale: '7.5',
          sampler_name: 'euler_a',
        },
        ...{ use_stable_diffusion_model: 'sd-v1-5', use_lora_model: 'ink', lora_alpha: '0.5' },
        ...{ use_upscale: 'RealESRGAN_x4plus', use_face_correction: 'None' },
      }),
    );
    const recipe = readEasyDiffusion(texts);
    assert.deepEqual(recipe?.request, {
      ...{ prompt: 'a red apple', negativePrompt: 'blurry', promptSyntax: 'weighted' },
      ...{ seed: 42, steps: 25, guidanceScale: 7.5, width: 512, height: 512, scheduler: 'euler-a' },
    });
    assert.match(notesOf(recipe), /LoRA ink at 0\.5/);
    assert.match(notesOf(recipe), /upscaler RealESRGAN/);
    assert.doesNotMatch(notesOf(recipe), /face/);
  });
});

import assert from 'node:assert/strict';
import { readComfyUi } from '../../../src/core/recipe/readers/comfyui';

type Inputs = Readonly<Record<string, unknown>>;
type Graph = Readonly<Record<string, { readonly class_type: string; readonly inputs: Inputs }>>;

const node = (class_type: string, inputs: Inputs) => ({ class_type, inputs });

const SAMPLING = { seed: 42, steps: 20, cfg: 7, sampler_name: 'euler', scheduler: 'normal' };

/** A plain graph: checkpoint 4, texts 6 and 7, latents 5, sampler 3. */
const plain = (sampler: Inputs = {}, others: Graph = {}): Graph => ({
  '3': node('KSampler', {
    ...{ ...SAMPLING, denoise: 1, model: ['4', 0], positive: ['6', 0], negative: ['7', 0] },
    latent_image: ['5', 0],
    ...sampler,
  }),
  '4': node('CheckpointLoaderSimple', { ckpt_name: 'sd15.safetensors' }),
  '5': node('EmptyLatentImage', { width: 512, height: 768, batch_size: 1 }),
  '6': node('CLIPTextEncode', { text: 'a red apple', clip: ['4', 1] }),
  '7': node('CLIPTextEncode', { text: 'blurry', clip: ['4', 1] }),
  ...others,
});

function read(graph: Graph) {
  const recipe = readComfyUi(JSON.stringify(graph));
  assert.ok(recipe);
  const notes = recipe.notes.map(({ message }) => message).join('\n');
  return { ...recipe.request, model: recipe.model, notes };
}

describe("ComfyUI's graphs", () => {
  it('without other nodes have no notes but the model', () => {
    const { notes, prompt, negativePrompt, seed, width } = read(plain());
    assert.equal(notes, 'It was drawn with the model sd15.safetensors; choose yours.');
    assert.deepEqual([prompt, negativePrompt, seed, width], ['a red apple', 'blurry', 42, 512]);
  });

  it('with Efficient Loader and LoRA Stacker are read whole', () => {
    const found = read({
      '1': node('Efficient Loader', {
        ...{ ckpt_name: 'dream.safetensors', vae_name: 'Baked VAE', clip_skip: -1 },
        ...{ lora_name: 'ink.safetensors', lora_model_strength: 0.7, lora_clip_strength: 1 },
        ...{ positive: 'a red apple', negative: 'blurry', lora_stack: ['2', 0] },
        ...{ empty_latent_width: 512, empty_latent_height: 640, batch_size: 1 },
      }),
      '2': node('LoRA Stacker', {
        ...{ input_mode: 'simple', lora_count: 2 },
        ...{ lora_name_1: 'a.safetensors', lora_wt_1: 0.5, lora_name_2: 'None', lora_wt_2: 1 },
        ...{ lora_name_3: 'unused.safetensors', lora_wt_3: 1 },
      }),
      '3': node('KSampler (Efficient)', {
        ...{ ...SAMPLING, denoise: 1, model: ['1', 0], positive: ['1', 1], negative: ['1', 2] },
        ...{ latent_image: ['1', 3], optional_vae: ['1', 4], preview_method: 'auto' },
      }),
    });
    assert.deepEqual([found.prompt, found.negativePrompt], ['a red apple', 'blurry']);
    assert.deepEqual([found.width, found.height, found.steps], [512, 640, 20]);
    assert.equal(found.model, 'dream.safetensors');
    assert.match(found.notes, /LoRA ink\.safetensors at 0\.7/);
    assert.match(found.notes, /LoRA a\.safetensors at 0\.5/);
    assert.doesNotMatch(found.notes, /None|unused|was not found/);
  });

  it('with joined texts are read in the order of the nodes', () => {
    const texts = {
      '6': node('CLIPTextEncode', { text: ['8', 0], clip: ['4', 1] }),
      '8': node('StringConcatenate', {
        ...{ string_a: 'a red apple', string_b: ['9', 0], delimiter: ', ' },
      }),
      '9': node('PrimitiveString', { value: 'on a table' }),
    };
    assert.equal(read(plain({}, texts)).prompt, 'a red apple, on a table');
    const was = {
      ...texts,
      '8': node('Text Concatenate', {
        ...{ delimiter: ' ', clean_whitespace: 'true', text_a: ['9', 0], text_b: 'in oil' },
      }),
      '9': node('Text Multiline', { text: 'a boat' }),
    };
    assert.equal(read(plain({}, was)).prompt, 'a boat in oil');
    const wildcards = {
      ...texts,
      '8': node('ImpactWildcardProcessor', {
        ...{ wildcard_text: '{a|b}', populated_text: 'an owl', mode: 'populate', seed: 1 },
      }),
    };
    assert.equal(read(plain({}, wildcards)).prompt, 'an owl');
  });

  it('with texts from unknown nodes say so', () => {
    const unknown = {
      '6': node('CLIPTextEncode', { text: ['8', 0], clip: ['4', 1] }),
      '8': node('OllamaGenerate', { model: ['9', 0], query: 'describe' }),
    };
    const found = read(plain({}, unknown));
    assert.equal(found.prompt, '');
    assert.match(found.notes, /Its prompt was not found: .*nodes that Easel does not know/);
    const half = {
      ...unknown,
      '6': node('CLIPTextEncode', { text: ['10', 0], clip: ['4', 1] }),
      '10': node('StringConcatenate', { string_a: 'a cat', string_b: ['8', 0], delimiter: ' ' }),
    };
    const partly = read(plain({}, half));
    assert.equal(partly.prompt, 'a cat');
    assert.match(partly.notes, /A part of its prompt was not found/);
    const other = read(plain({ positive: ['11', 0] }, { '11': node('MysteryEncode', { a: 1 }) }));
    assert.match(other.notes, /Its prompt was not found: .*MysteryEncode/);
  });

  it("with rgthree's Power Lora Loader, stacks and tags name the LoRAs", () => {
    const power = {
      '8': node('Power Lora Loader (rgthree)', {
        PowerLoraLoaderHeaderWidget: { type: 'PowerLoraLoaderHeaderWidget' },
        lora_1: { on: true, lora: 'ink.safetensors', strength: 0.8 },
        lora_2: { on: false, lora: 'off.safetensors', strength: 1 },
        '➕ Add Lora': '',
        ...{ model: ['4', 0], clip: ['4', 1] },
      }),
    };
    const { notes } = read(plain({ model: ['8', 0] }, power));
    assert.match(notes, /LoRA ink\.safetensors at 0\.8/);
    assert.doesNotMatch(notes, /off\.safetensors|change of the model/);
    const stack = {
      '8': node('CR Apply LoRA Stack', { model: ['4', 0], clip: ['4', 1], lora_stack: ['9', 0] }),
      '9': node('CR LoRA Stack', {
        ...{ switch_1: 'On', lora_name_1: 'a.safetensors', model_weight_1: 0.4 },
        ...{ switch_2: 'Off', lora_name_2: 'b.safetensors', model_weight_2: 1 },
      }),
      '6': node('CLIPTextEncode', { text: 'a cat <lora:tagged:0.3>', clip: ['4', 1] }),
    };
    const stacked = read(plain({ model: ['8', 0] }, stack));
    assert.match(stacked.notes, /LoRA a\.safetensors at 0\.4/);
    assert.match(stacked.notes, /LoRA tagged at 0\.3/);
    assert.doesNotMatch(stacked.notes, /b\.safetensors/);
    assert.equal(stacked.prompt, 'a cat');
  });

  it('with ControlNets, image prompts and changes of the model say what is not taken over', () => {
    const control = {
      '8': node('ControlNetApplyAdvanced', {
        ...{ positive: ['6', 0], negative: ['7', 0], control_net: ['9', 0], image: ['10', 0] },
        ...{ strength: 0.9, start_percent: 0, end_percent: 1 },
      }),
      '9': node('ControlNetLoader', { control_net_name: 'canny.safetensors' }),
      '10': node('LoadImage', { image: 'edges.png' }),
      '11': node('IPAdapterAdvanced', { model: ['12', 0], image: ['10', 0], weight: 1 }),
      '12': node('FreeU_V2', { model: ['4', 0], b1: 1.3, b2: 1.4, s1: 0.9, s2: 0.2 }),
    };
    const links = { positive: ['8', 0], negative: ['8', 1], model: ['11', 0] };
    const found = read(plain(links, control));
    assert.deepEqual([found.prompt, found.negativePrompt], ['a red apple', 'blurry']);
    assert.equal(found.model, 'sd15.safetensors');
    assert.match(found.notes, /ControlNet ControlNetApplyAdvanced/);
    assert.match(found.notes, /image prompt IPAdapterAdvanced/);
    assert.match(found.notes, /FreeU_V2/);
  });

  const second = (latent: readonly unknown[], others: Graph, denoise = 0.5) =>
    read(
      plain(
        {},
        {
          '20': node('KSampler', {
            ...{ ...SAMPLING, seed: 7, steps: 10, denoise, model: ['4', 0] },
            ...{ positive: ['6', 0], negative: ['7', 0], latent_image: latent },
          }),
          ...others,
        },
      ),
    );

  it('with a second pass over enlarged latents or images take it over, with a note', () => {
    const by = { '21': node('LatentUpscaleBy', { samples: ['3', 0], scale_by: 1.5 }) };
    const latent = second(['21', 0], by);
    assert.deepEqual(latent.hires, { scale: 1.5, strength: 0.5, steps: 10, upscaler: 'latent' });
    assert.match(latent.notes, /second pass/);
    assert.equal(latent.seed, 42);
    const to = { '21': node('LatentUpscale', { samples: ['3', 0], width: 1024, height: 1536 }) };
    assert.equal(second(['21', 0], to).hires?.scale, 2);
    const image = {
      '21': node('VAEEncode', { pixels: ['22', 0], vae: ['4', 2] }),
      '22': node('ImageScaleBy', { image: ['23', 0], upscale_method: 'lanczos', scale_by: 2 }),
      '23': node('VAEDecode', { samples: ['3', 0], vae: ['4', 2] }),
    };
    const { hires, notes } = second(['21', 0], image);
    assert.deepEqual(hires, { scale: 2, strength: 0.5, steps: 10, upscaler: 'lanczos' });
    assert.doesNotMatch(notes, /start|another image/);
  });

  it('with other passes name them', () => {
    const found = second(['3', 0], {});
    assert.equal(found.hires, undefined);
    assert.match(
      found.notes,
      /A second pass of the graph, KSampler \(10 steps, denoise 0\.5\), is not/,
    );
  });
});

import { strict as assert } from 'node:assert';
import { EaselError } from '../../../src/core/errors';
import {
  EditBodySchema,
  editRequest,
  GenerationBodySchema,
  generationRequest,
  parseBody,
  partialImages,
  readFormFields,
  sizeOf,
  VariationBodySchema,
  variationRequest,
} from '../../../src/core/serve/openai';
import { parseRequest } from '../../../src/core/request/request';

const DEFAULTS = { model: 'starter', request: { device: 'cpu' } } as const;
const generation = (body: object) =>
  generationRequest(parseBody(GenerationBodySchema, body), DEFAULTS);
const image = new Uint8Array([1]);

describe("OpenAI's bodies", () => {
  it('become requests, with the fields of vLLM-Omni', () => {
    const request = generation({
      ...{ prompt: 'a fox', n: 3, size: '640x480', output_format: 'webp', seed: 7 },
      ...{ background: 'transparent', negative_prompt: 'a dog', num_inference_steps: 4 },
      ...{ guidance_scale: 2.5, user: 'me', quality: 'hd', style: 'vivid', unknown: [1] },
    });
    assert.deepEqual(request, {
      ...{ device: 'cpu', prompt: 'a fox', transparent: true, negativePrompt: 'a dog', seed: 7 },
      ...{ steps: 4, guidanceScale: 2.5, format: 'webp', numImages: 3, model: 'starter' },
      fit: { width: 640, height: 480 },
    });
    parseRequest(request);
  });

  it('are refused with what belongs to a ControlNet, which would be left out', () => {
    for (const field of [
      ...['controlnets', 'controlImages', 'controlnetConditioningScale', 'controlGuidanceStart'],
      ...['controlGuidanceEnd', 'controlPreprocess', 'control_images', 'control-net'],
      'controlnet_units',
    ]) {
      for (const schema of [GenerationBodySchema, EditBodySchema, VariationBodySchema]) {
        assert.throws(() => parseBody(schema, { prompt: 'a', [field]: ['x'] }), {
          code: 'bad-request',
          message: new RegExp(`^${field}: this server takes no ControlNets in this field`),
        });
      }
    }
    assert.equal(parseBody(GenerationBodySchema, { prompt: 'a', controlnet: null }).prompt, 'a');
    assert.equal(parseBody(GenerationBodySchema, { prompt: 'a', controls: 1 }).prompt, 'a');
  });

  it('leave open what they leave out, or send as null', () => {
    const open = {
      device: 'cpu',
      prompt: 'a',
      transparent: false,
      format: 'png',
      model: 'starter',
    };
    assert.deepEqual(generation({ prompt: 'a' }), open);
    assert.deepEqual(generation({ prompt: 'a', n: null, size: null, seed: null }), open);
    assert.deepEqual(generation({ prompt: 'a', size: 'auto', partial_images: 2 }), open);
  });

  it('ask for unfinished images only of a stream', () => {
    const body = parseBody(GenerationBodySchema, { prompt: 'a', stream: true, partial_images: 2 });
    assert.equal(partialImages(body), 2);
    assert.equal(generationRequest(body, DEFAULTS).preview, true);
    assert.equal(partialImages({ ...body, stream: false }), 0);
  });

  it('of edits draw at the size that suits the model, and give the file the size of the image', () => {
    const body = parseBody(EditBodySchema, { prompt: 'a', strength: 0.4 });
    const drawn = { width: 512, height: 512, multiple: 8 };
    const files = { image, size: { width: 1000, height: 500 }, drawn };
    const request = editRequest(body, files, DEFAULTS);
    assert.deepEqual(request.fit, { width: 1000, height: 500 });
    assert.deepEqual([request.width, request.height, request.strength], [1000, 504, 0.4]);
    const small = editRequest(body, { ...files, size: { width: 100, height: 50 } }, DEFAULTS);
    assert.deepEqual([small.width, small.height], [728, 360]);
  });

  it('of variations take the prompt of the file, and draw without one', () => {
    const body = parseBody(VariationBodySchema, {});
    const files = { image, size: { width: 64, height: 64 } };
    const own = { prompt: 'a fox', negativePrompt: 'a dog' };
    const request = variationRequest(body, files, own, DEFAULTS);
    assert.deepEqual([request.prompt, request.negativePrompt], ['a fox', 'a dog']);
    assert.equal(variationRequest(body, files, undefined, DEFAULTS).prompt, '');
  });

  it('of forms have numbers and booleans as such, and leave other text for its error', () => {
    const fields = new Map([
      ...([
        ['n', '2'],
        ['stream', 'True'],
        ['strength', ' 0.5 '],
        ['seed', '-1'],
      ] as const),
      ...([
        ['prompt', '7'],
        ['partial_images', 'two'],
        ['size', '64x64'],
      ] as const),
    ]);
    assert.deepEqual(readFormFields(fields), {
      ...{ n: 2, stream: true, strength: 0.5, seed: -1 },
      ...{ prompt: '7', partial_images: 'two', size: '64x64' },
    });
  });

  it('name sizes that an image can have', () => {
    assert.deepEqual(sizeOf({ size: '1024x1536' }), { width: 1024, height: 1536 });
    assert.equal(sizeOf({ size: 'auto' }), undefined);
    for (const size of ['0x5', '99999x1']) {
      assert.throws(() => sizeOf({ size }), EaselError);
    }
  });

  for (const body of [undefined, null, [], 'text', { prompt: 1 }, { prompt: 'a', n: 0 }]) {
    it(`are refused: ${JSON.stringify(body)}`, () => {
      assert.throws(
        () => parseBody(GenerationBodySchema, body),
        (thrown: unknown) => thrown instanceof EaselError && thrown.code === 'bad-request',
      );
    });
  }
});

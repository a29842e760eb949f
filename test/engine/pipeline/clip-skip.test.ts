import assert from 'node:assert/strict';
import { EaselError, type ErrorCode } from '../../../src/core/errors';
import type { PromptSyntax } from '../../../src/core/request/request';
import { openModel } from '../../../src/engine/model/open';
import { SessionCache } from '../../../src/engine/runtime/session-cache';
import { materialise } from '../../support/fixture';
import { materialiseOnnx } from '../../support/onnx-folder';
import { encodePrompt } from '../../support/prompt-embeddings';

const PROMPTS = { prompt: 'a red apple', negativePrompt: 'blurry' };

function coded(code: ErrorCode, ...words: string[]): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof EaselError, String(error));
    assert.equal(error.code, code, error.message);
    for (const word of words) assert.ok(error.message.includes(word), error.message);
    return true;
  };
}

// Images with a clip skip are compared with diffusers' in text-to-image.test.ts and sdxl.test.ts.
describe('clip skip', () => {
  const sessions = new SessionCache();
  after(() => sessions.clear());

  const encode = async (name: string, promptSyntax: PromptSyntax, clipSkip?: number) => {
    const folder = materialise(name);
    const model = await openModel({ id: name, folder });
    return encodePrompt(model, sessions, PROMPTS, { promptSyntax, guided: true, clipSkip });
  };

  for (const name of ['sd1', 'sdxl']) {
    it(`is for the prompt alone, as in diffusers, and never for pooled features (${name})`, async () => {
      const plain = await encode(name, 'plain');
      assert.deepEqual(await encode(name, 'plain', 0), plain);
      const skipped = await encode(name, 'plain', 1);
      assert.notDeepEqual(skipped.embeds[1], plain.embeds[1]);
      assert.deepEqual(skipped.embeds[0], plain.embeds[0]);
      assert.deepEqual(skipped.pooled, plain.pooled);
    });

    it(`is also for a weighted negative prompt, as in AUTOMATIC1111 (${name})`, async () => {
      const plain = await encode(name, 'plain', 1);
      const weighted = await encode(name, 'weighted', 1);
      assert.deepEqual(weighted.embeds[1], plain.embeds[1]);
      assert.notDeepEqual(weighted.embeds[0], plain.embeds[0]);
      assert.deepEqual(weighted.pooled, plain.pooled);
    });
  }

  it('is refused where a text encoder has too few layers, with the most that it can be', async () => {
    for (const [name, most] of [
      ['sd1', 3],
      ['sd2', 2],
      // Its last layer is never used.
      ['sdxl', 2],
    ] as const) {
      const model = await openModel({ id: name, folder: materialise(name) });
      for (let clipSkip = 0; clipSkip <= most; clipSkip++) model.checkConditions({ clipSkip });
      const refused = coded('bad-request', 'clipSkip', name, `At most ${String(most)}`);
      assert.throws(() => model.checkConditions({ clipSkip: most + 1 }), refused);
    }
  });

  it('is refused for exported graphs', async () => {
    const model = await openModel({ id: 'exported', folder: materialiseOnnx('optimum') });
    model.checkConditions({ clipSkip: 0 });
    const refused = coded('unsupported-model', 'exported', 'ONNX', 'clipSkip');
    assert.throws(() => model.checkConditions({ clipSkip: 1 }), refused);
  });
});

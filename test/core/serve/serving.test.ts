import { strict as assert } from 'node:assert';
import { EaselError, ERROR_CODES } from '../../../src/core/errors';
import { HTTP_STATUS } from '../../../src/core/serve/http-status';
import { DEFAULT_LIMITS, requireWithinLimits } from '../../../src/core/serve/limits';
import {
  findServedLora,
  findServedModel,
  isOpenAiModel,
  nameModels,
  type StoredModel,
} from '../../../src/core/serve/models';

const stored = (id: string, more: Partial<StoredModel> = {}): StoredModel => ({
  ...{ id, path: `/cache/${id}`, origin: 'cache', kind: 'pipeline', runnable: true, reason: '' },
  ...more,
});
const atPath = (path: string, more: Partial<StoredModel> = {}) =>
  stored(path, { path, origin: 'path', ...more });

describe('the models of a server', () => {
  const models = nameModels([
    stored('starter', { origin: 'starter' }),
    stored('org/model'),
    stored('org/broken', { runnable: false, reason: 'a file is missing.' }),
    atPath('/home/me/models/photo.safetensors'),
    atPath('C:\\models\\photo.ckpt'),
    atPath('/home/me/starter'),
    stored('org/ink', { kind: 'lora' }),
    atPath('/home/me/pen.safetensors', { kind: 'lora' }),
  ]);

  it('are named without paths, and each by another name', () => {
    assert.deepEqual(
      models.map(({ name }) => name),
      ['starter', 'org/model', 'org/broken', 'photo', 'photo-2', 'starter-2', 'org/ink', 'pen'],
    );
  });

  it('are found by these names alone', () => {
    assert.equal(findServedModel(models, 'photo').stored.id, '/home/me/models/photo.safetensors');
    const code = (name: string) => {
      try {
        findServedModel(models, name);
      } catch (thrown) {
        return (thrown as EaselError).code;
      }
      return undefined;
    };
    assert.equal(code('org/model'), undefined);
    assert.equal(code('org/broken'), 'unsupported-model');
    for (const name of ['/home/me/starter', 'org/ink', '', '__proto__', 'toString', '../starter']) {
      assert.equal(code(name), 'model-not-found', name);
    }
  });

  it('have LoRAs that a tag names, also without their owner', () => {
    assert.equal(findServedLora(models, 'ink').stored.id, 'org/ink');
    assert.equal(findServedLora(models, 'org/ink').stored.id, 'org/ink');
    assert.equal(findServedLora(models, 'pen').stored.id, '/home/me/pen.safetensors');
    assert.throws(() => findServedLora(models, '/home/me/pen.safetensors'), EaselError);
    assert.throws(() => findServedLora(models, 'org/model'), EaselError);
  });

  it("stand for OpenAI's own", () => {
    for (const name of ['dall-e-2', 'dall-e-3', 'gpt-image-1', 'gpt-image-1-mini', 'gpt-image-2']) {
      assert.ok(isOpenAiModel(name), name);
    }
    for (const name of ['dall-e', 'gpt-4o', 'starter', 'org/gpt-image-1', '']) {
      assert.ok(!isOpenAiModel(name), name);
    }
  });
});

describe('the limits of a server', () => {
  const refused: readonly (readonly [object, RegExp])[] = [
    [{ width: 2049 }, /size: .*2048 pixels a side, not 2049.*--max-size/],
    [{ fit: { width: 16, height: 4000 } }, /not 4000/],
    [{ width: 1100, height: 64, hires: {} }, /not 2200/],
    [{ numImages: 11 }, /n: .*10 images, not 11.*--max-images/],
    [{ steps: 151 }, /steps: .*150 steps, not 151.*--max-steps/],
    [{ steps: 1, hires: { steps: 200 } }, /not 200/],
  ];
  for (const [fields, message] of refused) {
    it(`refuse ${JSON.stringify(fields)}`, () => {
      assert.throws(
        () => requireWithinLimits({ prompt: 'a', ...fields }, DEFAULT_LIMITS),
        (thrown: unknown) => thrown instanceof EaselError && message.test(thrown.message),
      );
    });
  }

  it('take what is at them', () => {
    const most = { width: 2048, height: 2048, numImages: 10, steps: 150 };
    requireWithinLimits({ prompt: 'a', ...most }, DEFAULT_LIMITS);
    requireWithinLimits({ prompt: 'a' }, DEFAULT_LIMITS);
  });
});

describe('the statuses of errors', () => {
  it('are there for every code, and are errors', () => {
    assert.deepEqual(Object.keys(HTTP_STATUS).sort(), [...ERROR_CODES].sort());
    for (const { status } of Object.values(HTTP_STATUS)) assert.ok(status >= 400 && status < 600);
  });

  it('say what a client can do', () => {
    const status = (code: keyof typeof HTTP_STATUS) => HTTP_STATUS[code].status;
    assert.equal(status('bad-request'), 400);
    assert.equal(status('model-not-found'), 404);
    assert.equal(status('engine-crashed'), 503);
    assert.equal(status('not-enough-memory'), 507);
    assert.equal(status('internal'), 500);
    // Sending the same again helps only there.
    assert.ok(HTTP_STATUS['engine-crashed'].retry && !HTTP_STATUS['not-enough-memory'].retry);
  });
});

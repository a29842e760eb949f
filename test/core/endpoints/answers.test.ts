import assert from 'node:assert/strict';
import fc from 'fast-check';
import { fitRequest, type EndpointAbilities } from '../../../src/core/endpoints/abilities';
import { errorOfAnswer } from '../../../src/core/endpoints/answer-errors';
import { modelInputs } from '../../../src/core/endpoints/input-names';
import { fillPlaces, valuesAt } from '../../../src/core/endpoints/template';
import { FIELD_NAMES } from '../../../src/core/request/fields';

describe('the answers of endpoints that are no success', () => {
  const errorOf = (status: number, body: unknown = '', more: object = {}) =>
    errorOfAnswer({
      ...{ status, body, hasKey: false, endpoint: { name: 'work', host: 'gpu.example' } },
      ...more,
    });

  it('say what to do', () => {
    const cases: readonly (readonly [number, unknown, string, RegExp, object?])[] = [
      [401, '', 'access-denied', /asks for a key\. Set one for the endpoint work\.$/],
      [401, '', 'access-denied', /does not accept the key/, { hasKey: true }],
      [402, '', 'payment-required', /payment or credits/],
      [403, '', 'access-denied', /does not allow this/],
      [404, '', 'model-not-found', /easel endpoints test work/],
      [413, '', 'bad-request', /too large/],
      [422, { detail: [{ loc: ['body', 'steps'], msg: 'too many' }] }, 'bad-request', /body\.steps: too many/],
      [429, '', 'rate-limited', /Try again later/],
      [429, '', 'rate-limited', /Try again in 1 min/, { retryAfterSeconds: 60 }],
      [429, { error: { code: 'insufficient_quota', message: 'You exceeded your quota' } }, 'payment-required', /exceeded your quota \(insufficient_quota\)/],
      [400, { error: { code: 'moderation_blocked', message: 'Rejected by the safety system' } }, 'content-refused', /Change its words/],
      [500, '<html>oops</html>', 'endpoint-failed', /error of its own \(500\)\. Try again later\.$/],
      [504, '', 'endpoint-failed', /took too long/],
      [400, { error: { message: 'failed', details: '' }, node_errors: { 4: { errors: [{ message: 'Value not in list', details: "lora_name: 'x'" }] } } }, 'bad-request', /It says: Value not in list: lora_name: 'x'$/],
      [418, { error: 'teapot' }, 'endpoint-failed', /418.*teapot/],
    ]; // prettier-ignore
    for (const [status, body, code, message, more] of cases) {
      const error = errorOf(status, body, more);
      assert.equal(error.code, code, `${status}`);
      assert.match(error.message, message);
      assert.match(error.message, /gpu\.example/);
    }
  });

  it('are errors whatever the body holds', () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 599 }), fc.jsonValue(), (status, body) => {
        const { message } = errorOf(status, body);
        assert.ok(message.length < 1000 && !message.includes('\n'));
      }),
    );
  });
});

describe('what an endpoint can do', () => {
  const abilities: EndpointAbilities = {
    ...{ fields: ['seed', 'width', 'height'], progress: false, previews: false, cancels: false },
  };

  it('refuses what it does not take by the option’s name, and nothing that is usual', () => {
    const ground = 'auto' as const;
    const usual = { prompt: 'x', seed: 1, guidanceRescale: 0, loras: [], ground };
    assert.equal(fitRequest(usual, abilities, { endpoint: 'e' }).request, usual);
    const own = { prompt: 'x', device: 'cpu', format: 'png', transparent: true } as const;
    assert.equal(fitRequest(own, abilities, { endpoint: 'e' }).leftOut, undefined);
    assert.throws(
      () =>
        fitRequest({ prompt: 'x', steps: 3, palette: ['#ff0000'] }, abilities, { endpoint: 'e' }),
      { code: 'not-supported', message: /does not take --steps, --palette \(palettes are/ },
    );
  });

  it('refuses IP-Adapters and their images by name', () => {
    const request = { prompt: 'x', ipAdapters: ['a'], ipAdapterImages: [Uint8Array.of(1)] };
    assert.throws(() => fitRequest(request, abilities, { endpoint: 'e' }), {
      code: 'not-supported',
      message: /does not take --ip-adapter, --ip-adapter-image\./,
    });
  });

  it('leaves out for a front with settings, and says what', () => {
    const options = { endpoint: 'e', leaveOut: true };
    const { request, leftOut } = fitRequest({ prompt: 'x', steps: 3, seed: 2 }, abilities, options);
    assert.deepEqual(request, { prompt: 'x', seed: 2 });
    assert.match(leftOut ?? '', /does not take --steps\.$/);
    // A seed that the front has chosen by itself is nobody's wish.
    const none = { ...abilities, fields: [] };
    assert.deepEqual(fitRequest({ prompt: 'x', seed: 2 }, none, options), {
      request: { prompt: 'x' },
    });
  });

  it('knows every field of a request: it takes it, refuses it, or it is this machine’s matter', () => {
    const all = { ...abilities, fields: FIELD_NAMES };
    for (const field of FIELD_NAMES) {
      const request = { prompt: 'x', [field]: 'something' };
      assert.equal(fitRequest(request, all, { endpoint: 'e' }).request, request);
    }
  });
});

describe('templates', () => {
  it('fill values as they are, and leave out what has none', () => {
    const body = { a: '{{seed}}', b: ['{{prompt}}!', '{{steps}}'], c: { d: '{{steps}}' }, e: 1 };
    assert.deepEqual(fillPlaces(body, { prompt: 'x', seed: 0 }), {
      ...{ a: 0, b: ['x!'], c: {}, e: 1 },
    });
  });

  it('put nothing else into JSON than the text', () => {
    fc.assert(
      fc.property(fc.string(), (prompt) => {
        assert.deepEqual(fillPlaces({ t: 'say {{prompt}}' }, { prompt }), { t: `say ${prompt}` });
      }),
    );
  });

  it('find values by a way, and none where it leads nowhere', () => {
    const json = { data: [{ b64: 'a' }, { b64: 'b' }], out: 'c' };
    assert.deepEqual(valuesAt(json, 'data[*].b64'), ['a', 'b']);
    assert.deepEqual(valuesAt(json, 'data[1].b64'), ['b']);
    assert.deepEqual(valuesAt(json, 'out'), ['c']);
    for (const way of ['x', 'data.b64', 'out.length', '__proto__.constructor', 'data[x]']) {
      assert.deepEqual(
        valuesAt(json, way).filter((value) => value !== undefined),
        [],
      );
    }
  });
});

describe('the inputs of a model', () => {
  it('are found by their usual names, whatever the description is', () => {
    const schema = (properties: object) => ({ components: { schemas: { Input: { properties } } } });
    const inputs = modelInputs(schema({ prompt: {}, image: { type: 'array' }, num_steps: {} }));
    assert.equal(inputs.get('steps')?.name, 'num_steps');
    assert.equal(inputs.get('initImage')?.isList, true);
    fc.assert(fc.property(fc.jsonValue(), (value) => modelInputs(value).size === 0));
  });
});

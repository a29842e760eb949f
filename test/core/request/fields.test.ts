import assert from 'node:assert/strict';
import * as v from 'valibot';
import { FIELD_NAMES, RECIPE_FIELDS, requestField } from '../../../src/core/request/fields';
import { assertRequest, parseRequest } from '../../../src/core/request/request';
import { readRequestSettings, SETTING_FIELDS } from '../../../src/core/request/settings';
import { STUDIO_STRINGS } from '../../../src/protocol/studio-strings';

describe('the table of request fields', () => {
  it('has defaults within the limits, which a request takes where it is silent', () => {
    const request: Readonly<Record<string, unknown>> = parseRequest({ prompt: 'a cat' });
    for (const field of FIELD_NAMES) {
      const { schema, default: usual, required } = requestField(field);
      if (usual !== undefined) assert.ok(v.is(schema, usual), field);
      assert.deepEqual(request[field], required ? 'a cat' : usual, field);
    }
  });

  it('has a name of its own for each option', () => {
    const options = FIELD_NAMES.flatMap((field) => requestField(field).option?.name ?? []);
    assert.equal(new Set(options).size, options.length);
  });

  it('gives the studio its labels and help texts', () => {
    const strings: Readonly<Record<string, string>> = STUDIO_STRINGS;
    for (const field of FIELD_NAMES) {
      const { form } = requestField(field);
      assert.equal(strings[`${field}.label`], form?.label);
      assert.equal(strings[`${field}.help`], form?.help);
    }
  });

  it('keeps the order of the recipe in files that were written before', () => {
    const before: readonly string[] = [
      ...['prompt', 'negativePrompt', 'style', 'promptSyntax', 'wildcards', 'model', 'seed'],
      ...['steps', 'guidanceScale', 'guidanceRescale', 'width', 'height', 'fit', 'scheduler'],
      ...['strength', 'outpaint', 'hires', 'vaeTiling', 'background', 'loras', 'embeddings', 'vae'],
      ...['format', 'transparent'],
    ];
    const kept: readonly string[] = RECIPE_FIELDS;
    assert.deepEqual(
      kept.filter((field) => before.includes(field)),
      before,
    );
  });
});

describe('a request', () => {
  it('is checked without being changed', () => {
    const asked: Record<string, unknown> = { prompt: 'a cat', steps: 3 };
    assertRequest(asked);
    assert.deepEqual(asked, { prompt: 'a cat', steps: 3 });
    assert.throws(() => assertRequest({ prompt: 'a cat', steps: 0 }), {
      message: 'steps: must be at least 1, not 0.',
    });
  });

  it('takes settings as far as they are usable', () => {
    const read = (values: Readonly<Record<string, unknown>>) =>
      readRequestSettings((field) => values[field]);
    const usual = read({});
    for (const field of SETTING_FIELDS) {
      assert.equal(usual[field], requestField(field).default, field);
    }
    const wrong = { model: ' ', device: 'toaster', format: 3, transparent: 'yes', metadata: null };
    assert.deepEqual(read({ ...wrong, steps: 0, guidanceScale: '7', width: null }), usual);
    const own = { model: 'org/name', device: 'cpu', format: 'webp', transparent: true, steps: 9 };
    assert.deepEqual(read({ ...own, model: ' org/name ' }), { ...usual, ...own });
  });
});

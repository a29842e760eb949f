import * as assert from 'node:assert/strict';

import { parseConfigJson, parseLooseRecord, shortJson } from '../../src/core/json';

describe('JSON of configs', () => {
  it('has the words of Python for numbers, outside of strings', () => {
    const text = '{"a": NaN, "b": -Infinity, "c": [Infinity], "d": "NaN \\" Infinity", "NaN": 1}';
    const expected = { a: null, b: -Infinity, c: [Infinity], d: 'NaN " Infinity', NaN: 1 };
    assert.deepEqual(parseConfigJson(text, 'c'), expected);
    assert.deepEqual(parseLooseRecord('{"x": [NaN, -Infinity], "y": "NaN"}'), { x: [null, null], y: 'NaN' }); // prettier-ignore
    assert.equal(parseLooseRecord('{"x": NaNa}'), undefined);
  });

  it('may begin with a byte order mark', () => {
    assert.deepEqual(parseConfigJson('\ufeff{"a": 1}', 'c'), { a: 1 });
  });

  it('is refused with the file where it is no object', () => {
    for (const text of ['', '[1]', '4', '{"a": }', '{"a": "', 'null', '<html>']) {
      assert.throws(() => parseConfigJson(text, 'x/config.json'), {
        code: 'bad-file',
        message:
          /^x\/config\.json (is not JSON|does not hold a JSON object)\. Download the model again, or correct the file\.$/,
      });
    }
  });

  it('is refused where it is nested too deep', () => {
    for (const depth of [101, 20_000, 1_000_000]) {
      for (const text of ['['.repeat(depth), `{"a": ${'['.repeat(depth)}${']'.repeat(depth)}}`]) {
        assert.throws(() => parseConfigJson(text, 'c'), { code: 'bad-file', message: /levels/ });
      }
    }
    const brackets = `{"a": "${'['.repeat(500)}"}`;
    assert.deepEqual(parseConfigJson(brackets, 'c'), { a: '['.repeat(500) });
  });

  it('is read in linear time, also where it is damaged', () => {
    const long = 2_000_000;
    for (const text of [
      `{"a": "${'\\"'.repeat(long)}`,
      `{"a": NaN, "b": "${'\\"'.repeat(long)}"`,
      `{${' '.repeat(long)}`,
      `{"a": ${'-'.repeat(long)}`,
      '"'.repeat(long),
      `{"a": NaN${' '.repeat(long)}x`,
    ]) {
      assert.throws(() => parseConfigJson(text, 'c'), { code: 'bad-file' });
      assert.equal(parseLooseRecord(text), undefined);
    }
  });

  it('is short in a message', () => {
    assert.equal(shortJson({ a: [1, 'x'] }), '{"a":[1,"x"]}');
    assert.equal(shortJson('x'.repeat(1e6)).length, 81);
    assert.equal(shortJson(undefined), 'undefined');
    assert.equal(shortJson('a\u202eb\u0085\n'), '"ab \\n"');
    let deep: unknown = [];
    for (let level = 0; level < 100_000; level++) deep = [deep];
    assert.ok(shortJson(deep).length < 100);
  });
});

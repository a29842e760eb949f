import assert from 'node:assert/strict';

import { parseGenerate } from '../../../src/cli/generate/arguments';

const request = (...args: string[]) => parseGenerate(['a cat', ...args]).request;

describe('--lora and --embedding', () => {
  it('take a file, and a scale or a word behind a colon', () => {
    const { loras } = request('--lora', 'a.safetensors', '--lora', 'b.safetensors:0.75');
    assert.deepEqual(loras, [
      { path: 'a.safetensors', scale: 1 },
      { path: 'b.safetensors', scale: 0.75 },
    ]);
    const { embeddings } = request('--embedding', 'a.pt', '--embedding', 'b/c.pt:<style>');
    assert.deepEqual(embeddings, [{ path: 'a.pt' }, { path: 'b/c.pt', token: '<style>' }]);
  });

  it('leave colons that belong to the name of a file', () => {
    const paths = ['C:\\loras\\a.safetensors', 'C:\\loras\\a.safetensors:-1', 'odd:name'];
    const { loras } = request(...paths.flatMap((path) => ['--lora', path]));
    assert.deepEqual(loras, [
      { path: 'C:\\loras\\a.safetensors', scale: 1 },
      { path: 'C:\\loras\\a.safetensors', scale: -1 },
      { path: 'odd:name', scale: 1 },
    ]);
    const { embeddings } = request('--embedding', 'C:\\e\\a.pt', '--embedding', 'C:\\e\\a.pt:x y');
    assert.deepEqual(embeddings, [{ path: 'C:\\e\\a.pt' }, { path: 'C:\\e\\a.pt', token: 'x y' }]);
  });

  it('refuse a scale out of its limits', () => {
    assert.throws(() => request('--lora', 'a.safetensors:11'), {
      code: 'bad-request',
      message: /loras\.0\.scale: must be at most 10/,
    });
  });
});

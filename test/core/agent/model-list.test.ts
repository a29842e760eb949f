import assert from 'node:assert/strict';
import { describeModels, type ListedModel } from '../../../src/core/agent/model-list';

const starter: ListedModel = {
  ...{ id: 'starter', kind: 'pipeline', family: '', sizeBytes: 1e6, runnable: true, reason: '' },
};

describe('the list of models for agents', () => {
  it('has those of endpoints with where prompts are sent', () => {
    const text = describeModels([starter], 'flux@work', [
      { host: 'gpu.example:8188', models: ['flux@work', 'other\nmodel@work'] },
    ]);
    const lines = text.split('\n');
    assert.ok(
      lines.includes('Models at gpu.example:8188, to which prompts and images are sent (2):'),
    );
    assert.ok(lines.includes('- flux@work (default)'));
    assert.ok(lines.includes('- other model@work'));
    assert.doesNotMatch(text, /not among them/);
  });

  it('marks those that edit by words, or make images larger', () => {
    const defaults = { steps: 4, guidanceScale: 7.5, width: 64, height: 64, multiple: 8 };
    const edit = { ...starter, id: 'org/edit', defaults: { ...defaults, edits: true as const } };
    const upscaler = { ...starter, id: 'org/x4', defaults: { ...defaults, upscales: 4 } };
    const text = describeModels([{ ...starter, defaults }, edit, upscaler], 'starter');
    assert.match(text, /- org\/x4: .* Makes images 4 times as large: for edit_image alone\./);
    assert.match(text, /- org\/edit: .* Edits by words: for edit_image alone\./);
    assert.equal(text.match(/Edits by words/g)?.length, 1);
  });

  it('is bounded, whatever a service lists', () => {
    const models = Array.from({ length: 60 }, (_, k) => `m${k}@work`);
    const text = describeModels([starter], 'starter', [{ host: 'h', models }]);
    assert.match(text, /- m49@work\n- and 10 more\n/);
  });

  it('names none of an endpoint where there is none', () => {
    assert.doesNotMatch(describeModels([starter], 'starter'), / are sent/);
  });
});

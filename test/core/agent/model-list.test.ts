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

  it('is bounded, whatever a service lists', () => {
    const models = Array.from({ length: 60 }, (_, k) => `m${k}@work`);
    const text = describeModels([starter], 'starter', [{ host: 'h', models }]);
    assert.match(text, /- m49@work\n- and 10 more\n/);
  });

  it('names none of an endpoint where there is none', () => {
    assert.doesNotMatch(describeModels([starter], 'starter'), / are sent/);
  });
});

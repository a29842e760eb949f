import { strict as assert } from 'node:assert';
import type * as vscode from 'vscode';
import { drawnRecipe, embedRecipe } from '../../../src/core/recipe';
import { parseRequest } from '../../../src/core/request/request';
import type { SavedImage } from '../../../src/host/files/image-saver';
import { drawnSummary, savedEntry } from '../../../src/host/studio/saved-entry';
import { summaryOf } from '../../../src/host/studio/request-summary';

/** As much of a URI as the gallery's entries need. */
const uri = (text: string) => ({ toString: () => text }) as unknown as vscode.Uri;
const PLAIN = new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg"></svg>');

/** A file with the recipe of a drawing. */
const drawn = embedRecipe(
  PLAIN,
  drawnRecipe({
    request: parseRequest({ prompt: 'a fox', model: 'org/model', strength: 0.6 }),
    ...{ scheduler: 'DDIMScheduler', seed: 42, model: 'org/model', version: '1.0.0' },
    settings: { steps: 20, guidanceScale: 7.5, width: 512, height: 256 },
  }),
);
const saved = (bytes: Uint8Array, more: Partial<SavedImage['name']> = {}): SavedImage => ({
  ...{ file: uri('file:///fox.png'), bytes },
  name: { prompt: 'fox', format: 'png', ...more },
});

describe('the gallery’s entry of an image that a command has saved', () => {
  it('has the recipe of the file, and what it was made from', () => {
    const entry = savedEntry(
      saved(drawn, {
        ...{ size: { width: 1024, height: 512 }, madeFrom: uri('file:///old.png') },
        upscaled: { factor: 2, by: 'ESRGAN' },
      }),
      5,
    );
    const { prompt, model, seed, steps, guidanceScale, scheduler, strength } = entry.request;
    assert.deepEqual(
      { prompt, model, seed, steps, guidanceScale, scheduler, strength },
      {
        ...{ prompt: 'a fox', model: 'org/model', seed: 42, steps: 20, guidanceScale: 7.5 },
        ...{ scheduler: 'DDIMScheduler', strength: 0.6 },
      },
    );
    const { time, width, height, madeFrom, upscaled } = entry;
    assert.deepEqual([time, width, height, madeFrom], [5, 1024, 512, 'file:///old.png']);
    assert.deepEqual(upscaled, { factor: 2, by: 'ESRGAN' });
  });

  it('has the name of the file where that says no more, and no model to draw with', () => {
    const { request, madeFrom } = savedEntry(saved(PLAIN, { seed: 3 }), 5);
    assert.deepEqual(request, { prompt: 'fox', seed: 3, negativePrompt: '', model: '' });
    assert.equal(madeFrom, undefined);
  });
});

describe('the gallery’s summary of a drawing', () => {
  it('has what the model chose, where the user did not', () => {
    const asked = summaryOf({ prompt: 'a fox', seed: 42, steps: 4 });
    const { steps, guidanceScale, width, height } = drawnSummary(asked, drawn);
    assert.deepEqual([steps, guidanceScale, width, height], [4, 7.5, 512, 256]);
    assert.deepEqual(drawnSummary(asked, PLAIN), asked);
  });

  it('has what is not as usual, without the folders of models', () => {
    const loras = [{ path: '/models/ink.safetensors', scale: 0.5 }];
    const { others } = summaryOf({ prompt: 'a fox', pagScale: 3, loras, seamless: 'xy' });
    assert.deepEqual(others, ['pag-scale 3', 'seamless xy', 'lora ink.safetensors:0.5']);
    assert.equal(summaryOf({ prompt: 'a fox', steps: 4, format: 'png' }).others, undefined);
  });
});

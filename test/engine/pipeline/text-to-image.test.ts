import assert from 'node:assert/strict';
import { openModel } from '../../../src/engine/model/open';
import { SessionCache } from '../../../src/engine/runtime/session-cache';
import { itDrawsAsDiffusers, relativeError } from '../../support/drawing';
import { caseNames, materialise, reference } from '../../support/fixture';
import { encodePrompt } from '../../support/prompt-embeddings';

const CASES = caseNames().filter((name) => name !== 'sdxl');

describe('text to image, against diffusers', () => {
  const sessions = new SessionCache();
  after(() => sessions.clear());

  for (const name of CASES) itDrawsAsDiffusers(name, 'text-to-image', sessions);
});

describe('prompts, against diffusers', () => {
  const sessions = new SessionCache();
  after(() => sessions.clear());

  for (const name of CASES) {
    const expected = reference(name);
    const stages = expected
      .arrayNames()
      .filter((array) => /\/(text|negative)\.embeds$/.test(array));
    const runNames = new Set(stages.map((array) => array.split('/')[0]!));
    for (const runName of runNames) {
      it(`${name}: ${runName}`, async () => {
        const folder = materialise(name);
        const model = await openModel({ id: name, folder });
        const { prompt, negativePrompt } = expected.run(runName);
        const options = { promptSyntax: 'plain', guided: true } as const;
        const { embeds } = await encodePrompt(model, sessions, { prompt, negativePrompt }, options);
        for (const [row, key] of ['negative.embeds', 'text.embeds'].entries()) {
          if (!stages.includes(`${runName}/${key}`)) continue;
          const error = relativeError(embeds[row]!, expected.floats(`${runName}/${key}`));
          assert.ok(error <= 2e-5, `${key} is off by ${error.toExponential(1)}`);
        }
      });
    }
  }
});

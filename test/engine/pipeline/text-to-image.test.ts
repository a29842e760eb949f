import assert from 'node:assert/strict';
import { JobClock } from '../../../src/engine/pipeline/job-clock';
import { openModel } from '../../../src/engine/model/model';
import { Networks } from '../../../src/engine/pipeline/networks';
import { encodeText } from '../../../src/engine/pipeline/text';
import { SessionCache } from '../../../src/engine/runtime/session-cache';
import { itDrawsAsDiffusers, relativeError } from '../../support/drawing';
import { caseNames, materialise, reference } from '../../support/fixture';

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
        const networks = new Networks({
          ...{ model, device: 'cpu', sessions, clock: new JobClock(), onLoading: () => undefined },
          onWarning: () => undefined,
        });
        const { prompt, negativePrompt } = expected.run(runName);
        const { embeds } = await encodeText(networks, {
          ...{ prompt, negativePrompt, promptSyntax: 'plain', guided: true },
          ...{ keepLoaded: true, onWarning: () => undefined },
        });
        for (const [row, key] of ['negative.embeds', 'text.embeds'].entries()) {
          if (!stages.includes(`${runName}/${key}`)) continue;
          const error = relativeError(embeds[row]!, expected.floats(`${runName}/${key}`));
          assert.ok(error <= 2e-5, `${key} is off by ${error.toExponential(1)}`);
        }
      });
    }
  }
});

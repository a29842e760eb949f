import * as assert from 'node:assert/strict';

import { roundInSessions } from '../../support/rounded-model';
import { GraphCase, graphCaseNames } from './graph-case';
import { relativeError, runGraph } from './run-graph';

/** Float16 keeps 11 bits of each number. */
const TOLERANCE = 1e-2;
/** Of networks with several times as many layers, each of which rounds. */
const DEEP_TOLERANCE = 3e-2;
const DEEP = ['unet-koala-700m', 'unet-ssd-1b'];

describe('graphs in float16 compute what diffusers computes in float32, but for rounding', () => {
  let endRounding: () => void;
  before(async () => {
    endRounding = await roundInSessions();
  });
  after(() => endRounding());

  // With fused attention and kernels that add up in float32, and without.
  for (const device of ['cuda', 'webgpu'] as const) {
    for (const name of graphCaseNames()) {
      it(`${name}, for ${device}`, async () => {
        const graphCase = new GraphCase(name);
        const tolerance = DEEP.includes(name) ? DEEP_TOLERANCE : TOLERANCE;
        const target = { device, computeType: 'float16' } as const;
        for (const run of graphCase.runs(await graphCase.weights(), target)) {
          const outputs = await runGraph(run.graph, run.inputs);
          for (const [output, expected] of Object.entries(run.expected)) {
            const error = relativeError(outputs[output]!, expected);
            assert.ok(error < tolerance, `${output} is off by ${error}`);
            assert.ok(error > 1e-5, `${output} was not computed in float16`);
          }
        }
      });
    }
  }
});

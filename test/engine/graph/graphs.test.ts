import * as assert from 'node:assert/strict';

import { GraphCase, graphCaseNames } from './graph-case';
import { relativeError, runGraph } from './run-graph';

/** Rounding alone: two float32 implementations that add in different orders. */
const TOLERANCE = 1e-5;

/** All weights prepared while loading, or each at its use; and as written for other devices, on the processor. */
const TARGETS = {
  prepared: { device: 'cpu' },
  lazy: { device: 'cpu', prepareFrom: Infinity },
  'for dml': { device: 'dml' },
  'for coreml': { device: 'coreml' },
} as const;

describe('graphs written from configs compute what diffusers computes', () => {
  for (const name of graphCaseNames()) {
    for (const [kind, target] of Object.entries(TARGETS)) {
      it(`${name}, ${kind}`, async () => {
        const graphCase = new GraphCase(name);
        const weights = await graphCase.weights();
        for (const run of graphCase.runs(weights, target)) {
          const outputs = await runGraph(run.graph, run.inputs);
          for (const [output, expected] of Object.entries(run.expected)) {
            const error = relativeError(outputs[output]!, expected);
            assert.ok(error < TOLERANCE, `${output} is off by ${error}`);
          }
        }
      });
    }
  }
});

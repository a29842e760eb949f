import * as assert from 'node:assert/strict';

import { onnx } from 'onnx-proto';

import { planSession } from '../../../src/engine/graph/target';
import { GraphCase } from './graph-case';

describe('the plan of a session', () => {
  /** Weights that ONNX Runtime is not to prepare while loading: inputs with a value of their own. */
  async function lazyWeights(runs: number): Promise<readonly string[]> {
    const graphCase = new GraphCase('unet-sd2');
    const { target } = planSession({ device: 'cpu', runs });
    const [run] = graphCase.runs(await graphCase.weights(), target);
    const { graph } = onnx.ModelProto.decode(run!.graph.model);
    const weights = new Set(graph!.initializer!.map(({ name }) => name));
    return graph!.input!.map(({ name }) => name!).filter((name) => weights.has(name));
  }

  it('prepares no large weight for one run, and all for very many', async () => {
    const once = await lazyWeights(1);
    assert.ok(once.includes('down_blocks.0.resnets.0.conv1.weight'));
    assert.ok(once.includes('mid_block.attentions.0.proj_in.weight'));
    assert.deepEqual(await lazyWeights(1e9), []);
  });

  it('prepares the kernels first that cover the most positions', async () => {
    const some = await lazyWeights(150); // 8 × 8 pixels twice are worth it then, 4 × 4 are not
    assert.ok(!some.includes('down_blocks.0.resnets.0.conv1.weight'));
    assert.ok(some.includes('down_blocks.1.resnets.1.conv1.weight'));
  });

  it('leaves small weights alone, whose kernels want them constant', async () => {
    const small = (await lazyWeights(1)).filter((name) => /bias|norm/.test(name));
    assert.deepEqual(small, []);
  });

  it('prepares everything on other devices', () => {
    assert.equal(planSession({ device: 'cuda', runs: 1 }).target.prepareFrom, undefined);
  });
});

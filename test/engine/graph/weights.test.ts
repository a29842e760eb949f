import * as assert from 'node:assert/strict';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

import { EaselError } from '../../../src/core/errors';
import { openWeightFile, type WeightSource } from '../../../src/engine/weights/source';
import { randomTensors } from '../../support/random-weights';
import { writeSafetensors } from '../../support/safetensors-file';
import { tempFolder } from '../../support/temp-folder';
import { GraphCase } from './graph-case';
import { relativeError, runGraph } from './run-graph';

const TARGET = { device: 'cpu' } as const;

describe('weights of a graph', () => {
  it('that are missing are named', async () => {
    const graphCase = new GraphCase('unet-lcm-inpainting');
    const entries = Object.entries(graphCase.file.tensors);
    const tensors = Object.fromEntries(entries.filter(([name]) => name !== 'conv_out.bias'));
    const weights = await graphCase.weights(tensors);
    assert.throws(() => graphCase.runs(weights, TARGET), refusal('model-incomplete', /conv_out\.bias.*\[4\]/)); // prettier-ignore
  });

  it('of another shape are named with both shapes', async () => {
    const graphCase = new GraphCase('vae-old-names');
    const name = 'decoder.mid_block.attentions.0.proj_attn.weight';
    const weights = await graphCase.weights({ ...graphCase.file.tensors, [name]: [16, 8] });
    const both = /model\.safetensors.*proj_attn\.weight.*\[16, 8\].*\[16, 16\]/;
    assert.throws(() => graphCase.runs(weights, TARGET), refusal('bad-file', both));
  });

  it('that are not floating point are refused', async () => {
    const graphCase = new GraphCase('clip-gelu');
    const weights = await graphCase.weights();
    const whole: WeightSource = {
      ...weights,
      get: (name) => {
        const tensor = weights.get(name);
        return tensor === undefined ? undefined : { ...tensor, dtype: 'I8' };
      },
    };
    assert.throws(() => graphCase.runs(whole, TARGET), refusal('bad-file', /I8/));
  });

  it('may be kernels of 1 by 1 where a matrix is asked for', async () => {
    const graphCase = new GraphCase('vae-old-names');
    const square = Object.entries(graphCase.file.tensors).map(([name, shape]) =>
      name.includes('attentions') && shape.length === 2 ? [name, [...shape, 1, 1]] : [name, shape],
    );
    const tensors = Object.fromEntries(square) as typeof graphCase.file.tensors;
    for (const run of graphCase.runs(await graphCase.weights(tensors), TARGET)) {
      const outputs = await runGraph(run.graph, run.inputs);
      for (const [name, expected] of Object.entries(run.expected)) {
        assert.ok(relativeError(outputs[name]!, expected) < 1e-5);
      }
    }
  });

  it('may lie in files in different folders, behind links', async () => {
    const graphCase = new GraphCase('unet-fourier');
    const root = tempFolder();
    const tensors = randomTensors(graphCase.file.tensors, graphCase.file.dtype);
    const parts = [tensors.slice(0, 20), tensors.slice(20, 50), tensors.slice(50)];
    const sources = [];
    for (const [index, part] of parts.entries()) {
      const folder = join(root, `part ${index}`, 'blobs');
      mkdirSync(folder, { recursive: true });
      writeSafetensors(join(folder, 'weights'), part);
      const link = join(root, `${index}.safetensors`);
      symlinkSync(join(folder, 'weights'), link);
      sources.push(await openWeightFile(link));
    }
    const [run] = graphCase.runs(joined(sources), TARGET);
    assert.equal(run!.graph.externalRoot, root);
    const outputs = await runGraph(run!.graph, run!.inputs);
    assert.ok(relativeError(outputs.out_sample!, run!.expected.out_sample!) < 1e-5);
  });
});

function joined(sources: readonly WeightSource[]): WeightSource {
  return {
    description: 'parts',
    get: (name) => sources.map((source) => source.get(name)).find((tensor) => tensor !== undefined),
    names: () => sources.flatMap((source) => [...source.names()]),
    totalBytes: sources.reduce((sum, source) => sum + source.totalBytes, 0),
  };
}

function refusal(code: string, message: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof EaselError);
    assert.equal(error.code, code);
    assert.match(error.message, message);
    return true;
  };
}

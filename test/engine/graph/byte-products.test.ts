import * as assert from 'node:assert/strict';
import path from 'node:path';

import { onnx } from 'onnx-proto';

import { prepareBytes } from '../../../src/engine/bytes/prepare';
import { Builder } from '../../../src/engine/graph/builder';
import { LateBytes } from '../../../src/engine/graph/byte-matrices';
import type { BuiltGraph, Value } from '../../../src/engine/graph/graph';
import { activation } from '../../../src/engine/graph/ops/activation';
import { add } from '../../../src/engine/graph/ops/arithmetic';
import { convolution, type ConvolutionOptions } from '../../../src/engine/graph/ops/convolution';
import { concatChannels, fromTokens, toTokens } from '../../../src/engine/graph/ops/layout';
import { linear, partialLinear } from '../../../src/engine/graph/ops/linear';
import { groupNorm } from '../../../src/engine/graph/ops/normalization';
import type { GraphTarget } from '../../../src/engine/graph/target';
import { SEAMLESS_AXES, type SeamlessAxes } from '../../../src/core/request/seamless';
import { openWeightFile, type WeightSource } from '../../../src/engine/weights/source';
import { needsExactBytes } from '../../support/exact-bytes';
import { encodeFloats } from '../../support/random-weights';
import { writeSafetensors } from '../../support/safetensors-file';
import { tempFolder } from '../../support/temp-folder';
import { relativeError, runGraph } from './run-graph';

type Write = (b: Builder, x: Value) => Value;

/**
 * Layers whose values become bytes without rounding: whole numbers from 0 to 255, and whole weights of which
 * one of each output feature is 127 or -127. So the result must be that of float32, to the last bit.
 */
describe('products of bytes', () => {
  needsExactBytes();
  /** `module.weight` and `module.bias` of the shapes given. */
  async function wholeWeights(
    shapes: Readonly<Record<string, readonly number[]>>,
  ): Promise<WeightSource> {
    const file = path.join(tempFolder(), 'weights.safetensors');
    const tensors = Object.entries(shapes).flatMap(([module, shape]) => {
      const [outputs = 1] = shape;
      const count = shape.reduce((product, size) => product * size, 1);
      const features = count / outputs;
      const cells = shape.slice(2).reduce((product, size) => product * size, 1);
      const weight = Float32Array.from({ length: count }, (_, i) => {
        // Sums of weights of one input, as images of twice the size need, stay within 127, too.
        if (i % features >= cells) return ((i * 89) % 63) - 31;
        return i % features === 0 ? (i % 2 === 0 ? 127 : -127) : 0;
      });
      const bias = Float32Array.from({ length: outputs }, (_, i) => i - 5);
      return [
        { name: `${module}.weight`, dtype: 'F32', shape, bytes: encodeFloats(weight, 'F32') },
        {
          name: `${module}.bias`,
          dtype: 'F32',
          shape: [outputs],
          bytes: encodeFloats(bias, 'F32'),
        },
      ];
    });
    writeSafetensors(file, tensors);
    return openWeightFile(file);
  }

  function wholeInput(shape: readonly number[]): Float32Array {
    const count = shape.reduce((product, size) => product * size, 1);
    return Float32Array.from({ length: count }, (_, i) => (i < 2 ? i * 255 : (i * 101) % 256));
  }

  async function inBytes(
    weights: WeightSource,
    graphOf: (target: GraphTarget) => BuiltGraph,
  ): Promise<BuiltGraph> {
    const late = new LateBytes();
    const graph = graphOf({ device: 'cpu', byteMatrices: late });
    const file = path.join(tempFolder(), 'bytes.safetensors');
    await prepareBytes({ layers: late.layers, weights }, file, {});
    const prepared = await openWeightFile(file);
    late.give((name) => prepared.get(name));
    return graph;
  }

  async function isExact(
    shape: readonly number[],
    shapes: Readonly<Record<string, readonly number[]>>,
    write: Write,
    tolerance = 0,
    seamless?: SeamlessAxes,
  ): Promise<onnx.INodeProto[]> {
    const weights = await wholeWeights(shapes);
    const graphOf = (target: GraphTarget): BuiltGraph => {
      const b = Builder.create(weights, { target, seamless });
      b.graph.output('y', write(b, b.graph.input('x', 'float32', shape)));
      return b.finish('layer');
    };
    const inputs = { x: wholeInput(shape) };
    const graph = await inBytes(weights, graphOf);
    const { y: found } = await runGraph(graph, inputs);
    const { y: expected } = await runGraph(graphOf({ device: 'cpu' }), inputs);
    const error = relativeError(found!, expected!);
    assert.ok(error <= tolerance, `off by ${error}`);
    const nodes = onnx.ModelProto.decode(graph.model).graph!.node!;
    const floats = nodes.filter(({ opType }) => opType === 'Conv' || opType === 'Gemm');
    assert.deepEqual(floats, [], 'something is still computed in float32');
    return nodes;
  }

  const layer =
    (outChannels: number, options: ConvolutionOptions): Write =>
    (b, x) =>
      convolution(b.at('layer'), x, outChannels, options);

  const WINDOWS: Readonly<Record<string, ConvolutionOptions>> = {
    'of 3 × 3': {},
    'of 3 × 3 in steps of two': { stride: 2, padding: 1 },
    'with zeros at the bottom and the right only': { stride: 2, padding: [0, 0, 1, 1] },
    'of 1 × 1': { kernel: 1 },
    'of 5 × 5': { kernel: 5 },
    'without zeros around': { padding: 0 },
    'without bias': { bias: false },
    'of an image of twice the size': { resize: { height: 18, width: 28 } },
    'of an image resized to an odd size': { resize: { height: 17, width: 27 } },
  };
  for (const [name, options] of Object.entries(WINDOWS)) {
    it(`are exact for convolutions ${name}`, async () => {
      const { kernel = 3 } = options;
      const shapes = { layer: [52, 49, kernel, kernel] };
      await isExact([2, 49, 9, 14], shapes, layer(52, options));
      for (const axes of SEAMLESS_AXES) {
        await isExact([2, 49, 9, 14], shapes, layer(52, options), 0, axes);
      }
    });
  }

  for (const rows of [1, 2]) {
    it(`are exact for convolutions with ${rows} shift(s) of all positions for two images`, async () => {
      const values = Array.from({ length: rows * 52 }, (_, i) => (i * 37) % 101);
      const nodes = await isExact([2, 49, 5, 6], { layer: [52, 49, 3, 3] }, (b, x) =>
        convolution(b.at('layer'), x, 52, { shift: b.numbers(values, [rows, 52]) }),
      );
      const added = nodes.filter(({ opType }) => opType === 'Add');
      assert.equal(added.length, 1);
    });
  }

  it('are exact for large images, whose patches are gathered in strips', async () => {
    const nodes = await isExact([1, 48, 250, 130], { layer: [49, 48, 3, 3] }, layer(49, {}));
    const products = nodes.filter(({ opType }) => opType === 'MatMulIntegerToFloat');
    assert.ok(products.length > 1);
  });

  it('are exact for large images of twice the size', async () => {
    const resize = { height: 250, width: 130 };
    await isExact([1, 48, 125, 65], { layer: [49, 48, 3, 3] }, layer(49, { resize }));
  });

  it('are exact for linear layers, whole and in part', async () => {
    await isExact([2, 20, 48], { layer: [64, 48] }, (b, x) => linear(b.at('layer'), x, 64));
    const rows = { first: 32, count: 64 };
    await isExact([2, 20, 48], { layer: [96, 48] }, (b, x) =>
      partialLinear(b.at('layer'), x, 96, rows),
    );
  });

  it('are as exact beside a few large values, where activations become two bytes', async () => {
    const weights = await wholeWeights({ layer: [64, 48] });
    const input = Float32Array.from({ length: 30 * 48 }, (_, i) => Math.sin(i * i));
    const small = input.slice(48);
    // Those of the first position, as the start token of a text encoder has them.
    input.set([300, -280], 7);
    const errorOf = async (twoByteActivations: boolean): Promise<number> => {
      const graphOf = (target: GraphTarget): BuiltGraph => {
        const b = Builder.create(weights, { target: { ...target, twoByteActivations } });
        b.graph.output('y', linear(b.at('layer'), b.graph.input('x', 'float32', [30, 48]), 64));
        return b.finish('layer');
      };
      const { y: found } = await runGraph(await inBytes(weights, graphOf), { x: input });
      const { y: expected } = await runGraph(graphOf({ device: 'cpu' }), { x: input });
      return relativeError(found!.subarray(64), expected!.subarray(64));
    };
    assert.ok(Math.max(...small) <= 1);
    assert.ok((await errorOf(true)) < 0.01);
    assert.ok((await errorOf(false)) > 0.3);
  });

  it('make a tensor bytes once for all the layers that read it', async () => {
    const shapes = { q: [56, 48], k: [56, 48], v: [56, 48] };
    const nodes = await isExact([1, 30, 48], shapes, (b, x) => {
      const [q, k, v] = ['q', 'k', 'v'].map((name) => linear(b.at(name), x, 56));
      return b.node('Sum', [q!, k!, v!], q!.shape);
    });
    const made = nodes.filter(({ opType }) => opType === 'DynamicQuantizeLinear');
    assert.equal(made.length, 1);
  });

  it('leave images as they are for the layers between them', async () => {
    const shapes = { first: [52, 48, 3, 3], other: [56, 48, 1, 1], norm: [108], last: [48] };
    const write: Write = (b, x) => {
      const both = concatChannels(b, [
        convolution(b.at('first'), x, 52),
        convolution(b.at('other'), x, 56, { kernel: 1 }),
      ]);
      const normal = activation(b, groupNorm(b.at('norm'), both, 27, 1e-5), 'silu');
      const some = firstFeatures(b, toTokens(b, add(b, normal, both)));
      const sum = add(b, x, fromTokens(b, some, 9, 14));
      return groupNorm(b.at('last'), sum, 12, 1e-5);
    };
    const firstFeatures = (b: Builder, x: Value): Value =>
      b.node('Slice', [x, ...[[0], [48], [2]].map((at) => b.integers(at))], [2, 126, 48]);
    const nodes = await isExact([2, 48, 9, 14], shapes, write, 1e-5);
    const transposed = nodes.filter(({ opType }) => opType === 'Transpose');
    // The input, as bytes and as floats, and the output.
    assert.equal(transposed.length, 3);
  });

  it('are normalised where all values of a group are equal', async () => {
    const shapes = { first: [52, 48, 1, 1], norm: [52] };
    const weights = await wholeWeights(shapes);
    const graph = await inBytes(weights, (target) => {
      const b = Builder.create(weights, { target });
      const hidden = convolution(b.at('first'), b.graph.input('x', 'float32', [1, 48, 9, 7]), 52, {
        kernel: 1,
      });
      b.graph.output('y', groupNorm(b.at('norm'), hidden, 52, 1e-5));
      return b.finish('layer');
    });
    const { y } = await runGraph(graph, { x: new Float32Array(48 * 63).fill(0.1) });
    const bias = Float32Array.from({ length: 52 * 63 }, (_, i) => Math.floor(i / 63) - 5);
    const error = relativeError(y!, bias);
    assert.ok(error < 1e-2, `off by ${error}`);
  });

  it('are not for layers of few features, or at few positions', async () => {
    const weights = await wholeWeights({ narrow: [40, 48], wide: [48, 48] });
    const list = new LateBytes();
    const b = Builder.create(weights, { target: { device: 'cpu', byteMatrices: list } });
    linear(b.at('narrow'), b.graph.input('x', 'float32', [30, 48]), 40);
    linear(b.at('wide'), b.graph.input('t', 'float32', [2, 48]), 48);
    assert.deepEqual(list.layers, []);
  });
});

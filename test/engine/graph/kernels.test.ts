import * as assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { onnx } from 'onnx-proto';

import { DEVICES, type DeviceName } from '../../../src/core/devices';
import { buildClipVision } from '../../../src/engine/graph/clip-vision';
import { parseClipVisionConfig } from '../../../src/engine/graph/clip-vision-config';
import type { BuiltGraph } from '../../../src/engine/graph/graph';
import { buildImageProjection } from '../../../src/engine/graph/image-projection';
import { buildSafetyChecker } from '../../../src/engine/graph/safety-checker';
import { buildUpscaler } from '../../../src/engine/graph/upscaler';
import { readAdapterFile } from '../../../src/engine/model/components/ip-adapter/adapter-file';
import { readUpscaler } from '../../../src/engine/model/components/upscaler/upscaler-file';
import { openComponentWeights } from '../../../src/engine/weights/source';
import { readNestedTensors, readUpscalerTensors } from '../../../src/engine/weights/weight-file';
import { ADAPTER_NETWORKS, adapterFile, adapterFolder } from '../../support/ip-adapters';
import { materialiseChecked } from '../../support/safety-checker';
import { materialiseUpscaler } from '../../support/upscalers';
import { GraphCase, graphCaseNames } from './graph-case';

/**
 * What the providers that no test can run have kernels for, of the operators that graphs may have; those of
 * com.microsoft with their domain. All take float32 and float16. From ONNX Runtime 1.30; when it is updated, look
 * again:
 * - dml: docs/OperatorKernels.md;
 * - coreml: core/providers/coreml/builders/op_builder_factory.cc, where the builder supports an ML program;
 * - webgpu: core/providers/webgpu/webgpu_execution_provider.cc and contrib_ops/webgpu/webgpu_contrib_kernels.cc.
 */
const EVERYWHERE = [
  ...['Add', 'ArgMax', 'AveragePool', 'Cast', 'Concat', 'Conv', 'Div', 'Gather', 'Gemm'],
  ...['GlobalAveragePool', 'Identity'],
  ...[
    'InstanceNormalization',
    'LayerNormalization',
    'LeakyRelu',
    'MatMul',
    'Max',
    'Mul',
    'Pad',
    'ReduceMax',
    'ReduceSum',
  ],
  ...[
    'Relu',
    'Reshape',
    'Resize',
    'Sigmoid',
    'Sin',
    'Slice',
    'Softmax',
    'Softplus',
    'Split',
    'Sqrt',
    'Sub',
  ],
  ...['Tanh', 'Transpose', 'com.microsoft::QuickGelu'],
];
const KERNELS: Readonly<Partial<Record<DeviceName, readonly string[]>>> = {
  dml: [
    ...EVERYWHERE,
    ...['Abs', 'Equal', 'QuantizeLinear'],
    ...['com.microsoft::Gelu', 'com.microsoft::MatMulIntegerToFloat'],
    'com.microsoft::MultiHeadAttention',
  ],
  coreml: [...EVERYWHERE, 'Gelu'],
  webgpu: [
    ...EVERYWHERE,
    ...['Abs', 'Equal', 'Gelu', 'com.microsoft::Gelu', 'com.microsoft::MultiHeadAttention'],
  ],
};

/** Operators that ONNX defines by others, and no provider has a kernel for: ONNX Runtime writes the others. */
const WRITTEN_AS: Readonly<Record<string, readonly string[]>> = {
  Mish: ['Softplus', 'Tanh', 'Mul'],
};

describe('the operators of graphs', () => {
  for (const { name: device, precisions, processorOperators = [] } of DEVICES) {
    const kernels = KERNELS[device];
    if (!kernels) continue;

    it(`have kernels on ${device}, but for those that its profile names`, async () => {
      const used = new Set<string>();
      for (const precision of precisions) {
        const computeType = precision === 'half' ? 'float16' : 'float32';
        for (const name of graphCaseNames()) {
          const graphCase = new GraphCase(name);
          const weights = await graphCase.weights();
          for (const { graph } of graphCase.runs(weights, { device, computeType })) {
            for (const operator of operatorsOf(graph.model)) used.add(operator);
          }
        }
      }
      for (const graph of await imagePromptGraphs(device)) {
        for (const operator of operatorsOf(graph.model)) used.add(operator);
      }
      for (const graph of await upscalerGraphs(device)) {
        for (const operator of operatorsOf(graph.model)) used.add(operator);
      }
      const needed = [...used].flatMap((operator) => WRITTEN_AS[operator] ?? [operator]);
      const missing = needed.filter((operator) => !kernels.includes(operator));
      assert.deepEqual([...new Set(missing)].sort(), [...processorOperators].sort());
    });
  }
});

/** The graphs that make tokens of images, for IP-Adapters. */
async function imagePromptGraphs(device: DeviceName): Promise<readonly BuiltGraph[]> {
  const target = { device } as const;
  const folder = path.join(adapterFolder(), 'image_encoder');
  const config = parseClipVisionConfig(ADAPTER_NETWORKS.encoder!.config, folder);
  const graphs = [
    buildClipVision(config, await openComponentWeights(folder), { target }),
    await safetyCheckerGraph(device),
  ];
  for (const name of ['sd1-plain', 'sd1-plus', 'sd1-full']) {
    const file = adapterFile(name);
    const read = readAdapterFile(name, file, await readNestedTensors(file));
    const shape = { rows: 2, positions: read.projection.kind === 'plain' ? 1 : 3, target };
    graphs.push(buildImageProjection(read.projection, read.projectionWeights, shape));
  }
  return graphs;
}

/** Both kinds of upscalers, on images that are and are not taken apart first. */
async function upscalerGraphs(device: DeviceName): Promise<readonly BuiltGraph[]> {
  const graphs: BuiltGraph[] = [];
  for (const name of ['old-x4', 'plus-x2', 'compact-x2']) {
    const file = materialiseUpscaler(name);
    const { config, weights } = readUpscaler(await readUpscalerTensors(file), file);
    graphs.push(buildUpscaler(config, weights, { width: 8, height: 8, target: { device } }));
  }
  return graphs;
}

async function safetyCheckerGraph(device: DeviceName): Promise<BuiltGraph> {
  const folder = path.join(materialiseChecked('sd1'), 'safety_checker');
  const json: unknown = JSON.parse(readFileSync(path.join(folder, 'config.json'), 'utf8'));
  const config = parseClipVisionConfig(json, folder);
  return buildSafetyChecker(config, await openComponentWeights(folder), { target: { device } });
}

function operatorsOf(model: Uint8Array): readonly string[] {
  const { graph } = onnx.ModelProto.decode(model);
  return graph!.node!.map(({ domain, opType }) => (domain ? `${domain}::${opType!}` : opType!));
}

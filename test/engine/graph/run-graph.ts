import type { InferenceSession, Tensor } from 'onnxruntime-node';

import type { BuiltGraph } from '../../../src/engine/graph/graph';
import { loadRuntime } from '../../../src/engine/runtime/onnxruntime';

/** Runs a graph once on the CPU. Inputs are flat, in the shapes the graph states. */
export async function runGraph(
  graph: BuiltGraph,
  inputs: Readonly<Record<string, Float32Array | Int32Array>>,
  options: InferenceSession.SessionOptions = {},
): Promise<Readonly<Record<string, Float32Array>>> {
  const ort = await loadRuntime();
  const session = await ort.InferenceSession.create(graph.model, {
    intraOpNumThreads: 1,
    // Warnings say that lazy weights are no constants, which is what they are for.
    logSeverityLevel: 3,
    ...options,
    extra: {
      session: { model_external_initializers_file_folder_path: graph.externalRoot },
      ...options.extra,
    },
  });
  try {
    const feeds: Record<string, Tensor> = {};
    for (const { name, shape } of graph.inputs) {
      const data = inputs[name];
      if (data === undefined) throw new Error(`no input ${name}`);
      feeds[name] =
        data instanceof Float32Array
          ? new ort.Tensor('float32', data, [...shape])
          : new ort.Tensor('int32', data, [...shape]);
    }
    const results = await session.run(feeds);
    const outputs: Record<string, Float32Array> = {};
    for (const [name, tensor] of Object.entries(results)) {
      if (!(tensor.data instanceof Float32Array)) throw new Error(`${name} is not float32`);
      outputs[name] = tensor.data;
    }
    return outputs;
  } finally {
    await session.release();
  }
}

/** The largest difference, relative to the reference's largest value. */
export function relativeError(actual: Float32Array, expected: Float32Array): number {
  if (actual.length !== expected.length) {
    throw new Error(`${actual.length} values where ${expected.length} were expected`);
  }
  let difference = 0;
  let scale = 0;
  expected.forEach((value, index) => {
    // Written so that a NaN counts as infinitely far away.
    const distance = Math.abs(actual[index]! - value);
    difference = distance <= difference ? difference : Number.isNaN(distance) ? Infinity : distance;
    scale = Math.max(scale, Math.abs(value));
  });
  return difference / scale;
}

import { onnx } from 'onnx-proto';
import { elementTypeCode } from '../../src/engine/onnx/schema';
import { loadRuntime } from '../../src/engine/runtime/onnxruntime';

const FLOAT16 = elementTypeCode('float16');

/**
 * A graph with every value in float16 rounded to it, as a device with kernels for float16 does. On the processor, ONNX
 * Runtime computes these nodes in float32 and leaves out the casts between them. An Identity, which has a kernel for
 * float16, keeps the casts. Run it without optimisations, which would leave out the Identity.
 * @param bytes a ModelProto
 * @returns the same model where it has no values in float16
 */
function roundedModel(bytes: Uint8Array): Uint8Array {
  const model = onnx.ModelProto.decode(bytes);
  const { node: nodes, initializer, input } = model.graph!;
  const types = new Map<string, number>([
    ...initializer!.map(({ name, dataType }) => [name!, dataType!] as const),
    ...input!.map(({ name, type }) => [name!, type!.tensorType!.elemType!] as const),
  ]);
  const rounded: onnx.INodeProto[] = [];
  for (const node of nodes!) {
    const outputs = node.output!;
    const to = node.opType === 'Cast' && node.attribute!.find(({ name }) => name === 'to');
    const type = to ? Number(to.i) : types.get(node.input![0]!)!;
    for (const name of outputs) types.set(name, type);
    if (type !== FLOAT16) {
      rounded.push(node);
      continue;
    }
    rounded.push({ ...node, output: outputs.map((name) => `${name}/exact`) });
    for (const name of outputs) {
      const round = { name: `${name}/round`, opType: 'Identity', domain: '' };
      rounded.push({ ...round, input: [`${name}/exact`], output: [name] });
    }
  }
  if (rounded.length === nodes!.length) return bytes;
  model.graph!.node = rounded;
  return onnx.ModelProto.encode(model).finish();
}

/**
 * From now on, sessions of this process round each value in float16 (`roundedModel`).
 * @returns a function that ends it
 */
export async function roundInSessions(): Promise<() => void> {
  const { InferenceSession } = await loadRuntime();
  const create = InferenceSession.create.bind(InferenceSession);
  const creates = InferenceSession as { create: unknown };
  creates.create = (model: Uint8Array, options: Parameters<typeof create>[1]) => {
    const rounded = roundedModel(model);
    if (rounded === model) return create(model, options);
    return create(rounded, { ...options, graphOptimizationLevel: 'disabled' });
  };
  return () => {
    creates.create = create;
  };
}

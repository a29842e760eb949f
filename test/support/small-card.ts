import type { InferenceSession } from 'onnxruntime-node';
import { onnx } from 'onnx-proto';
import { loadRuntime } from '../../src/engine/runtime/onnxruntime';

/** What Dawn says of the first use of a buffer that it had no memory for. */
const FULL =
  'WebGPU validation failed. [Invalid Buffer (unlabeled)] is invalid due to a previous error.\n' +
  ' - While validating entries[1] against { binding: 1, visibility: ShaderStage::Compute }.';

/** A graph that is loaded. */
export interface Loaded {
  /** As the graph's writer named it: `unet`, `vae_decoder` and so on. */
  readonly name: string;
  /** The sizes of its first output. */
  readonly output: readonly number[];
}

/**
 * From now on, sessions of this process that ask for WebGPU compute on the processor, as on a card with little memory.
 * @param isFull whether the memory is full when a graph runs
 * @returns a function that ends it
 */
export async function useSmallCard(
  isFull: (running: Loaded, others: readonly Loaded[]) => boolean,
): Promise<() => void> {
  const { InferenceSession: own } = await loadRuntime();
  const create = own.create.bind(own);
  const creates = own as { create: unknown };
  const loaded: Loaded[] = [];
  creates.create = async (model: Uint8Array, options: InferenceSession.SessionOptions) => {
    const [provider] = options.executionProviders ?? [];
    const name = typeof provider === 'string' ? provider : provider?.name;
    if (name !== 'webgpu') return create(model, options);
    const session = await create(model, { ...options, executionProviders: ['cpu'] });
    const graph = describe(model);
    loaded.push(graph);
    return {
      inputNames: session.inputNames,
      run: async (...args: Parameters<typeof session.run>) => {
        const others = loaded.filter((one) => one !== graph);
        if (isFull(graph, others)) throw new Error(FULL);
        return session.run(...args);
      },
      release: async () => {
        loaded.splice(loaded.indexOf(graph), 1);
        await session.release();
      },
    };
  };
  return () => {
    creates.create = create;
  };
}

function describe(model: Uint8Array): Loaded {
  const { name, output } = onnx.ModelProto.decode(model).graph!;
  const { dim } = output![0]!.type!.tensorType!.shape!;
  return { name: name!, output: dim!.map(({ dimValue }) => Number(dimValue)) };
}

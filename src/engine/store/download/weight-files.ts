import type { HubFile } from '../hub/hub-client';

/** The files that hold one component's weights. */
export interface WeightChoice {
  readonly format: 'safetensors' | 'onnx' | 'pickle';
  readonly variant: string;
  readonly files: readonly HubFile[];
}

/** Variants of the same weights, in order of preference: float16 suffices, at half the size. */
const VARIANTS = ['fp16', '', 'bf16', 'fp32'];
const BASES = ['diffusion_pytorch_model', 'model'];
const PICKLE_BASES = ['diffusion_pytorch_model', 'pytorch_model'];
/** Where ONNX models keep their weights beside the graph: optimum, diffusers' old exporter, Olive. */
const ONNX_DATA = ['model.onnx_data', 'weights.pb', 'model.onnx.data'];

/**
 * Chooses among a component's weight files: safetensors, then ONNX, then pickles; within a format the
 * half-precision variant, then the plain one. Shards are taken together with their index.
 */
export function chooseWeights(
  files: readonly HubFile[],
  preferOnnx: boolean,
): WeightChoice | undefined {
  const byName = new Map(
    files.map((file) => [file.path.slice(file.path.lastIndexOf('/') + 1), file]),
  );
  const safetensors = () => chooseVariant(byName, BASES, 'safetensors');
  const choose = preferOnnx
    ? (chooseOnnx(byName) ?? safetensors())
    : (safetensors() ?? chooseOnnx(byName));
  return choose ?? chooseVariant(byName, PICKLE_BASES, 'bin');
}

function chooseVariant(
  byName: ReadonlyMap<string, HubFile>,
  bases: readonly string[],
  ending: 'safetensors' | 'bin',
): WeightChoice | undefined {
  const format = ending === 'bin' ? 'pickle' : 'safetensors';
  for (const variant of VARIANTS) {
    const infix = variant && `.${variant}`;
    for (const base of bases) {
      const single = byName.get(`${base}${infix}.${ending}`);
      if (single) return { format, variant, files: [single] };
      const index =
        byName.get(`${base}.${ending}.index${infix}.json`) ??
        byName.get(`${base}${infix}.${ending}.index.json`);
      const shards = [...byName].filter(([name]) => isShard(name, base, variant, ending));
      if (index && shards.length > 0) {
        return { format, variant, files: [index, ...shards.map(([, file]) => file)] };
      }
    }
  }
  return undefined;
}

/** `base.fp16-00001-of-00002.safetensors`, or with the variant after the number. */
function isShard(name: string, base: string, variant: string, ending: string): boolean {
  const infix = variant && `\\.${variant}`;
  const number = '-\\d{5}-of-\\d{5}';
  const pattern = `^${base}(${infix}${number}|${number}${infix})\\.${ending}$`;
  return new RegExp(pattern).test(name);
}

function chooseOnnx(byName: ReadonlyMap<string, HubFile>): WeightChoice | undefined {
  const graph = byName.get('model.onnx');
  if (!graph) return undefined;
  const data = ONNX_DATA.flatMap((name) => byName.get(name) ?? []);
  return { format: 'onnx', variant: '', files: [graph, ...data] };
}

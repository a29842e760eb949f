import { ProtobufWriter } from '../../../onnx/protobuf-writer';
import { damaged } from '../../../onnx/external-data';
import { protobufFields } from '../../../onnx/protobuf-reader';

/** Operators that draw normal noise from a generator of ONNX Runtime's own. */
const RANDOM = ['RandomNormal', 'RandomNormalLike'];

/** Operators behind which a value is still the same. */
const PASSING = ['Cast', 'Identity'];

/** Field numbers of onnx/onnx.proto. */
const MODEL = { graph: 7 } as const;
const GRAPH = { node: 1, output: 12 } as const;
const NODE = { input: 1, output: 2, operator: 4 } as const;
const VALUE_NAME = 1;

interface Node {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly output: string | undefined;
}

/** The values of a graph that say what an encoder's latents are drawn from. */
export interface SampledDistribution {
  readonly mean: string;
  readonly deviation: string;
}

/** Whether a graph draws noise by itself. */
export function drawsNoise(operators: ReadonlySet<string>): boolean {
  return RANDOM.some((name) => operators.has(name));
}

/**
 * Finds what an encoder draws its latents from: diffusers' conversion script traced `latent_dist.sample()`, so
 * that the graph ends in `mean + deviation * noise` with noise of its own, which no seed repeats.
 * @param output the graph's output
 * @returns undefined where the graph ends otherwise
 */
export function findDistribution(
  model: Uint8Array,
  output: string,
): SampledDistribution | undefined {
  const nodes = readNodes(model);
  const users = (value: string) => nodes.filter(({ inputs }) => inputs.includes(value));
  /** The value's only use that changes it. */
  const onlyUse = (value: string): Node | undefined => {
    const [user, ...others] = users(value);
    if (user?.output === undefined || others.length > 0) return undefined;
    return PASSING.includes(user.operator) ? onlyUse(user.output) : user;
  };
  /** Where a value comes from, past the operators that leave it as it is. */
  const origin = (value: string): string => {
    const maker = nodes.find((node) => node.output === value);
    const [from] = maker?.inputs ?? [];
    return maker && from !== undefined && PASSING.includes(maker.operator) ? origin(from) : value;
  };
  /** The other factor, or the other summand. */
  const other = ({ inputs }: Node, value: string): string | undefined =>
    inputs.find((input) => origin(input) !== value);
  const random = nodes.filter(({ operator }) => RANDOM.includes(operator));
  const noise = random.length === 1 ? random[0]!.output : undefined;
  const product = noise === undefined ? undefined : onlyUse(noise);
  if (product?.operator !== 'Mul' || product.output === undefined) return undefined;
  const sum = onlyUse(product.output);
  if (sum?.operator !== 'Add' || origin(output) !== sum.output) return undefined;
  const mean = other(sum, product.output);
  const deviation = other(product, noise!);
  return mean !== undefined && deviation !== undefined ? { mean, deviation } : undefined;
}

/** Lets a model answer with more of its values; their types are found by ONNX Runtime. */
export function withOutputs(model: Uint8Array, names: readonly string[]): Uint8Array {
  const added = new ProtobufWriter().message(MODEL.graph, (graph) => {
    for (const name of names) {
      graph.message(GRAPH.output, (value) => value.string(VALUE_NAME, name));
    }
  });
  // A message that comes twice is one: its parts are put together (protobuf.dev, "Last One Wins").
  return Buffer.concat([model, added.finish()]);
}

/** Mean and logarithm of the variance one behind the other, as newer exports answer. */
export function latentParameters(mean: Float32Array, deviation: Float32Array): Float32Array {
  const parameters = new Float32Array(mean.length + deviation.length);
  parameters.set(mean);
  parameters.set(
    deviation.map((value) => 2 * Math.log(value)),
    mean.length,
  );
  return parameters;
}

function readNodes(model: Uint8Array): readonly Node[] {
  const nodes: Node[] = [];
  for (const graph of parts(model, MODEL.graph)) {
    for (const bytes of parts(graph, GRAPH.node)) {
      const strings = (field: number) =>
        [...parts(bytes, field)].map((part) => Buffer.from(part).toString('utf8'));
      const [operator = ''] = strings(NODE.operator);
      const [output] = strings(NODE.output);
      nodes.push({ operator, inputs: strings(NODE.input), output });
    }
  }
  return nodes;
}

/** The length-delimited values of a field. */
function* parts(message: Uint8Array, field: number): Generator<Uint8Array> {
  for (const { number, start, end, isMessage } of protobufFields(message, damaged)) {
    if (number === field && isMessage) yield message.subarray(start, end);
  }
}

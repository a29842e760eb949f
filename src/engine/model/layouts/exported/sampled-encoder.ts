import { readNodes, type EncodedNode } from '../../../onnx/encoded-model';

/** Operators that draw normal noise from ONNX Runtime's own generator. */
const RANDOM = ['RandomNormal', 'RandomNormalLike'];

/** Operators that do not change a value. */
const PASSING = ['Cast', 'Identity'];

interface Node extends Omit<EncodedNode, 'outputs'> {
  readonly output: string | undefined;
}

/** The names of the graph's values that define the distribution of the latents. */
export interface SampledDistribution {
  readonly mean: string;
  readonly deviation: string;
}

/** Whether a graph draws random noise itself. */
export function drawsNoise(operators: ReadonlySet<string>): boolean {
  return RANDOM.some((name) => operators.has(name));
}

/**
 * Finds the distribution that an encoder samples. diffusers' conversion script traced `latent_dist.sample()`,
 * so the graph ends in `mean + deviation * noise`, with noise that does not depend on the seed.
 * @param model the encoded ModelProto
 * @param output name of the graph's output
 * @returns undefined if the graph ends in another way
 */
export function findDistribution(
  model: Uint8Array,
  output: string,
): SampledDistribution | undefined {
  const nodes = readNodes(model).map(({ outputs, ...node }): Node => {
    return { ...node, output: outputs[0] };
  });
  const consumers = (value: string) => nodes.filter(({ inputs }) => inputs.includes(value));
  /** The only node that uses the value, after operators that do not change it. */
  const onlyUse = (value: string): Node | undefined => {
    const [consumer, ...others] = consumers(value);
    if (consumer?.output === undefined || others.length > 0) return undefined;
    return PASSING.includes(consumer.operator) ? onlyUse(consumer.output) : consumer;
  };
  /** Where a value comes from, before operators that do not change it. */
  const origin = (value: string): string => {
    const source = nodes.find((node) => node.output === value);
    const [from] = source?.inputs ?? [];
    return source && from !== undefined && PASSING.includes(source.operator) ? origin(from) : value;
  };
  /** The other input of a node with two inputs. */
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

/**
 * The distribution's parameters as newer exports return them: mean, then logarithm of the variance.
 * @param mean float32 [channels, height, width]
 * @param deviation standard deviation, of the same shape
 */
export function latentParameters(mean: Float32Array, deviation: Float32Array): Float32Array {
  const parameters = new Float32Array(mean.length + deviation.length);
  parameters.set(mean);
  parameters.set(
    deviation.map((value) => 2 * Math.log(value)),
    mean.length,
  );
  return parameters;
}

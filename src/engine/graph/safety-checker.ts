import type { WeightSource } from '../weights/source';
import { Builder, type BuildOptions } from './builder';
import { clipVision } from './clip-vision';
import type { ClipVisionConfig } from './clip-vision-config';
import type { BuiltGraph, Value } from './graph';
import { cast, mul } from './ops/arithmetic';
import { transpose } from './ops/shape';

/**
 * What the checker compares an image with, by the name of the outputs: tensors of features, each with one of the cosines
 * from which they are seen.
 */
const TABLES = { special: 'special_care_embeds', concept: 'concept_embeds' } as const;

/**
 * Writes the graph of StableDiffusionSafetyChecker (diffusers, pipelines/stable_diffusion/safety_checker.py) for one
 * image, up to the cosines. S is the config's image_size.
 *
 * Input `pixel_values` float32 [1, 3, S, S]. Outputs, float32, where n is 3 and m 17 in published checkers:
 * - `special_cosines` [1, n] and `concept_cosines` [1, m], of the image with each concept;
 * - `special_thresholds` [n] and `concept_thresholds` [m], as stored.
 *
 * @throws EaselError `model-incomplete` if a weight is missing; `bad-file` if it has another shape or type
 */
export function buildSafetyChecker(
  config: ClipVisionConfig,
  weights: WeightSource,
  options: BuildOptions,
): BuiltGraph {
  const top = Builder.create(weights, options);
  const outer = top.at('vision_model');
  // Files have the name twice: transformers had a model of that name in its CLIPVisionModel up to version 4.
  const inner = outer.at('vision_model');
  const b = inner.has('embeddings.class_embedding') ? inner : outer;
  const image = normalized(top, clipVision(top, b, config).embeds);
  for (const [output, name] of Object.entries(TABLES)) {
    // A tensor that is missing is refused whatever its size.
    const count = weights.get(name)?.shape[0] ?? 1;
    const known = normalized(top, top.weight(name, [count, config.projectionDim]));
    const cosines = top.node('MatMul', [image, transpose(top, known, [1, 0])], [1, count]);
    const thresholds = top.weight(`${name}_weights`, [count]);
    top.graph.output(`${output}_cosines`, cast(top, cosines, 'float32'));
    const copied = top.node('Identity', [thresholds], [count]);
    top.graph.output(`${output}_thresholds`, cast(top, copied, 'float32'));
  }
  return top.finish('safety_checker');
}

/** torch.nn.functional.normalize of rows [rows, width]. */
function normalized(b: Builder, x: Value): Value {
  const [rows] = x.shape as [number];
  const square = b.node('ReduceSum', [mul(b, x, x), b.integers([1])], [rows, 1], {
    keepdims: { int: 1 },
  });
  const length = b.node('Sqrt', [square], [rows, 1]);
  const least = b.node('Max', [length, b.numbers([1e-12], [1])], [rows, 1]);
  return b.node('Div', [x, least], x.shape);
}

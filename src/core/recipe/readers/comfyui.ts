import { parseLooseRecord } from '../../json';
import { foreignRecipe, type FoundLora } from '../foreign';
import type { Recipe } from '../recipe';
import { ComfyGraph, type ComfyNode } from './comfy-graph';

const LATENTS = ['latent_image', 'samples', 'latent', 'pixels', 'image'];
const CONDITIONINGS = [
  'conditioning',
  'conditioning_1',
  'conditioning_2',
  'conditioning_to',
  'conditioning_from',
];
const TEXTS = ['text', 'text_g', 'text_l', 'prompt', 'string'];

/**
 * Reads the graph that ComfyUI saves in an image: the inputs of its first sampler (text, size, model and
 * settings). Unusual graphs may give an incomplete recipe.
 * @param prompt the text chunk named `prompt`
 */
export function readComfyUi(prompt: string): Recipe | undefined {
  const json = parseLooseRecord(prompt);
  if (!json) return undefined;
  const graph = new ComfyGraph(json);
  const sampler = firstSampler(graph);
  if (!sampler) return undefined;
  const guider = graph.source(sampler, 'guider');
  const positive = firstSource(graph, [sampler, guider], ['positive', 'conditioning']);
  const negative = firstSource(graph, [sampler, guider], ['negative']);
  const models = graph.upstream(firstSource(graph, [sampler, guider], ['model']), ['model']);
  const latents = graph.upstream(graph.source(sampler, 'latent_image'), LATENTS);
  const empty = latents.find((node) => graph.value(node, 'width') !== undefined);
  const fromImage = latents.some(({ kind }) => /^(LoadImage|VAEEncode)/.test(kind));
  const denoise = graph.find(sampler, ['denoise'], ['sigmas']);
  return foreignRecipe('ComfyUI', {
    prompt: textOf(graph, positive, 'positive'),
    negativePrompt: textOf(graph, negative, 'negative'),
    seed: graph.find(sampler, ['seed', 'noise_seed'], ['noise']),
    steps: graph.find(sampler, ['steps'], ['sigmas']),
    guidanceScale: graph.find(sampler, ['cfg'], ['guider']),
    sampler: graph.find(sampler, ['sampler_name'], ['sampler']),
    schedule: graph.find(sampler, ['scheduler'], ['sigmas']),
    width: graph.value(empty, 'width'),
    height: graph.value(empty, 'height'),
    model: firstValue(graph, models, ['ckpt_name', 'unet_name', 'model_name']),
    loras: models.flatMap((node) => lorasOf(graph, node)),
    strength: fromImage ? denoise : undefined,
    fromImage,
    noise: 'cpu',
    weighted: true,
  });
}

/** The sampler of the first pass: it does not start from another sampler's result. */
function firstSampler(graph: ComfyGraph): ComfyNode | undefined {
  const isSampler = (node: ComfyNode) =>
    Object.hasOwn(node.inputs, 'latent_image') &&
    graph.find(node, ['seed', 'noise_seed'], ['noise']) !== undefined;
  const samplers = graph.all().filter(isSampler);
  const isFirstPass = (node: ComfyNode) => {
    const [, ...behind] = graph.upstream(node, LATENTS);
    return !behind.some((other) => samplers.includes(other));
  };
  return samplers.find(isFirstPass) ?? samplers[0];
}

function firstSource(
  graph: ComfyGraph,
  nodes: readonly (ComfyNode | undefined)[],
  inputs: readonly string[],
): ComfyNode | undefined {
  for (const node of nodes) {
    for (const input of inputs) {
      const source = graph.source(node, input);
      if (source) return source;
    }
  }
  return undefined;
}

function firstValue(graph: ComfyGraph, nodes: readonly ComfyNode[], inputs: readonly string[]) {
  for (const node of nodes) {
    const value = graph.find(node, inputs);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** The texts of a conditioning, joined with commas. */
function textOf(graph: ComfyGraph, start: ComfyNode | undefined, side: string): string {
  const texts = new Set<string>();
  for (const node of graph.upstream(start, [...CONDITIONINGS, side])) {
    for (const input of TEXTS) {
      const text = graph.value(node, input);
      if (typeof text === 'string' && text.trim() !== '') texts.add(text);
    }
  }
  return [...texts].join(', ');
}

function lorasOf(graph: ComfyGraph, node: ComfyNode): FoundLora[] {
  const name = graph.value(node, 'lora_name');
  if (typeof name !== 'string') return [];
  const scale = graph.value(node, 'strength_model');
  return [{ name, scale: typeof scale === 'number' ? scale : undefined }];
}

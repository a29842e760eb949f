import { parseLooseRecord } from '../../json';
import { foreignRecipe, type FoundHires } from '../foreign';
import type { Recipe, RecipeNote } from '../recipe';
import { ComfyGraph, type ComfyNode } from './comfy-graph';
import { comfyLoras } from './comfy-loras';
import { loraTags } from '../lora-tags';

const LATENTS = [
  'latent_image',
  'samples',
  'latent',
  'pixels',
  'image',
  'images',
  'upscaled_image',
];
const CONDITIONINGS = [
  'conditioning',
  'conditioning_1',
  'conditioning_2',
  'conditioning_to',
  'conditioning_from',
];
const TEXTS = ['text', 'text_g', 'text_l', 'clip_l', 'clip_g', 't5xxl', 'prompt', 'string'];
/** Inputs that carry the model from node to node, alone or with other things. */
const MODELS = [
  ...['model', 'lora_stack', 'optional_lora_stack', 'LORA_STACK', 'unet'],
  ...['pipe', 'basic_pipe', 'context', 'base_ctx', 'sdxl_tuple', 'script'],
];

/**
 * Reads the graph that ComfyUI saves in an image: the inputs of its first sampler (text, size, model and
 * settings). Notes say what of the graph is not taken over: texts from unknown nodes, ControlNets, changes of the
 * model, and passes after the first.
 * @param prompt the text chunk named `prompt`
 */
export function readComfyUi(prompt: string): Recipe | undefined {
  const json = parseLooseRecord(prompt);
  if (!json) return undefined;
  const graph = new ComfyGraph(json);
  const samplers = graph.all().filter((node) => isSampler(graph, node));
  const sampler = firstOf(graph, samplers);
  if (!sampler) return undefined;
  const guider = graph.source(sampler, 'guider');
  const positive = readSide(graph, [sampler, guider], 'positive');
  const negative = readSide(graph, [sampler, guider], 'negative');
  const modelSource = firstSource(graph, [sampler, guider], MODELS);
  const models = graph.upstream(modelSource, MODELS);
  const latents = graph.upstream(graph.source(sampler, 'latent_image'), LATENTS);
  const empty =
    latents.find((node) => sizeOf(graph, node, 'width') !== undefined) ??
    models.find((node) => sizeOf(graph, node, 'width') !== undefined);
  const fromImage = latents.some(({ kind }) => /^(LoadImage|VAEEncode)/.test(kind));
  const denoise = graph.find(sampler, ['denoise'], ['sigmas']);
  const width = sizeOf(graph, empty, 'width');
  const height = sizeOf(graph, empty, 'height');
  const later = samplers.filter((node) => node !== sampler && follows(graph, node, samplers));
  const hires = later.length === 1 ? readHires(graph, later[0]!, width) : undefined;
  const tagged = loraTags(positive.text);
  const found = foreignRecipe('ComfyUI', {
    prompt: tagged.plain,
    negativePrompt: negative.text,
    seed: graph.find(sampler, ['seed', 'noise_seed'], ['noise']),
    steps: graph.find(sampler, ['steps'], ['sigmas']),
    guidanceScale: graph.find(sampler, ['cfg'], ['guider']),
    sampler: graph.find(sampler, ['sampler_name'], ['sampler']),
    schedule: graph.find(sampler, ['scheduler'], ['sigmas']),
    width,
    height,
    model: firstValue(graph, models, ['ckpt_name', 'unet_name', 'model_name', 'base_ckpt_name']),
    loras: [...models.flatMap((node) => comfyLoras(graph, node)), ...tagged.loras],
    strength: fromImage ? denoise : undefined,
    fromImage,
    hires,
    missed: [
      ...changesOf(
        [...positive.nodes, ...negative.nodes],
        /control_?net|t2i_?adapter|lllite/i,
        'ControlNet',
      ),
      ...changesOf(
        [...positive.nodes, ...models],
        /ip_?adapter|instant_?id|style_?model|photo_?maker/i,
        'image prompt',
      ),
      ...changesOf(
        [...positive.nodes, ...negative.nodes],
        /area|mask|timestep_?range|gligen|combine_?by/i,
        'condition',
      ),
      ...modelChanges(graph, models),
    ],
    noise: 'cpu',
    weighted: true,
  });
  const notes: RecipeNote[] = [...found.notes];
  const add = (message: string) => notes.push({ about: 'setting', message });
  if (!positive.whole) add(partMissing('prompt', positive));
  if (!negative.whole) add(partMissing('negative prompt', negative));
  if (later.length > 0) add(laterPasses(graph, later, hires));
  return { ...found, notes };
}

/** A node that denoises: it has a seed, and latents or steps. */
function isSampler(graph: ComfyGraph, node: ComfyNode): boolean {
  const has = (input: string) => Object.hasOwn(node.inputs, input);
  const denoises = has('latent_image') || (has('steps') && (has('sampler_name') || has('cfg')));
  return denoises && graph.find(node, ['seed', 'noise_seed'], ['noise']) !== undefined;
}

/** The sampler of the first pass: it does not start from another sampler's result. */
function firstOf(graph: ComfyGraph, samplers: readonly ComfyNode[]): ComfyNode | undefined {
  return samplers.find((node) => !follows(graph, node, samplers)) ?? samplers[0];
}

/** Whether a sampler starts from another sampler's result. */
function follows(graph: ComfyGraph, node: ComfyNode, samplers: readonly ComfyNode[]): boolean {
  const [, ...behind] = graph.upstream(node, LATENTS);
  return behind.some((other) => samplers.includes(other));
}

/** One of the two prompts. */
interface Side {
  readonly text: string;
  /** Whether all its texts were found. */
  readonly whole: boolean;
  /** The nodes between the texts and the sampler. */
  readonly nodes: readonly ComfyNode[];
}

function readSide(
  graph: ComfyGraph,
  from: readonly (ComfyNode | undefined)[],
  side: 'positive' | 'negative',
): Side {
  const inputs = side === 'positive' ? ['positive', 'conditioning'] : ['negative'];
  const start = firstSource(graph, from, inputs);
  const nodes = start
    ? graph.upstream(start, [...CONDITIONINGS, side])
    : from.flatMap((node) => graph.upstream(node, MODELS));
  const texts = new Set<string>();
  let whole = true;
  for (const node of nodes) {
    const own = [...TEXTS, side, `${side}_prompt`, `text_${side}`];
    for (const input of own) {
      const linked = graph.isLinked(node, input);
      // A link of a node of conditions leads to conditions, not to a text.
      if (linked && input === side && CONDITION.test(node.kind)) continue;
      if (!linked && typeof node.inputs[input] !== 'string') continue;
      const read = graph.text(node, input, side);
      if (read && read.text.trim() !== '') texts.add(read.text);
      if (input !== side && (read ? !read.whole : linked)) whole = false;
    }
  }
  const known = texts.size > 0 || nodes.some(({ kind }) => /ZeroOut|CLIPTextEncode/i.test(kind));
  const expected = start !== undefined || side === 'positive';
  return { text: [...texts].join(', '), whole: whole && (known || !expected), nodes };
}

const CONDITION = /apply|combine|concat|average|condition|control/i;

function partMissing(which: string, { text, nodes }: Side): string {
  const kinds = [...new Set(nodes.map(({ kind }) => kind))].slice(0, 4).join(', ');
  const what = text === '' ? `Its ${which} was not found` : `A part of its ${which} was not found`;
  const where = kinds === '' ? '' : ` (${kinds.slice(0, 120)})`;
  return `${what}: it comes from nodes that Easel does not know${where}.`;
}

function sizeOf(graph: ComfyGraph, node: ComfyNode | undefined, side: 'width' | 'height') {
  return graph.find(node, [side, `empty_latent_${side}`]);
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

type Missed = readonly [name: string, value: unknown];

/** Nodes of a kind, by their names; each once. */
function changesOf(nodes: readonly ComfyNode[], kind: RegExp, name: string): Missed[] {
  const found = new Set(nodes.map((node) => node.kind).filter((one) => kind.test(one)));
  return [...found].slice(0, 5).map((one): Missed => [name, one]);
}

/** Nodes that neither load a model nor add a LoRA, and that the model goes through. */
function modelChanges(graph: ComfyGraph, models: readonly ComfyNode[]): Missed[] {
  const changing = models.filter(
    (node) =>
      graph.isLinked(node, 'model') &&
      !/lora|reroute|ip_?adapter/i.test(node.kind) &&
      comfyLoras(graph, node).length === 0,
  );
  const kinds = new Set(changing.map(({ kind }) => kind));
  return [...kinds].slice(0, 5).map((kind): Missed => ['a change of the model,', kind]);
}

/** The second pass, if the graph says how much it enlarges. */
function readHires(
  graph: ComfyGraph,
  node: ComfyNode,
  width: string | number | undefined,
): FoundHires | undefined {
  const strength = graph.find(node, ['denoise'], ['sigmas']);
  const between = graph.upstream(graph.source(node, 'latent_image'), LATENTS);
  const enlarging = between.find(({ kind }) => /upscale|scale/i.test(kind));
  const factor = graph.find(enlarging, ['scale_by', 'upscale_by', 'rescale_factor']);
  const larger = Number(graph.find(enlarging, ['width']) ?? NaN);
  const scale = factor ?? larger / Number(width ?? NaN);
  if (!enlarging || typeof strength !== 'number' || !(Number(scale) >= 1)) return undefined;
  const latent = /latent/i.test(enlarging.kind);
  const method = graph.find(enlarging, ['upscale_method']);
  const usesModel = between.some(({ kind }) => /upscale.*model|model.*upscale/i.test(kind));
  const upscaler = latent ? 'latent' : usesModel ? 'a model' : (method ?? enlarging.kind);
  return { scale, strength, steps: graph.find(node, ['steps'], ['sigmas']), upscaler };
}

function laterPasses(
  graph: ComfyGraph,
  later: readonly ComfyNode[],
  hires: FoundHires | undefined,
): string {
  if (hires) {
    return 'It was drawn in a second pass with its own seed and sampler. Easel draws it with those of the first.';
  }
  const shown = later.slice(0, 3).map((node) => {
    const steps = graph.find(node, ['steps'], ['sigmas']);
    const denoise = graph.find(node, ['denoise'], ['sigmas']);
    const facts = [steps && `${steps} steps`, denoise && `denoise ${denoise}`].filter(Boolean);
    return `${node.kind.slice(0, 60)}${facts.length > 0 ? ` (${facts.join(', ')})` : ''}`;
  });
  const count = later.length === 1 ? 'A second pass' : `${later.length} more passes`;
  return `${count} of the graph, ${shown.join(', ')}, is not taken over. Easel draws a second pass with --hires.`;
}

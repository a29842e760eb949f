import { randomUUID } from 'node:crypto';
import { FormData } from 'undici';
import { fillPlaces, placesIn, type Place } from '../../core/endpoints/template';
import { EaselError } from '../../core/errors';
import { isRecord, type JsonObject } from '../../core/json';
import { randomSeed } from '../../core/request/request';
import { oneLine } from '../../core/shown-text';
import type { EndpointReport } from '../../protocol/endpoints';
import { readNumber, readText, readTexts, withoutWeights } from './answers';
import { checkpointGraph, type GraphInputs } from './comfyui-graph';
import { ComfyProgress } from './comfyui-progress';
import type { EndpointConnection } from './connection';
import { pollJob, queueTeller } from './poll-job';
import {
  DIFFUSION_FIELDS,
  type EndpointProtocol,
  type RemoteDrawing,
  type RemoteJob,
  type RemoteRequest,
} from './protocol';
import { chooseSampler } from './remote-samplers';
import { whileDrawing } from './while-drawing';

/** Places of the user's own graph that are fields of a request. */
const GRAPH_FIELDS = [
  ...(['negativePrompt', 'seed', 'steps', 'guidanceScale', 'width', 'height'] as const),
  ...(['scheduler', 'initImage', 'mask', 'strength'] as const),
] as const satisfies readonly Place[];

/** ComfyUI's API (server.py there): the user's own graph with places, or Easel's for checkpoints. */
export const comfyui: EndpointProtocol = {
  name: 'comfyui',
  abilities: {
    fields: DIFFUSION_FIELDS,
    progress: true,
    previews: true,
    cancels: true,
  },
  usualPixels: 512 * 512,

  async speaks(connection, signal) {
    const stats = await connection.json('/system_stats', { signal });
    return isRecord(stats) && isRecord(stats.system);
  },

  async report(connection, signal): Promise<EndpointReport> {
    const { graph } = connection.endpoint;
    const { abilities } = comfyui;
    if (graph) {
      const places = placesIn(graph);
      const fields = GRAPH_FIELDS.filter((field) => places.has(field));
      const own = [...fields, 'numImages' as const, 'promptSyntax' as const];
      return { models: [], abilities: { ...abilities, fields: own } };
    }
    return { models: await checkpoints(connection, signal), abilities };
  },

  async draw(connection, job): Promise<RemoteDrawing> {
    const { request, signal } = job;
    const seed = request.seed ?? randomSeed();
    const image = await upload(request.initImage, connection, signal);
    const mask = await upload(request.mask, connection, signal);
    const client = randomUUID();
    const progress = new ComfyProgress(connection, client);
    const { graphOf, checkpoint } = await grapher(connection, job);
    try {
      // A batch has one seed for all of its images; here image k has seed + k.
      for (let nth = 0; nth < request.numImages; nth++) {
        const graph = graphOf({ seed: seed + nth, image, mask });
        const file = await run(connection, { graph, client, nth, progress }, job);
        await job.image({ file, seed: seed + nth });
      }
    } finally {
      progress.close();
    }
    return checkpoint === undefined ? {} : { model: checkpoint };
  },
};

type OneImage = Pick<GraphInputs, 'seed' | 'image' | 'mask'>;

interface Grapher {
  /** The graph of an image. */
  readonly graphOf: (one: OneImage) => JsonObject;
  /** What it draws with. Absent: the user's own graph says it. */
  readonly checkpoint?: string;
}

async function grapher(
  connection: EndpointConnection,
  { request, signal }: RemoteJob,
): Promise<Grapher> {
  const { graph } = connection.endpoint;
  const { scheduler } = request;
  const prompts = {
    prompt: withoutWeights(request.prompt, request),
    negativePrompt: withoutWeights(request.negativePrompt, request),
  };
  if (graph) {
    const { steps, guidanceScale, width, height, strength } = request;
    const graphOf = ({ seed, image, mask }: OneImage) =>
      fillPlaces(graph, {
        ...prompts,
        seed,
        ...(steps !== undefined && { steps }),
        ...(guidanceScale !== undefined && { guidanceScale }),
        ...(width !== undefined && { width }),
        ...(height !== undefined && { height }),
        ...(scheduler !== undefined && { scheduler }),
        ...(strength !== undefined && { strength }),
        ...(image !== undefined && { initImage: image }),
        ...(mask !== undefined && { mask }),
      }) as JsonObject;
    return { graphOf };
  }
  const known = await checkpoints(connection, signal);
  const checkpoint = chooseCheckpoint(request.model, known, connection);
  const sampler =
    scheduler === undefined
      ? undefined
      : chooseSampler(
          scheduler,
          await choices(connection, { node: 'KSampler', input: 'sampler_name' }, signal),
        );
  const asRead: RemoteRequest = { ...request, ...prompts };
  const graphOf = (one: OneImage) => checkpointGraph(asRead, { checkpoint, sampler, ...one });
  return { graphOf, checkpoint };
}

function checkpoints(
  connection: EndpointConnection,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const where = { node: 'CheckpointLoaderSimple', input: 'ckpt_name' };
  return choices(connection, where, signal);
}

/** @throws EaselError `model-not-found`, listing the server's */
function chooseCheckpoint(
  model: string | undefined,
  known: readonly string[],
  { host }: EndpointConnection,
): string {
  const [first] = known;
  if (first === undefined) {
    throw new EaselError('model-not-found', `${host} has no checkpoint. Put one into its models.`);
  }
  if (model === undefined) return first;
  const plain = (name: string) => name.replace(/\.(?:safetensors|ckpt|sft)$/i, '').toLowerCase();
  const found = known.find((name) => name === model || plain(name) === plain(model));
  if (found !== undefined) return found;
  throw new EaselError(
    'model-not-found',
    `${host} has no checkpoint "${oneLine(model, 100)}". It has ${oneLine(known.join(', '), 500)}.`,
  );
}

/** The values that an input of a kind of node can have. */
async function choices(
  connection: EndpointConnection,
  { node, input }: { readonly node: string; readonly input: string },
  signal: AbortSignal,
): Promise<readonly string[]> {
  const info = await connection.json(`/object_info/${node}`, { signal });
  const described = isRecord(info) ? info[node] : undefined;
  const inputs = isRecord(described) ? described.input : undefined;
  const required = isRecord(inputs) ? inputs.required : undefined;
  const declared: unknown = isRecord(required) ? required[input] : undefined;
  if (!Array.isArray(declared)) return [];
  const [kind, options] = declared as unknown[];
  // Newer versions write `["COMBO", {"options": […]}]`.
  return readTexts(Array.isArray(kind) ? kind : isRecord(options) ? options.options : []);
}

/** Uploads an image for the graph. @returns its name there; undefined without an image */
async function upload(
  image: Uint8Array | undefined,
  connection: EndpointConnection,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (!image) return undefined;
  const form = new FormData();
  form.set(
    'image',
    new Blob([Buffer.from(image)], { type: 'image/png' }),
    `easel-${randomUUID()}.png`,
  );
  form.set('type', 'temp');
  const answer = await connection.json('/upload/image', { method: 'POST', form, signal });
  const name = isRecord(answer) ? readText(answer.name) : undefined;
  if (name === undefined) throw connection.unexpected('no name for an uploaded image');
  const folder = isRecord(answer) ? (readText(answer.subfolder) ?? '') : '';
  return `${folder === '' ? '' : `${folder}/`}${name} [temp]`;
}

interface GraphRun {
  readonly graph: JsonObject;
  readonly client: string;
  /** 0-based image of the request. */
  readonly nth: number;
  readonly progress: ComfyProgress;
}

/** Runs a graph and fetches its image. */
async function run(
  connection: EndpointConnection,
  { graph, client, nth, progress }: GraphRun,
  job: RemoteJob,
): Promise<Uint8Array> {
  const { signal, step, request } = job;
  const started = await connection.json('/prompt', {
    json: { prompt: graph, client_id: client },
    signal,
  });
  const id = isRecord(started) ? readText(started.prompt_id) : undefined;
  if (id === undefined) throw connection.unexpected('an answer without the id of a graph');
  progress.follow(id, request.preview, (told) => step({ ...told, image: nth }));
  const ended = await whileDrawing(waitFor(connection, id, job), {
    signal,
    cancel: (late) => cancel(connection, id, late),
  });
  return fetchImage(connection, ended, signal);
}

/** Waits until a graph has ended. @throws EaselError */
function waitFor(connection: EndpointConnection, id: string, job: RemoteJob): Promise<JsonObject> {
  const { signal } = job;
  const tellQueue = queueTeller(job);
  return pollJob(async () => {
    const history = await connection.json(`/history/${encodeURIComponent(id)}`, { signal });
    const entry = isRecord(history) ? history[id] : undefined;
    if (isRecord(entry)) {
      requireSuccess(entry, connection);
      return entry;
    }
    tellQueue(await graphsAhead(connection, id, signal));
    return undefined;
  }, job);
}

/** @throws EaselError where a graph has failed */
function requireSuccess(entry: JsonObject, connection: EndpointConnection): void {
  const { status } = entry;
  if (!isRecord(status) || status.status_str !== 'error') return;
  const messages = Array.isArray(status.messages) ? (status.messages as unknown[]) : [];
  const errors = messages.flatMap((message) => {
    const [kind, data] = Array.isArray(message) ? (message as unknown[]) : [];
    if (kind === 'execution_interrupted') return 'it was interrupted';
    if (kind !== 'execution_error' || !isRecord(data)) return [];
    return `${readText(data.node_type) ?? 'a node'}: ${readText(data.exception_message) ?? 'failed'}`;
  });
  throw connection.refused(errors[0] ?? 'the graph failed');
}

/** How many graphs run before this one; 0 where it runs, or is not known. */
async function graphsAhead(
  connection: EndpointConnection,
  id: string,
  signal: AbortSignal,
): Promise<number> {
  const { running, pending } = await readQueue(connection, signal);
  const at = pending.indexOf(id);
  return at < 0 ? 0 : running.length + at;
}

interface Queue {
  readonly running: readonly string[];
  readonly pending: readonly string[];
}

async function readQueue(connection: EndpointConnection, signal: AbortSignal): Promise<Queue> {
  const queue = await connection.json('/queue', { signal });
  const ids = (list: unknown) => {
    const entries = (Array.isArray(list) ? list : []).filter((one) =>
      Array.isArray(one),
    ) as unknown[][];
    return entries
      .sort((one, other) => (readNumber(one[0]) ?? 0) - (readNumber(other[0]) ?? 0))
      .flatMap(([, id]) => readText(id) ?? []);
  };
  if (!isRecord(queue)) throw connection.unexpected('no queue');
  return { running: ids(queue.queue_running), pending: ids(queue.queue_pending) };
}

async function cancel(
  connection: EndpointConnection,
  id: string,
  signal: AbortSignal,
): Promise<void> {
  const { running } = await readQueue(connection, signal);
  // Older versions end whatever runs; so this is asked only where it is this graph.
  if (running.includes(id)) {
    await connection.bytes('/interrupt', { json: { prompt_id: id }, signal });
  } else {
    await connection.bytes('/queue', { json: { delete: [id] }, signal });
  }
}

async function fetchImage(
  connection: EndpointConnection,
  { outputs }: JsonObject,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const nodes = isRecord(outputs) ? Object.values(outputs) : [];
  const images = nodes.flatMap((node) =>
    isRecord(node) && Array.isArray(node.images) ? (node.images as unknown[]) : [],
  );
  const image = images.findLast((one) => isRecord(one) && typeof one.filename === 'string');
  if (!isRecord(image)) throw connection.unexpected('a graph without an image (SaveImage)');
  const query = new URLSearchParams({
    filename: String(image.filename),
    subfolder: readText(image.subfolder) ?? '',
    type: readText(image.type) ?? 'output',
  });
  return connection.bytes(`/view?${query.toString()}`, { signal, drawing: true });
}

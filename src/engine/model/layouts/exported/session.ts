import { readFile } from 'node:fs/promises';

import { EaselError } from '../../../../core/errors';
import type { DeviceName } from '../../../../core/devices';
import { ExternalFiles } from '../../../onnx/external-files';
import {
  Session,
  type Feed,
  type NetworkSession,
  type SessionTuning,
} from '../../../runtime/session';
import { relocateExternalData, withOutputs } from '../../../onnx/encoded-model';
import type { OnnxHeader, OnnxValue } from '../../../onnx/header';
import { castFeed, castOutput, fitDims } from './values';
import { requireOperators } from './operators';
import {
  drawsNoise,
  findDistribution,
  latentParameters,
  type SampledDistribution,
} from './sampled-encoder';
import { planSession } from '../../../graph/target';
import { concatenate } from '../../arrays';
import type { Network } from '../../network';
import type { OnnxComponent } from './component';

/** The role of a network. It decides the names of its outputs. */
export type OnnxRole = 'text encoder' | 'unet' | 'vae decoder' | 'vae encoder' | 'safety checker';

/** A session of an exported ONNX graph, with the input and output names of the graphs that Easel writes. */
class OnnxSession implements NetworkSession {
  private constructor(
    private readonly session: Session,
    private readonly header: OnnxHeader,
    /** Easel's name of an output → the graph's name. */
    private readonly outputs: ReadonlyMap<string, string>,
  ) {}

  /**
   * Opens a session.
   * @throws EaselError `unsupported-model` if the device lacks operators, or if the graph's outputs do not
   *   match its role; ONNX Runtime's own error if the device fails
   */
  static async create(
    component: OnnxComponent,
    role: OnnxRole,
    device: DeviceName,
    tuning: SessionTuning = {},
  ): Promise<OnnxSession> {
    const { header } = component;
    requireOperators(header, device);
    const outputs = nameOutputs(header, role);
    if (role === 'vae encoder' && drawsNoise(header.operators)) {
      const sampled = await openSampled(component, device, tuning);
      if (sampled) return new OnnxSession(sampled.session, header, sampled.outputs);
    }
    const session = await openSession(component, await modelOf(component), device, tuning);
    return new OnnxSession(session, header, outputs);
  }

  /**
   * Runs the graph. If it is exported for a smaller batch, it runs several times.
   * @param feeds as for the graphs that Easel writes; feeds without an input in this graph are ignored
   * @returns outputs by Easel's names, float32
   * @throws EaselError `unsupported-model` if an input has no feed or an unknown type; `bad-size` if the
   *   graph is exported for other shapes
   */
  async run(feeds: Readonly<Record<string, Feed>>): Promise<Record<string, Float32Array>> {
    const { inputs, path } = this.header;
    const batch = fixedBatch(inputs);
    const entries = inputs.map((input) => {
      const feed = feeds[input.name] ?? onlyFeed(inputs, feeds);
      if (feed) return { input, feed };
      throw new EaselError(
        'unsupported-model',
        `${path} needs the input ${input.name.slice(0, 120)}, which Easel does not support. Use another export of the model.`,
        { input: input.name },
      );
    });
    const rows = entries.find(({ feed }) => feed.dims.length > 1)?.feed.dims[0] ?? 1;
    if (batch === undefined || batch >= rows) return this.runRows(entries);
    const parts: Record<string, Float32Array>[] = [];
    for (let row = 0; row < rows; row += batch) {
      parts.push(
        await this.runRows(
          entries.map(({ input, feed }) => ({ input, feed: takeRows(feed, row, batch) })),
        ),
      );
    }
    return joinRows(parts);
  }

  async release(): Promise<void> {
    await this.session.release();
  }

  private async runRows(
    entries: readonly { readonly input: OnnxValue; readonly feed: Feed }[],
  ): Promise<Record<string, Float32Array>> {
    const typed = entries.map(({ input, feed }) => {
      const { dims, repeat } = fitDims(feed.dims, input);
      const data = repeat === 1 ? feed.data : new Float32Array(repeat).fill(feed.data[0]!);
      return [input.name, { ...castFeed({ ...feed, data } as Feed, input), dims }] as const;
    });
    const results = await this.session.runTyped(Object.fromEntries(typed), [
      ...this.outputs.values(),
    ]);
    const found: Record<string, Float32Array> = {};
    for (const [ours, theirs] of this.outputs) {
      const { type, data } = results[theirs]!;
      found[ours] = castOutput(theirs, type, data);
    }
    const { mean, deviation } = found;
    if (mean && deviation) return { latent_parameters: latentParameters(mean, deviation) };
    return found;
  }
}

/** The model's path; or its bytes if it has external weights, because their locations are rewritten. */
async function modelOf({ header, externalFiles }: OnnxComponent): Promise<Uint8Array | string> {
  return externalFiles.size === 0 ? header.file : readFile(header.file);
}

/** Opens a session. Locations of external weights are relative to a folder above all of them, links resolved. */
async function openSession(
  { externalFiles }: OnnxComponent,
  model: Uint8Array | string,
  device: DeviceName,
  tuning: SessionTuning,
): Promise<Session> {
  if (typeof model === 'string' || externalFiles.size === 0) {
    return Session.create({ model }, device, tuning);
  }
  const files = new ExternalFiles();
  for (const file of externalFiles.values()) files.add(file);
  const { root, locate } = files.resolve();
  const relocated = relocateExternalData(model, (location) => locate(externalFiles.get(location)!));
  return Session.create({ model: relocated, externalRoot: root }, device, tuning);
}

/**
 * Opens an encoder that samples its latents itself, with the distribution as outputs instead.
 * @returns undefined if the distribution cannot be found in the graph
 */
async function openSampled(
  component: OnnxComponent,
  device: DeviceName,
  tuning: SessionTuning,
): Promise<
  { readonly session: Session; readonly outputs: ReadonlyMap<string, string> } | undefined
> {
  const { file, outputs } = component.header;
  const [latents] = outputs;
  const model = await readFile(file);
  const found: SampledDistribution | undefined = findDistribution(model, latents?.name ?? '');
  if (!found) return undefined;
  const { mean, deviation } = found;
  const edited = withOutputs(model, [mean, deviation]);
  const session = await openSession(component, edited, device, tuning);
  return { session, outputs: new Map(Object.entries({ mean, deviation })) };
}

/**
 * The outputs of a role: Easel's name → the graph's name.
 * @throws EaselError `unsupported-model` if none of the expected outputs exists
 */
function nameOutputs({ path, outputs }: OnnxHeader, role: OnnxRole): ReadonlyMap<string, string> {
  const names = outputs.map(({ name }) => name);
  const found = new Map<string, string>();
  const take = (ours: string, theirs: string | undefined) => {
    if (theirs !== undefined && names.includes(theirs)) found.set(ours, theirs);
  };
  const only = names.length === 1 ? names[0] : undefined;
  switch (role) {
    case 'unet':
      take('out_sample', only ?? 'out_sample');
      break;
    case 'vae decoder':
      take('sample', only ?? 'sample');
      break;
    case 'vae encoder':
      nameEncoded(outputs, take);
      break;
    case 'safety checker':
      take('has_nsfw_concepts', 'has_nsfw_concepts');
      break;
    case 'text encoder': {
      take('last_hidden_state', only ?? 'last_hidden_state');
      take('pooler_output', 'pooler_output');
      take('text_embeds', 'text_embeds');
      // SDXL uses hidden_states[-2]. The list has the embeddings and each layer's output.
      const layers = names.filter((name) => /^hidden_states\.\d+$/.test(name)).length;
      take('penultimate_hidden_state', `hidden_states.${layers - 2}`);
    }
  }
  if (found.size > 0) return found;
  throw new EaselError(
    'unsupported-model',
    `${path} is not a supported ${role}: its outputs are ${shownNames(names)}. Use another export of the model.`,
    { path, outputs: names.slice(0, 8) },
  );
}

/** Some names of a graph, shortened. */
function shownNames(names: readonly string[]): string {
  const shown = names.slice(0, 8).map((name) => name.slice(0, 60));
  return shown.join(', ') + (names.length > shown.length ? ', …' : '');
}

/** Newer exports return the distribution's parameters, older ones a sample of it. */
function nameEncoded(
  outputs: readonly OnnxValue[],
  take: (ours: string, theirs: string | undefined) => void,
): void {
  take('latent_parameters', 'latent_parameters');
  take('latents', outputs.find(({ name }) => /^(latent_sample|latents)$/.test(name))?.name);
}

/** The feed of a graph with one input, such as a text encoder; the input can have any name. */
function onlyFeed(
  inputs: readonly OnnxValue[],
  feeds: Readonly<Record<string, Feed>>,
): Feed | undefined {
  const given = Object.values(feeds);
  return inputs.length === 1 && given.length === 1 ? given[0] : undefined;
}

/** The batch size that a graph is exported for; undefined if it is free. */
function fixedBatch(inputs: readonly OnnxValue[]): number | undefined {
  return inputs.find(({ shape }) => shape !== undefined && shape.length > 1)?.shape?.[0];
}

/** Rows `row` … `row + count` of a feed's first axis. Feeds of rank 0 and 1 are shared by all rows. */
function takeRows(feed: Feed, row: number, count: number): Feed {
  if (feed.dims.length < 2) return feed;
  const [rows, ...rest] = feed.dims as [number, ...number[]];
  const width = feed.data.length / rows;
  const data = feed.data.subarray(row * width, (row + count) * width);
  return { ...feed, data, dims: [count, ...rest] } as Feed;
}

/** Joins outputs along the first axis. */
function joinRows(parts: readonly Record<string, Float32Array>[]): Record<string, Float32Array> {
  const joined: Record<string, Float32Array> = {};
  for (const name of Object.keys(parts[0] ?? {})) {
    joined[name] = concatenate(parts.map((part) => part[name]!));
  }
  return joined;
}

/** The network of an exported graph. One session is used for every size. */
export function exportedNetwork(
  onnx: OnnxComponent,
  { key, role }: { readonly key: string; readonly role: OnnxRole },
): Network {
  return {
    component: role.startsWith('vae') ? 'vae' : role,
    key,
    weightBytes: onnx.totalBytes,
    open: ({ device, runs }) =>
      OnnxSession.create(onnx, role, device, planSession({ device, runs }).tuning),
  };
}

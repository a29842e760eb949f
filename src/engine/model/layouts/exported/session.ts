import { readFile } from 'node:fs/promises';

import { EaselError } from '../../../../core/errors';
import type { DeviceName } from '../../../../core/request/request';
import { ExternalFiles } from '../../../onnx/external-files';
import {
  Session,
  type Feed,
  type NetworkSession,
  type SessionTuning,
} from '../../../runtime/session';
import { relocateExternalData } from '../../../onnx/external-data';
import type { OnnxComponent } from './component';
import type { OnnxHeader, OnnxValue } from '../../../onnx/header';
import { castFeed, castOutput, fitDims } from './values';
import { requireOperators } from './operators';
import {
  drawsNoise,
  findDistribution,
  latentParameters,
  withOutputs,
  type SampledDistribution,
} from './sampled-encoder';

/** What a network of a folder does; decides the names it is called by. */
export type OnnxRole = 'text encoder' | 'unet' | 'vae decoder' | 'vae encoder';

/** A finished ONNX graph that answers by the names of the graphs Easel writes. */
export class OnnxSession implements NetworkSession {
  private constructor(
    private readonly session: Session,
    private readonly header: OnnxHeader,
    /** Easel's names of outputs to the graph's. */
    private readonly outputs: ReadonlyMap<string, string>,
  ) {}

  /**
   * @throws EaselError `unsupported-model` where the device lacks operators or the graph has other inputs
   *   or outputs than its role; ONNX Runtime's own error where the device fails
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

  /** Takes the feeds of Easel's own graphs; those that the graph has no input for are left out. */
  async run(feeds: Readonly<Record<string, Feed>>): Promise<Record<string, Float32Array>> {
    const { inputs, path } = this.header;
    const batch = fixedBatch(inputs);
    const entries = inputs.map((input) => {
      const feed = feeds[input.name] ?? onlyFeed(inputs, feeds);
      if (feed) return { input, feed };
      throw new EaselError(
        'unsupported-model',
        `${path} wants an input ${input.name}, which Easel does not give.`,
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

/** A model's file, or its bytes where weights lie beside it: those are named anew. */
async function modelOf({ header, externalFiles }: OnnxComponent): Promise<Uint8Array | string> {
  return externalFiles.size === 0 ? header.file : readFile(header.file);
}

/** Weights are named relative to a folder that holds them all, past any links. */
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

/** An encoder that draws its latents is asked for what it draws them from, where that can be found. */
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

/** The outputs of a role by Easel's names: those that are there, and at least the first. */
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
    case 'text encoder': {
      take('last_hidden_state', only ?? 'last_hidden_state');
      take('pooler_output', 'pooler_output');
      take('text_embeds', 'text_embeds');
      // hidden_states[-2], which SDXL reads, of the embeddings and every layer's output.
      const layers = names.filter((name) => /^hidden_states\.\d+$/.test(name)).length;
      take('penultimate_hidden_state', `hidden_states.${layers - 2}`);
    }
  }
  if (found.size > 0) return found;
  throw new EaselError(
    'unsupported-model',
    `${path} is no ${role} that Easel knows: its outputs are ${names.join(', ')}.`,
    { path, outputs: names },
  );
}

/** Newer exports answer the distribution's parameters, older ones a sample of it, drawn inside. */
function nameEncoded(
  outputs: readonly OnnxValue[],
  take: (ours: string, theirs: string | undefined) => void,
): void {
  take('latent_parameters', 'latent_parameters');
  take('latents', outputs.find(({ name }) => /^(latent_sample|latents)$/.test(name))?.name);
}

/** Text encoders and autoencoders have one input, whatever its name. */
function onlyFeed(
  inputs: readonly OnnxValue[],
  feeds: Readonly<Record<string, Feed>>,
): Feed | undefined {
  const given = Object.values(feeds);
  return inputs.length === 1 && given.length === 1 ? given[0] : undefined;
}

/** The batch that an export is fixed to, if it is. */
function fixedBatch(inputs: readonly OnnxValue[]): number | undefined {
  return inputs.find(({ shape }) => shape !== undefined && shape.length > 1)?.shape?.[0];
}

function takeRows(feed: Feed, row: number, count: number): Feed {
  if (feed.dims.length < 2) return feed;
  const [rows, ...rest] = feed.dims as [number, ...number[]];
  const width = feed.data.length / rows;
  const data = feed.data.subarray(row * width, (row + count) * width);
  return { ...feed, data, dims: [count, ...rest] } as Feed;
}

function joinRows(parts: readonly Record<string, Float32Array>[]): Record<string, Float32Array> {
  const joined: Record<string, Float32Array> = {};
  for (const name of Object.keys(parts[0] ?? {})) {
    const arrays = parts.map((part) => part[name]!);
    const all = new Float32Array(arrays.reduce((sum, array) => sum + array.length, 0));
    let offset = 0;
    for (const array of arrays) {
      all.set(array, offset);
      offset += array.length;
    }
    joined[name] = all;
  }
  return joined;
}

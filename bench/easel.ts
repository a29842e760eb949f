import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { DEVICE_NAMES } from '../src/core/devices';
import { TorchGenerator } from '../src/core/diffusion/random';
import { ByteStore } from '../src/engine/bytes/byte-store';
import { LateBytes } from '../src/engine/graph/byte-matrices';
import { buildClipText } from '../src/engine/graph/clip-text';
import { parseClipTextConfig } from '../src/engine/graph/clip-text-config';
import type { BuiltGraph } from '../src/engine/graph/graph';
import { laysOutBytes, planSession, type GraphTarget } from '../src/engine/graph/target';
import { buildTinyDecoder } from '../src/engine/graph/tiny-vae';
import { parseTinyVaeConfig } from '../src/engine/graph/tiny-vae-config';
import { buildUNet } from '../src/engine/graph/unet';
import { parseUNetConfig } from '../src/engine/graph/unet-config';
import { buildVaeDecoder } from '../src/engine/graph/vae';
import { parseVaeConfig } from '../src/engine/graph/vae-config';
import { Session, type Feed } from '../src/engine/runtime/session';
import { openComponentWeights, type WeightSource } from '../src/engine/weights/source';

/**
 * One measurement of Easel in a process of its own; the files in Python beside it are its counterparts, and
 * bench/measurement.py describes the options. Prints one line of JSON.
 */
const { values: options } = parseArgs({
  options: {
    device: { type: 'string', default: 'cpu' },
    precision: { type: 'string', default: 'full' },
    attention: { type: 'string' },
    component: { type: 'string', default: '' },
    folder: { type: 'string', default: '' },
    kept: { type: 'string', default: '' },
    batch: { type: 'string', default: '1' },
    'planned-runs': { type: 'string', default: '1' },
    runs: { type: 'string', default: '1' },
    output: { type: 'string', default: '' },
    prepare: { type: 'boolean', default: false },
  },
});
const { component, folder } = options;
const batch = Number(options.batch);

type Write = (config: unknown, weights: WeightSource, target: GraphTarget) => BuiltGraph;

/** Pixels of a side for each cell of the latents. */
const CELL = 8;

/** Cells of the latents: what a UNet or an autoencoder was made for, and 64 for the others. */
function sizeFor(config: unknown) {
  const { sample_size: size } = config as { readonly sample_size?: number };
  const cells = { unet: size, vae: size && size / CELL }[component] ?? 64;
  return { batch, height: cells, width: cells };
}

const WRITERS: Readonly<Record<string, Write>> = {
  unet: (config, weights, target) =>
    buildUNet(parseUNetConfig(config, folder), weights, { ...sizeFor(config), target }),
  vae: (config, weights, target) =>
    buildVaeDecoder(parseVaeConfig(config, folder), weights, { ...sizeFor(config), target }),
  taesd: (config, weights, target) =>
    buildTinyDecoder(parseTinyVaeConfig(config, folder), weights, { ...sizeFor(config), target }),
  text_encoder: (config, weights, target) =>
    buildClipText(parseClipTextConfig(config, folder), weights, { batch, target }),
};

async function main(): Promise<void> {
  const started = performance.now();
  const config = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')) as unknown;
  const weights = await openComponentWeights(folder, { variant: 'fp16' });
  const write = (target: GraphTarget) => WRITERS[component]!(config, weights, target);
  const device = DEVICE_NAMES.find((name) => name === options.device);
  if (device === undefined) throw new Error(`--device: one of ${DEVICE_NAMES.join(', ')}`);
  const runs = Number(options['planned-runs']);
  const computeType = options.precision === 'half' ? 'float16' : 'float32';
  const plan = planSession({ device, runs, computeType });
  const target: GraphTarget = {
    ...plan.target,
    attention: (['fused', 'plain'] as const).find((kind) => kind === options.attention),
  };
  const inBytes = options.precision === 'int8';
  const late = inBytes ? new LateBytes(laysOutBytes(runs)) : undefined;
  const graph = write({ ...target, ...(late && { byteMatrices: late }) });
  if (late) await openBytes(late, weights);
  if (options.prepare) {
    report({ prepareSeconds: (performance.now() - started) / 1000 });
    return;
  }
  const session = await Session.create(graph, device, plan.tuning);
  const feeds = randomFeeds(graph);
  const runSeconds: number[] = [];
  let firstAt = 0;
  for (let run = 0; run < Number(options.runs); run++) {
    const runStarted = performance.now();
    const outputs = await session.run(feeds);
    runSeconds.push((performance.now() - runStarted) / 1000);
    if (run > 0) continue;
    firstAt = Date.now();
    const [first] = Object.values(outputs);
    const bytes = new Uint8Array(first!.buffer, first!.byteOffset, first!.byteLength);
    writeFileSync(options.output, bytes);
  }
  report({ firstAt, runSeconds });
}

/** Weights as bytes, as a job opens them: kept in a store, and prepared where they are not there. */
async function openBytes(late: LateBytes, weights: WeightSource): Promise<void> {
  const store = new ByteStore(options.kept);
  const opened = await store.open({ component, layers: late.layers, weights }, {});
  late.give((name) => opened.tensor(name));
}

function report(result: object): void {
  const peakBytes = process.resourceUsage().maxRSS * 1024;
  process.stdout.write(`${JSON.stringify({ ...result, peakBytes })}\n`);
}

/** The same numbers as in bench/networks.py: each input from a torch generator seeded with its index. */
function randomFeeds(graph: BuiltGraph): Record<string, Feed> {
  const feeds: Record<string, Feed> = {};
  graph.inputs.forEach(({ name, type, shape: dims }, seed) => {
    const count = dims.reduce((product, length) => product * length, 1);
    if (type === 'int32') {
      feeds[name] = {
        type,
        dims,
        data: Int32Array.from({ length: count }, (_, i) => 49407 - (i % 77)),
      };
    } else {
      const data = new TorchGenerator(seed).randn(count);
      feeds[name] = { type: 'float32', dims, data: name === 'timestep' ? data.fill(601) : data };
    }
  });
  return feeds;
}

void main();

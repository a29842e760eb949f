import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { TorchGenerator } from '../src/core/diffusion/random';
import { buildClipText } from '../src/engine/graph/clip-text';
import { parseClipTextConfig } from '../src/engine/graph/clip-text-config';
import type { BuiltGraph } from '../src/engine/graph/graph';
import { planSession, type GraphTarget } from '../src/engine/graph/target';
import { buildTinyDecoder } from '../src/engine/graph/tiny-vae';
import { parseTinyVaeConfig } from '../src/engine/graph/tiny-vae-config';
import { buildUNet } from '../src/engine/graph/unet';
import { parseUNetConfig } from '../src/engine/graph/unet-config';
import { buildVaeDecoder } from '../src/engine/graph/vae';
import { parseVaeConfig } from '../src/engine/graph/vae-config';
import { Session, type Feed } from '../src/engine/runtime/session';
import { prepareBytes } from '../src/engine/bytes/prepare';
import { ByteLayers, PreparedBytes } from '../src/engine/graph/byte-matrices';
import {
  openComponentWeights,
  openWeightFile,
  type WeightSource,
} from '../src/engine/weights/source';

/**
 * One measurement of Easel in a process of its own; bench/pytorch.py is its counterpart. Arguments: the
 * component, its folder, the batch, how many runs to plan for, how many to make, where to write the output.
 * Prints one line of JSON.
 */
const [component = '', folder = '', batch = '1', planned = '1', made = '1', output = ''] =
  process.argv.slice(2);

type Write = (config: unknown, weights: WeightSource, target: GraphTarget) => BuiltGraph;

/** Cells of the latents: what a UNet was made for, and 64 for the others. */
function sizeFor(config: unknown) {
  const { sample_size } = config as { readonly sample_size?: number };
  const side = component === 'unet' ? (sample_size ?? 64) : 64;
  return { batch: Number(batch), height: side, width: side };
}

const WRITERS: Readonly<Record<string, Write>> = {
  unet: (config, weights, target) =>
    buildUNet(parseUNetConfig(config, folder), weights, { ...sizeFor(config), target }),
  vae: (config, weights, target) =>
    buildVaeDecoder(parseVaeConfig(config, folder), weights, { ...sizeFor(config), target }),
  taesd: (config, weights, target) =>
    buildTinyDecoder(parseTinyVaeConfig(config, folder), weights, { ...sizeFor(config), target }),
  text_encoder: (config, weights, target) =>
    buildClipText(parseClipTextConfig(config, folder), weights, { batch: Number(batch), target }),
};

async function main(): Promise<void> {
  const config = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')) as unknown;
  const weights = await openComponentWeights(folder, { variant: 'fp16' });
  const { target: plain, tuning } = planSession({ device: 'cpu', runs: Number(planned) });
  let target: GraphTarget = plain;
  if (process.env.INT8 === '1') {
    const list = new ByteLayers();
    WRITERS[component]!(config, weights, { ...plain, byteMatrices: list });
    const file = '/tmp/bytes-' + component + '.safetensors';
    if (!existsSync(file)) {
      const t = performance.now();
      await prepareBytes({ layers: [...list.layers.values()], weights }, file, {});
      process.stderr.write(
        `prepared ${list.layers.size} in ${((performance.now() - t) / 1000).toFixed(1)} s\n`,
      );
    }
    const prepared = await openWeightFile(file);
    target = { ...plain, byteMatrices: new PreparedBytes((name) => prepared.get(name)) };
  }
  const graph = WRITERS[component]!(config, weights, target);
  const session = await Session.create(graph, 'cpu', tuning);
  const feeds = randomFeeds(graph);
  const runSeconds: number[] = [];
  let firstAt = 0;
  for (let run = 0; run < Number(made); run++) {
    const started = performance.now();
    const outputs = await session.run(feeds);
    runSeconds.push((performance.now() - started) / 1000);
    if (run > 0) continue;
    firstAt = Date.now();
    const [first] = Object.values(outputs);
    writeFileSync(output, new Uint8Array(first!.buffer, first!.byteOffset, first!.byteLength));
  }
  const peakBytes = process.resourceUsage().maxRSS * 1024;
  process.stdout.write(`${JSON.stringify({ firstAt, runSeconds, peakBytes })}\n`);
}

/** The same numbers as in bench/pytorch.py: each input from a torch generator seeded with its index. */
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

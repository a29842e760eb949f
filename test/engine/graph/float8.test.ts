import * as assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { EaselError } from '../../../src/core/errors';
import { ByteStore } from '../../../src/engine/bytes/byte-store';
import type { ComputeType } from '../../../src/core/devices';
import { byteTensorNames, type ByteLayer } from '../../../src/engine/graph/byte-matrices';
import { Graph } from '../../../src/engine/graph/graph';
import { castTo } from '../../../src/engine/graph/stored-tensor';
import { ExternalWeights, type WeightUse } from '../../../src/engine/graph/weights';
import { LoraWeights } from '../../../src/engine/lora/lora-weights';
import { decodeElement } from '../../../src/engine/weights/dtype';
import { diffusersOpenClipTensors } from '../../../src/engine/weights/original-names';
import {
  openComponentWeights,
  openWeightFile,
  weightMemory,
  type TensorRef,
  type WeightSource,
} from '../../../src/engine/weights/source';
import { FIXTURES } from '../../support/paths';
import { encodeFloats, randomTensors } from '../../support/random-weights';
import { writeSafetensors, type TensorToWrite } from '../../support/safetensors-file';
import { asScaled, widened } from '../../support/scaled-float8';
import { tempFolder } from '../../support/temp-folder';
import { runGraph } from './run-graph';

const TYPES = ['F8_E4M3', 'F8_E5M2'] as const;
type Float8 = (typeof TYPES)[number];

/** What torch widens each bit pattern to. */
function torchValues(dtype: Float8): Float32Array {
  const json = readFileSync(join(FIXTURES, 'float8.json'), 'utf8');
  const values = (JSON.parse(json) as Record<Float8, (number | string | null)[]>)[dtype];
  const words: Readonly<Record<string, number>> = { inf: Infinity, '-inf': -Infinity };
  return Float32Array.from(values, (value) => {
    return typeof value === 'number' ? value : value === null ? NaN : words[value]!;
  });
}

async function sourceOf(tensors: readonly TensorToWrite[]): Promise<WeightSource> {
  const file = join(tempFolder(), 'model.safetensors');
  writeSafetensors(file, tensors);
  return openWeightFile(file);
}

/** Every bit pattern, as a matrix. */
const patterns = (dtype: Float8): TensorToWrite => ({
  ...{ name: 'all.weight', dtype, shape: [32, 8] },
  bytes: Uint8Array.from({ length: 256 }, (_, byte) => byte),
});

const scalar = (name: string, value: number): TensorToWrite => {
  return { name, dtype: 'F32', shape: [], bytes: encodeFloats(Float32Array.of(value), 'F32') };
};

/** A weight as a graph computes with it, in float32. */
async function read(
  source: WeightSource,
  use: WeightUse | 'stored',
  { name = 'all.weight', shape = [32, 8] }: { name?: string; shape?: readonly number[] } = {},
  options: Parameters<typeof runGraph>[2] = {},
): Promise<Float32Array> {
  const graph = new Graph();
  const weights = new ExternalWeights(graph, source);
  const value = use === 'stored' ? weights.stored(name, shape) : weights.get(name, shape, use);
  graph.output('y', castTo(graph, value, 'float32', name));
  return (await runGraph(graph.finish('weights'), {}, options)).y!;
}

/** The same numbers, signs of zero included. Of what is not a number, other bits do not matter. */
function assertSame(found: Float32Array, expected: Float32Array, message?: string): void {
  assert.deepEqual([...found], [...expected], message);
}

describe('weights in float8', () => {
  for (const dtype of TYPES) {
    const expected = torchValues(dtype);

    it(`${dtype}: all 256 bit patterns are what torch makes of them`, async () => {
      const decoded = Float32Array.from({ length: 256 }, (_, byte) =>
        decodeElement(Buffer.of(byte), dtype),
      );
      assertSame(decoded, expected);
      const source = await sourceOf([patterns(dtype)]);
      const uses: readonly (WeightUse | 'stored')[] = [
        { type: 'float32' },
        { type: 'float16' },
        { type: 'float32', lazily: true },
        'stored',
      ];
      for (const use of uses) {
        for (const graphOptimizationLevel of ['all', 'disabled'] as const) {
          const found = await read(source, use, {}, { graphOptimizationLevel });
          assertSame(found, expected, JSON.stringify(use));
        }
      }
      const rows = { first: 5, count: 4 };
      const part = await read(source, { type: 'float32', rows });
      assertSame(part, expected.slice(40, 72));
    });

    it(`${dtype}: each is multiplied with the scale of its weight, in float32`, async () => {
      const scale = Math.fround(0.013_37);
      const product = expected.map((value) => value * scale);
      for (const name of ['all.scale_weight', 'all.weight_scale']) {
        const source = await sourceOf([patterns(dtype), scalar(name, scale)]);
        assertSame(await read(source, { type: 'float32' }), product);
        assertSame(await read(source, 'stored'), product);
        const rows = { first: 5, count: 4 };
        assertSame(await read(source, { type: 'float32', rows }), product.slice(40, 72));
      }
    });

    it(`${dtype}: each row is multiplied with its scale`, async () => {
      const scales = Float32Array.from({ length: 32 }, (_, row) => Math.fround(0.01 + row / 7));
      const product = expected.map((value, at) => value * scales[Math.floor(at / 8)]!);
      const bytes = encodeFloats(scales, 'F32');
      const rows = { first: 5, count: 4 };
      for (const shape of [[32], [32, 1], [32, 1, 1, 1]]) {
        const scale = { name: 'all.weight_scale', dtype: 'F32', shape, bytes } as const;
        const source = await sourceOf([patterns(dtype), scale]);
        assertSame(await read(source, { type: 'float32' }), product);
        assertSame(await read(source, { type: 'float32', rows }), product.slice(40, 72));
        const convolution = { shape: [32, 2, 2, 2] };
        const flat = source.get('all.weight')!;
        const kernel = { ...source, get: () => ({ ...flat, shape: convolution.shape }) };
        assertSame(await read(kernel, { type: 'float32' }, convolution), product);
        const turned = { ...source, get: () => ({ ...flat, shape: [8, 32], transposed: true }) };
        const found = await read(turned, { type: 'float32' }, { shape: [8, 32] });
        const at = (i: number) => product[(i % 32) * 8 + Math.floor(i / 32)]!;
        assertSame(
          found,
          Float32Array.from({ length: 256 }, (_, i) => at(i)),
        );
      }
    });

    it(`${dtype}: queries, keys and values that are stored as one have their rows' scales`, async () => {
      const scales = Float32Array.from({ length: 24 }, (_, row) => Math.fround(0.01 + row / 7));
      const plain = randomTensors({ in_proj_weight: [24, 8] }, dtype);
      const wide = widened(plain)[0]!;
      const values = new Float32Array(wide.bytes.slice().buffer);
      const scale = { name: 'in_proj_scale_weight', dtype: 'F32', shape: [24, 1] } as const;
      const source = await sourceOf([...plain, { ...scale, bytes: encodeFloats(scales, 'F32') }]);
      const name = 'transformer.resblocks.0.attn.in_proj_weight';
      const parts = diffusersOpenClipTensors(name, source.get('in_proj_weight')!);
      for (const [index, part] of parts.entries()) {
        const own = { ...source, get: () => part };
        const place = { name: part.name, shape: [8, 8] };
        const from = index * 64;
        assertSame(
          await read(own, { type: 'float32' }, place),
          values
            .slice(from, from + 64)
            .map((value, at) => value * scales[index * 8 + Math.floor(at / 8)]!),
        );
      }
    });

    it(`${dtype}: a matrix may be stored transposed`, async () => {
      const source = await sourceOf([patterns(dtype)]);
      const turned: WeightSource = {
        ...source,
        get: (name) => {
          const tensor = source.get(name);
          return tensor && { ...tensor, shape: [8, 32], transposed: true };
        },
      };
      const found = await read(turned, { type: 'float32' }, { shape: [8, 32] });
      const at = (i: number) => expected[(i % 32) * 8 + Math.floor(i / 32)]!;
      assertSame(
        found,
        Float32Array.from({ length: 256 }, (_, i) => at(i)),
      );
    });

    it(`${dtype}: LoRAs and bytes are computed as of the same weights in float32`, async () => {
      const plain = randomTensors({ 'linear.weight': [40, 33], 'linear.bias': [40] }, dtype);
      const wide = await sourceOf(widened(plain));
      const sources = [await sourceOf(plain)];
      for (const naming of ['scale_weight', 'weight_scale'] as const) {
        sources.push(await sourceOf(asScaled(plain, naming)));
      }
      const lora = await sourceOf(randomTensors({ down: [2, 33], up: [40, 2] }, dtype));
      const expectedSum = await withLora(wide, lora);
      const expectedBytes = await asBytes(wide);
      for (const source of sources) {
        assert.deepEqual(await withLora(source, lora), expectedSum);
        assert.deepEqual(await asBytes(source), expectedBytes);
      }
    });
  }

  it('have their scales in another shard, too', async () => {
    const folder = tempFolder();
    const [weight, ...scales] = asScaled(randomTensors({ 'a.weight': [4, 3] }, 'F8_E4M3'), 'scale_weight'); // prettier-ignore
    writeSafetensors(join(folder, 'x-1.safetensors'), [weight!]);
    writeSafetensors(join(folder, 'x-2.safetensors'), scales);
    const map = new Map(scales.map(({ name }) => [name, 'x-2.safetensors']));
    const shards = { 'a.weight': 'x-1.safetensors', ...Object.fromEntries(map) };
    const index = JSON.stringify({ weight_map: shards });
    writeFileSync(join(folder, 'model.safetensors.index.json'), index);
    const source = await openComponentWeights(folder);
    const expected = await sourceOf(widened(randomTensors({ 'a.weight': [4, 3] }, 'F8_E4M3')));
    const place = { name: 'a.weight', shape: [4, 3] };
    const found = await read(source, { type: 'float32' }, place);
    assert.deepEqual(found, await read(expected, { type: 'float32' }, place));
  });

  it('are refused with a scale for each column or block', async () => {
    const bytes = encodeFloats(new Float32Array(32), 'F32');
    for (const scale of [
      { name: 'all.weight_scale', dtype: 'F32', shape: [1, 8], bytes: bytes.subarray(0, 32) },
      { name: 'all.weight_scale', dtype: 'F32', shape: [16, 2], bytes },
      { name: 'all.weight_scale', dtype: 'U8', shape: [], bytes: new Uint8Array(1) },
      scalar('all.weight_scale_inv', 1),
    ]) {
      await assert.rejects(sourceOf([patterns('F8_E4M3'), scale]), (thrown) => {
        assert.ok(thrown instanceof EaselError);
        assert.equal(thrown.code, 'unsupported-model');
        assert.match(thrown.message, /"all\.weight" as float8 with scales.*one number/);
        return true;
      });
    }
  });

  it('take their bytes and a copy of their values in memory', async () => {
    const source = await sourceOf([patterns('F8_E4M3')]);
    const memory = (type: ComputeType, place: 'processor' | 'card') =>
      weightMemory(source, type, { place, isCopied: () => false });
    assert.equal(memory('float32', 'processor'), 256 + 1024);
    assert.equal(memory('float16', 'processor'), 256 + 512);
    assert.equal(memory('float32', 'card'), 1024);
  });
});

/** `linear.weight` with a LoRA added to it. */
async function withLora(source: WeightSource, lora: WeightSource): Promise<Float32Array> {
  const graph = new Graph();
  const [down, up] = ['down', 'up'].map((name) => lora.get(name)!) as [TensorRef, TensorRef];
  const delta = { kind: 'product', product: { down, up } } as const;
  const additions = new Map([['linear.weight', [{ delta, factor: 0.75 }]]]);
  const weights = new LoraWeights(new ExternalWeights(graph, source), graph, additions);
  graph.output('y', weights.get('linear.weight', [40, 33], { type: 'float32' }));
  return (await runGraph(graph.finish('lora'), {})).y!;
}

const LAYERS: readonly ByteLayer[] = [
  { module: 'linear', shape: [40, 33], rows: undefined },
  { module: 'linear', shape: [40, 33], rows: { first: 8, count: 32 } },
];

/** The tensors of the prepared file, without its header. */
async function asBytes(weights: WeightSource): Promise<readonly Buffer[]> {
  const store = new ByteStore(join(tempFolder(), 'int8'));
  const opened = await store.open({ component: 'unet', layers: LAYERS, weights }, {});
  const tensors = LAYERS.flatMap((layer) => {
    const { values, scales } = byteTensorNames(layer);
    return [opened.tensor(values)!, opened.tensor(scales)!];
  });
  const bytes = tensors.map(({ file, offset, length }) =>
    readFileSync(file).subarray(offset, offset + length),
  );
  await opened.release();
  return bytes;
}

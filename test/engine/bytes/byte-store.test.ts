import * as assert from 'node:assert/strict';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';

import { EaselError } from '../../../src/core/errors';
import { ByteStore, type NetworkBytes } from '../../../src/engine/bytes/byte-store';
import type { ByteLayer } from '../../../src/engine/graph/byte-matrices';
import type { WrapWeights } from '../../../src/engine/graph/weights';
import type { TensorRef } from '../../../src/engine/weights/safetensors';
import { openWeightFile } from '../../../src/engine/weights/source';
import { randomTensors } from '../../support/random-weights';
import { writeSafetensors } from '../../support/safetensors-file';
import { tempFolder } from '../../support/temp-folder';

const LAYERS: readonly ByteLayer[] = [
  { module: 'linear', shape: [40, 33], rows: undefined },
  { module: 'linear', shape: [40, 33], rows: { first: 8, count: 32 } },
  { module: 'convolution', shape: [35, 32, 3, 3], rows: undefined },
];

describe('weights as bytes, kept in a folder', () => {
  let model: string;
  let folder: string;

  beforeEach(() => {
    model = path.join(tempFolder(), 'model.safetensors');
    folder = path.join(tempFolder(), 'int8');
    writeModel({ 'linear.weight': [40, 33], 'convolution.weight': [35, 32, 3, 3] });
  });

  function writeModel(shapes: Readonly<Record<string, readonly number[]>>): void {
    writeSafetensors(model, randomTensors(shapes, 'F16'));
  }

  async function network(layers = LAYERS): Promise<NetworkBytes> {
    return { component: 'unet', layers, weights: await openWeightFile(model) };
  }

  /** Opens a network and counts how often something was computed. */
  async function open(store: ByteStore, wanted: NetworkBytes) {
    let made = 0;
    const opened = await store.open(wanted, { onProgress: () => (made += 1) });
    return { opened, made };
  }

  const values = ({ file, offset, length }: TensorRef): Buffer =>
    readFileSync(file).subarray(offset, offset + length);
  const floats = (tensor: TensorRef): Float32Array =>
    new Float32Array(Uint8Array.from(values(tensor)).buffer);
  const entries = (): string[] => readdirSync(folder).filter((name) => name !== 'checked.json');

  it('hold the weight over the scale, rounded, with the largest of each output feature at 127', async () => {
    const { opened } = await open(new ByteStore(folder), await network());
    const bytes = new Int8Array(values(opened.tensor('linear.bytes')!));
    const scales = floats(opened.tensor('linear.scales')!);
    const weights = await openWeightFile(model);
    const { file, offset, length } = weights.get('linear.weight')!;
    const halves = new Uint16Array(
      Uint8Array.from(readFileSync(file).subarray(offset, offset + length)).buffer,
    );
    for (let n = 0; n < 40; n++) {
      const row = Array.from(halves.slice(n * 33, (n + 1) * 33), float16);
      const scale = Math.fround(Math.max(...row.map(Math.abs)) / 127);
      assert.equal(scales[n], scale);
      row.forEach((weight, k) => {
        assert.ok(Math.abs(weight / scale - bytes[k * 40 + n]!) <= 0.5 + 1e-4, `${n}, ${k}`);
      });
      assert.equal(Math.max(...row.map((_, k) => Math.abs(bytes[k * 40 + n]!))), 127);
    }
    const part = floats(opened.tensor('linear[8:40].scales')!);
    assert.deepEqual(part, scales.slice(8));
  });

  it('are made once, and used by the next engine too', async () => {
    const first = await open(new ByteStore(folder), await network());
    assert.ok(first.made > 0);
    const second = await open(new ByteStore(folder), await network());
    assert.equal(second.made, 0);
    assert.equal(entries().length, 1);
  });

  it('are made anew when the model has changed', async () => {
    await open(new ByteStore(folder), await network());
    utimesSync(model, new Date(), new Date(Date.now() + 5000));
    const { made } = await open(new ByteStore(folder), await network());
    assert.ok(made > 0);
  });

  it('are read to the end only where the file is not the one that was found whole', async () => {
    await open(new ByteStore(folder), await network());
    const file = path.join(folder, entries()[0]!);
    const opens = async () => {
      assert.equal((await open(new ByteStore(folder), await network())).made, 0);
    };
    await opens();
    const list = path.join(folder, 'checked.json');
    const known = () => JSON.parse(readFileSync(list, 'utf8')) as Record<string, string>;
    const first = known();
    assert.deepEqual(Object.keys(first), entries());
    // The same bytes in another file are read and found whole.
    const bytes = readFileSync(file);
    rmSync(file);
    writeFileSync(file, bytes);
    await opens();
    assert.notDeepEqual(known(), first);
  });

  it('leave the list of whole files once they are removed', async () => {
    for (let time = 0; time < 2; time++) await open(new ByteStore(folder), await network());
    rmSync(path.join(folder, entries()[0]!));
    const [one] = LAYERS.map((layer) => [layer]);
    for (let time = 0; time < 2; time++) await open(new ByteStore(folder), await network(one));
    const list: unknown = JSON.parse(readFileSync(path.join(folder, 'checked.json'), 'utf8'));
    assert.deepEqual(Object.keys(list as object), entries());
  });

  for (const text of ['', '[]', '{"', '{"a":1}', null]) {
    it(`do without a list of files that were found whole: ${String(text)}`, async () => {
      for (let time = 0; time < 2; time++) await open(new ByteStore(folder), await network());
      const list = path.join(folder, 'checked.json');
      if (text === null) {
        rmSync(list);
        mkdirSync(list);
      } else writeFileSync(list, text);
      assert.equal((await open(new ByteStore(folder), await network())).made, 0);
    });
  }

  it('are made anew where a byte is another and the time of the contents the same', async () => {
    for (let time = 0; time < 2; time++) await open(new ByteStore(folder), await network());
    const file = path.join(folder, entries()[0]!);
    const { atime, mtime } = statSync(file);
    const bytes = readFileSync(file);
    bytes[bytes.length - 100]! ^= 1;
    writeFileSync(file, bytes);
    utimesSync(file, atime, mtime);
    assert.ok((await open(new ByteStore(folder), await network())).made > 0);
  });

  const damage: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
    'one byte is another': (bytes) => {
      bytes[bytes.length - 100]! ^= 1;
      return bytes;
    },
    'a scale is another': (bytes) => {
      bytes[Number(bytes.readBigUInt64LE()) + 10]! ^= 1;
      return bytes;
    },
    'the end is missing': (bytes) => bytes.subarray(0, -1),
    'it is of another network': (bytes) =>
      Buffer.from(bytes.toString('latin1').replace(/"key":"./, '"key":"-'), 'latin1'),
    'it is something else': () => Buffer.from('<html>'),
    'it is empty': () => Buffer.alloc(0),
  };
  for (const [name, change] of Object.entries(damage)) {
    it(`are made anew where ${name}`, async () => {
      const { opened } = await open(new ByteStore(folder), await network());
      const whole = values(opened.tensor('convolution.bytes')!);
      const file = path.join(folder, entries()[0]!);
      writeFileSync(file, change(readFileSync(file)));
      const again = await open(new ByteStore(folder), await network());
      assert.ok(again.made > 0);
      assert.deepEqual(values(again.opened.tensor('convolution.bytes')!), whole);
    });
  }

  it('leave nothing where the work is cancelled, or a weight is missing', async () => {
    const stopped = AbortSignal.abort();
    await assert.rejects(
      new ByteStore(folder).open(await network(), { signal: stopped }),
      (thrown: unknown) => thrown instanceof EaselError && thrown.code === 'cancelled',
    );
    assert.deepEqual(entries(), []);
    const missing = [{ module: 'absent', shape: [40, 40], rows: undefined }];
    await assert.rejects(
      new ByteStore(folder).open(await network(missing), {}),
      (thrown: unknown) => thrown instanceof EaselError && thrown.code === 'model-incomplete',
    );
    assert.deepEqual(entries(), []);
  });

  it('take no more than their share of the disk: what was used longest ago goes first', async () => {
    const [one, two, three] = LAYERS.map((layer) => [layer]);
    const sizeOf = () =>
      entries().reduce((sum, name) => sum + statSync(path.join(folder, name)).size, 0);
    const roomy = new ByteStore(folder);
    await open(roomy, await network(one));
    const [oldest] = entries();
    await open(roomy, await network(two));
    const newer = entries().find((name) => name !== oldest)!;
    const longAgo = new Date(Date.now() - 60_000);
    utimesSync(path.join(folder, oldest!), longAgo, longAgo);
    await open(new ByteStore(folder, sizeOf() + 10_000), await network(three));
    assert.ok(!entries().includes(oldest!));
    assert.ok(entries().includes(newer));
    assert.equal(entries().length, 2);
  });

  it('are changed by a LoRA for one session only, and without a second copy of the rest', async () => {
    const wrapWeights: WrapWeights = (weights, graph) => ({
      has: (name) => weights.has(name),
      stored: (name, shape) => weights.stored(name, shape),
      get: (name, shape, use) => {
        const plain = weights.get(name, shape, use);
        const two = graph.constant('float32', [2], []);
        return graph.node('Mul', [plain, two], { type: 'float32', shape: plain.shape });
      },
    });
    const plain = await open(new ByteStore(folder), await network());
    const before = entries();
    const changes = { names: new Set(['linear.weight']), wrapWeights };
    const store = new ByteStore(folder);
    const { opened } = await open(store, { ...(await network()), changes });
    const changed = opened.tensor('linear.scales')!;
    const original = floats(plain.opened.tensor('linear.scales')!);
    assert.deepEqual(
      floats(changed),
      original.map((scale) => scale * 2),
    );
    assert.ok(!changed.file.startsWith(folder));
    assert.ok(opened.tensor('convolution.bytes')!.file.startsWith(folder));
    await opened.release();
    assert.throws(() => statSync(changed.file));
    assert.equal(entries().length, before.length + 1);
  });
});

/** The value of a float16's bits. */
function float16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}

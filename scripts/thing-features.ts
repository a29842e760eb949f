/*
 * `npm run features`: writes models/starter/things.safetensors, from which Easel tells whether the starter knows
 * a word: the text encoder's features of each thing that the model was taught. Run it when the text encoder or
 * things.json changes.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { withArticle } from '../src/core/composition/words/spelling';
import { FEATURE_SCALE, MEAN, SEPARATOR, THINGS } from '../src/engine/knowledge/thing-features';
import { safetensorsHeader } from '../src/engine/weights/safetensors-writer';
import { openStarter } from './knowledge/starter';

/** Other names of a thing get features of their own where these differ by more than this cosine. */
const SAME = 0.85;

const folder = path.resolve(__dirname, '..', 'models', 'starter');

interface Thing {
  /** Joined by bars, the plain word first. */
  readonly names: string;
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
}

async function main(): Promise<void> {
  const text = readFileSync(path.join(folder, 'things.json'), 'utf8');
  const things = (JSON.parse(text) as readonly Thing[]).map(({ names }) => names.split('|'));
  const { model, networks } = await openStarter();
  const encode = (names: readonly string[]) => model.textFeatures(networks, names.map(withArticle));
  const first = await encode(things.map(([name = '']) => name));
  const width = first[0]?.length ?? 0;
  const mean = Float32Array.from(
    { length: width },
    (_, at) => first.reduce((sum, vector) => sum + (vector[at] ?? 0), 0) / first.length,
  );
  const centred = (vector: Float32Array) =>
    unit(vector.map((value, at) => value - (mean[at] ?? 0)));

  const rows: { readonly name: string; readonly vector: Float32Array }[] = [];
  for (const [index, [name = '', ...others]] of things.entries()) {
    const own = centred(first[index] ?? mean);
    rows.push({ name, vector: own });
    const kept = [own];
    for (const vector of (await encode(others)).map(centred)) {
      if (kept.some((other) => dot(vector, other) > SAME)) continue;
      kept.push(vector);
      rows.push({ name, vector });
    }
  }
  const features = Buffer.concat(
    rows.map(({ vector }) =>
      Buffer.from(Int8Array.from(vector, (value) => Math.round(value * FEATURE_SCALE)).buffer),
    ),
  );
  const data = Buffer.concat([Buffer.from(mean.buffer), features]);
  const header = safetensorsHeader(
    [
      { name: MEAN, dtype: 'F32', shape: [width] },
      { name: THINGS, dtype: 'I8', shape: [rows.length, width] },
    ],
    { things: rows.map(({ name }) => name).join(SEPARATOR) },
  );
  writeFileSync(path.join(folder, 'things.safetensors'), Buffer.concat([header, data]));
  console.log(
    `${rows.length} rows of ${things.length} things, ${Math.round(data.length / 1000)} kB`,
  );
}

void main().then(
  () => process.exit(0),
  (thrown: unknown) => {
    console.error(thrown);
    process.exit(1);
  },
);

import assert from 'node:assert/strict';
import path from 'node:path';
import sharp from 'sharp';
import { runCli } from '../support/cli';
import { materialise, tensorShapes } from '../support/fixture';
import { encodeFloats, randomWeight } from '../support/random-weights';
import { writeSafetensors } from '../support/safetensors-file';
import { tempFolder } from '../support/temp-folder';

const GREEN = 1;

/** A model whose opacity is read by the filter that gives its pictures their green. */
function modelWithOpacity(): string {
  const model = materialise('taesd');
  const shapes = tensorShapes('taesd').vae!;
  const layer = Math.max(
    ...Object.keys(shapes).map((name) => Number(/^decoder\.layers\.(\d+)\./.exec(name)?.[1] ?? -1)),
  );
  const row = (kind: 'weight' | 'bias') => {
    const name = `decoder.layers.${layer}.${kind}`;
    const [rows, ...rest] = shapes[name]!;
    const all = randomWeight(name, shapes[name]!);
    const size = all.length / rows!;
    const bytes = encodeFloats(all.slice(GREEN * size, (GREEN + 1) * size), 'F32');
    return { name: kind, dtype: 'F32', shape: [1, ...rest], bytes };
  };
  writeSafetensors(path.join(model, 'vae', 'opacity.safetensors'), [row('weight'), row('bias')]);
  return model;
}

describe('a model that knows the opacity of what it draws', () => {
  const model = modelWithOpacity();
  const draw = async (...options: readonly string[]) => {
    const result = await runCli([
      ...['generate', 'a red apple', '--model', model, '--device', 'cpu', '--output', tempFolder()],
      ...[
        '--seed',
        '5',
        '--steps',
        '2',
        '--width',
        '64',
        '--height',
        '64',
        '--format',
        'png',
        '--json',
        ...options,
      ],
    ]);
    assert.equal(result.code, 0, result.stderr);
    const image = result.events().find(({ event }) => event === 'image')!;
    const { data, info } = await sharp(image.path as string)
      .raw()
      .toBuffer({ resolveWithObject: true });
    return { data: new Uint8Array(data), channels: info.channels };
  };

  it('is asked for it where the background is to be transparent', async () => {
    const opaque = await draw();
    const { data, channels } = await draw('--transparent');
    assert.deepEqual([opaque.channels, channels], [3, 4]);
    let [none, some, all] = [0, 0, 0];
    for (let pixel = 0; pixel < 64 * 64; pixel++) {
      const alpha = data[pixel * 4 + 3]!;
      const share = (opaque.data[pixel * 3 + GREEN]! - 20) / 210;
      assert.equal(alpha, Math.round(Math.max(0, Math.min(1, share)) * 255), `pixel ${pixel}`);
      if (alpha === 0) none += 1;
      else if (alpha < 255) some += 1;
      else {
        all += 1;
        // Where nothing shines through, the colour is as it was drawn.
        assert.deepEqual(
          data.slice(pixel * 4, pixel * 4 + 3),
          opaque.data.slice(pixel * 3, pixel * 3 + 3),
        );
      }
    }
    assert.ok(Math.min(none, some, all) > 100, `${none}, ${some}, ${all}`);
  });
});

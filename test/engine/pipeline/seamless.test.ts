import assert from 'node:assert/strict';
import path from 'node:path';
import { SEAMLESS_AXES, type SeamlessAxes } from '../../../src/core/request/seamless';
import { runTiled, type Planes } from '../../../src/engine/model/components/autoencoder/tiling';
import type { DecodeOptions } from '../../../src/engine/model/model';
import { openModel } from '../../../src/engine/model/open';
import { SessionCache } from '../../../src/engine/runtime/session-cache';
import { drawModel, requestOf } from '../../support/drawing';
import { materialise, reference } from '../../support/fixture';
import { networksOf } from '../../support/networks';
import { materialiseOnnx } from '../../support/onnx-folder';
import { ROOT } from '../../support/paths';
import { differences, readPixels } from '../../support/pictures';

/** The planes moved around by some columns and rows. */
function rolled({ channels, width, height, data }: Planes, x: number, y: number): Planes {
  const moved = data.map((_, i) => {
    const [plane, row, column] = [
      Math.floor(i / (width * height)),
      Math.floor(i / width) % height,
      i % width,
    ];
    const from = ((row + y) % height) * width + ((column + x) % width);
    return data[plane * width * height + from]!;
  });
  return { channels, width, height, data: moved };
}

function planes(channels: number, width: number, height: number): Planes {
  const data = Float32Array.from({ length: channels * width * height }, (_, i) =>
    Math.sin(i * i * 0.7),
  );
  return { channels, width, height, data };
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  assert.equal(a.length, b.length);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
}

// Images without a seam are compared with diffusers' in text-to-image.test.ts and image-to-image.test.ts.
describe('images without a seam', () => {
  const sessions = new SessionCache();
  after(() => sessions.clear());

  async function decode(input: Planes, axes: SeamlessAxes | undefined, tiled = false) {
    const folder = materialise('sd1');
    const model = (await openModel({ id: 'sd1', folder })).withSeamlessEdges(axes);
    const options: DecodeOptions = { runs: 1, tiled };
    const networks = networksOf(model, sessions);
    const { sample } = await model.decode(networks, input.data, input, options);
    const [width, height] = [input.width * 8, input.height * 8];
    return { channels: 3, width, height, data: sample };
  }

  it('have networks of their own beside those of other images of the same model', async () => {
    const folder = materialise('sd1');
    const model = await openModel({ id: folder, folder });
    const run = reference('sd1').run('seamless-x');
    const { seamless, ...plain } = requestOf(run, folder);
    const first = await drawModel(plain, model, sessions);
    const { pictures } = await drawModel({ ...plain, seamless }, model, sessions);
    const expected = await readPixels(reference('sd1').picture('seamless-x'));
    assert.ok(differences(pictures[0]!, expected).largest <= 1);
    const again = await drawModel(plain, model, sessions);
    assert.deepEqual(again.pictures, first.pictures);
    assert.notDeepEqual(again.pictures, pictures);
  });

  for (const axes of SEAMLESS_AXES) {
    it(`are decoded alike wherever they begin (${axes})`, async () => {
      const input = planes(4, 6, 5);
      const [x, y] = [axes.includes('x') ? 2 : 0, axes.includes('y') ? 3 : 0];
      const moved = rolled(await decode(input, axes), x * 8, y * 8);
      const found = await decode(rolled(input, x, y), axes);
      assert.ok(largestDifference(found.data, moved.data) < 1e-4);
      const plain = rolled(await decode(input, undefined), x * 8, y * 8);
      assert.ok(largestDifference(found.data, plain.data) > 1e-2);
    });
  }

  it('have no edge between the last tile and the first', async () => {
    /** The mean step from one column or row to the next, of that across the edge and of all others. */
    const steps = ({ channels, width, height, data }: Planes, axis: 'x' | 'y') => {
      const [length, stride] = axis === 'x' ? [width, 1] : [height, width];
      const sums = Array.from({ length }, () => 0);
      for (let i = 0; i < channels * width * height; i++) {
        const place = axis === 'x' ? i % width : Math.floor(i / width) % height;
        const next = i + (place === length - 1 ? stride * (1 - length) : stride);
        sums[place]! += Math.abs(data[next]! - data[i]!);
      }
      return { edge: sums.at(-1)!, others: Math.max(...sums.slice(0, -1)) };
    };
    // Each tile is lighter than the one before it.
    const shaded = async (axes?: SeamlessAxes) => {
      let tile = 0;
      const run = ({ channels, width, height }: Planes): Promise<Planes> => {
        const data = new Float32Array(channels * width * height * 4).fill(tile++);
        return Promise.resolve({ channels, width: width * 2, height: height * 2, data });
      };
      const tiling = { inputTile: 8, outputTile: 16, seamless: axes };
      return runTiled(planes(1, 20, 14), tiling, run, 'keep');
    };
    for (const axis of ['x', 'y'] as const) {
      const plain = steps(await shaded(), axis);
      assert.ok(plain.edge > 2 * plain.others);
      for (const axes of SEAMLESS_AXES.filter((one) => one.includes(axis))) {
        const made = await shaded(axes);
        assert.deepEqual([made.width, made.height], [40, 28]);
        const { edge, others } = steps(made, axis);
        assert.ok(edge <= others, `${axes}: ${edge} across the edge, ${others} elsewhere`);
      }
    }
  });

  it('are nearly the same in tiles', async () => {
    const input = planes(4, 14, 12);
    const whole = await decode(input, 'xy');
    /** At the left edge, of four columns. */
    const error = async (axes?: SeamlessAxes) => {
      const { data } = await decode(input, axes, true);
      const squares = whole.data.map((value, i) =>
        i % whole.width < 4 ? (value - data[i]!) ** 2 : 0,
      );
      return squares.reduce((sum, value) => sum + value, 0);
    };
    assert.ok((await error('xy')) < (await error()));
  });

  it('are refused by models of exported graphs, and by one that composes', async () => {
    const folder = materialiseOnnx('optimum');
    const exported = await openModel({ id: 'exported', folder });
    assert.throws(() => exported.withSeamlessEdges('x'), {
      code: 'unsupported-model',
      message: /exported consists of exported ONNX graphs.*circular padding/,
    });
    assert.equal(exported.withSeamlessEdges(undefined), exported);
    const starter = await openModel({ id: 'starter', folder: path.join(ROOT, 'models/starter') });
    assert.throws(() => starter.withSeamlessEdges('xy'), {
      code: 'bad-request',
      message: /not for starter, which draws seamless patterns by their words/,
    });
  });

  it('need more memory', async () => {
    const model = await openModel({ id: 'sd1', folder: materialise('sd1') });
    const use = { width: 512, height: 512, guided: true, steps: 2, vaeTiling: undefined };
    const seamless = model.withSeamlessEdges('xy').estimateMemory(use);
    assert.ok(seamless.bytes > model.estimateMemory(use).bytes);
  });
});

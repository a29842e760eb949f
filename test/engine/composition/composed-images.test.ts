import { strict as assert } from 'node:assert';
import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { drawGround } from '../../../src/core/composition/grounds';
import { readRecipe } from '../../../src/core/recipe/index';
import { writeParameters } from '../../../src/core/recipe/index';
import type { GenerationRequestInput } from '../../../src/core/request/request';
import { rasterise } from '../../../src/engine/composition/rasterise';
import { pixelsOf, StarterEngine, type Pixels } from '../../support/starter-engine';

const engine = new StarterEngine();
after(() => engine.close());

const draw = async (request: GenerationRequestInput): Promise<Pixels> =>
  pixelsOf((await engine.drawOne(request)).bytes);
const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** The share of pixels that differ clearly, and whether any of them is in the outermost rows and columns. */
function changed(one: Pixels, other: { readonly data: Uint8Array; readonly channels?: number }) {
  const step = other.channels ?? 4;
  let count = 0;
  let atEdge = false;
  for (let i = 0; i < one.width * one.height; i++) {
    const away = [0, 1, 2].some(
      (c) => Math.abs(one.data[i * one.channels + c]! - other.data[i * step + c]!) > 24,
    );
    if (!away) continue;
    count += 1;
    const [x, y] = [i % one.width, Math.floor(i / one.width)];
    atEdge ||= x === 0 || y === 0 || x === one.width - 1 || y === one.height - 1;
  }
  return { share: count / (one.width * one.height), atEdge };
}

describe('images composed by the engine', () => {
  it('have any size from 16 to 4096 on each side, with the whole subject in them', async () => {
    const sizes = [
      [16, 16],
      [17, 33],
      [100, 100],
      [512, 512],
      [1200, 630],
      [4096, 64],
      [64, 4096],
      [1920, 300],
    ] as const;
    for (const [width, height] of sizes) {
      const ground = '#3366cc';
      const image = await draw({ prompt: 'a red apple', seed: 1, width, height, ground });
      assert.deepEqual([image.width, image.height], [width, height]);
      const plain = { data: Uint8Array.from([0x33, 0x66, 0xcc]), channels: 0 };
      const { share, atEdge } = changed(image, plain);
      assert.ok(share > 0.003, `nothing is in ${width} × ${height}`);
      assert.ok(!atEdge, `the subject is cut in ${width} × ${height}`);
    }
  });

  it('refuse other sizes and a second pass, and say what can be done', async () => {
    const fails = (request: Partial<GenerationRequestInput>, message: RegExp) =>
      assert.rejects(engine.drawOne({ prompt: 'a red apple', ...request }), { message });
    await fails({ width: 15, height: 20 }, /15 × 20.*16 to 4096/);
    await fails({ width: 4097, height: 20 }, /4097 × 20.*16 to 4096/);
    await fails({ fit: { width: 8, height: 8 } }, /8 × 8/);
    await fails({ hires: { scale: 2 } }, /--width and --height instead of --hires/);
  });

  it('need one side only, and take the size that the words ask for', async () => {
    const sizeOf = async (request: Partial<GenerationRequestInput> & { prompt: string }) => {
      const { width, height } = await engine.drawOne({ seed: 1, ...request });
      return [width, height];
    };
    assert.deepEqual(await sizeOf({ prompt: 'a red apple', width: 300 }), [300, 300]);
    assert.deepEqual(await sizeOf({ prompt: 'a red apple', height: 90 }), [90, 90]);
    const hero = await sizeOf({ prompt: 'hero image, waves background' });
    assert.ok(hero[0]! > hero[1]!, String(hero));
    const [wide, high] = await sizeOf({ prompt: 'hero image, waves background', width: 600 });
    assert.ok(Math.abs(wide! / high! - hero[0]! / hero[1]!) < 0.01, `${wide} × ${high}`);
    const fit = { width: 321, height: 123 };
    assert.deepEqual(await sizeOf({ prompt: 'a red apple', fit }), [321, 123]);
  });

  it('are at the native size what the model draws, where the words need no cleaning', async () => {
    const today = await engine.draw({ prompt: 'a red apple', seed: 1 });
    const asIs = await engine.draw({ prompt: 'a red apple', seed: 1, ground: 'none' });
    assert.equal(today.summary.composed, undefined);
    const [one, other] = [today.images[0]!, asIs.images[0]!];
    assert.deepEqual((await pixelsOf(one.bytes)).data, (await pixelsOf(other.bytes)).data);
    const { request } = readRecipe(one.bytes)!;
    for (const field of ['composition', 'ground', 'palette', 'variation']) {
      assert.ok(!(field in request), field);
    }
    // "logo for" is not drawn.
    const cleaned = await draw({ prompt: 'illustration of a red apple', seed: 1 });
    assert.deepEqual(cleaned.data, (await pixelsOf(one.bytes)).data);
  });

  it('stand on the very ground that is drawn without them', async () => {
    const size = { width: 640, height: 400 };
    const request = { prompt: 'a cat', seed: 5, ...size, ground: 'hills' } as const;
    const { image, floor } = drawGround({ name: 'hills' }, { ...size, seed: 5, palette: [] });
    const ground = await rasterise(image, size);
    const composed = await draw(request);
    let [same, lowest] = [0, 0];
    for (let i = 0; i < size.width * size.height; i++) {
      const equal = [0, 1, 2].every((c) => composed.data[i * 3 + c] === ground.data[i * 4 + c]);
      if (equal) same += 1;
      else lowest = Math.floor(i / size.width);
    }
    const share = same / (size.width * size.height);
    assert.ok(share > 0.6 && share < 0.97, String(share));
    // It stands on the floor, with a shadow a little below.
    assert.ok(
      Math.abs(lowest / size.height - floor!) < 0.06,
      `${lowest / size.height} of ${floor}`,
    );
  });

  it('have a transparent ground where that is asked for', async () => {
    for (const request of [{ transparent: true }, { ground: 'transparent' }]) {
      const size = { width: 300, height: 200 };
      const { channels, data } = await draw({ prompt: 'a cat', seed: 1, ...size, ...request });
      assert.equal(channels, 4);
      const opacities = data.filter((_, at) => at % 4 === 3);
      const clear = opacities.filter((value) => value === 0).length / opacities.length;
      const solid = opacities.filter((value) => value === 255).length / opacities.length;
      assert.ok(clear > 0.5 && solid > 0.1, `${clear} ${solid}`);
    }
  });

  it('tile without seams', async () => {
    const request = { prompt: 'seamless pattern of leaves', seed: 3, width: 420, height: 300 };
    const { data, width, height } = await draw(request);
    const at = (x: number, y: number, c: number) => data[(y * width + x) * 3 + c]!;
    const jump = (pairs: Iterable<readonly [number, number, number, number]>) => {
      let most = 0;
      let sum = 0;
      let count = 0;
      for (const [x, y, u, v] of pairs) {
        const away = Math.max(...[0, 1, 2].map((c) => Math.abs(at(x, y, c) - at(u, v, c))));
        [most, sum, count] = [Math.max(most, away), sum + away, count + 1];
      }
      return { most, mean: sum / count };
    };
    const rows = Array.from({ length: height }, (_, y) => y);
    const columns = Array.from({ length: width }, (_, x) => x);
    // Over an edge, neighbours differ no more than over lines within.
    const inner = jump(
      [100, 150, 210, 300].flatMap((x) => rows.map((y) => [x, y, x + 1, y] as const)),
    );
    const across = jump(rows.map((y) => [width - 1, y, 0, y] as const));
    const down = jump(columns.map((x) => [x, height - 1, x, 0] as const));
    assert.ok(across.mean <= inner.mean * 2.5 + 1, `${across.mean} against ${inner.mean}`);
    assert.ok(down.mean <= inner.mean * 2.5 + 1, `${down.mean} against ${inner.mean}`);
    // Something does cross the edges, or this would say nothing.
    const first = { data: Uint8Array.from([at(0, 0, 0), at(0, 0, 1), at(0, 0, 2)]), channels: 0 };
    const edge = {
      width: 1,
      height,
      channels: 3,
      data: Uint8Array.from(rows.flatMap((y) => [0, 1, 2].map((c) => at(0, y, c)))),
    };
    const top = { width, height: 1, channels: 3, data: data.slice(0, width * 3) };
    assert.ok(changed(edge, first).share + changed(top, first).share > 0);
  });

  it('are drawn again from their recipe, byte for byte', async () => {
    const requests: GenerationRequestInput[] = [
      { prompt: 'three balloons over mountains at dawn', seed: 11, width: 500, height: 300 },
      { prompt: 'team photo of four', seed: 2, width: 400, height: 300, palette: ['#aa3355'] },
      { prompt: 'a red apple', seed: 1, variation: 3 },
      { prompt: 'logo for a rocket', seed: 1 },
      { prompt: 'a rocket', seed: 1, width: 300, height: 200, ground: 'none' },
      { prompt: 'a {cat|dog} on a beach', wildcards: true, seed: 4, width: 300, height: 200 },
      { prompt: '404 page', seed: 1, width: 300, height: 200, format: 'svg' },
      { prompt: 'dark blue hexagon pattern', seed: 1, width: 300, height: 200 },
      { prompt: 'a sheep on a polka dot background', seed: 3, width: 300, height: 200 },
      { prompt: 'a boat on the sea', seed: 1, width: 300, height: 200, format: 'webp' },
    ];
    for (const request of requests) {
      const first = await engine.drawOne(request);
      const recipe = readRecipe(first.bytes)!;
      const again = await engine.drawOne(recipe.request);
      assert.equal(digest(again.bytes), digest(first.bytes), request.prompt);
      if (recipe.request.composition === undefined) continue;
      // The words do not count any more.
      const other = await engine.drawOne({ ...recipe.request, prompt: 'a train', metadata: false });
      const same = await engine.drawOne({ ...recipe.request, metadata: false });
      if (request.variation === undefined) {
        assert.equal(digest(other.bytes), digest(same.bytes), request.prompt);
      }
    }
  });

  it('say in their recipe and in the summary what they are composed of', async () => {
    const request = { prompt: 'a cat on a beach', seed: 1, width: 300, height: 200 };
    const { images, summary } = await engine.draw(request);
    const said = 'a cat (drawn by the model) on a ground of beach';
    assert.deepEqual(summary.composed, { images: [said], drawings: 1 });
    const recipe = readRecipe(images[0]!.bytes)!;
    assert.equal(recipe.details.Composed, said);
    assert.match(
      writeParameters(recipe),
      /, Composed: a cat \(drawn by the model\) on a ground of/,
    );
    const { width, height } = recipe.request;
    assert.deepEqual([width, height], [300, 200]);
  });

  it('keep the form of a pattern in the recipe, and draw that of the words', async () => {
    const draw = async (prompt: string) =>
      readRecipe((await engine.drawOne({ prompt, seed: 1, width: 300, height: 200 })).bytes)!;
    for (const [prompt, name, form] of [
      ['hexagon pattern', 'tiles', 'hexagons'],
      ['vertical stripes', 'stripes', 'vertical'],
      ['topographic lines background', 'noise', 'contours'],
    ] as const) {
      const { request, details } = await draw(prompt);
      const { ground } = request.composition!;
      assert.deepEqual(ground, { name, form });
      assert.equal(details.Composed, `a ground of ${name}, ${form}`);
    }
  });

  it('of grounds and vectors load no model', async () => {
    const fresh = new StarterEngine();
    const { summary, events } = await fresh.draw({ prompt: 'blue waves background', seed: 1 });
    assert.equal(summary.composed?.drawings, 0);
    assert.deepEqual(
      events.map(({ event }) => event),
      ['image'],
    );
    await fresh.close();
  });

  it('of a job vary, each by its number, and each can be had alone', async () => {
    const request = { prompt: 'a car', seed: 7, width: 300, height: 200 };
    const { images, events } = await engine.draw({ ...request, numImages: 5 });
    assert.deepEqual(
      images.map(({ image, seed }) => [image, seed]),
      [0, 1, 2, 3, 4].map((k) => [k, 7 + k]),
    );
    assert.equal(new Set(images.map(({ bytes }) => digest(bytes))).size, 5);
    for (const k of [1, 4]) {
      assert.equal(readRecipe(images[k]!.bytes)!.request.variation, k);
      const alone = await engine.drawOne({ ...request, seed: 7 + k, variation: k });
      assert.deepEqual((await pixelsOf(alone.bytes)).data, (await pixelsOf(images[k]!.bytes)).data);
    }
    const steps = events.filter(({ event }) => event === 'step');
    assert.equal(steps.length, 5 * 8);
  });

  it('count the steps of all subjects of an image', async () => {
    const request = { prompt: 'a cat and a dog', seed: 1, width: 300, height: 200, steps: 2 };
    const { events, summary } = await engine.draw(request);
    assert.equal(summary.composed?.drawings, 2);
    const steps = events.flatMap((event) =>
      event.event === 'step' ? [[event.image, event.index, event.total]] : [],
    );
    assert.deepEqual(steps, [
      [0, 1, 4],
      [0, 2, 4],
      [0, 3, 4],
      [0, 4, 4],
    ]);
  });

  it('stop between the steps', async () => {
    const stop = new AbortController();
    const request = { prompt: 'a cat and a dog', seed: 1, width: 300, height: 200 };
    let seen = 0;
    const onEvent = ({ event }: { readonly event: string }) => {
      if (event === 'step' && ++seen === 3) stop.abort();
    };
    await assert.rejects(engine.draw(request, { signal: stop.signal, onEvent }), {
      code: 'cancelled',
    });
    assert.equal(seen, 3);
  });

  it('are vectors in an SVG, whose ground is no pixels', async () => {
    const size = { width: 400, height: 240 };
    const request = { prompt: 'a cat on a beach', seed: 1, ...size } as const;
    const { bytes } = await engine.drawOne({ ...request, format: 'svg' });
    const text = new TextDecoder().decode(bytes);
    assert.doesNotMatch(text, /<image|data:/);
    const shown = await pixelsOf(await sharp(bytes).flatten().png().toBuffer());
    assert.deepEqual([shown.width, shown.height], [400, 240]);
    const { share } = changed(shown, { ...(await draw(request)), channels: 3 });
    assert.ok(share < 0.12, String(share));
  });
});

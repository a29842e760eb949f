import assert from 'node:assert/strict';
import sharp from 'sharp';
import type { RgbaImage } from '../../../src/core/image/pixels';
import { traceBody, traceSvg } from '../../../src/engine/images/trace';

const svgOf = (shapes: string, side: number, view = 128) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}" ` +
  `viewBox="0 0 ${view} ${view}">${shapes}</svg>`;

/** Renders SVG to RGBA pixels. */
async function render(svg: string): Promise<RgbaImage> {
  const image = sharp(Buffer.from(svg)).ensureAlpha().raw();
  const { data, info } = await image.toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, alpha: true, data: new Uint8Array(data) };
}

/** Shapes, drawn with 128 pixels and traced. */
const traced = async (shapes: string) => traceBody(await render(svgOf(shapes, 128)));

/** The mean difference of two drawings on grey, of 255, at four times the size that was traced. */
async function difference(shapes: string, body: string): Promise<number> {
  const pixels = async (text: string) =>
    sharp(Buffer.from(svgOf(text, 512)))
      .flatten({ background: '#888' })
      .raw()
      .toBuffer();
  const [one, other] = [await pixels(shapes), await pixels(body)];
  return one.reduce((sum, value, at) => sum + Math.abs(value - other[at]!), 0) / one.length;
}

const paths = (body: string) => body.match(/<path/g) ?? [];

describe('a traced drawing', () => {
  const ART: readonly [name: string, shapes: string, paths: number][] = [
    ['a square', '<path fill="#36c" d="M30 30h60v60H30z"/>', 1],
    ['a turned square', '<path fill="#36c" d="M64 14 114 64 64 114 14 64z"/>', 1],
    ['a disc', '<circle fill="#d22" cx="64" cy="64" r="44"/>', 1],
    ['a ring', '<circle fill="none" stroke="#282" stroke-width="14" cx="64" cy="64" r="40"/>', 1],
    ['a small disc', '<circle fill="#d22" cx="64" cy="64" r="5"/>', 1],
    [
      'a house',
      '<path fill="#fc6" d="M30 60h68v54H30z"/><path fill="#c33" d="M20 62 64 20l44 42z"/>' +
        '<path fill="#642" d="M54 84h20v30H54z"/>',
      3,
    ],
    [
      'a disc on a ground to the border',
      '<path fill="#cde" d="M0 0h128v128H0z"/><path fill="#485" d="M0 90h128v38H0z"/>' +
        '<circle fill="#fc3" cx="64" cy="50" r="24"/>',
      3,
    ],
  ];
  for (const [name, shapes, count] of ART) {
    it(`shows ${name} at four times the size as it would be drawn`, async () => {
      const { width, height, body } = await traced(shapes);
      assert.deepEqual([width, height, paths(body).length], [128, 128, count]);
      const mean = await difference(shapes, body);
      assert.ok(mean < 0.6, `differs by ${mean.toFixed(2)}`);
      assert.ok(body.length < 300 * count, `${body.length} characters`);
    });
  }

  it('has straight lines where the art has, and curves alone elsewhere', async () => {
    const square = await traced('<path fill="#36c" d="M64 14 114 64 64 114 14 64z"/>');
    assert.ok((square.body.match(/[lhv]/g) ?? []).length >= 1);
    const [, d = ''] = / d="([^"]*)"/.exec(square.body) ?? [];
    assert.doesNotMatch(d, /c/);
    const disc = await traced('<circle fill="#d22" cx="64" cy="64" r="44"/>');
    const [, round = ''] = / d="([^"]*)"/.exec(disc.body) ?? [];
    assert.doesNotMatch(round, /[lhv]/);
  });

  it('has coordinates of one decimal', async () => {
    const { body } = await traced('<circle fill="#d22" cx="64" cy="64" r="44"/>');
    assert.doesNotMatch(body, /\.\d\d/);
  });

  it('has few colours, and no specks of noise', async () => {
    const shapes =
      '<radialGradient id="a"><stop stop-color="#fa6"/><stop offset="1" stop-color="#c20"/>' +
      '</radialGradient><circle fill="url(#a)" cx="64" cy="64" r="50"/>';
    const image = await render(svgOf(shapes, 128));
    // Noise as models have it, and single pixels of another colour.
    for (let at = 0; at < image.data.length; at += 4) {
      const noise = ((at * 2654435761) >>> 24) % 13;
      for (const channel of [0, 1, 2])
        image.data[at + channel] = Math.min(255, image.data[at + channel]! + noise);
      if (at % 4444 === 0) image.data.set([0, 0, 255], at);
    }
    const { body } = traceBody(image);
    assert.ok(paths(body).length >= 3 && paths(body).length <= 10, body);
    assert.doesNotMatch(body, /"#00f"/);
    assert.ok((body.match(/M/g) ?? []).length <= 2 * paths(body).length, body);
    assert.deepEqual(traceBody(image).body, body);
    assert.equal(paths(traceBody(image, { colours: 2 }).body).length, 2);
  });

  it('is transparent where the image is, and nowhere between its parts', async () => {
    const [, shapes] = ART[5]!;
    const { body } = await traced(shapes);
    const { data } = await render(svgOf(body, 512));
    const alpha = (x: number, y: number) => data[(y * 4 * 512 + x * 4) * 4 + 3]!;
    assert.deepEqual([alpha(2, 2), alpha(126, 60), alpha(10, 120)], [0, 0, 0]);
    for (let y = 64; y < 112; y++) for (let x = 32; x < 96; x++) assert.equal(alpha(x, y), 255);
  });

  it('covers an opaque image, to the border', async () => {
    const [, shapes] = ART[6]!;
    const { body } = await traced(shapes);
    const { data } = await render(svgOf(body, 512));
    for (let at = 3; at < data.length; at += 4) assert.equal(data[at], 255);
  });

  it('fits any size', async () => {
    const image = await render(svgOf(ART[0]![1], 128));
    assert.match(traceSvg(image), /^<svg [^>]*width="128" height="128" viewBox="0 0 128 128">/);
    const large = traceSvg(image, { size: { width: 1024, height: 1024 } });
    assert.match(large, /^<svg [^>]*width="1024" height="1024" viewBox="0 0 128 128">/);
  });

  it('is empty where nothing is shown, and takes the smallest images', () => {
    const image = (width: number, height: number, value: number): RgbaImage => ({
      ...{ width, height, alpha: true },
      data: new Uint8Array(width * height * 4).fill(value),
    });
    assert.equal(traceBody(image(20, 20, 0)).body, '');
    assert.equal(traceBody(image(1, 1, 255)).body, '<path fill="#fff" d="M0 0h1v1H0z"/>');
    assert.equal(traceBody(image(1, 40, 255)).body, '<path fill="#fff" d="M0 0h1v40H0z"/>');
  });
});

import { EaselError } from '../../errors';
import type { RgbImage } from '../pixels';
import { resizeLanczos, type Size } from '../resize';

/** Modules in a row of a QR code (ISO/IEC 18004): 17 more than four for each version. */
const VERSIONS = 40;
const sideOf = (version: number) => 17 + 4 * version;
/** A finder pattern with the light row around it. */
const FINDER = 8;
/** Modules of grey on both sides together, at least. A code without them cannot be told from the image around it. */
const QUIET = 3;
/** The ground that the authors of "QR Code Monster" advise: it says nothing about what is drawn there. */
const GREY = 128;
/** The share of the fixed patterns that must be there: damage of photographs and of JPEG spoils a few modules. */
const ENOUGH = 0.97;

/** The modules of a QR code: [side, side], 1 is dark. */
interface QrCode {
  readonly side: number;
  readonly dark: Uint8Array;
}

/**
 * What ControlNets for QR codes follow (monster-labs/control_v1p_sd15_qrcode_monster and others): black and white,
 * each module a square of as many whole pixels as fit, and grey around the code. The code must be upright. Another
 * image becomes black and white.
 * @throws EaselError `bad-size` where a module would have no pixel
 */
export function qrPattern(image: RgbImage, size: Size): RgbImage {
  const code = readQrCode(image);
  if (code) return drawQrCode(code, size);
  const fitted = resizeLanczos(image, size.width, size.height);
  const dark = darkPixels(fitted);
  return { ...fitted, data: fitted.data.map((_, i) => (dark[Math.floor(i / 3)] ? 0 : 255)) };
}

function drawQrCode({ side, dark }: QrCode, { width, height }: Size): RgbImage {
  const pixels = Math.floor(Math.min(width, height) / (side + QUIET));
  if (pixels === 0) {
    throw new EaselError(
      'bad-size',
      `The QR code of the control image has ${side} modules in a row, and ${width} × ${height} has no whole pixel for each. Draw a larger image.`,
      { field: 'width', width, height, modules: side },
    );
  }
  const data = new Uint8Array(width * height * 3).fill(GREY);
  const left = Math.floor((width - side * pixels) / 2);
  const top = Math.floor((height - side * pixels) / 2);
  for (let y = 0; y < side * pixels; y++) {
    for (let x = 0; x < side * pixels; x++) {
      const module = Math.floor(y / pixels) * side + Math.floor(x / pixels);
      const to = ((top + y) * width + left + x) * 3;
      data.fill(dark[module] ? 0 : 255, to, to + 3);
    }
  }
  return { width, height, data };
}

/** Reads the modules of an upright QR code that is all there is in an image; light on dark counts too. */
function readQrCode(image: RgbImage): QrCode | undefined {
  const dark = darkPixels(image);
  const light = dark.map((value) => 1 - value);
  return found(image, dark) ?? inverted(found(image, light));
}

function inverted(code: QrCode | undefined): QrCode | undefined {
  return code && { ...code, dark: code.dark.map((value) => 1 - value) };
}

/** The code whose fixed patterns are there the best, of all numbers of modules. */
function found({ width }: Size, dark: Uint8Array): QrCode | undefined {
  const box = boxOf(dark, width);
  if (!box) return undefined;
  let best: { readonly code: QrCode; readonly share: number } | undefined;
  for (let version = 1; version <= VERSIONS; version++) {
    const side = sideOf(version);
    if (side > Math.min(box.width, box.height)) break;
    const code = { side, dark: sampled(dark, width, box, side) };
    const share = shareOfPatterns(code);
    if (share > (best?.share ?? 0)) best = { code, share };
  }
  return best && best.share >= ENOUGH ? best.code : undefined;
}

interface Box extends Size {
  readonly left: number;
  readonly top: number;
}

/** What the dark pixels reach: the finder patterns are in three corners of a code. */
function boxOf(dark: Uint8Array, width: number): Box | undefined {
  let [left, top, right, bottom] = [width, Infinity, -1, -1];
  for (const [place, value] of dark.entries()) {
    if (value === 0) continue;
    const [x, y] = [place % width, Math.floor(place / width)];
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return right < 0 ? undefined : { left, top, width: right - left + 1, height: bottom - top + 1 };
}

/** The pixel in the middle of each module. */
function sampled(dark: Uint8Array, width: number, box: Box, side: number): Uint8Array {
  const middle = (from: number, length: number, index: number) =>
    from + Math.floor(((index + 0.5) * length) / side);
  return Uint8Array.from({ length: side * side }, (_, module) => {
    const x = middle(box.left, box.width, module % side);
    const y = middle(box.top, box.height, Math.floor(module / side));
    return dark[y * width + x]!;
  });
}

/** How much of the finder and timing patterns is there, from 0 to 1. */
function shareOfPatterns({ side, dark }: QrCode): number {
  let all = 0;
  let right = 0;
  const expect = (x: number, y: number, wanted: boolean) => {
    all += 1;
    if ((dark[y * side + x] === 1) === wanted) right += 1;
  };
  const last = side - 1;
  for (let y = 0; y < FINDER; y++) {
    for (let x = 0; x < FINDER; x++) {
      // Rings around the middle of 7 × 7: dark, light, dark; and the light row around them.
      const ring = Math.max(Math.abs(x - 3), Math.abs(y - 3));
      const wanted = ring !== 2 && ring !== 4;
      expect(x, y, wanted);
      expect(last - x, y, wanted);
      expect(x, last - y, wanted);
    }
  }
  for (let i = FINDER; i < side - FINDER; i++) {
    expect(i, 6, i % 2 === 0);
    expect(6, i, i % 2 === 0);
  }
  return right / all;
}

/** Which pixels are darker than the threshold that parts light from dark the best (Otsu, 1979): 1 is dark. */
function darkPixels({ width, height, data }: RgbImage): Uint8Array {
  const grey = Uint8Array.from({ length: width * height }, (_, i) =>
    Math.round((data[i * 3]! * 299 + data[i * 3 + 1]! * 587 + data[i * 3 + 2]! * 114) / 1000),
  );
  const threshold = otsuThreshold(grey);
  return grey.map((value) => (value <= threshold ? 1 : 0));
}

function otsuThreshold(grey: Uint8Array): number {
  const counts = new Float64Array(256);
  for (const value of grey) counts[value]! += 1;
  const sum = counts.reduce((total, count, value) => total + count * value, 0);
  let [best, threshold, below, sumBelow] = [-1, 127, 0, 0];
  for (let value = 0; value < 255; value++) {
    below += counts[value]!;
    sumBelow += counts[value]! * value;
    const above = grey.length - below;
    if (below === 0 || above === 0) continue;
    const between = below * above * (sumBelow / below - (sum - sumBelow) / above) ** 2;
    if (between > best) [best, threshold] = [between, value];
  }
  return threshold;
}

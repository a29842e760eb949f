// Writes the outlines that Easel draws interface signs and letters with, from the packages that have them:
// npx tsx scripts/vectors.ts
// Only what is drawn is kept, so that the bundles stay small.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import opentype from 'opentype.js';
import { format } from 'prettier';
import { SIGNS } from '../src/core/composition/vectors/sign-names';
import { root } from './steps';

const require = createRequire(__filename);
const folder = path.join(root, 'src', 'core', 'composition', 'vectors');

interface IconSet {
  readonly icons: Readonly<Record<string, { readonly body: string }>>;
}

/** Signs whose area is a square that their lines do not bound. */
const WITHOUT_AREA = new Set(
  (
    'x,arrows-out,arrows-in,text-t,arrows-clockwise,checks,list,list-bullets,sort-ascending,crop,spinner-gap,' +
    'chart-line-up,chart-line-down,list-checks,password'
  ).split(','),
);

/** A sign is its area (of the icon with two tones) and its lines (of the bold icon), as path data in 256 x 256. */
function signs(): Record<string, readonly [area: string, lines: string]> {
  const { icons } = JSON.parse(
    readFileSync(require.resolve('@iconify-json/ph/icons.json'), 'utf8'),
  ) as IconSet;
  const result: Record<string, readonly [string, string]> = {};
  for (const { icon } of SIGNS.values()) {
    const duotone = icons[`${icon}-duotone`]?.body;
    const bold = icons[`${icon}-bold`]?.body;
    if (duotone === undefined || bold === undefined)
      throw new Error(`Phosphor has no icon ${icon}.`);
    const areas = WITHOUT_AREA.has(icon) ? [] : paths(duotone).filter(({ faint }) => faint);
    const lines = paths(bold);
    if (lines.length === 0) throw new Error(`The icon ${icon} has no lines.`);
    result[icon] = [joined(areas), joined(lines)];
  }
  return result;
}

function paths(body: string): readonly { readonly d: string; readonly faint: boolean }[] {
  const shapes = [...body.matchAll(/<(path|circle|ellipse|rect)\b([^>]*)>/g)];
  return shapes.map(([, element, attributes = '']) => {
    const d = / d="([^"]+)"/.exec(attributes)?.[1];
    if (element !== 'path' || d === undefined) throw new Error(`Not a path: ${body}`);
    return { d, faint: /opacity="\.?0?\.2"/.test(attributes) };
  });
}

function joined(shapes: readonly { readonly d: string }[]): string {
  return shapes.map(({ d }) => rounded(d)).join('');
}

/** Path data with so many decimals; one is less than a pixel up to 2560 x 2560. */
function rounded(d: string, decimals = 1): string {
  return d.replace(/-?\d*\.\d+/g, (number, at: number) => {
    const short = String(Number(Number(number).toFixed(decimals)) + 0).replace(/^(-?)0\./, '$1.');
    // Numbers such as ".03" and "-.03" part themselves from the number before; what they round to may not.
    return /[\d.]/.test(d[at - 1] ?? '') && !short.startsWith('-') ? ` ${short}` : short;
  });
}

const LETTERS =
  ' ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789' +
  '!"#$%&\'()*+,-./:;<=>?@[]_{|}\\^`~…–—·×‘’“”€£©°ÄÅÇÉÑÖØÜßàáâäåæçèéêëíîñóôöøúûü';

/** Outlines of letters at 1000 units to the em, with the baseline at 0; each with its advance. */
function letters(): Record<string, readonly [advance: number, d: string]> {
  const file = require.resolve('@fontsource/fredoka/files/fredoka-latin-700-normal.woff');
  const bytes = readFileSync(file);
  const font = opentype.parse(
    bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length),
  );
  const result: Record<string, readonly [number, string]> = {};
  for (const letter of LETTERS) {
    const glyph = font.charToGlyph(letter);
    if (glyph.index === 0) throw new Error(`The font has no "${letter}".`);
    const advance = Math.round(((glyph.advanceWidth ?? 0) * 1000) / font.unitsPerEm);
    result[letter] = [advance, rounded(glyph.getPath(0, 0, 1000).toPathData(2), 0)];
  }
  return result;
}

async function write(name: string, data: unknown): Promise<void> {
  const text = await format(JSON.stringify(data), { parser: 'json', printWidth: 100 });
  writeFileSync(path.join(folder, name), text);
}

void (async () => {
  await write('signs.json', signs());
  await write('letters.json', letters());
})();

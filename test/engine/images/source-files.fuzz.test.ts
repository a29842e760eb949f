import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { EaselError } from '../../../src/core/errors';
import { foreignImage } from '../../../src/core/image/file-kind';
import { decodeBmp, isBmp } from '../../../src/engine/images/bmp';
import { decodeImage } from '../../../src/engine/images/sharp-image';
import { fuzzRuns } from '../../support/fuzz';
import { FIXTURES } from '../../support/paths';

const FOLDER = path.join(FIXTURES, 'pictures');
const NAMES = readdirSync(FOLDER);
const read = (name: string) => new Uint8Array(readFileSync(path.join(FOLDER, name)));
const IMAGES = NAMES.map(read);
const BITMAPS = NAMES.filter((name) => name.endsWith('.bmp')).map(read);
const changes = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 8 });

function changed(
  file: Uint8Array,
  bytes: readonly (readonly [number, number])[],
  end: number | null,
) {
  const damaged = file.slice(0, end === null ? file.length : end % file.length);
  for (const [at, byte] of bytes) damaged[at % Math.max(damaged.length, 1)] = byte;
  return damaged;
}

describe('image files of any bytes', () => {
  it('are pixels, or refused with a message', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc
            .tuple(fc.constantFrom(...IMAGES), changes, fc.option(fc.nat()))
            .map((all) => changed(...all)),
          fc.uint8Array({ maxLength: 200 }),
        ),
        async (file) => {
          // A header can ask for many pixels; the limit on them is tested with the formats.
          if (isBmp(file) && new DataView(file.buffer).getInt32(18, true) > 4096) return;
          try {
            const { width, height, data } = await decodeImage(file, '#ffffff', 'initial image');
            assert.equal(data.length, width * height * 3);
          } catch (thrown) {
            assert.ok(thrown instanceof EaselError && thrown.code === 'bad-file', String(thrown));
            assert.ok(thrown.message.length < 600 && !thrown.message.includes('\n'));
          }
        },
      ),
      { numRuns: fuzzRuns(1000) },
    );
  });

  it('are bitmaps within the limit, or refused', () => {
    fc.assert(
      fc.property(fc.constantFrom(...BITMAPS), changes, fc.option(fc.nat()), (file, bytes, end) => {
        const damaged = changed(file, bytes, end);
        if (!isBmp(damaged)) return;
        try {
          const { width, height, data } = decodeBmp(damaged, 10_000);
          assert.ok(width * height <= 10_000);
          assert.equal(data.length, width * height * 4);
        } catch (thrown) {
          assert.ok(thrown instanceof Error && !(thrown instanceof RangeError), String(thrown));
        }
      }),
      { numRuns: fuzzRuns(5000) },
    );
  });

  it('have a kind, or none', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 64 }),
        fc.constantFrom('', 'II*\0', 'MM\0*', '\0\0\0\x18ftyp', 'P6 '),
        (rest, mark) => {
          const kind = foreignImage(Uint8Array.from([...Buffer.from(mark, 'latin1'), ...rest]));
          assert.ok(kind === undefined || (kind.what !== '' && kind.next.endsWith('.')));
        },
      ),
      { numRuns: fuzzRuns(5000) },
    );
  });
});

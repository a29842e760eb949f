import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { readRecipe } from '../../../src/core/recipe';
import { KEYWORDS, makeBlocks } from '../../../src/core/recipe/metadata';
import { writePngTexts } from '../../../src/core/recipe/files/png';
import { readAvifBlocks } from '../../../src/core/recipe/files/avif';
import { readExif } from '../../../src/core/recipe/files/exif';
import { readJpegBlocks, writeJpegBlocks } from '../../../src/core/recipe/files/jpeg';
import { readSvgPacket, writeSvgPacket } from '../../../src/core/recipe/files/svg';
import { readWebpBlocks } from '../../../src/core/recipe/files/webp';
import { readUserComment, readXmp } from '../../../src/core/recipe/files/xmp';
import { parseRequest } from '../../../src/core/request/request';
import { fuzzRuns } from '../../support/fuzz';
import { FIXTURES } from '../../support/paths';

const FOLDER = path.join(FIXTURES, 'recipes');
const FILES = readdirSync(FOLDER).map(
  (name) => new Uint8Array(readFileSync(path.join(FOLDER, name))),
);
const PNG = FILES[readdirSync(FOLDER).indexOf('no-recipe.png')]!;

/** Whatever comes out can be asked for. */
function check(file: Uint8Array): void {
  const recipe = readRecipe(file);
  if (recipe) parseRequest({ model: 'starter', ...recipe.request });
}

const node = fc.record({
  class_type: fc.constantFrom('KSampler', 'LoraLoader', 'CLIPTextEncode', 'LatentUpscaleBy', 'X'),
  inputs: fc.dictionary(
    fc.constantFrom(
      ...['seed', 'steps', 'cfg', 'latent_image', 'samples', 'model', 'positive', 'negative'],
      ...['text', 'string_a', 'delimiter', 'lora_1', 'lora_name', 'width', 'scale_by', 'denoise'],
    ),
    fc.oneof(
      fc.tuple(fc.nat(9).map(String), fc.constant(0)),
      fc.nat(99),
      fc.string(),
      fc.jsonValue(),
    ),
  ),
});
const graph = fc.dictionary(fc.nat(9).map(String), node).map((value) => JSON.stringify(value));

const fields = fc.constantFrom(
  ...['prompt', 'seed', 'steps', 'loras', 'width', 'cfg_scale', 'sampler', 'image', 'c', 'size'],
  ...['format', 'request', 'sui_image_params', 'positive_prompt', 'full_prompt', 'uc', 'model'],
);
const records = fc
  .dictionary(fields, fc.oneof(fc.jsonValue(), fc.dictionary(fields, fc.jsonValue())))
  .map((value) => JSON.stringify(value));

const pieces = fc.constantFrom(
  ...[
    'a',
    ' ',
    ',',
    ':',
    '"',
    '\\',
    '[',
    ']',
    '{',
    '}',
    '<lora:',
    '>',
    '\n',
    'Steps: ',
    'Seed: 5',
    '🍎',
  ],
  ...[
    'Negative prompt:',
    'Size: 8x8',
    'Hires upscale: ',
    'Civitai resources: ',
    '{"format":1',
    'x',
  ],
);
const texts = fc.oneof(
  graph,
  records,
  fc.json({ maxDepth: 6 }),
  fc.string({ unit: 'binary' }),
  fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join('')),
);

describe('recipes of any file and any text', () => {
  it('are read or none, in every reader', () => {
    const keyword = fc.constantFrom(...KEYWORDS);
    fc.assert(
      fc.property(fc.array(fc.tuple(keyword, texts), { maxLength: 4 }), (entries) => {
        check(writePngTexts(PNG, new Map(entries))!);
      }),
      { numRuns: fuzzRuns(3000) },
    );
  });

  it('are read or none, however a file is changed', () => {
    const changes = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 12 });
    fc.assert(
      fc.property(fc.constantFrom(...FILES), changes, fc.option(fc.nat()), (file, bytes, end) => {
        const damaged = file.slice(0, end === null ? file.length : end % file.length);
        for (const [at, byte] of bytes) damaged[at % Math.max(damaged.length, 1)] = byte;
        check(damaged);
      }),
      { numRuns: fuzzRuns(3000) },
    );
  });

  it('have parts of files that are read or none, of any bytes', () => {
    const start = fc.constantFrom(
      '',
      'II*\0\x08\0\0\0',
      'MM\0*\0\0\0\x08',
      '\xff\xd8\xff\xe1',
      'RIFF',
      '<svg>',
    );
    fc.assert(
      fc.property(start, fc.uint8Array({ maxLength: 400 }), (mark, rest) => {
        const bytes = Uint8Array.from([...Buffer.from(mark, 'latin1'), ...rest]);
        readExif(bytes);
        readAvifBlocks(bytes);
        readWebpBlocks(bytes);
        readJpegBlocks(bytes);
        readSvgPacket(bytes);
        const text = Buffer.from(bytes).toString('latin1');
        readXmp(text);
        readUserComment(`<exif:UserComment>${text}</exif:UserComment>`);
        const blocks = makeBlocks({ parameters: text, easel: text });
        writeJpegBlocks(bytes, blocks);
        writeSvgPacket(bytes, blocks.xmp);
      }),
      { numRuns: fuzzRuns(3000) },
    );
  });
});

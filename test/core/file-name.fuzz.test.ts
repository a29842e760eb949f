import assert from 'node:assert/strict';
import fc from 'fast-check';
import { imageFileName, isPortableName } from '../../src/core/file-name';
import { escapeLink } from '../../src/core/markdown-image';
import { fuzzRuns } from '../support/fuzz';

/** Texts of every script: letters, marks, joiners, emoji, controls and lone surrogates. */
const prompt = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 120 }),
  fc.string({ unit: 'grapheme', maxLength: 120 }),
  fc.array(fc.constantFrom('กำ', 'क्षि', 'がﾞ', '각', 'é', 'İ', 'ﬁ', '\u200d', '\u200c', '\u0300', '\u{e0100}', '\ufe0f', 'con', '.', '/', '\ud800', ' ')).map((parts) => parts.join('')), // prettier-ignore
);

describe('names of image files, whatever the prompt', () => {
  it('are valid on every system, in NFC, and the same for every form of the prompt', () => {
    fc.assert(
      fc.property(prompt, fc.nat(1000), (text, copy) => {
        const name = imageFileName(text, 'webp', copy + 1);
        assert.ok(isPortableName(name), name);
        assert.ok(Buffer.byteLength(name) <= 255 && name.length <= 255);
        assert.equal(name, name.normalize('NFC'));
        assert.doesNotMatch(name, /^[.-]|\.\.|\s|[\u200b\u202a-\u202e]/);
        assert.equal(decodeURIComponent(escapeLink(name)), name);
        if (!/\p{Surrogate}/u.test(text)) {
          assert.equal(imageFileName(text.normalize('NFD'), 'webp', copy + 1), name);
        }
      }),
      { numRuns: fuzzRuns(1000) },
    );
  });
});

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { oneLine, plainText } from '../../src/core/shown-text';

// eslint-disable-next-line no-control-regex -- none of these may be left
const OBEYED = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/;

describe('texts that are shown', () => {
  it('lose escape sequences, control characters and what cannot be seen', () => {
    const cases: [string, string][] = [
      ['\u001b[31mred\u001b[0m', 'red'],
      ['a\u001b]0;title\u0007b', 'ab'],
      ['a\u001b]8;;http://x\u001b\\link\u001b]8;;\u001b\\', 'alink'],
      ['a\u001b]52;c;ZXZpbA==', 'a'],
      ['a\u001b]52;c;ZXZpbA==\nnext', 'a\nnext'],
      ['\u009b2Jgone', 'gone'],
      ['a\u001bcb', 'ab'],
      ['a\bb\u0000c\u007f', 'a b c '],
      ['evil\u202egnp.exe', 'evilgnp.exe'],
      ['tag\u{e0041}\u{e0042}', 'tag'],
      ['x\u{e0100}\u{e0101}', 'x'],
      ['\ud800lone', '\ufffdlone'],
      ['a\r\nb\rc\u2028d', 'a\nb\nc\nd'],
    ];
    for (const [text, wanted] of cases) assert.equal(plainText(text), wanted);
  });

  it('keep the letters of all scripts, joiners and emoji', () => {
    const texts = [
      '고양이 パンダ 猫',
      'हिन्दी बिल्ली',
      'แมวน้ำ',
      'می‌خواهم',
      'ශ්‍රී',
      '👨‍👩‍👧 ❤️ 1️⃣',
      '葛\u{e0100}飾',
      'Crème, «a» – b…',
    ];
    for (const text of texts) {
      assert.equal(plainText(text), text);
      assert.equal(oneLine(text), text);
    }
  });

  it('become one line, of limited length', () => {
    assert.equal(oneLine(' a\n\tb\u3000c \u001b[2K'), 'a b c');
    assert.equal(oneLine('abcdef', 3), 'abc…');
    assert.equal(oneLine('👍👍👍', 2), '👍👍…');
    assert.equal(oneLine('\n'.repeat(1e7)), '');
  });

  it('hold nothing that a terminal obeys, whatever they were', () => {
    const unit = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 3 }),
      fc.constantFrom(
        '\u001b',
        '[',
        ']',
        '\\',
        '\u0007',
        '\u009b',
        '\u009d',
        '\u009c',
        '31m',
        'P',
        '\n',
        '\r',
      ),
    );
    fc.assert(
      fc.property(fc.array(unit), (parts) => {
        const text = parts.join('');
        assert.doesNotMatch(plainText(text), OBEYED);
        assert.doesNotMatch(oneLine(text), /[\n\t]/);
      }),
    );
  });
});

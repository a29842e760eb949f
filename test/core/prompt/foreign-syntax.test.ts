import assert from 'node:assert/strict';
import { foreignSyntaxNotes } from '../../../src/core/prompt/foreign-syntax';

const PLAIN = { weighted: false, wildcards: false };
const ALL = { weighted: true, wildcards: true };

describe('notes on the syntaxes of other tools', () => {
  const foreign: readonly (readonly [string, RegExp])[] = [
    ['a cat <lora:style:0.8>', /"<lora:style:0\.8>" .* --lora FILE:0\.8/],
    ['a cat <lyco:style:0.8:1>', /<lyco:.* --lora/],
    ['a cat <hypernet:ink:1>', /<hypernet:ink:1>/],
    ['a cat, embedding:EasyNegative', /embedding:EasyNegative.* --embedding FILE/],
    ['a <random:cat,dog> on a <wildcard:place>', /<random:cat,dog>/],
    ['a __animal__ in __places/outside__', /__animal__.*--wildcards/],
    ['a [cat:dog:0.5] on a mat', /\[cat:dog:0\.5\].*same prompt/],
    ['a [cat::10] on a mat', /\[cat::10\]/],
    ['a [:dog:5]', /\[:dog:5\]/],
    ['a [cat|dog] on a mat', /\[cat\|dog\]/],
    ['a cat AND a dog :1.2', /"AND a".*several prompts/],
    ['a (cat)++ and a (dog)-- and a (cow)1.3', /\+\+.*\(word:1\.2\)/],
    ['("a cat", "a dog").blend(0.5, 0.5)', /blend/],
    ['1.5::a cat::, a dog', /1\.5::a cat::/],
    ['a cat --ar 16:9 --v 6', /--ar 16:9.*--width/],
  ];
  for (const [prompt, note] of foreign) {
    it(`are given for ${prompt}`, () => {
      for (const reading of [PLAIN, ALL]) {
        const notes = foreignSyntaxNotes(prompt, reading);
        assert.ok(
          notes.some((one) => note.test(one)),
          JSON.stringify(notes),
        );
        assert.ok(notes.every((one) => one.includes('read as plain words')));
      }
    });
  }

  const own: readonly (readonly [string, RegExp])[] = [
    ['a (cat:1.2) on a mat', /\(cat:1\.2\).*--prompt-syntax weighted/],
    ['a ((cat)) on a mat', /\(\(cat\)\).*--prompt-syntax weighted/],
    ['a [[cat]] on a mat', /\[\[cat\]\].*--prompt-syntax weighted/],
    ['a cat BREAK a mat', /"BREAK".*--prompt-syntax weighted/],
    ['a {red|blue} cat', /\{red\|blue\}.*--wildcards/],
  ];
  for (const [prompt, note] of own) {
    it(`are given for ${prompt} only where it is not read`, () => {
      assert.match(foreignSyntaxNotes(prompt, PLAIN).join('\n'), note);
      assert.deepEqual(foreignSyntaxNotes(prompt, ALL), []);
    });
  }

  it('are not given for ordinary text', () => {
    for (const prompt of [
      'a cat (black and white) on a mat, 4:3, 16:9',
      'A CAT AND A DOG',
      'rock and roll, salt & pepper',
      'a <cat-toy> on a table, <s0><s1>',
      'C++ and a_snake_case word, 3-4 birds -- flying',
      'a sign that reads "50% [sale]"',
      'at 10:30, ratio 1:2 (a wide one)',
      '',
    ]) {
      assert.deepEqual(foreignSyntaxNotes(prompt, PLAIN), [], prompt);
    }
  });

  it('come once for each kind, with a short example', () => {
    const many = `a cat ${'<lora:x:1> '.repeat(50)}<lora:${'y'.repeat(200)}:1>`;
    const notes = foreignSyntaxNotes(many, PLAIN);
    assert.equal(notes.length, 1);
    assert.ok(notes[0]!.length < 200);
  });
});

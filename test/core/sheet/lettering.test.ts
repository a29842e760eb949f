import assert from 'node:assert/strict';
import { drawLine, lineWidth, wrapLines } from '../../../src/core/sheet/lettering';

const INK = { size: 20, colour: '#000000' };

describe('lines of text on a sheet', () => {
  it('are outlines, which need no font, and fonts only for other scripts', () => {
    const latin = drawLine('steps 4…', 0, 0, INK);
    assert.ok(!latin.includes('<text'));
    // One outline for each letter but the space.
    assert.equal(latin.match(/<path/g)?.length, 7);
    const mixed = drawLine('a 猫 b', 0, 0, INK);
    assert.match(mixed, /<text[^>]*>猫<\/text>/);
    assert.equal(mixed.match(/<path/g)?.length, 2);
  });

  it('cannot be read as elements', () => {
    assert.ok(!drawLine('猫<script>&\u0001', 0, 0, INK).includes('<script'));
    assert.ok(!drawLine('Ж<b>&', 0, 0, INK).includes('<b>'));
  });

  it('are broken between words, and in words that are too long', () => {
    const width = lineWidth('a red apple', 20);
    assert.deepEqual(wrapLines('a red apple on a table', 20, width, 9), [
      'a red apple',
      'on a table',
    ]);
    const long = wrapLines('abcdefghijklmnopqrstuvwxyz', 20, width, 9);
    assert.ok(long.length > 1 && long.join('') === 'abcdefghijklmnopqrstuvwxyz');
    for (const line of long) assert.ok(lineWidth(line, 20) <= width, line);
  });

  it('are cut after the last line that there is place for', () => {
    const width = lineWidth('a red apple', 20);
    const lines = wrapLines('a red apple on a table in a room', 20, width, 2);
    assert.equal(lines.length, 2);
    assert.ok(lines[1]!.endsWith('…') && lineWidth(lines[1]!, 20) <= width, lines[1]);
    assert.deepEqual(wrapLines('  ', 20, width, 2), []);
  });
});

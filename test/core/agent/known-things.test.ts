import assert from 'node:assert/strict';
import { describeThings } from '../../../src/core/agent/known-things';
import { ListImageModelsInputSchema } from '../../../src/core/agent/list-input';
import { parseCall } from '../../../src/core/agent/drawing-input';
import { starterVocabulary } from '../../../src/core/composition/words';

describe('what the starter can draw, for agents', () => {
  it('is told for each phrase: as itself, as another thing, or the nearest', () => {
    const [head, apple, sneaker, unknown, ...rest] = describeThings(
      'a red apple, sneaker, zbqwrt',
    ).split('\n');
    assert.equal(head, 'With the starter:');
    assert.match(apple ?? '', /^- a red apple: a red apple \(drawn by the model\)/);
    assert.doesNotMatch(apple ?? '', /drawn as|not known/);
    assert.match(sneaker ?? '', /^- sneaker: shoe \(drawn by the model\)/);
    assert.match(unknown ?? '', /"zbqwrt" is not known; the nearest things are \w+.*, .*, .*, /);
    assert.deepEqual(rest, []);
  });

  it('is told of grounds too', () => {
    assert.match(describeThings('a boat on the sea at dawn'), /boat.* on a ground of sea, dawn/);
  });

  it('is the whole list where that is asked for', () => {
    const { things } = starterVocabulary();
    const listed = describeThings(' All ');
    assert.ok(listed.startsWith(`The starter knows ${things.length} things: ${things[0]}, `));
    assert.ok(listed.endsWith(`, ${things.at(-1)}.`));
  });

  it('is told for so many phrases at a time, and says so', () => {
    const lines = describeThings(Array(40).fill('cat').join(',')).split('\n');
    assert.equal(lines.length, 32);
    assert.match(lines.at(-1) ?? '', /^10 more were not looked up/);
  });

  it('is asked for with a text of some length only', () => {
    assert.deepEqual(parseCall(ListImageModelsInputSchema, { things: null }), {});
    for (const things of [7, 'x'.repeat(2001)]) {
      assert.throws(() => parseCall(ListImageModelsInputSchema, { things }), /things/);
    }
  });
});

import assert from 'node:assert/strict';
import { loraFacts, triggerWords } from '../../../src/core/catalogue/lora-facts';

const facts = (metadata: Readonly<Record<string, string>>) =>
  loraFacts(new Map(Object.entries(metadata)));

describe('what the metadata of a LoRA says', () => {
  it('is the name and the trigger words of its author', () => {
    const found = facts({
      'modelspec.title': 'Ink\nDrawings',
      'modelspec.trigger_phrase': 'in the style of ink',
      ss_output_name: 'ink_v3',
      ss_tag_frequency: '{"10_ink": {"ink drawing": 9}}',
    });
    assert.deepEqual(found, {
      ...{ title: 'Ink Drawings', trigger: 'in the style of ink' },
      tags: ['ink drawing'],
    });
    assert.equal(triggerWords(found), 'in the style of ink');
  });

  it('is the most frequent tags of all folders', () => {
    const many = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`tag ${at}`, 30 - at]));
    const frequencies = JSON.stringify({
      '5_a': { ...many, cat: 20 },
      '1_b': { cat: 20, ' ': 99 },
    });
    const found = facts({ ss_output_name: 'ink_v3', ss_tag_frequency: frequencies });
    assert.equal(found.title, 'ink_v3');
    assert.deepEqual(found.tags.slice(0, 3), ['cat', 'tag 0', 'tag 1']);
    assert.equal(found.tags.length, 8);
    assert.equal(triggerWords(found).startsWith('cat, tag 0'), true);
  });

  it('is nothing where it is empty, damaged or of another form', () => {
    for (const text of [
      '',
      '{',
      '[]',
      '{"a": 1}',
      '{"a": {"b": "c", "d": -1, "e": null}}',
      'null',
    ]) {
      assert.deepEqual(facts({ ss_tag_frequency: text, 'modelspec.title': ' ' }), { tags: [] });
    }
  });

  it('is cut where it is long', () => {
    const [tag] = facts({
      ss_tag_frequency: JSON.stringify({ a: { ['x'.repeat(9999)]: 1 } }),
    }).tags;
    assert.ok(tag !== undefined && tag.length <= 61);
  });
});

import { strict as assert } from 'node:assert';
import {
  describeDoubt,
  doubts,
  insteadOf,
  isClear,
  judgeKnowledge,
  judgeReplaced,
  needsSecondDrawing,
  recognise,
  replacedBy,
  subjectOf,
} from '../../../src/core/composition/knowledge';
import { starterVocabulary } from '../../../src/core/composition/words';

const known = starterVocabulary();
const like = (thing: string, likeness: number) => ({ thing, likeness });
const SAME = { colour: 0.03, opacity: 0.03 };
const OTHER = { colour: 0.25, opacity: 0.3 };

describe('what a model knows of a subject', () => {
  it('is recognised by its name, after words for its look alone', () => {
    assert.equal(subjectOf('an old guitar, flat'), 'old guitar');
    assert.equal(recognise('small red guitar', known)?.thing, 'guitar');
    assert.equal(recognise('git guitar', known), undefined);
  });

  it('is what a word stands for that the reading of prompts replaced', () => {
    assert.equal(replacedBy('guitar', 'a ukulele on a beach', known), 'ukulele');
    assert.equal(replacedBy('guitar', 'a guitar', known), undefined);
    assert.equal(replacedBy('guitar', 'a gitar', known), undefined);
  });

  it('needs a second drawing only where words alone do not say it', () => {
    assert.deepEqual(
      [0.3, 0.7, 0.99].map((likeness) => needsSecondDrawing([like('cat', likeness)])),
      [false, true, false],
    );
  });

  it('is clear where two seeds agree, the more so the likelier the thing', () => {
    assert.ok(isClear(0.85, SAME));
    assert.ok(!isClear(0.85, OTHER));
    assert.ok(isClear(0.94, { colour: 0.2, opacity: 0.2 }));
    assert.ok(!isClear(0.6, { colour: 0.07, opacity: 0 }));
    assert.ok(!isClear(0.4, SAME));
    assert.ok(!isClear(0.7, undefined), 'nothing is sure without a second drawing');
  });

  it('has three levels', () => {
    const judge = (subject: string, likenesses: Parameters<typeof like>[], disagreement = SAME) =>
      judgeKnowledge({
        subject,
        known,
        likenesses: likenesses.map(([thing, likeness]) => like(thing, likeness)),
        disagreement,
      });
    assert.equal(judge('toad', [['frog', 0.9]]).level, 'known');
    assert.deepEqual(
      judge('pillow', [
        ['skull', 0.94],
        ['pirate skull', 0.8],
        ['stone head', 0.6],
      ]),
      {
        subject: 'pillow',
        level: 'near',
        drawnAs: 'skull',
        nearest: ['stone head'],
      },
    );
    const smear = judge(
      'walrus',
      [
        ['bear', 0.62],
        ['seal', 0.6],
      ],
      OTHER,
    );
    assert.deepEqual(smear, { subject: 'walrus', level: 'unknown', nearest: ['bear', 'seal'] });
    assert.deepEqual(judge('elefant', [['ant', 0.4]]).nearest, ['elephant']);
    assert.deepEqual(judge('qwxz', [['axe', 0.4]]).nearest, []);
  });

  it('is known where a replaced word is as good as the name, else drawn as another thing', () => {
    const judge = (subject: string, thing: string, likeness: number) =>
      judgeReplaced(thing, { subject, known, likenesses: [like(thing, likeness)] }).level;
    assert.equal(judge('kitten', 'cat', 0.98), 'known');
    assert.equal(judge('ukulele', 'guitar', 0.64), 'near');
  });
});

describe('what is said of a doubt', () => {
  it('names the subject and what may do instead, each once', () => {
    const ukulele = {
      subject: 'ukulele',
      level: 'unknown',
      nearest: ['guitar', 'violin'],
    } as const;
    const cat = { subject: 'cat', level: 'known', nearest: [] } as const;
    assert.deepEqual(doubts([cat, ukulele, ukulele]), [ukulele]);
    assert.equal(
      describeDoubt(ukulele),
      'The starter may not know "ukulele". It knows: guitar, violin.',
    );
    assert.equal(
      describeDoubt({ subject: 'igloo', level: 'near', drawnAs: 'igloo hut', nearest: [] }),
      'The starter drew "igloo" as "igloo hut".',
    );
  });

  it('is asked for in the place of the subject', () => {
    for (const [prompt, subject, thing, expected] of [
      ['An ukulele at a beach', 'ukulele', 'guitar', 'a guitar at a beach'],
      ['red ukulele', 'red ukulele', 'ear', 'an ear'],
      ['the ukulele', 'ukulele', 'guitar', 'the guitar'],
      ['a cat and ukuleles', 'ukulele', 'guitar', 'a cat and guitar'],
      ['an ukulele.', 'ukulele', 'ear', 'an ear.'],
      ['ukuleleland and a ukulele', 'ukulele', 'guitar', 'ukuleleland and a guitar'],
      ['three walruses, flat', 'walrus', 'seal', 'three seal, flat'],
      ['eine Ukulele', 'ukelele', 'guitar', 'a guitar'],
      ['a c++ (x)', 'c++ (x)', 'cat', 'a cat'],
      ['一只海象在海滩上', 'walrus', 'seal', 'a seal'],
    ] as const) {
      assert.equal(insteadOf(prompt, subject, thing), expected);
    }
  });
});

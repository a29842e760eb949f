import { strict as assert } from 'node:assert';
import type { Composition, Subject } from '../../../src/core/composition/composition';
import { layOut, type LayoutFacts, type Placement } from '../../../src/core/composition/layout';

const PLAIN = { place: 'centre', mirrored: false, turn: 0 } as const;

function subject(words: string, more: Partial<Subject> = {}): Subject {
  return { words, source: 'model', count: 1, ...more };
}

function lay(
  subjects: readonly Subject[],
  size: { readonly width: number; readonly height: number },
  facts: Partial<LayoutFacts> & Partial<Composition> = {},
): Placement[] {
  const { kind = 'thing', tiled, aspects, ...rest } = facts;
  return layOut({ kind, subjects: [...subjects], ...(tiled && { tiled }) }, size, {
    aspects: aspects ?? subjects.map(() => 1),
    seed: 1,
    arrangement: PLAIN,
    ...rest,
  });
}

const right = ({ left, width }: Placement) => left + width;
const bottom = ({ top, height }: Placement) => top + height;
const middle = ({ left, width }: Placement) => left + width / 2;

const SIZES = [
  { width: 16, height: 16 },
  { width: 1200, height: 630 },
  { width: 630, height: 1200 },
  { width: 4096, height: 64 },
  { width: 64, height: 4096 },
  { width: 4096, height: 4096 },
];

describe('the layout of a composition', () => {
  it('keeps all subjects within the image, at any size', () => {
    const cat = subject('a cat');
    const compositions: (readonly Subject[])[] = [
      [cat],
      [subject('a balloon', { count: 3 })],
      [cat, subject('a dog'), subject('a bird', { count: 5 })],
      [subject('a laptop'), subject('a cat', { relation: 'on' })],
      [cat, subject('a table', { relation: 'under' })],
      [cat, subject('a tree', { relation: 'behind' })],
      [subject('a box'), subject('a cat', { relation: 'inside' })],
      [subject('man', { source: 'portrait', count: 7 })],
    ];
    for (const size of SIZES) {
      for (const subjects of compositions) {
        for (const floor of [undefined, 0.8]) {
          for (const aspect of [0.3, 1, 3]) {
            const aspects = subjects.map(() => aspect);
            const placed = lay(subjects, size, { floor, horizon: floor && 0.6, aspects });
            assert.equal(
              placed.length,
              subjects.reduce((sum, { count }) => sum + count, 0),
            );
            for (const one of placed) {
              const where = JSON.stringify([size, subjects, one]);
              // A pixel more is rounding.
              assert.ok(one.left >= -1 && right(one) <= size.width + 1, where);
              assert.ok(one.top >= -1 && bottom(one) <= size.height + 1, where);
            }
          }
        }
      }
    }
  });

  it('keeps the shape of each subject', () => {
    for (const aspect of [0.4, 1, 2.5]) {
      const [one] = lay([subject('a cat')], { width: 1000, height: 500 }, { aspects: [aspect] });
      assert.ok(Math.abs(one!.width / one!.height - aspect) < 0.02);
    }
  });

  it('uses the middle, or a side of wide images', () => {
    const size = { width: 1200, height: 500 };
    const at = (place: 'left' | 'centre' | 'right') =>
      middle(lay([subject('a cat')], size, { arrangement: { ...PLAIN, place } })[0]!);
    assert.ok(at('left') < at('centre') && at('centre') < at('right'));
    assert.equal(Math.round(at('centre')), 600);
  });

  it('sets subjects side by side, on, under, behind and inside each other', () => {
    const size = { width: 800, height: 800 };
    const [cat, dog] = lay([subject('a cat'), subject('a dog')], size);
    assert.ok(right(cat!) <= dog!.left);

    const [laptop, on] = lay([subject('a laptop'), subject('a cat', { relation: 'on' })], size);
    assert.ok(bottom(on!) > laptop!.top && bottom(on!) < laptop!.top + laptop!.height * 0.2);
    assert.equal(on!.subject, 1);

    const under = lay([subject('a cat'), subject('a table', { relation: 'under' })], size);
    const [table, above] = [
      under.find((p) => p.subject === 1)!,
      under.find((p) => p.subject === 0)!,
    ];
    assert.ok(table.top > above.top && bottom(table) > bottom(above));

    const [back, front] = lay([subject('a cat'), subject('a tree', { relation: 'behind' })], size);
    assert.deepEqual([back!.subject, front!.subject], [1, 0]);

    const [box, inside] = lay([subject('a box'), subject('a cat', { relation: 'inside' })], size);
    assert.ok(inside!.left >= box!.left && right(inside!) <= right(box!));
    assert.ok(inside!.top >= box!.top && bottom(inside!) <= bottom(box!));
  });

  it('varies the size and height of what flies in a group, and not of signs', () => {
    const size = { width: 900, height: 500 };
    const balloons = lay([subject('a balloon', { count: 3 })], size);
    assert.equal(new Set(balloons.map(({ height }) => height)).size, 3);
    assert.equal(new Set(balloons.map(bottom)).size, 3);
    const signs = lay([subject('star', { source: 'vector', count: 3 })], size);
    assert.equal(new Set(signs.map(({ height }) => height)).size, 1);
  });

  it('stands things on the floor of a scene, and lets fly what flies', () => {
    const size = { width: 1200, height: 600 };
    const scene = { kind: 'scene', floor: 0.8, horizon: 0.6 } as const;
    const [plane, cat] = lay([subject('a cat'), subject('a plane')], size, scene);
    assert.deepEqual([plane!.subject, cat!.subject], [1, 0]);
    assert.ok(bottom(plane!) < 0.6 * 600);
    assert.equal(plane!.stands, undefined);
    assert.ok(Math.abs(bottom(cat!) - 480) <= 1);
    assert.equal(cat!.stands, true);
    const [laptop, on] = lay(
      [subject('a laptop'), subject('a cat', { relation: 'on' })],
      size,
      scene,
    );
    assert.deepEqual([laptop!.stands, on!.stands], [true, undefined]);
  });

  it('stands people on the lower edge of a scene, and beside things where they are large', () => {
    const size = { width: 600, height: 400 };
    const people = subject('chef', { source: 'portrait' });
    const scene = lay([people, subject('a pizza')], size, {
      kind: 'scene',
      floor: 0.8,
      horizon: 0.6,
    });
    assert.deepEqual(scene.map(bottom), [400, 400]);
    const pair = lay([people, subject('a pizza')], size);
    assert.deepEqual(pair.map(bottom), [400, 400]);
    const [first, ...others] = lay([{ ...people, count: 4 }, subject('a pizza')], size);
    assert.ok(bottom(first!) < 300 && others.every((one) => bottom(one) === bottom(first!)));
  });

  it('shows one portrait as large as the image, and several in circles that do not touch', () => {
    const size = { width: 600, height: 400 };
    const [one] = lay([subject('man', { source: 'portrait' })], size, { kind: 'avatar' });
    assert.deepEqual([one!.height, bottom(one!), one!.circled], [400, 400, undefined]);
    const team = lay([subject('person', { source: 'portrait', count: 5 })], size, {
      kind: 'avatar',
    });
    assert.equal(team.length, 5);
    for (const [index, a] of team.entries()) {
      assert.equal(a.circled, true);
      for (const b of team.slice(index + 1)) {
        const away = Math.hypot(middle(a) - middle(b), a.top - b.top);
        assert.ok(away > a.width, `${away} ${a.width}`);
      }
    }
  });

  it('fills the width with a team, whatever the shape of the image', () => {
    for (const [width, height] of [
      [1200, 400],
      [800, 600],
      [400, 400],
      [1200, 630],
    ] as const) {
      for (const count of [3, 4, 6]) {
        const team = lay([subject('person', { source: 'portrait', count })], { width, height });
        const wide = Math.max(...team.map(right)) - Math.min(...team.map(({ left }) => left));
        assert.ok(wide > width * 0.7, `${count} people in ${width} x ${height}: ${wide}`);
        const large = (team[0]!.width ** 2 * count) / (width * height);
        assert.ok(large > 0.32, `${count} people in ${width} x ${height} fill ${large}`);
      }
    }
  });

  it('repeats in a pattern what crosses an edge at the opposite one', () => {
    for (const size of SIZES.slice(1)) {
      const placed = lay([subject('a leaf'), subject('a flower')], size, { tiled: true });
      assert.ok(placed.length >= 2);
      const key = (p: Placement, dx: number, dy: number) =>
        [p.subject, p.left + dx, p.top + dy, p.width, p.turn].join(' ');
      const all = new Set(placed.map((one) => key(one, 0, 0)));
      for (const one of placed) {
        const beyond = [
          ...(one.left < 0 ? [[size.width, 0]] : []),
          ...(right(one) > size.width ? [[-size.width, 0]] : []),
          ...(one.top < 0 ? [[0, size.height]] : []),
          ...(bottom(one) > size.height ? [[0, -size.height]] : []),
        ] as [number, number][];
        for (const [dx, dy] of beyond) assert.ok(all.has(key(one, dx, dy)), key(one, dx, dy));
      }
    }
  });

  it('is the same for the same seed', () => {
    const size = { width: 900, height: 500 };
    const group = [subject('a bird', { count: 6 })];
    assert.deepEqual(lay(group, size), lay(group, size));
    const pattern = (seed: number) => lay(group, size, { tiled: true, seed });
    assert.notDeepEqual(pattern(1), pattern(2));
  });
});

import { strict as assert } from 'node:assert';
import { backdropFor, type BackdropFacts } from '../../../src/core/composition/backdrop';
import { difference, fromOklch } from '../../../src/core/composition/colours';
import { drawGround } from '../../../src/core/composition/grounds';

const PLAIN: BackdropFacts = {
  kind: 'thing',
  tiled: false,
  many: false,
  ratio: 2,
  seed: 1,
  palette: [],
  backdrop: 0,
};
/** Mean colours of subjects: pale, middle and dark, in several hues and grey. */
const SUBJECTS = [0.2, 0.45, 0.7, 0.8, 0.88, 0.95].flatMap((l) => [
  fromOklch(l, 0, 0),
  ...[30, 95, 150, 260, 330].flatMap((h) => [fromOklch(l, 0.04, h), fromOklch(l, 0.14, h)]),
]);

describe('the ground of an image whose words name none', () => {
  it('is apart from the mean colour of what stands on it, whatever that is', () => {
    for (const subject of SUBJECTS) {
      for (const ratio of [1, 2]) {
        for (const tiled of [false, true]) {
          for (const kind of ['thing', 'icon', 'page'] as const) {
            for (const backdrop of [0, 1, 2, 3]) {
              const facts = { ...PLAIN, subject, ratio, tiled, kind, backdrop };
              for (const colour of backdropFor(facts).colours ?? [])
                assert.ok(difference(colour, subject) >= 0.19, `${subject} on ${colour}`);
            }
          }
        }
      }
    }
  });

  it('is white behind things in a square, as the model draws them, unless they are pale', () => {
    const white = { name: 'plain', colours: ['#ffffff'] };
    assert.deepEqual(backdropFor({ ...PLAIN, ratio: 1, subject: '#c0392b' }), white);
    assert.notDeepEqual(backdropFor({ ...PLAIN, ratio: 1, subject: '#f4f4f4' }), white);
  });

  it('has the hue of a brand', () => {
    const [light] = backdropFor({ ...PLAIN, subject: '#c0392b', palette: ['#22a355'] }).colours!;
    assert.ok(difference(light!, '#22a355') < difference(light!, '#a32255'));
  });
});

describe('a surface without asked colours', () => {
  it('is apart from the mean colour of its subject, too', () => {
    const size = { width: 1200, height: 630, quiet: true };
    for (const name of ['mesh-gradient', 'linear-gradient', 'blobs', 'waves', 'dots'] as const) {
      for (const subject of SUBJECTS) {
        for (const seed of [1, 2, 3]) {
          const { behind } = drawGround({ name }, { ...size, seed, subject });
          const apart = difference(behind, subject);
          assert.ok(apart > 0.12, `${name}, seed ${seed}: ${subject} on ${behind}, ${apart}`);
        }
      }
    }
  });
});

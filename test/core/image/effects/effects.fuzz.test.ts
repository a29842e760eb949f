import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { applyEffect } from '../../../../src/core/image/effects/index';
import { EFFECT_NAMES } from '../../../../src/core/image/effects/names';
import { fuzzRuns } from '../../../support/fuzz';

const side = fc.oneof(fc.constantFrom(1, 2, 16), fc.integer({ min: 1, max: 70 }));
const opacity = fc.constantFrom('clear', 'opaque', 'mixed');
const hex = fc
  .integer({ min: 0, max: 0xffffff })
  .map((value) => `#${value.toString(16).padStart(6, '0')}`);

describe('effects', function () {
  this.timeout(0);

  it('draw any image of any size, and give its size and seen pixels', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...EFFECT_NAMES),
        side,
        side,
        opacity,
        fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
        fc.option(hex, { nil: undefined }),
        fc.option(fc.array(hex, { maxLength: 12 }), { nil: undefined }),
        fc.boolean(),
        (name, width, height, alpha, seed, background, palette, fixed) => {
          const data = Uint8Array.from({ length: width * height * 4 }, (_, at) => {
            if (at % 4 === 3 && alpha !== 'mixed') return alpha === 'clear' ? 0 : 255;
            return Math.imul(at + seed, 2654435761) >>> 24;
          });
          const before = data.slice();
          const options = { seed, background, palette, fixed };
          const drawn = applyEffect(name, { width, height, alpha: true, data }, options);
          assert.deepEqual([drawn.width, drawn.height, drawn.alpha], [width, height, true]);
          assert.equal(drawn.data.length, data.length);
          assert.deepEqual(data, before);
          if (background === undefined) return;
          for (let at = 3; at < drawn.data.length; at += 4) assert.equal(drawn.data[at], 255);
        },
      ),
      { numRuns: fuzzRuns(150) },
    );
  });
});

import assert from 'node:assert/strict';

import { EaselError } from '../../../src/core/errors';
import type { NegativeSizes } from '../../../src/engine/model/model';
import { checkNegativeSizes } from '../../../src/engine/pipeline/negative-sizes';

describe("the sizes of the negative prompt's image", () => {
  const size = { width: 300, height: 128 };
  const corner = { left: 1, top: 2 };
  const check = (asked: NegativeSizes, takesImage = false, startsFromNoise = true) =>
    checkNegativeSizes(asked, { id: 'org/model', takesImage }, startsFromNoise);
  const refuses = (field: string, message: RegExp, ...given: Parameters<typeof check>) =>
    assert.throws(
      () => check(...given),
      (thrown: unknown) =>
        thrown instanceof EaselError && thrown.data.field === field && message.test(thrown.message),
    );

  it('are taken where diffusers takes them', () => {
    check({});
    check({ negativeOriginalSize: size, negativeTargetSize: size });
    check({ negativeOriginalSize: size, negativeTargetSize: size, negativeCropTopLeft: corner });
    check({ negativeOriginalSize: size }, false, false);
    check({ negativeCropTopLeft: corner }, false, false);
  });

  it('are refused where diffusers would not read them', () => {
    refuses('negativeOriginalSize', /both.*as in diffusers/, { negativeOriginalSize: size });
    refuses('negativeTargetSize', /both/, { negativeTargetSize: size });
    refuses('negativeCropTopLeft', /both/, { negativeCropTopLeft: corner });
    const asked = { negativeOriginalSize: size, negativeTargetSize: size };
    refuses('negativeOriginalSize', /org\/model edits.*same sizes/, asked, true, false);
  });
});

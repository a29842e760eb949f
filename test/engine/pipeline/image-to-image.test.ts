import { SessionCache } from '../../../src/engine/runtime/session-cache';
import { itDrawsAsDiffusers } from '../../support/drawing';
import { caseNames } from '../../support/fixture';

describe('image to image, against diffusers', () => {
  const sessions = new SessionCache();
  after(() => sessions.clear());

  for (const name of caseNames().filter((caseName) => caseName !== 'sdxl')) {
    itDrawsAsDiffusers(name, 'image-to-image', sessions);
  }
});

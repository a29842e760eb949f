import { SessionCache } from '../../../src/engine/runtime/session-cache';
import { itDrawsAsDiffusers } from '../../support/drawing';

describe('Stable Diffusion XL, against diffusers', () => {
  const sessions = new SessionCache();
  after(() => sessions.clear());

  for (const task of ['text-to-image', 'image-to-image', 'inpainting'] as const) {
    itDrawsAsDiffusers('sdxl', task, sessions);
  }
});

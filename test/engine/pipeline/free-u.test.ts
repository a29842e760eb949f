import assert from 'node:assert/strict';
import { parseRequest } from '../../../src/core/request/request';
import { openModel } from '../../../src/engine/model/open';
import { SessionCache } from '../../../src/engine/runtime/session-cache';
import { drawModel, requestOf } from '../../support/drawing';
import { materialise, reference } from '../../support/fixture';
import { materialiseOnnx } from '../../support/onnx-folder';
import { differences, readPixels } from '../../support/pictures';

// Images with FreeU are compared with diffusers' in text-to-image.test.ts and sdxl.test.ts.
describe('FreeU', () => {
  const sessions = new SessionCache();
  after(() => sessions.clear());

  it('has a network of its own for its factors, and changes nothing where they are 1', async () => {
    const folder = materialise('sd1');
    const model = await openModel({ id: folder, folder });
    const { freeu, ...plain } = requestOf(reference('sd1').run('freeu'), folder);
    const { pictures: without } = await drawModel(plain, model, sessions);
    const { pictures } = await drawModel({ ...plain, freeu }, model, sessions);
    const expected = await readPixels(reference('sd1').picture('freeu'));
    assert.ok(differences(pictures[0]!, expected).largest <= 1);
    assert.ok(differences(without[0]!, expected).largest > 1);
    const neutral = { s1: 1, s2: 1, b1: 1, b2: 1 };
    const same = await drawModel({ ...plain, freeu: neutral }, model, sessions);
    assert.ok(differences(same.pictures[0]!, without[0]!).largest <= 1);
  });

  it('is refused by models of exported graphs', async () => {
    const exported = await openModel({ id: 'exported', folder: materialiseOnnx('optimum') });
    const freeu = { s1: 0.9, s2: 0.2, b1: 1.5, b2: 1.6 };
    const asked = parseRequest({ prompt: 'a cat', freeu });
    assert.throws(
      () => {
        exported.checkConditions(asked);
      },
      {
        code: 'unsupported-model',
        message: /exported ONNX graphs, to which no FreeU can be added/,
      },
    );
  });
});

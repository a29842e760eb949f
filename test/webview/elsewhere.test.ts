import assert from 'node:assert/strict';
import type { EndpointAbilities } from '../../src/core/endpoints/abilities';
import { DEFAULT_REQUEST_SETTINGS } from '../../src/core/request/settings';
import type { DeviceReport } from '../../src/protocol/engine';
import type { Job, StudioEndpoint } from '../../src/protocol/studio';
import { PageState } from '../../webview/page/page-state';
import { recoveryActions } from '../../webview/results/recovery-actions';
import { sizeMenu } from '../../webview/settings/sizes';
import { elsewhereOf, notTaken, withoutRefused } from '../../webview/state/elsewhere';
import { planEstimate } from '../../webview/state/estimate';
import { NEW_FORM } from '../../webview/state/form';

const abilities: EndpointAbilities = {
  fields: ['width', 'height', 'seed', 'initImage'],
  progress: false,
  previews: false,
  cancels: true,
};
const endpoint: StudioEndpoint = {
  ...{ name: 'work', host: 'gpu.example', isLoopback: false, models: ['a@work', 'b@work'] },
  ...{ abilities, abilitiesOf: { 'b@work': { ...abilities, fields: ['steps'] } } },
};
const state = { endpoints: [endpoint] };

/** A page that draws with a model of the endpoint, and has a sketch. */
function sketched(model: string): PageState {
  const page = new PageState(undefined);
  const settings = { ...DEFAULT_REQUEST_SETTINGS, style: '', styles: [], liveDrawing: true };
  page.update({ ...state, settings: { ...settings, model } });
  const stroke = { kind: 'wash', colour: '#ff0000' } as const;
  page.sketch.add({ ...stroke, layer: 'paint' });
  page.sketch.add({ ...stroke, layer: 'mask' });
  return page;
}

describe('models elsewhere', () => {
  it('are those of endpoints that are known; a revision is none', () => {
    assert.equal(elsewhereOf('a@work', state)?.model, 'a');
    assert.equal(elsewhereOf('@work', state)?.model, '');
    assert.equal(elsewhereOf('org/name@v2', state), undefined);
    assert.equal(elsewhereOf('starter', state), undefined);
  });

  it('take what their endpoint or they themselves say, and nothing that the starter composes', () => {
    const [a, b] = [elsewhereOf('a@work', state), elsewhereOf('b@work', state)];
    assert.equal(notTaken(a, 'seed'), undefined);
    assert.ok(notTaken(a, 'steps'));
    assert.equal(notTaken(b, 'steps'), undefined);
    assert.ok(notTaken(b, 'seed'));
    assert.ok(notTaken(a, 'ground'));
    assert.equal(notTaken(undefined, 'ground'), undefined);
    const silent = { endpoints: [{ ...endpoint, abilities: undefined, abilitiesOf: {} }] };
    assert.equal(notTaken(elsewhereOf('a@work', silent), 'steps'), undefined);
  });

  it('are not asked for what their form shows as not taken', () => {
    const request = {
      prompt: 'a fish',
      negativePrompt: 'water',
      seed: 3,
      steps: 9,
      model: 'a@work',
    };
    assert.deepEqual(withoutRefused(request, elsewhereOf('a@work', state)), {
      ...{ prompt: 'a fish', seed: 3, model: 'a@work' },
    });
    assert.deepEqual(withoutRefused(request, undefined), request);
  });

  it('draw from a sketch, and from its mask, only where they can', () => {
    const takesImages = sketched('a@work');
    assert.deepEqual([takesImages.sketchUse, takesImages.startsFromSketch], ['used', true]);
    assert.equal(takesImages.usesMask, false);
    const takesNone = sketched('b@work');
    assert.deepEqual([takesNone.sketchUse, takesNone.startsFromSketch], ['refused', false]);
    assert.equal(sketched('starter').usesMask, true);
  });

  it('have no estimate of this machine, and sizes of their own', () => {
    const devices = { devices: [], chosen: 'cpu', reason: '' } as unknown as DeviceReport;
    const form = { ...NEW_FORM, model: 'a@work', steps: 20, width: 512, height: 512 };
    const sketch = { isUsed: false, isMasked: false };
    assert.equal(
      planEstimate(form, { devices, models: [], ...state }, undefined, sketch),
      undefined,
    );
    const local = { ...form, model: 'org/name@v2' };
    assert.ok(planEstimate(local, { devices, models: [], ...state }, undefined, sketch));
    const { choices, current } = sizeMenu({
      ...{ form: { model: 'a@work' } as typeof form, defaults: undefined, suitable: undefined },
    });
    assert.equal(current, 'auto');
    assert.ok(choices.some(({ value }) => value === '1024x1024'));
    // Each shape is one group.
    const groups = choices.flatMap(({ group }) => group ?? []);
    const changes = groups.filter((group, at) => group !== groups[at - 1]);
    assert.deepEqual(changes, [...new Set(groups)]);
  });

  it('fail with what helps there: the key, another try, another model', () => {
    const job = (code: string, data: Record<string, unknown>) =>
      ({
        request: { model: 'a@work' },
        error: { code, message: '', data },
      }) as unknown as Job;
    const [first] = recoveryActions(job('access-denied', { endpointName: 'work' }));
    assert.deepEqual([first?.keyOf, first?.drawAgain], ['work', true]);
    const [gated] = recoveryActions(job('access-denied', {}));
    assert.equal(gated?.keyOf, undefined);
    const refused = recoveryActions(job('content-refused', { endpointName: 'work' }));
    assert.ok(!refused.some(({ label }) => label === 'tryAgain'));
  });
});

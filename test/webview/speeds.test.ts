import assert from 'node:assert/strict';
import { STUDIO_STRINGS } from '../../src/protocol/studio-strings';
import type { Speed } from '../../src/core/estimate';
import type { ModelEntry } from '../../src/protocol/engine';
import type { StudioState } from '../../src/protocol/studio';
import { setLanguage } from '../../webview/l10n';
import { fasterModel, planEstimate } from '../../webview/state/estimate';
import { NEW_FORM, type Form } from '../../webview/state/form';
import { speedChoices } from '../../webview/state/speeds';

const defaults = {
  ...{ steps: 20, guidanceScale: 7.5, width: 512, height: 512, multiple: 8, scheduler: '' },
  ...{ weightCount: 860_000_000, gigaflops: 800 },
};
const sd = { id: 'org/sd', runnable: true, defaults } as unknown as ModelEntry;
const small = {
  ...{ id: 'starter', runnable: true },
  defaults: { ...defaults, steps: 8, width: 256, height: 256, weightCount: 20_000_000 },
} as unknown as ModelEntry;
const refiner = {
  ...{ id: 'org/refiner', runnable: false },
  defaults: { ...defaults, gigaflops: 1600 },
} as unknown as ModelEntry;
const xl = { ...sd, id: 'org/xl', defaults: { ...defaults, xl: true } } as unknown as ModelEntry;
const speed: Speed = {
  ...{ model: 'org/sd', device: 'cpu', precision: 'full', tokenDownsampling: 1 },
  ...{ pixels: 512 * 512, secondsPerEvaluation: 2, overhead: 4 },
};
const state = {
  devices: { devices: [], chosen: 'cpu', reason: '', integers: { exact: true, fast: true } },
  models: [sd, xl, small, refiner],
  speeds: [speed, { ...speed, model: 'starter', pixels: 65_536, secondsPerEvaluation: 0.02 }],
} as unknown as StudioState;
const form = (fields: Partial<Form> = {}): Form => ({ ...NEW_FORM, model: sd.id, ...fields });
const NO_SKETCH = { isUsed: false, isMasked: false };
const plan = (fields: Partial<Form>) =>
  planEstimate(
    form(fields),
    state,
    fields.model === 'starter' ? small.defaults : defaults,
    NO_SKETCH,
  );

describe('the speeds of the studio', () => {
  before(() => setLanguage(STUDIO_STRINGS, 'en'));

  it('say what each takes, the exact one the longest', () => {
    const labels = speedChoices(form(), state, defaults, NO_SKETCH).map(({ label }) => label);
    assert.match(labels[0] ?? '', /^Exact: about 85 s$/);
    assert.match(labels[1] ?? '', /^Balanced: about (35|40) s$/);
    const fast = Number(/^Fast: about (\d+) s$/.exec(labels[2] ?? '')?.[1]);
    assert.ok(fast > 5 && fast < 35, labels[2]);
  });

  it('have no time before it is known', () => {
    const unknown = { ...state, speeds: [] };
    const labels = speedChoices(form(), unknown, defaults, NO_SKETCH).map(({ label }) => label);
    assert.deepEqual(labels, ['Exact', 'Balanced', 'Fast']);
  });

  it('count what each leaves out, with what a recipe has brought', () => {
    assert.deepEqual(plan({ speed: 'exact' })?.precision, 'full');
    assert.deepEqual(plan({ speed: 'exact' })?.evaluations, 40);
    assert.deepEqual(plan({ speed: 'balanced' })?.precision, 'int8');
    const fast = plan({ speed: 'fast' });
    assert.ok(fast && fast.evaluations < 25 && fast.tokenDownsampling > 1);
    const kept = { guidanceInterval: { start: 0, end: 0.5 } };
    assert.equal(plan({ kept })?.evaluations, 30);
    assert.equal(plan({ speed: 'exact', precision: 'int8' })?.precision, 'int8');
  });

  it('count the guidance and the refiner that were added', () => {
    const evaluations = (fields: Partial<Form>) => plan({ speed: 'exact', ...fields })?.evaluations;
    assert.equal(evaluations({ added: ['pag'], pagScale: 3 }), 60);
    const refined: Partial<Form> = { refiner: 'org/refiner', refinerFrom: 0.5 };
    assert.equal(evaluations({ ...refined, added: ['refiner'], model: 'org/xl' }), 20 + 2 * 20);
  });

  it('change nothing for a small model', () => {
    const [exact, fast] = (['exact', 'fast'] as const).map((one) =>
      plan({ model: 'starter', speed: one }),
    );
    assert.deepEqual(fast, exact);
  });

  it('let a faster model be found with its own defaults', () => {
    const slow = form({ speed: 'exact', steps: 50 });
    const faster = fasterModel(planEstimate(slow, state, defaults, NO_SKETCH)!, slow, state);
    assert.equal(faster?.id, 'starter');
    assert.ok(faster.seconds < 5);
  });
});

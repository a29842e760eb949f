import assert from 'node:assert/strict';
import { STUDIO_STRINGS } from '../../src/protocol/studio-strings';
import type { DeviceReport, ModelEntry } from '../../src/protocol/engine';
import type { StudioState } from '../../src/protocol/studio';
import { setLanguage } from '../../webview/l10n';
import { precisionChoices } from '../../webview/state/precisions';
import { expectedPrecision } from '../../webview/state/estimate';
import { NEW_FORM, type Form } from '../../webview/state/form';

const sd = { id: 'org/sd', defaults: { weightCount: 860_000_000 } } as unknown as ModelEntry;
const small = { id: 'starter', defaults: { weightCount: 20_000_000 } } as unknown as ModelEntry;
const devices: DeviceReport = {
  devices: [],
  chosen: 'cpu',
  reason: '',
  integers: { exact: true, fast: true },
};
const state = { devices, models: [sd, small] } as unknown as StudioState;
/** With a graphics card that was tried. */
const gpu = (half: boolean): StudioState => {
  const trial = { works: true, gflops: 900, detail: '', half, halfSpeed: 2, halfFault: '' };
  return { ...state, devices: { ...devices, devices: [{ device: 'webgpu', ...trial }] } };
};
const form = (fields: Partial<Form>): Form => ({ ...NEW_FORM, model: sd.id, ...fields });
const named = (fields: Partial<Form>, known = state) =>
  precisionChoices(form(fields), known).map(({ value }) => value);

describe('the precisions of the studio', () => {
  before(() => setLanguage(STUDIO_STRINGS, 'en'));

  it('are those that the device has', () => {
    assert.deepEqual(named({}), ['auto', 'full', 'int8']);
    assert.deepEqual(named({ device: 'webgpu' }), ['auto', 'full', 'half']);
    assert.deepEqual(named({ device: 'webgpu' }, gpu(false)), ['auto', 'full']);
  });

  it('show what is asked for, also where the device does not have it', () => {
    const half = precisionChoices(form({ precision: 'half' }), state).find(
      ({ value }) => value === 'half',
    );
    assert.equal(half?.disabled, true);
    assert.match(half.label, /half.*not on CPU/);
  });

  it('say what automatic takes', () => {
    const automatic = (fields: Partial<Form>, known = state) =>
      precisionChoices(form(fields), known)[0]?.label;
    assert.equal(automatic({}), 'Automatic (int8)');
    assert.equal(automatic({ model: 'starter' }), 'Automatic (full)');
    assert.equal(automatic({}, { ...state, devices: undefined }), 'Automatic');
  });

  it('are foretold as the engine decides', () => {
    const slow = { ...state, devices: { ...devices, integers: { exact: true, fast: false } } };
    assert.equal(expectedPrecision(form({}), state), 'int8');
    assert.equal(expectedPrecision(form({}), slow), 'full');
    assert.equal(expectedPrecision(form({ device: 'webgpu' }), state), 'full');
    assert.equal(expectedPrecision(form({ device: 'webgpu' }), gpu(false)), 'full');
    assert.equal(expectedPrecision(form({ device: 'webgpu' }), gpu(true)), 'half');
    assert.equal(
      expectedPrecision(form({ device: 'webgpu', model: 'starter' }), gpu(true)),
      'full',
    );
    assert.equal(expectedPrecision(form({ speed: 'exact' }), state), 'full');
    assert.equal(expectedPrecision(form({ model: 'gone' }), state), undefined);
  });
});

import { needsImage } from '../../src/core/catalogue/needs-image';
import { describeCard, deviceLabel, FALLBACK_DEVICE } from '../../src/core/devices';
import type { Size } from '../../src/core/image/resize';
import type { Style } from '../../src/core/request/styles';
import type { StudioState } from '../../src/protocol/studio';
import { GroundField } from '../composition/ground-field';
import { h, newId } from '../controls/dom';
import { expectedPrecision } from '../state/estimate';
import { usualStrength, type Defaults, type Form, type SketchRole } from '../state/form';
import { t } from '../l10n';
import { precisionChoices } from '../state/precisions';
import { field, segments, selectBox, setAvailable } from '../controls/fields';
import { notTaken, notTakenLabels, type Elsewhere } from '../state/elsewhere';
import type { Lines } from '../state/lines';
import {
  deviceChoices,
  GET_MORE,
  modelChoices,
  schedulerChoices,
  styleChoices,
  stylesOf,
} from './choices';
import { checkboxes, sliders, type FieldControl } from './field-controls';
import { speedChoices } from '../state/speeds';
import { keptNote } from './kept-note';
import { Additions, type AdditionActions, type AdditionsOf } from './additions';
import { linesField } from './lines-field';
import { seedField } from './seed-field';
import { sizeField } from './size-field';

const IMAGE_COUNTS = [1, 2, 3, 4].map((count) => [count, String(count)] as const);

export interface SettingsActions {
  readonly change: (fields: Partial<Form>) => void;
  readonly chooseModel: (model: string) => void;
  /** Opens the list of models, with those that can be downloaded. */
  readonly getModels: () => void;
  readonly chooseDevice: () => void;
  readonly manageEndpoints: () => void;
  readonly whyNotCard: () => void;
  /** Downloads a ControlNet for the chosen model. */
  readonly getControlnet: () => void;
  /** What the menu *Add control* adds. */
  readonly additions: AdditionActions;
  /** Opens the setting of the brand's colours. */
  readonly choosePalette: () => void;
  /** The variation that goes with another seed; 0 for a model that does not compose. */
  readonly nextVariation: () => number;
}

/** What the settings are about. */
export interface SettingsOf extends SketchRole {
  /** The sketch is used: the image starts from it, or follows its lines. */
  readonly isSketched: boolean;
  readonly lines: Lines;
  readonly additions: AdditionsOf;
  /** The size that suits the words, in pixels; undefined where only the model's own sizes can be drawn. */
  readonly suitable: Size | undefined;
  /** Where the model draws; undefined for this machine. */
  readonly elsewhere: Elsewhere | undefined;
}

/** The settings beside the stage: what is set in grey is the model's own choice. */
export class SettingsPanel {
  readonly element: HTMLElement;
  private readonly model;
  private readonly style;
  private readonly size;
  private readonly ground: GroundField;
  private readonly images;
  private readonly seed;
  /** Of the table's fields: the sliders and checkboxes. */
  private readonly controls: readonly FieldControl[];
  private readonly sketch: HTMLElement;
  private readonly additions: Additions;
  private readonly lines;
  /** Of an image that starts from the sketch. */
  private readonly ofStart: readonly HTMLElement[];
  private readonly negative: HTMLTextAreaElement;
  private readonly negativeField: HTMLElement;
  private readonly scheduler;
  private readonly schedulerField: HTMLElement;
  /** How this machine computes. */
  private readonly ofThisMachine: HTMLElement[];
  private readonly kept;
  private readonly device;
  private readonly precision;
  private readonly speed;
  private readonly more: HTMLDetailsElement;
  /** What the starter does not need: among the first settings, or in the fold. */
  private readonly tuning: readonly HTMLElement[];
  private readonly seedElement: HTMLElement;
  private styles: readonly Style[] = [];
  private readonly running = h('p', { class: 'running' });

  constructor(private readonly actions: SettingsActions) {
    const { change } = actions;
    this.model = selectBox((model) => this.pickModel(model));
    this.style = selectBox((name) =>
      change({ style: this.styles.find((one) => one.name === name) }),
    );
    this.size = sizeField((size) => change({ width: size?.width, height: size?.height }));
    this.images = segments(t('numImages.label'), IMAGE_COUNTS, (numImages) =>
      change({ numImages }),
    );
    this.ground = new GroundField({
      choose: (ground) => change({ ground }),
      choosePalette: actions.choosePalette,
    });
    this.seed = seedField(change, actions.nextVariation);
    const numbers = sliders(change);
    const switches = checkboxes(change);
    this.controls = [...numbers, ...switches];
    const elements = (controls: readonly FieldControl[], ofInitImage: boolean) =>
      controls.filter((one) => one.ofInitImage === ofInitImage).map(({ element }) => element);
    this.lines = linesField(actions);
    this.ofStart = elements(this.controls, true);
    const { element: use, own } = this.lines;
    this.sketch = h('div', { class: 'sketch-settings' }, {}, use, ...this.ofStart, own);
    this.additions = new Additions(actions.additions);
    this.negative = h(
      'textarea',
      { rows: 2, placeholder: t('negativePlaceholder') },
      { input: () => change({ negativePrompt: this.negative.value }) },
    );
    this.scheduler = selectBox((scheduler) => change({ scheduler }));
    this.device = selectBox((device) => change({ device: device as Form['device'] }));
    this.speed = selectBox((speed) => change({ speed: speed as Form['speed'] }));
    this.precision = selectBox((precision) =>
      change({ precision: precision as Form['precision'] }),
    );
    this.negativeField = field(t('negativePrompt.label'), this.negative);
    this.schedulerField = field(t('scheduler.label'), this.scheduler.element);
    this.ofThisMachine = [
      field(t('device.label'), this.device.element),
      field(t('precision.label'), this.precision.element),
    ];
    this.kept = keptNote(() => change({ kept: undefined }));
    this.more = h(
      'details',
      { class: 'more' },
      { toggle: () => change({ more: this.more.open }) },
      h('summary', {}, {}, t('advanced')),
      this.negativeField,
      ...elements(switches, false),
      this.schedulerField,
      ...this.ofThisMachine,
    );
    const speedField = field(t('speed.label'), this.speed.element);
    this.ofThisMachine.push(speedField);
    this.tuning = [...elements(numbers, false), speedField];
    this.seedElement = this.seed.element;
    const titleId = newId('settings');
    this.element = h(
      'section',
      { class: 'settings', id: newId('settings'), 'aria-labelledby': titleId },
      {},
      h('h2', { id: titleId, class: 'visually-hidden' }, {}, t('settings')),
      field(t('model.label'), this.model.element),
      field(t('style.label'), this.style.element),
      this.ground.element,
      this.size.element,
      this.images.element,
      this.sketch,
      this.additions.element,
      ...this.tuning,
      this.seedElement,
      this.kept.element,
      this.more,
      this.running,
    );
  }

  show(form: Form, state: StudioState, defaults: Defaults | undefined, about: SettingsOf): void {
    this.placeTuning(form.model === 'starter');
    this.model.show(modelChoices(state, form.model), form.model);
    this.styles = stylesOf(form, state);
    this.style.show(styleChoices(this.styles, form.model), form.style?.name ?? '');
    this.ground.show(form.ground, form.palette);
    this.size.show({ form, defaults, suitable: about.suitable });
    this.images.show(form.numImages);
    this.seed.show(form);
    this.sketch.hidden = !about.isSketched || needsImage(defaults ?? {});
    for (const element of this.ofStart) element.hidden = !about.isUsed;
    this.lines.show(form, about.lines);
    this.additions.show(form, about.additions);
    if (document.activeElement !== this.negative) this.negative.value = form.negativePrompt;
    this.scheduler.show(schedulerChoices(defaults, form.scheduler), form.scheduler ?? '');
    this.kept.show(form.kept);
    const format = form.kept?.format ?? state.settings.format;
    const values = { ...defaults, strength: usualStrength(form, defaults, about.isMasked) };
    const { elsewhere } = about;
    for (const control of this.controls) control.show(form, values, { format, elsewhere });
    setAvailable(this.ground.element, notTaken(elsewhere, 'ground'));
    setAvailable(this.size.element, notTaken(elsewhere, 'width'));
    setAvailable(this.images.element, notTaken(elsewhere, 'numImages'));
    setAvailable(this.seed.element, notTaken(elsewhere, 'seed'));
    setAvailable(this.negativeField, notTaken(elsewhere, 'negativePrompt'));
    setAvailable(this.schedulerField, notTaken(elsewhere, 'scheduler'));
    for (const own of this.ofThisMachine) own.hidden = elsewhere !== undefined;
    this.device.show(deviceChoices(state), form.device);
    this.speed.show(speedChoices(form, state, defaults, about), form.speed);
    this.precision.show(precisionChoices(form, state), form.precision);
    this.more.open = form.more;
    if (elsewhere) this.showElsewhere(elsewhere);
    else this.showRunning(form, state);
  }

  /** Steps and guidance hardly matter to the starter model, so they step back. */
  private placeTuning(back: boolean): void {
    const parent = back ? this.more : this.element;
    if (this.tuning.every(({ parentElement }) => parentElement === parent)) return;
    if (back) this.more.querySelector('summary')?.after(...this.tuning);
    else this.seedElement.before(...this.tuning);
  }

  private pickModel(model: string): void {
    if (model === GET_MORE) this.actions.getModels();
    else this.actions.chooseModel(model);
  }

  /** Where the model draws, and what of the settings that machine does not take. */
  private showElsewhere(elsewhere: Elsewhere): void {
    const { endpoint } = elsewhere;
    const labels = notTakenLabels(elsewhere);
    const text =
      endpoint.trouble ?? (labels.length > 0 ? t('endpointLacks', labels.join(', ')) : '');
    const key = JSON.stringify([endpoint.host, endpoint.name, text]);
    if (this.running.dataset.shown === key) return;
    this.running.dataset.shown = key;
    this.running.replaceChildren(
      h('strong', {}, {}, t('runsOn', endpoint.host)),
      ...(text === '' ? [] : [h('span', { class: 'reason' }, {}, text)]),
      h(
        'button',
        { type: 'button', class: 'link' },
        { click: this.actions.manageEndpoints },
        t('manageEndpoints'),
      ),
    );
  }

  /** What runs, and why nothing faster does. */
  private showRunning(form: Form, state: StudioState): void {
    delete this.running.dataset.shown;
    const { devices } = state;
    if (!devices) {
      this.running.textContent = t('probingDevices');
      return;
    }
    const device = form.device === 'auto' ? devices.chosen : form.device;
    const probe = devices.devices.find((one) => one.device === device);
    const card = probe?.card;
    const title = form.device === 'auto' ? devices.reason : '';
    const name = card ? describeCard(card) : deviceLabel(device);
    const precision = expectedPrecision(form, state);
    const link = (text: string, click: () => void) =>
      h('button', { type: 'button', class: 'link' }, { click }, text);
    this.running.replaceChildren(
      h(
        'strong',
        {},
        {},
        t('runningOn', precision ? t('runningIn', name, t(`precision.${precision}`)) : name),
      ),
      h('span', { class: 'reason', title }, {}, probe?.detail ?? ''),
      link(t('changeDevice'), this.actions.chooseDevice),
      ...(device === FALLBACK_DEVICE || card?.kind === 'software'
        ? [link(t('whyNotCard'), this.actions.whyNotCard)]
        : []),
    );
  }
}

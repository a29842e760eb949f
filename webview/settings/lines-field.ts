import { LIMITS } from '../../src/core/request/fields/limits';
import { field, numberField, segments, selectBox } from '../controls/fields';
import { h, plainButton } from '../controls/dom';
import { t } from '../l10n';
import { LINES_SCALE, type Form } from '../state/form';
import type { Lines } from '../state/lines';
import { modelLabel } from './labels';

/** As far as the slider goes; more distorts an image. */
const SLIDER_END = 2;

export interface LinesActions {
  readonly change: (fields: Partial<Form>) => void;
  /** Downloads a ControlNet for the model. */
  readonly getControlnet: () => void;
}

/** What the sketch is for: the image starts from it, or follows its lines by a ControlNet. */
export function linesField({ change, getControlnet }: LinesActions) {
  const uses = [
    ['start', t('startFromSketch')],
    ['follow', t('followLines')],
  ] as const;
  const use = segments<'start' | 'follow'>(t('sketchFor'), uses, (value) =>
    change({ followsLines: value === 'follow' }),
  );
  const controlnet = selectBox((chosen) => change({ controlnet: chosen }));
  const scale = numberField({
    label: t('linesScale'),
    ...LIMITS.controlnetScale,
    sliderMax: SLIDER_END,
    step: 0.05,
    help: t('linesScaleHelp'),
    onChange: (linesScale) => change({ linesScale }),
  });
  const chosen = field(t('linesBy'), controlnet.element);
  const missing = h('p', { class: 'lines-missing' });
  const get = plainButton(t('getControlnet'), getControlnet);
  const own = h('div', { class: 'lines' }, {}, missing, get, chosen, scale.element);
  return {
    element: use.element,
    /** The settings of an image that follows the lines. */
    own,
    show(form: Form, { refused, controlnets, chosen: current }: Lines): void {
      const follows = form.followsLines && refused === undefined;
      use.show(follows ? 'follow' : 'start');
      use.setAvailable('follow', refused);
      own.hidden = !follows;
      const isMissing = current === undefined;
      missing.hidden = get.hidden = !isMissing;
      missing.textContent = isMissing ? t('linesMissing', modelLabel(form.model)) : '';
      chosen.hidden = scale.element.hidden = isMissing;
      controlnet.show(
        controlnets.map((id) => ({ value: id, label: modelLabel(id), title: id })),
        current ?? '',
      );
      scale.show(form.linesScale, LINES_SCALE);
    },
  };
}

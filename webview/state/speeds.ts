import { SPEEDS } from '../../src/core/request/fields/computing';
import type { StudioState } from '../../src/protocol/studio';
import { aboutSeconds, t } from '../l10n';
import { jobSeconds, planEstimate } from './estimate';
import type { Defaults, Form, SketchRole } from './form';

/** A choice of a drop-down. */
interface SpeedChoice {
  readonly value: Form['speed'];
  readonly label: string;
  readonly title: string;
}

/** How fast the next image can be drawn, each with the time that it takes where that is known. */
export function speedChoices(
  form: Form,
  state: StudioState,
  defaults: Defaults | undefined,
  sketch: SketchRole,
): readonly SpeedChoice[] {
  return SPEEDS.map((speed) => {
    const plan = planEstimate({ ...form, speed }, state, defaults, sketch);
    const seconds = plan && jobSeconds(plan, state);
    const name = t(`speed.${speed}`);
    const label = seconds === undefined ? name : t('speedTime', name, aboutSeconds(seconds));
    return { value: speed, label, title: t(`speed.${speed}.help`) };
  });
}

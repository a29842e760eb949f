import { deviceLabel, PRECISIONS, type Precision } from '../../src/core/devices';
import { precisionsOf } from '../../src/core/request/precision';
import type { StudioState } from '../../src/protocol/studio';
import { t } from '../l10n';
import { expectedPrecision } from './estimate';
import type { Form } from './form';

/** A choice of a drop-down. */
interface PrecisionChoice {
  readonly value: Form['precision'];
  readonly label: string;
  readonly title: string;
  readonly disabled?: boolean;
}

/** How the next image can be computed on its device; what the device does not have is left out, or says so. */
export function precisionChoices(form: Form, state: StudioState): PrecisionChoice[] {
  const device = form.device === 'auto' ? state.devices?.chosen : form.device;
  const has = (precision: Precision) =>
    device === undefined || precisionsOf(device, state.devices).includes(precision);
  const expected = expectedPrecision(form, state);
  return [
    {
      value: 'auto',
      label: expected ? t('precisionAuto', t(`precision.${expected}`)) : t('precisionAutomatic'),
      title: t('precisionAutoHelp'),
    },
    ...PRECISIONS.flatMap((value): PrecisionChoice[] => {
      const title = t(`precision.${value}.help`);
      if (has(value)) return [{ value, label: t(`precision.${value}.choice`), title }];
      // What a recipe or a setting asks for is shown all the same.
      if (device === undefined || value !== form.precision) return [];
      const label = t('precisionMissing', t(`precision.${value}`), deviceLabel(device));
      return [{ value, label, disabled: true, title }];
    }),
  ];
}

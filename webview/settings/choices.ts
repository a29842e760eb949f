import { DEVICE_CHOICES, deviceLabel } from '../../src/core/devices';
import { SCHEDULERS } from '../../src/core/diffusion/schedulers/registry';
import { needsOtherModel, type Style } from '../../src/core/request/styles';
import type { StudioEndpoint, StudioState } from '../../src/protocol/studio';
import type { Choice } from '../controls/fields';
import { t } from '../l10n';
import type { Defaults, Form } from '../state/form';
import { modelLabel, schedulerLabel } from './labels';

/** The value of the choice that opens the list of models, with those that can be downloaded. */
export const GET_MORE = '\0more';

export function modelChoices({ models, endpoints }: StudioState, current: string): Choice[] {
  const choices: Choice[] = models.map(({ id, runnable, reason }) => ({
    value: id,
    label: modelLabel(id),
    disabled: !runnable,
    title: reason,
  }));
  const elsewhere = endpoints.flatMap(endpointChoices);
  if (current && ![...choices, ...elsewhere].some(({ value }) => value === current)) {
    choices.unshift({ value: current, label: modelLabel(current) });
  }
  return [...choices, ...elsewhere, { value: GET_MORE, label: t('moreModels') }];
}

/** Models of one endpoint that are listed; a service can have thousands. */
const MOST_MODELS = 200;

function endpointChoices({ name, host, models, trouble }: StudioEndpoint): Choice[] {
  const group = trouble === undefined ? t('endpointGroup', name, host) : t('endpointSilent', name);
  return models.slice(0, MOST_MODELS).map((value) => ({
    value,
    label: value.startsWith('@') ? t('endpointOwnModel', name) : value.slice(0, -name.length - 1),
    group,
    title: trouble ?? t('runsOn', host),
  }));
}

/** The styles of the settings; a restored one of that name, or beside them, counts as it was. */
export function stylesOf({ style }: Form, { settings }: StudioState): readonly Style[] {
  if (!style) return settings.styles;
  return [...settings.styles.filter(({ name }) => name !== style.name), style];
}

export function styleChoices(styles: readonly Style[], model: string): Choice[] {
  return [
    { value: '', label: t('noStyle') },
    ...styles.map((style): Choice => {
      const { name, prompt } = style;
      if (!needsOtherModel(style, model || undefined)) {
        return { value: name, label: name, title: prompt };
      }
      return { value: name, label: t('style.otherModel', name), title: prompt, disabled: true };
    }),
  ];
}

export function schedulerChoices(defaults: Defaults | undefined, current = ''): Choice[] {
  const own = defaults?.scheduler;
  const known = SCHEDULERS.find(({ name }) => name === own);
  const suitable = SCHEDULERS.filter(
    ({ isFlowMatching, isEdm }) =>
      isFlowMatching === known?.isFlowMatching && isEdm === known?.isEdm,
  );
  // A recipe can name a kind that this list has not, such as dpm++-karras.
  const listed = suitable.some(({ name }) => name === current) || current === '';
  return [
    ...(listed ? [] : [{ value: current, label: schedulerLabel(current) }]),
    { value: '', label: own ? `${t('modelDefault')} (${schedulerLabel(own)})` : t('modelDefault') },
    ...suitable.map(({ name }) => ({ value: name, label: schedulerLabel(name) })),
  ];
}

export function deviceChoices({ devices }: StudioState): Choice[] {
  return DEVICE_CHOICES.map((value) => {
    if (value === 'auto') return { value, label: t('deviceAuto') };
    const probe = devices?.devices.find(({ device }) => device === value);
    const label = deviceLabel(value);
    if (!probe)
      return { value, label: devices ? t('deviceMissing', label) : label, disabled: !!devices };
    return {
      value,
      label: t(probe.works ? 'deviceWorks' : 'deviceMissing', label),
      disabled: !probe.works,
      title: probe.detail,
    };
  });
}

import { FALLBACK_DEVICE } from '../../src/core/devices';
import type { ErrorCode } from '../../src/core/errors';
import type { Job, StudioAction } from '../../src/protocol/studio';
import type { Form } from '../state/form';
import { t } from '../words';

/** A button that mends what went wrong. */
export interface Remedy {
  readonly label: string;
  readonly icon: string;
  /** What changes in the form before drawing again. */
  readonly change?: Partial<Form>;
  readonly again?: boolean;
  /** Something outside the page that is opened. */
  readonly action?: StudioAction;
}

const AGAIN = (): Remedy => ({ label: t('tryAgain'), icon: 'debug-restart', again: true });
const LOG = (): Remedy => ({ label: t('showLog'), icon: 'output', action: 'showLog' });
const CHOOSE = (): Remedy => ({ label: t('chooseModel'), icon: 'library', action: 'chooseModel' });
const OWN_SETTINGS: Partial<Form> = {
  steps: undefined,
  guidanceScale: undefined,
  width: undefined,
  height: undefined,
  scheduler: '',
};

const starter = (): Remedy => ({
  label: t('useStarter'),
  icon: 'sparkle',
  change: { model: 'starter', ...OWN_SETTINGS },
  again: true,
});

/** The ways out of a failure, the likeliest first. */
export function remediesFor({ error, request }: Job): Remedy[] {
  const others = request.model === 'starter' ? [] : [starter()];
  const anotherModel = () => [...others, CHOOSE(), LOG()];
  const ownSettings = (): Remedy[] => [
    { label: t('fixSettings'), icon: 'discard', change: OWN_SETTINGS, again: true },
    LOG(),
  ];
  const cpu = (): Remedy[] => [
    { label: t('useCpu'), icon: 'chip', change: { device: FALLBACK_DEVICE }, again: true },
    LOG(),
  ];
  const saving = (): Remedy[] => [
    AGAIN(),
    { label: t('openSettings'), icon: 'gear', action: 'openSettings' },
    LOG(),
  ];
  const known: Partial<Record<ErrorCode, () => Remedy[]>> = {
    'model-not-found': anotherModel,
    'model-incomplete': anotherModel,
    'unsupported-model': anotherModel,
    'unsupported-config': anotherModel,
    'unsafe-file': anotherModel,
    'bad-file': anotherModel,
    'not-enough-memory': () => [...smaller(), ...others, CHOOSE()],
    'device-unavailable': cpu,
    'device-failed': cpu,
    'bad-size': () => [sizeRemedy(error?.data), LOG()],
    'background-not-flat': () => [opaque(), anotherSeed(), LOG()],
    'bad-request': ownSettings,
    'unknown-scheduler': ownSettings,
    'prompt-too-long': () => [],
    'write-failed': saving,
    'disk-full': saving,
  };
  return (error && known[error.code]?.()) ?? [AGAIN(), ...others, LOG()];
}

const opaque = (): Remedy => ({
  label: t('drawOpaque'),
  icon: 'file-media',
  change: { transparent: false },
  again: true,
});

const anotherSeed = (): Remedy => ({
  label: t('shuffleSeed'),
  icon: 'refresh',
  change: { seed: undefined, seedLocked: false },
  again: true,
});

function smaller(): Remedy[] {
  const change = { ...OWN_SETTINGS, numImages: 1 };
  return [{ label: t('fixSettings'), icon: 'discard', change, again: true }];
}

/** The nearest size that the model can draw, which the error's data tells. */
function sizeRemedy(data: Readonly<Record<string, unknown>> | undefined): Remedy {
  const { width, height, factor } = data ?? {};
  if (typeof width === 'number' && typeof height === 'number' && typeof factor === 'number') {
    const near = (side: number) => Math.max(factor, Math.round(side / factor) * factor);
    const size = { width: near(width), height: near(height) };
    return {
      label: t('useOwnSize', size.width, size.height),
      icon: 'screen-normal',
      change: size,
      again: true,
    };
  }
  return { label: t('fixSettings'), icon: 'discard', change: OWN_SETTINGS, again: true };
}

import { FALLBACK_DEVICE } from '../../src/core/devices';
import { EULER } from '../../src/core/diffusion/schedulers/euler';
import type { ErrorCode } from '../../src/core/errors';
import type { Job, StudioAction } from '../../src/protocol/studio';
import { t } from '../l10n';
import { additionOf, type FieldAddition } from '../state/field-additions';
import type { Form } from '../state/form';
import { additionTitle } from '../state/addition-texts';

/** A button of a failed job. */
export interface RecoveryAction {
  readonly label: string;
  readonly icon: string;
  /** Fields of the form to change. */
  readonly change?: Partial<Form>;
  /** Removes what *Add control* has added of the request's fields: one of them, or all. */
  readonly dropAdded?: FieldAddition | 'all';
  /** The endpoint whose key the user is asked for. */
  readonly keyOf?: string;
  /** Something outside the page to open. */
  readonly open?: StudioAction;
  /** Draw again afterwards. */
  readonly drawAgain?: boolean;
}

/** The actions that may solve a failure, the most likely first. */
export function recoveryActions({ error, request }: Job): RecoveryAction[] {
  const starter = request.model === 'starter' ? [] : [useStarter()];
  const without = drawWithout(error?.data?.field);
  const otherModel = () => [...without, ...starter, chooseModel(), showLog()];
  const otherSettings = () => [...without, useDefaults(), showLog()];
  const otherDevice = () => [useFallbackDevice(), showLog()];
  const otherFolder = () => [tryAgain(), openSettings(), showLog()];
  const actions: Partial<Record<ErrorCode, () => RecoveryAction[]>> = {
    'model-not-found': otherModel,
    'model-incomplete': otherModel,
    'unsupported-model': otherModel,
    'unsupported-config': otherModel,
    'unsafe-file': otherModel,
    'bad-file': otherModel,
    'not-enough-memory': () => [useDefaults({ numImages: 1 }), ...starter, chooseModel()],
    'device-unavailable': otherDevice,
    'device-failed': otherDevice,
    'unsupported-precision': () => [drawInFull(), showLog()],
    'bad-size': () => [useNearestSize(error?.data), showLog()],
    'background-not-flat': () => [keepBackground(), useOtherSeed(), showLog()],
    'bad-request': otherSettings,
    'unknown-scheduler': otherSettings,
    'unsupported-scheduler': () => [useEuler(), chooseModel(), showLog()],
    'not-finite': otherModel,
    'prompt-too-long': () => [],
    'endpoint-not-found': otherModel,
    'write-failed': otherFolder,
    'disk-full': otherFolder,
  };
  const endpoint = error?.data?.endpointName;
  if (error && typeof endpoint === 'string') return endpointActions(error.code, endpoint);
  return (error && actions[error.code]?.()) ?? [tryAgain(), ...starter, showLog()];
}

/** For an error of an endpoint: what is right for a model of this machine may be wrong for it. */
function endpointActions(code: ErrorCode, endpoint: string): RecoveryAction[] {
  const test: RecoveryAction = {
    label: t('manageEndpoints'),
    icon: 'server',
    open: 'manageEndpoints',
  };
  const others = [useStarter(), chooseModel()];
  switch (code) {
    case 'access-denied':
      return [
        { label: t('setEndpointKey'), icon: 'key', keyOf: endpoint, drawAgain: true },
        ...others,
      ];
    case 'content-refused':
    case 'payment-required':
      return [chooseModel(), useStarter(), showLog()];
    case 'model-not-found':
      return [chooseModel(), test, useStarter()];
    case 'bad-request':
    case 'not-supported':
      return [useDefaults(), chooseModel(), showLog()];
    default:
      return [tryAgain(), test, ...others];
  }
}

const tryAgain = (): RecoveryAction => ({
  label: t('tryAgain'),
  icon: 'debug-restart',
  drawAgain: true,
});

const showLog = (): RecoveryAction => ({ label: t('showLog'), icon: 'output', open: 'showLog' });

const openSettings = (): RecoveryAction => ({
  label: t('openSettings'),
  icon: 'gear',
  open: 'openSettings',
});

const chooseModel = (): RecoveryAction => ({
  label: t('chooseModel'),
  icon: 'library',
  open: 'chooseModel',
});

/** Fields that each model has defaults for. */
const MODEL_DEFAULTS: Partial<Form> = {
  steps: undefined,
  guidanceScale: undefined,
  width: undefined,
  height: undefined,
  scheduler: '',
};

const useStarter = (): RecoveryAction => ({
  label: t('useStarter'),
  icon: 'sparkle',
  change: { model: 'starter', ...MODEL_DEFAULTS },
  drawAgain: true,
});

/** Leaves out what was added that the error is about. */
function drawWithout(field: unknown): RecoveryAction[] {
  const addition = additionOf(field);
  if (addition === undefined) return [];
  const label = t('drawWithout', additionTitle(addition));
  return [{ label, icon: 'close', dropAdded: addition, drawAgain: true }];
}

const useDefaults = (others: Partial<Form> = {}): RecoveryAction => ({
  label: t('fixSettings'),
  icon: 'discard',
  dropAdded: 'all',
  change: { ...MODEL_DEFAULTS, ...others },
  drawAgain: true,
});

const useFallbackDevice = (): RecoveryAction => ({
  label: t('useCpu'),
  icon: 'chip',
  change: { device: FALLBACK_DEVICE },
  drawAgain: true,
});

/** Every device and model has it. */
const drawInFull = (): RecoveryAction => ({
  label: t('drawInFull'),
  icon: 'debug-restart',
  change: { precision: 'full' },
  drawAgain: true,
});

/** For a model whose own scheduler Easel does not have. Euler suits every diffusion model. */
const useEuler = (): RecoveryAction => ({
  label: t('useEuler'),
  icon: 'settings',
  change: { scheduler: EULER.name },
  drawAgain: true,
});

const keepBackground = (): RecoveryAction => ({
  label: t('drawOpaque'),
  icon: 'file-media',
  change: { transparent: false },
  drawAgain: true,
});

const useOtherSeed = (): RecoveryAction => ({
  label: t('shuffleSeed'),
  icon: 'refresh',
  change: { seed: undefined, seedLocked: false },
  drawAgain: true,
});

/** Uses the nearest size that the model can draw. The error's data has the size and its factor, in pixels. */
function useNearestSize(data: Readonly<Record<string, unknown>> | undefined): RecoveryAction {
  const { width, height, factor } = data ?? {};
  if (typeof width !== 'number' || typeof height !== 'number' || typeof factor !== 'number') {
    return useDefaults();
  }
  const near = (side: number) => Math.max(factor, Math.round(side / factor) * factor);
  const size = { width: near(width), height: near(height) };
  return {
    label: t('useOwnSize', size.width, size.height),
    icon: 'screen-normal',
    change: size,
    drawAgain: true,
  };
}

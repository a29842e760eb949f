import type { Job } from '../../src/protocol/studio';
import { t } from '../l10n';

/** Whether a job is loading or drawing. */
export function isRunning({ state }: Job): boolean {
  return state === 'loading' || state === 'drawing';
}

/** Whether a job is running or queued. */
export function isLive(job: Job): boolean {
  return isRunning(job) || job.state === 'queued';
}

/** What the weights that a job prepares take, and where they are kept; undefined where it prepares none. */
export function describePreparing({ component, preparing }: Job): string | undefined {
  if (!preparing) return undefined;
  const { size, folder } = preparing;
  return folder === undefined
    ? t('preparingOnce', component ?? '', size)
    : t('preparingKept', component ?? '', size, folder);
}

/** The share of the work that is known to be done; undefined while the model is loaded. */
export function shareDone({ preparing, stepsDone, stepsTotal }: Job): number | undefined {
  if (preparing) return preparing.share;
  return stepsTotal > 0 ? stepsDone / stepsTotal : undefined;
}

function percent(share: number): number {
  return Math.floor(share * 100);
}

/** The progress of a job, as a text; empty for a finished one. */
export function describeProgress(job: Job): string {
  switch (job.state) {
    case 'queued':
      if (job.host !== undefined) return t('queuedAt', job.host, job.ahead);
      return job.ahead > 1 ? t('queuedBehind', job.ahead) : t('queuedNext');
    case 'loading':
      if (!job.component) return t('loading');
      if (job.preparing) return t('preparing', job.component, percent(job.preparing.share));
      if (job.memory) return t('loadingNeeds', job.component, job.memory);
      return t('loadingPart', job.component);
    case 'drawing': {
      if (job.host !== undefined && job.stepsTotal === 0) return t('drawingOn', job.host);
      if (job.stepsDone >= job.stepsTotal) return t(job.tiled ? 'savingTiled' : 'saving');
      const perImage = job.stepsTotal / job.numImages;
      const image = Math.floor(job.stepsDone / perImage);
      const step = t('stepOf', Math.max(1, job.stepsDone - image * perImage), perImage);
      return job.numImages > 1 ? `${t('imageOf', image + 1, job.numImages)} · ${step}` : step;
    }
    case 'done':
    case 'failed':
    case 'cancelled':
      return '';
  }
}

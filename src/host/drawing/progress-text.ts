import * as vscode from 'vscode';
import { describeBytes, REPORTED_MEMORY_BYTES } from '../../core/quantities';
import { oneLine } from '../../core/shown-text';
import type { EndpointSummary } from '../../protocol/engine';
import { describeDuration } from '../durations';
import type { JobProgress, MemoryNeed, Preparing } from './job-progress';

/** The progress of a job in a few words. */
export function describeProgress(progress: JobProgress): string {
  const { t } = vscode.l10n;
  if (progress.ahead > 0) return t('waiting, {0} ahead', progress.ahead);
  if (progress.preparing) return describePreparing(progress.preparing);
  if (progress.enlarging) return describeTile(progress.enlarging);
  if (progress.total === 0) {
    if (progress.host !== undefined) return t('drawing on {0}', oneLine(progress.host, 200));
    if (!progress.loading) return t('starting');
    const loading = t('loading {0}', progress.loading);
    const need = progress.memory && describeMemory(progress.memory);
    return need ? t('{0} ({1})', loading, need) : loading;
  }
  if (progress.done === progress.total) {
    const tiled = progress.memory?.tiled === true;
    return tiled ? t('finishing the image in tiles, to save memory') : t('finishing the image');
  }
  const steps = t('step {0} of {1}', progress.done, progress.total);
  const left = progress.secondsLeft;
  return left === undefined ? steps : t('{0}, {1} left', steps, describeDuration(left));
}

/** How far an image is made larger. */
export function describeTile({ index, total }: NonNullable<JobProgress['enlarging']>): string {
  return vscode.l10n.t('making the image larger, part {0} of {1}', index, total);
}

/** What is prepared, how far it is, and what it takes on the disk. */
function describePreparing({ component, share, bytes, folder }: Preparing): string {
  const { t } = vscode.l10n;
  const done = t('preparing weights of {0}: {1} %', component, Math.floor(share * 100));
  const size = describeBytes(bytes);
  return folder === undefined
    ? t('{0} of {1}, for this image', done, size)
    : t('{0} of {1}, kept for the next time in {2}', done, size, folder);
}

/** The memory that a job needs in a few words; undefined where that is little and free. */
export function describeMemory({
  bytes,
  availableBytes,
  card,
}: Omit<MemoryNeed, 'tiled'>): string | undefined {
  const { t } = vscode.l10n;
  const needed = describeBytes(bytes);
  if (bytes > availableBytes && card !== undefined) {
    const has = describeBytes(availableBytes);
    return t('needs about {0} of memory, {1} has {2}', needed, oneLine(card), has);
  }
  if (bytes > availableBytes) {
    return t('needs about {0} of memory, only {1} are free', needed, describeBytes(availableBytes));
  }
  return bytes < REPORTED_MEMORY_BYTES ? undefined : t('needs about {0} of memory', needed);
}

/** Where a job was drawn, how long it took, and what it cost where the service says so. */
export function describeElsewhere({
  endpoint,
  seconds,
  cost,
}: Pick<EndpointSummary, 'endpoint' | 'seconds' | 'cost'>): string {
  const { t } = vscode.l10n;
  const host = oneLine(endpoint.host, 200);
  const drawn = t('Drawn on {0} in {1}', host, describeDuration(seconds.total));
  const costs = cost === undefined ? undefined : t('cost: {0}', oneLine(cost, 100));
  return [drawn, costs].filter(Boolean).join(' · ');
}

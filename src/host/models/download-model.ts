import * as vscode from 'vscode';
import { describeBytes } from '../../core/quantities';
import { toEaselError } from '../../core/errors';
import type { CallOptions } from '../../protocol/peer';
import type { DownloadEvent, DownloadPlan } from '../../protocol/store';
import { abortSignalOf } from '../cancellation';
import { describeDuration } from '../durations';
import type { HostServices } from '../services';
import { modelName, reasonOf } from './model-words';

export interface DownloadOptions {
  /** The user has agreed before: a download that was interrupted goes on. */
  readonly isConfirmed?: boolean;
}

/**
 * Shows the size and the licence and asks, then downloads models one after another with a progress
 * notification. Its cancel button pauses the download.
 * @param ids a model and the parts that go with it
 * @returns whether all of them are here
 * @throws EaselError
 */
export async function downloadModels(
  services: HostServices,
  ids: readonly string[],
  { isConfirmed = false }: DownloadOptions = {},
): Promise<boolean> {
  const plans = await planAll(services, ids);
  if (!plans || !(isConfirmed || (await confirm(plans)))) return false;
  for (const id of ids) {
    if (!(await downloadOne(services, id))) return false;
  }
  return true;
}

/** Goes on with a download that was interrupted, without a further question. */
export function goOnWithDownload(services: HostServices, id: string): Promise<void> {
  return fetchAndUse(services, id, [], { isConfirmed: true });
}

/** Downloads a model and draws with it from then on. */
export async function fetchAndUse(
  services: HostServices,
  id: string,
  companions: readonly string[],
  options?: DownloadOptions,
): Promise<void> {
  const { t } = vscode.l10n;
  if (!(await downloadModels(services, [id, ...companions], options))) return;
  const entries = await services.store.list();
  const entry = entries.find((candidate) => candidate.id === id);
  if (entry && !entry.runnable) {
    void vscode.window.showWarningMessage(reasonOf(entry));
    return;
  }
  await services.settings.update('model', id);
  void vscode.window.showInformationMessage(t('Easel draws with {0} now.', modelName(id)));
}

async function planAll(
  services: HostServices,
  ids: readonly string[],
): Promise<DownloadPlan[] | undefined> {
  const { t } = vscode.l10n;
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: t('Asking Hugging Face about {0}', ids[0] ?? ''),
    cancellable: true,
  };
  try {
    return await vscode.window.withProgress(options, async (_progress, token) => {
      const signal = abortSignalOf(token);
      return Promise.all(ids.map((id) => services.store.plan(id, signal)));
    });
  } catch (thrown) {
    return offerAccess(services, thrown, ids, () => planAll(services, ids));
  }
}

async function confirm(plans: readonly DownloadPlan[]): Promise<boolean> {
  const { t } = vscode.l10n;
  const missing = plans.reduce((sum, plan) => sum + plan.totalBytes - plan.presentBytes, 0);
  if (missing === 0) return true;
  const lines = plans.map((plan) => {
    const bytes = describeBytes(plan.totalBytes - plan.presentBytes);
    return plan.licence
      ? t('{0}: {1}, licence {2}', plan.id, bytes, plan.licence)
      : `${plan.id}: ${bytes}`;
  });
  const free = plans[0]?.freeBytes ?? 0;
  const detail = [
    ...lines,
    ...plans.flatMap(({ warnings }) => warnings),
    t('{0} are free on the disk. Python programs can use the model too.', describeBytes(free)),
  ].join('\n');
  const download = t('Download');
  const answer = await vscode.window.showInformationMessage(
    t('Download {0}?', describeBytes(missing)),
    { modal: true, detail },
    download,
  );
  return answer === download;
}

async function downloadOne(services: HostServices, id: string): Promise<boolean> {
  const { t } = vscode.l10n;
  try {
    await withDownloadProgress(t('Downloading {0}', id), (call) =>
      services.store.download(id, call),
    );
    return true;
  } catch (thrown) {
    if (toEaselError(thrown).code === 'cancelled') return offerToGoOn(services, id);
    return (await offerAccess(services, thrown, [id], () => downloadOne(services, id))) ?? false;
  }
}

/** Runs a download with a notification that shows how far it is. Its cancel button aborts the download. */
export function withDownloadProgress<T>(
  title: string,
  download: (call: CallOptions<DownloadEvent>) => Promise<T>,
): Thenable<T> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return vscode.window.withProgress(options, (progress, token) => {
    let shown = 0;
    const onEvent = (event: DownloadEvent) => {
      if (event.event !== 'progress') return;
      const percent = event.totalBytes > 0 ? (100 * event.bytes) / event.totalBytes : 0;
      progress.report({ message: describeProgress(event), increment: percent - shown });
      shown = percent;
    };
    return download({ signal: abortSignalOf(token), onEvent });
  });
}

function describeProgress(event: Extract<DownloadEvent, { event: 'progress' }>): string {
  const { t } = vscode.l10n;
  const bytes = t('{0} of {1}', describeBytes(event.bytes), describeBytes(event.totalBytes));
  if (event.bytesPerSecond === undefined || event.secondsLeft === undefined) return bytes;
  const speed = `${describeBytes(event.bytesPerSecond)}/s`;
  return t('{0}, {1}, {2} left', bytes, speed, describeDuration(event.secondsLeft));
}

async function offerToGoOn(services: HostServices, id: string): Promise<boolean> {
  const { t } = vscode.l10n;
  const [goOn, discard] = [t('Resume'), t('Discard')];
  const answer = await vscode.window.showInformationMessage(
    t('The download of {0} is paused. The downloaded part is kept.', id),
    goOn,
    discard,
  );
  if (answer === discard) await services.store.discard(id);
  return answer === goOn ? downloadOne(services, id) : false;
}

/** For a gated repository: offers its page, and a token with another try. */
async function offerAccess<T>(
  services: HostServices,
  thrown: unknown,
  ids: readonly string[],
  again: () => Promise<T>,
): Promise<T | undefined> {
  const error = toEaselError(thrown);
  if (error.code === 'cancelled') return undefined;
  if (error.code !== 'access-denied') throw error;
  const { t } = vscode.l10n;
  const [page, token] = [t('Open Its Page'), t('Set Token')];
  const answer = await vscode.window.showErrorMessage(error.message, page, token);
  const repo = typeof error.data.repoId === 'string' ? error.data.repoId : (ids[0] ?? '');
  if (answer === page) {
    await vscode.env.openExternal(vscode.Uri.parse(`https://huggingface.co/${repo}`));
  }
  return answer === token && (await services.token.ask()) ? again() : undefined;
}

import * as vscode from 'vscode';
import { deviceLabel, type DeviceName } from '../../core/devices';
import { toEaselError } from '../../core/errors';
import { describeBytes } from '../../core/quantities';
import { oneLine } from '../../core/shown-text';
import type { MissingPart, SupportPlan } from '../../protocol/store';
import { withDownloadProgress } from '../models/download-model';
import type { HostServices } from '../services';

/**
 * *Easel: Install CUDA Support*: says the size and the source and asks, then downloads what the device needs.
 * @throws EaselError
 */
export async function installSupport(services: HostServices, device: DeviceName): Promise<void> {
  const { t } = vscode.l10n;
  const label = deviceLabel(device);
  const plan = await services.store.supportPlan(device);
  if (!plan.isInstalled && !(await confirm(plan))) return;
  try {
    const title = t('Installing {0} support', label);
    const { lacks } = await withDownloadProgress(title, (call) =>
      services.store.installSupport(device, call),
    );
    services.engine.renew();
    const [first] = lacks;
    if (first === undefined) {
      void vscode.window.showInformationMessage(t('{0} support is installed.', label));
    } else {
      const copy = t('Copy');
      const text = t('{0} support is installed. {1}', label, describe(device, first));
      const answer = await vscode.window.showWarningMessage(text, copy);
      if (answer === copy) await vscode.env.clipboard.writeText(first.advice);
    }
  } catch (thrown) {
    if (toEaselError(thrown).code !== 'cancelled') throw thrown;
    const resume = t('Resume');
    const text = t('The download of {0} is paused. The downloaded part is kept.', label);
    const answer = await vscode.window.showInformationMessage(text, resume);
    if (answer === resume) await installSupport(services, device);
  }
}

/**
 * *Easel: Remove CUDA Support*.
 * @throws EaselError
 */
export async function removeSupport(services: HostServices, device: DeviceName): Promise<void> {
  const { t } = vscode.l10n;
  const label = deviceLabel(device);
  const remove = t('Remove');
  const answer = await vscode.window.showWarningMessage(
    t('Remove what was installed for {0}?', label),
    { modal: true },
    remove,
  );
  if (answer !== remove) return;
  const { files, bytes } = await services.store.removeSupport(device);
  services.engine.renew();
  void vscode.window.showInformationMessage(
    files === 0
      ? t('Nothing is installed for {0}.', label)
      : t('{0} support was removed. This freed {1}.', label, describeBytes(bytes)),
  );
}

async function confirm(plan: SupportPlan): Promise<boolean> {
  const { t } = vscode.l10n;
  const { device, source, totalBytes, presentBytes, installedBytes, path, lacks } = plan;
  const download = t('Download');
  const detail = [
    ...lacks.map((part) => describe(device, part)),
    t('It comes from {0}, and takes {1} in {2}.', source, describeBytes(installedBytes), path),
  ].join('\n\n');
  const answer = await vscode.window.showInformationMessage(
    t('Download {0} support ({1})?', deviceLabel(device), describeBytes(totalBytes - presentBytes)),
    { modal: true, detail },
    download,
  );
  return answer === download;
}

/** What a device lacks and what to do, as *Choose Device* says it. */
export function describe(device: DeviceName, { detail, advice }: MissingPart): string {
  const { t } = vscode.l10n;
  const text = t('{0} does not work on this computer: {1}', deviceLabel(device), oneLine(detail));
  return `${text}. ${oneLine(advice)}`;
}

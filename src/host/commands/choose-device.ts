import * as vscode from 'vscode';
import { describeFinding, deviceLabel, type DeviceChoice } from '../../core/devices';
import type { DeviceProbe, DeviceReport } from '../../protocol/engine';
import type { HostServices } from '../services';
import { describe, installSupport } from './device-support';

interface DeviceItem extends vscode.QuickPickItem {
  readonly choice: DeviceChoice;
  readonly probe?: DeviceProbe;
}

/** *Easel: Choose Device*: every device with its measured speed, or why it does not work. */
export async function chooseDevice(services: HostServices): Promise<void> {
  const { engine, settings } = services;
  const current = settings.read().device;
  const picked = await vscode.window.showQuickPick<DeviceItem>(
    engine.devices().then((report): DeviceItem[] => itemsOf(report, current)),
    {
      title: vscode.l10n.t('Choose Device'),
      placeHolder: vscode.l10n.t('Choose the device to draw with'),
      matchOnDetail: true,
    },
  );
  if (!picked) return;
  if (picked.probe && !picked.probe.works) {
    await explain(services, picked.probe);
    return;
  }
  await settings.update('device', picked.choice);
}

/** Says why a device does not work, and offers what helps. */
async function explain(services: HostServices, probe: DeviceProbe): Promise<void> {
  const { device, detail, advice, canInstall = false } = probe;
  const { t } = vscode.l10n;
  const text = t('{0} does not work on this computer: {1}', deviceLabel(device), detail);
  if (canInstall) {
    const install = t('Install');
    const answer = await vscode.window.showInformationMessage(text, install);
    if (answer === install) await installSupport(services, device);
    return;
  }
  if (advice === undefined) {
    void vscode.window.showInformationMessage(text);
    return;
  }
  const copy = t('Copy');
  const whole = describe(device, { detail, advice });
  const answer = await vscode.window.showInformationMessage(whole, copy);
  if (answer === copy) await vscode.env.clipboard.writeText(advice);
}

function itemsOf(report: DeviceReport, current: DeviceChoice): DeviceItem[] {
  const mark = (choice: DeviceChoice) => (choice === current ? '$(check) ' : '');
  const automatic: DeviceItem = {
    choice: 'auto',
    label: `${mark('auto')}${vscode.l10n.t('Automatic')}`,
    description: deviceLabel(report.chosen),
    detail: report.reason,
  };
  const devices = report.devices.map((probe) => ({
    choice: probe.device,
    probe,
    label: `${mark(probe.device)}${probe.works ? '' : '$(circle-slash) '}${deviceLabel(probe.device)}`,
    description: probe.works
      ? vscode.l10n.t('{0} billion operations a second', Math.round(probe.gflops))
      : vscode.l10n.t('does not work here'),
    detail: describeFinding(probe),
  }));
  return [automatic, ...devices];
}

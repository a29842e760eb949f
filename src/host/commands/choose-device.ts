import * as vscode from 'vscode';
import { deviceLabel, type DeviceChoice } from '../../core/devices';
import type { DeviceProbe, DeviceReport } from '../../protocol/engine';
import type { HostServices } from '../services';

interface DeviceItem extends vscode.QuickPickItem {
  readonly choice: DeviceChoice;
  readonly probe?: DeviceProbe;
}

/** *Easel: Choose Device*: every device with its measured speed, or why it does not work. */
export async function chooseDevice({ engine, settings }: HostServices): Promise<void> {
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
    void vscode.window.showInformationMessage(
      vscode.l10n.t(
        '{0} does not work on this computer: {1}',
        deviceLabel(picked.probe.device),
        picked.probe.detail,
      ),
    );
    return;
  }
  await settings.update('device', picked.choice);
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
    detail: probe.detail,
  }));
  return [automatic, ...devices];
}

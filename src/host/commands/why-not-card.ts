import * as vscode from 'vscode';
import { describeFinding, deviceLabel, FALLBACK_DEVICE, shownDevice } from '../../core/devices';
import { oneLine } from '../../core/shown-text';
import type { DeviceProbe } from '../../protocol/engine';
import type { HostServices } from '../services';
import { chooseDevice } from './choose-device';
import { installSupport } from './device-support';

/** *Easel: Why Not the Graphics Card?*: what each way to a card lacks, and the next step. */
export async function whyNotGraphicsCard(services: HostServices): Promise<void> {
  const { engine, settings } = services;
  const { t } = vscode.l10n;
  const report = await engine.devices();
  const { device } = settings.read();
  const cards = report.devices.filter((probe) => probe.device !== FALLBACK_DEVICE);
  const choose = { title: t('Choose Device'), run: () => chooseDevice(services) };
  if (report.chosen !== FALLBACK_DEVICE) {
    const card = report.devices.find((probe) => probe.device === report.chosen)?.card;
    const name = oneLine(shownDevice(report.chosen, card));
    if (device === 'auto' || device === report.chosen) {
      await ask(t('Easel draws with {0}.', name), describeAll(cards), [choose]);
      return;
    }
    const automatic = {
      title: t('Use the Graphics Card'),
      run: () => settings.update('device', 'auto'),
    };
    const text = t(
      'Easel draws with the {0}, because the setting easel.device says so.',
      deviceLabel(device),
    );
    await ask(text, t('{0} works here and is faster.', name), [automatic, choose]);
    return;
  }
  const installable = cards.find(({ canInstall }) => canInstall);
  const steps = cards.flatMap(({ advice }) => advice ?? []);
  const install = installable && {
    title: t('Install {0} Support', deviceLabel(installable.device)),
    run: () => installSupport(services, installable.device),
  };
  const copy = steps.length > 0 && {
    title: t('Copy'),
    run: () => vscode.env.clipboard.writeText(steps.join('\n')),
  };
  const actions = [install, choose, copy].filter(
    (action) => action !== undefined && action !== false,
  );
  await ask(t('Easel draws with the processor.'), describeAll(cards), actions);
}

interface Action {
  readonly title: string;
  readonly run: () => unknown;
}

async function ask(text: string, detail: string, actions: readonly Action[]): Promise<void> {
  const titles = actions.map(({ title }) => title);
  const options = { modal: true, detail };
  const answer = await vscode.window.showInformationMessage(text, options, ...titles);
  await actions.find(({ title }) => title === answer)?.run();
}

function describeAll(probes: readonly DeviceProbe[]): string {
  const { t } = vscode.l10n;
  if (probes.length === 0)
    return t('There is no build of ONNX Runtime for graphics cards for this system.');
  return probes.map(describeProbe).join('\n\n');
}

/** What a device is or lacks, and what to do. */
function describeProbe(probe: DeviceProbe): string {
  const { t } = vscode.l10n;
  const { device, advice } = probe;
  const text = `${deviceLabel(device)}: ${oneLine(describeFinding(probe))}.`;
  return advice === undefined ? text : `${text} ${t('To do: {0}', oneLine(advice))}`;
}

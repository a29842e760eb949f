import * as vscode from 'vscode';
import { deviceLabel } from '../../core/devices';
import type { HostServices } from '../services';

interface MenuItem extends vscode.QuickPickItem {
  readonly command: string;
}

/** What a click on the status bar item offers. */
export async function showMenu({ engine, settings }: HostServices): Promise<void> {
  const { t } = vscode.l10n;
  const { model, device, style } = settings.read();
  const deviceText = device === 'auto' ? t('Automatic') : deviceLabel(device);
  const cancel = {
    label: `$(debug-stop) ${t('Cancel Generation')}`,
    command: 'easel.cancelGeneration',
  };
  const items: MenuItem[] = [
    ...(engine.jobs.length > 0 ? [cancel] : []),
    { label: `$(paintcan) ${t('Generate Image')}`, command: 'easel.generateImage' },
    { label: `$(edit) ${t('Open Studio')}`, command: 'easel.openStudio' },
    { label: `$(package) ${t('Choose Model')}`, description: model, command: 'easel.chooseModel' },
    {
      label: `$(chip) ${t('Choose Device')}`,
      description: deviceText,
      command: 'easel.chooseDevice',
    },
    {
      label: `$(symbol-color) ${t('Choose Style')}`,
      description: style || t('No style'),
      command: 'easel.chooseStyle',
    },
    { label: `$(output) ${t('Show Log')}`, command: 'easel.showLog' },
  ];
  const picked = await vscode.window.showQuickPick(items, { title: 'Easel' });
  if (picked) await vscode.commands.executeCommand(picked.command);
}

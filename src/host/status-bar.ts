import * as vscode from 'vscode';
import { deviceLabel } from '../core/devices';
import type { CommandId } from './command-ids';
import type { EngineService } from './drawing/engine-service';
import { describeProgress } from './drawing/progress-text';
import type { HostServices } from './services';
import type { Settings } from './settings';

/** The status bar item: the device, and the progress of the running job. */
export class StatusItem implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem(
    'easel.status',
    vscode.StatusBarAlignment.Right,
    90,
  );
  private readonly subscriptions: vscode.Disposable;
  private drawing = false;

  constructor(
    private readonly engine: EngineService,
    private readonly settings: Settings,
  ) {
    this.item.name = 'Easel';
    this.item.command = 'easel.showMenu' satisfies CommandId;
    this.subscriptions = vscode.Disposable.from(
      this.item,
      engine.onDidChangeJobs(() => this.update()),
      settings.onDidChange(() => this.update()),
    );
    this.update();
    this.item.show();
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  private update(): void {
    const { jobs, lastDevice } = this.engine;
    const { model, device } = this.settings.read();
    const { t } = vscode.l10n;
    const known = device === 'auto' ? lastDevice : device;
    const running = jobs[0];
    // The palette offers Cancel Generation only while a job runs.
    if (this.drawing !== jobs.length > 0) {
      this.drawing = jobs.length > 0;
      void vscode.commands.executeCommand('setContext', 'easel.drawing', this.drawing);
    }
    if (running) {
      const { done, total } = running.progress;
      this.item.text = `$(sync~spin) ${total > 0 ? `${done}/${total}` : 'Easel'}`;
    } else {
      this.item.text = `$(paintcan) ${known ? deviceLabel(known) : 'Easel'}`;
    }
    this.item.tooltip = [
      'Easel',
      t('Model: {0}', model),
      t('Device: {0}', known ? deviceLabel(known) : t('chosen when the first image is drawn')),
      ...jobs.map((job) => `${job.prompt}: ${describeProgress(job.progress)}`),
    ].join('\n');
    // For screen readers, what the icon and the numbers mean.
    const label = running
      ? describeProgress(running.progress)
      : this.item.text.replace(/\$\(.*?\) /, '');
    this.item.accessibilityInformation = { label: `Easel: ${label}`, role: 'button' };
  }
}

interface MenuItem extends vscode.QuickPickItem {
  readonly command: CommandId;
}

/** The menu of the status bar item. */
export async function showMenu({ engine, settings }: HostServices): Promise<void> {
  const { t } = vscode.l10n;
  const { model, device, style } = settings.read();
  const deviceText = device === 'auto' ? t('Automatic') : deviceLabel(device);
  const cancel: MenuItem = {
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

/** *Easel: Cancel Generation*: cancels the running job and those that wait. */
export function cancelGeneration({ engine }: HostServices): void {
  if (engine.jobs.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('Nothing is being drawn.'));
    return;
  }
  engine.cancelAll();
}

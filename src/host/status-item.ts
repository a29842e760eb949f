import * as vscode from 'vscode';
import { deviceLabel } from '../core/devices';
import type { EngineService } from './drawing/engine-service';
import { describeProgress } from './drawing/progress-text';
import type { Settings } from './settings';

/** The status bar item: what draws, and how far it is. */
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
    this.item.command = 'easel.showMenu';
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
    // Lets the palette offer Cancel Generation only while it has something to do.
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
      t('Device: {0}', known ? deviceLabel(known) : t('chosen with the first picture')),
      ...jobs.map((job) => `${job.prompt}: ${describeProgress(job.progress)}`),
    ].join('\n');
    // Screen readers are told what the icon and the numbers mean.
    const label = running
      ? describeProgress(running.progress)
      : this.item.text.replace(/\$\(.*?\) /, '');
    this.item.accessibilityInformation = { label: `Easel: ${label}`, role: 'button' };
  }
}

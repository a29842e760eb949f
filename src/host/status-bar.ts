import * as vscode from 'vscode';
import { describeCard, FALLBACK_DEVICE, deviceLabel, shownDevice } from '../core/devices';
import { oneLine } from '../core/shown-text';
import { openSettings } from './open-settings';
import type { CommandId } from './command-ids';
import type { EngineService, LastUsed } from './drawing/engine-service';
import type { Endpoints } from './endpoints/endpoints';
import { describeProgress } from './drawing/progress-text';
import { shownModel } from './models/model-words';
import type { HostServices } from './services';
import type { Settings } from './settings';

/** The status bar item: what will draw ("Starter · CPU"), or the progress of the running job. */
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
    private readonly endpoints: Endpoints,
  ) {
    this.item.name = 'Easel';
    this.item.command = 'easel.showMenu' satisfies CommandId;
    this.subscriptions = vscode.Disposable.from(
      this.item,
      engine.onDidChangeJobs(() => this.update()),
      settings.onDidChange(() => this.update()),
      endpoints.onDidChange(() => this.update()),
    );
    this.update();
    this.item.show();
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  private update(): void {
    const { jobs, lastUsed } = this.engine;
    const { model, device } = this.settings.read();
    const { t } = vscode.l10n;
    const used: (Partial<LastUsed> & Pick<LastUsed, 'device'>) | undefined =
      device === 'auto' || device === lastUsed?.device ? lastUsed : { device };
    const place = this.endpoints.placeOf(model);
    const name = shownModel(this.endpoints, model);
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
      const device = used && shownDevice(used.device, used.card);
      const by = [name, place ? place.endpoint.host : device].filter(Boolean);
      this.item.text = `$(paintcan) ${by.join(' · ')}`;
    }
    this.item.tooltip = [
      'Easel',
      t('Model: {0}', name),
      ...(place
        ? [t('Runs on: {0}', place.endpoint.host)]
        : [
            t('Device: {0}', used ? describeUsed(used) : t('chosen when the first image is drawn')),
            ...(used?.precision ? [t('Precision: {0}', used.precision)] : []),
          ]),
      ...jobs.map((job) => `${oneLine(job.prompt, 100)}: ${describeProgress(job.progress)}`),
    ].join('\n');
    // For screen readers, what the icon and the numbers mean.
    const label = running
      ? describeProgress(running.progress)
      : this.item.text.replace(/\$\(.*?\) /, '');
    this.item.accessibilityInformation = { label: `Easel: ${label}`, role: 'button' };
  }
}

/** The device, and the card that it computes on. */
function describeUsed({ device, card }: Pick<LastUsed, 'device' | 'card'>): string {
  return card ? oneLine(describeCard(card)) : deviceLabel(device);
}

interface MenuItem extends vscode.QuickPickItem {
  readonly run?: () => unknown;
}

/** The menu of the status bar item: what users look for, the most used first. */
export async function showMenu({
  endpoints,
  engine,
  settings,
  inserter,
}: HostServices): Promise<void> {
  const { t } = vscode.l10n;
  const { model, device, style } = settings.read();
  const { lastUsed } = engine;
  const usesCard = lastUsed !== undefined && lastUsed.device !== FALLBACK_DEVICE;
  const place = endpoints.placeOf(model);
  const deviceText = device === 'auto' ? t('Automatic') : deviceLabel(device);
  const item = (
    icon: string,
    label: string,
    command: CommandId | 'workbench.action.openWalkthrough',
    { argument, description }: { argument?: string; description?: string } = {},
  ): MenuItem => ({
    label: `$(${icon}) ${label}`,
    ...(description !== undefined && { description }),
    run: () => vscode.commands.executeCommand(command, argument),
  });
  const heading = (label: string): MenuItem => ({
    label,
    kind: vscode.QuickPickItemKind.Separator,
  });
  const items: MenuItem[] = [
    ...(engine.jobs.length > 0
      ? [item('debug-stop', t('Cancel Generation'), 'easel.cancelGeneration')]
      : []),
    item('paintcan', t('Generate Image'), 'easel.generateImage'),
    item('lightbulb', t('Draw All Missing Images'), 'easel.drawAllMissing'),
    ...(inserter.target ? [item('file-media', t('Insert Image'), 'easel.insertImage')] : []),
    item('edit', t('Open Studio'), 'easel.openStudio'),
    heading(t('draws with')),
    item('package', t('Choose Model'), 'easel.chooseModel', {
      description: shownModel(endpoints, model),
    }),
    ...(place
      ? [
          item('server', t('Manage Endpoints'), 'easel.manageEndpoints', {
            description: place.endpoint.host,
          }),
        ]
      : [item('chip', t('Choose Device'), 'easel.chooseDevice', { description: deviceText })]),
    ...(usesCard || place
      ? []
      : [item('question', t('Why Not the Graphics Card?'), 'easel.whyNotGraphicsCard')]),
    item('symbol-color', t('Choose Style'), 'easel.chooseStyle', {
      description: style || t('No style'),
    }),
    heading('Easel'),
    { label: `$(gear) ${t('Settings')}`, run: () => openSettings('@ext:easel.easel') },
    item('book', t('Walkthrough'), 'workbench.action.openWalkthrough', {
      argument: 'easel.easel#start',
    }),
    item('output', t('Show Log'), 'easel.showLog'),
  ];
  const picked = await vscode.window.showQuickPick(items, { title: 'Easel' });
  await picked?.run?.();
}

/** *Easel: Cancel Generation*: cancels the running job and those that wait. */
export function cancelGeneration({ engine }: HostServices): void {
  if (engine.jobs.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('Nothing is being drawn.'));
    return;
  }
  engine.cancelAll();
}

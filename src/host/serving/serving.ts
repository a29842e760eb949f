import * as vscode from 'vscode';
import { toEaselError } from '../../core/errors';
import { pickFields } from '../../core/request/fields';
import { DEFAULT_STYLES } from '../../core/request/styles';
import { DEFAULT_ADDRESS, DEFAULT_LIMITS } from '../../core/serve/limits';
import type { RunningServer } from '../../server';
import type { CommandId } from '../command-ids';
import type { HostServices } from '../services';

/** The user's settings that hold for other programs, too: how images are computed, and not how they look. */
const KEPT = ['device', 'precision', 'speed', 'safetyChecker', 'metadata'] as const;

type ServingServices = Pick<HostServices, 'engine' | 'store' | 'settings' | 'log'>;

/** *Easel: Serve on This Machine*: other programs draw with the engine of the editor, until it ends. */
export class Serving implements vscode.Disposable {
  private server: Promise<RunningServer> | undefined;
  private readonly item = vscode.window.createStatusBarItem(
    'easel.serving',
    vscode.StatusBarAlignment.Right,
    89,
  );

  constructor(private readonly services: ServingServices) {
    this.item.name = vscode.l10n.t('Easel: Serving');
    this.item.command = 'easel.serve' satisfies CommandId;
  }

  /**
   * Starts the server, or shows again where it is.
   * @returns its address
   * @throws EaselError where it cannot serve
   */
  async start(): Promise<string> {
    this.server ??= this.open();
    let server: RunningServer;
    try {
      server = await this.server;
    } catch (thrown) {
      this.server = undefined;
      throw thrown;
    }
    this.show(server.address);
    void this.offer(server.address);
    return server.address;
  }

  /** Cancels what other programs draw, and ends the server. */
  async stop(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    this.item.hide();
    void vscode.commands.executeCommand('setContext', 'easel.serving', false);
    await (await server)?.stop();
  }

  dispose(): void {
    void this.stop();
    this.item.dispose();
  }

  private async open(): Promise<RunningServer> {
    try {
      return await this.startAt(DEFAULT_ADDRESS.port);
    } catch (thrown) {
      if (toEaselError(thrown).data.code !== 'EADDRINUSE') throw thrown;
      return this.startAt(0);
    }
  }

  private async startAt(port: number): Promise<RunningServer> {
    // The HTTP framework is loaded only here.
    const { startServer } = await import('../../server');
    const { engine, store, log } = this.services;
    return startServer({
      engine,
      listModels: () => store.list(),
      listUpscalers: () => store.upscalers(),
      defaults: () => this.defaults(),
      host: DEFAULT_ADDRESS.host,
      port,
      limits: DEFAULT_LIMITS,
      log: (line) => log.info(`serve: ${line.trim()}`),
    });
  }

  private defaults() {
    const values = this.services.settings.read();
    return { model: values.model, request: pickFields(values, KEPT), styles: this.styles() };
  }

  /** The user's styles; the built-in ones where the setting is not right, which others cannot correct. */
  private styles() {
    try {
      return this.services.settings.styles();
    } catch {
      return DEFAULT_STYLES;
    }
  }

  private show(address: string): void {
    const { t } = vscode.l10n;
    const { port } = new URL(address);
    this.item.text = `$(broadcast) ${port}`;
    this.item.tooltip = t('Easel draws for other programs at {0}', address);
    this.item.accessibilityInformation = { label: this.item.tooltip, role: 'button' };
    this.item.show();
    void vscode.commands.executeCommand('setContext', 'easel.serving', true);
  }

  private async offer(address: string): Promise<void> {
    const { t } = vscode.l10n;
    const copyOpenAi = t('Copy for OpenAI');
    const copyOther = t('Copy for AUTOMATIC1111');
    const stop = t('Stop');
    const message = t(
      "Easel draws for other programs on this machine at {0}. Clients of OpenAI's API take {0}/v1 and any key.",
      address,
    );
    const picked = await vscode.window.showInformationMessage(
      message,
      ...[copyOpenAi, copyOther, stop],
    );
    if (picked === copyOpenAi) await vscode.env.clipboard.writeText(`${address}/v1`);
    if (picked === copyOther) await vscode.env.clipboard.writeText(address);
    if (picked === stop) await this.stop();
  }
}

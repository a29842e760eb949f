import * as vscode from 'vscode';
import { hostOf, type Endpoint } from '../../core/endpoints/endpoint';
import { cancelled } from '../../core/errors';
import { oneLine } from '../../core/shown-text';
import type { Service } from '../../client/engine';
import { IdleService } from '../../client/idle-service';
import { openEndpoints } from '../../client/open';
import type { EndpointAccess } from '../../client/routed-engine';
import type { EndpointInput, EndpointMethods, EndpointReport } from '../../protocol/endpoints';
import type { Settings } from '../settings';

/** The process that talks to endpoints ends this long after the last call. */
const IDLE_MS = 5 * 60_000;

/** The endpoints of the user, with their keys in the editor's secret storage. */
export class Endpoints implements EndpointAccess, vscode.Disposable {
  readonly leaveOut = true;
  readonly service: Service<EndpointMethods>;
  private readonly changed = new vscode.EventEmitter<void>();

  /** Fires when endpoints were added or removed here. */
  readonly onDidChange = this.changed.event;

  constructor(
    module: string,
    settings: Settings,
    log: vscode.LogOutputChannel,
    private readonly secrets: vscode.SecretStorage,
  ) {
    this.service = new IdleService({
      idleMs: IDLE_MS,
      create: () => {
        const { nodePath } = settings.read();
        return openEndpoints({
          module,
          ...(nodePath && { execPath: nodePath }),
          log: (line) => log.debug(`endpoints: ${line}`),
          onCrash: (error) => log.error(error.message),
        });
      },
    });
  }

  list(): Promise<readonly Endpoint[]> {
    return this.service.call('list', null);
  }

  /** Adds an endpoint and keeps its key. */
  async add(endpoint: EndpointInput, key: string | undefined): Promise<Endpoint> {
    const added = await this.service.call('add', { endpoint, key });
    if (key === undefined) await this.secrets.delete(secretOf(endpoint));
    else await this.secrets.store(secretOf(endpoint), key);
    this.changed.fire();
    return added;
  }

  /** Keeps another key, or forgets it. */
  async setKey(endpoint: Endpoint, key: string | undefined): Promise<void> {
    if (key === undefined) await this.secrets.delete(secretOf(endpoint));
    else await this.secrets.store(secretOf(endpoint), key);
  }

  async remove(endpoint: Endpoint): Promise<void> {
    await this.service.call('remove', { name: endpoint.name });
    await this.secrets.delete(secretOf(endpoint));
    this.changed.fire();
  }

  async test(endpoint: Endpoint): Promise<EndpointReport> {
    return this.service.call('test', { name: endpoint.name, key: await this.key(endpoint) });
  }

  key(endpoint: Pick<Endpoint, 'name' | 'url'>): Promise<string | undefined> {
    return Promise.resolve(this.secrets.get(secretOf(endpoint)));
  }

  async askConsent(endpoint: Endpoint): Promise<void> {
    const { t } = vscode.l10n;
    const agree = t('Send');
    const host = oneLine(hostOf(endpoint), 200);
    const answer = await vscode.window.showWarningMessage(
      t('Send prompts and images to {0}?', host),
      {
        modal: true,
        detail: t(
          'The endpoint {0} draws on another machine. What you type and sketch for it leaves this computer. You are asked once for each endpoint.',
          endpoint.name,
        ),
      },
      agree,
    );
    if (answer !== agree) throw cancelled();
  }

  dispose(): void {
    this.service.dispose();
    this.changed.dispose();
  }
}

/** A key is for one address: an endpoint of the same name elsewhere never gets it. */
function secretOf({ name, url }: Pick<Endpoint, 'name' | 'url'>): string {
  return `easel.endpoint.${name}.${hostOf({ url })}`;
}

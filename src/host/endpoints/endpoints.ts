import * as vscode from 'vscode';
import {
  hostOf,
  isLoopback,
  splitEndpointModel,
  type Endpoint,
} from '../../core/endpoints/endpoint';
import { cancelled } from '../../core/errors';
import { isRecord } from '../../core/json';
import { oneLine } from '../../core/shown-text';
import type { Service } from '../../client/engine';
import { IdleService } from '../../client/idle-service';
import { openEndpoints } from '../../client/open';
import type { EndpointAccess } from '../../client/routed-engine';
import type {
  EndpointInput,
  EndpointLook,
  EndpointMethods,
  EndpointReport,
  FoundServer,
} from '../../protocol/endpoints';
import type { Settings } from '../settings';

/** The process that talks to endpoints ends this long after the last call. */
const IDLE_MS = 5 * 60_000;

const REMEMBERED = 'easel.endpoints';

/** What texts say of an endpoint. It is remembered, so that no process is started to say where a model draws. */
export interface KnownEndpoint {
  readonly name: string;
  readonly host: string;
}

/** Where a model of an endpoint draws. */
export interface ModelPlace {
  readonly endpoint: KnownEndpoint;
  /** As the service names it; empty for the endpoint's own. */
  readonly model: string;
}

/** The endpoints of the user, with their keys in the editor's secret storage. */
export class Endpoints implements EndpointAccess, vscode.Disposable {
  readonly leaveOut = true;
  readonly service: Service<EndpointMethods>;
  private readonly changed = new vscode.EventEmitter<void>();
  /** Questions that are open, by the host. */
  private readonly asking = new Map<string, Promise<void>>();
  private isListed = false;

  /** Fires when endpoints were added or removed, here or by the command line. */
  readonly onDidChange = this.changed.event;

  constructor(
    module: string,
    settings: Settings,
    log: vscode.LogOutputChannel,
    private readonly secrets: vscode.SecretStorage,
    private readonly state: vscode.Memento,
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

  /** Asks for the list, and remembers what texts need of it. */
  async list(): Promise<readonly Endpoint[]> {
    this.isListed = true;
    const endpoints = await this.service.call('list', null);
    await this.remember(endpoints);
    return endpoints;
  }

  /** As they were listed last. */
  get known(): readonly KnownEndpoint[] {
    const stored = this.state.get<unknown>(REMEMBERED);
    return Array.isArray(stored) ? stored.filter(isKnown) : [];
  }

  /**
   * Where a model draws, as `easel.model` and requests name it. Undefined: on this machine, or at an endpoint that
   * is not known yet, which is then looked for.
   */
  placeOf(model: string): ModelPlace | undefined {
    const split = splitEndpointModel(model);
    if (!split) return undefined;
    const endpoint = this.known.find(({ name }) => name === split.endpoint);
    if (endpoint) return { endpoint, model: split.model };
    // It may be one that the command line has added. `onDidChange` fires then.
    if (!this.isListed) void this.list().catch(() => undefined);
    return undefined;
  }

  /** The endpoint of a model. Undefined: this machine. @throws EaselError where they cannot be listed */
  async find(model: string): Promise<Endpoint | undefined> {
    const split = splitEndpointModel(model);
    if (!split) return undefined;
    return (await this.list()).find(({ name }) => name === split.endpoint);
  }

  /** Servers on this machine that are not added yet. */
  async discover(signal: AbortSignal): Promise<readonly FoundServer[]> {
    const [found, added] = await Promise.all([
      this.service.call('discover', null, { signal }),
      this.list(),
    ]);
    const hosts = new Set(added.map((one) => loopbackHost(one)));
    return found.filter((one) => !hosts.has(loopbackHost(one)));
  }

  /** What adding an endpoint would find. @throws EaselError */
  look(
    endpoint: EndpointInput,
    key: string | undefined,
    signal: AbortSignal,
  ): Promise<EndpointLook> {
    return this.service.call('look', { endpoint, key }, { signal });
  }

  /** Adds an endpoint and keeps its key. */
  async add(endpoint: EndpointInput, key: string | undefined): Promise<Endpoint> {
    const added = await this.service.call('add', { endpoint, key });
    if (key === undefined) await this.secrets.delete(secretOf(endpoint));
    else await this.secrets.store(secretOf(endpoint), key);
    await this.list();
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
    await this.list();
  }

  /**
   * What the server has and can do.
   * @param model what can be done with this one. Absent: the endpoint's own
   * @throws EaselError
   */
  async test(
    endpoint: Endpoint,
    { model, signal }: { readonly model?: string | undefined; readonly signal?: AbortSignal } = {},
  ): Promise<EndpointReport> {
    const key = await this.key(endpoint);
    const params = { name: endpoint.name, key, ...(model ? { model } : {}) };
    return this.service.call('test', params, signal && { signal });
  }

  key(endpoint: Pick<Endpoint, 'name' | 'url'>): Promise<string | undefined> {
    return Promise.resolve(this.secrets.get(secretOf(endpoint)));
  }

  /** Jobs that begin together ask one question. @throws EaselError `cancelled` where the user does not agree */
  askConsent(endpoint: Endpoint): Promise<void> {
    const id = `${endpoint.name} ${hostOf(endpoint)}`;
    const open = this.asking.get(id);
    if (open) return open;
    const asked = this.ask(endpoint).finally(() => this.asking.delete(id));
    this.asking.set(id, asked);
    return asked;
  }

  private async ask(endpoint: Endpoint): Promise<void> {
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

  private async remember(endpoints: readonly Endpoint[]): Promise<void> {
    const now = endpoints.map((one) => ({ name: one.name, host: oneLine(hostOf(one), 200) }));
    if (JSON.stringify(now) === JSON.stringify(this.known)) return;
    await this.state.update(REMEMBERED, now);
    this.changed.fire();
  }

  dispose(): void {
    this.service.dispose();
    this.changed.dispose();
  }
}

function isKnown(value: unknown): value is KnownEndpoint {
  return isRecord(value) && typeof value.name === 'string' && typeof value.host === 'string';
}

/** The host and port, however this machine is named in it. */
function loopbackHost(endpoint: Pick<Endpoint, 'url'>): string {
  const host = hostOf(endpoint);
  return isLoopback(endpoint) ? host.replace(/^.*(?=:\d+$)/, 'localhost') : host;
}

/** A key is for one address: an endpoint of the same name elsewhere never gets it. */
function secretOf({ name, url }: Pick<Endpoint, 'name' | 'url'>): string {
  return `easel.endpoint.${name}.${hostOf({ url })}`;
}

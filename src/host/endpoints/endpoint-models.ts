import * as vscode from 'vscode';
import type { EndpointAbilities } from '../../core/endpoints/abilities';
import {
  endpointModels,
  mayUse,
  splitEndpointModel,
  type Endpoint,
} from '../../core/endpoints/endpoint';
import { EaselError, toEaselError } from '../../core/errors';
import { REPORT_MS, type EndpointReport } from '../../protocol/endpoints';
import type { Endpoints } from './endpoints';

/** Milliseconds for which an answer, or its absence, counts. */
const FRESH_MS = 30_000;

/** An endpoint, and what its server told of itself. */
export interface EndpointState {
  readonly endpoint: Endpoint;
  /** The models that can be chosen, as `MODEL@ENDPOINT`; never none. */
  readonly models: readonly string[];
  /** Whether it is being asked now. */
  readonly isAsking: boolean;
  /** The last answer. */
  readonly report?: EndpointReport | undefined;
  /** Why it gave none. */
  readonly trouble?: EaselError | undefined;
}

interface Answer {
  readonly report?: EndpointReport;
  readonly trouble?: EaselError;
  readonly at: number;
}

/** The models of all endpoints. Servers are asked in the background and their answers kept for a while. */
export class EndpointModels implements vscode.Disposable {
  private endpoints: readonly Endpoint[] = [];
  private readonly answers = new Map<string, Answer>();
  private readonly asking = new Map<string, Promise<void>>();
  /** By `MODEL@ENDPOINT`, of services whose models differ. */
  private readonly abilities = new Map<string, EndpointAbilities>();
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly subscription: vscode.Disposable;
  readonly onDidChange = this.changed.event;

  constructor(
    private readonly services: Endpoints,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.subscription = services.onDidChange(() => void this.list());
  }

  /** As they are known now. */
  get all(): readonly EndpointState[] {
    return this.endpoints.map((endpoint) => {
      const { report, trouble } = this.answers.get(idOf(endpoint)) ?? {};
      const isAsking = this.asking.has(idOf(endpoint));
      return {
        endpoint,
        models: endpointModels(endpoint, report?.models ?? []),
        isAsking,
        report,
        trouble,
      };
    });
  }

  /** Lists the endpoints, without asking any. Where that fails, the log says why. */
  async list(): Promise<readonly Endpoint[]> {
    try {
      this.endpoints = await this.services.list();
    } catch (thrown) {
      this.log.warn(toEaselError(thrown).message);
    }
    this.changed.fire();
    return this.endpoints;
  }

  /**
   * Asks the servers whose answers are old, all at the same time. `onDidChange` fires with each answer.
   * @param isWanted Absent: all are asked
   */
  async refresh(isWanted: (endpoint: Endpoint) => boolean = () => true): Promise<void> {
    const endpoints = await this.list();
    await Promise.all(endpoints.filter(isWanted).map((endpoint) => this.ask(endpoint)));
  }

  /** Forgets what an endpoint told, because its key was changed. */
  forget(endpoint: Endpoint): void {
    this.answers.delete(idOf(endpoint));
    this.changed.fire();
  }

  /** Takes what a server told elsewhere. */
  note(endpoint: Endpoint, report: EndpointReport): void {
    this.answers.set(idOf(endpoint), { report, at: Date.now() });
    this.changed.fire();
  }

  /** What can be done with a model, as it is known now. */
  abilitiesOf(model: string): EndpointAbilities | undefined {
    const own = this.abilities.get(model);
    if (own) return own;
    const name = splitEndpointModel(model)?.endpoint;
    return this.all.find(({ endpoint }) => endpoint.name === name)?.report?.abilities;
  }

  /** What those of these models can do that say so themselves. */
  ownAbilities(models: readonly string[]): Record<string, EndpointAbilities> {
    const known = models.flatMap((model) => {
      const abilities = this.abilities.get(model);
      return abilities ? [[model, abilities] as const] : [];
    });
    return Object.fromEntries(known);
  }

  /** Asks the endpoint of a model what can be done with it. A server that does not answer is no error. */
  async askAbout(model: string): Promise<void> {
    const split = splitEndpointModel(model);
    const endpoint = (await this.list()).find(({ name }) => name === split?.endpoint);
    if (!split || !endpoint) return;
    // Only these have models that take different things.
    if (endpoint.protocol !== 'replicate' || split.model === '') {
      await this.ask(endpoint);
      return;
    }
    if (this.abilities.has(model)) return;
    try {
      const signal = AbortSignal.timeout(REPORT_MS);
      const report = await this.services.test(endpoint, { model: split.model, signal });
      this.abilities.set(model, report.abilities);
    } catch (thrown) {
      this.log.warn(`${endpoint.name}: ${toEaselError(thrown).message}`);
    }
    this.changed.fire();
  }

  /** The endpoints that agents may use: those that the user has agreed to, with the models that they tell now. */
  async agreed(): Promise<readonly EndpointState[]> {
    await this.refresh(mayUse);
    return this.all.filter(({ endpoint }) => mayUse(endpoint));
  }

  dispose(): void {
    this.subscription.dispose();
    this.changed.dispose();
  }

  private ask(endpoint: Endpoint): Promise<void> {
    const id = idOf(endpoint);
    const running = this.asking.get(id);
    if (running) return running;
    const known = this.answers.get(id);
    if (known && Date.now() - known.at < FRESH_MS) return Promise.resolve();
    const asked = this.answer(endpoint).then((answer) => {
      this.answers.set(id, answer);
      this.asking.delete(id);
      this.changed.fire();
    });
    this.asking.set(id, asked);
    this.changed.fire();
    return asked;
  }

  private async answer(endpoint: Endpoint): Promise<Answer> {
    const signal = AbortSignal.timeout(REPORT_MS);
    try {
      return { report: await this.services.test(endpoint, { signal }), at: Date.now() };
    } catch (thrown) {
      const trouble = signal.aborted ? silent(endpoint) : toEaselError(thrown);
      this.log.warn(`${endpoint.name}: ${trouble.message}`);
      return { trouble, at: Date.now() };
    }
  }
}

/** An endpoint of the same name at another address is another one. */
function idOf({ name, url }: Endpoint): string {
  return `${name} ${url}`;
}

function silent({ name }: Endpoint): EaselError {
  return new EaselError('no-network', `It did not answer in ${REPORT_MS / 1000} seconds.`, {
    endpointName: name,
  });
}

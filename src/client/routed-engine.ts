import type { EndpointMethods } from '../protocol/endpoints';
import type { DrawingMethods, GenerationEvent, GenerationSummary } from '../protocol/engine';
import type { CallOptions } from '../protocol/peer';
import {
  findEndpoint,
  mayUse,
  splitEndpointModel,
  type Endpoint,
} from '../core/endpoints/endpoint';
import type { GenerationRequestInput } from '../core/request/request';
import type { Engine, Service } from './engine';

/** What a front knows of its user. */
export interface EndpointAccess {
  /** The front fills fields from settings: what an endpoint does not take of them is left out, with a warning. */
  readonly leaveOut?: boolean;
  /** The key of an endpoint. Absent: it has none. */
  key(endpoint: Endpoint): Promise<string | undefined>;
  /**
   * Asks whether prompts and images may be sent to an endpoint that is on another machine.
   * @throws EaselError `cancelled` or `consent-required` where they may not
   */
  askConsent(endpoint: Endpoint): Promise<void>;
}

/** The services that a routed engine draws with. */
export interface Places {
  /** The engine of this machine. */
  readonly local: Engine;
  readonly endpoints: Service<EndpointMethods>;
}

/**
 * The engine of a front: draws on this machine, or at the endpoint that a request names (`endpoint`, or `model` as
 * `MODEL@ENDPOINT`). Before the first job of an endpoint on another machine, the user is asked.
 */
export class RoutedEngine implements Engine {
  constructor(
    private readonly places: Places,
    private readonly access: EndpointAccess,
  ) {}

  async call<K extends keyof DrawingMethods>(
    method: K,
    params: DrawingMethods[K]['params'],
    options?: CallOptions<DrawingMethods[K]['event']>,
  ): Promise<DrawingMethods[K]['result']> {
    if (method === 'generate' || method === 'check') {
      const asked = params as DrawingMethods['generate' | 'check']['params'];
      const found = await this.find(asked.request);
      // What an endpoint refuses, it says when it draws.
      if (found) return method === 'check' ? null : this.drawElsewhere(found, options);
    }
    return this.places.local.call(method, params, options);
  }

  /** Ends the engine of this machine. The endpoints' service is for others too. */
  dispose(): void {
    this.places.local.dispose();
  }

  /**
   * The endpoint that a request names.
   * @throws EaselError `endpoint-not-found`
   */
  private async find(request: GenerationRequestInput): Promise<Found | undefined> {
    const { endpoint: named, model } = request;
    const split = model === undefined ? undefined : splitEndpointModel(model);
    // Most requests name none, and need no second process to find that.
    if (named === undefined && !split) return undefined;
    const known = await this.places.endpoints.call('list', null);
    const endpoint =
      named === undefined
        ? known.find(({ name }) => name === split?.endpoint)
        : findEndpoint(known, named);
    if (!endpoint) return undefined;
    const isSplit = split?.endpoint === endpoint.name;
    const own = isSplit ? split.model || undefined : model;
    return { endpoint, request: { ...request, endpoint: undefined, model: own } };
  }

  private async drawElsewhere(
    { endpoint, request }: Found,
    options: CallOptions<GenerationEvent> | undefined,
  ): Promise<GenerationSummary> {
    const { endpoints } = this.places;
    const { name } = endpoint;
    if (!mayUse(endpoint)) {
      await this.access.askConsent(endpoint);
      await endpoints.call('agree', { name });
    }
    const key = await this.access.key(endpoint);
    const { leaveOut = false } = this.access;
    return endpoints.call('draw', { endpoint: name, request, leaveOut, key }, options);
  }
}

interface Found {
  readonly endpoint: Endpoint;
  /** With the service's own name of the model. */
  readonly request: GenerationRequestInput;
}

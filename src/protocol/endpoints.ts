import type { EndpointAbilities } from '../core/endpoints/abilities';
import type { Endpoint, ProtocolName } from '../core/endpoints/endpoint';
import type { GenerationRequestInput } from '../core/request/request';
import type { EndpointSummary, GenerationEvent } from './engine';

/** An argument of the engine's bundle: the process talks to endpoints. */
export const ENDPOINTS_ARGUMENT = '--endpoints';

/** An endpoint to add. */
export interface EndpointInput extends Omit<Endpoint, 'protocol' | 'agreedHost' | 'hasKeptKey'> {
  /** `auto` asks the server. */
  readonly protocol: ProtocolName | 'auto';
}

/** Milliseconds that a server has to tell its models, where others wait for the list. */
export const REPORT_MS = 8000;

/** What a server told of itself. */
export interface EndpointReport {
  /** Ids for `MODEL@ENDPOINT`. Empty: it does not tell, or has only one. */
  readonly models: readonly string[];
  readonly abilities: EndpointAbilities;
}

/** A server of this machine that was found by its port. */
export interface FoundServer {
  readonly url: string;
  readonly protocol: ProtocolName;
}

/** What a server told before it was added. */
export interface EndpointLook {
  /** With the protocol that it speaks. */
  readonly endpoint: Endpoint;
  readonly report: EndpointReport;
}

/** A key is never kept by this process: it comes with each call that needs it. */
interface WithKey {
  readonly key?: string | undefined;
}

/** What the process that talks to endpoints offers. */
export interface EndpointMethods {
  list: { params: null; result: readonly Endpoint[]; event: never };
  /** Servers on this machine, at the ports that people use. */
  discover: { params: null; result: readonly FoundServer[]; event: never };
  /** What `add` and `test` would find, without keeping anything. */
  look: {
    params: { readonly endpoint: EndpointInput } & WithKey;
    result: EndpointLook;
    event: never;
  };
  /** Asks the server for its protocol where that is `auto`, checks the endpoint and keeps it. */
  add: { params: { readonly endpoint: EndpointInput } & WithKey; result: Endpoint; event: never };
  /** Notes that the user agreed to send prompts and images to the endpoint's host. */
  agree: { params: { readonly name: string }; result: null; event: never };
  /** Notes whether the key of an endpoint is in the system's keyring. */
  noteKey: {
    params: { readonly name: string; readonly isKept: boolean };
    result: null;
    event: never;
  };
  remove: { params: { readonly name: string }; result: null; event: never };
  test: {
    params: {
      readonly name: string;
      /** What can be done with this one of its models. Absent: its own. */
      readonly model?: string;
    } & WithKey;
    result: EndpointReport;
    event: never;
  };
  draw: {
    params: {
      readonly endpoint: string;
      /** Its `model` is the service's; absent: the endpoint's own. */
      readonly request: GenerationRequestInput;
      /** Leave out what the endpoint does not take, and warn, instead of an error. Default: no. */
      readonly leaveOut?: boolean;
    } & WithKey;
    result: EndpointSummary;
    event: GenerationEvent;
  };
}

import type { Engine, Generator } from '../client/engine';
import type { ServeLimits } from '../core/serve/limits';
import type { GenerationRequestInput } from '../core/request/request';
import type { Style } from '../core/request/styles';
import type { GenerationEvent, ModelEntry } from '../protocol/engine';
import type { CallOptions } from '../protocol/peer';
import type { UpscalerEntry } from '../protocol/store';

/** What draws: the engine, or what keeps track of one's jobs. */
export type ServedEngine = Generator<CallOptions<GenerationEvent>> & Pick<Engine, 'call'>;

/** What a request has that leaves it open. */
export interface RequestDefaults {
  /** An id or path, as the engine takes it. */
  readonly model: string;
  readonly request: Omit<GenerationRequestInput, 'prompt'>;
  readonly styles: readonly Style[];
}

export interface ServerOptions {
  readonly engine: ServedEngine;
  /** The models and LoRAs that clients may name. */
  readonly listModels: () => Promise<readonly ModelEntry[]>;
  /** The upscalers that clients may name. */
  readonly listUpscalers: () => Promise<readonly UpscalerEntry[]>;
  /** Asked for each request, because the user's settings change. */
  readonly defaults: () => RequestDefaults;
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** What clients have to send. Absent: nothing, which only this machine's own addresses may have. */
  readonly token?: string | undefined;
  /** Origins of web pages that may call, such as `https://example.com`. */
  readonly allowOrigins?: readonly string[];
  readonly limits: ServeLimits;
  /** Receives the log: JSON lines. */
  readonly log: (line: string) => void;
  /** Whether prompts are in the log. */
  readonly logPrompts?: boolean;
}

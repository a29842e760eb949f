import * as v from 'valibot';
import { EaselError } from '../../core/errors';
import { serve, type Handlers, type WireMessage } from '../../protocol/peer';
import { PageMessageSchema, type HostMessage, type StudioMethods } from '../../protocol/studio';

/** The channel to the page and back: a webview. */
export interface Pipe {
  post(message: HostMessage): void;
  onMessage(listener: (message: unknown) => void): void;
}

/** One life of the page: from its load until it is hidden, reloaded or closed. */
interface Life {
  readonly page: string;
  readonly listeners: ((message: WireMessage) => void)[];
  readonly open: Set<number>;
}

/**
 * Serves the newest life of the page. The editor unloads a page that is hidden and loads it again when it is
 * shown, so the calls of the old one are cancelled here.
 */
export class PageConnection {
  private life: Life | undefined;

  constructor(
    private readonly pipe: Pipe,
    private readonly handlers: Handlers<StudioMethods>,
    /** Called for messages that do not match the schema. */
    private readonly refuse: (reason: string) => void,
  ) {
    pipe.onMessage((message) => this.receive(message));
  }

  /** Cancels the calls of a page that was unloaded. */
  dispose(): void {
    const life = this.life;
    this.life = undefined;
    for (const id of life?.open ?? []) deliver(life, { type: 'cancel', id });
  }

  private receive(message: unknown): void {
    const parsed = v.safeParse(PageMessageSchema, message);
    if (!parsed.success) {
      const [issue] = parsed.issues;
      this.refuse(`${v.getDotPath(issue) ?? 'message'}: ${issue.message}`);
      this.answerRefused(message);
      return;
    }
    const { page, message: wire } = parsed.output;
    if (page !== this.life?.page) this.begin(page);
    if (wire.type === 'request') this.life?.open.add(wire.id);
    deliver(this.life, wire);
  }

  private begin(page: string): void {
    this.dispose();
    const life: Life = { page, listeners: [], open: new Set() };
    this.life = life;
    const transport = {
      send: (message: WireMessage) => {
        if (message.type === 'result' || message.type === 'error') life.open.delete(message.id);
        if (this.life === life) this.pipe.post({ page, message });
      },
      onMessage: (listener: (message: WireMessage) => void) => void life.listeners.push(listener),
    };
    serve<StudioMethods>(transport, this.handlers);
  }

  /** Answers a request that does not match the schema, if at least its id can be read. */
  private answerRefused(message: unknown): void {
    const shape = v.object({ page: v.string(), message: v.object({ id: v.number() }) });
    const parsed = v.safeParse(shape, message);
    if (!parsed.success) return;
    const { page } = parsed.output;
    const error = new EaselError('bad-request', 'The page sent something that is not understood.');
    this.pipe.post({
      page,
      message: {
        type: 'error',
        id: parsed.output.message.id,
        error: { code: error.code, message: error.message },
      },
    });
  }
}

function deliver(life: Life | undefined, message: WireMessage): void {
  for (const listener of life?.listeners ?? []) listener(message);
}

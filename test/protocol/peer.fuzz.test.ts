import assert from 'node:assert/strict';
import fc from 'fast-check';
import { EaselError, ERROR_CODES } from '../../src/core/errors';
import { Caller, serve, type Transport, type WireMessage } from '../../src/protocol/peer';
import { fuzzRuns } from '../support/fuzz';

interface Methods {
  echo: { params: unknown; result: unknown; event: unknown };
}

/** One end of a channel, of which the test holds the other. */
class Channel implements Transport {
  readonly sent: WireMessage[] = [];
  private listener: (message: WireMessage) => void = () => undefined;

  send(message: WireMessage): void {
    this.sent.push(message);
  }
  onMessage(listener: (message: WireMessage) => void): void {
    this.listener = listener;
  }
  receive(message: unknown): void {
    this.listener(message as WireMessage);
  }
}

const id = fc.oneof(fc.integer({ min: 0, max: 4 }), fc.anything());
const anyMessage = fc.oneof(
  fc.anything(),
  fc.record(
    {
      type: fc.oneof(
        fc.constantFrom('request', 'event', 'result', 'error', 'cancel'),
        fc.anything(),
      ),
      id,
      method: fc.oneof(
        fc.constantFrom('echo', 'toString', '__proto__', 'constructor'),
        fc.anything(),
      ),
      params: fc.anything(),
      event: fc.anything(),
      result: fc.anything(),
      error: fc.oneof(
        fc.anything(),
        fc.record({
          code: fc.oneof(fc.constantFrom(...ERROR_CODES), fc.anything()),
          message: fc.anything(),
        }),
      ),
    },
    { requiredKeys: [] },
  ),
);

describe('messages between processes', () => {
  it('answer each request once, whatever comes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyMessage, { maxLength: 8 }), async (messages) => {
        const channel = new Channel();
        serve<Methods>(channel, { echo: (params) => Promise.resolve(params) });
        for (const message of messages) channel.receive(message);
        channel.receive({ type: 'request', id: 99, method: 'echo', params: 7 });
        await new Promise((resolve) => setImmediate(resolve));
        const requests = messages.filter((message) => {
          const { type, id: number } = (message ?? {}) as { type?: unknown; id?: unknown };
          return type === 'request' && typeof number === 'number';
        });
        assert.equal(channel.sent.length, requests.length + 1);
        assert.deepEqual(
          channel.sent.filter((message) => message.id === 99),
          [{ type: 'result', id: 99, result: 7 }],
        );
      }),
      { numRuns: fuzzRuns(500) },
    );
  });

  it('end a call with its result, or with an error of a known code', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyMessage, { maxLength: 8 }), async (messages) => {
        const channel = new Channel();
        const caller = new Caller<Methods>(channel);
        const call = caller.call('echo', null).then(
          () => undefined,
          (thrown: unknown) => thrown,
        );
        for (const message of messages) channel.receive(message);
        channel.receive({ type: 'result', id: 1, result: 7 });
        const error = await call;
        if (error === undefined) return;
        assert.ok(error instanceof EaselError);
        assert.ok(ERROR_CODES.includes(error.code) && typeof error.message === 'string');
      }),
      { numRuns: fuzzRuns(500) },
    );
  });
});

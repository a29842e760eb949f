import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import { PageConnection, type Pipe } from '../../src/host/studio/page-connection';
import type { Handlers } from '../../src/protocol/peer';
import {
  PageMessageSchema,
  type HostMessage,
  type StudioEvent,
  type StudioMethods,
} from '../../src/protocol/studio';

const page = randomUUID();
const valid = (message: unknown) => v.safeParse(PageMessageSchema, { page, message }).success;
const request = (method: string, params: unknown) => ({ type: 'request', id: 1, method, params });

/** A page's end of a pipe, and what the host's handlers were asked. */
function openPipe() {
  const sent: HostMessage[] = [];
  const asked: string[] = [];
  const refused: string[] = [];
  let receive: (message: unknown) => void = () => undefined;
  let push: ((event: StudioEvent) => void) | undefined;
  let connected = 0;
  const pipe: Pipe = {
    post: (message) => sent.push(message),
    onMessage: (listener) => (receive = listener),
  };
  const note = (name: string) => () => {
    asked.push(name);
    return Promise.resolve(null);
  };
  const handlers: Handlers<StudioMethods> = {
    connect: (_params, { signal, emit }) => {
      connected += 1;
      push = emit;
      return new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          connected -= 1;
          resolve(null);
        });
      });
    },
    draw: () => Promise.resolve({ job: 7 }),
    drawLive: () =>
      Promise.resolve({ bytes: new Uint8Array(1), format: 'webp', width: 1, height: 1 }),
    drawExactly: () => Promise.resolve({ job: 8 }),
    keepLive: () => Promise.resolve({ image: null }),
    cancel: ({ all }) => Promise.resolve({ cancelled: all ? 3 : 1 }),
    dismiss: note('dismiss'),
    insert: ({ image }) => Promise.reject(new Error(`no ${image}`)),
    saveAs: () => Promise.resolve({ name: null }),
    copyMarkdown: note('copyMarkdown'),
    open: note('open'),
    reveal: note('reveal'),
    upscale: () => Promise.resolve({ image: null }),
    remove: () => Promise.resolve({ removed: true }),
    undoRemove: () => Promise.resolve({ name: null }),
    setFavourite: note('setFavourite'),
    read: () => Promise.resolve({ bytes: new Uint8Array(1) }),
    readFile: () => Promise.resolve({ bytes: new Uint8Array(1), name: 'a.png' }),
    act: note('act'),
    askEndpoint: note('askEndpoint'),
    setEndpointKey: () => Promise.resolve({ isSet: true }),
    getControlnet: () => Promise.resolve({ controlnet: null }),
    getIpAdapter: () => Promise.resolve({ ipAdapter: null }),
    getRefiner: () => Promise.resolve({ refiner: null }),
    takeOffer: note('takeOffer'),
  };
  const connection = new PageConnection(pipe, handlers, (reason) => refused.push(reason));
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  return {
    connection,
    sent,
    asked,
    refused,
    settled,
    send: (message: unknown) => receive(message),
    push: (event: StudioEvent) => push?.(event),
    connected: () => connected,
  };
}

describe('messages of the studio page', () => {
  it('are taken when they are what the page sends', () => {
    assert.ok(valid(request('connect', null)));
    assert.ok(valid(request('draw', { request: { prompt: 'a fox', numImages: 3 } })));
    assert.ok(
      valid(
        request('draw', {
          request: { prompt: '', initImage: new Uint8Array([1]), strength: 0.7 },
        }),
      ),
    );
    assert.ok(valid(request('insert', { image: 'file:///a.png' })));
    assert.ok(valid({ type: 'cancel', id: 3 }));
  });

  it('are refused when anything else is in them', () => {
    for (const message of [
      undefined,
      'draw',
      request('constructor', null),
      request('draw', { request: { prompt: 'x', steps: 0 } }),
      request('draw', { request: { prompt: 'x', surprise: true } }),
      request('draw', { request: { prompt: 'x', initImage: 'file:///etc/passwd' } }),
      request('act', { action: 'workbench.action.terminal.new' }),
      request('insert', { image: 5 }),
      request('insert', { image: 'a', path: '/etc' }),
      { type: 'result', id: 1, result: null },
      { ...request('connect', null), id: 0.5 },
    ]) {
      assert.equal(valid(message), false, JSON.stringify(message));
    }
    assert.equal(v.safeParse(PageMessageSchema, { message: request('connect', null) }).success, false); // prettier-ignore
  });

  it('get one answer each, errors with their words', async () => {
    const pipe = openPipe();
    pipe.send({ page, message: request('draw', { request: { prompt: 'a fox' } }) });
    pipe.send({ page, message: { ...request('insert', { image: 'a' }), id: 2 } });
    await pipe.settled();
    assert.deepEqual(pipe.sent[0], { page, message: { type: 'result', id: 1, result: { job: 7 } } }); // prettier-ignore
    const [, second] = pipe.sent;
    assert.ok(second?.message.type === 'error' && second.message.error.message === 'no a');
  });

  it('that cannot be read are answered, logged and not obeyed', async () => {
    const pipe = openPipe();
    pipe.send({ page, message: request('act', { action: 'rm' }) });
    pipe.send({ nonsense: true });
    await pipe.settled();
    assert.equal(pipe.refused.length, 2);
    assert.deepEqual(pipe.asked, []);
    assert.equal(pipe.sent.length, 1);
    assert.equal(pipe.sent[0]?.message.type, 'error');
  });

  it('of a new life of the page end the calls of the old one', async () => {
    const pipe = openPipe();
    pipe.send({ page, message: request('connect', null) });
    const next = randomUUID();
    pipe.send({ page: next, message: request('connect', null) });
    await pipe.settled();
    assert.equal(pipe.connected(), 1);
    pipe.push({ event: 'state', state: { target: 'README.md' } });
    const pushed = pipe.sent.filter(({ message }) => message.type === 'event');
    assert.deepEqual(
      pushed.map((message) => message.page),
      [next],
    );
    assert.ok(pipe.sent.every((message) => message.page === next));
    pipe.connection.dispose();
    await pipe.settled();
    assert.equal(pipe.connected(), 0);
  });
});

import assert from 'node:assert/strict';
import { encodeModel } from '../../../src/engine/onnx/model-proto';
import { Session, type NetworkSession } from '../../../src/engine/runtime/session';
import { SessionCache } from '../../../src/engine/runtime/session-cache';

/** y = x + x */
function tinyModel(): Uint8Array {
  const value = (name: string) => ({ name, type: 'float32' as const, shape: [1] });
  const node = { name: 'add', operator: 'Add', domain: '', inputs: ['x', 'x'], outputs: ['y'], attributes: {} }; // prettier-ignore
  return encodeModel({
    ...{ graphName: 'double', opsets: { '': 17 }, nodes: [node], initializers: [] },
    ...{ inputs: [value('x')], outputs: [value('y')] },
  });
}

describe('session cache', () => {
  let available: number;
  let cache: SessionCache;
  let made: string[];

  beforeEach(() => {
    available = 100;
    made = [];
    cache = new SessionCache({ available: () => available, limit: () => 100 });
  });
  afterEach(() => cache.clear());

  const use = <T>(
    group: string,
    key: string,
    bytes: number,
    work: (session: NetworkSession) => Promise<T>,
  ) => {
    const create = () => {
      made.push(`${group} ${key}`);
      return Session.create({ model: tinyModel() }, 'cpu');
    };
    return cache.use(group, key, bytes, create, work);
  };
  const get = (group: string, key: string, bytes = 1) =>
    use(group, key, bytes, (session) => Promise.resolve(session));
  const runs = async (session: NetworkSession) => {
    const x = { type: 'float32', data: Float32Array.of(21), dims: [1] } as const;
    return (await session.run({ x })).y![0] === 42;
  };

  it('makes a session once and keeps it', async () => {
    const first = await get('model', 'unet');
    assert.equal(await get('model', 'unet'), first);
    assert.ok(await runs(first));
    assert.deepEqual(made, ['model unet']);
  });

  it('lets another model go when one comes', async () => {
    const old = await get('a', 'unet');
    await get('b', 'unet');
    await assert.rejects(runs(old));
    await get('a', 'unet');
    assert.deepEqual(made, ['a unet', 'b unet', 'a unet']);
  });

  it('lets the least recently used go when memory is short', async () => {
    const text = await get('model', 'text');
    const unet = await get('model', 'unet');
    await get('model', 'text');
    available = 20;
    await get('model', 'decoder', 15);
    await assert.rejects(runs(unet));
    await assert.rejects(runs(text));
    available = 100;
    const decoder = await get('model', 'decoder');
    assert.ok(await runs(decoder));
    assert.deepEqual(made, ['model text', 'model unet', 'model decoder']);
  });

  it('keeps what is in use when memory is short, until it is not', async () => {
    const text = await get('model', 'text');
    await use('model', 'unet', 1, async (unet) => {
      available = 5;
      await get('model', 'decoder');
      await assert.rejects(runs(text));
      assert.ok(await runs(unet));
    });
    const unet = await get('model', 'unet');
    await get('model', 'encoder');
    await assert.rejects(runs(unet));
    assert.deepEqual(made, ['model text', 'model unet', 'model decoder', 'model encoder']);
  });

  it('keeps everything while there is room', async () => {
    const sessions = [await get('model', 'text'), await get('model', 'unet')];
    await get('model', 'decoder', 50);
    for (const session of sessions) assert.ok(await runs(session));
  });

  it('frees what is dropped, and everything when cleared', async () => {
    const unet = await get('model', 'unet');
    const text = await get('model', 'text');
    await cache.drop('model', 'unet');
    await assert.rejects(runs(unet));
    assert.ok(await runs(text));
    await cache.clear();
    await assert.rejects(runs(text));
  });
});

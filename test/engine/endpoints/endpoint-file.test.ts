import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { EndpointServer, flatPngText, TestEndpoints } from '../../support/endpoint-server';

const A = { name: 'a', url: 'http://gpu.example', protocol: 'openai' } as const;

describe('the list of endpoints', () => {
  it('is kept in a file for the user alone, without keys', async () => {
    const endpoints = new TestEndpoints();
    assert.deepEqual(await endpoints.list(), []);
    await endpoints.add(A, 'sk-secret');
    await endpoints.add({ ...A, name: 'b' });
    const file = path.join(endpoints.folder, 'easel', 'endpoints.json');
    const text = readFileSync(file, 'utf8');
    assert.ok(!text.includes('sk-secret'));
    if (process.platform !== 'win32') assert.equal(statSync(file).mode & 0o077, 0);
    assert.deepEqual(readdirSync(path.dirname(file)), ['endpoints.json']);
    await endpoints.agree('a');
    assert.deepEqual(await endpoints.list(), [
      { ...A, agreedHost: 'gpu.example' },
      { ...A, name: 'b' },
    ]);
    await endpoints.remove('a');
    assert.deepEqual(await endpoints.list(), [{ ...A, name: 'b' }]);
  });

  it('has each name once', async () => {
    const endpoints = new TestEndpoints();
    await endpoints.add(A);
    await assert.rejects(endpoints.add(A), { code: 'bad-request', message: /already/ });
    for (const act of [endpoints.remove('b'), endpoints.agree('b'), endpoints.test('b')]) {
      await assert.rejects(act, { code: 'endpoint-not-found', message: /There are a\./ });
    }
  });

  it('is left as it is where it cannot be read', async () => {
    const endpoints = new TestEndpoints();
    const file = path.join(endpoints.folder, 'easel', 'endpoints.json');
    mkdirSync(path.dirname(file));
    for (const text of ['{', '[]', '{"endpoints":[{"name":"a","url":"x"}]}']) {
      writeFileSync(file, text);
      await assert.rejects(endpoints.add(A), {
        code: 'bad-file',
        message: /The list of endpoints cannot be read: .*endpoints\.json$/,
      });
      assert.equal(readFileSync(file, 'utf8'), text);
    }
  });

  it('takes no server that speaks nothing that is known, or cannot be reached', async () => {
    const endpoints = new TestEndpoints();
    const server = await EndpointServer.start({});
    const auto = { name: 'x', protocol: 'auto' } as const;
    await assert.rejects(endpoints.add({ ...auto, url: server.url }), {
      code: 'endpoint-failed',
      message: /speaks none of sdcpp, comfyui, a1111, openai/,
    });
    const { url } = server;
    server.close();
    await assert.rejects(endpoints.add({ ...auto, url }), { code: 'no-network' });
    assert.ok(!existsSync(path.join(endpoints.folder, 'easel')));
  });
});

describe('a job at an endpoint', () => {
  it('goes to no other address than the one that the user agreed to', async () => {
    const other = await EndpointServer.start({});
    const moved = await EndpointServer.start({
      'GET /v1/models': () => ({ body: { data: [] } }),
      'POST /v1/images/generations': () => ({
        status: 307,
        headers: { location: `${other.url}/v1/images/generations` },
      }),
      'POST /sdapi/v1/txt2img': () => ({ status: 307, headers: { location: other.url } }),
      'GET /sdapi/v1/sd-models': () => ({ body: [] }),
    });
    const endpoints = new TestEndpoints();
    await endpoints.add({ name: 'o', url: moved.url, protocol: 'openai' });
    await endpoints.add({ name: 'w', url: moved.url, protocol: 'a1111' });
    for (const name of ['o', 'w']) {
      await assert.rejects(endpoints.draw(name, { prompt: 'secret' }, { key: 'k' }), {
        code: 'endpoint-failed',
      });
    }
    assert.equal(other.requests.length, 0);
    moved.close();
    other.close();
  });

  it('gives no key to the host of an image’s address', async () => {
    const storage = await EndpointServer.start({
      'GET /1.png': async () => ({ body: Buffer.from(await flatPngText(8, 8), 'base64') }),
    });
    const server = await EndpointServer.start({
      'GET /v1/models': () => ({ body: { data: [] } }),
      'POST /v1/images/generations': () => ({ body: { data: [{ url: `${storage.url}/1.png` }] } }),
    });
    const endpoints = new TestEndpoints();
    await endpoints.add({ name: 'o', url: server.url, protocol: 'openai' });
    const { images } = await endpoints.draw('o', { prompt: 'x' }, { key: 'sk-secret' });
    assert.equal(images.length, 1);
    assert.equal(storage.requests[0]!.headers.authorization, undefined);
    server.close();
    storage.close();
  });

  it('ends with a clear error for what is no image, and for bad requests before any question', async () => {
    const server = await EndpointServer.start({
      'GET /v1/models': () => ({ body: { data: [] } }),
      'POST /v1/images/generations': () => ({ body: { data: [{ b64_json: 'bm8gaW1hZ2U=' }] } }),
    });
    const endpoints = new TestEndpoints();
    await endpoints.add({ name: 'o', url: server.url, protocol: 'openai' });
    await assert.rejects(endpoints.draw('o', { prompt: 'x' }), {
      code: 'bad-file',
      message: /The image of the endpoint cannot be read/,
    });
    const before = server.requests.length;
    await assert.rejects(endpoints.draw('o', { prompt: 'x', width: 1 }), { code: 'bad-request' });
    assert.equal(server.requests.length, before);
    server.close();
  });
});

import { strict as assert } from 'node:assert';
import OpenAI from 'openai';
import { EaselError } from '../../src/core/errors';
import { sendRaw, startTestServer, type TestServer } from '../support/serving';

const TOKEN = 'a-token-of-some-length';

const reject = (message: RegExp) => (thrown: unknown) =>
  thrown instanceof EaselError && thrown.code === 'bad-request' && message.test(thrown.message);

describe('a server on this machine alone', () => {
  const page = 'https://page.example';
  let server: TestServer;
  before(async () => {
    server = await startTestServer({ allowOrigins: [page] });
  });
  after(() => server.stop());
  const get = (headers: Record<string, string>, path = '/v1/models') =>
    sendRaw(server.address, path, { headers });

  it('answers to its own names, and to no other', async () => {
    for (const host of ['localhost', '127.0.0.1:7860', 'LOCALHOST:1', '[::1]:7860', '127.8.0.1']) {
      assert.equal((await get({ host })).status, 200, host);
    }
    for (const host of ['page.example', 'localhost.page.example', '127.0.0.1.page.example:80']) {
      const { status, text } = await get({ host });
      assert.equal(status, 403, host);
      assert.match(text, /localhost or 127\.0\.0\.1/);
    }
  });

  it('refuses web pages of other origins, whose forms a browser would send', async () => {
    const post = (origin: string) =>
      sendRaw(server.address, '/v1/images/edits', {
        method: 'POST',
        headers: { origin, 'content-type': 'multipart/form-data; boundary=x' },
        body: '--x--\r\n',
      });
    for (const origin of ['https://evil.example', 'null', 'http://127.0.0.1:1']) {
      const { status, headers } = await post(origin);
      assert.equal(status, 403, origin);
      assert.equal(headers['access-control-allow-origin'], undefined);
    }
    // The form is empty, but it was read.
    assert.equal((await post(server.address)).status, 400);
    assert.equal((await post(page)).status, 400);
  });

  it('lets a browser know the origins that it allows, and no other', async () => {
    const preflight = (origin: string) =>
      sendRaw(server.address, '/v1/images/generations', {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST' },
      });
    const { headers } = await preflight(page);
    assert.equal(headers['access-control-allow-origin'], page);
    const other = await preflight('https://evil.example');
    assert.notEqual(other.headers['access-control-allow-origin'], 'https://evil.example');
  });

  it('has no CORS headers unless it is asked to', async () => {
    const plain = await startTestServer();
    try {
      const { headers } = await sendRaw(plain.address, '/v1/models', {
        headers: { origin: plain.address },
      });
      assert.equal(headers['access-control-allow-origin'], undefined);
      assert.equal(headers.vary, undefined);
    } finally {
      await plain.stop();
    }
  });
});

describe('a server with a token', () => {
  let server: TestServer;
  before(async () => {
    // Reachable by others, as with --host 0.0.0.0.
    server = await startTestServer({ host: '0.0.0.0', token: TOKEN });
  });
  after(() => server.stop());
  const local = () => server.address.replace('0.0.0.0', '127.0.0.1');
  const get = (path: string, authorization?: string, host = 'any.example') =>
    sendRaw(local(), path, { headers: { host, ...(authorization && { authorization }) } });
  const basic = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`;

  it('takes the token as Bearer, and as the password of Basic', async () => {
    for (const given of [`Bearer ${TOKEN}`, `bearer ${TOKEN}`, basic(`user:${TOKEN}`)]) {
      assert.equal((await get('/v1/models', given)).status, 200, given);
    }
  });

  it('refuses everything else, but for its health', async () => {
    const wrong = ['', 'Bearer', 'Bearer wrong', `Bearer ${TOKEN}x`, TOKEN, basic(`${TOKEN}:x`)];
    for (const given of wrong) {
      for (const path of [
        '/v1/models',
        '/metrics',
        '/openapi.json',
        '/sdapi/v1/options',
        '/nope',
      ]) {
        const { status, headers, text } = await get(path, given);
        assert.equal(status, 401, `${path} with "${given}"`);
        assert.equal(headers['www-authenticate'], 'Bearer');
        assert.ok(!text.includes(TOKEN));
      }
    }
    assert.equal((await get('/health')).status, 200);
  });

  it('is an authentication error to a client', async () => {
    const client = new OpenAI({ baseURL: `${local()}/v1`, apiKey: 'wrong', maxRetries: 0 });
    await assert.rejects(client.models.list(), OpenAI.AuthenticationError);
    await assert.rejects(
      client.images.generate({ prompt: 'a red apple' }),
      OpenAI.AuthenticationError,
    );
    // Nothing was taken into the queue for it.
    assert.equal(await server.metric('easel_queue_length'), 0);
  });
});

describe('starting a server', () => {
  it('refuses to serve others without a token, or with a short one', async () => {
    for (const host of ['0.0.0.0', '::', '192.168.1.5', 'example.com']) {
      await assert.rejects(
        startTestServer({ host }),
        reject(/token is required.*EASEL_SERVE_TOKEN/),
      );
    }
    await assert.rejects(startTestServer({ token: 'short' }), reject(/at least 8 characters/));
    await assert.rejects(startTestServer({ token: 'with a space' }), reject(/no spaces/));
  });

  it('says what is wrong with an address', async () => {
    const first = await startTestServer();
    try {
      const port = Number(new URL(first.address).port);
      await assert.rejects(startTestServer({ port }), reject(/is in use.*--port/));
    } finally {
      await first.stop();
    }
    const host = '203.0.113.7';
    await assert.rejects(startTestServer({ host, token: TOKEN }), reject(/not an address of this/));
  });
});

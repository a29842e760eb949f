import { strict as assert } from 'node:assert';
import { connect } from 'node:net';
import { sendRaw, startTestServer, type TestServer } from '../support/serving';
import { until } from '../support/until';

const JSON_TYPE = { 'content-type': 'application/json' };
const ROUTES = ['/v1/images/generations', '/sdapi/v1/txt2img', '/sdapi/v1/img2img'];
const FORMS = ['/v1/images/edits', '/v1/images/variations'];

/** A part of a form. */
const part = (name: string, value: string, file = '') =>
  `--b\r\nContent-Disposition: form-data; name="${name}"${file && `; filename="${file}"`}\r\n\r\n${value}\r\n`;
const FORM_TYPE = { 'content-type': 'multipart/form-data; boundary=b' };

describe('a server that is sent anything', () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer({ limits: { maxBodyBytes: 2 ** 20 } });
  });
  after(() => server.stop());
  // Nothing of it may stay, and the next request is answered.
  afterEach(async () => {
    await until('nothing is open', async () => {
      return (await server.metric('easel_queue_length')) === 0;
    });
    assert.equal((await server.call('/health')).status, 200);
  });

  /** Asserts that an answer is an error of the client, in the form of its API. */
  async function assertRefused(
    path: string,
    sent: Parameters<typeof sendRaw>[2],
    message = /./,
  ): Promise<number> {
    const { status, text } = await sendRaw(server.address, path, { method: 'POST', ...sent });
    assert.ok(status >= 400 && status < 500, `${path}: ${status} ${text}`);
    const body = JSON.parse(text) as { error?: { message?: string }; detail?: string };
    const said = path.startsWith('/sdapi/') ? body.detail : body.error?.message;
    assert.match(said ?? '', message, text);
    assert.doesNotMatch(text, /node_modules|\bat \w+ \(/);
    return status;
  }

  for (const path of ROUTES) {
    it(`${path} refuses what is no JSON, and JSON of other kinds`, async () => {
      const bodies = ['', '{', '[]', '"text"', '7', 'null', '{"prompt":{}}', '{"prompt":["a"]}', '{"__proto__":{"prompt":"a"}}', '{"constructor":{"prototype":{"a":1}}}', '[['.repeat(50_000), '\u0000', '{"n":"1","batch_size":"1","prompt":1}']; // prettier-ignore
      for (const body of bodies) {
        await assertRefused(path, { headers: JSON_TYPE, body });
      }
      assert.equal(({} as { prompt?: string }).prompt, undefined);
    });

    it(`${path} refuses other types of content, and large bodies`, async () => {
      for (const type of ['text/plain', 'application/xml', 'multipart/form-data; boundary=b', '']) {
        const headers: Record<string, string> = type === '' ? {} : { 'content-type': type };
        const status = await assertRefused(path, { headers, body: '{"prompt":"a"}' });
        assert.ok(status === 415 || status === 400, `${type}: ${status}`);
      }
      const body = JSON.stringify({ prompt: 'x'.repeat(2 ** 20) });
      assert.equal(await assertRefused(path, { headers: JSON_TYPE, body }), 413);
    });
  }

  for (const path of FORMS) {
    it(`${path} refuses forms that are damaged, and those without an image`, async () => {
      const bodies = ['', '--b--\r\n', part('prompt', 'a'), `${part('prompt', 'a')}--b--\r\n`, part('image', 'x', 'a.png'), `${part('image', 'text')}--b--\r\n`, `${part('__proto__', 'x')}--b--\r\n`, `${part('__proto__', 'x', 'a.png')}--b--\r\n`, `${part('prompt', 'a')}${part('image', '', 'a.png')}--b--\r\n`, `${part('prompt', 'a')}${part('image', 'no image', 'a.png')}--b--\r\n`, 'garbage\r\n--b\r\n\r\n']; // prettier-ignore
      for (const body of bodies) await assertRefused(path, { headers: FORM_TYPE, body });
      await assertRefused(path, { headers: JSON_TYPE, body: '{"prompt":"a"}' }, /multipart/);
      await assertRefused(path, { headers: { 'content-type': 'multipart/form-data' }, body: 'x' });
    });

    it(`${path} refuses large files, large fields and many parts`, async () => {
      const large = `${part('image', 'x'.repeat(2 ** 20 + 1), 'a.png')}--b--\r\n`;
      assert.equal(await assertRefused(path, { headers: FORM_TYPE, body: large }), 413);
      const chunked = { ...FORM_TYPE, 'transfer-encoding': 'chunked' };
      assert.equal(await assertRefused(path, { headers: chunked, body: large }), 413);
      const field = `${part('prompt', 'x'.repeat(100_000))}--b--\r\n`;
      assert.equal(await assertRefused(path, { headers: FORM_TYPE, body: field }), 413);
      const many = `${part('a', 'x').repeat(60)}--b--\r\n`;
      assert.equal(await assertRefused(path, { headers: FORM_TYPE, body: many }), 413);
      const files = `${part('image[]', 'x', 'a.png').repeat(25)}--b--\r\n`;
      assert.equal(await assertRefused(path, { headers: FORM_TYPE, body: files }), 413);
    });
  }

  it('refuses addresses that are none, and methods that a route does not have', async () => {
    for (const path of [
      '/',
      '/v1',
      '/v1/images',
      '/v1/models/../../etc/passwd',
      '/v1/images/files/..%2f..%2fetc',
      '/%',
      '/v1/models/%zz',
      `/v1/models/${'x'.repeat(3000)}`,
      '/sdapi/v1/__proto__',
    ]) {
      await assertRefused(path, { method: 'GET' });
    }
    for (const method of ['GET', 'PUT', 'DELETE', 'PATCH']) {
      await assertRefused('/v1/images/generations', { method });
    }
  });

  it('refuses requests that are no HTTP', async () => {
    for (const text of [
      'nonsense\r\n\r\n',
      'GET / HTTP/9.9\r\n\r\n',
      'POST /v1/images/generations HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n',
      'GET /health HTTP/1.1\r\nHost: localhost\r\nX-A: b\rc: d\r\n\r\n',
      `GET /health HTTP/1.1\r\nHost: localhost\r\nX-A: ${'x'.repeat(100_000)}\r\n\r\n`,
      'GET /health HTTP/1.1\r\n\r\n',
      'POST /v1/images/generations HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ]) {
      assert.match(await sendText(text), /^HTTP\/1\.1 4\d\d /, JSON.stringify(text.slice(0, 60)));
    }
  });

  it('is whole after clients that hang up, at every place of a request', async () => {
    const json = JSON.stringify({ prompt: 'a red apple', num_inference_steps: 2, size: '64x64' });
    const form = `${part('prompt', 'a')}${part('image', 'x'.repeat(500), 'a.png')}--b--\r\n`;
    const head = (path: string, type: string, length: number) =>
      `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\n\r\n`;
    const whole = [
      head('/v1/images/generations', 'application/json', json.length) + json,
      head('/v1/images/edits', FORM_TYPE['content-type'], form.length) + form,
    ];
    for (const text of whole) {
      for (const share of [0.1, 0.4, 0.7, 0.9, 0.99, 1]) {
        await hangUp(text.slice(0, Math.floor(text.length * share)));
      }
    }
  });

  it('draws after all of that', async () => {
    const body = { prompt: 'a red apple', num_inference_steps: 1, size: '32x32' };
    assert.equal((await server.call('/v1/images/generations', body)).status, 200);
    assert.deepEqual(
      server.log.filter(({ level }) => Number(level) >= 50),
      [],
    );
  });

  function open() {
    const { hostname, port } = new URL(server.address);
    return connect(Number(port), hostname);
  }

  /** Sends bytes, and reads what comes before the server closes, or the first of it. */
  function sendText(text: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = open();
      socket.on('error', reject);
      socket.once('data', (bytes) => {
        socket.destroy();
        resolve(bytes.toString('latin1'));
      });
      socket.once('close', () => resolve(''));
      socket.write(text);
    });
  }

  /** Sends bytes, and goes away when they are sent. */
  function hangUp(text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = open();
      socket.on('error', reject);
      socket.write(text, () => {
        socket.destroy();
        resolve();
      });
    });
  }
});

import assert from 'node:assert/strict';
import {
  hostOf,
  isLoopback,
  mayUse,
  parseEndpoint,
  splitEndpointModel,
} from '../../../src/core/endpoints/endpoint';

const GOOD = { name: 'desk', url: 'http://192.168.0.7:7860', protocol: 'a1111' };

describe('endpoints', () => {
  it('are checked, each fault by its field', () => {
    assert.deepEqual(parseEndpoint(GOOD), GOOD);
    const faults: readonly (readonly [object, RegExp])[] = [
      [{ name: 'Desk' }, /name: must have 1 to 40 small letters/],
      [{ name: 'main' }, /name: is the name of a branch/],
      [{ url: 'ftp://x' }, /url: must be an address/],
      [{ url: 'http://user:pass@host' }, /url: .*without a user or password/],
      [{ url: 'http://127.0.0.1\\@evil.example' }, /url:/],
      [{ url: 'http://' }, /url:/],
      [{ url: 'http://host/a b' }, /url:/],
      [{ protocol: 'smtp' }, /protocol: must be "openai" or/],
      [{ protocol: 'template' }, /--template FILE/],
      [{ key: 'sk-1' }, /key: is not a field of a endpoint/],
      [{ graph: { a: '{{promt}}' } }, /\{\{promt\}\} is not a value of a request/],
      [{ template: { headers: { a: '{{x}}' } } }, /\{\{x\}\}/],
    ];
    for (const [fault, message] of faults) {
      assert.throws(() => parseEndpoint({ ...GOOD, ...fault }), { code: 'bad-request', message });
    }
  });

  it('are on this machine only where nothing else can be meant', () => {
    const hosts = (urls: readonly string[]) => urls.map((url) => isLoopback({ url }));
    assert.ok(
      hosts([
        ...['http://localhost', 'http://LOCALHOST:1/x', 'http://127.0.0.1:7860'],
        ...['http://127.8.8.8', 'http://[::1]:80/'],
      ]).every(Boolean),
    );
    assert.ok(
      !hosts([
        ...['http://localhost.evil.example', 'http://127.0.0.1.evil.example', 'http://10.0.0.1'],
        ...['http://1270.0.0.1', 'http://[::2]', 'https://api.openai.com/127.0.0.1'],
      ]).some(Boolean),
    );
  });

  it('agree with how requests read an address', () => {
    for (const url of ['http://Host:81/a?b#c', 'https://[::1]:7/', 'http://a.b-c_d:9', GOOD.url]) {
      assert.equal(hostOf({ url }), new URL(url).host);
    }
  });

  it('may be used after the user agreed to that very host', () => {
    assert.ok(mayUse({ url: 'http://127.0.0.1:1' }));
    assert.ok(!mayUse({ url: 'http://a:1' }));
    assert.ok(mayUse({ url: 'http://a:1', agreedHost: 'a:1' }));
    assert.ok(!mayUse({ url: 'http://a:2', agreedHost: 'a:1' }));
  });

  it('are named in a model', () => {
    assert.deepEqual(splitEndpointModel('flux@work-gpu'), { endpoint: 'work-gpu', model: 'flux' });
    assert.deepEqual(splitEndpointModel('a/b@c@desk'), { endpoint: 'desk', model: 'a/b@c' });
    assert.deepEqual(splitEndpointModel('@desk'), { endpoint: 'desk', model: '' });
    // Revisions of repositories, and models of this machine.
    for (const model of ['starter', 'org/name@main', 'org/name@fp16', 'org/name@Ab', 'x@']) {
      assert.equal(splitEndpointModel(model), undefined);
    }
  });
});

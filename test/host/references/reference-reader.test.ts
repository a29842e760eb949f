import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { ReferenceReader } from '../../../src/host/references/reference-reader';
import { ROOT } from '../../support/paths';
import { tempFolder } from '../../support/temp-folder';

/** A text for whose parser this takes minutes. */
const ENDLESS = '*a_ '.repeat(100_000);
const LIMITS = { length: 2 ** 20, milliseconds: 60_000, mebibytes: 256, idleMilliseconds: 60_000 };

describe('reading documents in a thread', () => {
  const folder = tempFolder();
  let module = '';
  const readers: ReferenceReader[] = [];
  const reader = (limits: Partial<typeof LIMITS> = {}, file = module) => {
    const made = new ReferenceReader(file, { ...LIMITS, ...limits });
    readers.push(made);
    return made;
  };
  const addresses = async (reading: ReturnType<ReferenceReader['read']>) =>
    (await reading).references.map(({ url }) => url);

  before(() => {
    // The bundle itself: it leaves parts of packages out.
    execFileSync(process.execPath, ['esbuild.js', `--outdir=${folder}`], { cwd: ROOT });
    module = path.join(folder, 'references.js');
  });
  after(() => readers.forEach((one) => one.dispose()));

  it('finds images, of one text after another', async () => {
    const one = reader();
    const both = [one.read('markdown', '![a](a.png)'), one.read('html', '<img src=b.png>')];
    assert.deepEqual(await Promise.all(both.map(addresses)), [['a.png'], ['b.png']]);
  });

  it('gives up on a text that takes too long, and reads the next', async () => {
    const one = reader({ milliseconds: 200 });
    const slow = one.read('markdown', ENDLESS);
    const next = one.read('markdown', '![a](a.png)');
    assert.deepEqual(await slow, { references: [], unread: 'too-slow' });
    assert.deepEqual(await addresses(next), ['a.png']);
  });

  it('does not read a text that is too large', async () => {
    const text = '![a](a.png)';
    const one = reader({ length: text.length });
    assert.deepEqual(await addresses(one.read('markdown', text)), ['a.png']);
    const large = await one.read('markdown', `${text}\n`);
    assert.deepEqual(large, { references: [], unread: 'too-large' });
  });

  it('starts no thread for code that names no image', async () => {
    const one = reader({}, path.join(folder, 'missing.js'));
    const code = 'export const one: number = 1;';
    assert.deepEqual(await one.read('typescript', code), { references: [] });
    const named = await one.read('typescript', `${code} import './a.png';`);
    assert.equal(named.unread, 'failed');
  });

  it('stops when nobody waits, in the queue and while it reads', async () => {
    const one = reader();
    await one.read('markdown', '');
    const [running, waiting] = [new AbortController(), new AbortController()];
    const slow = one.read('markdown', ENDLESS, running.signal);
    const queued = one.read('markdown', ENDLESS, waiting.signal);
    const last = one.read('markdown', '![a](a.png)');
    waiting.abort();
    running.abort();
    for (const result of [await slow, await queued]) assert.equal(result.unread, 'cancelled');
    assert.deepEqual(await addresses(last), ['a.png']);
    const never = await one.read('markdown', '', AbortSignal.abort());
    assert.equal(never.unread, 'cancelled');
  });

  it('answers when the thread cannot be started, or ends', async () => {
    const missing = reader({}, path.join(folder, 'missing.js'));
    assert.equal((await missing.read('markdown', '')).unread, 'failed');
    const broken = path.join(folder, 'broken.js');
    writeFileSync(
      broken,
      "const { parentPort: port } = require('node:worker_threads');\nport.on('message', () => process.exit(1));\nport.postMessage('ready');\n",
    );
    const one = reader({}, broken);
    const both = await Promise.all([one.read('markdown', ''), one.read('markdown', '')]);
    assert.deepEqual(
      both.map(({ unread }) => unread),
      ['failed', 'failed'],
    );
  });

  it('starts another thread after a time without work', async () => {
    const one = reader({ idleMilliseconds: 0 });
    for (const name of ['a.png', 'b.png', 'c.png']) {
      assert.deepEqual(await addresses(one.read('markdown', `![](${name})`)), [name]);
      await new Promise(setImmediate);
    }
  });
});

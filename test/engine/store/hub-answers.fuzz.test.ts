import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import path from 'node:path';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { EaselError } from '../../../src/core/errors';
import { CacheLayout } from '../../../src/engine/store/download/cache-layout';
import { downloadFile } from '../../../src/engine/store/download/file-download';
import { HubClient, type HubFile } from '../../../src/engine/store/hub/hub-client';
import { retryAfterSeconds } from '../../../src/engine/store/hub/hub-errors';
import { fuzzRuns } from '../../support/fuzz';
import { tempFolder } from '../../support/temp-folder';

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const signal = new AbortController().signal;
const headerText = fc.stringMatching(/^[ -~]{0,40}$/);
const hex = (digits: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${digits}}$`));

/** A file of a listing: mostly as the hub lists it, with one thing or another wrong. */
const listed = fc.oneof(
  fc.record(
    {
      type: fc.oneof(fc.constantFrom('file', 'directory'), fc.jsonValue()),
      path: fc.oneof(
        fc.constantFrom(
          'a',
          'a/b.json',
          '../x',
          '/x',
          'a//b',
          'a\\b',
          'c:x',
          'a\0',
          '..',
          'unet/..',
        ),
        fc.string({ unit: 'binary' }),
        fc.jsonValue(),
      ),
      size: fc.oneof(fc.nat(), fc.jsonValue()),
      oid: fc.oneof(hex(40), fc.jsonValue()),
      lfs: fc.oneof(
        fc.record({ oid: fc.oneof(hex(64), fc.jsonValue()), size: fc.jsonValue() }),
        fc.jsonValue(),
      ),
    },
    { requiredKeys: [] },
  ),
  fc.jsonValue(),
);

describe('answers of a hub, whatever they are', () => {
  let server: Server;
  let hub: HubClient;
  let answers: Answer[] = [];

  before(async () => {
    server = createServer((_request, response) => {
      const { status, headers, body } = answers.shift() ?? { status: 404, headers: {}, body: '' };
      response.writeHead(status, headers).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    hub = new HubClient({ endpoint, token: undefined, offline: false, timeoutMs: 5000 });
  });
  after(async () => {
    await hub.close();
    server.closeAllConnections();
    server.close();
  });

  /** What a call gave; undefined where it ended with an error of the hub's kinds. */
  const outcome = async <T>(call: Promise<T>): Promise<T | undefined> => {
    try {
      return await call;
    } catch (thrown) {
      assert.ok(thrown instanceof EaselError, String(thrown));
      assert.notEqual(thrown.code, 'internal', thrown.message);
      assert.ok(thrown.message.length < 1000);
      return undefined;
    }
  };

  it('are files with safe paths, sizes and checksums, or a coded error', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.array(listed), fc.jsonValue()),
        headerText,
        async (tree, link) => {
          answers = [{ status: 200, headers: { link }, body: JSON.stringify(tree) }];
          for (const file of (await outcome(hub.files('a/b', 'c'.repeat(40), signal))) ?? []) {
            const place = path.posix.normalize(`/repo/${file.path}`);
            assert.ok(place.startsWith('/repo/') && place === `/repo/${file.path}`);
            assert.doesNotMatch(file.path, /[\\:\0]/);
            assert.ok(Number.isSafeInteger(file.bytes) && file.bytes >= 0);
            assert.match(file.hash.hex, /^([0-9a-f]{40}|[0-9a-f]{64})$/);
          }
        },
      ),
      { numRuns: fuzzRuns(300) },
    );
  });

  it('are a commit and a licence, or a coded error', async () => {
    const info = fc.record(
      {
        ...{
          _id: fc.jsonValue(),
          id: fc.jsonValue(),
          gated: fc.jsonValue(),
          cardData: fc.jsonValue(),
        },
        sha: fc.oneof(hex(40), fc.jsonValue()),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(fc.oneof(info, fc.jsonValue()), async (value) => {
        answers = [{ status: 200, headers: {}, body: JSON.stringify(value) }];
        const found = await outcome(hub.info('a/b', 'main', signal));
        if (!found) return;
        assert.match(found.commit, /^[0-9a-f]{40}$/);
        assert.doesNotMatch(found.licence, /[\n\u0000-\u001f]/); // eslint-disable-line no-control-regex
      }),
      { numRuns: fuzzRuns(300) },
    );
  });

  it('never make a file of other bytes than its checksum says, nor a download without end', async () => {
    const file: HubFile = {
      path: 'config.json',
      bytes: 5,
      hash: { kind: 'git-sha1', hex: 'b6fc4c620b67d95f953a5c1c1230aaab5db5a1b0' }, // "hello"
    };
    const answer = fc.record({
      status: fc.constantFrom(200, 206, 206, 416, 404, 500, 204, 429),
      headers: fc.record(
        {
          'content-range': fc.oneof(
            headerText,
            fc.constantFrom('bytes 2-4/5', 'bytes 0-4/5', 'bytes 2-4/9', 'bytes */5'),
          ),
          'retry-after': fc.constantFrom('0', '-1', '9'.repeat(30), 'x'),
          'x-error-code': headerText,
        },
        { requiredKeys: [] },
      ),
      body: fc.constantFrom('', 'hello', 'he', 'llo', 'hello!', 'jello', 'x'.repeat(100)),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(answer, { maxLength: 8 }), async (given) => {
        answers = given.map(({ headers, ...rest }) => ({
          ...rest,
          headers: Object.fromEntries(Object.entries(headers)),
        }));
        const layout = new CacheLayout(tempFolder(), 'a/b', 'c'.repeat(40));
        await layout.prepare();
        const ignore = () => undefined;
        const done = await outcome(
          downloadFile({
            ...{ source: hub.source('a/b', layout.commit, file.path), place: layout, file },
            ...{ signal, retrySeconds: 1e-6 },
            ...{ onBytes: ignore, onFetched: ignore, onWaiting: ignore },
          }).then(() => true),
        );
        assert.equal(await layout.isPresent(file), done === true);
      }),
      { numRuns: fuzzRuns(100) },
    );
  });

  it('ask for pauses that are bounded', () => {
    const headers = fc.record({ 'retry-after': headerText, ratelimit: headerText });
    fc.assert(
      fc.property(headers, (values) => {
        const pause = retryAfterSeconds(new Headers(values));
        assert.ok(pause === undefined || (pause >= 0 && pause <= 604_800));
      }),
      { numRuns: fuzzRuns(1000) },
    );
  });
});

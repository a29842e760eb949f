import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { discover, speaks } from '../../../src/engine/endpoints/discover';
import { EndpointConnection } from '../../../src/engine/endpoints/connection';
import { protocolOf } from '../../../src/engine/endpoints/protocols';
import { EaselError } from '../../../src/core/errors';
import { A1111Server } from '../../support/a1111-server';

const { signal } = new AbortController();

/** A server of something else, which answers each path with a page. */
async function website(): Promise<Server> {
  const server = createServer((_request, response) => response.end('<html>Hello</html>'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

describe('servers on this machine', () => {
  it('are found by their ports; what is closed or something else is left out', async () => {
    const [forge, other, ended] = await Promise.all([
      A1111Server.start(),
      website(),
      A1111Server.start(),
    ]);
    const closed = ended.port;
    await ended.stop();
    const { port } = other.address() as AddressInfo;
    try {
      assert.deepEqual(await discover(signal, [closed, port, forge.port]), [
        { url: forge.url, protocol: 'a1111' },
      ]);
    } finally {
      other.close();
      await forge.stop();
    }
  });

  it('say that they want a key, rather than that they are of no known kind', async () => {
    const server = await A1111Server.start({ key: 'k' });
    const at = { name: 'forge', url: server.url, protocol: 'a1111' } as const;
    const ask = async (key?: string) => {
      const connection = new EndpointConnection(at, key);
      try {
        return await speaks(connection, protocolOf('a1111'), signal);
      } finally {
        await connection.close();
      }
    };
    try {
      const answer = await ask();
      assert.ok(answer instanceof EaselError && answer.code === 'access-denied');
      assert.equal(await ask('k'), true);
    } finally {
      await server.stop();
    }
  });
});

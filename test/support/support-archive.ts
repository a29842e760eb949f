import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { zipSync } from 'fflate';
import { deviceSupport, type DeviceSupport, type PinnedFile } from '../../src/core/devices';
import { rangeStart, sendBytes, type Fault } from './faulty-answer';

/** A package index on loopback with the archive of a device's support: the real data with small files. */
export class ArchiveServer {
  /** The first byte that each request for the archive asked for. */
  readonly asked: number[] = [];
  fault: () => Fault | undefined = () => undefined;

  private constructor(
    private readonly server: Server,
    readonly archive: Buffer,
    readonly support: DeviceSupport,
  ) {}

  static async start(files: Readonly<Record<string, Uint8Array>>): Promise<ArchiveServer> {
    const archive = Buffer.from(zipSync({ 'other.txt': [new Uint8Array(500), {}], ...files }));
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const pinned = (path: string, bytes: Uint8Array): PinnedFile => ({
      path,
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    });
    const real = deviceSupport('cuda', 'linux', 'x64')!;
    const { project, path } = real.archive;
    const own = new ArchiveServer(server, archive, {
      ...real,
      archive: { project, ...pinned(path, archive), url: `${url}/files/${path}` },
      parts: Object.entries(files).map(([name, bytes]) => pinned(name, bytes)),
    });
    server.on('request', (request: IncomingMessage, response) => {
      if (request.url === `/simple/${project}/`) {
        response.end(`<a href="../../mirrored/${path}#sha256=00">${path}</a>`);
      } else if (/^\/(files|mirrored)\//.test(request.url ?? '')) {
        own.asked.push(rangeStart(request) ?? 0);
        const fault = own.fault();
        if (fault && 'status' in fault) response.writeHead(fault.status).end();
        else void sendBytes(request, response, archive, {}, fault);
      } else response.writeHead(404).end();
    });
    return own;
  }

  /** The address of its index, as PIP_INDEX_URL has it. */
  get index(): string {
    return new URL('/simple', this.support.archive.url).href;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

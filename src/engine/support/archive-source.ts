import type { PinnedArchive } from '../../core/devices';
import { cancelled, EaselError } from '../../core/errors';
import { firstSet } from '../store/hub-cache';
import { Connection, rangeFrom, readBounded, type FileSource } from '../store/hub/connection';
import { errorOfConnection, withPause, type ServerName } from '../store/hub/hub-errors';
import { readHubSettings } from '../store/hub/hub-settings';

/** The page of a project has a link for each of its files: some hundred bytes each, and some hundred files. */
const MAX_PAGE_BYTES = 16 * 2 ** 20;

/** The archive on its server, to be downloaded. */
export interface ArchiveSource extends FileSource {
  close(): Promise<void>;
}

/** The server that an archive comes from: that of its address, or a mirror (PIP_INDEX_URL). */
export function archiveServer(archive: PinnedArchive, env: NodeJS.ProcessEnv): ServerName {
  const url = mirrorPage(archive, env) ?? archive.url;
  return { endpoint: new URL(url).origin, variable: 'PIP_INDEX_URL' };
}

/** @throws EaselError `offline` where HF_HUB_OFFLINE forbids the network */
export async function openArchiveSource(
  archive: PinnedArchive,
  env: NodeJS.ProcessEnv,
): Promise<ArchiveSource> {
  const { offline, timeoutMs } = await readHubSettings(env);
  if (offline) {
    throw new EaselError(
      'offline',
      `HF_HUB_OFFLINE forbids the network, so ${archive.project} cannot be fetched.`,
    );
  }
  const server = archiveServer(archive, env);
  const connection = new Connection(server, timeoutMs);
  const get = async (
    url: string,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ) => {
    const response = await connection.get(url, headers, signal);
    if (response.ok) return response;
    await response.body?.cancel();
    throw withPause(errorOfStatus(response.status, url, server), response.headers);
  };
  const page = mirrorPage(archive, env);
  let address = page === undefined ? archive.url : undefined;
  return {
    server,
    open: async (offset, signal) => {
      if (page !== undefined && address === undefined) {
        const answer = await get(page, { accept: 'text/html' }, signal);
        const tooLarge = () => notOnMirror(archive, page);
        const html = await readBounded(answer, MAX_PAGE_BYTES, tooLarge).catch(
          (thrown: unknown) => {
            if (signal.aborted) throw cancelled();
            throw errorOfConnection(thrown, server);
          },
        );
        address = linkTo(archive.path, html.toString('utf8'), answer.url || page);
        if (address === undefined) throw notOnMirror(archive, page);
      }
      return get(address ?? archive.url, rangeFrom(offset), signal);
    },
    close: () => connection.close(),
  };
}

/** The page of a project in an index that the user has named for pip (PEP 503). */
function mirrorPage({ project }: PinnedArchive, env: NodeJS.ProcessEnv): string | undefined {
  const index = firstSet(env.PIP_INDEX_URL);
  return index !== undefined && URL.canParse(index)
    ? `${index.replace(/(?<!\/)\/+$/, '')}/${project}/`
    : undefined;
}

/** The address of a file that a page of an index links. */
function linkTo(file: string, html: string, base: string): string | undefined {
  for (const [, link = ''] of html.matchAll(/href="([^"#]+)/g)) {
    const url = URL.canParse(link, base) ? new URL(link, base) : undefined;
    if (url?.pathname.split('/').at(-1) === file) return url.href;
  }
  return undefined;
}

function notOnMirror({ path }: PinnedArchive, page: string): EaselError {
  return new EaselError(
    'hub-failed',
    `${page} has no ${path}. Without PIP_INDEX_URL, Easel takes it from the Python Package Index.`,
    { permanent: true },
  );
}

function errorOfStatus(status: number, url: string, { endpoint }: ServerName): EaselError {
  const data = { status };
  if (status === 429) {
    return new EaselError(
      'rate-limited',
      `Too many requests to ${endpoint}. Try again later.`,
      data,
    );
  }
  const message = `${endpoint} answered ${status} for ${url}. Try again later.`;
  const isPermanent = status >= 400 && status < 500 && status !== 408 && status !== 416;
  return new EaselError('hub-failed', message, {
    ...data,
    ...(isPermanent && { permanent: true }),
  });
}

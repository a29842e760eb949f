import { randomUUID } from 'node:crypto';
import {
  copyFile,
  lstat,
  mkdir,
  readFile,
  readlink,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import { PARTIAL } from '../cached-repo';
import { isCommit, isFolder, isThere, repoFolder } from '../hub-cache';
import type { HubFile } from '../hub/hub-client';
import { isTrue } from '../hub/hub-settings';

/** As huggingface_hub writes it (_local_folder.py), so that backup programs leave the cache out. */
const CACHE_TAG = `Signature: 8a477f597d28d172789f06886806bc55
# This file is a cache directory tag created by huggingface_hub.
# For information about cache directory tags, see:
#\thttps://bford.info/cachedir/
`;

/**
 * Where the files of one commit are in the shared cache (hub-docs, local-cache.md): bytes in
 * `blobs/<hash>`, links to them in `snapshots/<commit>/<path>`, and the commit in `refs/<revision>`.
 */
export class CacheLayout {
  readonly repo: string;
  readonly snapshot: string;
  readonly locks: string;
  private links: Promise<boolean> | undefined;

  constructor(
    readonly cache: string,
    repoId: string,
    readonly commit: string,
    private readonly env: NodeJS.ProcessEnv = process.env,
  ) {
    this.repo = repoFolder(cache, repoId);
    this.snapshot = path.join(this.repo, 'snapshots', commit);
    this.locks = path.join(cache, '.locks', path.basename(this.repo));
  }

  blob(file: HubFile): string {
    return path.join(this.repo, 'blobs', file.hash.hex);
  }

  /** A file that is being downloaded. Older versions of huggingface_hub write to `<hash>.incomplete`. */
  partial(file: HubFile): string {
    return `${this.blob(file)}.easel${PARTIAL}`;
  }

  /** What an older huggingface_hub left of an interrupted download. */
  foreignPartial(file: HubFile): string {
    return this.blob(file) + PARTIAL;
  }

  /** huggingface_hub locks `<hash>.lock` by flock, which Node lacks; ours is beside it. */
  lock(file: HubFile): string {
    return path.join(this.locks, `${file.hash.hex}.easel.lock`);
  }

  pointer(file: HubFile): string {
    return path.join(this.snapshot, ...file.path.split('/'));
  }

  async prepare(): Promise<void> {
    await mkdir(path.join(this.repo, 'blobs'), { recursive: true });
    await mkdir(this.snapshot, { recursive: true });
    await mkdir(this.locks, { recursive: true });
    await writeFile(path.join(this.cache, 'CACHEDIR.TAG'), CACHE_TAG, { flag: 'wx' }).catch(
      () => undefined,
    );
  }

  /** Whether a file is complete, by its size, in the snapshot or as a blob. */
  async isPresent(file: HubFile): Promise<boolean> {
    for (const place of [this.pointer(file), this.blob(file)]) {
      const info = await stat(place).catch(() => undefined);
      if (info?.isFile() && info.size === file.bytes) return true;
    }
    return false;
  }

  /** Those of some files that the snapshot names and has not whole. */
  async incomplete(files: readonly HubFile[]): Promise<readonly HubFile[]> {
    const found = await Promise.all(
      files.map(async (file) => {
        const named = await lstat(this.pointer(file)).catch(() => undefined);
        return named !== undefined && !(await this.isPresent(file)) ? [file] : [];
      }),
    );
    return found.flat();
  }

  /** Bytes of a file that an interrupted download left. */
  async partialBytes(file: HubFile): Promise<number> {
    for (const place of [this.partial(file), this.foreignPartial(file)]) {
      const info = await stat(place).catch(() => undefined);
      if (info?.isFile()) return Math.min(info.size, file.bytes);
    }
    return 0;
  }

  /**
   * Puts a complete blob into the snapshot: as a relative link, or, where the system has no links, by
   * moving the file there.
   */
  async linkIntoSnapshot(file: HubFile): Promise<void> {
    const pointer = this.pointer(file);
    const blob = this.blob(file);
    if (!(await this.hasLinks())) {
      if ((await stat(pointer).catch(() => undefined))?.size === file.bytes) return;
      await mkdir(path.dirname(pointer), { recursive: true });
      await move(blob, pointer);
      return;
    }
    const target = path.relative(path.dirname(pointer), blob);
    if ((await readlink(pointer).catch(() => undefined)) === target) return;
    // A real file of the right size was put there by a tool that makes no links; it is used as it is.
    const existing = await lstat(pointer).catch(() => undefined);
    if (existing?.isFile() && existing.size === file.bytes && !(await isThere(blob))) return;
    await mkdir(path.dirname(pointer), { recursive: true });
    const temporary = `${pointer}.${randomUUID()}.tmp`;
    await symlink(target, temporary);
    await rename(temporary, pointer);
  }

  /** Points a branch or tag to the commit. Done last, so that a ref never names an incomplete model. */
  async writeRef(revision: string): Promise<void> {
    if (isCommit(revision)) return;
    const file = path.join(this.repo, 'refs', ...revision.split('/'));
    if ((await readFile(file, 'utf8').catch(() => undefined)) === this.commit) return;
    await mkdir(path.dirname(file), { recursive: true });
    const temporary = `${file}.${randomUUID()}.tmp`;
    await writeFile(temporary, this.commit);
    await rename(temporary, file);
  }

  /** Whether the disk supports links; tried once. */
  private hasLinks(): Promise<boolean> {
    this.links ??= isTrue(this.env.HF_HUB_DISABLE_SYMLINKS)
      ? Promise.resolve(false)
      : tryLink(path.join(this.repo, 'blobs'));
    return this.links;
  }
}

async function tryLink(folder: string): Promise<boolean> {
  const probe = path.join(folder, `.link-${randomUUID()}.tmp`);
  try {
    await symlink('nowhere', probe);
    return true;
  } catch {
    return false;
  } finally {
    await rm(probe, { force: true });
  }
}

async function move(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'EXDEV') throw thrown;
    await copyFile(from, to);
    await rm(from);
  }
}

/** The folder itself, or the nearest one above it that exists. */
export async function existingAncestor(folder: string): Promise<string> {
  let current = path.resolve(folder);
  while (!(await isFolder(current)) && path.dirname(current) !== current) {
    current = path.dirname(current);
  }
  return current;
}

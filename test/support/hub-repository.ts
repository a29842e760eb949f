import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** A file of a repository, with the names of its content. */
export interface ServedFile {
  readonly path: string;
  readonly bytes: Buffer;
  /** Git's name of it; for a large file that of its pointer. */
  readonly oid: string;
  /** Set for large files. */
  readonly sha256?: string;
}

export interface ServedCommit {
  readonly id: string;
  readonly files: ReadonlyMap<string, ServedFile>;
}

export interface ServedRepo {
  readonly id: string;
  /** Branches and tags. */
  readonly refs: ReadonlyMap<string, ServedCommit>;
  readonly licence: string;
  /** Files only for this token. */
  readonly gatedBy?: string;
  /** Not even shown without this token. */
  readonly privateTo?: string;
}

/** As the hub's default .gitattributes decides. */
const LARGE = /\.(safetensors|bin|onnx|onnx_data|pb|ckpt|msgpack|h5)$/;

function commitOf(files: Readonly<Record<string, Buffer | string>>): ServedCommit {
  const served = new Map<string, ServedFile>();
  for (const [path, content] of Object.entries(files)) {
    const bytes = Buffer.from(content);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${sha256}\nsize ${bytes.length}\n`;
    served.set(path, {
      ...{ path, bytes, oid: gitSha1(LARGE.test(path) ? Buffer.from(pointer) : bytes) },
      ...(LARGE.test(path) && { sha256 }),
    });
  }
  const names = [...served.values()].map(({ path, oid }) => `${path} ${oid}`).sort();
  return { id: gitSha1(Buffer.from(names.join('\n'))), files: served };
}

function gitSha1(bytes: Buffer): string {
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

/** A repository with one commit, named `main`, unless other branches are given. */
export function repoOf(
  id: string,
  files: Readonly<Record<string, Buffer | string>>,
  options: {
    readonly branches?: Readonly<Record<string, Readonly<Record<string, Buffer | string>>>>;
    readonly licence?: string;
    readonly gatedBy?: string;
    readonly privateTo?: string;
  } = {},
): ServedRepo {
  const { branches = {}, licence = 'mit', ...access } = options;
  const refs = new Map([['main', commitOf(files)]]);
  for (const [name, content] of Object.entries(branches)) refs.set(name, commitOf(content));
  return { id, refs, licence, ...access };
}

/** The files of a folder, by their paths with `/`. */
export function readFolder(folder: string): Record<string, Buffer> {
  const files: Record<string, Buffer> = {};
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) continue;
    const file = join(entry.parentPath, entry.name);
    files[relative(folder, file).split('\\').join('/')] = readFileSync(file);
  }
  return files;
}

/** Bytes that do not compress and are the same on every run. */
export function noise(length: number, seed: string): Buffer {
  const parts: Buffer[] = [];
  for (let i = 0, made = 0; made < length; i++) {
    const part = createHash('sha512').update(`${seed} ${i}`).digest();
    parts.push(part);
    made += part.length;
  }
  return Buffer.concat(parts).subarray(0, length);
}

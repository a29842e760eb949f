import { posix } from 'node:path';

export type FileKind = 'file' | 'folder';

/** A file system, with paths as URIs write them. What cannot be read is not there. */
export interface FileSystem {
  kindOf(path: string): Promise<FileKind | undefined>;
  /** The names in a folder. */
  list(folder: string): Promise<readonly string[]>;
  /** A text file of at most `MAX_TEXT` bytes. */
  read(path: string): Promise<string | undefined>;
}

/** Bytes of a config that is read: those of projects are far smaller. */
export const MAX_TEXT = 256 * 1024;

/** Answers questions about files once each: one is made for each look at documents, and kept no longer. */
export class Lookup implements FileSystem {
  private readonly kinds = new Map<string, Promise<FileKind | undefined>>();
  private readonly lists = new Map<string, Promise<readonly string[]>>();
  private readonly texts = new Map<string, Promise<string | undefined>>();
  private readonly answers = new Map<string, Promise<unknown>>();

  constructor(private readonly files: FileSystem) {}

  kindOf(path: string): Promise<FileKind | undefined> {
    return once(this.kinds, path, () => this.files.kindOf(path));
  }

  list(folder: string): Promise<readonly string[]> {
    return once(this.lists, folder, () => this.files.list(folder));
  }

  read(path: string): Promise<string | undefined> {
    return once(this.texts, path, () => this.files.read(path));
  }

  /** Remembers what was found out about a place. @param key names the question and the place */
  remember<T>(key: string, ask: () => Promise<T>): Promise<T> {
    return once(this.answers, key, ask) as Promise<T>;
  }

  async isFile(path: string): Promise<boolean> {
    return (await this.kindOf(path)) === 'file';
  }

  async isFolder(path: string): Promise<boolean> {
    return (await this.kindOf(path)) === 'folder';
  }

  /** Whether a folder contains a name; cheaper than `kindOf` for many names of one folder. */
  async has(folder: string, name: string): Promise<boolean> {
    return (await this.list(folder)).includes(name);
  }

  /** Whether a folder of one or more names is below another. */
  async hasFolder(folder: string, path: string): Promise<boolean> {
    const [first = ''] = path.split('/');
    return (await this.has(folder, first)) && this.isFolder(posix.join(folder, path));
  }
}

function once<T>(known: Map<string, Promise<T>>, key: string, ask: () => Promise<T>): Promise<T> {
  const answer = known.get(key) ?? ask();
  known.set(key, answer);
  return answer;
}

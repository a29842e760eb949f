import * as vscode from 'vscode';
import * as v from 'valibot';
import {
  doubts,
  SubjectKnowledgeSchema,
  type SubjectKnowledge,
} from '../../core/composition/knowledge';
import { PRECISIONS, type Precision } from '../../core/devices';
import { keepNewest } from '../../core/keep-newest';
import type { GenerationRequestInput } from '../../core/request/request';
import {
  DrawnElsewhereSchema,
  RequestSummarySchema,
  UpscaledSchema,
  type DrawnElsewhere,
  type RequestSummary,
  type Upscaled,
} from '../../protocol/studio';
import { exists } from '../files/image-files';

const KEY = 'easel.gallery';
const IMAGES = '**/*.{png,webp,jpg,jpeg,avif,svg}';
/** Entries that are kept; dropping one does not delete its file. */
const MAX_IMAGES = 200;

const StoredSchema = v.array(
  v.object({
    uri: v.pipe(v.string(), v.nonEmpty()),
    /** Milliseconds since 1970. */
    time: v.number(),
    width: v.optional(v.number()),
    height: v.optional(v.number()),
    recipe: RequestSummarySchema,
    doubts: v.optional(v.array(SubjectKnowledgeSchema)),
    unasked: v.optional(v.picklist(PRECISIONS)),
    elsewhere: v.optional(DrawnElsewhereSchema),
    favourite: v.optional(v.boolean()),
    madeFrom: v.optional(v.string()),
    upscaled: v.optional(UpscaledSchema),
  }),
);

export interface GalleryEntry {
  readonly uri: vscode.Uri;
  readonly time: number;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  readonly request: RequestSummary;
  /** What the starter may not know of it. */
  readonly doubts?: readonly SubjectKnowledge[] | undefined;
  /** How it was computed, where nobody asked for that and the exact image differs a little. */
  readonly unasked?: Precision | undefined;
  /** Absent: this machine drew it. */
  readonly elsewhere?: DrawnElsewhere | undefined;
  /** The user has given it a star. */
  readonly favourite?: boolean | undefined;
  /** The id of the image that it was made from. */
  readonly madeFrom?: string | undefined;
  /** How it was made larger. */
  readonly upscaled?: Upscaled | undefined;
}

/** An image that was deleted in the studio, and can be brought back. */
export interface RemovedEntry {
  readonly entry: GalleryEntry;
  readonly bytes: Uint8Array;
}

/** Deleted images that are kept in memory; those before are in the trash. */
const MAX_REMOVED = 10;

/** An image that was drawn just now. */
export interface NewEntry extends Omit<GalleryEntry, 'doubts'> {
  /** How well the model knows what it drew, where it says so. Only what is doubtful is kept. */
  readonly knowledge?: readonly SubjectKnowledge[] | undefined;
  /** What draws it again. It is known for the newest images of this session alone. */
  readonly asked?: GenerationRequestInput | undefined;
}

/** Requests that are kept; they can hold images to start from. */
const MAX_REQUESTS = 20;

/** The images that were drawn for this workspace and are still where they were saved. */
export class Gallery implements vscode.Disposable {
  private entries: readonly GalleryEntry[];
  /** By the id of the image, the oldest first. */
  private readonly requests = new Map<string, GenerationRequestInput>();
  /** The newest first. Only while the window is open. */
  private removedEntries: readonly RemovedEntry[] = [];
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly watcher = vscode.workspace.createFileSystemWatcher(IMAGES, true, true);
  readonly onDidChange = this.changed.event;

  constructor(private readonly state: vscode.Memento) {
    const stored = v.safeParse(StoredSchema, state.get<unknown>(KEY));
    this.entries = stored.success
      ? stored.output.map(({ uri, recipe, ...rest }) => ({
          ...rest,
          uri: vscode.Uri.parse(uri),
          request: recipe,
        }))
      : [];
    this.watcher.onDidDelete(async (uri) => {
      // It may have been brought back since.
      if (!(await exists(uri))) this.forget(uri);
    });
  }

  /** Newest first. */
  get images(): readonly GalleryEntry[] {
    return this.entries;
  }

  find(id: string): GalleryEntry | undefined {
    return this.entries.find(({ uri }) => uri.toString() === id);
  }

  /** What draws an image again; undefined for images of earlier sessions. */
  requestOf(id: string): GenerationRequestInput | undefined {
    return this.requests.get(id);
  }

  /** Adds an image, or replaces the entry of one that is known already. */
  add({ knowledge, asked, ...entry }: NewEntry): void {
    const id = entry.uri.toString();
    if (asked) keepNewest(this.requests, id, asked, MAX_REQUESTS);
    const others = this.entries.filter(({ uri }) => uri.toString() !== id);
    const found = doubts(knowledge);
    const added = { ...entry, ...(found.length > 0 && { doubts: found }) };
    this.keep(newestOf([added, ...others]));
  }

  /** Gives an image a star, or takes it away. */
  setFavourite(id: string, favourite: boolean): void {
    this.keep(
      this.entries.map((entry) => (entry.uri.toString() === id ? { ...entry, favourite } : entry)),
    );
  }

  /** The image that was deleted last and can be brought back. */
  get removed(): RemovedEntry | undefined {
    return this.removedEntries[0];
  }

  /** Forgets an image that was deleted, but for bringing it back. */
  noteRemoved(removed: RemovedEntry): void {
    this.removedEntries = [removed, ...this.removedEntries].slice(0, MAX_REMOVED);
    this.forget(removed.entry.uri);
    this.changed.fire();
  }

  /** Shows a deleted image again, in its old place. @param uri where it is saved now */
  noteRestored(removed: RemovedEntry, uri: vscode.Uri): void {
    this.removedEntries = this.removedEntries.filter((one) => one !== removed);
    const others = this.entries.filter((entry) => entry.uri.toString() !== uri.toString());
    const restored = { ...removed.entry, uri };
    this.keep(newestOf([...others, restored].sort((a, b) => b.time - a.time)));
  }

  /** Notes what an endpoint told of the job that drew these images. */
  noteElsewhere(ids: readonly string[], elsewhere: DrawnElsewhere): void {
    this.keep(
      this.entries.map((entry) =>
        ids.includes(entry.uri.toString()) ? { ...entry, elsewhere } : entry,
      ),
    );
  }

  forget(image: vscode.Uri): void {
    const id = image.toString();
    if (this.find(id)) this.keep(this.entries.filter(({ uri }) => uri.toString() !== id));
  }

  /** Drops the images that were moved or deleted while the watcher did not run. */
  async refresh(): Promise<void> {
    const there = await Promise.all(this.entries.map(({ uri }) => exists(uri)));
    if (there.every(Boolean)) return;
    const gone = new Set(this.entries.filter((_, index) => !there[index]));
    this.keep(this.entries.filter((entry) => !gone.has(entry)));
  }

  dispose(): void {
    this.watcher.dispose();
    this.changed.dispose();
  }

  private keep(entries: readonly GalleryEntry[]): void {
    this.entries = entries;
    const stored = entries.map(({ uri, request, ...rest }) => ({
      ...rest,
      uri: uri.toString(),
      recipe: request,
    }));
    void this.state.update(KEY, stored);
    this.changed.fire();
  }
}

/** As many entries as are kept: favourites, and the newest of the others. */
function newestOf(entries: readonly GalleryEntry[]): readonly GalleryEntry[] {
  let others = MAX_IMAGES - entries.filter(({ favourite }) => favourite).length;
  return entries.filter(({ favourite }) => favourite === true || others-- > 0);
}

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
  type DrawnElsewhere,
  type RequestSummary,
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
}

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
    this.watcher.onDidDelete((uri) => this.forget(uri));
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
    this.keep([added, ...others].slice(0, MAX_IMAGES));
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

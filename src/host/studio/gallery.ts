import * as vscode from 'vscode';
import * as v from 'valibot';
import type { Recipe } from '../../protocol/studio';

const KEY = 'easel.gallery';
const PICTURES = '**/*.{png,webp,jpg,jpeg,avif,svg}';
/** More than a filmstrip is walked through; the files themselves stay. */
const MAX_PICTURES = 200;

const optionalNumber = v.optional(v.number());
const EntrySchema = v.object({
  uri: v.pipe(v.string(), v.nonEmpty()),
  /** Milliseconds since 1970. */
  time: v.number(),
  width: optionalNumber,
  height: optionalNumber,
  recipe: v.object({
    prompt: v.string(),
    negativePrompt: v.string(),
    model: v.string(),
    seed: v.number(),
    steps: optionalNumber,
    guidanceScale: optionalNumber,
    width: optionalNumber,
    height: optionalNumber,
    scheduler: v.optional(v.string()),
    strength: optionalNumber,
    inpainted: v.optional(v.boolean()),
  }),
});

export interface GalleryEntry {
  readonly uri: vscode.Uri;
  readonly time: number;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  readonly recipe: Recipe;
}

/** The pictures that were drawn for this workspace and still lie where they were saved. */
export class Gallery implements vscode.Disposable {
  private entries: readonly GalleryEntry[];
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly watcher = vscode.workspace.createFileSystemWatcher(PICTURES, true, true);
  readonly onDidChange = this.changed.event;

  constructor(private readonly state: vscode.Memento) {
    const stored = v.safeParse(v.array(EntrySchema), state.get<unknown>(KEY));
    this.entries = stored.success
      ? stored.output.map((entry) => ({ ...entry, uri: vscode.Uri.parse(entry.uri) }))
      : [];
    this.watcher.onDidDelete((uri) => this.forget(uri));
  }

  /** Newest first. */
  get pictures(): readonly GalleryEntry[] {
    return this.entries;
  }

  find(id: string): GalleryEntry | undefined {
    return this.entries.find(({ uri }) => uri.toString() === id);
  }

  /** Adds a picture, or says more about one that is known already. */
  add(entry: GalleryEntry): void {
    const id = entry.uri.toString();
    const others = this.entries.filter(({ uri }) => uri.toString() !== id);
    this.keep([entry, ...others].slice(0, MAX_PICTURES));
  }

  forget(picture: vscode.Uri): void {
    const id = picture.toString();
    if (this.find(id)) this.keep(this.entries.filter(({ uri }) => uri.toString() !== id));
  }

  /** Drops the pictures that were moved or deleted while nobody watched. */
  async refresh(): Promise<void> {
    const there = await Promise.all(
      this.entries.map(({ uri }) =>
        vscode.workspace.fs.stat(uri).then(
          () => true,
          () => false,
        ),
      ),
    );
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
    const stored = entries.map((entry) => ({ ...entry, uri: entry.uri.toString() }));
    void this.state.update(KEY, stored);
    this.changed.fire();
  }
}

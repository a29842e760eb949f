import type { Job, RequestSummary, StudioImage } from '../../src/protocol/studio';
import { isLive } from '../state/job-status';
import type { View } from '../state/view';

/** One image on the stage: finished, being drawn (a preview), or waiting. */
export interface Cell {
  readonly key: string;
  /** A URL for an `<img>`. */
  readonly src: string | undefined;
  /** How it is or was drawn, with its own seed and variation. */
  readonly request: RequestSummary | undefined;
  /** The finished image. */
  readonly image: StudioImage | undefined;
  readonly state: 'waiting' | 'preview' | 'done';
  /** Pixels, where known: the layout then does not change when the image arrives. */
  readonly width: number | undefined;
  readonly height: number | undefined;
}

/** The cells that the stage shows side by side. */
export function shownCells(
  { shown }: View,
  jobs: readonly Job[],
  images: readonly StudioImage[],
  previews: Pick<Previews, 'get'>,
): Cell[] {
  const byId = new Map(images.map((image) => [image.id, image]));
  if (shown.kind === 'nothing') return [];
  if (shown.kind === 'pictures') {
    return shown.ids.flatMap((id) => {
      const image = byId.get(id);
      return image ? [doneCell(id, image)] : [];
    });
  }
  const job = jobs.find(({ id }) => id === shown.id);
  if (!job) return [];
  const cells: Cell[] = [];
  const count = isLive(job) ? job.numImages : job.images.length;
  for (let index = 0; index < count; index++) {
    const key = `${job.id}/${index}`;
    const id = job.images[index];
    const image = id === undefined ? undefined : byId.get(id);
    if (image) cells.push(doneCell(key, image));
    else if (id === undefined) cells.push(pendingCell(key, job, index, previews));
  }
  return cells;
}

function doneCell(key: string, image: StudioImage): Cell {
  const { src, width, height, request } = image;
  return { key, src, request, image, state: 'done', width, height };
}

function pendingCell(key: string, job: Job, index: number, previews: Pick<Previews, 'get'>): Cell {
  const src = previews.get(job.id, index);
  const { width, height, seed, variation } = job.request;
  const state = src ? 'preview' : 'waiting';
  const request = {
    ...job.request,
    ...(seed !== undefined && { seed: seed + index }),
    ...(variation !== undefined && { variation: variation + index }),
  };
  return { key, src, request, image: undefined, state, width, height };
}

/** Milliseconds until the URL of a replaced preview is revoked: the `<img>` may still be loading it. */
const REVOKE_DELAY_MS = 1000;

/** The newest preview of each image that is being drawn, as a URL for an `<img>`. */
export class Previews {
  private readonly urls = new Map<string, string>();

  /** @param index 0-based image of the job */
  set(job: number, index: number, png: Uint8Array): void {
    const key = `${job}/${index}`;
    const old = this.urls.get(key);
    const blob = new Blob([png as Uint8Array<ArrayBuffer>], { type: 'image/png' });
    this.urls.set(key, URL.createObjectURL(blob));
    if (old) setTimeout(() => URL.revokeObjectURL(old), REVOKE_DELAY_MS);
  }

  get(job: number, index: number): string | undefined {
    return this.urls.get(`${job}/${index}`);
  }

  /** Removes the previews of all other jobs. */
  keep(jobs: ReadonlySet<number>): void {
    for (const [key, url] of this.urls) {
      if (jobs.has(Number(key.split('/')[0]))) continue;
      URL.revokeObjectURL(url);
      this.urls.delete(key);
    }
  }
}

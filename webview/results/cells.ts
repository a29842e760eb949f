import type { Job, Picture } from '../../src/protocol/studio';
import type { View } from '../state/view';
import type { Previews } from '../state/previews';

/** One picture of the stage: done, coming into being, or still to come. */
export interface Cell {
  readonly key: string;
  readonly src: string | undefined;
  readonly seed: number | undefined;
  readonly picture: Picture | undefined;
  readonly state: 'waiting' | 'preview' | 'done';
  /** Pixels, as far as they are known, so that nothing jumps when the picture comes. */
  readonly width: number | undefined;
  readonly height: number | undefined;
}

/** The cells that the stage shows side by side. */
export function cellsOf(
  view: View,
  jobs: readonly Job[],
  pictures: readonly Picture[],
  previews: Pick<Previews, 'get'>,
): Cell[] {
  const byId = new Map(pictures.map((picture) => [picture.id, picture]));
  const { shown } = view;
  if (shown.kind === 'nothing') return [];
  if (shown.kind === 'pictures') {
    return shown.ids.flatMap((id) => {
      const picture = byId.get(id);
      return picture ? [doneCell(id, picture)] : [];
    });
  }
  const job = jobs.find(({ id }) => id === shown.id);
  if (!job) return [];
  const live = job.state === 'queued' || job.state === 'loading' || job.state === 'drawing';
  const cells: Cell[] = [];
  for (let image = 0; image < (live ? job.numImages : job.pictures.length); image++) {
    const key = `${job.id}/${image}`;
    const id = job.pictures[image];
    const picture = id === undefined ? undefined : byId.get(id);
    if (picture) cells.push(doneCell(key, picture));
    else if (id === undefined) cells.push(comingCell(key, job, image, previews));
  }
  return cells;
}

function doneCell(key: string, picture: Picture): Cell {
  const { src, width, height, request } = picture;
  return { key, src, seed: request?.seed, picture, state: 'done', width, height };
}

function comingCell(key: string, job: Job, image: number, previews: Pick<Previews, 'get'>): Cell {
  const src = previews.get(job.id, image);
  const { width, height, seed } = job.request;
  const state = src ? 'preview' : 'waiting';
  return { key, src, seed: seed + image, picture: undefined, state, width, height };
}

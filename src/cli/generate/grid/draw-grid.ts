import { existsSync } from 'node:fs';
import { DEFAULT_FORMAT } from '../../../core/image/formats';
import { numberedPath } from '../../../core/file-name';
import { readRecipe } from '../../../core/recipe';
import type { GenerationRequestInput } from '../../../core/request/request';
import { drawOneImage, type Engine, type ImageEvent, type Store } from '../../../client/engine';
import { isElsewhere } from '../../../protocol/engine';
import { prepareFolder, saveAs, saveImage } from '../../image-file';
import type { Output } from '../../output';
import { readRequestFiles, type GenerateCommand } from '../arguments';
import { longestName, nameFiles } from '../generate';
import { canGuess, guessGrid, secondsLeft } from './estimate';
import { GridOutput, type SavedSheet } from './grid-output';
import { requireModels, requireSizes } from './models';
import { drawingOrder, loadedFor } from './order';
import { ofCell, type GridPlan } from './plan';
import { commonText, sheetRecipe } from './sheet-texts';

export interface GridServices {
  readonly engine: Engine;
  readonly store: Store;
  /** Draws the sheet; it is there also after a cancel, which ends the engine. */
  readonly images: Pick<Engine, 'call'>;
  /** Keeps this process alive after a cancel, until the sheet is written. */
  readonly finishing: <Result>(work: () => Promise<Result>) => Promise<Result>;
}

/**
 * Draws the images of a grid and their contact sheet. Each image is on disk before it is reported. After a cancel or
 * an error, the sheet has what was drawn.
 * @throws EaselError
 */
export async function drawGrid(
  services: GridServices,
  command: GenerateCommand,
  plan: GridPlan,
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  const told = new GridOutput(output, command.json);
  const contents = await readRequestFiles(command.files);
  const requests = plan.cells.map(({ request }) => ({ ...request, ...contents }));
  const { folder, file } = command.output;
  const names = file ? plan.cells.map((_, index) => numberedPath(file.name, index + 1)) : [];
  const longest = Math.max(...requests.map(longestName)) + SUFFIX.length;
  const removeIfEmpty = await prepareFolder(folder, file ? [file.name, ...names] : [], longest);
  const drawn = new Map<number, ImageEvent>();
  const begun = performance.now();
  const seconds = () => (performance.now() - begun) / 1000;
  let sheet: SavedSheet | undefined;
  try {
    told.planned(plan, await checkAndGuess(services, plan, { requests, signal }));
    await drawAll(
      services.engine,
      { command, plan, requests, names, told, drawn, seconds },
      signal,
    );
  } catch (thrown) {
    throw nameFiles(thrown, command.files);
  } finally {
    if (drawn.size > 0) {
      sheet = await services.finishing(() => saveSheet(services, command, plan, drawn));
      told.sheet(sheet);
    }
    await removeIfEmpty();
  }
  if (sheet) told.done(sheet, seconds());
}

/** Before the ending of a sheet's name. */
const SUFFIX = ' grid';

/** What models make no difference between. */
const ANY_WORDS: ReadonlySet<string> = new Set([
  'seed',
  'variationSeed',
  'prompt',
  'negativePrompt',
]);

/**
 * Plans every image of a grid, so that a value which a model refuses is told before any is drawn.
 * @throws EaselError that names the values
 */
async function checkCells(
  engine: Engine,
  { cells }: GridPlan,
  { requests, signal }: Asked,
): Promise<void> {
  const known = new Set<string>();
  for (const [index, { request: asked, values }] of cells.entries()) {
    const key = JSON.stringify(asked, (name, value: unknown) =>
      ANY_WORDS.has(name) ? undefined : value,
    );
    const request = requests[index];
    if (!request || known.has(key)) continue;
    known.add(key);
    try {
      await engine.call('check', { request, relativePaths: true }, { signal });
    } catch (thrown) {
      throw signal.aborted ? thrown : ofCell(thrown, values);
    }
  }
}

/** The images of a grid, with the bytes of their files. */
interface Asked {
  readonly requests: readonly GenerationRequestInput[];
  readonly signal: AbortSignal;
}

/**
 * Checks the models and the values of a grid, and guesses its time.
 * @throws EaselError where a model of the axis is not there, or refuses a value
 */
async function checkAndGuess(
  { store, engine }: GridServices,
  plan: GridPlan,
  { requests, signal }: Asked,
): Promise<number | undefined> {
  const models = new Set(requests.flatMap(({ model }) => model ?? []));
  const paths = [...models].filter((model) => existsSync(model));
  const entries = await store.call('list', { paths });
  requireModels(plan, entries);
  requireSizes(plan, entries);
  await checkCells(engine, plan, { requests, signal });
  if (!canGuess(requests, entries)) return undefined;
  return guessGrid(requests, entries, await engine.call('devices', null));
}

interface Drawing {
  readonly command: GenerateCommand;
  readonly plan: GridPlan;
  readonly requests: readonly GenerationRequestInput[];
  readonly names: readonly string[];
  readonly told: GridOutput;
  /** Filled by the index of the cell. */
  readonly drawn: Map<number, ImageEvent>;
  readonly seconds: () => number;
}

async function drawAll(
  engine: Engine,
  { command, plan, requests, names, told, drawn, seconds }: Drawing,
  signal: AbortSignal,
): Promise<void> {
  const { folder } = command.output;
  const order = drawingOrder(plan.cells);
  const requestOf = (index: number) => requests[index] ?? command.request;
  // Loading comes once, so it says nothing of the other images.
  let loading = seconds();
  for (const [position, index] of order.entries()) {
    const request = requestOf(index);
    const next = requests[order[position + 1] ?? -1];
    // What the next image does not need makes room for what it does.
    const keepLoaded = next !== undefined && loadedFor(next) === loadedFor(request);
    const { image, summary } = await drawOneImage(
      {
        generate: (one, options) =>
          engine.call('generate', { request: one, keepLoaded, relativePaths: true }, options),
      },
      request,
      { signal, onEvent: (event) => told.event(event, index) },
    );
    const name = names[index];
    const path =
      name === undefined
        ? await saveImage(folder, request.prompt, image)
        : await saveAs(folder, name, image.bytes);
    drawn.set(index, image);
    if (summary && !isElsewhere(summary)) loading += summary.seconds.load;
    const { seed, width, height, knowledge, flagged } = image;
    told.image(
      {
        ...{ path, width, height },
        ...(seed !== undefined && { seed }),
        ...(knowledge && { knowledge }),
        ...(flagged && { flagged }),
      },
      plan.cells[index]?.values ?? {},
    );
    const [done, left] = [order.slice(0, position + 1), order.slice(position + 1)];
    if (left.length === 0) return;
    const of = (indices: readonly number[]) => indices.map(requestOf);
    told.left(done.length, order.length, secondsLeft(seconds() - loading, of(done), of(left)));
  }
}

async function saveSheet(
  { images }: GridServices,
  { output: { folder, file } }: GenerateCommand,
  plan: GridPlan,
  drawn: ReadonlyMap<number, ImageEvent>,
): Promise<SavedSheet> {
  const [first] = drawn.values();
  const recipe = first && readRecipe(first.bytes);
  const asked = plan.cells[0]?.request.format ?? DEFAULT_FORMAT;
  const sheet = await images.call('sheet', {
    title: plan.title,
    note: commonText(plan, recipe),
    axes: plan.axes.map(({ labels }) => labels),
    files: plan.cells.map((_, index) => drawn.get(index)?.bytes ?? null),
    // A sheet of drawings in vectors is an image of pixels.
    format: asked === 'svg' ? 'png' : asked,
    recipe: sheetRecipe(plan, recipe),
  });
  const path = file
    ? await saveAs(folder, file.name, sheet.bytes)
    : await saveImage(folder, `${plan.title}${SUFFIX}`, sheet);
  return { path, width: sheet.width, height: sheet.height, images: drawn.size };
}

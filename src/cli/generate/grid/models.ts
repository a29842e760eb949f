import { existsSync } from 'node:fs';
import path from 'node:path';
import { EaselError } from '../../../core/errors';
import type { ModelEntry } from '../../../protocol/engine';
import type { GridPlan } from './plan';

/** Axes that change the size of an image. */
const SIZES = ['size', 'width', 'height'];

/** The entry of a model as a request names it; undefined where the list has none. */
export function entryOf(
  model: string | undefined,
  entries: readonly ModelEntry[],
): ModelEntry | undefined {
  const name = model ?? 'starter';
  const place = path.resolve(name);
  return entries.find(({ id }) => id === name) ?? entries.find((entry) => entry.path === place);
}

/**
 * Checks the values of an axis `model`, before anything is drawn.
 * @param entries of this machine, with the paths of the axis
 * @throws EaselError `model-not-found` or `unsupported-model`
 */
export function requireModels({ axes }: GridPlan, entries: readonly ModelEntry[]): void {
  const names = axes.find(({ name }) => name === 'model')?.values ?? [];
  for (const name of names) {
    const entry = entryOf(name, entries);
    if (entry?.runnable === true) continue;
    if (entry) {
      const reason = entry.reason === '' ? 'It draws nothing by itself.' : entry.reason;
      throw new EaselError('unsupported-model', `--grid model=${name}: ${reason}`, { model: name });
    }
    // A file in a repository, a revision and an endpoint have other names in lists.
    const [repository = name] = name.split('@');
    const begins = repository.split('/').slice(0, 2).join('/');
    const isElsewhere = name.includes('@');
    if (isElsewhere || existsSync(name) || entries.some(({ id }) => id.startsWith(begins)))
      continue;
    const there = entries.filter(({ runnable }) => runnable).map(({ id }) => id);
    throw new EaselError(
      'model-not-found',
      `--grid model=${name}: this model is not on this machine. There are ${there.join(', ')}. ` +
        'To get one: easel models download ID',
      { model: name },
    );
  }
}

/**
 * Checks the sizes of a grid that has an axis for them, as far as the list of models says what each can draw.
 * @throws EaselError `bad-size`
 */
export function requireSizes({ axes, cells }: GridPlan, entries: readonly ModelEntry[]): void {
  if (!axes.some(({ name }) => SIZES.includes(name))) return;
  for (const { request, values } of cells) {
    const defaults = entryOf(request.model, entries)?.defaults;
    if (request.endpoint !== undefined || !defaults || defaults.composes) continue;
    const { multiple } = defaults;
    const wrong = [request.width, request.height].find((side) => (side ?? 0) % multiple !== 0);
    if (wrong === undefined) continue;
    const where = SIZES.filter((name) => values[name] !== undefined)
      .map((name) => `${name}=${values[name]}`)
      .join(' ');
    throw new EaselError(
      'bad-size',
      `--grid ${where}: both sides must be multiples of ${multiple}, and ${wrong} is not.`,
      { side: wrong, factor: multiple },
    );
  }
}

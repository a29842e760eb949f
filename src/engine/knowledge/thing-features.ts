import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Likeness } from '../../core/composition/knowledge';
import { EaselError } from '../../core/errors';
import { ReadOnce } from '../io/read-once';
import { FileReader } from '../io/file-reader';
import { readSafetensorsHeader } from '../weights/safetensors';

/** The file of a model's folder with the features of the things that it was taught. */
const FEATURES_FILE = 'things.safetensors';
/** float32 [width]: the mean of all features. */
export const MEAN = 'mean';
/** int8 [rows, width]: features without the mean, at length 1, times `FEATURE_SCALE`. */
export const THINGS = 'things';
export const FEATURE_SCALE = 127;
/** Between the names of the rows' things, in the metadata. */
export const SEPARATOR = '|';

/** Jobs mostly draw with the same model. */
const MOST_READ = 1;

/** What a model's text encoder makes of each thing that the model was taught. */
export class ThingFeatures {
  private static readonly known = new ReadOnce<ThingFeatures>(MOST_READ);

  private constructor(
    /** The thing of each row; a thing has a row for each name that the encoder takes otherwise. */
    private readonly things: readonly string[],
    private readonly mean: Float32Array,
    private readonly rows: Int8Array,
  ) {}

  /**
   * @param folder of a model
   * @returns undefined for a model that does not say what it was taught
   * @throws EaselError `bad-file` for a damaged file
   */
  static async read(folder: string): Promise<ThingFeatures | undefined> {
    const file = path.join(folder, FEATURES_FILE);
    if (!existsSync(file)) return undefined;
    return ThingFeatures.known.get(file, [file], () => ThingFeatures.readFile(file));
  }

  private static async readFile(file: string): Promise<ThingFeatures> {
    const { tensors, metadata } = await readSafetensorsHeader(file);
    const mean = tensors.get(MEAN);
    const rows = tensors.get(THINGS);
    const things = metadata.get('things')?.split(SEPARATOR) ?? [];
    const [count, width] = rows?.shape ?? [];
    if (
      mean?.dtype !== 'F32' ||
      rows?.dtype !== 'I8' ||
      mean.shape[0] !== width ||
      count !== things.length
    ) {
      throw new EaselError('bad-file', `${file} does not hold the features of things.`, { file });
    }
    return FileReader.use(file, async (reader) => {
      const means = await reader.read(mean.offset, mean.length);
      const values = await reader.read(rows.offset, rows.length);
      return new ThingFeatures(
        things,
        Float32Array.from({ length: mean.length / 4 }, (_, at) => means.readFloatLE(at * 4)),
        new Int8Array(values),
      );
    });
  }

  /**
   * The things that a text is nearest to, each once, the nearest first.
   * @param features of the text, as `Model.textFeatures` returns them
   */
  nearest(features: Float32Array, count: number): readonly Likeness[] {
    const centred = features.map((value, at) => value - this.mean[at]!);
    const length = Math.hypot(...centred) * FEATURE_SCALE || 1;
    const best = new Map<string, number>();
    for (const [row, thing] of this.things.entries()) {
      const start = row * centred.length;
      let sum = 0;
      for (let at = 0; at < centred.length; at++) sum += centred[at]! * this.rows[start + at]!;
      best.set(thing, Math.max(best.get(thing) ?? -1, sum / length));
    }
    return [...best]
      .map(([thing, likeness]) => ({ thing, likeness }))
      .sort((a, b) => b.likeness - a.likeness)
      .slice(0, count);
  }
}

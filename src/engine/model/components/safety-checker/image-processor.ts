import { ConfigReader } from '../../../../core/config-reader';
import type { ClipProcessing } from '../../../../core/image/clip-pixels';
import { isRecord, type JsonObject } from '../../../../core/json';

/** PIL's number of bicubic resampling. */
const BICUBIC = 3;

/** The size of transformers where a config has none. */
const SIZE = 224;

/** How the image is made that a network takes. */
export interface ImageProcessing extends ClipProcessing {
  /** Pixels of its sides. */
  readonly side: number;
}

/** What all published processors say. */
export function publishedProcessing(side = SIZE): ImageProcessing {
  return { side };
}

/**
 * Reads the preprocessor_config.json of a CLIPImageProcessor, by its older name CLIPFeatureExtractor too.
 * @param side that the network takes, in pixels; undefined where it takes any
 * @throws EaselError `unsupported-config`; the message names the field
 */
export function parseImageProcessor(
  json: JsonObject,
  where: string,
  side?: number,
): ImageProcessing {
  const config = new ConfigReader(json, where);
  for (const step of ['do_resize', 'do_center_crop', 'do_normalize', 'do_rescale']) {
    if (!config.boolean(step, true)) throw config.refuse(step, 'true');
  }
  config.only('resample', BICUBIC);
  const [crop, shorterSide] = [sideOf(config.raw('crop_size')), sideOf(config.raw('size'))];
  if (side !== undefined && crop !== side) {
    throw config.refuse('crop_size', `${side}, which the network takes`);
  }
  if (crop === undefined) throw config.refuse('crop_size', `a number from 1 to ${MOST_SIDE}`);
  if (shorterSide === undefined || shorterSide < crop) {
    throw config.refuse('size', `a shorter side of ${crop} or more`);
  }
  const [mean, deviation] = [coloursOf(config, 'image_mean'), coloursOf(config, 'image_std')];
  if (deviation?.some((value) => value <= 0)) throw config.refuse('image_std', 'numbers above 0');
  return { side: crop, shorterSide, ...(mean && { mean }), ...(deviation && { deviation }) };
}

/** A size that is a number, or a record of one: of the shorter side, or of a square. */
function sideOf(size: unknown): number | undefined {
  if (size === undefined || size === null) return SIZE;
  const {
    shortest_edge: shortest,
    height,
    width,
  } = isRecord(size) ? size : { shortest_edge: size };
  const side = shortest ?? (height === width ? height : undefined);
  return typeof side === 'number' && Number.isInteger(side) && side > 0 && side <= MOST_SIDE
    ? side
    : undefined;
}

/** More than the images of any published encoder. */
const MOST_SIDE = 4096;

function coloursOf(config: ConfigReader, field: string): readonly number[] | undefined {
  const value = config.raw(field);
  if (value === undefined || value === null) return undefined;
  const isNumber = (one: unknown): one is number => typeof one === 'number' && Number.isFinite(one);
  if (Array.isArray(value) && value.length === 3 && value.every(isNumber)) return value;
  throw config.refuse(field, 'a number for each of three colours');
}

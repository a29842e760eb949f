import * as v from 'valibot';
import { EaselError } from '../errors';
import { isRecord } from '../json';

/** The values of a request that a template has places for: `{{prompt}}` and so on. */
export const PLACES = [
  ...(['prompt', 'negativePrompt', 'seed', 'steps', 'guidanceScale', 'width', 'height'] as const),
  ...(['numImages', 'scheduler', 'model', 'initImage', 'mask', 'strength'] as const),
] as const;
export type Place = (typeof PLACES)[number];

/** What stands for a place; the bytes of images in base64. Absent: not in the request. */
export type PlaceValues = Readonly<Partial<Record<Place, string | number>>>;

/**
 * What is sent to a server whose interface its owner wrote, and where the image is in the answer. Places such as
 * `{{prompt}}` are filled with values of the request.
 */
export const TemplateSchema = v.strictObject({
  method: v.optional(v.picklist(['POST', 'GET', 'PUT']), 'POST'),
  /** Added to the endpoint's address, with its query; places are encoded as parts of addresses. */
  path: v.optional(v.string(), ''),
  headers: v.optional(v.record(v.string(), v.string()), {}),
  /** JSON with places. A text that is one place alone becomes the value itself; one without a value is left out. */
  body: v.optional(v.unknown()),
  /** `bytes`: the answer is an image file. Else the way to it in the JSON answer, such as `images[0].data`. */
  image: v.optional(v.pipe(v.string(), v.nonEmpty()), 'bytes'),
});
export type Template = v.InferOutput<typeof TemplateSchema>;

const PLACE = /\{\{\s*(\w+)\s*\}\}/g;
const ONE_PLACE = /^\{\{\s*(\w+)\s*\}\}$/;

/** The places that a template, or a part of one, has. */
export function placesIn(value: unknown): ReadonlySet<Place> {
  const text = typeof value === 'string' ? value : JSON.stringify(value ?? null);
  const found = [...text.matchAll(PLACE)].map(([, name]) => requirePlace(name ?? ''));
  return new Set(found);
}

/** @throws EaselError `bad-request` for a place that there is not */
function requirePlace(name: string): Place {
  const place = PLACES.find((known) => known === name);
  if (place) return place;
  throw new EaselError(
    'bad-request',
    `{{${name}}} is not a value of a request. There are ${PLACES.join(', ')}.`,
    { field: 'template' },
  );
}

/**
 * JSON with its places filled. Texts that are one place alone become the value, a number where it is one; such
 * entries without a value are left out.
 * @throws EaselError `bad-request` for a place that there is not
 */
export function fillPlaces(template: unknown, values: PlaceValues): unknown {
  if (typeof template === 'string') {
    const whole = ONE_PLACE.exec(template)?.[1];
    return whole === undefined
      ? fillText(template, values, (text) => text)
      : values[requirePlace(whole)];
  }
  if (Array.isArray(template)) {
    return template.map((one) => fillPlaces(one, values)).filter((one) => one !== undefined);
  }
  if (!isRecord(template)) return template;
  const filled = Object.entries(template).map(([key, value]) => [key, fillPlaces(value, values)]);
  return Object.fromEntries(filled.filter(([, value]) => value !== undefined));
}

/** A text with its places filled; a place without a value becomes nothing. */
export function fillText(
  text: string,
  values: PlaceValues,
  encode: (value: string) => string,
): string {
  return text.replace(PLACE, (_all, name: string) =>
    encode(String(values[requirePlace(name)] ?? '')),
  );
}

/**
 * The values at a way in JSON, such as `images[0].data` or `data[*].b64_json` for all of a list.
 * @returns none where the way leads nowhere
 */
export function valuesAt(json: unknown, way: string): readonly unknown[] {
  const parts = way.split(/[.[\]]+/).filter((part) => part !== '');
  return parts.reduce<readonly unknown[]>(
    (found, part) =>
      found.flatMap((value) => {
        if (part === '*') return Array.isArray(value) ? (value as unknown[]) : [];
        if (Array.isArray(value)) return /^\d+$/.test(part) ? [value[Number(part)] as unknown] : [];
        return isRecord(value) && Object.hasOwn(value, part) ? [value[part]] : [];
      }),
    [json],
  );
}

import {
  fillPlaces,
  fillText,
  placesIn,
  valuesAt,
  type Place,
  type PlaceValues,
  type Template,
} from '../../core/endpoints/template';
import type { EndpointReport } from '../../protocol/endpoints';
import { base64, imageOf, readText } from './answers';
import type { EndpointConnection } from './connection';
import type { EndpointProtocol, RemoteDrawing, RemoteRequest } from './protocol';

/** Places that are fields of a request; the prompt is always taken. */
const FIELDS = [
  ...(['negativePrompt', 'seed', 'steps', 'guidanceScale', 'width', 'height'] as const),
  ...(['numImages', 'scheduler', 'initImage', 'mask', 'strength'] as const),
] as const satisfies readonly Place[];

/** A server whose interface its owner wrote: the endpoint's template says what is sent. */
export const template: EndpointProtocol = {
  name: 'template',
  abilities: { fields: FIELDS, progress: false, previews: false, cancels: false },
  usualPixels: 512 * 512,

  // What cannot draw cannot be asked for anything.
  report: (connection): Promise<EndpointReport> => {
    const { path, headers, body } = templateOf(connection);
    const places = placesIn([path, headers, body]);
    const fields = FIELDS.filter((field) => places.has(field));
    return Promise.resolve({ models: [], abilities: { ...template.abilities, fields } });
  },

  async draw(connection, job): Promise<RemoteDrawing> {
    const { request, signal } = job;
    const { method, path, headers, body, image } = templateOf(connection);
    const values = placeValues(request);
    const options = {
      method,
      headers: mapValues(headers, (text) => fillText(text, values, (value) => value)),
      ...(body !== undefined && { json: fillPlaces(body, values) }),
      signal,
      drawing: true as const,
    };
    const filled = fillText(path, values, encodeURIComponent);
    if (image === 'bytes') {
      await job.image({ file: await connection.bytes(filled, options), ...seedOf(request, 0) });
      return {};
    }
    const found = valuesAt(await connection.json(filled, options), image);
    if (found.length === 0) throw connection.unexpected(`an answer without ${image}`);
    for (const [at, value] of found.entries()) {
      const isAddress = isAddressOf(readText(value) ?? '');
      const file = isAddress ? await connection.image(value, signal) : imageOf(value, connection);
      await job.image({ file, ...seedOf(request, at) });
    }
    return {};
  },
};

function templateOf({ endpoint }: EndpointConnection): Template {
  if (!endpoint.template) throw new Error(`The endpoint ${endpoint.name} has no template.`);
  return endpoint.template;
}

function placeValues(request: RemoteRequest): PlaceValues {
  const { initImage, mask, ...others } = request;
  const given = Object.entries(others).filter(
    ([, value]) => typeof value === 'string' || typeof value === 'number',
  );
  return {
    ...(Object.fromEntries(given) as PlaceValues),
    ...(initImage && { initImage: base64(initImage) }),
    ...(mask && { mask: base64(mask) }),
  };
}

function seedOf({ seed }: RemoteRequest, at: number): { readonly seed?: number } {
  return seed === undefined ? {} : { seed: seed + at };
}

function mapValues(
  record: Readonly<Record<string, string>>,
  change: (value: string) => string,
): Record<string, string> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

/** Whether a text is the address of an image. A JPEG file in base64 begins with `/9j/`. */
function isAddressOf(text: string): boolean {
  return text.length < 2000 && /^(https?:\/\/|\/(?!9j\/))/.test(text);
}

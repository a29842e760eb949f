import type { Multipart, MultipartFile } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { readFormFields } from '../../core/serve/openai';
import { shortJson } from '../../core/json';
import { oneLine } from '../../core/shown-text';
import { EaselError } from '../../core/errors';
import { HttpError } from '../http-error';

/** A form that was sent. */
export interface SentForm {
  readonly fields: Record<string, unknown>;
  /** By their names, without the `[]` that clients append where several are meant. */
  readonly files: ReadonlyMap<string, readonly Uint8Array[]>;
}

/**
 * Reads a form with files.
 * @throws HttpError 413, 415; errors of the framework for a form that is damaged
 */
export async function readForm(request: FastifyRequest, maxBytes: number): Promise<SentForm> {
  if (!request.isMultipart()) {
    throw new HttpError(415, 'unsupported-media-type', 'Send a form: multipart/form-data.');
  }
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes);
  const fields = new Map<string, string>();
  const files = new Map<string, Uint8Array[]>();
  let bytes = 0;
  for await (const part of partsOf(request)) {
    const name = part.fieldname.replace(/\[\]$/, '');
    if (part.type === 'field') {
      if (part.valueTruncated) {
        throw new HttpError(413, 'field-too-large', `${oneLine(name, 40)}: this text is too long.`);
      }
      const text = typeof part.value === 'string' ? part.value : JSON.stringify(part.value);
      bytes += text.length;
      fields.set(name, text);
    } else {
      const file = await readFile(part);
      bytes += file.byteLength;
      files.set(name, [...(files.get(name) ?? []), file]);
    }
    if (bytes > maxBytes) throw tooLarge(maxBytes);
  }
  return { fields: readFormFields(fields), files };
}

/** The parts of a form. @throws HttpError 400 where it is damaged, or ends too early */
async function* partsOf(request: FastifyRequest): AsyncGenerator<Multipart> {
  const parts = request.parts();
  for (;;) {
    const next = await parts.next().catch((thrown: unknown) => {
      throw damaged(thrown);
    });
    if (next.done === true) return;
    yield next.value;
  }
}

/** The parser's errors have no status, unlike those of limits. */
function damaged(thrown: unknown): unknown {
  if (!(thrown instanceof Error) || 'statusCode' in thrown) return thrown;
  return new HttpError(400, 'bad-form', `The form is damaged: ${oneLine(thrown.message, 100)}.`);
}

/** In memory of its own: a Buffer's may be shared with others. */
async function readFile(part: MultipartFile): Promise<Uint8Array> {
  const bytes = await part.toBuffer().catch((thrown: unknown) => {
    throw damaged(thrown);
  });
  return new Uint8Array(bytes);
}

function tooLarge(maxBytes: number): HttpError {
  const most = Math.round(maxBytes / 2 ** 20);
  return new HttpError(413, 'body-too-large', `The body may have at most ${most} MiB.`);
}

/**
 * The only file of a name.
 * @throws EaselError `bad-request`
 */
export function onlyFile({ files, fields }: SentForm, name: string): Uint8Array | undefined {
  const [file, ...more] = files.get(name) ?? [];
  if (more.length > 0) {
    throw new EaselError('bad-request', `${name}: Easel takes one image, not ${more.length + 1}.`, {
      field: name,
    });
  }
  if (!file && fields[name] !== undefined) {
    throw new EaselError(
      'bad-request',
      `${name}: must be a file of the form, not text: ${shortJson(fields[name])}.`,
      { field: name },
    );
  }
  return file;
}

import type { FastifyRequest } from 'fastify';
import type * as v from 'valibot';
import type { ImageEvent } from '../../client/engine';
import { IMAGE_FORMATS } from '../../core/image/formats';
import {
  formatOf,
  type EditBody,
  type GenerationBody,
  type VariationBody,
} from '../../core/serve/openai';
import type { GenerationRequestInput } from '../../core/request/request';
import type { DrawnJob } from '../jobs';
import type { KeptImages } from '../kept-images';
import type { ChosenModel } from '../models';
import { publicFile } from '../public-file';
import type { ImagesAnswerSchema } from '../schemas';

export type Body = GenerationBody | EditBody | VariationBody;
export type ImagesAnswer = v.InferOutput<typeof ImagesAnswerSchema>;

/** What an answer says of its images, also in each event of a stream. */
export function imageAnswer(body: Body, { transparent }: GenerationRequestInput) {
  return {
    background: transparent ? 'transparent' : 'opaque',
    output_format: formatOf(body),
    quality: 'auto',
  };
}

/** There are no tokens to pay for. OpenAI's clients read these. */
export const NO_TOKENS = {
  input_tokens: 0,
  output_tokens: 0,
  total_tokens: 0,
  input_tokens_details: { image_tokens: 0, text_tokens: 0 },
};

export function sizeText({ width, height }: Pick<ImageEvent, 'width' | 'height'>): string {
  return `${width}x${height}`;
}

export function nowSeconds(): number {
  return Math.floor(Date.now() / 1000);
}

export function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

/** The answer without a stream. */
export function imagesAnswer(
  client: FastifyRequest,
  { images, warnings }: DrawnJob,
  drawn: {
    readonly body: Body;
    readonly request: GenerationRequestInput;
    readonly model: ChosenModel;
    readonly kept: KeptImages;
  },
): ImagesAnswer {
  const { body, request, model, kept } = drawn;
  const [first] = images;
  return {
    created: nowSeconds(),
    data: images.map((image) => {
      const bytes = publicFile(image.bytes, model, request);
      const { seed = request.seed ?? 0 } = image;
      if (body.response_format !== 'url') return { b64_json: toBase64(bytes), seed };
      const { mimeType } = IMAGE_FORMATS[image.format];
      const name = kept.keep({ bytes, mimeType });
      return { url: `${client.protocol}://${client.host}${KEPT_PATH}/${name}`, seed };
    }),
    ...imageAnswer(body, request),
    usage: NO_TOKENS,
    size: first ? sizeText(first) : '',
    model: model.name,
    warnings: [...warnings],
  };
}

/** Where kept images are. */
export const KEPT_PATH = '/v1/images/files';

import { toJsonSchema } from '@valibot/to-json-schema';
import * as v from 'valibot';

/** A schema for the OpenAPI description. What it cannot say, such as a check in code, is left out. */
export function described(schema: v.GenericSchema): Record<string, unknown> {
  const whole = { ...toJsonSchema(schema, { errorMode: 'ignore' }) };
  delete whole.$schema;
  return whole;
}

/** The fields of a form with files, which are bytes. */
export function describedForm(
  schema: v.GenericSchema,
  files: Readonly<Record<string, string>>,
  required: readonly string[],
): Record<string, unknown> {
  const { properties = {}, required: needed = [], ...rest } = described(schema);
  const binary = Object.entries(files).map(([name, description]) => [
    name,
    { type: 'string', format: 'binary', description },
  ]);
  return {
    ...rest,
    properties: { ...(properties as object), ...(Object.fromEntries(binary) as object) },
    required: [...(needed as string[]), ...required],
  };
}

const text = v.string();
const number = v.number();

export const OpenAiErrorSchema = v.object({
  error: v.object({
    message: text,
    type: text,
    param: v.nullable(text),
    code: text,
  }),
});

export const A1111ErrorSchema = v.object({ error: text, detail: text, body: text, errors: text });

export const ImagesAnswerSchema = v.object({
  created: number,
  data: v.array(
    v.object({
      b64_json: v.optional(text),
      url: v.optional(text),
      seed: v.pipe(number, v.description('The seed of this image.')),
    }),
  ),
  background: text,
  output_format: text,
  quality: text,
  size: text,
  usage: v.object({
    input_tokens: number,
    output_tokens: number,
    total_tokens: number,
    input_tokens_details: v.object({ image_tokens: number, text_tokens: number }),
  }),
  model: text,
  warnings: v.pipe(v.array(text), v.description('Such as a prompt that was cut off.')),
});

const model = v.object({ id: text, object: v.literal('model'), created: number, owned_by: text });
export const ModelSchema = model;
export const ModelListSchema = v.object({ object: v.literal('list'), data: v.array(model) });

export const A1111ImagesSchema = v.object({
  images: v.pipe(v.array(text), v.description('PNG files in base64.')),
  parameters: v.record(text, v.unknown()),
  info: v.pipe(text, v.description('JSON: seeds, texts about the images, and warnings.')),
});

const note = v.pipe(text, v.description('Always empty.'));
const larger = v.pipe(text, v.description('A PNG file in base64.'));
export const A1111ExtraImageSchema = v.object({ html_info: note, image: larger });
export const A1111ExtraImagesSchema = v.object({ html_info: note, images: v.array(larger) });

export const ControlModelsSchema = v.object({ model_list: v.array(text) });
export const DetectedSchema = v.object({
  images: v.pipe(v.array(text), v.description('PNG files in base64.')),
  info: text,
});

export const ProgressSchema = v.object({
  progress: number,
  eta_relative: number,
  state: v.object({
    skipped: v.boolean(),
    interrupted: v.boolean(),
    stopping_generation: v.boolean(),
    job: text,
    job_count: number,
    job_timestamp: text,
    job_no: number,
    sampling_step: number,
    sampling_steps: number,
  }),
  current_image: v.nullable(text),
  textinfo: v.nullable(text),
});

export const A1111ModelsSchema = v.array(
  v.object({
    title: text,
    model_name: text,
    hash: v.nullable(text),
    sha256: v.nullable(text),
    filename: text,
    config: v.nullable(text),
  }),
);

export const SamplersSchema = v.array(
  v.object({ name: text, aliases: v.array(text), options: v.record(text, text) }),
);

export const NamesSchema = v.array(v.looseObject({ name: text }));
export const AnyObjectSchema = v.record(text, v.unknown());
export const HealthSchema = v.object({ status: v.literal('ok') });

import { isRecord, type JsonObject } from '../json';

/** Fields of a request, and the names that models' own inputs have for them, the usual one first. */
const INPUT_NAMES = {
  prompt: ['prompt', 'text'],
  negativePrompt: ['negative_prompt'],
  seed: ['seed'],
  steps: ['num_inference_steps', 'steps', 'num_steps'],
  guidanceScale: ['guidance_scale', 'guidance', 'cfg', 'cfg_scale'],
  width: ['width'],
  height: ['height'],
  aspectRatio: ['aspect_ratio'],
  scheduler: ['scheduler', 'sampler'],
  numImages: ['num_outputs', 'num_images', 'number_of_images'],
  initImage: ['image', 'init_image', 'input_image', 'image_prompt'],
  strength: ['prompt_strength', 'strength', 'image_strength'],
  mask: ['mask', 'mask_image'],
} as const;
export type InputField = keyof typeof INPUT_NAMES;
export const INPUT_FIELDS = Object.keys(INPUT_NAMES) as readonly InputField[];

/** What a model takes, by the fields of a request. */
export type ModelInputs = ReadonlyMap<InputField, ModelInput>;

interface ModelInput {
  readonly name: string;
  /** The values that it can have. Absent: any of its type. */
  readonly values?: readonly unknown[];
  readonly maximum?: number;
  readonly isList: boolean;
}

/**
 * The inputs of a model by its own description.
 * @param schema the OpenAPI description of a model at Replicate (`openapi_schema`)
 */
export function modelInputs(schema: unknown): ModelInputs {
  const schemas = record(record(record(schema).components).schemas);
  const properties = record(record(schemas.Input).properties);
  const inputs = new Map<InputField, ModelInput>();
  for (const field of INPUT_FIELDS) {
    const name = INPUT_NAMES[field].find((one) => Object.hasOwn(properties, one));
    if (name === undefined) continue;
    const property = record(properties[name]);
    const values = enumOf(property, schemas);
    inputs.set(field, {
      name,
      isList: property.type === 'array',
      ...(values && { values }),
      ...(typeof property.maximum === 'number' && { maximum: property.maximum }),
    });
  }
  return inputs;
}

/** The values of a property, which may be in a schema of its own. */
function enumOf(property: JsonObject, schemas: JsonObject): readonly unknown[] | undefined {
  if (Array.isArray(property.enum)) return property.enum as unknown[];
  const parts = Array.isArray(property.allOf) ? (property.allOf as unknown[]) : [];
  for (const part of parts) {
    const { $ref: reference } = record(part);
    const name = typeof reference === 'string' ? reference.split('/').at(-1) : undefined;
    const found = record(schemas[name ?? '']).enum;
    if (Array.isArray(found)) return found as unknown[];
  }
  return undefined;
}

function record(value: unknown): JsonObject {
  return isRecord(value) ? value : {};
}

import { toJsonSchema } from '@valibot/to-json-schema';
import { isRecord } from '../../core/json';
import type * as v from 'valibot';

/**
 * The JSON schema of a tool's input. What can be left out can also be null, because some agents always send every
 * field.
 */
export function inputSchema(input: v.GenericSchema): Record<string, unknown> {
  const schema: Record<string, unknown> = { ...toJsonSchema(input, { errorMode: 'ignore' }) };
  const { properties, required } = schema;
  if (!isRecord(properties)) return schema;
  const needed = new Set(Array.isArray(required) ? (required as unknown[]) : []);
  const nullable = Object.entries(properties).map(([name, property]) => [
    name,
    needed.has(name) || !isRecord(property) ? property : orNull(property),
  ]);
  return { ...schema, properties: Object.fromEntries(nullable) as unknown };
}

function orNull(property: Record<string, unknown>): Record<string, unknown> {
  const { type, enum: choices } = property;
  if (typeof type !== 'string') return property;
  return {
    ...property,
    type: [type, 'null'],
    ...(Array.isArray(choices) && { enum: [...(choices as unknown[]), null] }),
  };
}

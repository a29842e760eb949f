import { A1111ErrorSchema, described } from '../schemas';

/** The group of these routes in the OpenAPI description. */
export const tags = ['AUTOMATIC1111'];

const error = { description: 'An error.', ...described(A1111ErrorSchema) };

/** The answers of a route: the one that is wanted, and errors. */
export const answers = (description: string, schema: Parameters<typeof described>[0]) => ({
  200: { description, ...described(schema) },
  '4xx': error,
  '5xx': error,
});
